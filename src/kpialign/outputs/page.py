"""What the pages share: their templates, escaped by default, and their words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpialign.charts import words
from kpialign.outputs.wording import beside, phrases, unusual, verdict

if TYPE_CHECKING:
    import jinja2

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def template(name: str) -> jinja2.Template:
    """A template of ``templates``; pages come of it the same from the same data."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,  # names of files and organisations come from outside
        finalize=_told,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        words=words, beside=beside, phrases=phrases, unusual=unusual, verdict=verdict
    )
    environment.tests["web_address"] = _is_web_address
    return environment.get_template(name)


def _told(value: Any) -> Any:
    """Text without what a browser may not get or would obey; what is built as HTML stays."""
    return words.clean(value) if type(value) is str else value


def _is_web_address(url: str) -> bool:
    """Only these become links: ``javascript:`` in a definition must stay text."""
    return url.startswith(("https://", "http://"))
