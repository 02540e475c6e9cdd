"""Each verdict is reached by the one thing that should bring it, and lost without it."""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest

from kpialign.conflicts.methods.peer_controlled import National
from kpialign.conflicts.verdict import Judgement, judge_arrow, judge_rule, too_little
from kpialign.definitions.conflicts import Arrow, EvidencePlan
from kpialign.evidence import Pooled, State
from kpialign.terms import Verdict

PLAN = EvidencePlan(
    min_months=30, min_ties=8, min_peers={"hospital": 30, "ambulance": 8}, family="f"
)
ARROW = Arrow.model_validate(
    {
        "id": "a",
        "from": {"at": "hospital", "indicator": "x", "moves": "better"},
        "to": {"at": "ambulance", "indicator": "y", "moves": "worse"},
        "hold_fixed": ["z"],
    }
)


def estimate(r: float, low: float, high: float, ties: int = 10) -> National:
    pooled = Pooled(State.ESTIMATED, ties, r, (low, high), centre=r, se=0.1, tau2=0.0, p=0.001)
    return National(pooled, pooled)


def side(*peers: int, sent: bool = True) -> SimpleNamespace:
    """One end of an arrow: the peers of each tie, and whether anybody sent figures."""
    return SimpleNamespace(peers=peers, sent=sent)


STRONG, HELD, HALF = (
    estimate(0.5, 0.4, 0.6),
    estimate(0.4, 0.2, 0.5),
    estimate(0.5, 0.1, 0.7),
)


@dataclass(frozen=True)
class Weighed:
    """The parts of a weighed arrow that a verdict reads."""

    seen: National = STRONG
    held: National | None = HELD
    first_24: National = HALF
    last_24: National = HALF
    events: tuple[tuple[SimpleNamespace, National], ...] = ()
    months: int = 30
    direction: int = 1
    arrow: Arrow = ARROW
    start: SimpleNamespace = field(default_factory=lambda: side(90, 80))
    end: SimpleNamespace = field(default_factory=lambda: side(9, 9))


NOTHING = estimate(0.05, -0.18, 0.27)
POOR = Pooled(State.TOO_LITTLE_DATA, 0)
UNSEEN = National(POOR, POOR)


def judge(
    weighed: Weighed,
    control: National = NOTHING,
    family_p: float | None = 0.01,
    opposite_p: float | None = 0.9,
) -> Judgement:
    return judge_arrow(
        weighed,  # type: ignore[arg-type]
        PLAN,
        controls={"x → w": Weighed(seen=control)},  # type: ignore[dict-item]
        titles={"z": "incidents"},
        family_p=family_p,
        family_p_opposite=opposite_p,
    )


def test_everything_in_place_is_supported() -> None:
    assert judge(Weighed()) == Judgement(Verdict.SUPPORTED, ())


@pytest.mark.parametrize(
    ("weighed", "words"),
    [
        (Weighed(months=29), "29 months of at least 30"),
        (Weighed(seen=estimate(0.5, 0.4, 0.6, ties=7)), "7 ties of at least 8"),
        (Weighed(start=side(40, 29)), "29 hospital peers of at least 30"),
        (Weighed(end=side(7, 9)), "7 ambulance peers of at least 8"),
    ],
)
def test_too_little_data_says_what_is_missing(weighed: Weighed, words: str) -> None:
    assert judge(weighed) == Judgement(Verdict.TOO_LITTLE_DATA, (words,))


def test_figures_that_nobody_sent_are_named_before_anything_else() -> None:
    found = judge(Weighed(start=side(0, 0, sent=False), months=0))
    assert found == Judgement(Verdict.TOO_LITTLE_DATA, ("no figures of x in these months",))


def test_a_control_nobody_can_look_at_clears_nothing() -> None:
    found = judge(Weighed(), control=UNSEEN)
    words = "too few figures for its control: x → w"
    assert found == Judgement(Verdict.TOO_LITTLE_DATA, (words,))


