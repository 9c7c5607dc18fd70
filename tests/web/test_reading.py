"""What the first page keeps of how an answer formed: its steps from sentence to sentence, and its trace."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import FullGrid
from sitegen.web.reading import LETTERS, POINTS, reading
from tests.web.papers import paper, scored

# title 2 x 1.5 - .25 = 2.75 (94%); then 2.75 - 2 x 2 = -1.25 (22%); then -1.25 + 2.25 = 1 (73%)
TURNS = paper("a", "Good", "Bad and bad.", "A simulation.")


def test_the_largest_step_that_crosses_is_kept():
    found = reading(scored([TURNS])[0], 2.75, threshold=0.5)
    assert found.changed
    assert (found.step.number, found.step.crosses) == (0, True)
    assert (found.step.before, found.step.after) == pytest.approx((0.9399, 0.2227), abs=1e-4)
    assert found.drama == pytest.approx(1 + 0.9399 - 0.2227, abs=1e-4)


def test_without_the_titles_own_answer_the_first_sentence_is_no_step():
    found = reading(scored([TURNS])[0], float("nan"), threshold=0.5)
    assert (found.step.number, found.step.crosses) == (1, True)


def test_a_step_over_the_threshold_comes_before_a_larger_one_on_a_side():
    falls = paper("a", "Good", "Bad.", "Interview.", "Good.")  # 94%, 68%, 38%, 73%
    found = reading(scored([falls])[0], 2.75, threshold=0.9)
    assert (found.step.number, found.step.crosses) == (0, True)
    found = reading(scored([falls])[0], 2.75, threshold=0.1)
    assert not found.changed
    assert found.step.number == 2
    assert found.drama < 1


def test_a_trace_has_the_curve_at_even_places():
    found = reading(scored([TURNS])[0], 2.75, threshold=0.5)
    assert len(found.trace) == POINTS
    levels = [LETTERS.index(letter) / (len(LETTERS) - 1) for letter in found.trace]
    assert levels[-1] == pytest.approx(1 / (1 + np.exp(-1.0)), abs=1 / 126)
    assert min(levels) == pytest.approx(1 / (1 + np.exp(1.25)), abs=1 / 126)


def test_what_is_not_known_has_no_reading():
    (occlusion,) = scored([TURNS])
    cells = np.full(occlusion.grid.shape, np.nan)
    cells[-1, -1] = 1.0
    assert reading(replace(occlusion, grid=FullGrid(margins=cells)), 2.75, threshold=0.5) is None
    assert reading(scored([paper("a", "Good")])[0], 2.75, threshold=0.5) is None
