"""A chart as SVG, PNG or Vega-Lite JSON: offline, the same bytes each time."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from xml.etree import ElementTree

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_PPI = 200  # Word and PowerPoint print it sharp at the width of a page


Spec = dict[str, Any]
Seen = Callable[[], None]  # called when a chart is drawn


def svg(spec: Spec, name: str) -> str:
    """Render to SVG with a title and description that screen readers read.

    Args:
        spec: a chart of this package as Vega-Lite; its description is the alt text.
        name: unique in the page, for it makes the ids inside unique.
    """
    return _named(_drawn(spec), spec, name)


def _drawn(spec: Spec) -> str:
    import vl_convert

    text: str = vl_convert.vegalite_to_svg(spec, vl_version=_version(spec))
    return text


def _named(text: str, spec: Spec, name: str) -> str:
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(text)
    _hush(root)
    _own_ids(root, name)
    _speak(root, name, headline(spec), str(spec["description"]))
    return ElementTree.tostring(root, encoding="unicode")


def png(spec: Spec) -> bytes:
    """Render to PNG at 200 pixels an inch."""
    return _image(_drawn(spec))


def _image(text: str) -> bytes:
    import vl_convert

    image: bytes = vl_convert.svg_to_png(text, ppi=_PPI)
    return _squeezed(image)


def unseen() -> None:
    """Nobody watches."""


def all_of(drawings: Sequence[tuple[Spec, str]], seen: Seen = unseen) -> list[tuple[str, bytes]]:
    """Render many charts to SVG and PNG, on every processor.

    The renderer works on one thread a process, and its memory goes with its processes. They
    are programs of their own, not forks: a script that asks for a report is not run twice.

    Args:
        drawings: each chart with its name, as for :func:`svg`.
        seen: called for each that is drawn, from any thread.
    """
    workers = max(1, min(len(drawings) // 2, os.cpu_count() or 1))
    shares = [drawings[n::workers] for n in range(workers)]
    with ThreadPoolExecutor(workers) as threads:
        draw = _here if workers == 1 else _elsewhere
        parts = list(threads.map(lambda share: draw(share, seen), shares))
    return [parts[at % workers][at // workers] for at in range(len(drawings))]


def _elsewhere(share: Sequence[tuple[Spec, str]], seen: Seen) -> list[tuple[str, bytes]]:
    drawn: list[tuple[str, bytes]] = []
    with suppress(OSError, ValueError):
        for svg, image in _lines(share):
            drawn.append((svg, b64decode(image)))
            seen()
    # A host that starts no processes, or ends them, still gets its charts.
    return [*drawn, *_here(share[len(drawn) :], seen)]


def _lines(share: Sequence[tuple[Spec, str]]) -> Iterator[tuple[str, str]]:
    """What a process of its own draws, as it draws it."""
    command = [sys.executable, "-m", "kpialign.charts.worker"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdin as theirs:
            theirs.write(json.dumps(share).encode())
        yield from map(json.loads, process.stdout)


def _here(share: Sequence[tuple[Spec, str]], seen: Seen) -> list[tuple[str, bytes]]:
    drawn = []
    for spec, name in share:
        drawn.append(both(spec, name))
        seen()
    return drawn


def both(spec: Spec, name: str) -> tuple[str, bytes]:
    """Render a chart to SVG and PNG."""
    text = _drawn(spec)  # drawing takes longer than making a picture of what is drawn
    return _named(text, spec, name), _image(text)


def vega_lite(spec: Spec) -> str:
    """The specification, data included, to change the chart elsewhere."""
    return json.dumps(spec, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def headline(spec: Spec) -> str:
    """The chart's message, from its frame."""
    return " ".join(spec["vconcat"][0]["title"]["text"])


def _squeezed(image: bytes) -> bytes:
    """Pack the same pixels again: the renderer's fast setting leaves files four times as large."""
    chunks = list(_chunks(image))
    pixels = zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"))
    before, after = (
        [c for c in chunks if (c[0] == b"IEND") is last and c[0] != b"IDAT"]
        for last in (False, True)
    )
    packed = [*before, (b"IDAT", zlib.compress(pixels, 6)), *after]
    return image[:8] + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in packed
    )


def _chunks(image: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8  # after the signature
    while at < len(image):
        (size,) = struct.unpack(">I", image[at : at + 4])
        yield image[at + 4 : at + 8], image[at + 8 : at + 8 + size]
        at += size + 12


def _version(spec: Spec) -> str:
    """Of Vega-Lite, as ``6.1``, from the address of the schema that the chart keeps to."""
    return ".".join(spec["$schema"].rpartition("/v")[2].split(".")[:2])


def _hush(root: ElementTree.Element) -> None:
    """Vega labels each mark and axis by itself; the alt text says it once, in words."""
    for element in root.iter():
        for key in [k for k in element.attrib if k == "role" or k.startswith("aria-")]:
            del element.attrib[key]


def _own_ids(root: ElementTree.Element, name: str) -> None:
    """Several charts share one page, where ``clip0`` of one would cut another."""
    found = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    names = {old: f"{name}-{i}" for i, old in enumerate(found)}
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "id":
                element.attrib[key] = names[value]
            elif "url(#" in value:
                element.attrib[key] = re.sub(
                    r"url\(#([^)]*)\)", lambda m: f"url(#{names[m[1]]})", value
                )


def _speak(root: ElementTree.Element, name: str, title: str, description: str) -> None:
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{name}-{tag}"})
        element.text = text
        root.insert(place, element)
