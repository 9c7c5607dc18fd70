"""Agreement of two models against scikit-learn, statsmodels' formulas by hand, and scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from sitegen.analysis.corpus.agreement import Answers, furthest_apart, rank_correlation, shares_alike

RNG = np.random.default_rng(5)


def answers(n=200, *, flips=0.2, unlabelled=0.1) -> Answers:
    label = RNG.integers(0, 2, n)
    a = np.where(RNG.random(n) < flips, 1 - label, label)
    b = np.where(RNG.random(n) < 2 * flips, 1 - label, label)
    label = np.where(RNG.random(n) < unlabelled, -1, label)
    return Answers(a=a == 1, b=b == 1, label=label)


def test_kappa_is_that_of_scikit_learn():
    for flips in (0.05, 0.2, 0.45):
        one = answers(flips=flips)
        assert one.kappa == pytest.approx(cohen_kappa_score(one.a, one.b), abs=1e-12)


def test_kappa_is_not_known_where_chance_always_agrees():
    same = np.ones(4, dtype=bool)
    assert math.isnan(Answers(a=same, b=same, label=np.zeros(4)).kappa)
    none = np.zeros(0, dtype=bool)
    assert math.isnan(Answers(a=none, b=none, label=np.zeros(0)).kappa)


def test_the_test_counts_those_that_one_alone_is_right_about():
    # both 3, a alone 6, b alone 1, neither 2: two-sided p of 7 tosses with 6 heads is 16 / 128
    a = np.array([1] * 3 + [1] * 6 + [0] * 1 + [0] * 2, dtype=bool)
    b = np.array([1] * 3 + [0] * 6 + [1] * 1 + [0] * 2, dtype=bool)
    found = Answers(a=a, b=b, label=np.ones(12))
    assert found.table == (3, 6, 1, 2)
    assert found.p_value == pytest.approx(16 / 128)
    assert Answers(a=a, b=a, label=np.ones(12)).p_value == 1
    assert found.same == 5


def test_records_without_label_count_for_the_answers_alone():
    found = answers()
    assert sum(found.table) == int(np.sum(found.label >= 0)) < found.n
    part = found.among(found.label >= 0)
    assert part.table == found.table
    assert part.n == sum(found.table)


def test_shares_are_compared_within_their_record():
    a = [np.array([1.0, 2, 3, 4]), np.array([-5.0, 1, 2, 0]), np.array([1.0, 2]), np.array([1.0])]
    b = [np.array([1.0, 2, 3, 9]), np.array([4.0, -1, -2, 0]), np.array([2.0, 1]), np.array([3.0])]
    found = shares_alike(list(zip(a, b, strict=True)))
    assert (found.records, found.same_top, found.ordered) == (3, 2, 2)  # a single sentence says nothing
    assert found.by_chance == pytest.approx(1 / 4 + 1 / 4 + 1 / 2)
    assert found.middle == pytest.approx(0)  # 1 and -1
    unknown = shares_alike([(np.array([np.nan, 1.0]), np.array([1.0, 2.0]))])
    assert (unknown.records, unknown.ordered) == (0, 0)
    assert math.isnan(unknown.middle)


def test_rank_correlation_needs_something_that_varies():
    assert rank_correlation(np.array([1.0, 2, 3]), np.array([10.0, 20, 21])) == pytest.approx(1)
    assert math.isnan(rank_correlation(np.array([1.0, 1]), np.array([1.0, 2])))
    assert math.isnan(rank_correlation(np.array([1.0]), np.array([1.0])))


def test_the_furthest_apart_come_first_and_ties_keep_their_order():
    order = furthest_apart(np.array([0.5, 0.1, 0.9, 0.5]), np.array([0.5, 0.9, 0.1, 0.7]))
    assert order.tolist() == [1, 2, 3, 0]
