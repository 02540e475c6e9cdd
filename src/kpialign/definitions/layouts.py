"""Layouts: how one published extract maps to data items, organisations and periods."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from kpialign.definitions.model import Definition, Identifier, Maturity, OneOrMore
from kpialign.terms import Status

Level = Literal["organisation", "icb", "region", "england"]


class Column(Definition):
    """The address of a column: its heading, the heading above it, or its place.

    In YAML a plain text is a heading, a pair is ``[heading above, heading]``, and
    ``{position: 29}`` counts from 1, for columns that carry no heading at all.
    """

    heading: str | None = None
    above: str | None = None
    position: int | None = None

    def __str__(self) -> str:
        if self.position is not None:
            return f"column {self.position}"
        return f"{self.above} / {self.heading}" if self.above else str(self.heading)


def _column(value: Any) -> Any:
    if isinstance(value, str):
        return {"heading": value}
    if isinstance(value, list) and len(value) == 2:
        return {"above": value[0], "heading": value[1]}
    return value


ColumnAddress = Annotated[Column, BeforeValidator(_column)]


def _columns(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


ColumnChoice = Annotated[tuple[ColumnAddress, ...], BeforeValidator(_columns)]
"""The first address found wins; headings change over the years."""


class Recognise(Definition):
    """What a file must contain to be of this layout, never what it is called."""

    columns: OneOrMore = ()
    sheets: OneOrMore = ()

    @model_validator(mode="after")
    def _something(self) -> Recognise:
        if not self.columns and not self.sheets:
            raise ValueError("recognise needs columns or sheets")
        return self


class PeriodRule(Definition):
    """Where the period stands and how it is written (``strptime`` forms).

    ``asked``: the file carries none, so that whoever sends it has to say it.
    """

    columns: Annotated[tuple[str, ...], BeforeValidator(_columns)] = ()
    label: str | None = None
    asked: bool = False
    reads: OneOrMore = ()

    @model_validator(mode="after")
    def _one_place(self) -> PeriodRule:
        if bool(self.columns) + (self.label is not None) + self.asked != 1:
            raise ValueError(
                "a period is read from columns, or from the cell after a label, or it is asked for"
            )
        if self.asked == bool(self.reads):
            raise ValueError("a period that is read says how it is written (reads); no other does")
        return self

    @property
    def place(self) -> str:
        """Where a reader looks for it, in words."""
        return self.label or ", ".join(self.columns) or "--period"


class PublishedRule(Definition):
    """The labels whose neighbouring cell holds the publication date; the latest wins."""

    labels: OneOrMore


class OrganisationRule(Definition):
    """Which columns name the organisation, and in which role it reports."""

    code: ColumnAddress
    name: ColumnAddress | None = None
    parent: ColumnAddress | None = None
    parent_level: Literal["icb", "region"] | None = None
    role: str


class TotalRule(Definition):
    """Rows that print a total; they are checked against the sum, then set aside.

    Any of ``columns`` equal (letter case and outer blanks aside) to one of ``equals``,
    or starting with ``starts_with``, makes the row a total of ``level``.
    """

    columns: Annotated[tuple[ColumnAddress, ...], BeforeValidator(_columns)]
    equals: OneOrMore = ()
    starts_with: str | None = None
    level: Level


class RowRule(Definition):
    """Which rows are loaded: those where the column says one of ``equals``.

    The others are the parts that a loaded row prints the total of; they are set aside, and
    have to add up to it.
    """

    column: ColumnAddress
    equals: Annotated[tuple[str, ...], BeforeValidator(_columns)] = Field(min_length=1)


class Table(Definition):
    """One table of a file: its sheet, its header row, its rows and its items.

    ``use: load`` gives observations; ``use: reconcile`` prints figures of ``level``
    that the loaded ones must add up to.
    """

    sheet: str | None = None
    header: OneOrMore
    headings_above: bool = False
    use: Literal["load", "reconcile"] = "load"
    level: Level = "organisation"
    organisation: OrganisationRule
    totals: tuple[TotalRule, ...] = ()
    rows: RowRule | None = None
    items: dict[Identifier, ColumnChoice]
    optional: OneOrMore = ()
    other_columns: Literal["report", "ignore"] = "report"


class Condition(Definition):
    """A comparison of an item, or of a sum of items, with a number."""

    item: str | None = None
    sum: str | None = None
    above: float | None = None
    equals: float | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Condition:
        if (self.item is None) == (self.sum is None):
            raise ValueError("a condition names an item or a sum")
        if (self.above is None) == (self.equals is None):
            raise ValueError("a condition says above or equals")
        return self


class NotReportedRule(Definition):
    """Where all conditions hold, the items' printed figures mean *not reported*."""

    when: tuple[Condition, ...]
    items: OneOrMore
    why: str


class Layout(Definition):
    """How one published extract is recognised and read.

    ``grain: day`` makes a month of its days: the mean of a stock, the sum of a flow, and
    nothing where a day is missing.
    ``missing`` gives cells that hold no figure their status; ``zero`` names the texts that
    stand for the figure 0.
    """

    id: Identifier
    version: int = 1
    status: Maturity = Maturity.TRIAL
    title: str
    publisher: str
    published: bool
    recognise: Recognise
    replaces: Literal["period", "organisation_period"] = "period"
    published_on: PublishedRule | Literal["none"] = "none"
    period: PeriodRule
    grain: Literal["month", "day"] = "month"
    missing: dict[str, Status] = Field(default_factory=dict)
    zero: OneOrMore = ()
    not_reported: tuple[NotReportedRule, ...] = ()
    tables: tuple[Table, ...]
    row_floor: int = 1
    notes: str = ""

    @model_validator(mode="after")
    def _loads_something(self) -> Layout:
        if not any(table.use == "load" for table in self.tables):
            raise ValueError("a layout loads at least one table")
        return self

    @model_validator(mode="after")
    def _days_stand_alone(self) -> Layout:
        sums = any(t.totals or t.rows or t.use == "reconcile" for t in self.tables)
        if self.grain == "day" and (sums or not self.period.columns):
            raise ValueError(
                "grain: day reads the day from columns, and cannot hold days against totals yet"
            )
        return self

    @model_validator(mode="after")
    def _one_meaning(self) -> Layout:
        if both := set(self.zero) & set(self.missing):
            raise ValueError(f"{min(both)!r} cannot mean both zero and a missing figure")
        return self
