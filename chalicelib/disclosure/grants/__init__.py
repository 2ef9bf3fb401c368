"""Grants (授权): what a subject lets a third party query, for what, and until when (JS-24, NJ-54, SZ-22)."""
