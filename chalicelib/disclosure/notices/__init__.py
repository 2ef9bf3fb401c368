"""Notices (告知): a subject is told when adverse information on it is reported (SZ-16, NJ-57)."""
