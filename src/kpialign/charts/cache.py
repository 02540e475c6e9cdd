"""Charts drawn before, by what they show: the same specification is the same picture."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from kpialign.charts import render
from kpialign.charts.render import Seen, Spec, unseen
from kpialign.shipped import VERSION

_MOST = 1000  # pictures kept; the ones longest unused go first
_HEAD = struct.Struct(">I")  # bytes of the SVG that stands before the PNG


def all_of(
    drawings: Sequence[tuple[Spec, str]], folder: Path | None, seen: Seen = unseen
) -> list[tuple[str, bytes]]:
    """As :func:`kpialign.charts.render.all_of`, drawing only what the folder has not.

    Without a folder, or with one that cannot be used, everything is drawn.
    """
    if folder is None:
        return render.all_of(drawings, seen)
    places = [folder / f"{_key(spec, name)}.chart" for spec, name in drawings]
    found = {place: _read(place) for place in places}
    lacking = [at for at, place in enumerate(places) if found[place] is None]
    for _ in range(len(drawings) - len(lacking)):
        seen()
    drawn = render.all_of([drawings[at] for at in lacking], seen) if lacking else []
    fresh = {places[at]: images for at, images in zip(lacking, drawn, strict=True)}
    for place, images in fresh.items():
        _keep(place, images)
    _prune(folder)
    return [found[place] or fresh[place] for place in places]


def _key(spec: Spec, name: str) -> str:
    drawer = version("vl-convert-python")
    told = json.dumps([spec, name, VERSION, drawer], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def _read(place: Path) -> tuple[str, bytes] | None:
    try:
        data = place.read_bytes()
        (size,) = _HEAD.unpack(data[: _HEAD.size])
        place.touch()
        return data[_HEAD.size : _HEAD.size + size].decode(), data[_HEAD.size + size :]
    except (OSError, struct.error, UnicodeDecodeError):
        return None


def _keep(place: Path, images: tuple[str, bytes]) -> None:
    """Keep a picture; a folder that may not be written only costs time."""
    svg, png = images[0].encode(), images[1]
    part = place.with_suffix(".part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(_HEAD.pack(len(svg)) + svg + png)
        part.replace(place)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _prune(folder: Path) -> None:
    try:
        kept = sorted(folder.glob("*.chart"), key=lambda path: path.stat().st_mtime)
        for path in kept[: max(len(kept) - _MOST, 0)]:
            path.unlink(missing_ok=True)
    except OSError:
        return
