"""The ASEM index of the JRC, stage by stage, against COINr's published reference values."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kpialign.composites.stages import Composed, compose
from kpialign.definitions.composites import Composite

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "composites"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the reference cases are not here")


def read(name: str) -> pl.DataFrame:
    return pl.read_csv(CASES / f"asem_{name}.csv", null_values="NA", infer_schema_length=None)


@pytest.fixture(scope="module")
def composed() -> Composed:
    meta = {row["iCode"]: row for row in read("iMeta").iter_rows(named=True)}
    parents: dict[str, list[str]] = {}
    for code, row in meta.items():
        if row["Parent"]:
            parents.setdefault(row["Parent"], []).append(code)

    def part(code: str) -> dict[str, object]:
        row = meta[code]
        if code in parents:
            inner = [part(child) for child in parents[code]]
            return {"id": code.lower(), "weight": row["Weight"], "aggregate": "arithmetic",
                    "components": inner}  # fmt: skip
        return {
            "indicator": code.lower(), "weight": row["Weight"],
            "improves": "up" if row["Direction"] > 0 else "down",
            "per": row["Denominator"].lower() if row["Denominator"] else None,
        }  # fmt: skip

    definition = Composite.model_validate({
        "id": "index", "title": "ASEM", "why": "reference", "aggregate": "arithmetic",
        "normalise": "min_max", "treat": {"method": "winsorise_then_log"},
        "impute": {"method": "group_mean", "by": "group"},
        "components": [part(code) for code in parents["Index"]],
    })  # fmt: skip
    data = read("iData")
    figures = [
        c for c in data.columns if c in meta and meta[c]["Type"] in ("Indicator", "Denominator")
    ]
    long = data.rename({"uCode": "unit", "EurAsia_group": "group"}).unpivot(
        figures, index=["unit", "group"], variable_name="indicator"
    ).with_columns(pl.col("indicator").str.to_lowercase())  # fmt: skip
    return compose(long, definition)


@pytest.mark.parametrize(
    ("stage", "file"),
    [("divided", "denominated"), ("imputed", "imputed"), ("treated", "treated"),
     ("normalised", "normalised")],
)  # fmt: skip
def test_every_stage_is_reproduced(composed: Composed, stage: str, file: str) -> None:
    wanted = read(f"stage_{file}").unpivot(index="uCode").rename({"value": "wanted"})
    wanted = wanted.with_columns(pl.col("variable").str.to_lowercase())
    both = composed.stage(stage).join(
        wanted, left_on=["unit", "part"], right_on=["uCode", "variable"], how="left"
    )
    assert both.height == 51 * 49
    found, right = both["value"].to_numpy(), both["wanted"].cast(pl.Float64).to_numpy()
    np.testing.assert_array_equal(np.isnan(found), np.isnan(right))
    np.testing.assert_allclose(found, right, rtol=1e-9, atol=1e-9)


def test_every_level_and_the_ranks_are_reproduced(composed: Composed) -> None:
    wanted = read("stage_aggregated").unpivot(index="uCode").rename({"value": "wanted"})
    wanted = wanted.with_columns(pl.col("variable").str.to_lowercase())
    both = composed.parts.join(wanted, left_on=["unit", "part"], right_on=["uCode", "variable"])
    assert both.height == 51 * (49 + 8 + 2 + 1)
    assert (both["score"] - both["wanted"]).abs().max() < 1e-9
    results = read("expected_results").sort("Rank")
    ours = composed.scores.sort("value", descending=True)
    assert ours["unit"].to_list() == results["uCode"].to_list()
    assert (ours["value"] - results["Index"]).abs().max() < 1e-9


def test_what_was_imputed_and_treated_is_recorded(composed: Composed) -> None:
    before = composed.stages["divided"]
    imputed = composed.record.filter(pl.col("stage") == "imputed")
    assert imputed.height == int(np.isnan(before).sum()) > 0
    assert set(imputed["how"]) == {"group mean"}
    assert composed.record.filter(pl.col("stage") == "treated").height > 0


def test_effective_weights_multiply_down_the_tree(composed: Composed) -> None:
    weights = {row["part"]: row for row in composed.weights.iter_rows(named=True)}
    assert weights["conn"]["effective"] == pytest.approx(0.5)
    assert weights["goods"]["effective"] == pytest.approx(1 / 2 / 5 / 5)
    leaves = composed.weights.filter(pl.col("part").is_in([x.name for x in composed.plan.leaves]))
    assert leaves["effective"].sum() == pytest.approx(1)


def test_the_tree_and_its_weights_are_those_of_the_reference(composed: Composed) -> None:
    plan = composed.plan
    parent = {plan.names[c]: node.id for node in plan.nodes for c in node.columns}
    for leaf, pillar, sub_index, index in read("lineage").iter_rows():
        way = [leaf.lower()]
        while way[-1] in parent:
            way.append(parent[way[-1]])
        assert way == [leaf.lower(), pillar.lower(), sub_index.lower(), index.lower()]
    given = {
        row["iCode"].lower(): row["Weight"]
        for row in read("weights_original").iter_rows(named=True)
    }
    own = {plan.names[c]: w for n in plan.nodes for c, w in zip(n.columns, n.weights, strict=True)}
    assert own == {name: given[name] for name in own}
    assert len(own) == 49 + 8 + 2
