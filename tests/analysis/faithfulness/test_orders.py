"""The best and worst orders are what trying every order finds."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.analysis.attribution.masking import subset_masks
from sitegen.analysis.faithfulness.orders import extreme_order, flip_bounds, ranked, walk

VALUES = st.integers(0, 5).flatmap(
    lambda n: st.lists(st.floats(-8, 8, width=32), min_size=1 << n, max_size=1 << n).map(np.array)
)
CLASSES = st.integers(1, 5).flatmap(lambda n: st.lists(st.booleans(), min_size=(1 << n) - 1, max_size=(1 << n) - 1))


def walks(n: int) -> list[np.ndarray]:
    return [walk(np.array(order, dtype=np.int64)) for order in permutations(range(n))]


def test_a_walk_removes_one_segment_after_the_other():
    assert walk(np.array([2, 0, 1])).tolist() == [0b111, 0b011, 0b010, 0b000]
    assert walk(np.array([], dtype=np.int64)).tolist() == [0]


def test_ranked_segments_start_with_the_strongest_and_keep_equals_in_place():
    assert ranked(np.array([0.5, -2.0, 3.0, 0.5])).tolist() == [2, 0, 3, 1]


def test_masks_follow_the_bits():
    assert subset_masks(2).tolist() == [[False, False], [True, False], [False, True], [True, True]]
    assert subset_masks(0).shape == (1, 0)


@given(VALUES)
def test_the_extreme_orders_are_those_that_trying_all_orders_finds(values):
    n = len(values).bit_length() - 1
    sums = [values[steps].sum() for steps in walks(n)]
    for largest, expected in ((True, max(sums)), (False, min(sums))):
        order = extreme_order(values, largest=largest)
        assert sorted(order.tolist()) == list(range(n))
        assert values[walk(order)].sum() == pytest.approx(expected, abs=1e-9)


@given(VALUES)
def test_the_smallest_walk_is_the_largest_of_the_opposite_values(values):
    assert extreme_order(values, largest=False).tolist() == extreme_order(-values, largest=True).tolist()


@given(CLASSES)
def test_the_flip_bounds_are_those_that_trying_all_orders_finds(others):
    changed = np.array([*others, False])
    n = len(changed).bit_length() - 1
    flips = [int(np.argmax(changed[steps])) if changed[steps].any() else None for steps in walks(n)]
    some = [flip for flip in flips if flip is not None]
    earliest, latest = flip_bounds(changed)
    assert earliest == (min(some) if some else None)
    assert latest == (None if None in flips else max(some))


def test_ten_sentences_whose_effects_add_up_are_ordered_by_effect():
    effects = np.array([0.3, -1.0, 2.0, 0.1, 0.0, -0.2, 1.1, 0.7, -3.0, 0.5])
    values = subset_masks(10) @ effects
    assert extreme_order(values, largest=False).tolist() == ranked(effects).tolist()
    assert extreme_order(values, largest=True).tolist() == ranked(-effects).tolist()


def test_a_table_that_is_no_table_is_refused():
    with pytest.raises(ValueError, match="power of two"):
        extreme_order(np.zeros(6), largest=True)
