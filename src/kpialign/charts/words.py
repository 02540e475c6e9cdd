"""Figures, months and states as a reader says them; one way on screen, page and chart."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from kpialign.findings import ArrowResult, Estimate, TieEstimate
from kpialign.findings.facts import EventMark
from kpialign.terms import LocalWord, Period

_UNITS = {"percent": "%", "minutes": " min", "seconds": " s"}
# Titles say these themselves: "attendances a day", "hours per 1,000 handovers".
_UNITS |= dict.fromkeys(("count", "per day", "per 1,000", "score"), "")
_LOCAL = {
    LocalWord.IN_LINE: "in line with England",
    LocalWord.STANDS_OUT: "stands out from England",
    LocalWord.CANNOT_TELL: "cannot tell",
}


def short_name(name: str, most: int = 36) -> str:
    """A body's name without its legal form, cut where it is still too long for a chart.

    >>> short_name("Portsmouth Hospitals University NHS Trust")
    'Portsmouth Hospitals University'
    """
    short = re.sub(r"\s+NHS(\s+Foundation)?\s+Trust$", "", name.strip(), flags=re.IGNORECASE)
    return short if len(short) <= most else f"{short[: most - 1].rstrip()}…"


def clean(text: str) -> str:
    r"""Replace what a terminal would obey or hide: escapes, line ends, changes of direction.

    >>> clean("a\x1b[31m\nb")
    'a [31m b'
    """
    return "".join(c if c.isprintable() else " " for c in text)


def known(value: float | None) -> bool:
    """Whether there is a figure to print."""
    return value is not None and math.isfinite(value)


def figure(value: float | None, unit: str = "", state: str = "not known") -> str:
    """A value with its unit, or its state in words where there is none.

    >>> figure(78.34, "percent"), figure(1121, "count"), figure(None, "", "not_reported")
    ('78.3%', '1,121', 'not reported')
    """
    if value is None or not math.isfinite(value):
        return state_words(state)
    digits = 0 if unit == "count" or (not unit and float(value).is_integer()) else 1
    return _with_unit(value, unit, digits)


def beside(value: float, level: float, unit: str) -> str:
    """A value with as many digits as tell it from a level: 30 min 4 s is not 30 minutes.

    >>> beside(30.07, 30, "minutes"), beside(30.02, 30, "minutes"), beside(30, 30, "minutes")
    ('30.1 min', '30.02 min', '30.0 min')
    """
    digits = next((d for d in range(1, 7) if round(value, d) != level), 1)
    return _with_unit(value, unit, digits)


def _with_unit(value: float, unit: str, digits: int) -> str:
    return rounded(value, digits) + _UNITS.get(unit, f" {unit}".rstrip())


def rounded(value: float, digits: int) -> str:
    """A number with its thousands set apart, a true minus sign, and no minus nought.

    >>> rounded(-1234.56, 1), rounded(-0.04, 1)
    ('−1,234.6', '0.0')
    """
    return f"{round(value, digits) + 0.0:,.{digits}f}".replace("-", "\N{MINUS SIGN}")


def signed(value: float | None) -> str:
    """A correlation or difference with its sign.

    >>> signed(0.549), signed(-0.17), signed(None)
    ('+0.55', '−0.17', 'not known')
    """
    if value is None or not math.isfinite(value):
        return "not known"
    return f"{round(value, 2) + 0.0:+.2f}".replace("-", "\N{MINUS SIGN}")


def change(value: float | None, unit: str) -> str:
    """A difference with its sign and unit.

    >>> change(-7.24, "minutes"), change(0.31, "percent")
    ('−7.2 min', '+0.3 points')
    """
    if value is None:
        return "not known"
    told = _with_unit(value, "" if unit == "percent" else unit, 1)
    return f"{'+' if value > 0 else ''}{told}{' points' if unit == 'percent' else ''}"


def share(p: float | None) -> str:
    """A probability, never printed as a false zero.

    >>> share(0.0002), share(0.034)
    ('below 0.001', '0.034')
    """
    if p is None or not math.isfinite(p):
        return "not known"
    return "below 0.001" if p < 0.001 else f"{p:.3f}"


def interval(low: float, high: float) -> str:
    """An interval in words.

    >>> interval(0.42, 0.65)
    '+0.42 to +0.65'
    """
    return f"{signed(low)} to {signed(high)}"


def correlation(estimate: Estimate | TieEstimate) -> str:
    """The correlation and its interval: ``+0.55 (+0.42 to +0.65)``."""
    return f"{signed(estimate.r)} ({interval(estimate.low, estimate.high)})"


def slope(estimate: Estimate | TieEstimate, units: str) -> str:
    """The same effect in the indicators' own units."""
    around = interval(estimate.slope_low, estimate.slope_high)
    return f"{signed(estimate.slope)} ({around}) {units}".rstrip()


