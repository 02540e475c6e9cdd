from __future__ import annotations

import json
import struct
import zlib
from dataclasses import replace
from xml.etree import ElementTree

import altair as alt
import polars as pl
import pytest

from kpialign import charts
from kpialign.charts import axes, forest, pair, render, system, theme
from kpialign.errors import UsageError
from kpialign.findings import Outcome
from kpialign.terms import Period

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn(outcome: Outcome) -> list[charts.Picture]:
    return list(charts.pictures(outcome))


@pytest.fixture(scope="module")
def drawn_again(outcome: Outcome) -> list[charts.Picture]:
    return list(charts.pictures(replace(outcome)))  # a run of its own, drawn anew


def inked(png: bytes) -> int:
    """Count bytes of the image that are not white; row filters leave white rows near 0 or 255."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, data = 8, b""
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + size]
        at += 12 + size
    return len(zlib.decompress(data).translate(None, delete=bytes([0, 1, 2, 3, 4, 255])))


def test_every_kind_of_chart_is_listed_and_drawn(drawn: list[charts.Picture]) -> None:
    assert set(charts.names()) >= {"forest", "pair", "process", "system"}
    assert [p.stem for p in drawn] == [
        "KA-UEC-002_starve_forest",
        "KA-UEC-001_hold_forest",
        "KA-UEC-002_starve_RYD_pair",
        "QRL_uec.ed.four-hour_process",
        "QRL_uec.ed.dta12_process",
        "QRL_amb.handover.mean_process",
        "QRL_amb.cat2.mean_process",
        "QRL_system",
    ]


def test_text_leaves_ink_in_a_picture() -> None:
    words = alt.Chart(pl.DataFrame({"t": ["Handover"]})).mark_text(fontSize=30).encode(text="t")
    with_font = words.properties(width=300, height=80).configure(font=theme.FONT)
    assert inked(render.png(with_font.to_dict())) > 500


@pytest.mark.parametrize("index", range(8))
def test_pictures_have_ink_and_the_same_bytes_twice(
    drawn: list[charts.Picture], drawn_again: list[charts.Picture], index: int
) -> None:
    first, again = drawn[index], drawn_again[index]
    image = render.png(first.spec)
    assert inked(image) > 20_000
    assert image == render.png(again.spec)
    assert render.svg(first.spec, first.stem) == render.svg(again.spec, again.stem)
    assert render.vega_lite(first.spec) == render.vega_lite(again.spec)


def test_every_chart_is_valid_vega_lite(drawn: list[charts.Picture]) -> None:
    for picture in drawn:
        assert picture.chart.to_dict(validate=True) == picture.spec


def test_svg_says_title_and_description_once_and_nothing_else(drawn: list[charts.Picture]) -> None:
    for picture in drawn:
        root = ElementTree.fromstring(render.svg(picture.spec, picture.stem))
        assert root.get("role") == "img"
        ids = root.get("aria-labelledby", "").split()
        texts = {e.get("id"): e.text for e in root if e.tag in (f"{_SVG}title", f"{_SVG}desc")}
        assert [texts[i] for i in ids] == [render.headline(picture.spec), picture.alt_text]
        inner = [k for e in root.iter() if e is not root for k in e.attrib]
        assert not [k for k in inner if k == "role" or k.startswith("aria-")]


def test_ids_inside_one_svg_carry_its_name(drawn: list[charts.Picture]) -> None:
    for picture in drawn:
        root = ElementTree.fromstring(render.svg(picture.spec, picture.stem))
        assert all(e.attrib["id"].startswith(picture.stem) for e in root.iter() if "id" in e.attrib)


def test_alt_text_names_kind_measure_message_and_latest_figures(
    drawn: list[charts.Picture],
) -> None:
    alt_text = drawn[2].alt_text
    for said in ("Two line charts", "Handover mean", "South Central", "Mar 2026", "cannot tell"):
        assert said in alt_text
    assert "5 months without a report" in alt_text


def test_hostile_names_stay_text_in_the_picture(drawn: list[charts.Picture]) -> None:
    svg = render.svg(drawn[0].spec, drawn[0].stem)
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_a_gap_stays_a_gap(outcome: Outcome) -> None:
    table = pair.frame(outcome, "KA-UEC-002", "starve", "RYD")
    side = table.filter(pl.col("side") == "to")
    assert side.height == 30
    missing = side.filter(pl.col("value").is_null())["period"].to_list()
    assert missing == ["2024-05", "2024-06", "2024-07", "2024-09", "2025-06"]


def test_a_month_absent_from_the_table_is_on_the_spine() -> None:
    frame = pl.DataFrame({"period": ["2024-01", "2024-03"], "value": [1.0, 3.0]})
    assert axes.on_spine(frame, frame["period"])["value"].to_list() == [1.0, None, 3.0]


def test_pair_has_two_panels_on_one_clock_and_no_second_axis(outcome: Outcome) -> None:
    spec = pair.chart(outcome, "KA-UEC-002", "starve", "RYD").to_dict()
    drawing = spec["vconcat"][0]
    assert len(drawing["vconcat"]) == 2
    assert drawing["resolve"] == {"scale": {"x": "shared"}}
    assert "independent" not in json.dumps(spec)


def test_forest_rows_are_sorted_and_the_unestimated_are_named(outcome: Outcome) -> None:
    table = forest.frame(outcome, "KA-UEC-002", "starve")
    estimated = table.filter(pl.col("state") == "estimated")["r"].to_list()
    assert estimated == sorted(estimated, reverse=True)
    assert table["kind"].to_list()[-1] == "England"
    assert table.filter(pl.col("state") == "too few peers")["label"].to_list() == ["too few peers"]
    assert table.filter(pl.col("kind") == "here")["name"].to_list() == ["South Central"]


def test_a_crowd_of_ties_keeps_its_size_and_names_nobody_but_those_here(outcome: Outcome) -> None:
    finding = next(f for f in outcome.findings if f.rule == "KA-UEC-002")
    arrow = next(a for a in finding.arrows if a.id == "starve")
    more = tuple(replace(arrow.ties[1], tie=f"X{n}", name=f"Elsewhere {n}") for n in range(120))
    arrows = tuple(
        replace(a, ties=(*a.ties, *more)) if a.id == "starve" else a for a in finding.arrows
    )
    crowded = replace(outcome, findings=(replace(finding, arrows=arrows),))
    spec = forest.chart(crowded, "KA-UEC-002", "starve").to_dict()
    here, others = spec["vconcat"][0]["vconcat"]
    assert here["height"] + others["height"] < 500
    assert "other ties, largest first" in others["title"]
    drawn = render.svg(spec, "crowd")
    assert "South Central" in drawn
    assert "Elsewhere" not in drawn
    assert forest.frame(crowded, "KA-UEC-002", "starve").height == 131


def test_system_panels_show_the_steps_of_targets(outcome: Outcome) -> None:
    text = render.vega_lite(system.chart(outcome, "QRL").to_dict())
    assert "ambition-2024" in text
    assert "ambition-2025" in text


def test_charts_stand_without_figures(outcome: Outcome) -> None:
    pairs = outcome.tables.pairs
    no_figures = pairs.with_columns(
        pl.lit(None, dtype=pl.Float64).alias(c)
        for c in ("value", "peer_low", "peer_mid", "peer_high")
    )
    bare = replace(outcome, tables=replace(outcome.tables, pairs=no_figures))
    drawing = pair.chart(bare, "KA-UEC-002", "starve", "RYD")
    assert "nan" not in render.svg(drawing.to_dict(), "bare").lower()
    assert list(charts.pictures(replace(outcome, findings=(), system_values=()))) == []


def test_a_chart_is_found_by_rule_and_a_wrong_name_gets_a_hint(outcome: Outcome) -> None:
    assert charts.chart(outcome, "KA-UEC-002").description.startswith("Forest plot")
    assert charts.chart(outcome, "KA-UEC-002", kind="pair").description.startswith("Two line")
    with pytest.raises(UsageError, match="Did you mean KA-UEC-002"):
        charts.chart(outcome, "KA-UEC-02")
    with pytest.raises(UsageError, match="Did you mean forest"):
        charts.chart(outcome, "KA-UEC-002", kind="forrest")


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", [*theme.PALETTE, theme.RULE])
def test_colours_stand_out_from_white(colour: str) -> None:
    assert _contrast(colour, "#FFFFFF") >= 2.99  # F46A25 is published as 3.0


def test_whose_figures_are_added_is_said_by_panel_where_it_differs(outcome: Outcome) -> None:
    first, *rest = outcome.system_values
    mixed = replace(outcome, system_values=(replace(first, basis="service area"), *rest))
    panels = system.chart(mixed, "QRL").to_dict()["vconcat"][0]["concat"]
    assert panels[0]["title"]["subtitle"][-1] == "service area"
    assert panels[1]["title"]["subtitle"][-1] == rest[0].basis


def test_many_panels_stand_three_in_a_row_and_alt_text_keeps_to_targets(outcome: Outcome) -> None:
    copies = [
        (replace(v, indicator=f"{v.indicator}.{i}"), f"{v.indicator}.{i}", v.indicator)
        for i in range(3)
        for v in outcome.system_values
    ]
    table = outcome.tables.values
    values = pl.concat(
        table.filter(pl.col("indicator") == old).with_columns(indicator=pl.lit(new))
        for _, new, old in copies
    )
    many = replace(
        outcome,
        system_values=tuple(value for value, _, _ in copies),
        tables=replace(outcome.tables, values=values),
    )
    drawing = system.chart(many, "QRL")
    assert drawing.to_dict()["vconcat"][0]["columns"] == 3
    assert "Four-hour" in drawing.description
    assert "Handover mean" not in drawing.description


def test_a_steady_figure_does_not_look_like_movement() -> None:
    low, high = axes.heights([pl.Series([49.699, 49.701])])
    assert high - low == pytest.approx(0.02 * 49.7, rel=1e-3)


def test_no_publication_date_is_claimed_where_a_file_has_none(outcome: Outcome) -> None:
    assert "published at" not in theme.source_line(outcome)
    dated = replace(outcome, readings=outcome.readings[:2])
    assert "as published at 9 Apr 2026" in theme.source_line(dated)


def test_labels_at_the_end_of_lines_are_pushed_apart() -> None:
    ends = [axes.EndLabel(10.0, "a", theme.NAVY), axes.EndLabel(10.1, "b", theme.RULE)]
    at = axes.moment(Period(2026, 3))
    placed = axes.end_labels(ends, at, (0.0, 20.0), 160)
    heights = [mark.data["height"][0] for mark in placed]
    assert heights[1] - heights[0] >= 20.0 * 15 / 160


def test_processes_of_their_own_render_the_same_bytes_in_order(drawn: list[charts.Picture]) -> None:
    assert len(drawn) >= 4  # enough for two processes
    for picture in drawn[:3]:
        assert (picture.svg, picture.png) == render.both(picture.spec, picture.stem)


def test_a_host_that_starts_no_process_still_draws(
    drawn: list[charts.Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    some = [(picture.spec, picture.stem) for picture in drawn[:2]]
    assert render.all_of([*some, *some]) == [render.both(*one) for one in (*some, *some)]
