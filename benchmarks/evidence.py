"""How often the evidence cries wolf, how often it sees, and how long it takes.

    python benchmarks/evidence.py FOLDER [--draws N] [--only TABLE]

FOLDER holds the published extracts: ``placebo/ae-performance-130-trusts-36-months.csv`` and
``ambulance/AmbSYS*.csv``. Needs statsmodels, for the methods beside it and for nothing else.
Prints the tables of ``docs/evidence.md`` in one run, every seed given.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter

import evidence_rivals as rivals
import numpy as np
import polars as pl
from scipy import stats

from kpialign.evidence import Panel, arrows, pool, ranked, relabel, shock, standing
from kpialign.evidence.arrows import Arrows
from kpialign.evidence.partial import Partial, partial
from kpialign.evidence.state import Flags, Floats
from kpialign.simulate import Invented, Scenario, event, system

ALPHA = 0.05
TOGETHER, APART = 1, -1
SERVICES = ["RRU", "RX6", "RX7", "RX8", "RX9", "RYA", "RYC", "RYD", "RYE", "RYF", "R1F"]
RATES = {
    "handover mean": ("A141", "A140"), "Category 1 mean": ("A24", "A8"),
    "Category 2 mean": ("A30", "A10"), "call answering mean": ("A2", "A1"),
    "share closed by telephone": ("A17", "A7"),
}  # fmt: skip


def table(title: str, heads: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    """Print a table of Markdown as its rows come."""
    print(f"\n### {title}\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}", flush=True)
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |", flush=True)


def percent(flags: Flags) -> str:
    """A share as it is printed."""
    return f"{100 * np.mean(flags):.1f} %"


# --- published figures ---------------------------------------------------------------------


def trusts(folder: Path) -> Floats:
    """Four-hour performance of 130 trusts over 36 months, shape (months, trusts)."""
    frame = pl.read_csv(folder / "placebo" / "ae-performance-130-trusts-36-months.csv")
    wide = frame.pivot("org_code", index="period", values="perf").sort("period")
    return wide.drop("period").to_numpy().astype(float)


def services(folder: Path, months: int = 30) -> dict[str, Floats]:
    """Rates of the eleven ambulance services, latest months, each (months, services)."""
    [path] = (folder / "ambulance").glob("AmbSYS*.csv")
    frame = pl.read_csv(path, infer_schema_length=0).filter(pl.col("Org Code").is_in(SERVICES))
    frame = frame.with_columns(pl.col("Year", "Month").cast(int)).sort("Year", "Month")
    out = {}
    for name, (above, below) in RATES.items():
        sides = [
            frame.pivot("Org Code", index=["Year", "Month"], values=code)
            .select(pl.col(SERVICES).cast(float, strict=False))
            .tail(months)
            .to_numpy()
            for code in (above, below)
        ]
        out[name] = sides[0] / sides[1]
    return out


def halves(pairs: tuple[np.ndarray, np.ndarray], bodies: int, seed: int) -> tuple[Flags, Flags]:
    """Pairs within one random half of the bodies, and pairs within the other."""
    first = np.random.default_rng(seed).permutation(bodies) < bodies // 2
    inside = first[pairs[0]], first[pairs[1]]
    return inside[0] & inside[1], ~inside[0] & ~inside[1]


def flagged(batch: Partial, calibrate: Flags, ask: Flags, direction: int) -> Flags:
    """Pairs of one half that the deciding p flags, the other half being its yardstick."""
    found = ranked(
        batch.r[ask], batch.df[ask], batch.r[calibrate], batch.df[calibrate], direction=direction
    )
    return np.asarray(found.deciding_p < ALPHA)


def placebo(values: Floats, draws: int) -> Iterator[Sequence[object]]:
    """Unlinked trusts with some of the others as peers, several draws of peers and halves."""
    bodies = values.shape[1]
    pairs = np.triu_indices(bodies, 1)
    x, y = (values.T[side] for side in pairs)
    centred = values - values.mean(axis=0)
    for peers in (6, 10, 20, 40, bodies - 2):
        shares: dict[tuple[str, int], list[float]] = {}
        for seed in range(draws):
            mean = _random_peers(centred, pairs, peers, seed)
            batch = partial(x, y, given=[mean])
            calibrate, ask = halves(pairs, bodies, seed)
            for direction in (TOGETHER, APART):
                model = batch.p if direction > 0 else 1 - batch.p
                told = {
                    "model": model < ALPHA,
                    "deciding": flagged(batch, calibrate, ask, direction),
                }
                for name, flags in told.items():
                    shares.setdefault((name, direction), []).append(float(np.mean(flags)))
        yield (
            "all 128" if peers == bodies - 2 else peers,
            *(
                f"{100 * np.mean(shares[name, direction]):.1f} %"
                for name in ("model", "deciding")
                for direction in (TOGETHER, APART)
            ),
        )


def _random_peers(
    centred: Floats, pairs: tuple[np.ndarray, np.ndarray], peers: int, seed: int
) -> Floats:
    """The mean of so many others for each pair, shape (pairs, months)."""
    rng = np.random.default_rng(seed)
    drawn = rng.random((len(pairs[0]), centred.shape[1]))
    drawn[np.arange(len(drawn)), pairs[0]] = drawn[np.arange(len(drawn)), pairs[1]] = 2
    chosen = np.argpartition(drawn, peers - 1, axis=1)[:, :peers]
    return np.asarray(centred.T[chosen].mean(axis=1))


def side_by_side(values: Floats, sample: int) -> Iterator[Sequence[object]]:
    """Every way of looking at the same 8,385 pairs, alone and after Benjamini and Hochberg."""
    pairs = np.triu_indices(values.shape[1], 1)
    x, y = (values.T[side] for side in pairs)
    centred = values - values.mean(axis=0)
    total, own = centred.sum(axis=1), centred.T
    mean = (total - own[pairs[0]] - own[pairs[1]]) / (values.shape[1] - 2)
    batch = partial(x, y, given=[mean])
    some = np.random.default_rng(1).choice(len(x), sample, replace=False)
    yield ("Spearman beyond ±.6", percent(rivals.beyond_06((x, y))), "", "")
    for name, p in (
        ("plain correlation", rivals.plain((x, y))),
        ("first differences", rivals.first_differences((x, y))),
        (f"Granger, two lags (a sample of {sample})", rivals.granger((x[some], y[some]))),
        ("trend, season, whitened, no peers", _two_sided(partial(x, y))),
        ("kpialign, model’s p, uncalibrated", _two_sided(batch)),
        ("kpialign, deciding p (twice the smaller)", _deciding(batch)),
    ):
        kept = stats.false_discovery_control(p) <= 0.10
        yield name, percent(p < ALPHA), percent(p < 0.01), f"{kept.sum():,} of {len(p):,}"


def _two_sided(batch: Partial) -> Floats:
    return 2 * np.minimum(batch.p, 1 - batch.p)


def _deciding(batch: Partial) -> Floats:
    sides = [
        ranked(batch.r, batch.df, batch.r, batch.df, direction=direction).deciding_p
        for direction in (TOGETHER, APART)
    ]
    return np.minimum(1.0, 2 * np.minimum(*sides))


def of_services(rates: dict[str, Floats], draws: int) -> Iterator[Sequence[object]]:
    """Unlinked service pairs of every two indicators; half of the services are the yardstick."""
    count = len(SERVICES)
    places = np.nonzero(~np.eye(count, dtype=bool))
    members = np.eye(count)
    found: dict[str, list[float]] = {"model +": [], "model −": [], "p +": [], "p −": []}
    for first, second in permutations(rates, 2):
        x, y = rates[first], rates[second]
        batch = arrows(x, y, peers_x=Panel(x, members), peers_y=Panel(y, members)).batch
        flat = Partial(*(getattr(batch, f)[places] for f in batch.__dataclass_fields__))
        found["model +"].append(float((flat.p < ALPHA).mean()))
        found["model −"].append(float((flat.p > 1 - ALPHA).mean()))
        for seed in range(draws):
            calibrate, ask = halves((places[0], places[1]), count, seed)
            for word, direction in (("+", TOGETHER), ("−", APART)):
                flags = flagged(flat, calibrate, ask, direction)
                found[f"p {word}"].append(float(flags.mean()))
    yield (
        f"{len(rates) * (len(rates) - 1)} arrows × {len(places[0])} pairs",
        *(f"{100 * np.mean(shares):.1f} %" for shares in found.values()),
    )


# --- invented systems ----------------------------------------------------------------------


def judged(
    x: Invented, y: Invented, direction: int, *, events: Sequence[Floats] = (),
    hold: Sequence[Floats] = (),
) -> Arrows:  # fmt: skip
    """One arrow of an invented system, peers and all."""
    return arrows(
        x.values, y.values, peers_x=Panel(x.units, x.members), peers_y=Panel(y.units, y.members),
        events=events, hold=hold, direction=direction,
    )  # fmt: skip


def supported(found: Arrows) -> bool:
    """Whether England would be told: the interval leaves out 0, and lots are not as strong."""
    national = pool(found.linked())
    if national.interval is None:
        return False
    low = min(found.direction * end for end in national.interval)
    return low > 0 and (relabel(found, draws=399).p or 1.0) <= ALPHA


def shares_of(
    scenario: Scenario, draws: int, direction: int, *, shocked: bool = False
) -> tuple[str, str, str]:
    """Share of ties flagged by the model's p and by the deciding p, and of systems supported."""
    model, deciding, national = [], [], []
    for seed in range(draws):
        made = system(scenario, [("from", "to")], seed=seed)
        x, y = made["from"], made["to"]
        events: list[Floats] = []
        if shocked:
            events, x, y = _struck(scenario, x, y, seed)
        found = judged(x, y, direction, events=events)
        model += [one.p < ALPHA for one in found.linked() if one.p is not None]
        ranks = (standing(one, found).deciding_p for one in found.linked())
        deciding += [p < ALPHA for p in ranks if p is not None]
        national.append(supported(found))
    return percent(np.array(model)), percent(np.array(deciding)), percent(np.array(national))


