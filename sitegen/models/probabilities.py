"""From a margin to a probability, to a class, and to how far probabilities can be believed. numpy only.

A *margin* z is the log-odds of the positive class. Its probability is 1 / (1 + exp(-z)), which is the softmax of two
logits whose difference is z. A record is of the positive class where that probability reaches a threshold, which the
site chooses (0.5 where nothing else is said); `class_of` is the one place that decides so.

Probabilities are *calibrated* where of the records given 80% about 80% are positive. That is looked at in BINS bins of
equal width; the *expected calibration error* is the mean distance, over records, between a bin's mean probability and
its share of positives (Naeini, Cooper and Hauskrecht 2015, who bin the probability of the positive class; Guo et al.
2017 bin the confidence in the predicted class).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float, Int

from sitegen.corpus.arrays import Array

BINS = 10  # of equal width over 0..1, for calibration


def probability(margin: Float[np.ndarray, "..."] | float) -> Any:
    """Probability of the positive class for a margin in log-odds; no overflow at either end."""
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(margin, dtype=np.float64)))


def against_rest(logits: Float[np.ndarray, "n C"], positive: int) -> Float[np.ndarray, " n"]:
    """The log-odds of one class against all others together, where the softmax of C logits is the probability of each:
    its logit less the logarithm of the sum of the others' exponentials. positive: the class's column."""
    others = np.delete(np.asarray(logits, dtype=np.float64), positive, axis=1)
    margins: Array = logits[:, positive] - np.logaddexp.reduce(others, axis=1)
    return margins


def log_odds(probability: float) -> float:
    """The margin of a probability strictly between 0 and 1: the inverse of `probability`."""
    return float(np.log(probability / (1 - probability)))


def predicted(margin: Float[np.ndarray, "..."] | float, threshold: float) -> Any:
    """The class of each margin, int64: 1 (positive) where its probability is at least `threshold`, else 0."""
    return class_of(probability(margin), threshold)


def class_of(probability: Float[np.ndarray, "..."] | float, threshold: float) -> Any:
    """The same of each probability."""
    return (np.asarray(probability) >= threshold).astype(np.int64)


def bin_numbers(probabilities: Float[np.ndarray, " n"]) -> Int[np.ndarray, " n"]:
    """Each probability's bin, 0 to BINS - 1: bin k holds [k / BINS, (k + 1) / BINS), the last one 1 as well."""
    numbers: Array = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    return numbers


def error_over_bins(
    expected: Float[np.ndarray, " bins"], positive: Float[np.ndarray, " bins"], *, records: int
) -> float:
    """The expected calibration error of `records` records that are in bins.

    expected: of each bin the sum of its probabilities, which is how many positives they promise. positive: how many
    there are.
    """
    return float(np.abs(expected - positive).sum() / records)
