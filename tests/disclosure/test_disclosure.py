from __future__ import annotations

import ast
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.told import told
from kpialign import charts
from kpialign.disclosure import HIDDEN, PRESETS, figures, protected
from kpialign.findings import (
    BandStep,
    CompositeMove,
    CompositeStep,
    Ledger,
    LedgerStage,
    Movement,
    MovementStep,
    Outcome,
    StageLoss,
    StageMeasure,
)
from kpialign.findings.facts import Unpublished
from kpialign.outputs import pack, star
from kpialign.outputs import run as outputs
from kpialign.outputs.pack.choice import Choice
from kpialign.outputs.pack.content import Pack
from kpialign.outputs.pack.formats import pdf
from kpialign.pipeline.bodies import COLUMNS
from kpialign.terms import Release

SOURCE = Path(__file__).resolve().parents[2] / "src" / "kpialign"
NHS, EHRQL = PRESETS["nhs-digital"], PRESETS["ehrql"]
MONTH = "2026-03"


def bodies(*parts: tuple[float, float], published: bool = False) -> pl.DataFrame:
    rows = [
        ("i", f"R{n}", f"R{n}", "hospital", True, MONTH, seen, whole, 100 * seen / whole,
         "reported", None, published)
        for n, (seen, whole) in enumerate(parts)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def test_published_figures_stay_as_they_are() -> None:
    frame = bodies((3, 400), (7, 12), published=True)
    assert figures.bodies(frame, NHS).equals(frame)


@pytest.mark.parametrize(("preset", "gone"), [(NHS, [False, True, True, False]),
                                              (EHRQL, [True, True, True, False])])  # fmt: skip
def test_small_parts_are_hidden_by_the_preset(preset: object, gone: list[bool]) -> None:
    assert isinstance(preset, type(NHS))
    frame = figures.bodies(bodies((0, 400), (1, 400), (7, 400), (103, 400)), preset)
    assert (frame["state"] == HIDDEN).to_list() == gone
    assert frame["value"].is_null().to_list() == gone
    assert frame["numerator"][3] == 105.0
    assert frame["value"][3] == pytest.approx(100 * 105 / 400)


def test_what_is_left_of_a_whole_is_a_number_too() -> None:
    frame = figures.bodies(bodies((395, 400), (198, 400), (300, 400), (210, 400)), NHS)
    assert frame["state"][0] == HIDDEN


def test_a_figure_hidden_alone_takes_the_next_smallest_with_it() -> None:
    frame = figures.bodies(bodies((3, 400), (90, 400), (60, 400), (200, 400)), NHS)
    assert frame.filter(state=HIDDEN)["organisation"].to_list() == ["R0", "R2"]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=9))
def test_no_small_number_is_left_and_none_is_hidden_alone(parts: list[tuple[int, int]]) -> None:
    frame = figures.bodies(bodies(*((a, a + b + 40.0) for a, b in parts)), NHS)
    shown = frame.filter(pl.col("state") != HIDDEN)
    for part in ("numerator", "denominator"):
        assert not shown[part].is_between(1, 4).any()
        assert (shown[part] % 5 == 0).all()
    assert frame.filter(state=HIDDEN).height != 1


