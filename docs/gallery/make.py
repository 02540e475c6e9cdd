"""Draw the pictures of the gallery from the sample data, and write the page about them.

    python docs/gallery/make.py [DATABASE]

With the database of an earlier check of the sample its figures are retold; without one the
sample is checked first. The same data give the same bytes.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from kpialign import charts
from kpialign.charts import render
from kpialign.pipeline.request import Request
from kpialign.pipeline.retelling import retold
from kpialign.pipeline.run import check
from kpialign.settings import read_settings
from kpialign.shipped import shipped

HERE = Path(__file__).resolve().parent
SHOWN = (
    ("matrix", ("ZQK",)),
    ("process", ("ZQK", "uec.ed.four_hour")),
    ("system", ("ZQK",)),
    ("pair", ("KA-UEC-001", "hold", "ZA06")),
    ("forest", ("KA-UEC-001", "hold")),
    ("forest", ("KA-UEC-003", "quick_wins")),
    ("evidence", ("KA-UEC-001", "hold")),
    ("walk", ("KA-UEC-001", "hold", "ZA06")),
    ("step", ("ZH27", "2025-01-15")),
    ("ties", ("ZQK",)),
    ("funnel", ("uec.ed.four_hour.type1",)),
    ("composite", ("system.urgent_care", "ZQK")),
    ("waterfall", ("ZQK", "uec.ed.four_hour", "2026-02")),
    ("ledger", ("urgent_care", "ZQK")),
    ("crowding", ("KA-SHAPE-001", "uec.ed.four_hour ambition-2026")),
    ("recorders", ("KA-SHAPE-003", "patients taken to emergency departments all months with both")),
    ("completeness", ("ZQK",)),
    ("revisions", ("ZQK",)),
)
# Nobody tried anything in the sample, so that its chart needs a change made up for it.
CHANGE = """date,organisation,tried,aimed_at
2025-01-15,ZH27,crews hand over in the corridor,uec.ed.four_hour.type1
"""
PAGE = """# Gallery

Every picture here is drawn from the invented [sample data](../sample_data/README.md) by
`docs/gallery/make.py`. Each chart can be had by itself with the command under it, as `.svg`,
`.png`, `.json` (Vega-Lite), `.csv` (the table behind it), `.txt` (its words), `.md` or `.qmd`.
The change at one hospital is made up for the gallery. One kind more, `mixture`, needs figures by
group, which the sample has not.
[What a run writes](outputs.md) says how to read them.
"""


def main(database: Path | None) -> None:
    """Draw every chart of the gallery and write the page."""
    sample = shipped("sample_data")
    with TemporaryDirectory() as folder:
        place = {"database": database or Path(folder) / "k.duckdb", "report": Path(folder) / "r"}
        settings = read_settings(_workspace(sample, Path(folder) / "w"), place, environ={})
        if database is None:
            check(Request((sample,), settings))
        outcome = retold(settings)
    lines = [PAGE]
    for drawn in charts.draw(outcome, SHOWN):
        (HERE / f"{drawn.stem}.svg").write_text(drawn.svg + "\n", encoding="utf-8")
        lines += [
            f"## {render.headline(drawn.spec)}\n",
            f"![{drawn.alt_text}](gallery/{drawn.stem}.svg)\n",
            f"`kpialign chart {shlex.join(drawn.subject)} --kind {drawn.kind}`\n",
        ]
    (HERE.parent / "gallery.md").write_text("\n".join(lines), encoding="utf-8")


def _workspace(sample: Path, folder: Path) -> Path:
    folder.mkdir()
    for path in (*sample.glob("*.csv"), *sample.glob("*.toml")):
        shutil.copy(path, folder)
    (folder / "changes.csv").write_text(CHANGE, encoding="utf-8")
    return folder


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
