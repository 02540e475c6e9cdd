"""Looks at the shape of figures in the month's run: invented ones, and published ones."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kpialign.findings import Look, Outcome, Seen, Shape
from kpialign.pipeline.request import Request
from kpialign.pipeline.run import check
from kpialign.pipeline.staying import count_stays
from kpialign.settings import read_settings

NOW = datetime(2026, 11, 2, 9, 30)


def rule(outcome: Outcome, name: str) -> Shape:
    return next(shape for shape in outcome.shapes if shape.rule == name)


def look(shape: Shape, id_: str) -> Look:
    return next(one for one in shape.looks if one.id == id_)


def test_a_run_looks_at_every_target_in_force(sample_outcome: Outcome) -> None:
    looks = rule(sample_outcome, "KA-SHAPE-001").looks
    standard = look(rule(sample_outcome, "KA-SHAPE-001"), "uec.ed.four_hour standard")
    assert standard.scope == "ENGLAND"
    assert standard.figures > 100
    absent = look(rule(sample_outcome, "KA-SHAPE-001"), "diagnostics.dm01.over_6_weeks standard")
    assert absent.said == "no figures in the months in force"
    assert len({one.id for one in looks}) == len(looks)


def test_most_rests_on_what_is_judged_in_public_and_ranked(sample_outcome: Outcome) -> None:
    stakes = {one.indicator: one for one in sample_outcome.stakes}
    assert len(sample_outcome.stakes[0].rests) == 2
    four_hour = stakes["uec.ed.four_hour"]
    assert [on for on, *_ in four_hour.rests] == ["published_standard", "league_table"]
    assert all(source for one in stakes.values() for *_, source in one.rests)
    assert four_hour.looked > 0


def test_in_public_no_look_names_one_organisation(sample_outcome: Outcome) -> None:
    assert sample_outcome.audience == "public"
    assert not [one for s in sample_outcome.shapes for one in s.looks if one.names_one]


@pytest.mark.real
def test_conveyances_are_held_against_handovers_and_attendances(real_outcome: Outcome) -> None:
    handed_over = rule(real_outcome, "KA-SHAPE-003")
    gap = look(handed_over, "patients taken to emergency departments all months with both")
    assert gap.figures == 30 * 11
    assert gap.estimate == pytest.approx(-0.0942, abs=0.0005)
    assert handed_over.withheld == 6
    attended = rule(real_outcome, "KA-SHAPE-004")
    assert attended.seen is Seen.NOTHING
    assert attended.looks[0].p is not None
    assert rule(real_outcome, "KA-SHAPE-002").seen is Seen.TOO_LITTLE_DATA


@pytest.mark.real
def test_the_break_of_november_2025_is_named(real_outcome: Outcome) -> None:
    breaks = rule(real_outcome, "KA-SHAPE-005")
    one = look(breaks, "ev.ae.ecds_basis_2025_11")
    assert one.about == "break from Nov 2025"
    assert "unconfirmed" in one.said
    assert (breaks.seen, breaks.confidence) == (Seen.UNUSUAL, "moderate")


@pytest.mark.real
def test_who_ceased_to_send_and_who_left_months_out_is_named(real_outcome: Outcome) -> None:
    record = rule(real_outcome, "KA-SHAPE-006")
    assert "The Walton Centre" in look(record, "silent ae").said
    assert "BRIDGEWATER" in look(record, "stopped ae").said
    assert "Southport And Ormskirk" in look(rule(real_outcome, "KA-SHAPE-007"), "merger ae").said


def stays(file: Path, bodies: list[str], month: datetime) -> None:
    """Records of stays, three in ten an hour late of which left before four, counted in bands."""
    rng = np.random.default_rng(1)
    records = []
    for body in bodies:
        minutes = rng.gamma(3.0, 70, 20_000)
        late = (minutes >= 240) & (minutes < 300) & (rng.random(len(minutes)) < 0.3)
        minutes = np.where(late, rng.uniform(220, 240, len(minutes)), minutes)
        frame = pl.DataFrame({"organisation": [body] * len(minutes), "minutes": minutes})
        arrival = pl.lit(month) + pl.duration(minutes=pl.int_range(pl.len()))
        stay = pl.duration(microseconds=(pl.col("minutes") * 6e7).cast(pl.Int64))
        records.append(frame.select("organisation", arrival=arrival, departure=arrival + stay))
    source = file.with_suffix(".parquet")
    pl.concat(records).write_parquet(source)
    file.write_text(count_stays([source]).bands.write_csv(), encoding="utf-8")
    source.unlink()


def test_bands_of_stays_tell_how_much_comes_from_the_last_minutes(
    few: Path, sample_outcome: Outcome, tmp_path: Path
) -> None:
    trusts = sample_outcome.tables.bodies
    assert trusts is not None
    codes = sorted(trusts.filter(indicator="uec.ed.four_hour")["organisation"].unique())[:3]
    stays(few / "stays.csv", codes, datetime(2022, 6, 2))
    settings = read_settings(
        tmp_path, {"database": tmp_path / "k.duckdb", "audience": "internal"}, environ={}
    )
    inside = check(Request((few,), settings, now=NOW))
    found = rule(inside, "KA-UEC-009")
    country = look(found, "uec.ed.four_hour 240")
    assert found.seen is Seen.UNUSUAL
    assert country.estimate == pytest.approx(4.1, abs=0.6)
    assert country.low
    assert country.low > 0
    assert "points of performance" in country.said
    leads = [one.body for one in found.looks if one.names_one]
    assert leads == codes
    public = settings.model_copy(update={"audience": "public"})
    told = rule(check(Request((few,), public, now=NOW)), "KA-UEC-009")
    assert told.seen is Seen.TOO_LITTLE_DATA
    assert not [one for one in told.looks if one.names_one]
