"""Where settings come from, and what is said when one is wrong."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from kpialign.errors import UsageError
from kpialign.settings import CONFIG, PREFIX, Settings, find_workspace, read_settings

SOURCES = ("default", "file", "environment", "option")


@pytest.mark.parametrize("strongest", SOURCES)
@pytest.mark.parametrize("setting", ["system", "database", "report"])
def test_options_stand_before_environment_before_file_before_defaults(
    tmp_path: Path, setting: str, strongest: str
) -> None:
    there = SOURCES[: SOURCES.index(strongest) + 1]
    if "file" in there:
        (tmp_path / CONFIG).write_text(f'{setting} = "file"\n', "utf-8")
    settings = read_settings(
        tmp_path,
        {setting: "option" if "option" in there else None},
        {PREFIX + setting.upper(): "environment"} if "environment" in there else {},
    )
    default = str(getattr(Settings(), setting))
    wanted = default if strongest == "default" else strongest
    assert str(getattr(settings, setting)) == wanted


def test_each_setting_is_taken_from_its_own_source(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text('system = "QRL"\nreport = "pack"\n', "utf-8")
    settings = read_settings(tmp_path, {"database": "o.duckdb"}, {"KPIALIGN_REPORT": "env"})
    assert settings == Settings(
        system="QRL", report=Path("env"), database=Path("o.duckdb"), workspace=tmp_path
    )
    assert settings.definitions == tmp_path / "definitions"


def test_the_real_environment_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPIALIGN_SYSTEM", "QZZ")
    assert read_settings(tmp_path, {}).system == "QZZ"


def test_no_source_moves_the_workspace(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text('workspace = "elsewhere"\n', "utf-8")
    settings = read_settings(tmp_path, {}, {"KPIALIGN_WORKSPACE": "further"})
    assert settings.workspace == tmp_path


def test_an_unknown_setting_is_named_with_its_file_and_the_nearest_known_one(
    tmp_path: Path,
) -> None:
    (tmp_path / CONFIG).write_text('databse = "k.duckdb"\n', "utf-8")
    with pytest.raises(UsageError) as caught:
        read_settings(tmp_path, {}, {})
    assert str(caught.value) == (
        f"{tmp_path / CONFIG}: unknown setting 'databse'. Did you mean database?"
    )


@pytest.mark.parametrize("content", [b'system = "QRL\n', b"system QRL", b'system = "\xff\xfe"\n'])
def test_a_file_that_is_no_toml_is_named_with_the_place(tmp_path: Path, content: bytes) -> None:
    (tmp_path / CONFIG).write_bytes(content)
    with pytest.raises(UsageError, match=r"kpialign\.toml: is not valid TOML: .+"):
        read_settings(tmp_path, {}, {})


def test_a_setting_of_the_wrong_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text("system = 7\n", "utf-8")
    with pytest.raises(UsageError, match=r"setting system: .*valid string"):
        read_settings(tmp_path, {}, {})


def test_settings_do_not_change(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        read_settings(tmp_path, {}, {}).system = "QRL"  # type: ignore[misc]


def workspace(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / CONFIG).write_text("", "utf-8")
    return folder


def test_the_workspace_given_stands_also_without_a_file(tmp_path: Path) -> None:
    assert find_workspace(tmp_path, [workspace(tmp_path / "extracts")]) == tmp_path


def test_a_workspace_given_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere: there is no such folder"):
        find_workspace(tmp_path / "nowhere", [])


def test_the_current_folder_stands_before_those_of_the_extracts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, first, second = (tmp_path / name for name in ("here", "first", "second"))
    for folder in (here, first):
        folder.mkdir()
    workspace(second)
    (first / "a.csv").write_text("", "utf-8")
    monkeypatch.chdir(here)
    assert find_workspace(None, [first / "a.csv", first, second]) == second
    workspace(here)
    assert find_workspace(None, [first, second]) == Path()


def test_without_any_the_current_folder_is_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_workspace(None, [tmp_path]) == Path()
