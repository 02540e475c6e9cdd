"""Definitions proved on their own examples and on invented systems."""

from kpialign.proving.lint import Lint, lint

__all__ = ["Lint", "lint"]
