"""How well a classifier does, each number with its 95% interval.

accuracy    share of records on the right side of probability 0.5
auc         probability that a positive record gets a higher margin than a negative one, ties counted half: the
            Mann-Whitney statistic, from midranks
brier       mean squared difference between probability and label; 0 is perfect, 0.25 is what "always 0.5" gets
ece         expected calibration error over 10 bins of equal width, see models/probabilities.py; biased upwards in
            small samples: perfect probabilities get about .05 for 300 records

Intervals are percentile bootstraps: records are drawn with replacement, 2,000 times, and the middle 95% of
the values kept. They cover the choice of test records, not the choice of seed or of training records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64
from scipy.stats import rankdata

from sitegen.models.probabilities import BINS, bin_numbers, error_over_bins, predicted, probability

Labels = Int64[np.ndarray, " n"]
Values = Float64[np.ndarray, " n"]
Measure = Callable[[Labels, Values], float]
EVEN = 0.5  # the threshold of accuracy: metrics know no site
RESAMPLES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value and its 95% interval."""

    value: float
    low: float
    high: float


def accuracy(labels: Labels, margins: Values) -> float:
    """Share of records whose margin is on the side of their label; a margin of 0 counts as positive."""
    return float(np.mean(predicted(margins, EVEN) == labels))


def auc(labels: Labels, margins: Values) -> float:
    """Area under the ROC curve; nan where a class is missing."""
    positive = int(labels.sum())
    negative = len(labels) - positive
    if not positive or not negative:
        return float("nan")
    rank_sum = rankdata(margins)[labels == 1].sum()
    return float((rank_sum - positive * (positive + 1) / 2) / (positive * negative))


def brier(labels: Labels, margins: Values) -> float:
    """Mean squared difference between the probability of the positive class and the label."""
    return float(np.mean((probability(margins) - labels) ** 2))


def calibration_error(labels: Labels, margins: Values) -> float:
    """Expected calibration error over 10 bins of equal width of the probability of the positive class."""
    said = probability(margins)
    numbers = bin_numbers(said)
    expected = np.bincount(numbers, weights=said, minlength=BINS)
    positive = np.bincount(numbers, weights=labels, minlength=BINS)
    return error_over_bins(expected, positive, records=len(labels))


MEASURES: Mapping[str, Measure] = {"accuracy": accuracy, "auc": auc, "brier": brier, "ece": calibration_error}


def evaluate(labels: Labels, margins: Values, *, rng: np.random.Generator) -> dict[str, Estimate]:
    """Every measure with its bootstrap interval. labels: 0 or 1, margins: log-odds, both (n,), both classes."""
    sampled: dict[str, list[float]] = {name: [] for name in MEASURES}
    for _ in range(RESAMPLES):
        draw = rng.integers(len(labels), size=len(labels))
        for name, measure in MEASURES.items():
            sampled[name].append(measure(labels[draw], margins[draw]))
    estimates = {}
    for name, measure in MEASURES.items():
        low, high = np.nanpercentile(sampled[name], [2.5, 97.5])
        estimates[name] = Estimate(value=measure(labels, margins), low=float(low), high=float(high))
    return estimates
