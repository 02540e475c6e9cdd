"""Read: files to staged rows; a file that cannot be read is said and the others go on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from kpialign.definitions.layouts import Layout
from kpialign.errors import UnreadableError
from kpialign.extracts.document import read_document
from kpialign.extracts.landing import Landed, land
from kpialign.extracts.privacy import guard
from kpialign.extracts.recognise import recognise
from kpialign.findings import FileReading
from kpialign.pipeline.request import Arrival
from kpialign.store import staging
from kpialign.store.staging import StagedFile
from kpialign.terms import Period

if TYPE_CHECKING:
    import duckdb

    from kpialign.library import Library


@dataclass(frozen=True)
class Read:
    """What the reading gave: files to publish, files known before, files refused."""

    staged: tuple[StagedFile, ...]
    known: tuple[FileReading, ...]
    refused: tuple[FileReading, ...]


def read_files(
    connection: duckdb.DuckDBPyConnection,
    found: Iterable[Arrival],
    library: Library,
    published: Mapping[str, date],
    *,
    months: Mapping[str, Period | None] = MappingProxyType({}),
    allow: Collection[tuple[str, str]] = (),
) -> Read:
    """Read what is new; pass over what is known by fingerprint and layout.

    ``published`` and ``months`` are dates and months given by hand, by file name.
    """
    known = _known_files(connection)
    hashes = {layout.id: layout_hash(layout) for layout in library.layouts.values()}
    staged: dict[str, StagedFile] = {}
    same: list[FileReading] = []
    refused: list[FileReading] = []
    file_id = _last_file_id(connection)
    staging.begin(connection)
    for arrival in found:
        name = arrival.name
        before, month = known.get(arrival.sha256), months.get(name)
        if before and (
            hashes.get(before.layout) == before.why
            and name not in published
            and not _of_another_month(before, library, month)
        ):
            same.append(replace(before, file=name, why="", state="unchanged"))
        elif arrival.sha256 in staged:
            twin = staged[arrival.sha256]
            if _of_another_month(twin, library, month):
                why = f"{name}: the same bytes as {twin.name}, which was given another month."
                refused.append(_refusal(name, arrival.sha256, why))
            else:
                same.append(_twin(name, arrival.sha256, twin))
        else:
            try:
                file_id += 1
                staged[arrival.sha256] = _stage(
                    connection,
                    arrival,
                    file_id,
                    library,
                    hashes,
                    published=published.get(name),
                    month=month,
                    allow=allow,
                )
            except UnreadableError as error:
                refused.append(_refusal(name, arrival.sha256, str(error)))
    return Read(tuple(staged.values()), tuple(same), tuple(refused))


def _of_another_month(
    before: FileReading | StagedFile, library: Library, month: Period | None
) -> bool:
    """Whether a file that carries no month was read for another than the one given now."""
    if month is None or not library.layouts[before.layout].period.asked:
        return False
    return str(month) not in before.periods


def layout_hash(layout: Layout) -> str:
    """Fingerprint of a layout: files read by an older one are read again."""
    return hashlib.sha256(layout.model_dump_json().encode()).hexdigest()[:16]


def _stage(
    connection: duckdb.DuckDBPyConnection,
    arrival: Arrival,
    file_id: int,
    library: Library,
    hashes: Mapping[str, str],
    *,
    published: date | None,
    month: Period | None,
    allow: Collection[tuple[str, str]],
) -> StagedFile:
    if arrival.why:
        raise UnreadableError(arrival.why)
    document = read_document(arrival.path, arrival.sha256)
    # Before anything else: even a message about headings could show a cell of a person.
    let_through = guard(document, arrival.name, allow)
    layout, tables = recognise(document, library.layouts.values())
    if not layout.published:
        raise UnreadableError(
            f"{arrival.name}: {layout.id} is marked `published: false`, and figures that are not "
            "published cannot be protected yet: nothing suppresses small numbers. It was not read. "
            f"If these figures are published, copy {layout.id.replace('.', '_')}.yaml to "
            "definitions/layouts/ of your workspace and say `published: true` there."
        )
    landed = land(document, layout, tables, month, library.loadable)
    read = staging.stage_records(connection, file_id, landed.records())
    if landed.counted != read:
        staging.unstage(connection, file_id)
        raise UnreadableError(
            f"{document.name}: {read} rows read, but a second count finds "
            f"{landed.counted}. The file may be damaged; ask for it again."
        )
    staged = _staged(
        landed, arrival.name, file_id, read=read, layout=hashes[layout.id], published=published
    )
    return replace(staged, notes=(*staged.notes, *let_through), let_through=let_through)


def _staged(
    landed: Landed, name: str, file_id: int, *, read: int, layout: str, published: date | None
) -> StagedFile:
    return StagedFile(
        file_id=file_id,
        name=name,
        sha256=landed.document.sha256,
        layout=landed.layout.id,
        layout_hash=layout,
        published_on=published or landed.published_on,
        replaces=landed.layout.replaces,
        grain=landed.layout.grain,
        read=read,
        counted=landed.counted,
        notes=landed.notes(),
        table=landed.tables(),
        field=landed.fields(),
        total=landed.totals(),
        hint=landed.hints(),
        reading=landed.readings(),
    )


def _known_files(connection: duckdb.DuckDBPyConnection) -> dict[str, FileReading]:
    """Files published before by fingerprint; ``why`` carries the hash of the layout they had.

    A file held back is read again: what stood against it may be gone.
    """
    rows = connection.execute(_FILES.format(why="f.layout_hash")).fetchall()
    known = (_known(row[:-1]) for row in rows)
    return {one.sha256: one for one in known if one.state == "published"}


def known_by_id(
    connection: duckdb.DuckDBPyConnection, numbers: Collection[int]
) -> list[FileReading]:
    """The ledger's account of files, ``why`` saying why one was held back."""
    rows = connection.execute(_FILES.format(why="f.why")).fetchall()
    return [_known(row[:-1]) for row in rows if row[-1] in numbers]


