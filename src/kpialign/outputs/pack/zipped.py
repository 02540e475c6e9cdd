"""Documents that are zip archives, with the same bytes from the same content."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

from kpialign.charts import words
from kpialign.outputs.pack.content import Pack
from kpialign.terms import Period

_WHEN = (1980, 1, 1, 0, 0, 0)  # the first moment a zip archive can say


def steady(document: bytes) -> bytes:
    """The archive with no clock in it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, given.read(name))
    return out.getvalue()


def introduce(properties: Any, pack: Pack) -> None:
    """Say in a document's own properties what it is, in which language, of whom and when."""
    properties.title, properties.language = words.clean(pack.title), "en-GB"
    properties.author = properties.last_modified_by = "kpialign"
    properties.created = properties.modified = moment(pack.period)


def moment(period: str) -> datetime:
    """When a document says it was made: the month it tells, not the hour it was written."""
    try:
        month = Period.parse(period)
    except ValueError:
        return datetime(2000, 1, 1, tzinfo=UTC)
    return datetime(month.year, month.month, 1, tzinfo=UTC)