def _struck(
    scenario: Scenario, x: Invented, y: Invented, seed: int
) -> tuple[list[Floats], Invented, Invented]:
    """Strike everybody for four months, and register it."""
    start = int(np.random.default_rng(seed).integers(2, scenario.months - 5))
    months = np.arange(scenario.months)
    blow = 4.0 * ((months >= start) & (months < start + 4))[:, None]
    sides = (Invented(s.values + blow, s.units + blow, s.members) for s in (x, y))
    return shock(scenario.months, start, start + 3), *sides


def null(draws: int) -> Iterator[Sequence[object]]:
    """Shared winter, trend, AR .7 and a shock everybody registered; no link."""
    for months in (24, 30, 36, 48, 60):
        for ties in (11, 36):
            scenario = Scenario(months=months, ties=ties, ar=0.7)
            for word, direction in (("together", TOGETHER), ("apart", APART)):
                yield months, ties, word, *shares_of(scenario, draws, direction, shocked=True)


def rivals_null(draws: int) -> Iterator[Sequence[object]]:
    """The same systems by other methods: each tie's two series as they are, no shock."""
    for months in (24, 36, 48, 60):
        scenario = Scenario(months=months, ties=11, ar=0.7)
        made = [system(scenario, [("from", "to")], seed=seed) for seed in range(draws)]
        pairs = tuple(np.concatenate([m[e].values.T for m in made]) for e in ("from", "to"))
        few = tuple(side[: 20 * 11] for side in pairs)
        yield (
            months,
            percent(rivals.beyond_06(pairs)),
            percent(rivals.plain(pairs) < ALPHA),
            percent(rivals.first_differences(pairs) < ALPHA),
            percent(rivals.granger(few) < ALPHA),
        )


