#!/usr/bin/env bash
# Installs Dagster and this checkout beside each other in an environment of their own, and runs
# the recipe on the sample: one file of it is held back, everything else reaches the warehouse.
set -euo pipefail
house=$(cd "$(dirname "$0")/.." && pwd)
place=${1:-$(mktemp -d)}
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q dagster "$house"
cd "$place"
export DAGSTER_HOME="$place/home" DAGSTER_DISABLE_TELEMETRY=yes LANDING="$house/sample_data"
mkdir -p "$DAGSTER_HOME"
printf 'telemetry:\n  enabled: false\n' > "$DAGSTER_HOME/dagster.yaml"
"$place/venv/bin/python" "$house/recipes/dagster_recipe.py" 2> dagster.log | tee told.txt
grep -q '^check gate: not passed' told.txt
"$place/venv/bin/python" - <<'PYTHON'
import duckdb

with duckdb.connect("warehouse.duckdb", read_only=True) as warehouse:
    files, rows = warehouse.execute("SELECT count(DISTINCT file), count(*) FROM figures").fetchall()[0]
    held = warehouse.execute("SELECT DISTINCT file FROM 'checked/rejected.parquet'").fetchall()
print(f"warehouse: {rows:,} figures of {files} files; held back: {held[0][0]}")
assert rows > 70_000 and len(held) == 1
PYTHON
