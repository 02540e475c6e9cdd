"""The DuckDB file: opening it, staging what was read, publishing what passed."""
