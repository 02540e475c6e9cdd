"""Definitions proved on their own examples."""

from kpialign.proving.lint import Lint, lint

__all__ = ["Lint", "lint"]
