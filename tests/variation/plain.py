"""The rules of NHSRplotthedots 0.2 a second time, month by month, as one would with a pencil."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Drawn:
    """Lines and the label of every point; none where nothing varies or is left."""

    lines: tuple[float, float, float] | None
    labels: list[str]


def draw(values: list[float]) -> Drawn:
    """Limits and labels of one series without missing months; rows follow on each other."""
    mean = sum(values) / len(values)
    ranges = [abs(b - a) for a, b in pairwise(values)]
    if not ranges or max(ranges) == 0:
        return Drawn(None, ["Common Cause"] * len(values))
    average = sum(ranges) / len(ranges)
    kept = [r for r in ranges if r < 3.267 * average]
    if not kept or max(kept) == 0:
        return Drawn(None, [])
    reach = 2.66 * sum(kept) / len(kept)
    low, high = mean - reach, mean + reach
    return Drawn((low, mean, high), _labels(values, low, mean, high))


def _labels(values: list[float], low: float, mean: float, high: float) -> list[str]:
    n = len(values)
    side = [(v > mean) - (v < mean) for v in values]
    outside = [v > high or v < low for v in values]
    near_high, near_low = mean + (high - mean) * 2 / 3, mean - (mean - low) * 2 / 3
    near = [not o and (v > near_high or v < near_low) for v, o in zip(values, outside, strict=True)]
    shift, rise, fall, pair = ([False] * n for _ in range(4))
    for at in range(n - 6):
        window = range(at, at + 7)
        if abs(sum(side[i] for i in window)) == 7:
            for i in window:
                shift[i] = True
        steps = [values[i + 1] - values[i] for i in range(at, at + 6)]
        for run, rising in ((rise, all(s > 0 for s in steps)), (fall, all(s < 0 for s in steps))):
            for i in window if rising else ():
                run[i] = True
    for at in range(n - 2):
        window = range(at, at + 3)
        if abs(sum(side[i] for i in window)) == 3 and sum(near[i] for i in window) >= 2:
            for i in window:
                pair[i] = pair[i] or near[i]
    return [
        ("Above UCL" if values[i] > high else "Below LCL") if outside[i]
        else "7 Point Trend" if rise[i] or fall[i]
        else ("2 in 3 Above CL" if side[i] > 0 else "2 in 3 Below CL") if pair[i]
        else ("7 Points Above CL" if side[i] > 0 else "7 Points Below CL") if shift[i]
        else "Common Cause"
        for i in range(n)
    ]  # fmt: skip


def label(point: dict[str, object]) -> str:
    """The label NHSRplotthedots gives a point of ours: outside, trend, two of three, shift."""
    way = {"high": "Above", "low": "Below"}
    if point["outside"]:
        return {"high": "Above UCL", "low": "Below LCL"}[str(point["outside"])]
    if point["rising"] or point["falling"]:
        return "7 Point Trend"
    if point["two_of_three"]:
        return f"2 in 3 {way[str(point['two_of_three'])]} CL"
    if point["shift"]:
        return f"7 Points {way[str(point['shift'])]} CL"
    return "Common Cause"
