from __future__ import annotations

from pathlib import Path

import pytest

from kpialign import charts
from kpialign.charts import cache, render
from kpialign.findings import Outcome

WANTED = [("forest", ("KA-UEC-002", "starve")), ("ties", ("QRL",))]


def test_what_was_drawn_is_not_drawn_again_and_is_the_same(
    outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = charts.draw(outcome, WANTED, tmp_path / "kept")
    asked: list[int] = []
    whole = render.all_of
    monkeypatch.setattr(render, "all_of", lambda d, *a: asked.append(len(d)) or whole(d, *a))
    again = charts.draw(outcome, WANTED, tmp_path / "kept")
    assert asked == []
    assert [(p.svg, p.png) for p in again] == [(p.svg, p.png) for p in first]
    broken, *_ = sorted((tmp_path / "kept").glob("*.chart"))
    broken.write_bytes(b"no")
    assert [p.png for p in charts.draw(outcome, WANTED, tmp_path / "kept")] == [
        p.png for p in first
    ]
    assert asked == [1]


def test_progress_counts_what_is_drawn_and_what_was_kept(outcome: Outcome, tmp_path: Path) -> None:
    wanted = [*WANTED, ("ties", ("QRL",)), ("system", ("QRL",))]
    told: list[tuple[int, int]] = []
    for _ in ("cold", "warm"):
        charts.draw(outcome, wanted, tmp_path / "kept", lambda *at: told.append(at))
    assert told == [(n, 4) for n in range(1, 5)] * 2


def test_only_so_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MOST", 2)
    for n in range(4):
        cache._keep(tmp_path / f"{n}.chart", ("s", b"p"))
    cache._prune(tmp_path)
    assert len(list(tmp_path.glob("*.chart"))) == 2


def test_a_folder_that_may_not_be_written_only_costs_time(outcome: Outcome, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert charts.draw(outcome, WANTED[:1], tmp_path / "file")[0].png
