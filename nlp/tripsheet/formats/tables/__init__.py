"""Tables in and out: CSV, TSV, Parquet and Excel, one row a report."""
