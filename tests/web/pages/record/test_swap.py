"""The fold on other titles: its sentences, and where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.analysis.corpus.swaps import Swaps
from sitegen.web.pages.record.swap import swap_fold
from tests.web import papers


def fold(tmp_path: Path, rows: list[tuple[float, float]], k: int = 0, *, bias: float = 0.0):
    site = papers.site(tmp_path)
    return swap_fold(Swaps.of([(*row, bias) for row in rows]), k, frame=papers.frame(site, "records/p1.html"))


def test_it_says_how_far_the_others_take_the_answer_and_which_field_decides(tmp_path: Path) -> None:
    made = fold(tmp_path, [(1.0, 2.0), (0.5, -5.0), (0.8, 2.0), (1.2, -1.5)])
    assert made
    assert made.abstracts == "With any of the other 3 abstracts, this title gives from 2% to 95%; 2 flip the answer."
    assert made.titles == "With any of the other 3 titles, this abstract gives from 92% to 96%; none flips the answer."
    assert made.decides == (
        "The abstract matters more here: another abstract changes the answer by 50.3 points on average, "
        "another title by 1.6."
    )


@pytest.mark.parametrize(
    ("rows", "decides"),
    [
        ([(1.0, 1.0), (-1.0, -1.0), (-1.0, -1.2)], "Title and abstract matter about alike here: another abstract"),
        ([(9.0, 1.0), (-9.0, 1.1), (-9.0, 0.9)], "The title matters more here: another title changes the answer by"),
        ([(9.0, 9.0), (8.9, 9.1)], "Neither decides alone: hardly anything changes"),
    ],
)
def test_the_field_that_decides_is_the_one_whose_change_matters(tmp_path: Path, rows: list, decides: str) -> None:
    made = fold(tmp_path, rows)
    assert made
    assert made.decides.startswith(decides)


def test_two_records_are_told_in_the_singular(tmp_path: Path) -> None:
    made = fold(tmp_path, [(1.0, 2.0), (1.0, -5.0)])
    assert made
    assert made.abstracts == "With the other abstract, this title gives 2%; each flips the answer."


def test_a_record_without_a_title_has_no_fold(tmp_path: Path) -> None:
    rows = [(float("nan"), 2.0), (1.0, -5.0), (1.0, 1.0)]
    assert fold(tmp_path, rows) is None
    assert fold(tmp_path, rows, 1)


def test_the_threshold_is_the_sites(tmp_path: Path) -> None:
    rows = [(1.0, 1.0), (1.0, 0.0)]  # 88%, and 73% with the other abstract
    usual = fold(tmp_path, rows)
    assert usual
    assert usual.abstracts.endswith("none flips the answer.")
    site = papers.site(tmp_path)
    strict = site.model_copy(update={"classes": site.classes.model_copy(update={"threshold": 0.8})})
    made = swap_fold(Swaps.of([(*row, 0.0) for row in rows]), 0, frame=papers.frame(strict))
    assert made
    assert made.abstracts.endswith("each flips the answer.")
