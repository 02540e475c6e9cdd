"""The provider workbook of one month, as revised later: the .xls layout of the published one."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import xlwt

from . import plan, world
from .counts import OVER, Cells

Row = dict[int, object]
Part = float | str  # "-" stands for unreported

# What is added for each type: attendances, and those over four hours.
Added = tuple[tuple[str, ...], tuple[str, ...]]
_UNBOOKED: Added = (("att",), ("over",))
_BOOKED: Added = (("book",), ("bover",))
_ALL: Added = (("att", "book"), ("over", "bover"))

DASH = "-"
FILE = "March-2023-AE-by-provider-Z7QKD-revised-110523.xls"
FIRST_ROW = 18  # rows and columns counted from 0, here and below
ICB_COLUMN = 28  # has no heading

_TYPES = (
    "Type 1 Departments - Major A&E",
    "Type 2 Departments - Single Specialty",
    "Type 3 Departments - Other A&E/Minor Injury Unit",
)
_WITHIN = tuple(
    f"Percentage in 4 hours or less ({kind})" for kind in ("all", "type 1", "type 2", "type 3")
)
_LATE = "from arrival to admission, transfer or discharge"
_ADMISSIONS = (
    "Emergency Admissions via Type 1 A&E",
    "Emergency Admissions via Type 2 A&E",
    "Emergency Admissions via Type 3 and 4 A&E",
    "Total Emergency Admissions via A&E",
    "Other Emergency admissions (i.e not via A&E)",
    "Total Emergency Admissions",
    "Number of patients spending >4 hours from decision to admit to admission",
    "Number of patients spending >12 hours from decision to admit to admission",
)
_MEASURES = (
    *_TYPES, "Total attendances",
    *_TYPES, "Total Attendances < 4 hours",
    *_TYPES, "Total Attendances > 4 hours",
    *_WITHIN, *_ADMISSIONS,
)  # fmt: skip
_BOOKED_MEASURES = (
    *_TYPES, "Total attendances",
    *_TYPES, "Booked Appointment Attendances > 4 hours",
    *(f"{heading} (Booked Appointments Only)" for heading in _WITHIN),
    "Percentage in 4 hours or less (All types excluding Booked Appointments)",
    "Percentage in 4 hours or less (All types including Booked Appointments)",
)  # fmt: skip
_BOOKED_WORKING = (  # working columns left beside the table
    "Total under 4 hour all types",
    "Total under 4 hours + booked appointments",
    "Over 4 hours all types",
    "Over 4 hours + booked",
)
# Working numbers left in the top rows of the published sheets.
_STRAY: Row = {
    4: 4,
    5: 5,
    6: 6,
    12: 10,
    13: 11,
    14: 12,
    20: 18,
    21: 19,
    22: 20,
    24: 21,
    26: 16,
    27: 17,
}


@dataclass
class Performance:
    """Attendances and over-four-hour counts by type; None where four hours is not reported.

    Sums keep the attendances of all providers but performance of the reporting ones only, as the
    published totals do.
    """

    attended: list[int]
    over: list[int] | None
    within: list[int] | None

    @classmethod
    def of(cls, cells: Cells, added: Added) -> Performance:
        """From the cells of one provider."""
        att, over = added
        attended = [sum(cells[p + n] for p in att) for n in "123"]
        if _unreported(cells):
            return cls(attended, None, None)
        late = [sum(cells[p + n] for p in over) for n in "123"]
        return cls(attended, late, [a - b for a, b in zip(attended, late, strict=True)])

    @classmethod
    def total(cls, parts: Sequence[Performance]) -> Performance:
        """The sum over providers."""
        told = [p for p in parts if p.over is not None and p.within is not None]
        attended = _columns([p.attended for p in parts])
        if not told:
            return cls(attended, None, None)
        return cls(
            attended,
            _columns([p.over for p in told if p.over]),
            _columns([p.within for p in told if p.within]),
        )

    def shares(self) -> list[Part]:
        """Within four hours: all, then by type; a dash where nobody attended."""
        if self.over is None or self.within is None:
            return [DASH] * 4
        pairs = [(sum(self.within), sum(self.over)), *zip(self.within, self.over, strict=True)]
        return [good / (good + bad) if good + bad else DASH for good, bad in pairs]

    def block(self) -> list[Part]:
        """Attendances, within, over, shares: 16 cells."""
        return [*_summed(self.attended), *_summed(self.within), *_summed(self.over), *self.shares()]


def write(folder: Path, rows: dict[str, Cells], made: world.World) -> Path:
    """Write the revised workbook and say where."""
    book = xlwt.Workbook()
    _system_sheet(book, rows, made)
    _mapping_sheet(book, rows, made)
    _provider_sheet(book, "Provider Level Data", rows, made, _ALL)
    _provider_sheet(book, "Non-Booked Data", rows, made, _UNBOOKED)
    _booked_sheet(book, rows, made)
    path = folder / FILE
    book.save(str(path))
    return path


def _provider_sheet(
    book: xlwt.Workbook,
    name: str,
    rows: dict[str, Cells],
    made: world.World,
    added: Added,
) -> None:
    heads = {4: "A&E attendances", 8: f"A&E attendances less than 4 hours {_LATE}"}
    heads |= {12: f"A&E attendances greater than 4 hours {_LATE}"}
    heads |= {16: "Percentage of attendances within 4 hours", 20: "Emergency Admissions"}
    sheet = _sheet(book, name, "Provider Level Data", heads)
    _put(sheet, 0, _STRAY)
    _put(sheet, 1, {4: 7, 5: 8, 6: 9, 12: 13, 13: 14, 14: 15} if name[0] == "P" else {})
    _put(sheet, 15, _from(1, ["Code", "Region", "Name", *_MEASURES]))
    parts = {code: Performance.of(cells, added) for code, cells in rows.items()}
    england = [*Performance.total(list(parts.values())).block(), *_admitted(list(rows.values()))]
    _put(sheet, 16, _from(1, [DASH, DASH, "England", *england]))
    for at, code in enumerate(_order(rows, made), FIRST_ROW):
        cells = [*_who(code, made), *parts[code].block(), *_admitted([rows[code]])]
        _put(sheet, at, _from(1, cells) | {ICB_COLUMN: _board(code, made)})


def _booked_sheet(book: xlwt.Workbook, rows: dict[str, Cells], made: world.World) -> None:
    booked = "A&E Booked Appointment"
    heads = {4: f"{booked} attendances", 8: f"{booked}s attendances greater than 4 hours {_LATE}"}
    heads |= {12: f"{booked}s Performance ", 24: f"{booked} attendances less than 4 hours {_LATE}"}
    sheet = _sheet(book, "Booked Appointments Data", "Provider Level Data", heads)
    _put(sheet, 0, {4: 7, 5: 8, 6: 9, 8: 13, 9: 14, 10: 15})
    titles = _from(1, ["Code", "Region", "Name", *_BOOKED_MEASURES])
    titles |= _from(24, [*_TYPES, "Total Attendances < 4 hours"]) | _from(32, _BOOKED_WORKING)
    _put(sheet, 15, titles)
    _put(sheet, 16, _from(1, [DASH, DASH, "England"]) | _booked(list(rows.values())))
    for at, code in enumerate(_order(rows, made), FIRST_ROW):
        row = _from(1, _who(code, made)) | _booked([rows[code]])
        _put(sheet, at, row | {18: _board(code, made)})


def _system_sheet(book: xlwt.Workbook, rows: dict[str, Cells], made: world.World) -> None:
    heads = {3: "A&E attendances", 7: f"A&E attendances < 4 hours {_LATE}"}
    heads |= {11: f"A&E attendances > 4 hours {_LATE}"}
    heads |= {15: "Percentage of attendances within 4 hours", 19: "Emergency Admissions"}
    sheet = _sheet(book, "System Level Data", "System Level Data", heads)
    _put(sheet, 15, _from(1, ["Code", "System", *_MEASURES]))
    _put(sheet, 16, _from(1, [DASH, DASH, *_everything(list(rows.values()))]))
    for at, (system, name) in enumerate(made.systems.items(), FIRST_ROW):
        inside = [rows[code] for code in _order(rows, made) if _provider(code, made)[2] == system]
        _put(sheet, at, _from(1, [system, name, *_everything(inside)]))


def _mapping_sheet(book: xlwt.Workbook, rows: dict[str, Cells], made: world.World) -> None:
    """Two tables side by side, which name the regions in another vocabulary."""
    sheet = book.add_sheet("System Mapping")
    _put(sheet, 2, {0: "Org code", 1: "Region ", 2: "Name", 3: "STP", 6: "STP", 7: "Code"})
    for at, code in enumerate(_order(rows, made), 3):
        region = world.REGIONS[_provider(code, made)[1]]
        name = _who(code, made)[2]
        _put(sheet, at, _from(0, [code, f"{region} Commissioning Region", name]))
        _put(sheet, at, {3: _board(code, made)})
    for at, (system, name) in enumerate(made.systems.items(), 3):
        _put(sheet, at, {6: name.split()[0] + " STP", 7: system, 8: name.upper(), 9: name})


def _sheet(book: xlwt.Workbook, name: str, title: str, heads: dict[int, str]) -> xlwt.Worksheet:
    """A data sheet with its title block; column 0 stays empty."""
    sheet = book.add_sheet(name)
    year, month = plan.REVISED_MONTH.split("-")
    block = {
        1: ("Title:", "A&E Attendances & Emergency Admission monthly statistics (invented sample)"),
        3: ("Summary:", "A&E attendances, performance and emergency admission."),
        5: ("Period:", f"{calendar.month_name[int(month)]} {year}"),
        6: ("Source:", "Invented sample in the layout of the SDCS data collection - MSitAE"),
        7: ("Basis:", "Provider"),
        8: ("Published:", plan.REVISED_PUBLISHED),
        9: ("Revised:", plan.REVISED_ON),
        10: ("Status:", "Published"),
        11: ("Contact:", "none"),
    }
    for at, cells in block.items():
        _put(sheet, at, _from(1, cells))
    _put(sheet, 13, {1: title})
    _put(sheet, 14, dict(heads))
    return sheet


def _everything(rows: Sequence[Cells]) -> list[Part]:
    parts = [Performance.of(cells, _ALL) for cells in rows]
    return [*Performance.total(parts).block(), *_admitted(rows)]


def _admitted(rows: Sequence[Cells]) -> list[int]:
    """Admissions; here "over 4 hours" includes "over 12", which the CSV keeps apart."""

    def add(*names: str) -> int:
        return sum(cells[name] for cells in rows for name in names)

    via = ("adm1", "adm2", "adm3")
    kinds = [add(name) for name in via]
    waits = [add("dta4", "dta12"), add("dta12")]
    return [*kinds, add(*via), add("other"), add(*via, "other"), *waits]


def _booked(rows: Sequence[Cells]) -> Row:
    """The booked sheet's own order: attendances, over, shares, and far right within."""
    booked = Performance.total([Performance.of(c, _BOOKED) for c in rows])
    plain = Performance.total([Performance.of(c, _UNBOOKED) for c in rows])
    both = Performance.total([Performance.of(c, _ALL) for c in rows])
    first = [*_summed(booked.attended), *_summed(booked.over), *booked.shares()]
    ratios = [plain.shares()[0], both.shares()[0]]
    working = [_summed(counts)[-1] for counts in (plain.within, both.within, plain.over, both.over)]
    return _from(4, [*first, *ratios]) | _from(24, _summed(booked.within)) | _from(32, working)


