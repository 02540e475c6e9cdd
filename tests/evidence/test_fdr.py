import csv
import json

import pytest

from kpialign.evidence import adjusted


@pytest.mark.reference
def test_the_example_of_benjamini_and_hochberg(cases):
    with (cases / "fdr_bh1995_expected.csv").open() as file:
        rows = list(csv.DictReader(file))
    found = adjusted({row["i"]: float(row["p"]) for row in rows})
    assert [found[row["i"]] for row in rows] == pytest.approx([float(row["p_bh"]) for row in rows])
    told = json.loads((cases / "published_figures.json").read_text())
    told = told["Benjamini_Hochberg_1995_example"]
    assert len(rows) == told["m"]
    assert sum(p <= 0.05 for p in found.values()) == told["reject_BH_q05"] == 4


def test_the_family_is_what_was_declared_not_what_had_an_answer():
    answered = adjusted({"a": 0.02, "b": 0.03})
    declared = adjusted({"a": 0.02, "b": 0.03, "c": None, "d": None})
    assert answered == pytest.approx({"a": 0.03, "b": 0.03})
    assert declared == pytest.approx({"a": 0.06, "b": 0.06, "c": 1.0, "d": 1.0})


def test_an_empty_family_is_empty():
    assert adjusted({}) == {}
