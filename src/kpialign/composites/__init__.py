"""Measures of the whole: sums of parts against their targets, and composites beside parts."""

from kpialign.composites.score import compose
from kpialign.composites.whole import Scope, system_values

__all__ = ["Scope", "compose", "system_values"]
