"""Every fault is told by file, line, what was found and what to do.

Each file in ``bad/`` says on its first line where it belongs, and on its last ones what is
said of it; it is read together with the small sound library beside it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kpialign.errors import DefinitionError
from kpialign.library import load

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))


def spoil(path: Path, folder: Path) -> tuple[Path, set[str]]:
    text = path.read_text(encoding="utf-8")
    placed = folder / text.splitlines()[0].removeprefix("# ")
    placed.parent.mkdir(parents=True)
    placed.write_text(text, encoding="utf-8")
    expected = re.findall(r"^# (\d+: .*)$", text, flags=re.MULTILINE)
    return placed, {line.replace("{file}", str(placed)) for line in expected}


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_says_what_is_wrong_and_where(path: Path, sound: Path, tmp_path: Path) -> None:
    placed, expected = spoil(path, tmp_path)
    with pytest.raises(DefinitionError) as caught:
        load([sound, tmp_path])
    said = {line.removeprefix(f"{placed}:") for line in str(caught.value).splitlines()}
    if path.stem == "not_yaml":
        assert [line.partition(":")[0] for line in said] == ["5"]  # the parser's own words follow
    else:
        assert said == expected
    assert caught.value.exit_code == 2


def test_tells_of_all_files_at_once(sound: Path, tmp_path: Path) -> None:
    for name in ("unknown_key", "wrong_type", "tag"):
        spoil(Path(__file__).parent / "bad" / f"{name}.yaml", tmp_path / name / "definitions")
    folders = [sound, *(folder / "definitions" for folder in tmp_path.iterdir())]
    with pytest.raises(DefinitionError) as caught:
        load(folders)
    assert len({fault.file for fault in caught.value.faults}) == 3


def test_an_unreadable_file_does_not_make_other_names_unknown(sound: Path, tmp_path: Path) -> None:
    (tmp_path / "items").mkdir()
    (tmp_path / "items" / "u.yaml").write_text("area: u\nitems: [{id: u.new}]\n")
    (tmp_path / "events").mkdir()
    event = (
        "id: ev.a\nscope: {items: [u.new], from: 2026-01}\n"
        "effect: step\nstatus: confirmed\nwhy: x\nsource: x\n"
    )
    (tmp_path / "events" / "a.yaml").write_text(event)
    with pytest.raises(DefinitionError) as caught:
        load([sound, tmp_path])
    assert [Path(fault.file).name for fault in caught.value.faults] == ["u.yaml", "u.yaml"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x: " + b"a" * 300_000, "262,144 is the most"),
        (b"title: caf\xe9\n", "Byte 11 is not UTF-8"),
        (b"", "The file needs a map"),
        (b"- a\n- b\n", "The file needs a map"),
    ],
    ids=["too large", "not UTF-8", "empty", "a list"],
)
def test_refuses_a_file_that_is_no_definition(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "a.yaml").write_bytes(content)
    with pytest.raises(DefinitionError, match=said):
        load([tmp_path])


def test_a_yml_file_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "a.yml").write_text("id: ev.a\n")
    with pytest.raises(DefinitionError, match="Rename it"):
        load([tmp_path])
