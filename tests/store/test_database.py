import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from kpialign.errors import DatabaseBusy, DatabaseDamaged, KpialignError
from kpialign.shipped import shipped
from kpialign.store import database
from kpialign.store.database import open_database


def test_a_new_database_has_the_ledgers_and_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "k.duckdb"
    with open_database(path) as connection:
        connection.execute("INSERT INTO plan VALUES (1, 'KA-UEC-001', 1, 'f', 'h')")
    with open_database(path) as connection:
        assert connection.execute("SELECT rule FROM plan").fetchall() == [("KA-UEC-001",)]


def test_nothing_outside_can_be_read_or_installed(tmp_path: Path) -> None:
    with open_database(tmp_path / "k.duckdb") as connection:
        with pytest.raises(duckdb.Error):
            connection.execute("SELECT * FROM read_csv('/etc/passwd')").fetchall()
        for text in (
            "INSTALL httpfs",
            "LOAD httpfs",
            f"COPY run TO '{tmp_path / 'out.csv'}'",
            f"ATTACH '{tmp_path / 'other.duckdb'}'",
            "SET enable_external_access = true",
            "SET memory_limit = '8GB'",
            "SET autoinstall_known_extensions = true",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(text)
    assert {path.name for path in tmp_path.iterdir()} == {"k.duckdb"}


def test_what_does_not_fit_is_spilled_beside_the_database_and_not_without_end(
    tmp_path: Path,
) -> None:
    with open_database(tmp_path / "k.duckdb") as connection:
        told = dict(
            connection.execute(
                "SELECT name, value FROM duckdb_settings() WHERE name IN "
                "('temp_directory', 'max_temp_directory_size', 'memory_limit')"
            ).fetchall()
        )
        # 240 MB of text to sort in 160 MB of memory
        (count,) = connection.execute(
            "SELECT count(*) FROM (SELECT row_number() OVER (ORDER BY t) AS n FROM ("
            "SELECT repeat(md5(CAST(i AS VARCHAR)), 8) AS t FROM range(900000) r(i)))"
        ).fetchall()[0]
    assert count == 900_000
    assert told["temp_directory"] == str(tmp_path / "k.duckdb.tmp")
    assert told["max_temp_directory_size"] == "9.3 GiB"
    assert told["memory_limit"] == "152.5 MiB"
    assert {path.name for path in tmp_path.iterdir()} == {"k.duckdb"}


def test_the_file_can_be_opened_by_both_major_versions(tmp_path: Path) -> None:
    path = tmp_path / "k.duckdb"
    with open_database(path) as connection:
        rows = connection.execute(
            "SELECT tags FROM duckdb_databases() WHERE NOT internal"
        ).fetchall()
    assert "v1.5.0" in str(rows[0][0]) or duckdb.__version__.startswith("1.5")


def test_a_database_held_by_another_run_is_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "k.duckdb"
    monkeypatch.setattr(database, "PATIENCE", 0.3)
    holder = subprocess.Popen(
        [sys.executable, "-c",
         f"import duckdb; c = duckdb.connect({str(path)!r}); print('held', flush=True); input()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    holder.stdout.readline()
    try:
        with pytest.raises(DatabaseBusy, match="Try again"), open_database(path):
            pass
    finally:
        holder.communicate("done\n")


def test_another_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    duckdb.connect(str(path)).execute("CREATE TABLE mine (a INTEGER)").close()
    with pytest.raises(KpialignError, match="not one that kpialign made"), open_database(path):
        pass


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "k.duckdb"
    with open_database(path) as connection:
        connection.execute("UPDATE meta SET schema_version = 99")
    with pytest.raises(KpialignError, match="schema version 99"), open_database(path):
        pass


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "k.duckdb"
    path.write_text("not a database" * 1000, "utf-8")
    with pytest.raises(KpialignError, match="cannot be opened"), open_database(path):
        pass


@pytest.mark.parametrize("at", [0.02, 0.3, 0.5, 0.7, 0.9])
def test_a_damaged_file_is_told_and_no_use_is_made_of_it(tmp_path: Path, at: float) -> None:
    path = tmp_path / "k.duckdb"
    figures = "SELECT count(*), sum(value), max(organisation) FROM data_item_value"
    with open_database(path) as connection:
        connection.execute(
            "INSERT INTO data_item_value SELECT md5(CAST(i AS VARCHAR)), 'hospital', '2026-03', "
            "'x', i * 1.1, 'reported', i, '', i, i, '2026-03-01', NULL FROM range(20000) r(i)"
        )
    data = bytearray(path.read_bytes())
    place = int(len(data) * at)
    data[place : place + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    with pytest.raises(DatabaseDamaged, match="Put back a copy"), open_database(path) as connection:
        connection.execute(figures).fetchall()


def first_schema(path: Path) -> None:
    """A file as version 1 made it, with a run in it."""
    connection = duckdb.connect(str(path), config=database.SETTINGS)
    connection.execute((shipped("sql") / "schema" / "001_ledgers.sql").read_text("utf-8"))
    connection.execute("INSERT INTO run VALUES (7, '2026-05-01', '0.1.0', 'h', '{}', 's', '{}')")
    connection.execute("INSERT INTO plan VALUES (7, 'KA-UEC-001', 1, 'f', 'h')")
    connection.execute("INSERT INTO placement VALUES ('RAL', 'hospital', 'icb', 'QMJ', '2025-01')")
    connection.close()


def rows(path: Path, text: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path)) as connection:
        return connection.execute(text).fetchall()


def test_an_older_file_is_migrated_after_a_copy_and_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "k.duckdb"
    first_schema(path)
    for _ in range(2):
        with open_database(path) as connection:
            assert connection.execute(
                "SELECT run_id, screen, definitions_hash FROM run"
            ).fetchall() == [(7, "s", "")]
            assert connection.execute("SELECT rule FROM plan").fetchall() == [("KA-UEC-001",)]
            assert connection.execute("SELECT * FROM definition").fetchall() == []
            assert connection.execute("SELECT share FROM placement").fetchall() == [(1.0,)]
            assert connection.execute("SELECT * FROM meta").fetchall() == [
                (database.SCHEMA_VERSION,)
            ]
    copy = tmp_path / f"k.duckdb.before-{database.SCHEMA_VERSION}"
    assert rows(copy, "SELECT schema_version FROM meta") == [(1,)]
    assert rows(copy, "SELECT run_id, screen FROM run") == [(7, "s")]
    assert {p.name for p in tmp_path.iterdir()} == {"k.duckdb", copy.name}


def test_a_migration_that_fails_leaves_the_old_file_usable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, broken = tmp_path / "k.duckdb", tmp_path / "002_broken.sql"
    first_schema(path)
    told = (shipped("sql") / "schema" / "002_history.sql").read_text("utf-8")
    broken.write_text(told + "SELECT nothing FROM nowhere;", "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(database, "_scripts", lambda: [broken])
        with pytest.raises(KpialignError, match="is as it was"), open_database(path):
            pass
    assert rows(path, "SELECT schema_version FROM meta") == [(1,)]
    assert rows(path, "SELECT * FROM run")[0][0] == 7
    with open_database(path) as connection:
        assert connection.execute("SELECT * FROM meta").fetchall() == [(database.SCHEMA_VERSION,)]


def test_files_of_the_second_version_keep_their_counts_and_have_none_of_cells(
    tmp_path: Path,
) -> None:
    path = tmp_path / "k.duckdb"
    first_schema(path)
    with duckdb.connect(str(path), config=database.SETTINGS) as connection:
        connection.execute((shipped("sql") / "schema" / "002_history.sql").read_text("utf-8"))
        connection.execute(
            "INSERT INTO file VALUES (1, 7, 'a.csv', 'h', 'l', 'h', NULL, 9, 9, 8, 1, 0, "
            "'title: 1', '', 'published', '')"
        )
    with open_database(path) as connection:
        assert connection.execute(
            "SELECT read, loaded, set_aside, rejected, state, cells, cells_repeated FROM file"
        ).fetchall() == [(9, 8, 1, 0, "published", None, None)]
        (mark,) = connection.execute("SELECT mark FROM database_mark").fetchall()[0]
    assert len(mark) == 36
    with open_database(path) as connection:  # a mark is given once
        assert connection.execute("SELECT mark FROM database_mark").fetchall() == [(mark,)]
    assert rows(
        tmp_path / f"k.duckdb.before-{database.SCHEMA_VERSION}", "SELECT schema_version FROM meta"
    ) == [(2,)]


def test_results_kept_with_files_of_the_fifth_version_are_kept_and_counted_under_their_new_name(
    tmp_path: Path,
) -> None:
    path = tmp_path / "k.duckdb"
    with duckdb.connect(str(path), config=database.SETTINGS) as connection:
        for script in sorted((shipped("sql") / "schema").glob("00[1-5]*.sql")):
            connection.execute(script.read_text("utf-8"))
        connection.execute("INSERT INTO gate_result VALUES (3, '{}'), (4, '{}')")
        connection.execute("INSERT INTO manifest VALUES (1, 'gate_result', 2)")
    with open_database(path) as connection:
        kept = connection.execute("SELECT * FROM file_result ORDER BY ALL").fetchall()
        assert kept == [(3, "{}"), (4, "{}")]
        assert connection.execute("SELECT * FROM manifest").fetchall() == [(1, "file_result", 2)]
        assert connection.execute("SELECT * FROM gate_result").fetchall() == []
        connection.execute("DELETE FROM file_result WHERE file_id = 3")
    with pytest.raises(DatabaseDamaged, match="'file_result' has 1 rows"), open_database(path):
        pass


def test_a_new_file_is_not_copied(tmp_path: Path) -> None:
    with open_database(tmp_path / "k.duckdb"):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["k.duckdb"]
