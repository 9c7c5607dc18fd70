"""Intervals are Wilson's, and equal values are equal."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.corpus.calibration import wilson
from sitegen.analysis.faithfulness.rates import above, effective, rate, rate_of_some, topmost


@pytest.mark.parametrize(("hits", "n"), [(0, 5), (3, 7), (7, 7), (90, 100)])
def test_the_interval_of_counts_is_wilsons(hits, n):
    found = rate((np.arange(n) < hits).astype(float))
    assert (found.documents, found.value) == (n, hits / n)
    assert (found.low, found.high) == pytest.approx(wilson(hits, n), abs=1e-9)


def test_scores_between_count_by_their_mean():
    assert rate(np.array([0.25, 0.75])) == rate(np.array([0.5, 0.5])) == rate(np.array([1.0, 0.0]))


def test_documents_of_the_same_sentences_count_as_fewer():
    scores = (np.arange(200) < 150).astype(float)
    assert effective(200, 50) == pytest.approx(40)
    widened = rate(scores, disjoint=50)
    assert (widened.documents, widened.value) == (200, 0.75)
    assert (widened.low, widened.high) == pytest.approx(wilson(30, 40), abs=1e-9)


def test_of_no_documents_there_is_no_rate():
    assert rate_of_some(np.array([1.0, 0.0]), np.array([False, False])) is None
    assert rate_of_some(np.array([1.0, 0.0]), np.array([False, True])).value == 0.0


def test_pairs_are_compared_one_by_one_and_equals_count_half():
    ones, others = np.array([[3.0, 1.0], [1.0, 1.0]]), np.array([[1.0 + 1e-7, 2.0], [0.0, 5.0]])
    assert above(ones, others).tolist() == [(1 + 1 + 0.5 + 0) / 4, (1 + 1) / 4]


def test_the_top_is_shared_by_equals():
    values = np.array([[1.0, 2.0, 0.0], [2.0, 2.0, 2.0 - 1e-7], [0.0, 1.0, 2.0]])
    assert topmost(values, np.array([False, True, False])).tolist() == [1.0, pytest.approx(1 / 3), 0.0]
