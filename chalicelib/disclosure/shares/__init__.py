"""Shares (政务共享): what an agency may read under its approved application (JS-21, JS-32, SZ-21)."""
