"""Disclosure (公示、共享、查询): who is told what, and the ledger of it."""
