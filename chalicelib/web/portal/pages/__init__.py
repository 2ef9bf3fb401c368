"""What each page shows, one module a capability."""
