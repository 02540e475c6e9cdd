"""Make the sample: python sample_data/make.py [OUT].

Same seed, same bytes. Needs xlwt for the one .xls workbook and nothing else outside Python.
What is planted is in maker/plan.py; README.md says why.
"""

from __future__ import annotations

import sys
from pathlib import Path

from maker import ae_csv, ambsys, counts, plan, pressure, workbook, workspace, world

HERE = Path(__file__).resolve().parent


def make(out: Path) -> None:
    """Write every file of the sample under out."""
    ae, ambulance = out / "ae", out / "ambulance"
    for folder in (ae, ambulance):
        folder.mkdir(parents=True, exist_ok=True)
    made = world.build()
    felt = pressure.build(made)
    for t, month in enumerate(plan.months()):
        rows = counts.month_of(t, made, felt)
        if month != plan.MISSING_MONTH:
            ae_csv.write(ae, month, rows, made)
        if month == plan.REVISED_MONTH:
            workbook.write(ae, counts.revised(rows), made)
    ambsys.write(ambulance, made, felt)
    workspace.write(out, made)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
