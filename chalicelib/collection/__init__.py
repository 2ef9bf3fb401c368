"""Collection (归集): from a provider's file to statements in the archive, and the receipt for it."""
