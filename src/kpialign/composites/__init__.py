"""Measures of the whole: sums of parts against their targets, and composites beside parts."""

from kpialign.composites.completeness import Completeness
from kpialign.composites.score import compose
from kpialign.composites.whole import Scope, system_values

__all__ = ["Completeness", "Scope", "compose", "system_values"]
