"""How long a pack of 100 charts takes: drawn for the first time, and with the charts kept.

    python benchmarks/pack.py [CHARTS]

The run is the invented one of the tests; its charts are drawn under as many names as it takes.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from fixtures.told import told
from kpialign.charts import cache
from kpialign.outputs import pack
from kpialign.outputs.pack.content import Figure, Section


def main(many: int) -> None:
    """Build and set the pack twice, and print what each part took."""
    from kpialign import charts

    outcome = told()
    listed = list(charts.listed(outcome))
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "charts"
        for which in ("cold", "warm"):
            start, spent = time.perf_counter(), _spent()
            drawings = []
            for n in range(many):
                kind, subject = listed[n % len(listed)]
                spec = charts._load(kind).chart(outcome, *subject).to_dict(validate=False)
                drawings.append((spec, f"chart-{n}"))
            built = time.perf_counter()
            images = cache.all_of(drawings, kept)
            drawn = time.perf_counter()
            base = pack.build(outcome, cache=kept)
            behind = next(base.figures()).table
            figures = tuple(
                Figure(name, f"Chart {name}", spec["description"], svg, png, behind)
                for (spec, name), (svg, png) in zip(drawings, images, strict=True)
            )
            whole = replace(base, sections=(Section("charts", "Charts", figures),))
            put = time.perf_counter()
            sizes = {kind: len(pack.render(kind, whole)) for kind in ("html", "docx")}
            end = time.perf_counter()
            megabytes = ", ".join(f"{k} {n / 1e6:.1f} MB" for k, n in sizes.items())
            print(f"{which}: {many} charts made in {built - start:.1f} s, drawn in "
                  f"{drawn - built:.1f} s, set in {end - put:.1f} s ({megabytes}); "
                  f"{_spent() - spent:.1f} processor seconds in all")  # fmt: skip


def _spent() -> float:
    """Processor seconds of this process and of those it waited for."""
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
