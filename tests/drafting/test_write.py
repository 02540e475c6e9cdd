"""A draft's text says what the draft says, whatever the words."""

from datetime import date, datetime

from hypothesis import assume, given
from hypothesis import strategies as st

from kpialign.drafting.layout import Draft
from kpialign.drafting.periods import choices, forms_of
from kpialign.drafting.words import slug
from kpialign.drafting.write import layout_text
from kpialign.library.reader import read

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(
    words=st.lists(WORDS, max_size=4),
    pairs=st.dictionaries(WORDS, WORDS, max_size=4),
    note=WORDS.map(lambda text: " ".join(filter(str.isprintable, text.split()))),
)
def test_the_library_quotes_what_needs_it(
    words: list[str], pairs: dict[str, str], note: str
) -> None:
    table = {"header": words, "items": {**pairs, "last": {"heading": "x", "where": words}}}
    layout = {"id": "x", "missing": pairs, "tables": [table, {"rows": pairs, "again": words}]}
    notes = {("missing",): [f"? {note}"], ("tables", 0, "items"): [note, note]}
    document, faults = read("x", layout_text(Draft(layout, {}, notes, ())).encode())
    assert not faults
    assert document.value == layout


@given(WORDS)
def test_a_slug_is_a_word_of_an_id(text: str) -> None:
    word = slug(text)
    assert word
    assert word.replace("_", "").isalnum()
    assert word == word.lower()
    assert word.isascii()


@given(st.dates(), st.sampled_from(["MSitAE-%B-%Y", "%b-%y", "%Y-%m", "%d/%m/%Y", "Month: %b %Y"]))
def test_a_month_is_read_in_the_form_it_was_written_in_or_asked_about(day: date, form: str) -> None:
    day = day.replace(year=1990 + day.year % 70, day=1 + day.day % 28)
    text = day.strftime(form)
    assume((day.year + 1) % 100 != day.month or form != "%Y-%m")  # 2010-11 is a financial year too
    groups = choices([text], forms_of([text]))
    assert any(form in group for group in groups)
    months = {datetime.strptime(text, group[0]).month for group in groups}
    assert len(groups) == 1 or len(months) > 1
