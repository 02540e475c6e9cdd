"""The columns of the star, their types and what they mean: a promise, held by a test."""

from __future__ import annotations

import polars as pl

TEXT, NUMBER, WHOLE, DAY, YES = pl.String, pl.Float64, pl.Int64, pl.Date, pl.Boolean
Columns = dict[str, tuple[type[pl.DataType], str]]

_KEYS: Columns = {
    "indicator": (TEXT, "key of dim_indicator"),
    "organisation_key": (TEXT, "key of dim_organisation: role and code"),
    "period": (TEXT, "key of dim_period, YYYY-MM"),
}

TABLES: dict[str, Columns] = {
    "fact_observation": {
        **_KEYS,
        "numerator": (NUMBER, "upper part of the figure; empty where it is not known"),
        "denominator": (NUMBER, "lower part; add parts, never average figures"),
        "value": (NUMBER, "the figure, in the indicator's unit; empty where it is not known"),
        "state": (TEXT, "reported, or why there is no figure"),
        "target": (NUMBER, "what the month's assurance is about; empty where there is none"),
    },
    "fact_spc": {
        **_KEYS,
        "value": (NUMBER, "the figure"),
        "segment": (WHOLE, "number of the segment; limits start anew with each"),
        "centre": (NUMBER, "mean line"),
        "low": (NUMBER, "lower process limit"),
        "high": (NUMBER, "upper process limit"),
        "target": (NUMBER, "target of the month"),
        "variation": (TEXT, "what the month is: common_cause, improvement_high, concern_low…"),
        "assurance": (TEXT, "pass, fail, hit_and_miss, no_target…"),
        "why": (TEXT, "the signals of the month in a sentence"),
        "rules": (TEXT, "name of the rule set"),
    },
    "fact_system": {
        "indicator": (TEXT, "key of dim_indicator"),
        "scope": (TEXT, "code of the whole"),
        "scope_name": (TEXT, "its name"),
        "basis": (TEXT, "whose parts are added"),
        "period": (TEXT, "key of dim_period, YYYY-MM"),
        "numerator": (NUMBER, "upper part"),
        "denominator": (NUMBER, "lower part"),
        "value": (NUMBER, "the figure"),
        "reported": (WHOLE, "bodies that gave their part"),
        "expected": (WHOLE, "bodies that were to"),
    },
    "fact_finding": {
        "rule": (TEXT, "key of dim_rule"),
        "arrow": (TEXT, "one cause and effect of the rule"),
        "control": (YES, "whether it is a control that the mechanism cannot cause"),
        "tie": (TEXT, "code of the tie; ENGLAND for all together"),
        "tie_name": (TEXT, "its name"),
        "state": (TEXT, "estimated, or why there is no estimate"),
        "verdict": (TEXT, "verdict of the arrow over England"),
        "r": (NUMBER, "partial correlation, plus as the rule says"),
        "r_low": (NUMBER, "lower end of its 95 % interval"),
        "r_high": (NUMBER, "upper end"),
        "slope": (NUMBER, "the same in the indicators' own units"),
        "units": (TEXT, "what the slope counts"),
        "p": (NUMBER, "one-sided, in the declared direction"),
        "months": (WHOLE, "months behind it"),
        "local_word": (TEXT, "in_line, stands_out or cannot_tell; empty for England"),
    },
    "dim_indicator": {
        "indicator": (TEXT, "id"),
        "title": (TEXT, "short title"),
        "unit": (TEXT, "percent, minutes, count…"),
        "improves": (TEXT, "up, down or neither"),
        "headline": (YES, "whether it stands on the first screen"),
    },
    "dim_organisation": {
        "organisation_key": (TEXT, "role and code; one code may be two bodies"),
        "organisation": (TEXT, "code"),
        "role": (TEXT, "hospital, ambulance…"),
        "name": (TEXT, "name"),
        "here": (YES, "whether it belongs to what is in front"),
    },
    "dim_period": {
        "period": (TEXT, "YYYY-MM"),
        "first_day": (DAY, "first day of the month"),
        "year": (WHOLE, "calendar year"),
        "month": (WHOLE, "1 to 12"),
        "financial_year": (TEXT, "April to March, such as 2025-26"),
    },
    "dim_rule": {
        "rule": (TEXT, "id"),
        "title": (TEXT, "what it says"),
        "kind": (TEXT, "trade_off, spill_over, threshold or definition"),
        "severity": (TEXT, "harm if true"),
        "verdict": (TEXT, "over England"),
        "sentence": (TEXT, "the finding in a sentence"),
        "here": (TEXT, "what it looks like here"),
        "version": (WHOLE, "version of the rule"),
        "plan_hash": (TEXT, "plan declared before looking"),
    },
}


def schema(table: str) -> dict[str, type[pl.DataType]]:
    """Columns and types of a table, in its order."""
    return {name: kind for name, (kind, _) in TABLES[table].items()}
