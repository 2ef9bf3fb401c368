"""`make bench`: what a row costs, measured beside other loaders; the table is docs/benchmarks.md."""
