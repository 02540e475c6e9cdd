from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from fixtures.told import told
from kpialign.errors import UsageError
from kpialign.findings import Outcome
from kpialign.findings.facts import Unpublished
from kpialign.outputs import pack
from kpialign.outputs.pack import Told, choice, replies
from kpialign.outputs.pack.content import Bullets, Pack, Paragraph, Section, said
from kpialign.outputs.pack.sections import glossary, headline, public, sentences
from kpialign.terms import Release


@dataclass(frozen=True)
class Reply:
    """A narrative, as far as a pack reads it."""

    organisation: str
    name: str
    by: str
    period: str
    text: str


def text(section: Section | None) -> str:
    assert section is not None
    return " ".join(said(section))


def test_every_section_is_there_in_its_order(built: Pack) -> None:
    assert tuple(section.id for section in built.sections) == pack.ORDER == pack.names()


def test_ids_are_there_once(built: Pack) -> None:
    ids = [part.id for part in built.walk()]
    assert len(ids) == len(set(ids))


def test_a_chair_is_told_figures_evidence_questions_and_trust(built: Pack) -> None:
    words = text(built.sections[0])
    for part in ("4 headline figures", "Handover delay at hospital lengthens", "Getting better",
                 "What would have to be true at the hospital", "2 files could not be"):  # fmt: skip
        assert part in words


def test_a_finding_has_both_sides_charts_before_the_forest(built: Pack) -> None:
    part = next(s for s in built.walk() if s.id == "finding-KA-UEC-002")
    stems = [f.stem for f in Pack("", "", "", "", "", (part,)).figures()]
    assert stems == [
        "KA-UEC-002_starve_RYD_pair", "KA-UEC-002_starve_forest", "KA-UEC-002_starve_evidence",
    ]  # fmt: skip
    assert part.tags is not None
    assert part.tags.severity == "high"
    assert part.tags.organisations == ("South Central",)


def test_every_picture_has_words_and_a_table(built: Pack) -> None:
    figures = list(built.figures())
    assert len(figures) == 15
    assert all(f.alt and f.title and f.table.rows for f in figures)


def test_the_public_page_names_nobody_who_has_not_replied(outcome: Outcome) -> None:
    page = text(public.section(Told(outcome)))
    names = {tie.name for f in outcome.findings for tie in f.here}
    assert names
    assert not any(name in page for name in names)
    assert "1 local reading left out" in page


def test_who_replied_is_named_beside_its_words(
    outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = Reply("RYD", "South Central", "A. Director", "2026-03", "We hold a rota for it.")
    monkeypatch.setattr(replies, "of", lambda finding: (reply,))
    page = text(public.section(Told(outcome)))
    assert "South Central" in page
    assert "We hold a rota for it." in page


def test_a_run_that_is_not_for_publication_has_no_public_page(outcome: Outcome) -> None:
    release = Release.parse("management_information")
    hidden = replace(
        outcome, audience="internal", unpublished=(Unpublished("a.csv", "l", release, ()),)
    )
    section = public.section(Told(hidden))
    assert len(section.blocks) == 1
    assert "no public page" in text(section)


def test_sentences_stand_by_themselves(outcome: Outcome) -> None:
    section = sentences.section(Told(outcome))
    lines = [b.text for b in section.blocks if isinstance(b, Paragraph) and b.role == "paste"]
    measure, finding = lines[0], lines[len(headline.headlines(Told(outcome)))]
    assert "Mar 2026" in measure
    assert "Hampshire and Isle of Wight" in measure
    assert "Association, not proof of intent." in finding


def test_only_words_that_are_used_are_explained() -> None:
    before = Section("a", "A", (Bullets(("What a tie shows.",)),))
    empty = replace(told(), findings=())
    found = glossary.section(Told(empty, before=(before,)))
    assert [word for word, _ in found.blocks[0].pairs] == ["Tie"]  # type: ignore[union-attr]


def test_a_choice_keeps_sections_in_its_order_and_findings_it_names(outcome: Outcome) -> None:
    wanted = choice.Choice("Board", ("method", "findings"), ("KA-UEC-001",))
    built = pack.build(outcome, choice=wanted)
    assert built.title == "Board"
    assert [s.id for s in built.sections] == ["method", "findings"]
    assert [p.id for p in built.sections[1].parts] == ["finding-KA-UEC-001"]
    with pytest.raises(UsageError, match="Did you mean findings"):
        pack.build(outcome, choice=choice.Choice(sections=("finding",)))
    with pytest.raises(UsageError, match="Did you mean KA-UEC-001"):
        pack.build(outcome, choice=choice.Choice(rules=("KA-UEC-0001",)))


def test_pack_toml_is_read_or_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "pack.toml"
    assert choice.read(tmp_path) == choice.Choice()
    path.write_text('title = "T"\nsections = ["method"]\n[templates]\ndocx = "b.docx"\n')
    found = choice.read(tmp_path)
    assert (found.title, found.sections) == ("T", ("method",))
    assert found.templates == {"docx": str(tmp_path / "b.docx")}
    for wrong, told_of in (("section = []", "Did you mean sections"), ("rules = 3", "rules is 3"),
                           ("title = ", "not valid TOML")):  # fmt: skip
        path.write_text(wrong)
        with pytest.raises(UsageError, match=told_of):
            choice.read(tmp_path)
