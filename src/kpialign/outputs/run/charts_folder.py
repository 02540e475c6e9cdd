"""Every chart as files: SVG, PNG, Vega-Lite, the table behind it and the alt text."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from kpialign import charts
from kpialign.charts import render, words
from kpialign.findings import Outcome
from kpialign.outputs import atomic, spreadsheet


def write(outcome: Outcome, folder: Path) -> Path:
    """Write ``charts/<rule>_<arrow>_<kind>.*`` and return the folder."""
    place = folder / "charts"
    place.mkdir(parents=True, exist_ok=True)
    for picture in charts.pictures(outcome):
        _write(picture, place, outcome.mark)
    return place


def _write(picture: charts.Picture, place: Path, mark: str) -> None:
    spec, stem = picture.spec, picture.stem
    atomic.write_text(place / f"{stem}.svg", picture.svg)
    atomic.write_bytes(place / f"{stem}.png", picture.png)
    atomic.write_text(place / f"{stem}.vl.json", render.vega_lite(spec))
    atomic.write_text(place / f"{stem}.csv", table(picture, mark))
    # The alt text goes along as a file: Word and PowerPoint ask for it by hand.
    atomic.write_text(place / f"{stem}.txt", picture.alt_text + "\n")


def table(picture: charts.Picture, mark: str) -> str:
    """The table behind a chart as CSV."""
    return spreadsheet.table(_printable(picture.frame, mark))


def snippet(picture: charts.Picture, image: str, *, quarto: bool) -> str:
    """Lines to paste into a paper written in Markdown or Quarto: the picture with its words.

    A figure of Quarto can be referred to by its label.
    """
    title = _plain(render.headline(picture.spec))
    alt = _plain(picture.alt_text).replace('"', "'")
    if not quarto:
        return f"![{alt}]({image})\n\n*{title}*\n"
    label = re.sub(r"[^a-z0-9]+", "-", picture.stem.lower()).strip("-")
    return f'![{title}]({image}){{#fig-{label} fig-alt="{alt}"}}\n'


def _plain(text: str) -> str:
    """Words that no Markdown reads as marks: names come from extracts."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|])", r"\\\1", words.clean(text))


def _printable(frame: pl.DataFrame, mark: str) -> list[spreadsheet.Row]:
    # A month stands in the frame twice, as text and as the date that the axis needs.
    rows = frame.drop("month", strict=False).to_dicts()
    return [{"mark": mark} | row for row in rows] if mark else rows
