"""From rules and series to findings: weigh, adjust within the family, judge, tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from kpialign.conflicts import methods
from kpialign.conflicts.diverging import diverging, raw_sign
from kpialign.conflicts.network import Network
from kpialign.conflicts.tell import Titles, finding, label
from kpialign.conflicts.verdict import Judgement, family_p, judge_arrow, judge_rule
from kpialign.definitions.conflicts import Arrow, Conflict
from kpialign.definitions.indicators import Indicator
from kpialign.evidence.state import Floats
from kpialign.findings import Finding
from kpialign.terms import Period, Verdict

if TYPE_CHECKING:
    from kpialign.conflicts.methods.peer_controlled import Side, Weighed


_STEPS = ("less_season", "less_peers", "less_memory")  # as `Weighed.left` has them
PAIRS = {
    "rule": pl.String, "arrow": pl.String, "side": pl.String, "tie": pl.String,
    "tie_name": pl.String, "indicator": pl.String, "title": pl.String, "unit": pl.String,
    "period": pl.String, "value": pl.Float64, "peer_low": pl.Float64,
    "peer_mid": pl.Float64, "peer_high": pl.Float64, "turn": pl.Int64, "lag": pl.Int64,
    "less_season": pl.Float64, "less_peers": pl.Float64, "less_memory": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """The findings, and the series behind them for the charts."""

    findings: tuple[Finding, ...] = ()
    pairs: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PAIRS))

    @classmethod
    def together(cls, parts: Sequence[Judged]) -> Judged:
        """What was judged apart; findings by rule, those without enough data last."""
        findings = [found for part in parts for found in part.findings]
        return cls(
            tuple(sorted(findings, key=_last_if_lacking)),
            pl.concat([part.pairs for part in parts]) if parts else cls().pairs,
        )


def _last_if_lacking(finding: Finding) -> tuple[bool, str]:
    return finding.verdict is Verdict.TOO_LITTLE_DATA, finding.rule


def judge(
    rules: Iterable[Conflict],
    indicators: Mapping[str, Indicator],
    network: Network,
    here: Mapping[str, frozenset[str]],
    month: Period | None = None,
) -> Judged:
    """Judge every rule; families are adjusted over all arrows declared in them.

    Args:
        rules: the rules to judge.
        indicators: their indicators by id.
        network: series, links and peers.
        here: role → organisations of the system in front.
        month: the month told; ties whose sides diverge in it are named, if it is the last.
    """
    rules = sorted(rules, key=lambda rule: rule.id)
    titles = Titles(indicators)
    weighed = _weighed(rules, indicators, network, titles)
    judged = _judgements(rules, weighed, titles)
    findings = []
    for rule in rules:
        own = judged[rule.id]
        found = finding(
            rule,
            arrows={arrow.id: weighed.arrows[rule.id, arrow.id] for arrow in rule.links},
            controls=weighed.controls_of(rule),
            judged={id_: one for id_, (one, _) in own.items()},
            verdict=judge_rule([one for one, _ in own.values()]),
            family_p={id_: p for id_, (_, p) in own.items()},
            network=network,
            titles=titles,
            here=here,
        )
        if month == network.last:
            apart = tuple(diverging(rule, weighed.arrows, network, titles))
            found = replace(found, divergences=apart)
        findings.append(found)
    each = [_pairs(rule, weighed.arrows, network, titles, indicators) for rule in rules]
    pairs = [frame for frames in each for frame in frames]
    return Judged(tuple(findings), pl.concat(pairs) if pairs else pl.DataFrame(schema=PAIRS))


def verdict(rule: Conflict, indicators: Mapping[str, Indicator], network: Network) -> Verdict:
    """The verdict on one rule alone, with nothing told of it."""
    titles = Titles(indicators)
    judged = _judgements([rule], _weighed([rule], indicators, network, titles), titles)
    return judge_rule([one for one, _ in judged[rule.id].values()]).verdict


@dataclass(frozen=True)
class _Weighings:
    """(rule, arrow) → its weighing, and (rule, label) → that of a control."""

    arrows: Mapping[tuple[str, str], Weighed]
    controls: Mapping[tuple[str, str], Weighed]

    def controls_of(self, rule: Conflict) -> dict[str, Weighed]:
        """The controls of a rule by label."""
        return {name: one for (id_, name), one in self.controls.items() if id_ == rule.id}


def _weighed(
    rules: Sequence[Conflict],
    indicators: Mapping[str, Indicator],
    network: Network,
    titles: Titles,
) -> _Weighings:
    return _Weighings(
        {
            (rule.id, arrow.id): _weigh(rule, arrow, network, indicators)
            for rule in rules
            for arrow in rule.links
        },
        {
            (rule.id, label(control, titles)): _weigh(rule, control, network, indicators)
            for rule in rules
            for control in rule.negative_controls
        },
    )


def _judgements(
    rules: Sequence[Conflict], weighed: _Weighings, titles: Titles
) -> dict[str, dict[str, tuple[Judgement, float | None]]]:
    """Rule → arrow → its judgement, and its p within the family in the declared direction."""
    out = {}
    for family in {rule.evidence.family for rule in rules}:
        own = [rule for rule in rules if rule.evidence.family == family]
        named = {
            (rule.id, arrow.id): weighed.arrows[rule.id, arrow.id]
            for rule in own
            for arrow in rule.links
        }
        declared, opposite = (
            family_p({" ".join(key): one for key, one in named.items()}, opposite=side)
            for side in (False, True)
        )
        for rule in own:
            out[rule.id] = {
                arrow.id: (
                    judge_arrow(
                        named[rule.id, arrow.id],
                        rule.evidence,
                        controls=weighed.controls_of(rule),
                        titles=titles.short,
                        family_p=declared.get(f"{rule.id} {arrow.id}"),
                        family_p_opposite=opposite.get(f"{rule.id} {arrow.id}"),
                    ),
                    declared.get(f"{rule.id} {arrow.id}"),
                )
                for arrow in rule.links
            }
    return out


def _weigh(
    rule: Conflict, arrow: Arrow, network: Network, indicators: Mapping[str, Indicator]
) -> Weighed:
    method = import_module(f"{methods.__name__}.{rule.evidence.method}")
    weighed: Weighed = method.weigh(rule, arrow, network, direction_of(arrow, indicators))
    return weighed


def direction_of(arrow: Arrow, indicators: Mapping[str, Indicator]) -> int:
    """+1 if the figures of both ends rise together when the mechanism works, else -1."""
    return raw_sign(arrow.start, indicators) * raw_sign(arrow.end, indicators)


def _pairs(
    rule: Conflict,
    arrows: Mapping[tuple[str, str], Weighed],
    network: Network,
    titles: Titles,
    indicators: Mapping[str, Indicator],
) -> Iterable[pl.DataFrame]:
    """Each tie's series on both sides of each arrow, its peers' quartiles, and what is left.

    ``turn`` is -1 where the figure falls when the end moves as the rule says.
    """
    for arrow in rule.links:
        weighed = arrows[rule.id, arrow.id]
        left = weighed.left()
        for which, (name, end, side) in enumerate(
            (("from", arrow.start, weighed.start), ("to", arrow.end, weighed.end))
        ):
            if not weighed.ties:
                continue
            steps = zip(_STEPS, (step[which] for step in left), strict=True)
            yield _series(side, weighed.ties, network.periods, dict(steps)).with_columns(
                pl.lit(rule.id).alias("rule"), pl.lit(arrow.id).alias("arrow"),
                pl.lit(name).alias("side"),
                pl.col("tie").replace_strict(
                    {tie: network.name(rule.tie.one, tie) for tie in weighed.ties}
                ).alias("tie_name"),
                pl.lit(end.indicator).alias("indicator"),
                pl.lit(titles.short[end.indicator]).alias("title"),
                pl.lit(titles.unit[end.indicator]).alias("unit"),
                pl.lit(raw_sign(end, indicators), PAIRS["turn"]).alias("turn"),
                pl.lit(arrow.lags[0], PAIRS["lag"]).alias("lag"),
            ).select(*PAIRS)  # fmt: skip


def _series(
    side: Side, ties: Sequence[str], periods: Sequence[str], steps: Mapping[str, Floats]
) -> pl.DataFrame:
    """Month by month of tie after tie; null where nobody reported.

    Args:
        side: of the arrow.
        ties: their codes.
        periods: the months.
        steps: column → what is left of the series, (months, ties).
    """
    bands = [_quartiles(side.panel[:, members <= 0]) for members in side.membership[: len(ties)]]
    low, middle, high = np.concatenate(bands, axis=1)
    figures = {
        "value": side.values.T.ravel(), "peer_low": low, "peer_mid": middle, "peer_high": high,
        **{name: step.T.ravel() for name, step in steps.items()},
    }  # fmt: skip
    frame = pl.DataFrame({
        "tie": [tie for tie in ties for _ in periods], "period": list(periods) * len(ties),
        **figures,
    })  # fmt: skip
    floats = pl.col(*figures)
    return frame.with_columns(pl.when(floats.is_finite()).then(floats))


def _quartiles(panel: Floats) -> Floats:
    """Lower quartile, median and upper quartile of each month, (3, months); NaN for none."""
    known = np.isfinite(panel).any(axis=1)
    bands = np.full((3, len(panel)), np.nan)
    if known.any():
        bands[:, known] = np.nanquantile(panel[known], (0.25, 0.5, 0.75), axis=1)
    return bands
