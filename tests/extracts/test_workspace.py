from pathlib import Path

import pytest

from kpialign.errors import DefinitionError
from kpialign.extracts.workspace import read_workspace


def test_the_sample_workspace_is_read(sample: Path) -> None:
    workspace = read_workspace(sample)
    assert workspace.links.filter(hospital="ZH17")["weight"].to_list() == [0.6, 0.4]
    assert workspace.succession.rows() == [("ZH49", "ZH45", "2024-04", "")]


def test_an_empty_folder_is_a_workspace_without_facts(tmp_path: Path) -> None:
    workspace = read_workspace(tmp_path)
    assert workspace.links.height == workspace.membership.height == 0


def test_all_faults_come_at_once_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "succession.csv").write_text("predecesor,successor,on\nA,B,2024-04\n", "utf-8")
    (tmp_path / "links.csv").write_text(
        "kind,from_organisation,to_organisation,from,until,weight,basis\n"
        "conveys_to,S,H,April 2024,,2,mine\n",
        "utf-8",
    )
    with pytest.raises(DefinitionError) as error:
        read_workspace(tmp_path)
    told = str(error.value)
    assert "links.csv:2: 'April 2024' is not a month written as YYYY-MM" in told
    assert "links.csv:2: weight '2' is not above 0 and up to 1" in told
    assert "succession.csv:1: the column 'predecessor' is missing. Did you mean predecesor?" in told
