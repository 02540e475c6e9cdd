"""Each run keeps the definitions it was made with, and says when they are others."""

from datetime import datetime
from pathlib import Path

from kpialign.pipeline.keeping import keep_definitions
from kpialign.store import kept
from kpialign.store.database import open_database
from kpialign.store.publish import next_run


def made(folder: Path, day: int) -> tuple[str, ...]:
    with open_database(folder / "k.duckdb") as connection:
        run = next_run(connection, datetime(2026, 11, day, 9))
        return keep_definitions(connection, run.run_id, folder / "definitions")


def test_a_run_with_other_definitions_says_so_and_both_are_kept(tmp_path: Path) -> None:
    own = tmp_path / "definitions" / "events"
    own.mkdir(parents=True)
    (own / "strike.yaml").write_text("id: strike\n", "utf-8")
    assert made(tmp_path, 2) == ()
    assert made(tmp_path, 3) == ()
    (own / "strike.yaml").write_text("id: strike  # changed\n", "utf-8")
    (own / "flood.yaml").write_text("id: flood\n", "utf-8")
    assert made(tmp_path, 4) == ("definitions changed since the run of 3 Nov 2026: 2 files",)
    assert made(tmp_path, 5) == ()
    (own / "flood.yaml").unlink()
    assert made(tmp_path, 6) == ("definitions changed since the run of 5 Nov 2026: 1 file",)
    with open_database(tmp_path / "k.duckdb") as connection:
        first, last = (kept.definitions_of(connection, run) or {} for run in (1, 3))
        stored = connection.execute("SELECT count(*) FROM definition").fetchall()
    assert stored == [(3,)]
    assert first["definitions/events/strike.yaml"] == "id: strike\n"
    assert last["definitions/events/strike.yaml"] == "id: strike  # changed\n"
    assert any(name.startswith("indicators/conflicts/") for name in first)


def test_a_run_of_an_older_schema_kept_nothing_and_nothing_is_said_of_it(tmp_path: Path) -> None:
    with open_database(tmp_path / "k.duckdb") as connection:
        next_run(connection, datetime(2026, 11, 1))
        assert kept.definitions_of(connection, 1) is None
    assert made(tmp_path, 2) == ()
