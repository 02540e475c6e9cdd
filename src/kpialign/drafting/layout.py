"""A file that no layout recognises → a draft of one, its items, and the questions it leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from kpialign.definitions.items import ItemFile
from kpialign.definitions.layouts import Layout
from kpialign.drafting.keys import Keys, find_keys
from kpialign.drafting.look import Look, is_number, look
from kpialign.drafting.periods import choices, forms_of
from kpialign.drafting.table import ROLE, Drafted, Writer
from kpialign.drafting.words import name_of, once, own, safe
from kpialign.errors import UnreadableError, UsageError
from kpialign.extracts.document import Document, Sheet
from kpialign.extracts.landing import land
from kpialign.extracts.periods import read_date
from kpialign.extracts.privacy import guard
from kpialign.extracts.recognise import plain, recognise
from kpialign.library import Library
from kpialign.terms import Period

_ICB = re.compile(r"Q[A-Z0-9]{2}|E54\d{6}")
_ANY_MONTH = Period(2000, 1)  # no figure is read
Notes = dict[tuple[str | int, ...], list[str]]


@dataclass(frozen=True)
class Asked:
    """What the author said beforehand; what was not said is asked in the draft.

    Attributes:
        id: of the layout.
        role: of its organisations.
        published: whether its figures are published.
        reads: the form in which it writes months.
    """

    id: str = ""
    role: str | None = None
    published: bool | None = None
    reads: str = ""


@dataclass(frozen=True)
class Draft:
    """A layout and its items as plain values, comments by place, and questions to the author."""

    layout: dict[str, Any]
    items: dict[str, Any]
    notes: Notes
    questions: tuple[str, ...]


@dataclass
class _Period:
    rule: dict[str, Any]
    days: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def blocks(self) -> bool:
        return "rows_above" in self.rule


def draft_layout(document: Document, library: Library, asked: Asked) -> Draft:
    """Draft a layout for a document; the result reads it, and only it does.

    Raises:
        UnreadableError: it has a personal column, is no table of organisations, or its columns
            cannot be told.
        UsageError: a layout recognises it already, or the order of day and month is not known.
    """
    guard(document, document.name, ())
    _not_known(document, library)
    seen = list(_tables(document, library.region_codes))
    if not seen:
        raise UnreadableError(
            f"{document.name}: no sheet has a row of headings above codes of organisations and "
            "figures. Add headings, or write the layout by hand (docs/layouts.md)."
        )
    area = _area(document, library)
    period = _period(document, seen, asked)
    same = [pair for pair in seen if _same_place(pair, period)]
    role = asked.role or _role(same, library)
    writer = Writer(area, role, many=len(same) > 1)
    drafts = [
        (keys, drafted)
        for one, keys in same
        if (drafted := writer.draft(one, keys, days=period.days, blocks=period.blocks))
    ]
    if not drafts:
        raise UnreadableError(
            f"{document.name}: no column under the headings holds counts, only what is worked out "
            "from them. Ask its sender for the numerators and denominators."
        )
    draft = _together(document, drafts, period, asked, area)
    left = [f"sheet {one.sheet.name!r} says its months elsewhere and is left out."
            for one, keys in seen if (one, keys) not in same]  # fmt: skip
    roles = [] if role else [ROLE]
    draft = replace(draft, questions=(*roles, *draft.questions, *left))
    places = {item: at for _, drafted in drafts for item, at in drafted.places.items()}
    _proved(document, library, draft, {} if period.blocks else places)
    return draft


def _not_known(document: Document, library: Library) -> None:
    try:
        layout, _ = recognise(document, library.layouts.values())
    except UnreadableError:
        return
    raise UsageError(
        f"{document.name}: {layout.id} recognises this file already, and two layouts would both be "
        f"refused. `kpialign explain {layout.id}` says what it reads."
    )


def _tables(document: Document, regions: Mapping[str, str]) -> Iterator[tuple[Look, Keys]]:
    for sheet in document.sheets:
        one = look(sheet)
        keys = find_keys(one, regions) if one else None
        if one and keys and not _is_headless(one):
            # Figures of ICBs are of no organisation's; a layout may reconcile them, by hand.
            codes = keys.code.told.keys() - set(keys.ends)
            if not all(map(_ICB.fullmatch, codes)):
                yield one, keys


def _is_headless(one: Look) -> bool:
    """Whether figures stand over the figures: then the row is none of headings."""
    over = [is_number(column.heading) for column in one.columns if column.is_number]
    return 2 * sum(over) > len(over)


def _area(document: Document, library: Library) -> str:
    areas = {item.partition(".")[0] for item in library.items}
    name = name_of(document.name)
    return once(f"own_{name}" if name in areas else name, areas)


def _role(seen: list[tuple[Look, Keys]], library: Library) -> str | None:
    """Ambulance, where all codes are those of ambulance services; else it is asked."""
    services = {serves.service for serves in library.serves.values()}
    codes = {
        code for _, keys in seen for code in keys.code.told
        if code not in keys.ends and not code.startswith(tuple(keys.starts.values()) or "\0")
    }  # fmt: skip
    return "ambulance" if codes and codes <= services else None


def _period(document: Document, seen: list[tuple[Look, Keys]], asked: Asked) -> _Period:
    """Where the most tables say their months; rather anywhere than nowhere."""
    found = [_period_of(document, one, keys, asked) for one, keys in seen]
    told = [period for period in found if "asked" not in period.rule] or found
    places = [tuple(sorted((k, str(v)) for k, v in p.rule.items() if k != "reads")) for p in told]
    return told[places.index(max(places, key=places.count))]


def _period_of(document: Document, one: Look, keys: Keys, asked: Asked) -> _Period:
    if keys.period and all(one.headings.index(c.heading) + 1 == c.position for c in keys.period):
        columns = [own(c.heading) for c in keys.period]
        reads = _reads(document, columns, keys.texts, keys.forms, asked)
        return _Period({"columns": columns, "reads": reads}, _has_days(keys.texts, reads))
    if found := _above(one):
        rows, texts = found
        reads = _reads(document, [f"row above {rows}"], texts, forms_of(texts), asked)
        return _Period({"rows_above": rows, "reads": reads}, _has_days(texts, reads))
    if label := _label(one.sheet, one.at):
        text, said = label
        reads = _reads(document, [text], (said,), forms_of([said]), asked)
        return _Period({"label": own(text), "reads": reads})
    note = "The file carries no month: whoever sends it has to say it with --period."
    return _Period({"asked": True}, notes=[note])


def _reads(
    document: Document,
    place: list[str],
    texts: tuple[str, ...],
    forms: tuple[str, ...],
    asked: Asked,
) -> list[str]:
    """The forms, where all read the same months.

    Raises:
        UsageError: they do not; which of them is meant is for the author to say.
    """
    if asked.reads:
        return [asked.reads]
    groups = choices(texts, forms)
    if len(groups) > 1:
        options = " or ".join(f'--reads "{group[0]}"' for group in groups)
        raise UsageError(
            f"{document.name}: {', '.join(place)} can be read in {len(groups)} ways, day first or "
            f"month first. Say {options}."
        )
    return list(groups[0])


def _has_days(texts: tuple[str, ...], reads: list[str]) -> bool:
    """Whether a month has several days."""
    if not any(mark in reads[0] for mark in ("%d", "%j")):
        return False
    days = [datetime.strptime(text, reads[0]) for text in texts]
    return len({(day.year, day.month) for day in days}) < len({day.date() for day in days})


def _above(one: Look) -> tuple[int, tuple[str, ...]] | None:
    """Rows above repeated headings whose every word is a period: how far up, and the words."""
    filled = [h for h in one.headings if h]
    if len(set(filled)) == len(filled):
        return None
    for rows in range(1, min(4, one.at) + 1):
        cells = {plain(c) for c in one.sheet.head[one.at - rows]} - {""}
        if len(cells) > 1 and forms_of(sorted(cells)):
            return rows, tuple(sorted(cells))
    return None


def _label(sheet: Sheet, at: int) -> tuple[str, str] | None:
    for row in sheet.head[:at]:
        for cell, after in pairwise(row):
            label = plain(cell)
            told = label.endswith(":") and not label.lower().startswith(("publ", "revis", "next"))
            if told and forms_of([plain(after)]):
                return label, plain(after)
    return None


def _same_place(pair: tuple[Look, Keys], period: _Period) -> bool:
    """Whether a table says its months where the others do."""
    one, keys = pair
    if columns := period.rule.get("columns"):
        return bool([c.heading for c in keys.period] == columns)
    if label := period.rule.get("label"):
        found = _label(one.sheet, one.at)
        return found is not None and found[0] == str(label)
    if period.blocks:
        above = _above(one)
        return above is not None and above[0] == int(period.rule["rows_above"])
    return True


def _together(
    document: Document, drafts: list[tuple[Keys, Drafted]], period: _Period, asked: Asked, area: str
) -> Draft:
    id_ = asked.id or f"own.{area.removeprefix('own_')}"
    notes: Notes = {}
    questions = [question for _, drafted in drafts for question in drafted.questions]
    markers = sorted({m for _, drafted in drafts for m in drafted.markers})
    layout: dict[str, Any] = {
        "id": id_,
        "status": "draft",
        "title": f"Draft, made by looking at {safe(document.name.rpartition('/')[2])}",
        "publisher": "not said",
        "published": bool(asked.published),
        "recognise": _recognised_by(document, drafts),
        "replaces": "period",
        "published_on": _published_on(document),
        "period": period.rule,
    }
    if period.days:
        layout["grain"] = "day"
    if markers:
        layout["missing"] = {own(m): "suppressed" if m == "*" else "not_reported" for m in markers}
    layout["tables"] = [drafted.table for _, drafted in drafts]
    layout["row_floor"] = max(1, min(len(keys.code.told) for keys, _ in drafts) // 2)
    notes[("publisher",)] = ["? Who publishes or sends it, and under which licence?"]
    if asked.published is None:
        ask = "Are these figures published? Say true if they are: others are not read yet."
        notes[("published",)] = [f"? {ask}"]
        questions.insert(0, ask)
    notes[("row_floor",)] = ["Half of what this file has; fewer rows hold a file back."]
    if period.notes:
        notes[("period",)] = period.notes
        questions += period.notes
    if period.days:
        ask = "A month is the mean of a stock or the sum of a flow: is `measured` right?"
        notes[("grain",)] = [f"? {ask}"]
        questions.append(ask)
    for marker in markers:
        if marker:
            ask = f"What does the publisher mean by {safe(marker)!r}? It is read as no figure."
            if not any(drafted.zeros for _, drafted in drafts):
                ask += f" No 0 is ever written: if it is one, say `zero: [{safe(marker)!r}]`."
            notes[("missing", own(marker))] = [f"? {ask}"]
            questions.append(ask)
    for n, (_, drafted) in enumerate(drafts):
        notes |= {("tables", n, key): told for key, told in drafted.notes.items()}
    return Draft(layout, _item_file(area, drafts), notes, tuple(questions))


def _item_file(area: str, drafts: list[tuple[Keys, Drafted]]) -> dict[str, Any]:
    return {"area": area, "items": [item for _, drafted in drafts for item in drafted.items]}


def _recognised_by(document: Document, drafts: list[tuple[Keys, Drafted]]) -> dict[str, Any]:
    if len(document.sheets) > 1:
        return {"sheets": [drafted.table["sheet"] for _, drafted in drafts]}
    drafted = drafts[0][1]
    keys = list(drafted.table["header"])
    places = [place if isinstance(place, dict) else {"heading": place} for place in _items(drafted)]
    figures = [place["heading"] for place in places if isinstance(place.get("heading"), str)]
    return {"columns": list(dict.fromkeys([*keys, *figures[:3]]))}


def _items(drafted: Drafted) -> list[Any]:
    return list(drafted.table["items"].values())


def _published_on(document: Document) -> dict[str, Any] | str:
    """Labels beside which a date of publication stands."""
    labels = {
        plain(cell)
        for sheet in document.sheets
        for row in sheet.head[:20]
        for cell, after in pairwise(row)
        if plain(cell).lower().startswith(("published", "revised"))
        and (read_date(after) or plain(after) == "-")
    }
    return {"labels": sorted(map(own, labels))} if labels else "none"


def _proved(document: Document, library: Library, draft: Draft, places: Mapping[str, int]) -> None:
    """Whether the draft alone recognises the document and finds each item where it was seen.

    Raises:
        UnreadableError: it does not; nothing is written then.
    """
    layout = Layout.model_validate(draft.layout)
    ItemFile.model_validate(draft.items)
    found, tables = recognise(document, [*library.layouts.values(), layout])
    landed = land(document, found, tables, _ANY_MONTH if layout.period.asked else None)
    there = {item: at for place in landed.places for item, at, _, _ in place.items}
    if wrong := [item for item, at in places.items() if there.get(item) != at]:
        raise UnreadableError(
            f"{document.name}: its headings do not tell its columns apart (for one, {wrong[0]}). "
            "Give every column a heading of its own, or write the layout by hand (docs/layouts.md)."
        )
