"""SQL files as models: their order, their names, and that each gives the same rows twice."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from kpialign import engine
from kpialign.engine import models
from kpialign.extracts.document import fingerprint
from kpialign.extracts.workspace import read_workspace
from kpialign.findings import GateVerdict
from kpialign.library import load
from kpialign.pipeline import admitting, modelling, shaping
from kpialign.pipeline.reading import read_files
from kpialign.pipeline.request import Arrival
from kpialign.shipped import shipped
from kpialign.store import publish
from kpialign.store.database import SETTINGS, open_database
from kpialign.store.rows import insert

FOLDERS = {path.name: path for path in sorted((shipped("sql") / "models").iterdir())}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture
def sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ``sql`` folder of the test's own, with an empty folder of models."""
    monkeypatch.setattr(models, "shipped", lambda folder: tmp_path / folder)
    (tmp_path / "sql" / "models" / "own").mkdir(parents=True)
    return tmp_path / "sql"


def write(sql: Path, **texts: str) -> None:
    for name, text in texts.items():
        (sql / "models" / "own" / f"{name}.sql").write_text(text, "utf-8")


def test_a_model_is_built_after_those_it_reads_whatever_their_names(
    connection: duckdb.DuckDBPyConnection, sql: Path
) -> None:
    write(
        sql,
        a="SELECT n + 1 AS n FROM m WHERE n IN (SELECT n FROM z)",
        m="SELECT n FROM (SELECT * FROM z)\nUNION ALL SELECT n + 1 FROM z",
        z="SELECT 1 AS n;\n",
    )
    engine.build(connection, "own")
    assert engine.query(connection, "a")["n"].to_list() == [2]
    engine.drop(connection, "own")
    assert connection.execute("SHOW TABLES").fetchall() == []


def test_models_that_read_each_other_are_refused(
    connection: duckdb.DuckDBPyConnection, sql: Path
) -> None:
    write(sql, a="SELECT * FROM b", b="SELECT * FROM a")
    with pytest.raises(ValueError, match="cycle"):
        engine.build(connection, "own")


def test_a_common_table_expression_is_no_model_that_is_read(
    connection: duckdb.DuckDBPyConnection, sql: Path
) -> None:
    write(
        sql,
        a="WITH b AS (SELECT 1 AS n), c AS (SELECT n FROM b) SELECT c.n FROM c",
        b="SELECT n + 1 AS n FROM a",
    )
    engine.build(connection, "own")
    assert engine.query(connection, "b")["n"].to_list() == [2]


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("SELECT * FROM a JOIN b USING (n)", {"a", "b"}),
        ("SELECT (SELECT max(n) FROM b) AS n FROM a ANTI JOIN c USING (n)", {"a", "b", "c"}),
        ("WITH b AS (SELECT * FROM a) SELECT * FROM b", {"a"}),
        ("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n FROM r JOIN a USING (n)) "
         "SELECT * FROM r", {"a"}),
        ("SELECT n FROM a WHERE EXISTS (WITH c AS (SELECT 1) SELECT * FROM c, d)", {"a", "d"}),
    ],
)  # fmt: skip
def test_what_a_select_reads(
    connection: duckdb.DuckDBPyConnection, text: str, reads: set[str]
) -> None:
    assert models._tables(connection, text) == reads


@pytest.mark.parametrize("text", ["SELEC 1", "DROP TABLE a"])
def test_what_is_no_select_is_refused_with_its_beginning(
    connection: duckdb.DuckDBPyConnection, sql: Path, text: str
) -> None:
    write(sql, a=text)
    with pytest.raises(ValueError, match=text):
        engine.build(connection, "own")


def test_a_model_that_does_not_exist_is_a_key_error(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("CREATE TABLE no_model (n INTEGER)")
    with pytest.raises(KeyError, match="no_model"):
        engine.query(connection, "no_model")
    with pytest.raises(KeyError, match="no_check"):
        engine.check(connection, "no_check")


def test_a_query_gives_rows_in_a_stable_order(
    connection: duckdb.DuckDBPyConnection, sql: Path
) -> None:
    write(sql, a="SELECT * FROM (VALUES (2, 'b'), (1, 'z'), (1, 'a')) AS v (n, word)")
    engine.build(connection, "own")
    assert engine.query(connection, "a").rows() == [(1, "a"), (1, "z"), (2, "b")]


@pytest.fixture(scope="module")
def built(
    sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, list[dict[str, pl.DataFrame]]]]:
    """Every shipped model, built twice over with different numbers of threads."""
    folder = tmp_path_factory.mktemp("engine")
    for path in sample.glob("*.csv"):
        shutil.copy(path, folder)
    months = ("April-2022", "May-2022", "March-2023")
    wanted = [p for p in sorted((sample / "ae").iterdir()) if any(m in p.name for m in months)]
    with open_database(folder / "k.duckdb"):
        pass  # an open one takes no other number of threads
    with duckdb.connect(str(folder / "k.duckdb"), config=SETTINGS) as opened:
        yield _built(opened, folder, [*wanted, *sorted((sample / "ambulance").iterdir())])


