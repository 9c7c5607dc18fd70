"""How often something came out right, over documents that count alike, with an interval.

A document's own score lies in 0..1 (one comparison gives 0 or 1, several their mean), so the variance of the scores
is at most that of as many yes-or-no outcomes with the same mean. Wilson's interval, which is made for those, is
therefore never too narrow here, and stays within 0 and 1 where all scores are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64

from sitegen.analysis.attribution.occlusion import ZERO
from sitegen.corpus.arrays import Array

Z = 1.959963984540054  # of a normal distribution, 95% lie within this many standard deviations


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The mean score of `documents`, with its 95% interval."""

    documents: int
    value: float
    low: float
    high: float


def rate(scores: Float64[np.ndarray, " n"]) -> Rate:
    """Of n >= 1 documents' scores, each in 0..1."""
    n, mean = scores.size, float(scores.mean())
    middle = (mean + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * float(np.sqrt(max(mean * (1 - mean), 0.0) / n + Z**2 / (4 * n**2)))
    return Rate(documents=n, value=mean, low=max(middle - half, 0.0), high=min(middle + half, 1.0))


def rate_of_some(scores: Float64[np.ndarray, " n"], chosen: Bool[np.ndarray, " n"]) -> Rate | None:
    """Of the chosen documents; None where there are none."""
    return rate(scores[chosen]) if chosen.any() else None


def above(ones: Float64[np.ndarray, "m k"], others: Float64[np.ndarray, "m l"]) -> Float64[np.ndarray, " m"]:
    """For each of m measures, how often one of k values is larger than one of l others; equals count half.

    Values that differ by less than ZERO are equal: the rest is rounding of float32.
    """
    difference = ones[:, :, None] - others[:, None, :]
    shares: Array = ((difference >= ZERO) + 0.5 * (np.abs(difference) < ZERO)).mean(axis=(1, 2))
    return shares


def topmost(values: Float64[np.ndarray, "m n"], chosen: Bool[np.ndarray, " n"]) -> Float64[np.ndarray, " m"]:
    """For each of m measures, whether the largest of n values is one of the chosen; of equal ones, their share."""
    largest = values > values.max(axis=1, keepdims=True) - ZERO
    shares: Array = (largest & chosen).sum(axis=1) / largest.sum(axis=1)
    return shares
