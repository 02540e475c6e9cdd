"""The look of every chart: colours, type, and the frame of headline, subtitle and source."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import altair as alt

from kpialign.charts import words
from kpialign.findings import Outcome

# Government Analysis Function categorical palette, in its order; each colour has at
# least 3:1 against white and against its neighbours (WCAG 2.2, 1.4.11).
NAVY, TEAL, PLUM, ORANGE, CHARCOAL, LILAC = PALETTE = (
    "#12436D",
    "#28A197",
    "#801650",
    "#F46A25",
    "#3D3D3D",
    "#A285D1",
)
BAND = "#E3E3E3"  # a backdrop; what it shows is repeated in words and by the dashed median
RULE = "#767676"  # 4.5:1, for lines that carry meaning without being the message

WIDTH = 640
FONT = "Arial, sans-serif"  # "Arial" alone draws no text where that font is absent

Panel = alt.LayerChart | alt.FacetChart
Drawing = Panel | alt.VConcatChart | alt.ConcatChart

_CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "white",
    "padding": 12,
    "view": {"stroke": None},
    "mark": {"aria": False},  # a screen reader gets the alt text, not hundreds of points
    "line": {"strokeJoin": "round", "strokeCap": "round"},
    "range": {"category": list(PALETTE)},
    "axis": {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "labelColor": CHARCOAL,
        "titleColor": CHARCOAL,
        "gridColor": "#EEEEEE",
        "domainColor": RULE,
        "tickColor": RULE,
    },
    "axisY": {"minExtent": 38},  # panels one above the other start at one line
    "text": {"fontSize": 13, "color": CHARCOAL},
    "title": {
        "anchor": "start",
        "color": "#111111",
        "fontSize": 14,
        "fontWeight": "bold",
        "subtitleColor": CHARCOAL,
        "subtitleFontSize": 12,
    },
    "concat": {"spacing": 18},
}


_BARRED = "[not for publication]"  # on the picture itself, where a crop keeps it longest


def dress(
    drawing: Drawing, outcome: Outcome, headline: str, subtitle: list[str], alt_text: str
) -> alt.VConcatChart:
    """Frame a drawing: the message, what is measured, the figures, where they come from.

    The alt text is kept as the chart's description, where Vega-Lite and readers look for it.
    """
    title = alt.TitleParams(
        wrap(f"{_BARRED} {headline}" if outcome.mark else headline, 80),
        subtitle=[line for text in subtitle for line in wrap(text, 128)],
        fontSize=18,
        subtitleFontSize=13,
        subtitleColor=CHARCOAL,
        subtitlePadding=6,
        offset=16,
    )
    # A concat has one title only, so the source line is the bottom title of an outer frame.
    foot = alt.TitleParams(
        [line for text in (outcome.mark, source_line(outcome)) for line in wrap(text, 110)],
        orient="bottom",
        fontSize=12,
        fontWeight="normal",
        color=CHARCOAL,
        offset=12,
    )
    words_of_it = f"{outcome.mark}. {alt_text}" if outcome.mark else alt_text
    # Set, and not by `properties` and `configure`, each of which copies the whole chart.
    drawing.title = title
    dressed = alt.vconcat(drawing, title=foot, description=words_of_it)
    dressed.config = alt.Config(**_CONFIG)
    return dressed


def source_line(outcome: Outcome) -> str:
    """Which extracts were read, and what the figures were known as at."""
    layouts = sorted({r.layout for r in outcome.readings if r.layout})
    read = f"extracts {', '.join(layouts)}" if layouts else "no extracts"
    dates = [r.published_on for r in outcome.readings if r.state != "refused"]
    # One undated file may be newer than every dated one, so that no date holds for all.
    known = f", as published at {words.day(max(dates))}" if dates and all(dates) else ""
    return (
        f"Source: {read}; figures to {words.month(outcome.period)}{known}. "
        f"kpialign {outcome.version}."
    )
