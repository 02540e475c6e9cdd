"""One month, written in every format, encoding and packing: the same figures, names and counts."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import polars as pl
import pytest
import xlwt

from kpialign import engine
from kpialign.extracts.workspace import read_workspace
from kpialign.library import Library, load
from kpialign.pipeline import modelling
from kpialign.pipeline.reading import read_files
from kpialign.pipeline.request import Request, arrivals
from kpialign.settings import read_settings
from kpialign.shipped import shipped
from kpialign.store.database import open_database

Rows = list[list[str]]


def text(rows: Rows, delimiter: str = ",", end: str = "\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def mixed(rows: Rows) -> str:
    """Line ends of three kinds in one file."""
    ends = ("\r\n", "\n", "\r")
    return "".join(text([row], end=ends[n % 3]) for n, row in enumerate(rows))


def quoted(rows: Rows) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue()


def parquet(rows: Rows, *, typed: bool) -> bytes:
    frame = pl.DataFrame(rows[1:], schema=rows[0], orient="row")
    if typed:
        frame = frame.with_columns(pl.col(rows[0][4:]).cast(pl.Int64))
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def lines(rows: Rows) -> bytes:
    objects = (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
    return "".join(json.dumps(one) + "\n" for one in objects).encode()


def xls(rows: Rows) -> bytes:
    book, out = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Sheet1")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            sheet.write(r, c, int(cell) if cell.isdigit() else cell)
    book.save(out)
    return out.getvalue()


def pack(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def xlsx(rows: Rows) -> bytes:
    """The least that is a workbook."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"

    def cell(value: str) -> str:
        if value.isdigit():
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'

    body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    return pack({
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
                       f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
                           '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
                                      f'<Relationship Id="r1" Type="{rel}/worksheet" '
                                      'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData>'
                                    "</worksheet>",
    })  # fmt: skip


def ods(rows: Rows) -> bytes:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    kind = "application/vnd.oasis.opendocument.spreadsheet"

    def cell(value: str) -> str:
        if value.isdigit():
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        said = f"<text:p>{escape(value)}</text:p>"
        return f'<table:table-cell office:value-type="string">{said}</table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(f'xmlns:{n}="{names}:{n}:1.0"' for n in ("office", "table", "text"))
    return pack({
        "mimetype": kind,
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{names}:manifest:1.0"><m:file-entry '
                                 f'm:full-path="/" m:media-type="{kind}"/></m:manifest>',
        "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>"
                       f'<table:table table:name="Sheet1">{body}</table:table>'
                       "</office:spreadsheet></office:body></office:document-content>",
    })  # fmt: skip


WAYS: dict[str, Callable[[Rows], bytes]] = {
    "utf-8.csv": lambda rows: text(rows).encode(),
    "mark.csv": lambda rows: text(rows).encode("utf-8-sig"),
    "utf-16.csv": lambda rows: text(rows).encode("utf-16"),
    "utf-16-big.csv": lambda rows: b"\xfe\xff" + text(rows).encode("utf-16-be"),
    "cp1252.csv": lambda rows: text(rows).encode("cp1252"),
    "crlf.csv": lambda rows: text(rows, end="\r\n").encode(),
    "mixed.csv": lambda rows: mixed(rows).encode(),
    "quoted.csv": lambda rows: quoted(rows).encode(),
    "no-last-line-end.csv": lambda rows: text(rows).rstrip("\n").encode(),
    "tabs.tsv": lambda rows: text(rows, "\t").encode(),
    "objects.jsonl": lines,
    "objects.ndjson": lines,
    "text.parquet": lambda rows: parquet(rows, typed=False),
    "typed.parquet": lambda rows: parquet(rows, typed=True),
    "book.xls": xls,
    "book.xlsx": xlsx,
    "book.ods": ods,
    "packed.zip": lambda rows: pack({"inner/month.csv": text(rows)}),
    "book.zip": lambda rows: pack({"month.xlsx": xlsx(rows)}),
    "packed.csv.gz": lambda rows: gzip.compress(text(rows).encode("utf-16")),
    "lines.jsonl.gz": lambda rows: gzip.compress(lines(rows)),
}


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


@pytest.fixture(scope="module")
def rows(sample: Path) -> Rows:
    with (sample / "ae" / "Monthly-AE-April-2022.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.reader(stream))
    rows[1][3] = 'Höpital "Saint–Côme", £1'  # no encoding may lose it
    return rows


@pytest.fixture(scope="module")
def plainly(rows: Rows, library: Library, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    return told(tmp_path_factory.mktemp("plain"), "x.csv", text(rows).encode(), library)


def told(folder: Path, name: str, content: bytes, library: Library) -> list[object]:
    """Counts, names and figures of a file, as they are before the gate."""
    path = folder / name
    path.write_bytes(content)
    request = Request((path,), read_settings(folder, {}, environ={}))
    with open_database(folder / "k.duckdb") as connection:
        modelling.know(connection, library, read_workspace(folder))
        read = read_files(connection, arrivals(request), library)
        assert read.refused == ()
        modelling.stage_files(connection, read.staged)
        counts = [(file.read, file.counted) for file in read.staged]
        values = engine.query(connection, "staged_value").drop("file_id", "row", "sheet")
        names = engine.query(connection, "record_read").select("organisation", "name", "fate")
    return [counts, sorted(values.rows(), key=str), sorted(names.rows(), key=str)]


@pytest.mark.parametrize("way", WAYS)
def test_a_month_gives_the_same_figures(
    tmp_path: Path, rows: Rows, library: Library, plainly: list[object], way: str
) -> None:
    assert plainly[0] == [(len(rows), len(rows))]
    assert told(tmp_path, way, WAYS[way](rows), library) == plainly
