"""Stakes: how much rests on an indicator, dated and sourced (Campbell)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kpialign.definitions.model import Definition, Month

RestsOn = Literal["published_standard", "payment", "league_table", "local"]
"""What rests on a figure: a standard judged in public, money, a rank, or a body's own use."""


class Stake(Definition):
    """Something that rests on an indicator from a month on, and who says so."""

    on: RestsOn
    what: str
    since: Annotated[Month | None, Field(alias="from")] = None
    until: Month | None = None
    source: str
