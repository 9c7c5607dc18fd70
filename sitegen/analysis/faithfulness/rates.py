"""How often something came out right, over documents that count alike, with an interval.

A document's own score lies in 0..1 (one comparison gives 0 or 1, several their mean), so the variance of the scores
is at most that of as many yes-or-no outcomes with the same mean. Wilson's interval, which is made for those, is
therefore never too narrow here, and stays within 0 and 1 where all scores are the same.

Documents that are made of the same sentences again and again are worth fewer than they are. If no more than `disjoint`
documents could be made without using a sentence twice, the mean of n drawn at random is worth that of `effective`
independent ones at least: the variance of a U-statistic is at most that of the mean of its disjoint terms (Hoeffding
1948), to which the drawing of n terms adds its own.
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


def effective(documents: int, disjoint: int) -> float:
    """As how many independent documents these count."""
    return 1 / (1 / documents + 1 / disjoint)


def rate(scores: Float64[np.ndarray, " _"], *, disjoint: int | None = None) -> Rate:
    """Of documents' scores, at least one, each in 0..1. disjoint: see above; None for documents that share nothing."""
    mean = float(scores.mean())
    n = scores.size if disjoint is None else effective(scores.size, disjoint)
    middle = (mean + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * float(np.sqrt(max(mean * (1 - mean), 0.0) / n + Z**2 / (4 * n**2)))
    return Rate(documents=scores.size, value=mean, low=max(middle - half, 0.0), high=min(middle + half, 1.0))


def rate_of_some(
    scores: Float64[np.ndarray, " n"], chosen: Bool[np.ndarray, " n"], *, disjoint: int | None = None
) -> Rate | None:
    """Of the chosen documents; None where there are none."""
    return rate(scores[chosen], disjoint=disjoint) if chosen.any() else None


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
