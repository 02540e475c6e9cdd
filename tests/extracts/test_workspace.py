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


MEMBERSHIP = "organisation,role,level,parent,from,until,share\n"


def told(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, "utf-8")
    with pytest.raises(DefinitionError) as error:
        read_workspace(folder)
    return str(error.value)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("RDU,hospital,icb,Q1,,,0.5\nRDU,hospital,icb,Q2,,,0.4\n",
         "shares of RDU (hospital) over icb add up to 0.9 without a first month, not 1."),
        ("RDU,hospital,icb,Q1,,,1\nRDU,hospital,icb,Q2,2025-04,,1\n",
         "shares of RDU (hospital) over icb add up to 2 in 2025-04, not 1."),
        ("RDU,hospital,icb,Q1,,2025-03,0.5\nRDU,hospital,icb,Q2,,,0.5\n",
         "shares of RDU (hospital) over icb add up to 0.5 in 2025-04, not 1."),
    ],
    ids=["too few", "two at once", "one ends"],
)  # fmt: skip
def test_shares_that_do_not_add_up_are_told_with_their_month(
    rows: str, said: str, tmp_path: Path
) -> None:
    assert said in told(tmp_path, "membership.csv", MEMBERSHIP + rows)


def test_shares_may_be_fractions_and_change_over_time(tmp_path: Path) -> None:
    (tmp_path / "membership.csv").write_text(
        MEMBERSHIP + "RDU,hospital,icb,Q1,,2025-03,1/3\nRDU,hospital,icb,Q2,,2025-03,2/3\n"
        "RDU,hospital,icb,Q1,2025-04,,1\nRDU,hospital,region,Y59,,,1\n",
        "utf-8",
    )
    shares = read_workspace(tmp_path).membership["share"].to_list()
    assert shares == pytest.approx([1 / 3, 2 / 3, 1, 1])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("A,B,\n", "A → B needs the first month of B alone, in the column on."),
        ("A,B,2025-04\nB,A,2025-05\n", "A would follow itself: A → B → A."),
        ("A,B,2025-04\nA,C,2025-04\n", "A has two successors"),
    ],
)
def test_a_succession_has_a_month_and_one_successor(rows: str, said: str, tmp_path: Path) -> None:
    text = "predecessor,successor,on\n" + rows
    assert said in told(tmp_path, "succession.csv", text)


def test_a_month_of_one_collection_needs_the_month_by_law(tmp_path: Path) -> None:
    text = "predecessor,successor,on,area\nA,B,2025-04,ae\n"
    assert "A needs a row without an area: the month by law." in told(
        tmp_path, "succession.csv", text
    )
