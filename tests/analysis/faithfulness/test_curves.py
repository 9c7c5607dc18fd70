"""What is kept along an order, and what is read off a walk."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.analysis.faithfulness.curves import FIGURES, Ruler, kept_masks
from sitegen.analysis.faithfulness.orders import subset_masks, walk

WALKS = st.integers(1, 6).flatmap(lambda n: st.lists(st.floats(-6, 6, width=32), min_size=n + 1, max_size=n + 1))


def ruler(n: int) -> Ruler:
    return Ruler(counts=np.arange(n + 1), depths=np.arange(1, n + 1), grid=np.array([0.0, 0.25, 0.5, 1.0]))


def test_an_order_loses_its_first_segments_first():
    masks = kept_masks(np.array([[2, 0, 1], [0, 1, 2]]), np.array([0, 1, 3]))
    assert masks.astype(int).tolist() == [[1, 1, 1], [1, 1, 0], [0, 0, 0], [1, 1, 1], [0, 1, 1], [0, 0, 0]]


@given(st.permutations(range(5)))
def test_masks_and_subsets_tell_the_same_walk(order):
    order = np.array(order)
    assert kept_masks(order[None], np.arange(6)).tolist() == subset_masks(5)[walk(order)].tolist()


def test_a_walk_that_flips_at_its_second_step():
    reading = ruler(4).read(np.array([2.0, 1.0, -1.0, 1.0, 0.5]), np.zeros(5), positive=True)
    numbers = dict(zip(FIGURES, reading.numbers, strict=True))
    assert (numbers["flip"], numbers["rate"]) == (0.5, 1.0)
    assert reading.curves[1].tolist() == [0.5] * 4


def test_a_margin_of_zero_is_the_positive_class():
    down = np.array([1.0, 0.0])
    assert ruler(1).read(down, down, positive=True).numbers[FIGURES.index("rate")] == 0.0
    assert ruler(1).read(-down, -down, positive=False).numbers[FIGURES.index("rate")] == 1.0


@given(WALKS)
def test_both_classes_are_measured_alike(margins):
    """A model with its sign turned predicts the other class and explains it by the same numbers."""
    down = np.array(margins)
    down[down == 0] = 1.0
    readings = [
        ruler(len(down) - 1).read(sign * down, sign * down[::-1], positive=bool(sign * down[0] >= 0))
        for sign in (1, -1)
    ]
    assert readings[0].numbers == pytest.approx(readings[1].numbers)
    assert readings[0].curves == pytest.approx(readings[1].curves)


@given(WALKS)
def test_a_walk_up_is_a_walk_down_read_backwards(margins):
    down = np.array(margins)
    numbers = dict(zip(FIGURES, ruler(len(down) - 1).read(down, down[::-1], positive=True).numbers, strict=True))
    assert numbers["deletion"] == pytest.approx(numbers["insertion"])


@given(st.lists(st.floats(-6, 6, width=32), min_size=8, max_size=8), st.booleans())
def test_the_best_order_is_best_in_probability(margins, positive):
    """Margins alone would choose another: far from zero a step costs less probability."""
    table = np.array(margins)
    table[7] = 3.0 if positive else -3.0
    orders = np.array(list(permutations(range(3))))
    row = ruler(3).bounded_row(table, orders[[0, 5, 1]], positive=positive)
    walks = [table[walk(order)] for order in orders]
    readings = np.array([ruler(3).read(down, down[::-1], positive=positive).numbers for down in walks])
    assert row.best is not None
    assert row.worst is not None
    expected = dict(zip(FIGURES, readings.T, strict=True))
    for k, name in enumerate(FIGURES):
        good, bad = (max, min) if name in ("comprehensiveness", "insertion", "rate") else (min, max)
        assert row.best.numbers[k] == pytest.approx(good(expected[name]), abs=1e-9), name
        assert row.worst.numbers[k] == pytest.approx(bad(expected[name]), abs=1e-9), name
