"""The verdict as Markdown."""

from __future__ import annotations

from kpialign.findings import Gated
from kpialign.outputs.gate import text


def render(gated: Gated) -> str:
    """The plain text, as a block."""
    return f"```\n{text.render(gated)}```\n"
