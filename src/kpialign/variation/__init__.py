"""Statistical process control: limits, signals, variation and assurance of many series at once."""

from kpialign.variation.chart import spc
from kpialign.variation.icons import Assurance, LimitState, Recency, Variation
from kpialign.variation.result import Spc
from kpialign.variation.rulesets import DEFAULT, RULE_SETS, RuleSet, rule_set

__all__ = [
    "DEFAULT", "RULE_SETS", "Assurance", "LimitState", "Recency", "RuleSet", "Spc", "Variation",
    "rule_set", "spc",
]  # fmt: skip
