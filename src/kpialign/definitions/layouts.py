"""Layouts: how one published extract maps to data items, organisations and periods."""

from __future__ import annotations

from re import Pattern
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from kpialign.definitions.model import (
    TEXT,
    AlsoWritten,
    Definition,
    Identifier,
    Maturity,
    OneOrMore,
    Several,
)
from kpialign.terms import Status

Level = Literal["organisation", "icb", "region", "england"]


class Column(Definition):
    """The address of a column: its heading, the heading above it, or its place.

    In YAML a plain text is a heading, a pair is ``[heading above, heading]``, and
    ``{position: 29}`` counts from 1, for columns that carry no heading at all. ``to`` ends a
    run of columns that add up, each of which must hold a figure or a ``zero``. ``where`` says
    which rows the column is the item's in, by the words of the table's ``split`` columns.
    """

    heading: str | None = None
    above: str | None = None
    position: int | None = None
    to: str | None = None
    where: OneOrMore = ()

    def __str__(self) -> str:
        if self.position is not None:
            return f"column {self.position}"
        if self.to is not None:
            return f"{self.heading} to {self.to}"
        return f"{self.above} / {self.heading}" if self.above else str(self.heading)


def _column(value: Any) -> Any:
    if isinstance(value, str):
        return {"heading": value}
    if isinstance(value, list) and len(value) == 2:
        return {"above": value[0], "heading": value[1]}
    return value


_ABOVE_AND_BELOW = {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2}
ColumnAddress = Annotated[Column, BeforeValidator(_column), AlsoWritten([TEXT, _ABOVE_AND_BELOW])]

ColumnChoice = Several[ColumnAddress]
"""The first address found wins; headings change over the years."""