def power(draws: int) -> Iterator[Sequence[object]]:
    """Planted links of several sizes."""
    for months in (30, 36, 48, 60):
        for effect in (0.3, 0.5, 0.6):
            scenario = Scenario(months=months, ties=11, effect=effect)
            told = shares_of(scenario, draws, TOGETHER)
            turned = Scenario(months=months, ties=11, effect=effect, raw={"to": "falls"})
            yield months, effect, *told[1:], *shares_of(turned, draws, APART)[1:]


def local(draws: int) -> Iterator[Sequence[object]]:
    """Pressure on one tie and on nobody's peers, with and without a figure that shows it."""
    cases = (
        ("spill-over, no link", 0.0, "rises", TOGETHER),
        ("trade-off, no link", 0.0, "rises", APART),
        ("trade-off, link of 0.5", 0.5, "falls", APART),
    )
    for name, effect, moves, direction in cases:
        scenario = Scenario(
            months=48, ties=11, effect=effect, local_pressure=0.65, raw={"to": moves}
        )
        told = [_pressed(scenario, direction, seed) for seed in range(draws)]
        yield name, *(percent(np.array(word)) for word in zip(*told, strict=True))


def _pressed(scenario: Scenario, direction: int, seed: int) -> tuple[bool, bool, bool]:
    """Whether a system is supported; with the pressure held fixed; with both and a nil control."""
    made = system(scenario, [("from", "to")], alone=["pressure", "control"], seed=seed)
    hold = [made["pressure"].values]
    plain = supported(judged(made["from"], made["to"], direction))
    held = supported(judged(made["from"], made["to"], direction, hold=hold))
    low, high = pool(judged(made["from"], made["control"], direction).linked()).interval or (0, 0)
    return plain, held, plain and held and low <= 0 <= high


