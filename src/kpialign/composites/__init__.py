"""Measures of the whole: sums of parts against their targets, and composites beside parts."""

from kpialign.composites.completeness import Completeness
from kpialign.composites.whole import Scope, not_judged_across, system_values

__all__ = ["Completeness", "Scope", "not_judged_across", "system_values"]
