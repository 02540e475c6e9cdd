"""The ambulance system indicators file: services, regions and England, all months in one CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import NormalDist

from . import plan, world
from .counts import attendances
from .plan import AMBULANCE
from .pressure import Local, Pressure, days, winter

KEYS = ("Year", "Month", "Region", "Org Code", "Org Name")
CODES = (  # noqa: SIM905 - the published order, which is not numeric
    "A0 A1 A2 A3 A4 A114 A5 A6 A111 A112 A113 A7 A8 A9 A10 A11 A12 A24 A25 A26 A27 A28 A29 "
    "A30 A31 A32 A33 A34 A35 A36 A37 A38 A126 A127 A128 A129 A130 A131 A17 A18 A19 A20 A21 "
    "A22 A23 A132 A133 A134 A135 A136 A137 A138 A139 A53 A54 A55 A56 A39 A40 A41 A42 A43 A44 "
    "A45 A46 A47 A48 A74 A82 A83 A84 A78 A94 A95 A96 A115 A116 A117 A118 A75 A85 A86 A87 A79 "
    "A97 A98 A99 A119 A120 A121 A122 A76 A88 A89 A90 A80 A100 A101 A102 A77 A91 A92 A93 A81 "
    "A103 A104 A105 A49 A50 A51 A52 A13 A14 A15 A16 A106 A107 A108 A109 A110 A140 A141 A142 "
    "A143 A144 A145 A146 A147 A148 A124 A125 A57 A58 A59 A60 A61 A62 A63 A64 A65 A66 A67 A68 "
    "A69 A70 A71 A72 A73 "
).split()

FILE = "AmbSYS-to-Mar-2026-ZK4TP.csv"
MISSING = "."

Figures = dict[str, int]

# total -> (mean, count, 90th centile): a mean is its total over its count
MEANS = {
    "A2": ("A3", "A1", None),
    "A24": ("A25", "A8", "A26"),
    "A27": ("A28", "A9", "A29"),
    "A30": ("A31", "A10", "A32"),
    "A33": ("A34", "A11", "A35"),
    "A36": ("A37", "A12", "A38"),
    "A141": ("A142", "A140", "A143"),
}
_DERIVED = {code for mean, _, p90 in MEANS.values() for code in (mean, p90) if code}

_CONVEYED = 0.27  # of a hospital's type 1 attendances, arriving by ambulance
_FACE_TO_FACE = 0.48  # of incidents, conveyed to an emergency department
_OF_INCIDENTS = {  # how the others end
    "A18": 0.040, "A19": 0.055, "A21": 0.015, "A22": 0.082, "A54": 0.045, "A55": 0.288,
}  # fmt: skip
_CATEGORY = {"A8": 0.096, "A10": 0.497, "A11": 0.173, "A12": 0.008}
_TRANSPORTED = 0.65  # of Category 1
_NINETIETH = NormalDist().inv_cdf(0.9)
_RESPONSE_P90 = 2.05  # 90th centile of a response time over its mean, about as published


def write(folder: Path, made: world.World, felt: Pressure) -> Path:
    """Write the whole file and say where."""
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow([*KEYS, *CODES])
    for t, month in enumerate(plan.months()):
        out.writerows(_month(t, month, made, felt))
    path = folder / FILE
    path.write_bytes(text.getvalue().encode())
    return path


def _month(t: int, month: str, made: world.World, felt: Pressure) -> list[list[object]]:
    """England, then services, then regions, as published."""
    own = {s.code: service_figures(s, t, made, felt) for s in made.services}
    rows = [("Eng", "Eng", "England", add(own.values()))]
    rows += [(s.region, s.code, s.name, own[s.code]) for s in made.services]
    for region, name in world.REGIONS.items():
        inside = [own[s.code] for s in made.services if s.region == region]
        rows.append((name, region, name, add(inside)))
    year, number = int(month[:4]), int(month[5:])
    return [
        [year, number, *keys, *(figures.get(code, MISSING) for code in CODES)]
        for *keys, figures in rows
    ]


def add(services: Iterable[Figures]) -> Figures:
    """Counts and totals add up; means are made again from them.

    A 90th centile cannot be added. The stand-in here lies between those of the services, as the
    true one would: their mean, weighted with the counts.
    """
    parts = list(services)
    summed = {code: sum(p[code] for p in parts) for code in parts[0] if code not in _DERIVED}
    for _, count, p90 in MEANS.values():
        if p90:
            summed[p90] = _divide(sum(p[p90] * p[count] for p in parts), summed[count])
    return with_means(summed)


def with_means(figures: Figures) -> Figures:
    """The same with each mean: total over count, rounded half up."""
    means = {m: _divide(figures[total], figures[n]) for total, (m, n, _) in MEANS.items()}
    return figures | means


def service_figures(service: world.Service, t: int, made: world.World, felt: Pressure) -> Figures:
    """One service in one month."""
    local = felt.service[service.code]
    pressed = felt.national[t] * local.load
    counts = _counts(service, t, made, felt)
    delay = handover_shift(service, t, made, felt)
    minutes = service.handover * math.exp(AMBULANCE.handover_pressure * pressed + delay)
    times = _responses(service, local, pressed, delay, t)
    return with_means(counts | _handover(service, counts, minutes) | _timed(counts, times))


def handover_shift(service: world.Service, t: int, made: world.World, felt: Pressure) -> float:
    """Local part of the log of the mean handover: what its own hospitals do to it, and chance."""
    local = felt.service[service.code]
    return (
        AMBULANCE.handover_hold * _at_hospitals("hold", service, t, made, felt)
        + AMBULANCE.handover_demand * _at_hospitals("demand", service, t, made, felt)
        + AMBULANCE.handover_incidents * local["incidents"][t]
        + AMBULANCE.handover_noise * local["handover"][t]
    )


def _at_hospitals(
    name: str, service: world.Service, t: int, made: world.World, felt: Pressure
) -> float:
    """A hospital series seen by a service: weighted with the link and the hospital's size."""
    weights, by_code = made.weights(service.code), {h.code: h for h in made.hospitals}
    mass = {code: weight * by_code[code].size for code, weight in weights.items()}
    return sum(m * felt.hospital[code][name][t] for code, m in mass.items()) / sum(mass.values())


