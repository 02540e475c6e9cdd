"""Wholes of a level on the terminal: a table an indicator, a row a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import wrap

from kpialign.charts import words
from kpialign.findings import WholeLine
from kpialign.outputs.wording import phrases

_WIDTH, _NAME = 100, 38


def render(lines: Iterable[WholeLine], boundaries: str) -> str:
    """A table an indicator, in the order of codes and never of values."""
    tables = []
    for _, group in groupby(lines, key=lambda line: line.value.indicator):
        own = list(group)
        first = own[0].value
        month = words.month(first.period)
        places = f"places of {month}" if boundaries == "now" else "places of each month"
        head = f"{words.sentence(first.title)} · {month} · {first.basis} · {places}"
        tables.append("\n".join([words.clean(head), _HEAD, *(r for x in own for r in _rows(x))]))
    return "\n\n".join([*tables, _FOOT]) + "\n"


_HEAD = f"  {'':10}{'':{_NAME}}{'NOW':>11}{'LAST MONTH':>12}{'YEAR BEFORE':>13}  REPORTED"


_FOOT = (
    "Two months may be of other bodies: `kpialign check --system CODE` compares those in both,\n"
    "and splits the change."
)


def _rows(line: WholeLine) -> Iterator[str]:
    value = line.value
    figures = [
        words.figure(x, value.unit, value.state if i == 0 else "\N{EN DASH}")
        for i, x in enumerate((value.value, line.last_month, line.year_before))
    ]
    now, last, year = (text if len(text) <= 11 else "\N{EN DASH}" for text in figures)
    name = words.clean(value.scope_name).replace("Integrated Care Board", "ICB")
    name = name if len(name) < _NAME else f"{name[: _NAME - 2]}\N{HORIZONTAL ELLIPSIS}"
    who = f"{value.reported} of {value.expected}"
    yield f"  {value.scope:10}{name:{_NAME}}{now:>11}{last:>12}{year:>13}  {who}"
    told = "; ".join(phrases.target(target, value.unit) for target in value.targets)
    if told:
        yield from wrap(told, _WIDTH, initial_indent=" " * 12, subsequent_indent=" " * 14)
