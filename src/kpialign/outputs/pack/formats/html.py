"""One page: no network, filters by keyboard, everything shown without its script."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path

from kpialign.outputs import page
from kpialign.outputs.pack.content import Block, Pack, Tags, told

NEEDS: tuple[str, ...] = ()
ENDING = ".html"
_SCRIPT = Path(page.__file__).parent / "templates" / "pack.js"


def render(pack: Pack, template: Path | None = None) -> bytes:
    """The pack as HTML; a template of the user's is not for pages."""
    html = page.template("pack.html.j2").render(
        pack=pack, told=told, kind_of=_kind_of, filters=_filters(pack), script_hash=_hash()
    )
    return html.encode()


def _kind_of(block: Block) -> str:
    return type(block).__name__.lower()


def _filters(pack: Pack) -> list[tuple[str, str, list[str]]]:
    """What can be chosen: the name of the question, its label, the answers there are."""
    tags: list[Tags] = [part.tags for part in pack.walk() if part.tags]
    harms = {tag.severity for tag in tags if tag.severity}
    return [
        ("system", "System", sorted({name for tag in tags for name in tag.systems})),
        ("organisation", "Organisation", sorted({n for tag in tags for n in tag.organisations})),
        ("severity", "Harm if true", [h for h in ("high", "medium", "low") if h in harms]),
    ]


def _hash() -> str:
    """The policy lets the page's own script run and no other."""
    text = _SCRIPT.read_text("utf-8").removesuffix("\n")
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