def _counts(service: world.Service, t: int, made: world.World, felt: Pressure) -> Figures:
    """Calls and incidents by how they end and by category."""
    local, by_code = felt.service[service.code], {h.code: h for h in made.hospitals}
    weights = made.weights(service.code)
    arrive = sum(w * attendances(by_code[c], felt.hospital[c], t) for c, w in weights.items())
    usual = sum(w * by_code[c].size for c, w in weights.items()) * _CONVEYED / _FACE_TO_FACE
    busy = math.exp(AMBULANCE.incidents * local["incidents"][t] + 0.02 * winter(t))
    incidents = usual * busy * days(plan.months()[t]) / 30.4
    made_of = {code: round(part * incidents) for code, part in _OF_INCIDENTS.items()}
    made_of["A53"] = round(_CONVEYED * arrive)
    made_of["A17"] = sum(made_of[code] for code in ("A18", "A19", "A21", "A22"))
    made_of["A56"] = sum(made_of[code] for code in ("A53", "A54", "A55"))
    made_of["A7"] = made_of["A17"] + made_of["A56"]
    made_of |= {code: round(part * made_of["A7"]) for code, part in _CATEGORY.items()}
    made_of["A9"] = round(_TRANSPORTED * made_of["A8"])
    made_of["A1"] = round(1.02 * made_of["A7"] * math.exp(0.02 * local["calls"][t]))
    made_of["A0"] = round(1.38 * made_of["A1"])
    return made_of


def _responses(
    service: world.Service, local: Local, pressed: float, delay: float, t: int
) -> dict[str, float]:
    """Mean seconds by total. Only Category 2 answers to handover; the rest to winter and chance."""
    cat2 = (
        AMBULANCE.cat2_pressure * pressed
        + AMBULANCE.cat2_handover * delay
        + AMBULANCE.cat2_incidents * local["incidents"][t]
        + AMBULANCE.cat2_noise * local["cat2"][t]
    )
    cat1 = 500 * math.exp(0.04 * pressed + 0.03 * local["cat1"][t])
    answer = AMBULANCE.answer_pressure * pressed + AMBULANCE.answer_noise * local["answer"][t]
    return {
        "A2": service.answer * math.exp(answer),
        "A24": cat1,
        "A27": 1.4 * cat1,
        "A30": 60 * service.cat2 * math.exp(cat2),
        "A33": 60 * 110 * math.exp(0.25 * pressed + 0.12 * local["cat3"][t]),
        "A36": 60 * 135 * math.exp(0.20 * pressed + 0.15 * local["cat4"][t]),
    }


def _timed(counts: Figures, times: Mapping[str, float]) -> Figures:
    """Totals from means, with their 90th centiles."""
    timed: Figures = {}
    for total, seconds in times.items():
        _, count, p90 = MEANS[total]
        timed[total] = round(seconds * counts[count])
        if p90:
            timed[p90] = round(seconds * _RESPONSE_P90)
    return timed


def _handover(service: world.Service, counts: Figures, minutes: float) -> Figures:
    """Handover times as a log-normal of this mean: counts over 15, 30, 60 and time beyond 30."""
    arrived, sigma = counts["A53"] + round(0.6 * counts["A54"]), service.spread
    unknown = round(arrived * service.unknown)
    known = arrived - unknown
    middle = math.log(minutes) - sigma * sigma / 2

    def beyond(limit: float) -> float:
        return 1 - NormalDist(middle, sigma).cdf(math.log(limit))

    mass = 1 - NormalDist(middle + sigma * sigma, sigma).cdf(math.log(30))
    over = {f"A{144 + i}": round(known * beyond(m)) for i, m in enumerate((15, 30, 60))}
    return over | {
        "A140": known,
        "A141": round(known * minutes * 60),
        "A143": round(60 * math.exp(middle + _NINETIETH * sigma)),
        "A147": round(known * 60 * (minutes * mass - 30 * beyond(30))),
        "A148": unknown,
    }


def _divide(total: int, count: int) -> int:
    return math.floor(total / count + 0.5)