def _built(
    opened: duckdb.DuckDBPyConnection, workspace: Path, paths: list[Path]
) -> dict[str, list[dict[str, pl.DataFrame]]]:
    library = load([shipped("indicators")])
    modelling.know(opened, library, read_workspace(workspace))
    read = read_files(opened, [Arrival(p, p.name, fingerprint(p)) for p in paths], library)
    run = publish.next_run(opened, datetime(2026, 11, 2, 9))
    modelling.stage_files(opened, read.staged)
    found = {"staging": _twice(opened, "staging")}
    found["gate"] = _twice(opened, "gate")
    engine.drop(opened, "gate")  # publishing needs nothing of what the gate alone reads
    publish.choose_good(opened, [], [])
    admitting.insert_reasons(opened, read.staged, GateVerdict(()))
    found["gated"] = _twice(opened, "gated")
    publish.publish(opened, run, [(file, "published", "") for file in read.staged])
    modelling.clear_staging(opened)  # what is published needs nothing that was staged
    found["audience"] = _twice(opened, "audience")
    found["core"] = _twice(opened, "core")
    span = {"period_from": pl.String, "period_until": pl.String}
    insert(opened, "this_window", span, [("2022-04", "2022-05")])
    found["peers"] = _twice(opened, "peers")
    shaping.insert_sums(opened, shaping.in_force(library), library)
    found["shapes"] = _twice(opened, "shapes")
    pair = {"was_run": pl.Int64, "now_run": pl.Int64}
    pair |= dict.fromkeys(("was_at", "now_at"), pl.Datetime("us"))
    before = datetime(2026, 11, 1)
    insert(opened, "compared", pair, [(0, run.run_id, before, run.recorded_at)])
    found["history"] = _twice(opened, "history")
    insert(opened, "stay_start", {"minutes_from": pl.Float64}, [(0.0,), (10.0,)])
    stay = dict.fromkeys(("organisation", "arrival", "departure", "stays"), pl.String)
    times = ("2026-03-01 10:00", "2026-03-01 10:12")
    insert(opened, "stay_record", stay, [("RAA", *times, "1"), ("RAA", *times[::-1], "1")])
    found["stays"] = _twice(opened, "stays")
    return found


def _twice(opened: duckdb.DuckDBPyConnection, folder: str) -> list[dict[str, pl.DataFrame]]:
    found = []
    for threads in (1, 4):
        opened.execute(f"SET threads = {threads}")
        engine.build(opened, folder)
        names = [path.stem for path in FOLDERS[folder].glob("*.sql")]
        found.append({name: engine.query(opened, name) for name in names})
    return found


def test_every_folder_of_models_is_built(
    built: dict[str, list[dict[str, pl.DataFrame]]],
) -> None:
    assert built.keys() == FOLDERS.keys()


@pytest.mark.parametrize(
    ("folder", "model"),
    [(name, path.stem) for name, folder in FOLDERS.items() for path in folder.glob("*.sql")],
)
def test_a_shipped_model_gives_the_same_rows_twice(
    built: dict[str, list[dict[str, pl.DataFrame]]], folder: str, model: str
) -> None:
    first, second = (models_[model] for models_ in built[folder])
    assert first.width > 0
    assert first.equals(second)


def test_the_figures_of_the_sample_are_in_the_models(
    built: dict[str, list[dict[str, pl.DataFrame]]],
) -> None:
    (_, core), (_, staging), (_, peers) = (built[name] for name in ("core", "staging", "peers"))
    told = {
        "observation": core["observation"], "system_value": core["system_value"],
        "unit_link": core["unit_link"], "staged_value": staging["staged_value"],
        "peer_member": peers["peer_member"],
    }  # fmt: skip
    assert {name: frame.height > 10 for name, frame in told.items()} == dict.fromkeys(told, True)
