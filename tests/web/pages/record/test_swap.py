"""The fold on other titles: what its script is told, and where there is none."""

from __future__ import annotations

from pathlib import Path

from sitegen.analysis.corpus.swaps import Swaps
from sitegen.web.pages.record.swap import SwapFold, swap_fold
from tests.web import papers


def fold(tmp_path: Path, rows: list[tuple[float, float]], k: int = 0) -> SwapFold | None:
    site = papers.site(tmp_path, classes={"threshold": 0.8})
    return swap_fold(Swaps.of([(*row, 0.5) for row in rows]), k, frame=papers.frame(site, "records/p1.html"))


def test_it_holds_nothing_of_the_others(tmp_path: Path) -> None:
    told = SwapFold(number=1, threshold=0.8, root="../")
    assert fold(tmp_path, [(1.0, 2.0), (0.5, -5.0)], 1) == told
    assert fold(tmp_path, [(1.0, 7.0), (0.5, -5.0), (2.0, 1.0)], 1) == told


def test_what_has_no_title_or_is_alone_has_no_fold(tmp_path: Path) -> None:
    nothing = float("nan")
    rows = [(nothing, 2.0), (1.0, -5.0), (1.0, 1.0)]
    assert fold(tmp_path, rows) is None
    assert fold(tmp_path, rows, 1)
    assert fold(tmp_path, [(nothing, 2.0), (1.0, -5.0)], 1) is None  # there is no other title
