"""What is kept along an order, and what a walk is measured by."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.analysis.attribution.masking import subset_masks
from sitegen.analysis.faithfulness.curves import METRICS, WalkPlan, kept_masks
from sitegen.analysis.faithfulness.orders import walk

WALKS = st.integers(1, 6).flatmap(lambda n: st.lists(st.floats(-6, 6, width=32), min_size=n + 1, max_size=n + 1))


def plan(n: int, *, positive: bool = True, threshold: float = 0.5) -> WalkPlan:
    return WalkPlan(
        explained=int(positive),
        threshold=threshold,
        counts=np.arange(n + 1),
        depths=np.arange(1, n + 1),
        grid=np.array([0.0, 0.25, 0.5, 1.0]),
    )


def test_an_order_loses_its_first_segments_first():
    masks = kept_masks(np.array([[2, 0, 1], [0, 1, 2]]), np.array([0, 1, 3]))
    assert masks.astype(int).tolist() == [[1, 1, 1], [1, 1, 0], [0, 0, 0], [1, 1, 1], [0, 1, 1], [0, 0, 0]]


@given(st.permutations(range(5)))
def test_masks_and_subsets_tell_the_same_walk(order):
    order = np.array(order)
    assert kept_masks(order[None], np.arange(6)).tolist() == subset_masks(5)[walk(order)].tolist()


def test_a_walk_that_flips_at_its_second_step():
    found = plan(4).metrics(np.array([2.0, 1.0, -1.0, 1.0, 0.5]), np.zeros(5))
    numbers = dict(zip(METRICS, found.numbers, strict=True))
    assert (numbers["flip"], numbers["rate"]) == (0.5, 1.0)
    assert found.curves[1].tolist() == [0.5] * 4


def test_a_margin_of_zero_is_the_positive_class():
    down = np.array([1.0, 0.0])
    assert plan(1).metrics(down, down).numbers[METRICS.index("rate")] == 0.0
    assert plan(1, positive=False).metrics(-down, -down).numbers[METRICS.index("rate")] == 1.0


def test_the_class_changes_at_the_threshold():
    down = np.array([2.0, -0.5, -1.0])  # probabilities .88, .38, .27
    flips = [plan(2, threshold=t).metrics(down, down).numbers[METRICS.index("flip")] for t in (0.5, 0.3, 0.2)]
    assert flips == [0.5, 1.0, 1.0]
    rates = [plan(2, threshold=t).metrics(down, down).numbers[METRICS.index("rate")] for t in (0.5, 0.3, 0.2)]
    assert rates == [1.0, 1.0, 0.0]


@given(WALKS)
def test_both_classes_are_measured_alike(margins):
    """A model with its sign turned predicts the other class and explains it by the same numbers."""
    down = np.array(margins)
    down[np.abs(down) < 1e-12] = 1.0  # so near to zero a probability is .5, which is positive
    measured = [
        plan(len(down) - 1, positive=bool(sign * down[0] >= 0)).metrics(sign * down, sign * down[::-1])
        for sign in (1, -1)
    ]
    assert measured[0].numbers == pytest.approx(measured[1].numbers)
    assert measured[0].curves == pytest.approx(measured[1].curves)


@given(WALKS)
def test_a_walk_up_is_a_walk_down_read_backwards(margins):
    down = np.array(margins)
    numbers = dict(zip(METRICS, plan(len(down) - 1).metrics(down, down[::-1]).numbers, strict=True))
    assert numbers["deletion"] == pytest.approx(numbers["insertion"])


@given(st.lists(st.floats(-6, 6, width=32), min_size=8, max_size=8), st.booleans())
def test_the_best_order_is_best_in_probability(margins, positive):
    """Margins alone would choose another: far from zero a step costs less probability."""
    table = np.array(margins)
    table[7] = 3.0 if positive else -3.0
    orders = np.array(list(permutations(range(3))))
    record = plan(3, positive=positive).record_with_bounds(table, orders[[0, 5, 2, 4, 1]], measures=2)
    walks = [table[walk(order)] for order in orders]
    measured = np.array([plan(3, positive=positive).metrics(down, down[::-1]).numbers for down in walks])
    for one, (down, up) in zip(record.values, ((0, 5), (2, 4)), strict=True):
        expected_of_one = plan(3, positive=positive).metrics(walks[down], walks[up][::-1])
        assert one.numbers.tolist() == expected_of_one.numbers.tolist()
    assert record.random.numbers.tolist() == measured[1].tolist()
    assert record.best is not None
    assert record.worst is not None
    expected = dict(zip(METRICS, measured.T, strict=True))
    for k, name in enumerate(METRICS):
        good, bad = (max, min) if name in ("comprehensiveness", "insertion", "rate") else (min, max)
        assert record.best.numbers[k] == pytest.approx(good(expected[name]), abs=1e-9), name
        assert record.worst.numbers[k] == pytest.approx(bad(expected[name]), abs=1e-9), name
