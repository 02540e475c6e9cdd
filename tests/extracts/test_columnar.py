"""JSON lines and Parquet."""

import io
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from extracts.whole import numbers_of, records_of, rows_of
from kpialign.errors import UnreadableError
from kpialign.extracts.document import Sheet, read_document
from kpialign.extracts.formats import json_lines, parquet
from kpialign.extracts.landing import land
from kpialign.extracts.recognise import recognise
from kpialign.library import load
from kpialign.shipped import shipped


def lines(path: Path, text: str) -> Sheet:
    path.write_text(text, "utf-8", newline="")
    (sheet,) = json_lines.read(path)
    return sheet


def columns(path: Path, frame: pl.DataFrame) -> Sheet:
    frame.write_parquet(path)
    (sheet,) = parquet.read(path)
    return sheet


def test_keys_become_columns_in_the_order_first_seen(tmp_path: Path) -> None:
    sheet = lines(tmp_path / "x.jsonl", '{"b":1.50,"a":null}\r\n\n{"c":true,"b":"é"}')
    assert rows_of(sheet) == [["b", "a", "c"], ["1.50", "", ""], ["", "", ""], ["é", "", "TRUE"]]
    assert numbers_of(sheet) == [0, 1, 2, 3]
    assert sheet.counted == 4


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"a": 1', "is no JSON"),
        ("[1, 2]", "is no JSON object"),
        ("7", "is no JSON object"),
        ('{"a": [1]}', "'a' holds a list"),
        ('{"a": {"b": 1}}', "'a' holds a list or an object"),
        ('{"a": 1, "a": 2}', "names 'a' twice"),
        ("[" * 200_000, "nested too deeply"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(UnreadableError, match=rf"x\.jsonl:2: .*{words}"):
        lines(tmp_path / "x.jsonl", f'{{"a": 1}}\n{line}\n{{"a": 3}}\n')


def test_half_a_character_is_text_that_can_be_stored(tmp_path: Path) -> None:
    sheet = lines(tmp_path / "x.jsonl", '{"a": "\\ud83d"}\n')
    assert rows_of(sheet)[1] == ["?"]


def test_values_are_written_as_a_workbook_writes_them(tmp_path: Path) -> None:
    frame = pl.DataFrame({
        "whole": [7, None], "part": [1343071.0, 0.5], "day": [date(2024, 4, 1), None],
        "at": [datetime(2024, 4, 1, 9), None], "exact": [Decimal("1.50"), None],
        "yes": [True, None], "text": ["é", ""],
    })  # fmt: skip
    sheet = columns(tmp_path / "x.parquet", frame)
    assert rows_of(sheet)[0] == frame.columns
    assert rows_of(sheet)[1] == [
        "7",
        "1343071",
        "2024-04-01",
        "2024-04-01T09:00:00",
        "1.50",
        "TRUE",
        "é",
    ]
    assert rows_of(sheet)[2] == ["", "0.5", "", "", "", "", ""]
    assert sheet.counted == len(rows_of(sheet)) == 3


@pytest.mark.parametrize(
    "values", [[[1, 2]], [{"a": 1}], [b"bytes"]], ids=["list", "struct", "binary"]
)
def test_parquet_with_more_than_plain_values_is_refused(
    tmp_path: Path, values: list[object]
) -> None:
    with pytest.raises(UnreadableError, match="columns hold more than plain values: 'odd'"):
        columns(tmp_path / "x.parquet", pl.DataFrame({"odd": values, "plain": [1]}))


def test_parquet_that_promises_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "MOST_CELLS", 10)
    with pytest.raises(UnreadableError, match="promises 6 rows of 2 columns"):
        columns(tmp_path / "x.parquet", pl.DataFrame({"a": range(6), "b": range(6)}))


def test_parquet_cut_short_is_refused(tmp_path: Path) -> None:
    whole = io.BytesIO()
    pl.DataFrame({"a": range(100)}).write_parquet(whole)
    path = tmp_path / "x.parquet"
    for keep in (0, 4, len(whole.getvalue()) // 2, len(whole.getvalue()) - 1):
        path.write_bytes(whole.getvalue()[:keep])
        with pytest.raises(UnreadableError, match="damaged or cut short"):
            list(parquet.read(path))


def test_a_month_says_the_same_in_every_format(tmp_path: Path, sample: Path) -> None:
    layouts = list(load([shipped("indicators")]).layouts.values())
    path = sample / "ae" / "Monthly-AE-April-2022.csv"
    frame = pl.read_csv(path, infer_schema=False)
    frame.write_parquet(tmp_path / "x.parquet")
    rows = "".join(json.dumps(row) + "\n" for row in frame.iter_rows(named=True))
    (tmp_path / "x.jsonl").write_text(rows, "utf-8")
    landed = []
    for one in (path, tmp_path / "x.parquet", tmp_path / "x.jsonl"):
        document = read_document(one, "x")
        landed.append(land(document, *recognise(document, layouts)))
    for one in landed:
        assert one.counted == records_of(one).height
        assert records_of(one).drop("row").equals(records_of(landed[0]).drop("row"))
        assert one.readings().equals(landed[0].readings())
        assert one.fields().equals(landed[0].fields())
