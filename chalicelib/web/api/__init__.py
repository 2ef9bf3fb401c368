"""The routes, one blueprint a capability."""
