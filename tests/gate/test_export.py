"""What is exported is asked again by Great Expectations alone, with the same verdicts."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from fixtures.totalled import bare, totalled
from kpialign.findings import Gated
from kpialign.pipeline import remembering
from kpialign.pipeline.request import Request
from kpialign.settings import read_settings

# What a team runs that has Great Expectations and pandas, and nothing of ours.
ALONE = """
import json, sys
import great_expectations as gx
import pandas as pd

frame, suite = pd.read_parquet(sys.argv[1]), json.load(open(sys.argv[2], encoding="utf-8"))
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
batch = (
    context.data_sources.add_pandas("p").add_dataframe_asset("a")
    .add_batch_definition_whole_dataframe("b").get_batch(batch_parameters={"dataframe": frame})
)
told = batch.validate(gx.ExpectationSuite(**suite), result_format="COMPLETE")
print(json.dumps([
    [one.expectation_config.meta, one.success, one.result.get("unexpected_count")]
    for one in told.results
]))
assert not any(name.startswith(("kpialign", "polars")) for name in sys.modules)
"""


@pytest.fixture(scope="module")
def exported(
    sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Gated, Path, list[Path]]:
    """A month with too many over four hours, one with a negative figure, a clean one."""
    folder = tmp_path_factory.mktemp("export")
    landing = folder / "landing"
    landing.mkdir()
    for name, heading, value in (
        ("Monthly-AE-April-2022.csv", "Attendances over 4hrs Type 1", "999999"),
        ("June-2022-CSV-ne5k9.csv", "A&E attendances Type 2", "-4"),
        ("March-2023-AE-by-provider-Z7QKD-revised-110523.xls", "", ""),
    ):
        path = landing / name
        shutil.copy(sample / "ae" / name, path)
        if heading:
            text = path.read_text("utf-8")
            rows = bare(text)
            at = rows[0].index(heading)
            next(row for row in rows[1:] if row[at] not in ("0", "-"))[at] = value
            path.write_text(totalled(rows), "utf-8")
    settings = read_settings(folder, {"database": folder / "k.duckdb"}, environ={})
    request = Request((landing,), settings, now=datetime(2026, 11, 2))
    gated, _ = remembering.answer(request, folder / "suites")
    return gated, folder, sorted((folder / "suites").glob("*.json"))


def test_great_expectations_alone_gives_the_same_verdict_for_every_check(
    exported: tuple[Gated, Path, list[Path]],
) -> None:
    gated, folder, suites = exported
    layouts = ["nhse.ae.csv", "nhse.ae.workbook"]
    assert [path.stem for path in suites] == [n + e for n in layouts for e in (".files", "")]
    failed = {}
    for suite in suites:
        done = subprocess.run(
            [sys.executable, "-c", ALONE, str(suite.with_suffix(".parquet")), str(suite)],
            cwd=folder, capture_output=True, text=True, check=True,
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        )  # fmt: skip
        answers = json.loads(done.stdout.splitlines()[-1])
        said: dict[str, bool] = defaultdict(lambda: True)
        for meta, success, _ in answers:
            said[meta["check"]] &= success
        ours = {
            check: all(not r.failed for r in gated.verdict.results
                       if r.layout == suite.stem.removesuffix(".files") and r.check == check)
            for check in said
        }  # fmt: skip
        assert dict(said) == ours
        assert ours.keys() == {"KG-010", "KG-011"} if ".files" in suite.stem else len(ours) > 6
        failed[suite.stem] = {check for check, holds in said.items() if not holds}
    assert {"KG-006", "KG-007"} <= failed["nhse.ae.csv"]
    assert failed["nhse.ae.workbook"] == set()


def test_suites_keep_their_meta_and_come_out_with_the_same_bytes(
    exported: tuple[Gated, Path, list[Path]],
) -> None:
    _, folder, suites = exported
    for path in suites:
        for one in json.loads(path.read_text("utf-8"))["expectations"]:
            assert {"check", "severity", "organisation", "threshold"} <= one["meta"].keys()
        frame = pl.read_parquet(io.BytesIO(path.with_suffix(".parquet").read_bytes()))
        places = (
            {"organisation", "period", "sheet", "row"} if ".files" not in path.stem else {"file"}
        )
        assert {*places, "file"} <= set(frame.columns)
    settings = read_settings(folder, {"database": folder / "k.duckdb"}, environ={})
    request = Request((folder / "landing",), settings, now=datetime(2026, 11, 2))
    assert remembering.answer(request, folder / "again")[1]  # a suite is made, not remembered
    for path in (folder / "suites").iterdir():
        assert (folder / "again" / path.name).read_bytes() == path.read_bytes()
