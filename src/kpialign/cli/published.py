"""What commands that only look have in common: the outcome of what was published before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpialign.findings import Outcome


def published(
    workspace: Path | None, options: Mapping[str, object], published_on: date | None = None
) -> Outcome:
    """Make the run over the database as it stands; nothing is read and nothing entered.

    Raises:
        UsageError: there is no database.
    """
    from kpialign.pipeline.looking import demand_database
    from kpialign.pipeline.request import AsOf, Request
    from kpialign.pipeline.run import check
    from kpialign.settings import find_workspace, read_settings

    settings = read_settings(find_workspace(workspace, ()), options)
    demand_database(settings)
    # Looking back to today: what is known now, and nothing entered.
    today = AsOf(published_on=published_on) if published_on else AsOf(known_on=date.today())
    return check(Request((), settings, as_of=today))
