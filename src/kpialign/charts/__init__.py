"""One module a chart; its file name is its name.

A chart module has ``subjects(outcome)``, the arguments of every chart it can draw of a
run, ``chart(outcome, *subject)`` and ``frame(outcome, *subject)``, the table behind it. One
with many subjects says with ``reported(outcome)`` which of them stand in the report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from itertools import count
from pathlib import Path
from pkgutil import iter_modules
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, cast

from kpialign.charts import render
from kpialign.errors import UsageError, did_you_mean
from kpialign.findings import Outcome

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

_NO_CHARTS = frozenset(
    {"axes", "cache", "find", "icons", "judged", "render", "theme", "words", "worker"}
)


Progress = Callable[[int, int], None]  # told how many charts are drawn, of how many


class _ChartModule(Protocol):
    def subjects(self, outcome: Outcome) -> Iterator[tuple[str, ...]]: ...
    def frame(self, outcome: Outcome, *subject: str) -> pl.DataFrame: ...
    def chart(self, outcome: Outcome, *subject: str) -> alt.VConcatChart: ...


@dataclass(frozen=True)
class Picture:
    """A chart that is drawn: what of, its alt text, and the table behind it.

    Attributes:
        subject: rule, arrow and tie, or the scope.
        stem: a file name without its ending, the same every month.
        spec: the chart as Vega-Lite; tests hold it valid, so that no run spends time on that.
        svg, png: the chart as it is shown on the page, and as it is put into papers.
    """

    kind: str
    subject: tuple[str, ...]
    stem: str
    chart: alt.VConcatChart = field(repr=False)
    frame: pl.DataFrame = field(repr=False)
    spec: dict[str, Any] = field(repr=False)
    svg: str = field(repr=False)
    png: bytes = field(repr=False)

    @property
    def alt_text(self) -> str:
        """Chart kind, measure, message and latest figures."""
        return str(self.chart.description)


def names() -> tuple[str, ...]:
    """The kinds of charts there are."""
    return tuple(m.name for m in iter_modules(__path__) if m.name not in _NO_CHARTS)


@lru_cache(maxsize=1)
def pictures(outcome: Outcome) -> tuple[Picture, ...]:
    """Draw every chart of a run, once for all outputs that show it."""
    return draw(outcome, list(listed(outcome, report=True)))


def draw(
    outcome: Outcome,
    wanted: Sequence[tuple[str, tuple[str, ...]]],
    folder: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Picture, ...]:
    """Draw charts together, each given by its kind and what it is about.

    Those that the folder holds from an earlier time are not drawn again.
    """
    from kpialign.charts import cache

    drawn = [_load(kind).chart(outcome, *subject) for kind, subject in wanted]
    stems = [_stem(kind, subject) for kind, subject in wanted]
    specs = [chart.to_dict(validate=False) for chart in drawn]
    named = list(zip(specs, stems, strict=True))
    rendered = cache.all_of(named, folder, *([_counted(len(named), progress)] if progress else []))
    return tuple(
        Picture(kind, subject, stem, chart, _load(kind).frame(outcome, *subject), spec, *images)
        for (kind, subject), stem, chart, spec, images in zip(
            wanted, stems, drawn, specs, rendered, strict=True
        )
    )


def _counted(total: int, progress: Progress) -> Callable[[], None]:
    lock, counts = Lock(), count(1)

    def seen() -> None:
        with lock:  # charts are drawn on several threads
            progress(next(counts), total)

    return seen


def subjects(outcome: Outcome, kind: str) -> tuple[tuple[str, ...], ...]:
    """What charts of one kind a run can draw, each by what it is about."""
    return tuple(_load(kind).subjects(outcome))


def listed(outcome: Outcome, *, report: bool = False) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every chart a run can draw, or draws in its report: its kind, and what it is about.

    Kinds that every run draws stand first, and so are found first by what they are about.
    """
    every = {kind: _reported(kind, outcome) for kind in names()}
    for kind in sorted(every, key=lambda kind: not every[kind]):
        shown = every[kind] if report else _load(kind).subjects(outcome)
        yield from ((kind, subject) for subject in shown)


def _reported(kind: str, outcome: Outcome) -> tuple[tuple[str, ...], ...]:
    module = _load(kind)
    return tuple(getattr(module, "reported", module.subjects)(outcome))


def named(outcome: Outcome, *about: str, kind: str = "") -> tuple[str, tuple[str, ...]]:
    """The first chart about all that is named: its kind, and what it is about.

    Args:
        outcome: what a run returned.
        about: a rule, an arrow, a system, an organisation, an indicator: any that go together.
        kind: one of :func:`names`; without it, the first kind that has such a chart.

    Raises:
        UsageError: the run has nothing to draw about them.
    """
    if kind:
        _load(kind)
    seen: dict[str, None] = {}
    for found, subject in listed(outcome):
        if kind in ("", found):
            if set(about) <= set(subject):
                return found, subject
            seen |= dict.fromkeys(subject)
    wrong = next((word for word in about if word not in seen), " ".join(about))
    raise UsageError(
        f"nothing to draw about {' '.join(about)!r}. {did_you_mean(wrong, seen)}".strip()
    )


def chart(outcome: Outcome, *about: str, kind: str = "") -> alt.VConcatChart:
    """Draw one chart for a notebook; what is named as for :func:`named`."""
    found, subject = named(outcome, *about, kind=kind)
    return _load(found).chart(outcome, *subject)


def picture(outcome: Outcome, *about: str, kind: str = "") -> Picture:
    """Draw one chart as it stands in the report; what is named as for :func:`named`."""
    found, subject = named(outcome, *about, kind=kind)
    drawn = _load(found).chart(outcome, *subject)
    spec, stem = drawn.to_dict(validate=False), _stem(found, subject)
    table = _load(found).frame(outcome, *subject)
    return Picture(found, subject, stem, drawn, table, spec, *render.both(spec, stem))


def _stem(kind: str, subject: tuple[str, ...]) -> str:
    # Codes come from extracts: nothing but letters, digits, dots and dashes enters a path.
    safe = [re.sub(r"[^A-Za-z0-9.-]", "-", part).strip(".") for part in subject]
    return "_".join([*safe, kind])


def _load(kind: str) -> _ChartModule:
    if kind not in names():
        raise UsageError(f"no chart {kind!r}. {did_you_mean(kind, names())}".strip())
    return cast(_ChartModule, import_module(f"{__name__}.{kind}"))