@pytest.fixture(scope="module")
def hidden() -> Outcome:
    """The invented run with a figure of few people that nobody may see yet."""
    outcome = told()
    given = outcome.tables.bodies
    assert given is not None
    own = (pl.col("organisation") == "RH0") & (pl.col("period") == MONTH)
    small = given.with_columns(
        pl.when(own).then(3.0).otherwise(pl.col("numerator")).alias("numerator"),
        pl.when(own).then(7654.25).otherwise(pl.col("value")).alias("value"),
        (pl.col("role") == "ambulance").alias("published"),
    )
    values = outcome.tables.values
    whole = (pl.col("indicator") == "uec.ed.four_hour") & (pl.col("period") == MONTH)
    values = values.with_columns(
        pl.when(whole).then(4.0).otherwise(pl.col("numerator")).alias("numerator"),
        pl.when(whole).then(900.0).otherwise(pl.col("denominator")).alias("denominator"),
        pl.when(whole).then(8765.25).otherwise(pl.col("value")).alias("value"),
    )
    points = outcome.tables.points.with_columns(
        pl.when(whole).then(8765.25).otherwise(pl.col("value")).alias("value")
    )
    system = tuple(
        replace(v, value=8765.25) if v.indicator == "uec.ed.four_hour" else v
        for v in outcome.system_values
    )
    release = Release.parse("management_information")
    four = "uec.ed.four_hour"
    way = Ledger("w", "W", "y", "stages", "QRL", "Q", MONTH, (LedgerStage("s", "S", (), (
        StageMeasure(four, "F", "percent", "up", 8765.25, "reported", None, "b"),), (
        StageLoss(four, "people", "all", 8765.25, 8765.25, None, "b", ""),), ()),), "")  # fmt: skip
    move = Movement(four, "F", "percent", "up", "QRL", "Q", "b", "2026-02", MONTH, 1.0, 1.0,
                    8765.25, (MovementStep("rate", "RH0", "R", 7654.25),))  # fmt: skip
    change = CompositeMove("2026-02", 1.0, 8765.25, (CompositeStep(four, "F", 7654.25),))
    whole = replace(outcome.composites[0], moves=(change,), to_move=(
        BandStep("b", four, "F", 8765.25, 7654.25),))  # fmt: skip
    parts = values.filter(scope="QRL").select(
        pl.lit("icb").alias("level"), pl.col("scope").alias("unit"), "indicator", "period",
        "value", "numerator", "denominator",
    )  # fmt: skip
    return replace(
        outcome, audience="internal", system_values=system,
        movements=(move,), ledgers=(way,), composites=(whole, *outcome.composites[1:]),
        unpublished=(Unpublished("a.csv", "l", release, (MONTH,)),),
        tables=replace(outcome.tables, bodies=small, values=values, parts=parts,
                       points=points),
    )  # fmt: skip


def test_a_whole_that_is_small_goes_with_its_targets_and_composites(hidden: Outcome) -> None:
    safe = protected(hidden, "nhs-digital")
    value = safe.system_values[0]
    assert (value.value, value.state) == (None, HIDDEN)
    assert all(t.value is None and t.met is None for t in value.targets)
    assert safe.composites[0].state == HIDDEN
    assert "disclosure: nhs-digital" in safe.notes[-1]


def test_movement_ledgers_and_parts_give_nothing_away(hidden: Outcome) -> None:
    safe = protected(hidden, "nhs-digital")
    assert hidden.movements
    assert safe.movements == ()
    assert (safe.composites[0].moves, safe.composites[0].to_move) == ((), ())
    (stage,) = safe.ledgers[0].stages
    assert (stage.measures[0].value, stage.measures[0].state) == (None, HIDDEN)
    assert stage.losses[0].amount is None
    assert safe.tables.parts is not None
    own = safe.tables.parts.filter(indicator="uec.ed.four_hour", period=MONTH)
    assert own.select("value", "numerator", "denominator").row(0) == (None, None, None)


def test_the_limits_of_a_series_that_lacks_a_month_go_with_it(hidden: Outcome) -> None:
    safe = protected(hidden, "nhs-digital")
    own = safe.tables.points.filter(indicator="uec.ed.four_hour", scope="QRL")
    gone = own.filter(period=MONTH).row(0, named=True)
    assert (gone["value"], gone["variation"], gone["why"]) == (None, "not_reported", "")
    # Mean times months less the others would be the month that is hidden.
    assert own["centre"].null_count() == own["drawn_high"].null_count() == own.height
    other = safe.tables.points.filter(pl.col("indicator") != "uec.ed.four_hour")
    assert other["centre"].null_count() < other.height
    value = next(v for v in safe.system_values if v.indicator == "uec.ed.four_hour")
    assert value.process is None


def test_what_stays_of_a_whole_follows_its_rounded_parts(hidden: Outcome) -> None:
    safe = protected(hidden, "nhs-digital")
    key = {"indicator": "uec.ed.four_hour", "scope": "QRL", "period": "2026-01"}
    shown, drawn = safe.tables.values.filter(**key), safe.tables.points.filter(**key)
    assert drawn["value"].to_list() == shown["value"].to_list()


def test_a_run_without_unpublished_figures_comes_back_itself() -> None:
    outcome = told()
    assert protected(outcome, "nhs-digital") is outcome


