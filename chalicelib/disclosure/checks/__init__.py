"""Batch checks (信用核查): a file of subjects in, the same answers as single queries out.

For offices, which so need not ask anybody for papers (NJ-46, SZ-26, JP-12), and for contracted
institutions (NJ-67, SZ-29).
"""