def _summed(counts: list[int] | None) -> list[Part]:
    return [DASH] * 4 if counts is None else [*counts, sum(counts)]


def _columns(rows: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def _unreported(cells: Cells) -> bool:
    return cells["att1"] > 0 and not any(cells[name] for name in OVER)


def _provider(code: str, made: world.World) -> tuple[str, str, str]:
    """Name, region and system of a provider."""
    found = next(o for o in made.providers if o.code == code)
    return found.name, found.region, found.system


def _who(code: str, made: world.World) -> list[str]:
    """Code, region in the workbook's spelling, name."""
    name, region, _ = _provider(code, made)
    label = f"NHS England {world.REGIONS[region].title()}"
    return [code, label if region == "Y56" else label + " ", name.title()]


def _board(code: str, made: world.World) -> str:
    return made.systems[_provider(code, made)[2]]


def _order(rows: dict[str, Cells], made: world.World) -> list[str]:
    """By region, then name, as published."""
    return sorted(rows, key=lambda code: (_who(code, made)[1], _provider(code, made)[0], code))


def _from(first: int, cells: Sequence[object]) -> Row:
    return dict(enumerate(cells, first))


def _put(sheet: xlwt.Worksheet, at: int, row: Row) -> None:
    for column, value in row.items():
        sheet.write(at, column, value)