class Recognise(Definition):
    """What a file must contain to be of this layout, never what it is called.

    ``cells`` is for files without headings: place of a column → a pattern (a regular
    expression) that the whole cell fits, in every one of the first rows.
    """

    columns: OneOrMore = ()
    sheets: OneOrMore = ()
    cells: dict[int, Pattern[str]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _something(self) -> Recognise:
        if not self.columns and not self.sheets and not self.cells:
            raise ValueError("recognise needs columns, sheets or cells")
        return self


class PeriodRule(Definition):
    """Where the period stands and how it is written (``strptime`` forms).

    ``asked``: the file carries none, so that whoever sends it has to say it.
    ``cell``: row and column, from 1, of the cell that says it in every sheet read.
    ``rows_above``: it stands so many rows above the headings, over the first column of each
    of the blocks in which the items' headings are repeated.
    """

    columns: ColumnChoice = ()
    label: str | None = None
    cell: tuple[int, int] | None = None
    asked: bool = False
    rows_above: int | None = Field(default=None, ge=1)
    reads: OneOrMore = ()

    @model_validator(mode="after")
    def _one_place(self) -> PeriodRule:
        places = (self.columns, self.label, self.cell, self.asked, self.rows_above)
        if sum(map(bool, places)) != 1:
            raise ValueError(
                "a period is read from columns, or from a cell or the one after a label, or from "
                "rows above the headings, or it is asked for"
            )
        if self.asked == bool(self.reads):
            raise ValueError("a period that is read says how it is written (reads); no other does")
        return self

    @property
    def place(self) -> str:
        """Where a reader looks for it, in words."""
        if self.rows_above:
            return f"{self.rows_above} rows above the headings"
        if self.cell:
            return f"row {self.cell[0]}, column {self.cell[1]}"
        return self.label or ", ".join(map(str, self.columns)) or "--period"


class PublishedRule(Definition):
    """The labels whose neighbouring cell holds the publication date; the latest wins."""

    labels: OneOrMore


class OrganisationRule(Definition):
    """Which columns name the organisation, and in which role it reports.

    ``parent`` is what it belongs to, by ``share`` where it is shared out. ``icb_catchment`` is
    a basis of its own: figures shared out by where people live never mix with those of whole
    providers. The role ``any`` is for lists that say where a body belongs in all its roles.
    The role is a word, or a column given as ``{heading: role}``. A row that names an indicator
    may leave that column empty: then the body that answers for the indicator is meant.
    """

    code: ColumnAddress
    name: ColumnAddress | None = None
    parent: ColumnAddress | None = None
    parent_level: Literal["icb", "icb_catchment", "region"] | None = None
    share: ColumnAddress | None = None
    role: str | Column


class TotalRule(Definition):
    """Rows that print a total; they are checked against the sum, then set aside.

    Any of ``columns`` equal (letter case and outer blanks aside) to one of ``equals``,
    or starting with ``starts_with``, makes the row a total of ``level``. ``adds_up: false``
    sets the row aside without holding it against the sum, and the layout's notes say why.
    """

    columns: ColumnChoice
    equals: OneOrMore = ()
    starts_with: str | None = None
    level: Level
    adds_up: bool = True


class RowRule(Definition):
    """Which rows are loaded: those where the column says one of ``equals``.

    The others are the parts that a loaded row prints the total of; they are set aside, and
    have to add up to it.
    """

    column: ColumnAddress
    equals: OneOrMore = Field(min_length=1)


class LongRule(Definition):
    """A table whose rows name their item, or their indicator, by its id in ``names``.

    A row of an item gives its ``value``; a row of an indicator gives the ``numerator`` and
    ``denominator`` it is made of, and a value beside them is not read. ``optional`` are those
    of the three columns that a file may leave out.
    """

    names: ColumnAddress
    value: ColumnAddress | None = None
    numerator: ColumnAddress | None = None
    denominator: ColumnAddress | None = None
    optional: OneOrMore = ()

    @model_validator(mode="after")
    def _something(self) -> LongRule:
        if self.value is None and self.numerator is None:
            raise ValueError("long names the column of the value, or of the numerator")
        return self


class Table(Definition):
    """One table of a file: its sheet, its header row, its rows and its items.

    ``use: load`` gives observations; ``use: reconcile`` prints figures of ``level``
    that the loaded ones must add up to; ``use: place`` says where organisations belong from
    the file's month on, and has no items. Without a ``header`` the columns are addressed by
    their places.

    ``split`` are columns whose words say what a row's figures are of, so that an item is a
    column ``where`` they say so; rows that no item asks for are rejected, or passed over
    where ``other_rows: ignore``. ``adds``: rows of one organisation add up (it reports a row
    for each commissioner or contract). ``repeats``: some organisations are printed twice; what
    is said twice counts once, and the gate tells it. ``stacked``: further parts follow below,
    each under the same headings.
    """

    sheet: str | None = None
    header: OneOrMore = ()
    headings_above: bool = False
    stacked: bool = False
    use: Literal["load", "reconcile", "place"] = "load"
    level: Level = "organisation"
    organisation: OrganisationRule
    totals: tuple[TotalRule, ...] = ()
    rows: RowRule | None = None
    adds: bool = False
    repeats: bool = False
    split: ColumnChoice = ()
    items: dict[Identifier, ColumnChoice] = Field(default_factory=dict)
    long: LongRule | None = None
    optional: OneOrMore = ()
    other_columns: Literal["report", "ignore"] = "report"
    other_rows: Literal["reject", "ignore"] = "reject"

    @model_validator(mode="after")
    def _some_items(self) -> Table:
        if self.use == "place":
            if self.items or self.long or self.organisation.parent_level is None:
                raise ValueError("a table of places has no items, and a parent of some level")
        elif bool(self.items) == (self.long is not None):
            raise ValueError("a table has items, or says with long where its rows name them")
        return self

    @model_validator(mode="after")
    def _where_split(self) -> Table:
        for item, choice in self.items.items():
            if any(len(column.where) != len(self.split) for column in choice):
                raise ValueError(
                    f"{item}: `where` gives a word for each of the `split` columns "
                    f"({len(self.split)} of them)"
                )
        return self


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

    ``grain: day`` makes a month of its days: the mean of a stock, the sum of a flow. A month
    of which the file has some days only is kept as ``partial_month``; an organisation that
    leaves out a day of the others has not reported.
    ``not_of_persons``: columns that look like data of persons and are not → why; others stop
    the file.
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
    not_of_persons: dict[str, str] = Field(default_factory=dict)
    notes: str = ""

    @model_validator(mode="after")
    def _loads_something(self) -> Layout:
        if all(table.use == "reconcile" for table in self.tables):
            raise ValueError("a layout loads, or places by, at least one table")
        return self

    @model_validator(mode="after")
    def _days_stand_alone(self) -> Layout:
        sums = any(
            t.rows or t.use == "reconcile" or any(total.adds_up for total in t.totals)
            for t in self.tables
        )
        read = self.period.columns or self.period.rows_above
        if self.grain == "day" and (sums or not read):
            raise ValueError(
                "grain: day reads the day from columns or above the headings, and does not hold "
                "days against totals: say adds_up: false"
            )
        return self

    @model_validator(mode="after")
    def _one_meaning(self) -> Layout:
        if both := set(self.zero) & set(self.missing):
            raise ValueError(f"{min(both)!r} cannot mean both zero and a missing figure")
        return self
