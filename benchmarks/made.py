"""Invented definitions and extracts of any size, for the other benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from kpialign.terms import Period, months_between

LAYOUT = """
id: made.long
title: Invented long extract
publisher: nobody
published: true
recognise: {columns: [body, period, item, value]}
replaces: organisation_period
period: {columns: [period], reads: ["%Y-%m"]}
tables:
  - header: [body, period, item, value]
    organisation: {code: body, role: hospital}
    long: {names: item, value: value}
"""
INDICATOR = """
id: made.indicator{n:03d}
status: trial
title: Indicator {n:03d}
short: Indicator {n:03d}
why: It is invented to measure how long a run takes.
kind: process
used_for: nothing
unit: percent
improves: up
measure: {{type: ratio, numerator: made.item{a:03d}, denominator: made.item{b:03d}, scale: 100}}
accountable: {{role: hospital}}
peers: {{set: made_peers}}
quality: {{numerator_within_denominator: false}}
review: {{owner: nobody, reviewed: 2026-01-01, next: 2027-01-01}}
"""
PEERS = """
source: invented
checked: 2026-01-01
peer_sets:
  - {id: made_peers, title: All, role: hospital}
"""
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


def organisations(many: int) -> list[str]:
    """Codes of three characters."""
    return [f"R{a}{b}" for a in LETTERS for b in LETTERS][:many]


def workspace(folder: Path, items: int, indicators: int = 0) -> None:
    """Write definitions: items, and indicators that divide one item by another."""
    texts = {
        "layouts/made_long.yaml": LAYOUT,
        "organisations/made.yaml": PEERS,
        "items/made.yaml": "area: made\nitems:\n"
        + "".join(
            f"  - {{id: made.item{n:03d}, title: Item {n}, unit: patient, measured: flow}}\n"
            for n in range(items)
        ),
    }
    for n in range(indicators):
        text = INDICATOR.format(n=n, a=2 * n, b=2 * n + 1)
        texts[f"measures/made/indicator{n:03d}.yaml"] = text
    for name, text in texts.items():
        path = folder / "definitions" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def extract(path: Path, bodies: int, items: int, months: Sequence[Period], seed: int = 1) -> int:
    """Write a long extract, one row a figure, and return the number of its rows."""
    frame = (
        pl.DataFrame({"body": organisations(bodies)})
        .join(pl.DataFrame({"period": [str(month) for month in months]}), how="cross")
        .join(pl.DataFrame({"item": [f"made.item{n:03d}" for n in range(items)]}), how="cross")
    )
    figures = np.random.default_rng(seed).integers(1, 100_000, frame.height)
    frame.with_columns(pl.Series("value", figures)).write_csv(path)
    return frame.height


def months(first: str, last: str) -> list[Period]:
    """The months from one to another, both included."""
    return list(months_between(Period.parse(first), Period.parse(last)))
