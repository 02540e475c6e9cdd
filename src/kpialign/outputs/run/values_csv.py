"""System values as a flat table that opens in Excel, each with who reported of whom expected."""

from __future__ import annotations

from pathlib import Path

from kpialign.findings import Outcome, SystemValue
from kpialign.outputs import atomic
from kpialign.outputs.spreadsheet import Row, table


def render(outcome: Outcome) -> str:
    """A row per indicator and whole."""
    return table(rows(outcome))


def rows(outcome: Outcome) -> list[Row]:
    """A row per indicator and whole."""
    return [_row(value, outcome) for value in outcome.system_values]


def write(outcome: Outcome, folder: Path) -> Path:
    """Write ``values.csv``."""
    return atomic.write_text(folder / "values.csv", render(outcome))


def _row(value: SystemValue, outcome: Outcome) -> Row:
    alike = value.like_for_like
    return {
        "mark": outcome.mark,
        "scope": value.scope,
        "scope_name": value.scope_name,
        "basis": value.basis,
        "period": value.period,
        "indicator": value.indicator,
        "title": value.title,
        "unit": value.unit,
        "value": value.value,
        "state": value.state,
        "reported": value.reported,
        "expected": value.expected,
        "trusts_reported": value.trusts_reported,
        "trusts_expected": value.trusts_expected,
        "missing": "; ".join(value.missing),
        "year_before": value.year_before,
        "year_before_state": value.year_before_state,
        "in_both_months": alike.members if alike else None,
        "value_in_both": alike.value if alike else None,
        "year_before_in_both": alike.year_before if alike else None,
        "in_one_month_only": "; ".join(alike.apart) if alike else "",
        "kpialign": outcome.version,
        "figures": outcome.basis_note,
    }
