"""Entries for responsible persons (记入责任人员信用档案, NJ-43): an organisation's serious record is
followed from the archives of the persons who answer for it."""
