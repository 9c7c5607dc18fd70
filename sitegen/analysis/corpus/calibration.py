"""Is 80% really 80%? Probabilities against gold labels, bin by bin.

Records are put into BINS bins of equal width by the probability of the positive class; in each bin the mean probability
(what the model said) stands beside the share of positive labels (what is the case). The share's 95% interval is
Wilson's (1927): it stays within 0..1 and is usable for a handful of records, where the textbook's p +- 1.96 s fails.

A well calibrated model misses an interval now and then: of ten bins, one or more are missed in four models of ten. The
mean distance between the two, weighted by records, is the expected calibration error (Naeini, Cooper and Hauskrecht
2015); small corpora inflate it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.stats import binomtest

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The labelled records whose probability lies in [low, high) (the last one: [low, high]).

    said: their mean probability. share: positive labels among them, with Wilson's 95% interval share_low..share_high.
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
        """Whether the interval holds what the model said."""
        return self.share_low <= self.said <= self.share_high


def reliability(probabilities: Float[np.ndarray, " n"], labels: Int[np.ndarray, " n"]) -> tuple[Bin, ...]:
    """The bins that hold records, by rising probability. labels: 1 for the positive class, 0 for the other."""
    number = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    found = []
    for k in np.unique(number).tolist():
        rows = number == k
        records, positive = int(rows.sum()), int(labels[rows].sum())
        low, high = wilson(positive, records)
        found.append(
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
    return tuple(found)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Mean |said - share|, weighted by records."""
    return sum(b.records * abs(b.said - b.share) for b in bins) / sum(b.records for b in bins)


def wilson(positive: int, records: int) -> tuple[float, float]:
    """Wilson's (1927) 95% interval of a share, `positive` of `records` >= 1: within 0 and 1, and honest near them."""
    interval = binomtest(positive, records).proportion_ci(confidence_level=0.95, method="wilson")
    return float(interval.low), float(interval.high)