def recorded(draws: int) -> Iterator[Sequence[object]]:
    """A change of recording at every fourth tie, in both of its figures and in its control's."""
    for size in (1.0, 2.0, 4.0):
        scenario = Scenario(months=48, ties=11, event=size)
        told = [_changed(scenario, seed) for seed in range(draws)]
        yield f"{size:g}", *(percent(np.array(word)) for word in zip(*told, strict=True))


def _changed(scenario: Scenario, seed: int) -> tuple[bool, bool, bool]:
    """Whether a system is supported; with the event registered; as it is, its control being nil."""
    made = system(scenario, [("from", "to")], alone=["control"], seed=seed)
    plain = supported(judged(made["from"], made["to"], TOGETHER))
    known = supported(judged(made["from"], made["to"], TOGETHER, events=[event(scenario)]))
    low, high = pool(judged(made["from"], made["control"], TOGETHER).linked()).interval or (0, 0)
    return plain, known, plain and low <= 0 <= high


# --- how long ------------------------------------------------------------------------------


def timed(work: Callable[[], object], times: int = 3) -> float:
    """Shortest of a few tries, in seconds: other work on the machine only ever adds."""
    spent = []
    for _ in range(times):
        start = perf_counter()
        work()
        spent.append(perf_counter() - start)
    return min(spent)


