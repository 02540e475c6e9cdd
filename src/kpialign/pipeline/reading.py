"""Read: files to staged rows; a file that cannot be read is said and the others go on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from kpialign.definitions.layouts import Layout
from kpialign.errors import UnreadableError
from kpialign.extracts.cells import mapped_cells
from kpialign.extracts.document import Document, read_document
from kpialign.extracts.landing import Landed, land
from kpialign.extracts.privacy import guard
from kpialign.extracts.recognise import recognise
from kpialign.findings import FileReading
from kpialign.pipeline import filed
from kpialign.pipeline.excepting import weighed_by
from kpialign.pipeline.request import Arrival
from kpialign.store import staging
from kpialign.store.staging import StagedFile
from kpialign.terms import MANAGEMENT_INFORMATION, PUBLISHED, Period, Release

if TYPE_CHECKING:
    import duckdb

    from kpialign.library import Library


@dataclass(frozen=True)
class ByHand:
    """What is said of files by hand, by file name.

    Attributes:
        published: publication dates, for files that carry none.
        months: months, for files that carry none.
        statuses: whether their figures are published.
        allow: file and column that looks like data of persons and is let through.
        internal: whether figures that are never published may be read.
    """

    published: Mapping[str, date] = field(default_factory=dict)
    months: Mapping[str, Period | None] = field(default_factory=dict)
    statuses: Mapping[str, Release | None] = field(default_factory=dict)
    allow: Collection[tuple[str, str]] = ()
    internal: bool = False


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
    said: ByHand = ByHand(),  # frozen
    *,
    afresh: bool = False,
    today: date | None = None,
) -> Read:
    """Read what is new, or everything ``afresh``; pass over what is known by its fingerprint.

    Known is what was published as the same layout. A file in which something was wrong is read
    again where it is weighed otherwise ``today``.
    """
    reader = _Reader(connection, library, said, today or date.today(), afresh=afresh)
    staged: dict[str, StagedFile] = {}
    same: list[FileReading] = []
    refused: list[FileReading] = []
    for arrival in found:
        try:
            if before := reader.known_as(arrival):
                same.append(before)
            elif twin := staged.get(arrival.sha256):
                same.append(reader.twin(arrival, twin))
            else:
                staged[arrival.sha256] = reader.stage(arrival)
        except UnreadableError as error:
            refused.append(_refusal(arrival.name, arrival.sha256, str(error)))
    return Read(tuple(staged.values()), tuple(same), tuple(refused))


def layout_hash(layout: Layout) -> str:
    """Fingerprint of a layout: files read by an older one are read again."""
    return hashlib.sha256(layout.model_dump_json().encode()).hexdigest()[:16]


class _Reader:
    """Reads one file after the other into ``staged_record``, numbering them."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        library: Library,
        said: ByHand,
        today: date,
        *,
        afresh: bool,
    ) -> None:
        self.connection, self.library, self.said, self.today = connection, library, said, today
        ledger = filed.every_reading(connection)
        known = [] if afresh else ledger
        self.published = {one.sha256: one for one in known if one.state == "published"}
        self.releases = {one.sha256: one.release for one in ledger}
        self.hashes = {layout.id: layout_hash(layout) for layout in library.layouts.values()}
        self.wrong = filed.with_something_wrong(connection)
        self.file_id = filed.last_file_id(connection)
        staging.begin(connection)

    def known_as(self, arrival: Arrival) -> FileReading | None:
        """What the file was read as, if nothing about it or its layout has changed."""
        before = self.published.get(arrival.sha256)
        if (
            before is None
            or self.hashes.get(before.layout) != before.why.partition(" ")[0]
            or self._weighed_otherwise(before, arrival)
            or arrival.name in self.said.published
            or self._other(before, arrival)
        ):
            return None
        return replace(before, file=arrival.name, why="", state="unchanged")

    def _weighed_otherwise(self, before: FileReading, arrival: Arrival) -> bool:
        """Whether what was wrong with the file may be judged in another way now."""
        if before.sha256 not in self.wrong:
            return False
        was = before.why.partition(" ")[2]
        return was != weighed_by(self.library, before.layout, arrival.name, self.today)

    def _hash(self, layout: str, file: str) -> str:
        weighed = weighed_by(self.library, layout, file, self.today)
        return f"{self.hashes[layout]} {weighed}".strip()

    def twin(self, arrival: Arrival, twin: StagedFile) -> FileReading:
        """The account of the same bytes again.

        Raises:
            UnreadableError: another month or status is said of them.
        """
        if what := self._other(twin, arrival):
            raise UnreadableError(
                f"{arrival.name}: the same bytes as {twin.name}, which was given another {what}."
            )
        return FileReading(
            arrival.name, arrival.sha256, twin.layout, "", (), twin.read, 0, twin.read, 0,
            twin.counted, "unchanged", (("same bytes as another file", twin.read),),
            f"the same bytes as {twin.name}",
        )  # fmt: skip

    def _other(self, before: FileReading | StagedFile, arrival: Arrival) -> str:
        """What was said otherwise of the same bytes: the month, the status or nothing."""
        month = self.said.months.get(arrival.name)
        asked = month is not None and self.library.layouts[before.layout].period.asked
        if asked and str(month) not in before.periods:
            return "month"
        return "" if self.said.statuses.get(arrival.name) in (None, before.release) else "status"

    def stage(self, arrival: Arrival) -> StagedFile:
        """Stage a file's rows.

        Raises:
            UnreadableError: it cannot be read, or may not be; the message says why.
        """
        if arrival.why:
            raise UnreadableError(arrival.why)
        document = read_document(arrival.path, arrival.sha256)
        let_through = _guarded(document, arrival.name, self.library, self.said.allow)
        layout, tables = recognise(document, self.library.layouts.values())
        release = self._release(arrival, layout)
        month = self.said.months.get(arrival.name)
        landed = land(document, layout, tables, month, self.library.loadable)
        self.file_id += 1
        read = staging.stage_records(self.connection, self.file_id, landed.records())
        if landed.counted != read:
            staging.unstage(self.connection, self.file_id)
            raise UnreadableError(
                f"{arrival.name}: {read} rows read, but a second count finds "
                f"{landed.counted}. The file may be damaged; ask for it again."
            )
        return _staged(
            landed,
            file_id=self.file_id,
            name=arrival.name,
            read=read,
            layout_hash=self._hash(layout.id, arrival.name),
            published_on=self.said.published.get(arrival.name) or landed.published_on,
            notes=(*landed.notes(), *let_through),
            let_through=let_through,
            release=release,
        )

    def _release(self, arrival: Arrival, layout: Layout) -> Release:
        """The status of a file's figures; said once, it holds for the same bytes."""
        said = self.said.statuses.get(arrival.name) or self.releases.get(arrival.sha256)
        release = said or (PUBLISHED if layout.published else MANAGEMENT_INFORMATION)
        if not layout.published and not (self.said.internal and release == MANAGEMENT_INFORMATION):
            raise UnreadableError(
                f"{arrival.name}: {layout.id} is marked `published: false`, and nothing suppresses "
                "its small numbers yet. It was not read. As management information it can be read "
                "for an internal run: --audience internal. If its figures are published, copy "
                f"{layout.id.replace('.', '_')}.yaml to definitions/layouts/ of your workspace and "
                "say `published: true` there."
            )
        return release


def _guarded(
    document: Document, name: str, library: Library, allow: Collection[tuple[str, str]]
) -> tuple[str, ...]:
    """Stop data of persons before anything else is said of the file, a heading or a cell.

    A layout may say of a column that it is not of persons (where trusts have their offices).
    """
    try:
        layout, _ = recognise(document, library.layouts.values())
    except UnreadableError:
        return guard(document, name, allow)
    return guard(document, name, allow, layout.not_of_persons)


def _staged(landed: Landed, **facts: Any) -> StagedFile:
    return StagedFile(
        sha256=landed.document.sha256,
        layout=landed.layout.id,
        replaces=landed.layout.replaces,
        grain=landed.layout.grain,
        counted=landed.counted,
        table=landed.tables(),
        field=landed.fields(),
        total=landed.totals(),
        hint=landed.hints(),
        unused=landed.unused(),
        reading=landed.readings(),
        cell=mapped_cells(landed.fields()),
        **facts,
    )


def _refusal(name: str, sha256: str, why: str) -> FileReading:
    return FileReading(name, sha256, "", "", (), 0, 0, 0, 0, 0, "refused", (), why)
