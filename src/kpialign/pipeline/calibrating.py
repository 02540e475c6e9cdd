"""Calibrated: what `kpialign calibrate` measured, kept in the workspace and put beside findings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from kpialign.findings import Calibration, Finding

CALIBRATION_FILE = "calibration.csv"
_WHOLE = ("months", "ties", "unlinked", "looks", "draws", "seed")
_TEXT = ("rule", "arrow", "plan_hash", "month")


def rendered(measured: Iterable[Calibration]) -> str:
    """The file's text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Calibration)])
    writer.writeheader()
    writer.writerows(
        {key: f"{v:.4f}" if isinstance(v, float) else v for key, v in asdict(one).items()}
        for one in measured
    )
    return text.getvalue()


def calibrated(
    findings: Sequence[Finding], workspace: Path
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Put to each arrow what was measured of its plan; notes say what is of another plan.

    A file that cannot be read costs a note and no run: it is made again by one command.
    """
    path = workspace / CALIBRATION_FILE
    if not path.is_file():
        return tuple(findings), ()
    try:
        known = {(one.rule, one.arrow): one for one in _read(path)}
    except (KeyError, ValueError):
        note = f"{path}: is not as `kpialign calibrate` writes it; run that again"
        return tuple(findings), (note,)
    plans = {finding.rule: finding.plan_hash for finding in findings}
    old = sorted(
        {r for (r, _), one in known.items() if plans.get(r, one.plan_hash) != one.plan_hash}
    )
    told = tuple(
        replace(
            finding,
            arrows=tuple(
                replace(arrow, calibration=known.get((finding.rule, arrow.id)))
                for arrow in finding.arrows
            ),
        )
        if finding.rule not in old
        else finding
        for finding in findings
    )
    notes = (f"{CALIBRATION_FILE}: {', '.join(old)} had another plan; run `kpialign calibrate`",)
    return told, notes if old else ()


def _read(path: Path) -> list[Calibration]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Calibration(**{f.name: _typed(f.name, row[f.name]) for f in fields(Calibration)})
            for row in csv.DictReader(file)
        ]


def _typed(name: str, text: str) -> Any:
    if name in _TEXT:
        return text
    if name in _WHOLE:
        return int(text)
    return float(text) if text else None
