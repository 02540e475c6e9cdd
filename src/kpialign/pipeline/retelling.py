"""Tell again what was published: for charts and packs made after the run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kpialign.findings import Outcome
from kpialign.findings.compared import Difference
from kpialign.pipeline.request import AsOf, Request
from kpialign.settings import Settings


def retold(settings: Settings, published_on: date | None = None) -> Outcome:
    """What the database holds, judged anew; nothing is read, published or entered.

    Args:
        settings: which database, and what stands in front.
        published_on: the figures as published by that day; those that hold now if ``None``.

    Raises:
        UsageError: there is no such database, or no such system in it.
    """
    from kpialign.pipeline.looking import demand_database
    from kpialign.pipeline.run import check

    demand_database(settings)
    request = Request((), settings, retell=True)
    if published_on is not None:
        request = replace(request, as_of=AsOf(published_on=published_on))
    return check(request)


def difference(settings: Settings) -> Difference | None:
    """The last run beside the one before that it differs from, as `kpialign diff` compares."""
    from kpialign.library import in_force
    from kpialign.pipeline.comparing import compare

    return compare(settings.database, in_force(settings.definitions))
