"""What is planted, and how strongly. Everything a reader may want to change is here.

Strengths are standard deviations on a log or logit scale, one per unit of a latent series of
variance 1. README.md says in words what each one is for.
"""

from __future__ import annotations

from typing import NamedTuple

SEED = "kpialign-sample-2"
FIRST_YEAR, FIRST_MONTH, MONTHS = 2022, 4, 48

FRONT_SYSTEM = "ZQK"  # the system an analyst sees first (kpialign.toml)

# --- planted faults -------------------------------------------------------------------------
MISSING_MONTH = "2023-08"  # no A&E file
EXEMPT_HOSPITAL, EXEMPT_MONTHS = "ZH23", 14  # prints 0 over four hours, means "not reported"
MERGED, SUCCESSOR, MERGED_ON = "ZH49", "ZH45", "2024-04"
SPLIT_HOSPITAL = "ZH17"  # its ambulances come from two services
SPLIT = {"ZA03": 0.6, "ZA04": 0.4}
TAMPERED_MONTH, TAMPERED_CELL, TAMPERED_BY = "2024-11", "over1", 900
REVISED_MONTH, REVISED_HOSPITAL = "2023-03", "ZH29"
REVISED_PUBLISHED, REVISED_ON = "13th April 2023", "11th May 2023"
REVISED_BY = {"att3": 1046, "over3": 62, "book1": 138, "book3": 57, "bover1": 41}

# --- shared national pressure: what everybody saw in the same months ----------------------------
WINTER, SECOND_HARMONIC, TREND = 1.0, 0.25, 0.6  # the trend falls from +TREND to -TREND
SHOCK, SHOCK_PHI = 0.5, 0.5
LOCAL_PHI = 0.4  # persistence of everything local


class Hospital(NamedTuple):
    """How a hospital's figures answer to what happens to it."""

    breach_pressure: float = 0.19  # type 1 over four hours, per unit of national pressure
    breach_hold: float = -0.19  # KA-UEC-001: crews held outside, so more seen inside in time
    breach_crowd: float = 0.11  # a full ward: unseen local pressure
    breach_demand: float = 0.09  # a busy front door: pressure that attendances show
    breach_noise: float = 0.03
    minor_pressure: float = 0.22  # type 3 over four hours: the control, winter and chance alone
    minor_noise: float = 0.22
    dta_pressure: float = 0.42  # 12 hours from decision to admit
    dta_crowd: float = 0.26  # KA-UEC-003: the same bad weeks, and no link to holding
    dta_demand: float = 0.12
    dta_noise: float = 0.12
    attend_demand: float = 0.035
    attend_noise: float = 0.008


class Ambulance(NamedTuple):
    """How an ambulance service's figures answer."""

    handover_pressure: float = 0.20
    handover_hold: float = 0.22  # KA-UEC-001: the other side of holding, summed over hospitals
    handover_demand: float = 0.04
    handover_incidents: float = 0.02
    handover_noise: float = 0.05
    cat2_pressure: float = 0.18
    cat2_handover: float = 0.62  # KA-UEC-002: elasticity of Category 2 to local handover delay
    cat2_incidents: float = 0.03
    cat2_noise: float = 0.07
    answer_pressure: float = 0.50  # the control: call answering, winter and chance alone
    answer_noise: float = 0.25
    incidents: float = 0.035


HOSPITAL = Hospital()
AMBULANCE = Ambulance()


def months() -> list[str]:
    """Every month of the sample, as 2022-04."""
    start = FIRST_YEAR * 12 + FIRST_MONTH - 1
    return [f"{m // 12}-{m % 12 + 1:02d}" for m in range(start, start + MONTHS)]
