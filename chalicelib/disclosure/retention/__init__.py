"""Retention (保存期限): what is kept while a case is open, and proof of what was purged."""
