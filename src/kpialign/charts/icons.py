"""Icons of variation and assurance, drawn here: a shape, a letter and words for each.

Shape and letter say it without colour; outlines and letters have 3 : 1 and more on their fill.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kpialign.charts import theme, words
from kpialign.findings import SystemValue
from kpialign.variation.icons import Assurance, Variation

_SIZE = 48
_DISC = '<circle cx="24" cy="24" r="21" {paint}/>'
_LOZENGE = '<path d="M24 2 L46 24 L24 46 L2 24 Z" {paint}/>'
_TILE = '<rect x="4" y="4" width="40" height="40" rx="6" {paint}/>'
_WAVE = '<path d="M10 26 Q17 14 24 26 T38 26" fill="none" stroke="#111111" stroke-width="3"/>'
_BETTER = ("#B8E6FA", "#005EB8", _DISC)
_WORSE = ("#F7C9A3", "#8A3D00", _LOZENGE)
_OTHER = ("#E4D3F2", "#490092", _TILE)
_GREY = ("#E6E6E6", "#5A5A5A", _DISC)
_PLAIN = ("#FFFFFF", "#5A5A5A", _TILE)


@dataclass(frozen=True)
class Icon:
    """A sign with what it means.

    Attributes:
        name: a file name without its ending.
        letter: what stands for it where no picture can, such as ``H``.
        words: what it says; its alt text.
    """

    name: str
    letter: str
    words: str
    svg: str

    @property
    def png(self) -> bytes:
        """The sign as a picture for papers."""
        return _png(self.svg)


@cache
def _png(svg: str) -> bytes:
    import vl_convert

    image: bytes = vl_convert.svg_to_png(svg, ppi=200)
    return image


def variation(state: str) -> Icon:
    """The sign of a variation; H is high and L low."""
    looks = {
        Variation.COMMON_CAUSE: (_GREY, "", "steady"),
        Variation.IMPROVEMENT_HIGH: (_BETTER, "H", "getting better, high"),
        Variation.IMPROVEMENT_LOW: (_BETTER, "L", "getting better, low"),
        Variation.CONCERN_HIGH: (_WORSE, "H", "getting worse, high"),
        Variation.CONCERN_LOW: (_WORSE, "L", "getting worse, low"),
        Variation.NEITHER_HIGH: (_OTHER, "H", "higher than usual"),
        Variation.NEITHER_LOW: (_OTHER, "L", "lower than usual"),
    }
    known = {str(key): look for key, look in looks.items()}
    look, letter, said = known.get(state, (_PLAIN, "–", "too few months"))
    return Icon(f"variation-{state or 'none'}", letter or "~", said, _drawn(look, letter, said))


def assurance(state: str) -> Icon:
    """The sign of an assurance: P passes, F fails whatever the month, ? may do either."""
    looks = {
        Assurance.PASS: (_BETTER, "P", "meets its target whatever the month"),
        Assurance.FAIL: (_WORSE, "F", "misses its target whatever the month"),
        Assurance.HIT_AND_MISS: (_GREY, "?", "may meet or miss its target"),
    }
    known = {str(key): look for key, look in looks.items()}
    look, letter, said = known.get(state, (_PLAIN, "–", "no target judged"))
    return Icon(f"assurance-{state or 'none'}", letter, said, _drawn(look, letter, said))


def of(value: SystemValue) -> tuple[Icon, Icon]:
    """Variation and assurance of a figure of the whole."""
    process = value.process
    if process is None:
        return variation(""), assurance("")
    return variation(process.variation), assurance(process.assurance)


def _drawn(look: tuple[str, str, str], letter: str, said: str) -> str:
    fill, edge, shape = look
    paint = f'fill="{fill}" stroke="{edge}" stroke-width="3"'
    inside = (
        f'<text x="24" y="31.5" text-anchor="middle" font-family="{theme.FONT}" font-size="22" '
        f'font-weight="bold" fill="#111111">{letter}</text>'
        if letter
        else _WAVE
    )
    title = words.sentence(said)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIZE}" height="{_SIZE}" '
        f'viewBox="0 0 {_SIZE} {_SIZE}" role="img" aria-label="{title}">'
        f"{shape.format(paint=paint)}{inside}</svg>"
    )
