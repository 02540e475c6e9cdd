"""Frozen models that definition files become, and the reader of their linear sums."""
