import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cli.command import run
from kpialign.errors import UsageError
from kpialign.library.load import MODELS
from kpialign.library.reader import read
from kpialign.library.schemas import schema
from kpialign.shipped import shipped


def written() -> Iterator[tuple[str, Path]]:
    for path in sorted(shipped("indicators").rglob("*.yaml")):
        yield path.relative_to(shipped("indicators")).parts[0].removesuffix(".yaml"), path


def value(path: Path) -> Any:
    document, _ = read(str(path), path.read_bytes())
    return json.loads(json.dumps(document.value, default=str))  # dates as an editor has them


@pytest.mark.parametrize("kind", MODELS)
def test_every_shipped_file_keeps_to_the_schema_of_its_kind(kind: str) -> None:
    told = Draft202012Validator(schema(kind))
    told.check_schema(told.schema)
    own = [path for folder, path in written() if folder == kind]
    assert own or kind == "exceptions"
    assert {path.name: [e.message for e in told.iter_errors(value(path))] for path in own} == {
        path.name: [] for path in own
    }


def test_a_key_that_is_no_key_is_an_error_and_a_private_one_is_none() -> None:
    path = next(path for kind, path in written() if kind == "measures")
    told = Draft202012Validator(schema("measures"))
    assert [e.message for e in told.iter_errors(value(path) | {"x_ours": 1})] == []
    (error,) = told.iter_errors(value(path) | {"titel": "x"})
    assert "'titel'" in error.message


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean measures"):
        schema("measure")


def test_the_command_prints_one_schema(tmp_path: Path) -> None:
    assert json.loads(run("schema", "events", cwd=tmp_path).stdout) == schema("events")
    assert "findings" in json.loads(run("schema", "findings", cwd=tmp_path).stdout)["properties"]
    done = run("schema", "event", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean events?" in done.stderr