def test_no_output_says_what_is_hidden(hidden: Outcome, tmp_path: Path) -> None:
    safe = protected(hidden, "nhs-digital")
    outputs.write(safe, tmp_path, [n for n in outputs.names() if n != "charts_folder"])
    star.write(safe, tmp_path / "star")
    some = Choice(sections=("headline", "public", "sentences", "method"))
    (tmp_path / "pack.md").write_bytes(pack.render("md", pack.build(safe, choice=some)))
    files = [path for path in tmp_path.rglob("*.*") if path.suffix not in (".parquet", ".png")]
    assert len(files) > 10
    for path in files:
        text = path.read_text("utf-8", "replace").replace(",", "")
        for figure in ("7654.2", "8765.2"):
            assert figure not in text, path.name
    given = pack.render("md", pack.build(hidden, choice=some)).decode()
    assert "8765.2" in given.replace(",", "")


@pytest.mark.slow
def test_no_format_of_the_pack_and_no_chart_says_what_is_hidden(
    hidden: Outcome, tmp_path: Path
) -> None:
    safe = protected(hidden, "nhs-digital")
    texts = {f"{kind} {subject}": _chart(safe, kind, subject)
             for kind, subject in charts.listed(safe)}  # fmt: skip
    assert len({name.split()[0] for name in texts}) > 8
    texts |= _formats(pack.build(safe), tmp_path)
    for name, text in texts.items():
        for figure in ("7654.2", "8765.2"):
            assert figure not in text.replace(",", ""), name
    few = Choice(sections=("headline", "sentences"))
    given = _formats(pack.build(hidden, choice=few), tmp_path)
    assert all("8765.2" in text.replace(",", "") for text in given.values())
    assert "8765.2" in _chart(hidden, "process", ("QRL", "uec.ed.four_hour"))


def _chart(outcome: Outcome, kind: str, subject: tuple[str, ...]) -> str:
    """A chart as its specification, and the table behind it."""
    drawn = charts.chart(outcome, *subject, kind=kind).to_dict(validate=False)
    return json.dumps(drawn) + charts._load(kind).frame(outcome, *subject).write_json()


def _formats(built: Pack, place: Path) -> dict[str, str]:
    """Every format of a pack as text: archives unpacked, the PDF as it is set."""
    texts = {}
    for kind in pack.kinds():
        if kind == "pdf":
            texts[kind] = "\n".join(pdf._lines(built, place)).replace("\\", "")
            continue
        pytest.importorskip({"xlsx": "xlsxwriter", "docx": "docx", "pptx": "pptx"}.get(kind, "re"))
        data = pack.render(kind, built)
        texts[kind] = _unpacked(data) if data.startswith(b"PK") else data.decode()
    return texts


def _unpacked(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [name for name in archive.namelist() if name.endswith(".xml")]
        return "\n".join(archive.read(name).decode() for name in parts)


def test_nothing_but_the_run_makes_an_outcome_and_it_protects_it() -> None:
    makers = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Outcome"
    }
    assert makers == {"pipeline/telling.py"}
    run = ast.parse((SOURCE / "pipeline" / "run.py").read_text("utf-8"))
    make = next(n for n in run.body if isinstance(n, ast.FunctionDef) and n.name == "make")
    calls = [getattr(n.func, "id", "") for n in ast.walk(make) if isinstance(n, ast.Call)]
    assert "protected" in calls
    users = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "pipeline.telling import" in path.read_text("utf-8")
    }
    assert users == {"pipeline/run.py"}


def test_what_is_left_of_a_series_with_a_hidden_month_goes_whole() -> None:
    outcome = told()
    months = outcome.tables.pairs["period"].unique().sort()[:2].to_list()
    pairs = pl.DataFrame(
        [("i", tie, month, 1.0, 0.5) for tie in ("R1", "R3") for month in (*months, MONTH)],
        schema=["indicator", "tie", "period", "value", "less_peers"],
        orient="row",
    )
    figures_of = bodies((0, 400), (1, 400), (7, 400), (103, 400))
    safe = protected(
        replace(outcome, tables=replace(outcome.tables, pairs=pairs, bodies=figures_of)),
        "nhs-digital",
    ).tables.pairs
    assert safe["value"].to_list() == [1.0, 1.0, None, 1.0, 1.0, 1.0]
    assert safe["less_peers"].to_list() == [None] * 3 + [0.5] * 3
