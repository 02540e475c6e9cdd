"""Back to whoever sent it: a CSV an organisation with every row and cell that was not used.

The only output with figures that were not published; each line says so.
"""

from __future__ import annotations

import re
from pathlib import Path

from kpialign.findings import DataIssue, Outcome
from kpialign.outputs import atomic
from kpialign.outputs.spreadsheet import Row, table

FOLDER = "return-to-sender"
UNPLACED = "unplaced"
MARK = "not for publication"
_CODE = re.compile(r"[A-Z0-9]{3,10}")
_RESERVED = re.compile(r"CON|PRN|AUX|NUL|(COM|LPT)[0-9]")  # no file can have this name on Windows


def letters(outcome: Outcome) -> dict[str, list[DataIssue]]:
    """What goes back, by the name of its file; nothing where nothing does."""
    out: dict[str, list[DataIssue]] = {}
    for issue in outcome.returned:
        out.setdefault(file_name(issue.organisation), []).append(issue)
    return dict(sorted(out.items()))


def write(outcome: Outcome, folder: Path) -> Path:
    """Write ``return-to-sender/<CODE>.csv`` and take away those of an earlier run."""
    place = folder / FOLDER
    told = letters(outcome)
    for path in place.glob("*.csv"):
        if path.stem not in told:
            path.unlink()
    if not told and place.is_dir() and not any(place.iterdir()):
        place.rmdir()
    for name, issues in told.items():
        atomic.write_text(place / f"{name}.csv", table([_row(issue) for issue in issues]))
    return place


def file_name(organisation: str) -> str:
    """An organisation's code where it can name a file anywhere; extracts may say anything.

    >>> file_name("RA4"), file_name("../RA4"), file_name("CON"), file_name("")
    ('RA4', 'unplaced', 'unplaced', 'unplaced')
    """
    safe = _CODE.fullmatch(organisation) and not _RESERVED.fullmatch(organisation)
    return organisation if safe else UNPLACED


def _row(issue: DataIssue) -> Row:
    return {
        "marking": MARK,
        "organisation": issue.organisation,
        "file": issue.file,
        "sheet": issue.sheet,
        "row": issue.row,
        "column": issue.column,
        "value": issue.value,
        "period": issue.period,
        "check": issue.code,
        "reason": issue.message,
        "what_to_do": issue.todo,
    }
