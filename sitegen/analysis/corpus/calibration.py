"""Is 80% really 80%? Probabilities against gold labels, bin by bin.

Records are put into ten bins of equal width by the probability of the positive class. In each bin the mean probability
(what the model said) stands beside the share of positive labels (what is the case). The share's 95% interval is
Wilson's (1927): it stays within 0..1 and is usable for a handful of records, where the textbook's p +- 1.96 s fails.

A well calibrated model misses an interval now and then: of ten bins, one or more are missed in four models of ten. The
expected calibration error sums all bins up in one number (models/probabilities.py says how); small corpora inflate it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.stats import binomtest

from sitegen.models.probabilities import BINS, bin_numbers, error_over_bins


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The labelled records whose probability lies in [low, high) (the last one: [low, high]).

    records: how many; positive: how many of them are labelled so. said: their
    mean probability. share_low, share_high: Wilson's 95% interval of `share`.
    """

    low: float
    high: float
    records: int
    positive: int
    said: float
    share_low: float
    share_high: float

    @property
    def share(self) -> float:
        """Share of positive labels."""
        return self.positive / self.records

    @property
    def holds(self) -> bool:
        """Whether the mean predicted probability lies within the interval."""
        return self.share_low <= self.said <= self.share_high


def reliability(probabilities: Float[np.ndarray, " n"], labels: Int[np.ndarray, " n"]) -> tuple[Bin, ...]:
    """The bins that hold records, by rising probability. labels: 1 for the positive class, 0 for the other."""
    numbers = bin_numbers(probabilities)
    bins = []
    for k in np.unique(numbers).tolist():
        rows = numbers == k
        records, positive = int(rows.sum()), int(labels[rows].sum())
        low, high = wilson(positive, records)
        bins.append(
            Bin(
                low=k / BINS,
                high=(k + 1) / BINS,
                records=records,
                positive=positive,
                said=float(probabilities[rows].mean()),
                share_low=low,
                share_high=high,
            )
        )
    return tuple(bins)


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error: mean |said - share|, weighted by records."""
    expected, positive = np.array([b.records * b.said for b in bins]), np.array([float(b.positive) for b in bins])
    return error_over_bins(expected, positive, records=sum(b.records for b in bins))


def wilson(positive: int, records: int) -> tuple[float, float]:
    """Wilson's (1927) 95% interval of a share, `positive` of `records` >= 1: within 0 and 1, and honest near them."""
    interval = binomtest(positive, records).proportion_ci(confidence_level=0.95, method="wilson")
    return float(interval.low), float(interval.high)
