"""Volumes of queries (查询流量): counted, noticed where they are anomalous, stopped, lifted (NJ-52)."""
