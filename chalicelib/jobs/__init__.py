"""Scheduled work. It tidies and tells; what has ended is invisible before it runs (DESIGN §5)."""
