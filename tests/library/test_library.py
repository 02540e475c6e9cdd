from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kpialign.definitions.indicators import Indicator
from kpialign.errors import UsageError
from kpialign.library import Library, load
from kpialign.shipped import shipped
from kpialign.terms import Period


@pytest.fixture(scope="module")
def library() -> Library:
    return load([shipped("indicators")])


def test_the_shipped_definitions_have_no_fault(library: Library) -> None:
    assert {"KA-UEC-001", "KA-UEC-002", "KA-UEC-003"} <= set(library.conflicts)
    assert {"nhse.ae.csv", "nhse.ae.workbook", "nhse.ambsys"} <= set(library.layouts)
    assert library.replaced == ()


def test_every_citation_can_be_followed(library: Library) -> None:
    for rule in library.conflicts.values():
        assert all((ref.url or "").startswith("https://") for ref in rule.references), rule.id
        assert {ref.says for ref in rule.references} & {"against", "caution"}, rule.id


def test_every_rule_that_rests_on_a_test_says_how_often_it_fires_at_nothing(
    library: Library,
) -> None:
    tested = {"density", "recorders", "sticking", "easing"}
    told = {rule.id for rule in library.shapes.values() if rule.false_alarms}
    assert told == {r.id for r in library.shapes.values() if r.evidence.method in tested}


def test_every_rule_says_how_well_it_is_documented(library: Library) -> None:
    said = {rule.id: (str(rule.status), rule.strength) for rule in library.conflicts.values()}
    assert said["KA-UEC-001"] == ("trial", "contested")
    assert said["KA-UEC-002"] == ("stable", "moderate")
    assert all(strength for _, strength in said.values())


def test_every_rule_must_fire_must_stay_silent_and_may_be_too_short(library: Library) -> None:
    for rule in library.conflicts.values():
        bounds = [bound for test in rule.tests for bound in test.expect.items()]
        assert any(v == "supported" and b.startswith(">=") for v, b in bounds), rule.id
        assert any(v == "supported" and b.startswith("<=") for v, b in bounds), rule.id
        assert any(v == "too_little_data" for v, _ in bounds), rule.id


def test_a_rule_holds_its_test_systems_to_its_own_minimum(library: Library) -> None:
    for rule in library.conflicts.values():
        for test in rule.tests:
            assert test.simulate.ties > min(rule.evidence.min_peers.values()), rule.id


def test_sums_are_the_terms_they_say(library: Library) -> None:
    assert library.sums["ae.dta_over_4h"] == {"ae.dta_4_to_12h": 1.0, "ae.dta_over_12h": 1.0}
    assert "ae.attendances.type1" not in library.sums


def test_a_pattern_names_collected_items_only(library: Library) -> None:
    named = library.collected("ae.over_4h.*")
    assert set(named) == {
        f"ae.over_4h.{booked}type{n}" for booked in ("", "booked.") for n in (1, 2, 3)
    }
    assert library.collected("ae.over_4h.all") == ()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Y59", "Y59"),
        ("NHS ENGLAND SOUTH EAST ", "Y59"),
        ("South East Commissioning Region", "Y59"),
        ("NHS England East Of England\xa0", "Y61"),
        ("NHS ENGLAND SOUTH EAST (KENT, SURREY AND SUSSEX)", "Y59"),
        ("London Commissioning Region", "Y56"),
    ],
)
def test_a_region_is_known_in_every_vocabulary(written: str, code: str, library: Library) -> None:
    assert library.region_codes[" ".join(written.split()).upper()] == code


def test_each_system_is_served_by_one_service(library: Library) -> None:
    systems = [system for serves in library.serves.values() for system in serves.systems]
    assert len(systems) == len(set(systems)) == 42 + 6


def test_find_gives_the_definition_or_the_nearest_name(library: Library) -> None:
    assert isinstance(library.find("amb.cat2.mean"), Indicator)
    with pytest.raises(UsageError, match=r"Did you mean amb\.cat2\.mean\?"):
        library.find("amb.cat2.meen")