# ``why`` is one of two columns, chosen above.
_FILES = """
SELECT f.name, f.sha256, f.layout, coalesce(CAST(f.published_on AS VARCHAR), ''),
    coalesce(s.periods, ''), f.read, f.loaded, f.set_aside, f.rejected, f.counted, f.state,
    f.set_aside_why, {why}, f.file_id
FROM file f
LEFT JOIN (
    SELECT file_id, string_agg(period, ',' ORDER BY period) AS periods
    FROM submission GROUP BY file_id
) s ON f.file_id = s.file_id
ORDER BY f.file_id
"""


def _known(row: tuple[object, ...]) -> FileReading:
    name, sha256, layout, published, periods, read, loaded, aside, rejected, counted = row[:10]
    return FileReading(
        file=str(name),
        sha256=str(sha256),
        layout=str(layout),
        published_on=str(published),
        periods=tuple(str(periods).split(",")) if periods else (),
        read=int(str(read)),
        loaded=int(str(loaded)),
        set_aside=int(str(aside)),
        rejected=int(str(rejected)),
        counted=int(str(counted)),
        state=str(row[10]),
        set_aside_why=split_reasons(str(row[11])),
        why=str(row[12]),
    )


def split_reasons(text: str) -> tuple[tuple[str, int], ...]:
    """Undo the ledger's ``reason: rows; reason: rows``."""
    pairs = (part.rpartition(": ") for part in text.split("; ") if part)
    return tuple((reason, int(rows)) for reason, _, rows in pairs)


def _twin(name: str, sha256: str, twin: StagedFile) -> FileReading:
    rows = twin.read
    return FileReading(
        name, sha256, twin.layout, "", (), rows, 0, rows, 0, twin.counted, "unchanged",
        (("same bytes as another file", rows),), f"the same bytes as {twin.name}",
    )  # fmt: skip


def _refusal(name: str, sha256: str, why: str) -> FileReading:
    return FileReading(name, sha256, "", "", (), 0, 0, 0, 0, 0, "refused", (), why)


def _last_file_id(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("SELECT coalesce(max(file_id), 0) FROM file").fetchall()[0]
    return int(row[0])
