"""Recipients: whoever was given a record is told what becomes of it, driven by the ledger (JS-36)."""
