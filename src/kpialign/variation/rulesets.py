"""Named sets of rules: what a process chart computes and what it calls a signal.

There are several in use, which give one series different limits and icons; every row of a
result carries the name of the set it was judged by. The sources are told on each set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kpialign.errors import did_you_mean

TwoOfThree = Literal["", "between", "beyond"]


@dataclass(frozen=True)
class RuleSet:
    """What one tradition of process charts does.

    Attributes:
        source: who states it.
        reach: process limits are the mean ± reach × the mean moving range.
        screens: moving ranges of 3.267 times their mean and more are dropped, once (Nelson 1982).
        least: reported months of a segment from which limits and icons are given.
        shift: so many months on one side of the mean are a signal; 0 for none.
        trend: so many months rising or falling without a break are a signal; 0 for none.
        two_of_three: of three months on one side of the mean two ``between`` the second sigma
            and the limit, or ``beyond`` the second sigma, also past the limit; or no such rule.
        runs: the longest run and the crossings of the mean (Anhøj) mark a whole segment.
        across_gaps: a month that has no row at all does not part its neighbours.
        improvement_wins: of two signals on a month the improving one is shown; else the first
            of outside, trend, two of three, shift.
        on_limit_decides: a target that equals a limit lies outside it.
    """

    name: str
    source: str
    reach: float = 2.66
    screens: bool = False
    least: int = 13
    shift: int = 7
    trend: int = 7
    two_of_three: TwoOfThree = "beyond"
    runs: bool = False
    across_gaps: bool = False
    improvement_wins: bool = True
    on_limit_decides: bool = True


DEFAULT = "mdc-2023"
RULE_SETS = {
    rules.name: rules
    for rules in (
        RuleSet(
            "mdc-2023",
            "NHS England Making Data Count, as its staff stated the rules in November and "
            "December 2023 (NHSRplotthedots issue 194); not confirmed against its workbook",
        ),
        RuleSet(
            "mdc-pre2023",
            "NHS England Making Data Count before November 2023, as the vignette of "
            "NHSRplotthedots describes its workbook",
            two_of_three="between",
        ),
        RuleSet(
            "plotthedots-0.2",
            "NHSRplotthedots 0.2.2 with its defaults",
            screens=True,
            least=2,
            two_of_three="between",
            across_gaps=True,
            improvement_wins=False,
            on_limit_decides=False,
        ),
        RuleSet(
            "anhoej",
            "Anhøj and Olesen 2014: longest run and crossings, with limits of three sigma as "
            "3 / 1.128 mean moving ranges",
            reach=3 / 1.128,
            shift=0,
            trend=0,
            two_of_three="",
            runs=True,
            on_limit_decides=False,
        ),
    )
}


def rule_set(name: str) -> RuleSet:
    """The set of that name.

    Raises:
        ValueError: there is none.
    """
    if name not in RULE_SETS:
        known = ", ".join(RULE_SETS)
        hint = did_you_mean(name, RULE_SETS)
        raise ValueError(f"rules {name!r}: there are {known}. {hint}".rstrip())
    return RULE_SETS[name]
