import polars as pl
import pytest

from kpialign.composites import Scope, not_judged_across, system_values
from kpialign.definitions.indicators import Target
from kpialign.library import load
from kpialign.shipped import shipped
from kpialign.terms import Period


@pytest.mark.parametrize(
    ("month", "value", "met", "basis"),
    [
        ("2026-02", 75.0, None, "quarter 2026-01 to 2026-03, 2 of 3 months"),
        ("2026-03", 80.0, True, "quarter 2026-01 to 2026-03, 3 of 3 months"),
        ("2026-04", 70.0, None, "quarter 2026-04 to 2026-06, 1 of 3 months"),
    ],
)
def test_a_quarter_is_judged_when_it_is_over_by_its_sums(
    month: str, value: float, met: bool | None, basis: str
) -> None:
    indicator = load([shipped("indicators")]).indicators["uec.ed.four_hour"]
    target = Target.model_validate(
        {"name": "q", "kind": "ambition", "at_least": 78, "from": "2025-04", "basis": "quarter"}
    )
    rows = [
        ("2026-01", 70.0, 100.0), ("2026-02", 80.0, 100.0), ("2026-03", 170.0, 200.0),
        ("2026-04", 70.0, 100.0),
    ]  # fmt: skip
    values = pl.DataFrame(
        [("uec.ed.four_hour", "icb", "Q", p, n, d, 100 * n / d, 1, 1, 1, 1) for p, n, d in rows],
        schema=["indicator", "scope_level", "scope", "period", "numerator", "denominator", "value",
                "reported", "expected", "trusts_reported", "trusts_expected"],
        orient="row",
    )  # fmt: skip
    scope = Scope("icb", "Q", "Q", "hospital", "b")
    told = system_values(
        [indicator], [scope], values, Period.parse(month),
        plans=lambda _: {indicator.id: (target,)},
    )  # fmt: skip
    state = next(t for t in told[0].targets if t.name == "q")
    assert (state.value, state.met, state.basis) == (value, met, basis)
    first = Period.parse(basis.split()[1])
    for cut, judged in ((first, met), (first + 1, None)):
        own = next(t for t in not_judged_across(told[0], cut).targets if t.name == "q")
        assert (own.value, own.met) == (value, judged)
        assert own.basis.endswith("with a break in it") == (cut > first)