def test_what_cannot_be_held_fixed_is_too_little_data() -> None:
    found = judge(Weighed(held=UNSEEN))
    words = "too few figures to hold fixed: incidents"
    assert found == Judgement(Verdict.TOO_LITTLE_DATA, (words,))


def test_a_control_that_moves_is_common_pressure() -> None:
    found = judge(Weighed(), control=estimate(0.3, 0.1, 0.5))
    assert found == Judgement(Verdict.NOT_SEPARABLE, ("its control also moves: x → w",))


def test_vanishing_under_what_is_held_fixed_is_common_pressure() -> None:
    found = judge(Weighed(held=estimate(0.1, -0.1, 0.3)))
    assert found == Judgement(Verdict.NOT_SEPARABLE, ("vanishes when incidents is held fixed",))


def test_vanishing_when_events_are_taken_out_is_the_weaker_verdict() -> None:
    flood, move = (SimpleNamespace(id=name, title=name) for name in ("flood", "move"))
    found = judge(Weighed(events=((flood, STRONG), (move, NOTHING))))
    assert found.verdict is Verdict.NOT_SEPARABLE
    assert found.reasons == ("vanishes when an unconfirmed event is allowed for: move",)
    assert judge(Weighed(events=((flood, STRONG),))).verdict is Verdict.SUPPORTED


def test_links_drawn_by_lot_that_look_as_strong_take_support_away() -> None:
    assert judge(Weighed(), family_p=0.2).verdict is Verdict.NOT_SUPPORTED
    assert judge(Weighed(), family_p=None).verdict is Verdict.NOT_SUPPORTED


def test_a_sign_that_turns_takes_support_away() -> None:
    found = judge(Weighed(last_24=estimate(-0.1, -0.3, 0.1)))
    assert found == Judgement(Verdict.NOT_SUPPORTED, ("does not hold in the last 24 months",))


def test_the_same_with_sign_reversed_is_opposite() -> None:
    down = estimate(-0.5, -0.6, -0.4)
    weighed = Weighed(seen=down, held=down, first_24=down, last_24=down)
    assert judge(weighed, opposite_p=0.01).verdict is Verdict.OPPOSITE
    assert judge(weighed, opposite_p=0.5).verdict is Verdict.NOT_SUPPORTED


def test_direction_turns_the_reading() -> None:
    down = estimate(-0.5, -0.6, -0.4)
    weighed = Weighed(seen=down, held=down, first_24=down, last_24=down, direction=-1)
    assert judge(weighed).verdict is Verdict.SUPPORTED


def test_an_interval_inside_the_smallest_effect_is_no_meaningful_link() -> None:
    found = judge(Weighed(seen=estimate(0.02, -0.1, 0.12)))
    assert found.verdict is Verdict.NO_MEANINGFUL_LINK


def test_not_supported_says_what_would_have_been_seen() -> None:
    found = judge(Weighed(seen=estimate(-0.1, -0.3, 0.1)))
    assert found.verdict is Verdict.NOT_SUPPORTED
    assert found.reasons[0] == "leans the other way"
    assert "would have been seen" in found.reasons[1]


def test_a_rule_needs_all_its_arrows() -> None:
    good, weak = Judgement(Verdict.SUPPORTED, ()), Judgement(Verdict.NOT_SUPPORTED, ("why",))
    assert judge_rule([good, weak]) == weak
    assert judge_rule([good, replace(good)]) == good


def test_what_both_ends_of_one_body_lack_is_said_once() -> None:
    both = Arrow.model_validate(
        {"id": "a", "from": ARROW.start, "to": {**dict(ARROW.end), "at": ARROW.start.at}}
    )
    found = too_little(Weighed(arrow=both, start=side(0), end=side(0)), PLAN)  # type: ignore[arg-type]
    assert found == ["0 hospital peers of at least 30"]