def local_words(tie: TieEstimate) -> str:
    """How a tie stands to England, or why that cannot be said."""
    if tie.state != "estimated":
        return f"{_LOCAL[LocalWord.CANNOT_TELL]}: {state_words(tie.state)}"
    if tie.word is LocalWord.CANNOT_TELL:
        return f"{_LOCAL[tie.word]} from {count(tie.months, 'month')}"
    return _LOCAL[tie.word]


def arrow_title(arrow: ArrowResult) -> str:
    """Both ends of an arrow and how each moves."""
    return f"{arrow.from_title} {arrow.from_moves} → {arrow.to_title} {arrow.to_moves}"


def sentence(text: str) -> str:
    """The text with a capital; short titles are written to stand inside a line."""
    return text[:1].upper() + text[1:]


def state_words(state: str) -> str:
    """A state's name as words; an empty one is still a state."""
    return state.replace("_", " ").strip() or "not known"


def month(text: str) -> str:
    """``2026-03`` as ``Mar 2026``; what is no month stays as it was given."""
    try:
        return Period.parse(text).words()
    except ValueError:
        return text or "month not known"


def day(text: str) -> str:
    """``2026-04-09`` as ``9 Apr 2026``; what is no date stays as it was given.

    >>> day("2026-04-09"), day("")
    ('9 Apr 2026', 'date not known')
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text or "date not known"
    return f"{found.day} {found:%b %Y}"


def months(texts: Iterable[str]) -> str:
    """Months as runs.

    >>> months(["2023-05", "2023-04", "2023-06", "2024-01"])
    'Apr–Jun 2023, Jan 2024'
    """
    periods = sorted({Period.parse(text) for text in texts})
    breaks = [i + 1 for i, (a, b) in enumerate(pairwise(periods)) if b - a != 1]
    edges = [0, *breaks, len(periods)]
    return ", ".join(_run(periods[a], periods[b - 1]) for a, b in pairwise(edges) if a < b)


def _run(first: Period, last: Period) -> str:
    if first == last:
        return first.words()
    start = first.words() if first.year != last.year else first.words().split()[0]
    return f"{start}–{last.words()}"


def count(number: int, one: str, many: str = "") -> str:
    """A number and its noun.

    >>> count(1, "file"), count(1200, "file"), count(2, "body", "bodies")
    ('1 file', '1,200 files', '2 bodies')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def year_before(text: str) -> str:
    """The same month a year before, ``YYYY-MM``; what is no month stays as it was given."""
    try:
        return str(Period.parse(text) + -12)
    except ValueError:
        return text


def event(mark: EventMark) -> str:
    """A dated event: when, at whom, what, and how sure it is.

    >>> event(EventMark("e", "new rota", "step", True, "2025-11", whom="North West"))
    'from Nov 2025 at North West: new rota (step, confirmed)'
    """
    last = f" to {month(mark.until)}" if mark.until not in ("", mark.since) else ""
    when = f"{'' if mark.until else 'from '}{month(mark.since)}{last}"
    sure = "confirmed" if mark.confirmed else "unconfirmed"
    effect = state_words(mark.effect)
    kind = sure if mark.title == effect else f"{effect}, {sure}"
    return f"{when}{f' at {mark.whom}' if mark.whom else ''}: {mark.title} ({kind})"


def unit_name(unit: str) -> str:
    """The unit as it stands after a title: ``per cent``, ``minutes``."""
    return {"percent": "per cent", "count": "number"}.get(unit, unit)
