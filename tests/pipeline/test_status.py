"""Published, embargoed, management information: who sees what, when, and in no output else."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import NOW

from kpialign.errors import UsageError
from kpialign.findings import Outcome
from kpialign.library import load
from kpialign.outputs import run as outputs
from kpialign.pipeline import ledger
from kpialign.pipeline.comparing import compare
from kpialign.pipeline.request import AsOf, Request
from kpialign.pipeline.run import check, make
from kpialign.settings import CONFIG, Settings, read_settings
from kpialign.shipped import shipped
from kpialign.store.database import open_database
from kpialign.terms import MANAGEMENT_INFORMATION, PUBLISHED, GateOutcome, Release

DAY = date(2026, 12, 10)
EMBARGOED = Release(DAY)
SECRET = 987654


def asked(
    folder: Path,
    statuses: Mapping[str, Release] | None = None,
    *,
    now: datetime = NOW,
    audience: str = "public",
    files: str = "*.csv",
    as_of: AsOf = AsOf(),  # noqa: B008  # frozen
) -> Request:
    place = folder.parent
    # Which figure is told is asked here, to the last person; how small ones go, elsewhere.
    places = {"database": place / "k.duckdb", "report": place / "report"}
    asked = {**places, "audience": audience, "disclosure": "none"}
    settings = read_settings(place, asked, environ={})
    paths = tuple(sorted(folder.glob(files)))
    return Request(paths, settings, now=now, statuses=statuses or {}, as_of=as_of)


def changed(path: Path, by: int, name: str = "", *, total: bool = True) -> Path:
    """A copy of a file in which type 1 attendances of ZH01 and the total are other ones."""
    lines = path.read_text("utf-8").splitlines()
    for at, line in enumerate(lines):
        cells = line.split(",")
        if "ZH01" in cells or (total and "TOTAL" in line.upper()):
            cells[4] = str(int(cells[4]) + by)
            lines[at] = ",".join(cells)
    out = path.with_name(name) if name else path
    out.write_text("\n".join(lines) + "\n", "utf-8")
    return out


def month(folder: Path, name: str) -> Path:
    (found,) = folder.glob(f"*{name}-2022*")
    return found


def type1_total(path: Path) -> float:
    """What the file itself prints for England."""
    return float(path.read_text("utf-8").splitlines()[-1].split(",")[4])


def england(outcome: Outcome, period: str) -> float | None:
    """Type 1 attendances in England."""
    rows = outcome.tables.values.filter(
        indicator="uec.ed.attendances.type1", scope="ENGLAND", period=period
    )
    return None if rows.is_empty() else float(rows["numerator"][0])


def test_embargoed_figures_appear_on_their_day_without_being_read_again(few: Path) -> None:
    june = month(few, "June").name
    before = check(asked(few, {june: EMBARGOED}))
    assert before.period == "2022-05"
    assert before.mark == ""
    assert [(u.file, u.release, u.periods) for u in before.unpublished] == [
        (june, EMBARGOED, ("2022-06",))
    ]
    eve = check(asked(few, now=datetime(2026, 12, 9, 23)))
    assert (eve.period, england(eve, "2022-06")) == ("2022-05", None)
    after = check(asked(few, now=datetime(2026, 12, 10, 9, 30)))
    assert {r.state for r in after.readings} == {"unchanged"}
    assert (after.period, after.unpublished) == ("2022-06", ())


def test_a_run_stands_until_the_embargo_ends(few: Path) -> None:
    (few.parent / "definitions" / "calendars").mkdir(parents=True)
    text = (
        "id: cal.nhse.ae\ntitle: A&E\nlayouts: [nhse.ae.csv]\nsource: invented\n"
        "due: {weekday: friday, nth: 4, months_after: 24}\n"
    )
    (few.parent / "definitions" / "calendars" / "late.yaml").write_text(text, "utf-8")
    request = asked(few, {month(few, "June").name: EMBARGOED})
    check(request)
    with open_database(request.settings.database) as connection:
        until = connection.execute("SELECT stands_until FROM run").fetchall()
    assert until == [(date(2026, 11, 27),)]
    check(replace(request, now=datetime(2026, 11, 28)))
    with open_database(request.settings.database) as connection:
        until = connection.execute("SELECT max(stands_until) FROM run").fetchall()
    assert until == [(DAY,)]


def test_an_embargoed_revision_leaves_the_published_figure_until_its_day(few: Path) -> None:
    first = check(asked(few))
    was = england(first, "2022-04")
    assert was is not None
    revised = changed(month(few, "April"), 100, "revised.csv")
    said = {revised.name: EMBARGOED}
    held = check(asked(few, said, now=NOW + timedelta(hours=1)))
    assert (england(held, "2022-04"), held.revisions) == (was, ())
    internal = check(asked(few, now=NOW + timedelta(hours=2), audience="internal"))
    assert england(internal, "2022-04") == was + 100
    assert internal.mark == "NOT FOR PUBLICATION: contains figures embargoed until 10 Dec 2026"
    after = check(asked(few, now=datetime(2026, 12, 10)))
    assert england(after, "2022-04") == was + 100
    look = asked(few, now=datetime(2026, 12, 11), as_of=AsOf(published_on=date(2026, 12, 9)))
    assert england(check(look), "2022-04") == was
    internal_look = replace(look, settings=internal_settings(look))
    assert england(check(internal_look), "2022-04") == was


def internal_settings(request: Request) -> Settings:
    return request.settings.model_copy(update={"audience": "internal"})


@pytest.mark.parametrize(
    "order",
    [
        ("published", "management", "revised"),
        ("management", "revised", "published"),
        ("revised", "published", "management"),
    ],
)
def test_published_stands_before_management_information_in_any_order(
    few: Path, order: tuple[str, ...]
) -> None:
    april = month(few, "April")
    files = {
        "management": changed(april, 500, "sitrep.csv"),
        "revised": changed(april, 30, "later.csv"),
        "published": april,
    }
    dates = {april.name: date(2022, 5, 12), "later.csv": date(2022, 6, 9)}
    said = {"sitrep.csv": MANAGEMENT_INFORMATION}
    for hour, name in enumerate(order):
        own = said if name == "management" else {}
        request = asked(few, own, now=NOW + timedelta(hours=hour), files=files[name].name)
        outcome = check(replace(request, published=dates))
        only = order[: hour + 1] == ("management",)
        assert (england(outcome, "2022-04") is None) == only
        assert bool(outcome.unpublished) == ("management" in order[: hour + 1])
    last = england(outcome, "2022-04")
    request = asked(few, audience="internal", now=NOW + timedelta(days=1))
    assert england(check(request), "2022-04") == last
    assert last == type1_total(april) + 30


def test_management_information_is_used_inside_where_nothing_is_published(few: Path) -> None:
    june = month(few, "June").name
    said = {june: MANAGEMENT_INFORMATION}
    assert check(asked(few, said)).period == "2022-05"
    inside = check(asked(few, audience="internal", now=NOW + timedelta(hours=1)))
    assert inside.period == "2022-06"
    assert inside.mark == "NOT FOR PUBLICATION: contains management information"
    never = check(asked(few, now=datetime(2036, 1, 1)))
    assert never.period == "2022-05"


def test_a_status_said_late_takes_the_figures_back(few: Path) -> None:
    june = month(few, "June").name
    assert check(asked(few)).period == "2022-06"
    later = check(asked(few, {june: EMBARGOED}, now=NOW + timedelta(hours=1)))
    assert {r.file: r.state for r in later.readings}[june] == "published"
    assert (later.period, england(later, "2022-06")) == ("2022-05", None)
    free = check(asked(few, {june: PUBLISHED}, now=NOW + timedelta(hours=2)))
    assert free.period == "2022-06"


def test_what_a_file_wrongly_taken_for_published_stood_before_can_come_back(few: Path) -> None:
    april = month(few, "April")
    leaked = changed(april, 500, "leaked.csv")
    dates = {april.name: date(2022, 5, 12), leaked.name: date(2022, 6, 9)}
    check(replace(asked(few, files="*April*"), published=dates))
    wrong = check(replace(asked(few, files="leaked*"), published=dates))
    assert england(wrong, "2022-04") == type1_total(april) + 500
    said = {leaked.name: MANAGEMENT_INFORMATION}
    gone = england(check(asked(few, said, files="leaked*")), "2022-04")
    assert gone is not None
    assert gone < type1_total(april)  # without ZH01, whose figure the leaked one had closed
    back = check(replace(asked(few, files="*April*"), published=dates))
    assert england(back, "2022-04") == type1_total(april)


def test_the_earlier_screen_is_not_shown_past_the_end_of_an_embargo(few: Path) -> None:
    request = asked(few, {month(few, "June").name: EMBARGOED}, now=datetime(2026, 12, 10))
    eve = replace(request, now=datetime(2026, 12, 9, 23))
    run_id = make(eve).run_id
    assert run_id is not None
    eve.settings.pack.mkdir()
    ledger.write_manifest(eve.settings.pack, [])
    ledger.enter(eve, run_id, "i", ledger.Summary("pass", (), ()), screen="s", findings_json="{}")
    shown = ledger.find_earlier(replace(eve, now=datetime(2026, 12, 9, 23, 59)), "i", ())
    assert shown is not None
    assert shown.screen == "s"
    assert ledger.find_earlier(request, "i", ()) is None


def test_diff_tells_an_embargoed_revision_from_its_day(few: Path) -> None:
    library = load([shipped("indicators")])
    check(asked(few, now=datetime(2022, 8, 1)))
    asked_on = partial(asked, few, {"revised.csv": Release(date(2022, 9, 1))})
    changed(month(few, "April"), 100, "revised.csv")
    database = few.parent / "k.duckdb"
    check(asked_on(now=datetime(2022, 8, 2)))
    hidden = compare(database, library, 1, 2)
    assert hidden is not None
    assert (hidden.revised, hidden.figures) == ((), ())
    check(asked_on(now=datetime(2022, 9, 1)))
    told = compare(database, library, 2, 3)
    assert told is not None
    assert {(one.organisation, (one.now or 0) - (one.was or 0)) for one in told.revised} == {
        ("ZH01", 100)
    }


def test_a_status_said_once_holds_for_a_file_that_was_held_back(few: Path) -> None:
    june = changed(month(few, "June"), 900, total=False)
    held = check(asked(few, {june.name: EMBARGOED}))
    assert {r.file: r.state for r in held.readings}[june.name] == "held_back"
    again = check(asked(few, now=NOW + timedelta(hours=1)))
    assert {r.file: r.release for r in again.readings}[june.name] == EMBARGOED


UNDRAWN = tuple(name for name in outputs.names() if name not in ("charts_folder", "report"))


def pack(request: Request, formats: tuple[str, ...] = ()) -> dict[str, str]:
    """Every text of every output of a run, or of those named."""
    outcome = check(request)
    outputs.write(outcome, request.settings.pack, formats)
    files = (p for p in request.settings.pack.rglob("*") if p.suffix != ".png" and p.is_file())
    return {path.name: path.read_text("utf-8") for path in files}


def test_no_output_shows_what_may_not_be_shown(few: Path) -> None:
    """One embargoed file is published, one held back with a message that holds figures."""
    june, may = month(few, "June"), month(few, "May")
    changed(june, SECRET)
    changed(may, SECRET, total=False)
    said = {june.name: EMBARGOED, may.name: EMBARGOED}
    request = asked(few, said)
    first = pack(request)
    again = asked(few, now=NOW + timedelta(hours=1))  # the ledger tells the gate's answers
    texts = pack(again, UNDRAWN)
    assert june.name in texts["screen.txt"].replace("\n", "")
    told = check(asked(few, now=NOW + timedelta(hours=2)))
    assert told.gate.outcome is GateOutcome.FAIL
    inside = check(asked(few, audience="internal", now=NOW + timedelta(hours=3)))
    shown = england(inside, "2022-06")
    assert shown is not None
    assert shown > SECRET
    hidden = inside.tables.values.filter(period="2022-06").drop_nulls("value")
    figures = [f"{value:.6g}" for value in hidden["value"] if 1e3 < value < 1e6]
    assert figures
    for name, text in {**first, **texts}.items():
        assert "NOT FOR PUBLICATION" not in text
        assert [one for one in figures if one in text] == [], name
    inner = pack(asked(few, audience="internal", now=NOW + timedelta(hours=4)), UNDRAWN)
    assert [one for one in figures if one not in "".join(inner.values())] == []
    row = next(row for row in inside.issues if row.file == may.name)
    assert f"{row.message}" not in "".join(texts.values())
    assert "printed total" in row.message


def test_failing_rows_of_what_may_not_be_shown_are_taken_out(few: Path) -> None:
    path = month(few, "April")
    changed(path, -999_999, total=False)
    public = check(asked(few, {path.name: EMBARGOED}))
    assert path.name in {result.file for result in public.gate.at(GateOutcome.FAIL)}
    assert path.name not in set(public.gate.faults["file"])
    inside = check(asked(few, {path.name: EMBARGOED}, audience="internal"))
    assert path.name in set(inside.gate.faults["file"])


def test_every_output_of_an_internal_run_is_marked_and_lies_apart(few: Path) -> None:
    request = asked(few, {month(few, "June").name: EMBARGOED}, audience="internal")
    texts = pack(request)
    assert request.settings.pack.name == "report-not-for-publication"
    assert not request.settings.report.exists()
    assert {"screen.txt", "report.html", "findings.json", "findings.csv"} <= texts.keys()
    unmarked = [name for name, text in texts.items() if "NOT FOR PUBLICATION" not in text]
    assert unmarked == (["findings.csv"] if not check(request).findings else [])


def test_a_layout_that_is_never_published_is_read_only_inside(few: Path) -> None:
    text = (Path(__file__).parents[2] / "indicators/layouts/nhse_ae_csv.yaml").read_text("utf-8")
    own = few.parent / "definitions" / "layouts"
    own.mkdir(parents=True)
    text = text.replace("published: true", "published: false")
    (own / "nhse_ae_csv.yaml").write_text(text, "utf-8")
    for release in (None, PUBLISHED, EMBARGOED, MANAGEMENT_INFORMATION):
        said = {"*.csv": release} if release else {}
        refused = check(asked(few, said)).readings
        assert {r.state for r in refused} == {"refused"}
        assert "--audience internal" in refused[0].why
    for release in (PUBLISHED, EMBARGOED):
        told = check(asked(few, {"*.csv": release}, audience="internal"))
        assert {r.state for r in told.readings} == {"refused"}
    inside = check(asked(few, audience="internal"))
    assert {r.state for r in inside.readings} == {"published"}
    assert inside.period == "2022-06"
    outside = check(asked(few, now=NOW + timedelta(hours=1)))
    assert (outside.period, len(outside.unpublished)) == ("", 3)
    assert outside.tables.values.is_empty()


def test_the_workspace_may_say_the_status_by_a_pattern(few: Path) -> None:
    line = '[status]\n"*June-2022*" = "embargoed:2026-12-10"\n'
    (few.parent / CONFIG).write_text(line, "utf-8")
    request = asked(few)
    assert request.status_of(month(few, "June").name) == EMBARGOED
    assert check(request).period == "2022-05"
    assert asked(few, {"*": PUBLISHED}).status_of(month(few, "June").name) == PUBLISHED


def test_a_status_that_fits_no_file_protects_nothing_and_is_said(few: Path) -> None:
    june = month(few, "June").name
    with pytest.raises(UsageError, match=f"no file of this run fits. Did you mean {june}"):
        check(asked(few, {june.replace("June", "Jun"): EMBARGOED}))
    lines = '[status]\n"*Juni*" = "embargoed:2026-12-10"\n"*June*" = "published"\n'
    (few.parent / CONFIG).write_text(lines, "utf-8")
    notes = check(asked(few)).notes
    assert [n for n in notes if "fits no file" in n] == [
        "[status] in kpialign.toml: '*Juni*' fits no file"
    ]


@pytest.mark.parametrize("text", ["embargoed", "embargoed:soon", "secret", ""])
def test_a_status_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / CONFIG).write_text(f'[status]\n"*.csv" = "{text}"\n', "utf-8")
    with pytest.raises(UsageError, match="status"):
        read_settings(tmp_path, {}, environ={})


def test_values_of_an_internal_run_are_those_of_all_files(few: Path) -> None:
    plain = check(asked(few)).tables.values
    shutil.rmtree(few.parent / "report", ignore_errors=True)
    (few.parent / "k.duckdb").unlink()
    said = {month(few, "June").name: EMBARGOED, month(few, "May").name: MANAGEMENT_INFORMATION}
    inside = check(asked(few, said, audience="internal")).tables.values
    assert inside.equals(plain)
    assert isinstance(inside, pl.DataFrame)
