"""The one place where a margin becomes a probability and a class."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.models.probabilities import bin_numbers, log_odds, predicted, probability


def test_probability_is_the_softmax_and_does_not_overflow():
    logits = np.array([[0.3, -1.2], [2.0, 5.0]])
    softmax = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(probability(logits[:, 1] - logits[:, 0]), softmax[:, 1], rtol=1e-14)
    assert probability(5000.0) == 1.0
    assert probability(-5000.0) == 0.0


def test_log_odds_is_its_inverse():
    assert probability(log_odds(0.3)) == pytest.approx(0.3)
    assert log_odds(0.5) == 0.0


def test_the_class_is_positive_from_the_threshold_on():
    margins = np.array([-3.0, -0.5, 0.0, 2.0])
    assert predicted(margins, 0.5).tolist() == [0, 0, 1, 1]
    assert predicted(margins, 0.3).tolist() == [0, 1, 1, 1]
    assert predicted(margins, float(probability(2.0))).tolist() == [0, 0, 0, 1]
    assert ("no", "yes")[predicted(-0.5, 0.3)] == "yes"


def test_bins_are_closed_below_and_the_last_one_above_too():
    assert bin_numbers(np.array([0.0, 0.099, 0.1, 0.9, 1.0])).tolist() == [0, 0, 1, 9, 9]
