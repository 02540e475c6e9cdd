"""The gate: what must hold before figures are published, asked by Great Expectations and SQL."""