def test_targets_are_in_force_when_they_say(library: Library) -> None:
    targets = {t.name: t for t in library.indicators["amb.cat2.mean"].targets}
    year = targets["ambition-2025-26"]
    months = [Period(2025, 3), Period(2025, 4), Period(2026, 3), Period(2026, 4)]
    assert [year.in_force(month) for month in months] == [False, True, True, False]
    assert [targets["standard"].met_by(value) for value in (18.0, 18.1)] == [True, False]


def test_a_later_folder_replaces_by_id_and_says_so(sound: Path, tmp_path: Path) -> None:
    own = tmp_path / "measures" / "t" / "late.yaml"
    own.parent.mkdir(parents=True)
    text = (sound / "measures" / "t" / "late.yaml").read_text().replace("title: Late", "title: Own")
    own.write_text(text)
    library = load([sound, tmp_path])
    assert library.indicators["t.late"].title == "Own"
    [replaced] = library.replaced
    assert (replaced.id, replaced.file) == ("t.late", str(own))
    assert replaced.was_file.endswith("sound/measures/t/late.yaml")
    assert library.sources["t.late"] == f"{own}:1"


def test_the_hash_is_of_the_content_whatever_the_order(sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "copy")
    shutil.copytree(sound / "items", tmp_path / "b" / "items")
    shutil.copytree(sound, tmp_path / "a", ignore=shutil.ignore_patterns("items"))
    whole = load([sound]).hash
    assert load([tmp_path / "copy"]).hash == whole
    assert load([tmp_path / "a", tmp_path / "b"]).hash == whole == load_reversed(tmp_path)
    (tmp_path / "copy" / "items" / "t.yaml").open("a").write("# changed\n")
    assert load([tmp_path / "copy"]).hash != whole


def load_reversed(tmp_path: Path) -> str:
    return load([tmp_path / "b", tmp_path / "a"]).hash


def test_sources_lead_to_the_line(library: Library) -> None:
    file, _, line = library.sources["ae.dta_over_12h"].rpartition(":")
    assert "ae.dta_over_12h" in Path(file).read_text().splitlines()[int(line) - 1]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("RAL", "hospital"), ("RYE", "ambulance"), ("RY6", "community"), ("RXT", "mental_health"),
        ("RWK", "trust"), ("TAF", "trust"), ("G6V2S", "trust"), ("RHU02", "site"),
        ("Y02428", "primary_care"), ("C83023", "primary_care"), ("NTP11", "other_provider"),
        ("8J094", "other_provider"), ("DT301", "other_provider"), ("AXG", "other_provider"),
        ("E06000045", "local_authority"), ("E10000014", "local_authority"),
        ("QRL", "commissioner"), ("D7T5G", "commissioner"), ("15N", "commissioner"),
        ("1-101604553", "care_provider"), ("Y59", "region"), ("E05000001", "unknown"),
        ("RAL ", "unknown"), ("", "unknown"),
    ],
)  # fmt: skip
def test_a_code_stands_for_a_kind_of_body(code: str, kind: str, library: Library) -> None:
    assert library.type_of(code) == kind


def test_only_trusts_are_expected_to_report(library: Library) -> None:
    trusts = {kind.id for kind in library.types.values() if kind.trust}
    assert trusts == {"hospital", "ambulance", "mental_health", "community", "trust"}


def test_every_succession_says_on_what_it_rests(library: Library) -> None:
    known = library.successions
    assert (str(known["RAP"].on), known["RAP"].successor) == ("2025-01", "RAL")
    assert {k for k, s in known.items() if s.successor == "R0D"} == {"RD3", "RDZ"}
    assert all(s.why for s in known.values())
    assert all(library.type_of(code) != "unknown" for s in known.values()
               for code in (s.predecessor, s.successor))  # fmt: skip


def test_every_system_that_ships_has_a_service_and_a_region(library: Library) -> None:
    served = {system for serves in library.serves.values() for system in serves.systems}
    assert {s.code for s in library.systems.values()} == served
    months = sorted({str(s.since) for s in library.systems.values()})
    assert months == ["2025-04", "2026-04"]
