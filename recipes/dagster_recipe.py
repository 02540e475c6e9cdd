"""Dagster: extracts pass the gate, and what is good of them goes on to a warehouse.

    dagster dev -f dagster_recipe.py      # in your own project
    python dagster_recipe.py              # once, here

The environment says where things are: LANDING, CHECKED and WAREHOUSE.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb

LANDING = Path(os.environ.get("LANDING", "landing"))
CHECKED = Path(os.environ.get("CHECKED", "checked"))
WAREHOUSE = os.environ.get("WAREHOUSE", "warehouse.duckdb")
DONE, HELD_BACK, BUSY = 0, 1, 75

GATE = dg.AssetCheckSpec("gate", asset="checked_extracts")


@dg.asset(check_specs=[GATE])
def checked_extracts() -> dg.MaterializeResult:
    """The gate's answer, with good.parquet and rejected.parquet beside it."""
    asked = ["gate", str(LANDING), "--save", str(CHECKED), "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "kpialign", *asked], capture_output=True, text=True, check=False
    )
    if done.returncode == BUSY:  # another run holds the database
        raise dg.RetryRequested(max_retries=5, seconds_to_wait=60)
    if done.returncode not in (DONE, HELD_BACK):  # nothing is known of the data: do not go on
        raise dg.Failure(f"kpialign ended with {done.returncode}", {"stderr": done.stderr})
    figures = json.loads(done.stdout)["figures"]
    check = dg.AssetCheckResult(
        passed=done.returncode == DONE, check_name="gate", metadata={**figures}
    )
    return dg.MaterializeResult(metadata=figures, check_results=[check])


@dg.asset(deps=[checked_extracts])
def figures() -> dg.MaterializeResult:
    """Good figures alone; one bad organisation has not held back the others."""
    with duckdb.connect(WAREHOUSE) as warehouse:
        warehouse.execute(
            "CREATE OR REPLACE TABLE figures AS SELECT * FROM read_parquet(?)",
            [str(CHECKED / "good.parquet")],
        )
        rows = warehouse.execute("SELECT count(*) FROM figures").fetchall()[0][0]
    return dg.MaterializeResult(metadata={"rows": rows})


defs = dg.Definitions(assets=[checked_extracts, figures])

if __name__ == "__main__":
    result = dg.materialize([checked_extracts, figures], raise_on_error=False)
    for check in result.get_asset_check_evaluations():
        print(f"check {check.check_name}: {'passed' if check.passed else 'not passed'}")
    for one in result.get_asset_materialization_events():
        told = one.materialization.metadata
        print(f"asset {one.asset_key.to_user_string()}: { {k: v.value for k, v in told.items()} }")
    sys.exit(0 if result.success else 1)
