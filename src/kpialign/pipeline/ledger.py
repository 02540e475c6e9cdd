"""The run's entry in the ledger, and whether a new run would say anything new.

A run over the same files, definitions, settings and month, whose outputs still stand as
they were written, is not made again: its screen is shown.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from kpialign.outputs import atomic
from kpialign.pipeline.request import Arrival, Request
from kpialign.shipped import VERSION, shipped
from kpialign.store import manifest
from kpialign.store.database import open_database

MANIFEST = "manifest.json"
PATIENCE_AT_END = 60.0  # seconds; the work is done, and only its entry is missing


@dataclass(frozen=True)
class Summary:
    """What decides a run's exit code.

    Attributes:
        gate: outcome of the gate.
        refused: files that could not be read.
        supported: severities of the rules found supported.
    """

    gate: str
    refused: tuple[str, ...]
    supported: tuple[str, ...]


@dataclass(frozen=True)
class Earlier:
    """A run that need not be made again."""

    summary: Summary
    screen: str
    findings_json: str


@dataclass(frozen=True)
class Remembered:
    """What the last run was about.

    Attributes:
        workspace: its folder, ``None`` where it is not known or not there any more.
        system: what stood in front; empty for England.
    """

    workspace: Path | None = None
    system: str = ""


def remembered(database: Path) -> Remembered:
    """What the last run that was entered was about; nothing where there is none."""
    if not database.is_file():
        return Remembered()
    with open_database(database) as connection:
        rows = connection.execute(
            "SELECT outcome FROM run WHERE outcome LIKE '{%' ORDER BY run_id DESC LIMIT 1"
        ).fetchall()
    told = json.loads(rows[0][0]) if rows else {}
    place = told.get("workspace")
    # The folder is written as seen from the database, so that both may move together.
    folder = Path(os.path.relpath(database.parent / place)) if place else None
    return Remembered(folder if folder and folder.is_dir() else None, told.get("system", ""))


def inputs_hash(request: Request, found: Sequence[Arrival]) -> str:
    """Fingerprint of everything a run's outcome depends on."""
    settings = request.settings
    folders = [shipped("indicators"), shipped("sql"), settings.definitions, settings.exceptions]
    files = [p for folder in folders if folder.is_dir() for p in sorted(folder.rglob("*.*"))]
    files += sorted(settings.workspace.glob("*.csv")) + sorted(settings.workspace.glob("*.toml"))
    told = {
        "version": VERSION,
        "files": sorted((a.name, a.sha256, a.why) for a in found),
        "settings": settings.model_dump(mode="json"),
        "published": {name: str(day) for name, day in request.published.items()},
        "allow": sorted(request.allow),
        "periods": {name: str(month) for name, month in request.periods.items()},
        "statuses": {name: str(status) for name, status in request.statuses.items()},
        "month": f"{request.now:%Y-%m}",
        "definitions": [_digest(path) for path in files if path.is_file()],
        "exceptions": _running_out(settings.exceptions, request.now.date()),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def find_earlier(request: Request, inputs: str, found: Sequence[Arrival]) -> Earlier | None:
    """The last run, when it was of the same inputs and its outputs still stand.

    A database that lacks what its manifest names has something new to say.
    """
    settings = request.settings
    if not settings.database.is_file() or not _stands(settings.pack):
        return None
    bring = {arrival.sha256 for arrival in found}
    with open_database(settings.database, bring) as connection:
        if manifest.see(connection, bring):
            return None
        # No bound value: DuckDB 1.5 imports pandas to look at one.
        rows = connection.execute(
            "SELECT inputs_hash, outcome, screen, findings_json, stands_until FROM run "
            "WHERE run_id = (SELECT max(run_id) FROM run)"
        ).fetchall()
    if not rows or rows[0][0] != inputs:
        return None
    until = rows[0][4]
    if until is not None and until <= request.now.date():
        return None
    told = json.loads(rows[0][1])
    summary = Summary(told["gate"], tuple(told["refused"]), tuple(told["supported"]))
    return Earlier(summary, rows[0][2], rows[0][3])


def enter(
    request: Request, run_id: int, inputs: str, summary: Summary, *, screen: str,
    findings_json: str,
) -> None:  # fmt: skip
    """Complete the ledger's entry of a finished run; another run may have begun since."""
    outcome = {
        "gate": summary.gate,
        "refused": list(summary.refused),
        "supported": list(summary.supported),
        "system": request.settings.system,
        "workspace": _from(request.settings.database.parent, request.settings.workspace),
    }
    with open_database(request.settings.database, patience=PATIENCE_AT_END) as connection:
        connection.execute(
            "UPDATE run SET inputs_hash = ?, outcome = ?, screen = ?, findings_json = ? "
            "WHERE run_id = ?",
            [inputs, json.dumps(outcome), screen, findings_json, run_id],
        )


def _from(folder: Path, workspace: Path) -> str:
    try:
        return Path(os.path.relpath(workspace, folder)).as_posix()
    except ValueError:  # another drive
        return str(workspace.resolve())


def write_manifest(report: Path, written: Sequence[Path]) -> None:
    """Write down what the outputs are, so that a change to them is noticed."""
    files = sorted(p for path in written for p in (path.rglob("*") if path.is_dir() else [path]))
    told: Mapping[str, str] = {
        str(path.relative_to(report)): _digest(path) for path in files if path.is_file()
    }
    atomic.write_text(report / MANIFEST, json.dumps(told, indent=1, sort_keys=True))


def _stands(report: Path) -> bool:
    manifest = report / MANIFEST
    if not manifest.is_file():
        return False
    told: dict[str, str] = json.loads(manifest.read_text("utf-8"))
    return all(
        (report / name).is_file() and _digest(report / name) == digest
        for name, digest in told.items()
    )


def _running_out(folder: Path, today: date) -> list[tuple[str, bool, bool]]:
    """The days written in exceptions: whether each is over, or is a month away at most.

    Read by their form, for reading YAML takes longer than a run with nothing new may.
    """
    texts = [path.read_text("utf-8", "replace") for path in sorted(folder.rglob("*.yaml"))]
    days = {day for text in texts for day in re.findall(r"\d{4}-\d{2}-\d{2}", text)}
    soon = str(today + timedelta(days=31))
    return [(day, day < str(today), day <= soon) for day in sorted(days)]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
