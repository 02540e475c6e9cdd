"""What each provider counts in a month: the 18 numbers of a row of the A&E file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from . import plan, world
from .plan import HOSPITAL
from .pressure import Local, Pressure, days, winter

Cells = dict[str, int]

# short name -> heading; "hs" is how the real file spells it
HEADINGS = {
    "att1": "A&E attendances Type 1",
    "att2": "A&E attendances Type 2",
    "att3": "A&E attendances Other A&E Department",
    "book1": "A&E attendances Booked Appointments Type 1",
    "book2": "A&E attendances Booked Appointments Type 2",
    "book3": "A&E attendances Booked Appointments Other Department",
    "over1": "Attendances over 4hrs Type 1",
    "over2": "Attendances over 4hrs Type 2",
    "over3": "Attendances over 4hrs Other Department",
    "bover1": "Attendances over 4hrs Booked Appointments Type 1",
    "bover2": "Attendances over 4hrs Booked Appointments Type 2",
    "bover3": "Attendances over 4hrs Booked Appointments Other Department",
    "dta4": "Patients who have waited 4-12 hs from DTA to admission",
    "dta12": "Patients who have waited 12+ hrs from DTA to admission",
    "adm1": "Emergency admissions via A&E - Type 1",
    "adm2": "Emergency admissions via A&E - Type 2",
    "adm3": "Emergency admissions via A&E - Other A&E department",
    "other": "Other emergency admissions",
}
OVER = ("over1", "over2", "over3", "bover1", "bover2", "bover3")

_AVERAGE_MONTH = 30.4
_ADMITTED = 0.29  # of type 1 attendances
_GROWTH = 0.02  # a year


def share(logit: float) -> float:
    """From the logit scale to a share."""
    return 1 / (1 + math.exp(-logit))


def total(rows: Iterable[Mapping[str, int]]) -> Cells:
    """Column sums."""
    kept = list(rows)
    return {name: sum(row[name] for row in kept) for name in HEADINGS}


def month_of(t: int, made: world.World, felt: Pressure) -> dict[str, Cells]:
    """Every provider's row in month t as first published: by code, merger and exemption done."""
    month = plan.months()[t]
    rows = {h.code: _hospital(h, felt.hospital[h.code], felt.national[t], t)
            for h in made.hospitals}  # fmt: skip
    rows |= {w.code: _walk_in(w, t) for w in made.walk_ins}
    if month >= plan.MERGED_ON:
        rows[plan.SUCCESSOR] = total([rows[plan.SUCCESSOR], rows.pop(plan.MERGED)])
    if t < plan.EXEMPT_MONTHS:
        rows[plan.EXEMPT_HOSPITAL] |= dict.fromkeys(OVER, 0)
    return rows


def revised(rows: Mapping[str, Cells]) -> dict[str, Cells]:
    """The same month as revised later: one provider sent more."""
    late = {code: dict(cells) for code, cells in rows.items()}
    for name, more in plan.REVISED_BY.items():
        late[plan.REVISED_HOSPITAL][name] += more
    return late


def attendances(hospital: world.Hospital, local: Local, t: int) -> float:
    """Type 1 attendances: a busy front door shows here."""
    busy = HOSPITAL.attend_demand * local["demand"][t] + HOSPITAL.attend_noise * local["attend"][t]
    drift = _GROWTH * t / 12 - 0.02 * winter(t)
    return hospital.size * days(plan.months()[t]) / _AVERAGE_MONTH * math.exp(busy + drift)


def _hospital(hospital: world.Hospital, local: Local, national: float, t: int) -> Cells:
    pressed = national * local.load
    late, minor_late = _breaches(hospital, local, pressed, t)
    att1 = attendances(hospital, local, t)
    att3 = att1 * hospital.minor * math.exp(0.03 * local["other"][t])
    counts = {"att1": att1, "att2": att1 * hospital.single, "att3": att3}
    counts |= {f"book{n}": counts[f"att{n}"] * hospital.booked for n in (1, 2, 3)}
    shares = {"1": late, "2": minor_late, "3": minor_late}
    for n, over in shares.items():
        counts |= {f"over{n}": counts[f"att{n}"] * over}
        counts |= {f"bover{n}": counts[f"book{n}"] * over / 2}  # booked patients wait less
    waited = _waited(hospital, local, pressed, t)
    return _whole(counts | _admissions(hospital, local["other"][t], waited, att1, att3))


def _breaches(
    hospital: world.Hospital, local: Local, pressed: float, t: int
) -> tuple[float, float]:
    """Shares over four hours, type 1 and the rest."""
    late = (
        hospital.breach
        + HOSPITAL.breach_pressure * pressed
        + HOSPITAL.breach_hold * local["hold"][t]
        + HOSPITAL.breach_crowd * local["crowd"][t]
        + HOSPITAL.breach_demand * local["demand"][t]
        + HOSPITAL.breach_noise * local["breach"][t]
    )
    minor = HOSPITAL.minor_pressure * pressed + HOSPITAL.minor_noise * local["minor"][t]
    return share(late), share(hospital.minor_breach + minor)


def _waited(hospital: world.Hospital, local: Local, pressed: float, t: int) -> float:
    """Logit of the share of admissions waiting 12 hours; holding has no part in it."""
    return (
        hospital.twelve_hours
        + HOSPITAL.dta_pressure * pressed
        + HOSPITAL.dta_crowd * local["crowd"][t]
        + HOSPITAL.dta_demand * local["demand"][t]
        + HOSPITAL.dta_noise * local["dta"][t]
    )


def _admissions(
    hospital: world.Hospital, elsewhere: float, waited: float, att1: float, att3: float
) -> dict[str, float]:
    """Emergency admissions and how long they waited for a bed."""
    adm1, adm3 = _ADMITTED * att1, 0.01 * att3
    return {
        "adm1": adm1,
        "adm3": adm3,
        "dta12": (adm1 + adm3) * share(waited),
        "dta4": (adm1 + adm3) * share(waited + 0.8) * 0.9,
        "other": 0.09 * hospital.size * math.exp(0.04 * elsewhere),
    }


def _walk_in(centre: world.WalkIn, t: int) -> Cells:
    draw = world.rng(centre.code, t)
    att3 = centre.size * math.exp(draw.gauss(0, 0.05))
    late = att3 * share(draw.gauss(-4.5, 0.5))
    booked = att3 * 0.06 if centre.code.startswith("ZW") else 0.0
    return _whole({"att3": att3, "over3": late, "book3": booked})


def _whole(counts: Mapping[str, float]) -> Cells:
    return {name: round(counts.get(name, 0.0)) for name in HEADINGS}
