"""How a publisher writes months: texts → the ``strptime`` forms that read them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime

FORMS = (
    "%Y-%m", "%Y/%m", "%Y%m", "%m/%Y", "%m-%Y",
    "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%d/%m/%y", "%m/%d/%y",
    "%d %B %Y", "%d %b %Y", "%d-%B-%Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %y",
    "%B %Y", "%b %Y", "%B-%Y", "%b-%Y", "%B-%y", "%b-%y", "%B %y", "%b %y", "%B, %Y",
    "%Y %m", "%Y %B", "%Y %b", "%Y-%B", "%Y-%b", "%b%y", "%b%Y", "%B%Y",
)  # fmt: skip
_FINANCIAL = re.compile(r"(\d{2})(\d{2})[-/](\d{2})")


def forms_of(texts: Collection[str]) -> tuple[str, ...]:
    """Every form that reads all the texts, behind the words they all begin with.

    >>> forms_of(["MSitAE-APRIL-2024", "MSitAE-May-2024"])
    ('MSitAE-%B-%Y',)
    >>> forms_of(["01/04/2024", "01/05/2024"])
    ('%d/%m/%Y', '%m/%d/%Y')
    >>> forms_of(["2010-11", "2011-12"])  # financial years are no months
    ()
    """
    if not texts or all(map(_is_financial_year, texts)):
        return ()
    for start in _starts(min(texts)):
        if all(text.upper().startswith(start.upper()) for text in texts):
            rest = {text[len(start) :] for text in texts}
            found = [form for form in FORMS if all(_fits(text, form) for text in rest)]
            if found:
                return tuple(start.replace("%", "%%") + form for form in found)
    return ()


def choices(texts: Collection[str], forms: Collection[str]) -> list[tuple[str, ...]]:
    """The forms in groups that read the texts alike; more than one group is a question.

    >>> choices(["May 2024"], ["%B %Y", "%b %Y"])
    [('%B %Y', '%b %Y')]
    >>> choices(["01/04/2024"], ["%d/%m/%Y", "%m/%d/%Y"])
    [('%d/%m/%Y',), ('%m/%d/%Y',)]
    """
    alike: dict[tuple[datetime, ...], list[str]] = {}
    for form in forms:
        read = tuple(datetime.strptime(text, form) for text in sorted(texts))
        alike.setdefault(read, []).append(form)
    return [tuple(group) for group in alike.values()]


def _is_financial_year(text: str) -> bool:
    found = _FINANCIAL.fullmatch(text)
    return found is not None and (int(found[2]) + 1) % 100 == int(found[3])


def _starts(text: str) -> Iterator[str]:
    """Nothing, then every beginning that ends with a mark or a blank and holds no figure."""
    yield ""
    for at, sign in enumerate(text[:40], start=1):
        if sign.isdigit():
            return
        if not sign.isalnum():
            yield text[:at]


def _fits(text: str, form: str) -> bool:
    try:
        year = datetime.strptime(text, form).year
    except ValueError:
        return False
    return 1990 <= year <= 2060
