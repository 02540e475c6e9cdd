"""The workspace files: who conveys where, who belongs where, who followed whom."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from . import plan, world

BASIS = "invented"
_START = plan.months()[0]


def write(folder: Path, made: world.World) -> None:
    """Write the settings and the five tables."""
    (folder / "kpialign.toml").write_bytes(_settings(made).encode())
    _csv(folder / "links.csv", _LINKS, _links(made))
    _csv(folder / "membership.csv", _MEMBERSHIP, _membership(made))
    _csv(folder / "organisations.csv", _ORGANISATIONS, _organisations(made))
    merger = (plan.MERGED, plan.SUCCESSOR, plan.MERGED_ON)
    _csv(folder / "succession.csv", ("predecessor", "successor", "on"), [merger])


_LINKS = ("kind", "from_organisation", "to_organisation", "from", "until", "weight", "basis")
_MEMBERSHIP = ("organisation", "role", "level", "parent", "from", "until", "share")
_ORGANISATIONS = ("code", "role", "name", "type", "opened", "closed")


def _settings(made: world.World) -> str:
    name = made.systems[plan.FRONT_SYSTEM]
    return f'# {name}, an invented system, in front; the rest are its peers.\n' \
        f'system = "{plan.FRONT_SYSTEM}"\n'  # fmt: skip


def _until(code: str) -> str:
    """Last month of a hospital that merged; blank for all others."""
    months = plan.months()
    return months[months.index(plan.MERGED_ON) - 1] if code == plan.MERGED else ""


def _links(made: world.World) -> Iterable[Sequence[object]]:
    for h in made.hospitals:
        for service, weight in world.link_weights(h).items():
            yield "conveys_to", service, h.code, _START, _until(h.code), weight, BASIS


def _membership(made: world.World) -> Iterable[Sequence[object]]:
    for member in made.providers:
        for level, parent in (("icb", member.system), ("region", member.region)):
            yield member.code, "hospital", level, parent, _START, _until(member.code), 1
    for service in made.services:
        for system, share in _shares(service.code, made).items():
            yield service.code, "ambulance", "icb", system, _START, "", share
        yield service.code, "ambulance", "region", service.region, _START, "", 1


def _shares(service: str, made: world.World) -> dict[str, float]:
    """A service's work by system, from the hospitals it conveys to; in hundredths that add to 1."""
    mass: dict[str, float] = {}
    for h in made.hospitals:
        carried = world.link_weights(h).get(service, 0.0) * h.size
        if carried:
            mass[h.system] = mass.get(h.system, 0.0) + carried
    hundredths = {s: round(100 * m / sum(mass.values())) for s, m in sorted(mass.items())}
    largest = max(hundredths, key=lambda s: hundredths[s])
    hundredths[largest] += 100 - sum(hundredths.values())
    return {s: n / 100 for s, n in hundredths.items()}


def _organisations(made: world.World) -> Iterable[Sequence[object]]:
    for h in made.hospitals:
        yield h.code, "hospital", h.name.title(), "hospital", "", _until(h.code)
    for w in made.walk_ins:
        yield w.code, "hospital", w.name.title(), "walk_in", "", ""
    for s in made.services:
        yield s.code, "ambulance", s.name.title(), "ambulance", "", ""
    for code, name in made.systems.items():
        yield code, "system", name, "commissioner", "", ""


def _csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    path.write_bytes(text.getvalue().encode())
