"""Publication (公示): a view of what the public may see, decided again whenever it is read."""