def speed(values: Floats, sample: int = 200) -> Iterator[Sequence[object]]:
    """All pairs of the trusts, beside the same arithmetic in a loop over statsmodels and SciPy."""
    bodies = values.shape[1]
    members = np.eye(bodies)
    panel = Panel(values, members)
    seconds = timed(lambda: arrows(values, values, peers_x=panel, peers_y=panel))
    found = arrows(values, values, peers_x=panel, peers_y=panel)
    rng = np.random.default_rng(1)
    rows, columns = rng.permutation(bodies)[: sample // 2], rng.permutation(bodies)[: sample // 2]
    apart = rows != columns
    rows, columns = rows[apart], columns[apart]
    movement = panel.between(np.arange(bodies), np.arange(bodies))[:, rows, columns].T
    pairs = (values.T[rows], values.T[columns])
    start = perf_counter()
    looped = rivals.by_loop(pairs, movement)
    each = (perf_counter() - start) / len(rows)
    unlike = float(np.abs(looped - found.r.data[rows, columns]).max())
    yield (
        f"all {bodies * (bodies - 1):,} ordered pairs of {bodies} × {len(values)} months",
        f"{seconds:.2f} s",
        f"{each * bodies * (bodies - 1):.0f} s by a loop ({len(rows)} pairs timed)",
        f"{each * bodies * (bodies - 1) / seconds:.0f} ×; r differs by {unlike:.0e} at most",
    )


def large(
    bodies: int = 200, indicators: int = 100, months: int = 120
) -> Iterator[Sequence[object]]:
    """Declared ties of many bodies: every second indicator to the next, pooled and by lots."""
    rng = np.random.default_rng(1)
    members = np.eye(bodies)

    def work() -> None:
        for _ in range(indicators // 2):
            x, y = rng.standard_normal((2, months, bodies))
            found = arrows(x, y, peers_x=Panel(x, members), peers_y=Panel(y, members))
            pool(found.linked())
            relabel(found)

    seconds = timed(work, times=1)
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    yield (
        f"{indicators // 2} arrows over {indicators} indicators, {bodies} bodies, {months} months,"
        " pooled, links drawn by lot",
        f"{seconds:.1f} s",
        f"{peak:,.0f} MB, this whole benchmark",
        "",
    )


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--draws", type=int, default=200, help="invented systems a row")
    parser.add_argument("--halves", type=int, default=10, help="random halves of published bodies")
    parser.add_argument("--only", default="", help="words of a table's title")
    given = parser.parse_args()
    values, draws = trusts(given.folder), given.draws
    both = ("together", "apart")
    tables: list[tuple[str, Sequence[str], Iterator[Sequence[object]]]] = [
        (f"Published, unlinked trusts at p < .05 (mean of {given.halves} random halves)",
         ("peers", *(f"model’s p, {w}" for w in both), *(f"deciding p, {w}" for w in both)),
         placebo(values, given.halves)),
        ("Published, the same 8,385 pairs by every method",
         ("method", "p < .05", "p < .01", "left after BH at 10 %"), side_by_side(values, 1000)),
        ("Published, unlinked ambulance services at p < .05, 30 months",
         ("pairs", *(f"model’s p, {w}" for w in both), *(f"deciding p, {w}" for w in both)),
         of_services(services(given.folder), given.halves)),
        (f"Invented, no link: winter, trend, AR .7, a registered shock ({draws} systems)",
         ("months", "ties", "looked for", "tie, model’s p", "tie, deciding p", "England"),
         null(draws)),
        (f"Invented, no link, by other methods ({draws} systems × 11 ties)",
         ("months", "Spearman beyond ±.6", "plain", "first differences", "Granger (220 ties)"),
         rivals_null(draws)),
        (f"Invented, a planted link: share found ({draws} systems, 11 ties)",
         ("months", "link", "tie, together", "England, together", "tie, apart", "England, apart"),
         power(draws)),
        (f"Invented, local pressure (30 % of the variance): England supported ({draws} systems)",
         ("what is there", "as it is", "a figure of it held fixed", "both, and its control nil"),
         local(draws)),
        (f"Invented, recording changes at every fourth tie: England supported ({draws} systems)",
         ("size", "as it is", "the event registered", "as it is, and its control nil"),
         recorded(draws)),
        ("How long", ("what", "time", "beside", "ratio"), speed(values)),
        ("How long, many bodies", ("what", "time", "peak memory", ""), large()),
    ]  # fmt: skip
    start = perf_counter()
    for title, heads, rows in tables:
        if given.only.lower() in title.lower():
            table(title, heads, rows)
    print(f"\n{perf_counter() - start:.0f} s; every seed counts from 0")


if __name__ == "__main__":
    main()
