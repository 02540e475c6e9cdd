"""Facts beside the figures: what is not for publication, what is due, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kpialign.terms import Period, Release


@dataclass(frozen=True)
class Unpublished:
    """A file whose figures are not for publication yet: why, and of which months."""

    file: str
    layout: str
    release: Release
    periods: tuple[str, ...]


def mark(audience: str, unpublished: Iterable[Unpublished]) -> str:
    """What every output of a run that is not for everyone has to carry; else nothing.

    >>> mark("internal", [Unpublished("a.csv", "l", Release.parse("embargoed:2026-12-10"), ())])
    'NOT FOR PUBLICATION: contains figures embargoed until 10 Dec 2026'
    """
    if audience == "public":
        return ""
    held = sorted({one.release for one in unpublished})
    words = [f"figures {r.words()}" if r.embargoed else r.words() for r in held]
    return "NOT FOR PUBLICATION" + (f": contains {', '.join(words)}" if words else "")


@dataclass(frozen=True)
class Expected:
    """A month that is due by a publication calendar and has not come.

    ``checked`` says whether the calendar's rule was held against the publisher.
    """

    calendar: str
    title: str
    period: str
    due: str
    checked: bool


def few(names: Sequence[str], most: int = 3) -> str:
    """Names of bodies, or how many they are.

    >>> few(["A", "B"]), few(["A", "B", "C", "D"])
    ('A, B', '4 bodies')
    """
    return ", ".join(names) if len(names) <= most else f"{len(names)} bodies"


@dataclass(frozen=True)
class EventMark:
    """A dated event that touches an indicator of a whole.

    ``effect`` is ``incomparable``, ``step``, ``shock`` or ``not_reported``; ``until`` is empty
    where it lasts; ``whom`` names the bodies it touches and is empty where that is everyone.
    """

    id: str
    title: str
    effect: str
    confirmed: bool
    since: str
    until: str = ""
    whom: str = ""

    def breaks(self) -> tuple[str, ...]:
        """Months whose figures do not compare with those before, of an incomparable span."""
        if self.effect != "incomparable":
            return ()
        return (self.since, str(Period.parse(self.until) + 1)) if self.until else (self.since,)

    def between(self, before: str, now: str) -> bool:
        """Whether it stands between the figures of two months, or upon one of them."""
        if self.effect in ("incomparable", "step"):
            return any(before < month <= now for month in self.breaks() or (self.since,))
        return any(self.since <= month <= (self.until or month) for month in (before, now))

    @property
    def cuts(self) -> bool:
        """Whether it is taken as a fact that everybody's figures of before do not compare."""
        return self.confirmed and self.effect == "incomparable" and not self.whom

    def bars(self, before: str, now: str) -> bool:
        """Whether two months must not be compared: everybody's figures are cut between them."""
        return self.cuts and self.between(before, now)
