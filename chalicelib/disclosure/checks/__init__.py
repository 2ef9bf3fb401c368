"""Batch checks (信用核查): a file of subjects in, the same answers as single queries out (NJ-67, JP-12)."""
