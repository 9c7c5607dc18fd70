"""Lengths of sentences in bins, so that a long sentence is compared with long ones.

A long sentence moves a margin further than a short one, whatever it says. So sentences fall into (up to) five bins of
about equal size by their tokens. Sizes of effects within one record are made comparable by `scale`:

    s(bin) = median |D - median D| over the sentences of the bin,

the median absolute deviation. It has no factor that would make it a standard deviation, since nothing here is taken
to be normal; and a few strong sentences, which are what we look for, do not move it. A bin more than half of whose
sentences have one effect (no word known, say) has no spread of its own and takes that of all lengths.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, Float64, Int, Int32

from sitegen.analysis.attribution.occlusion import ZERO
from sitegen.corpus.arrays import Array

BINS = 5


def length_edges(length: Int[np.ndarray, " M"]) -> Int32[np.ndarray, " edges"]:
    """The least length, in tokens, of every bin but the first, ascending: the fifths of `length`.

    Fewer than four where many sentences are of one length; none where all are, or where there are no sentences.
    """
    if not length.size:
        return np.zeros(0, dtype=np.int32)
    shares = np.arange(1, BINS) / BINS
    edges = np.unique(np.quantile(length, shares, method="inverted_cdf"))
    above: Array = edges[edges > length.min()].astype(np.int32)
    return above


def bins(length: Int[np.ndarray, " M"], edges: Int[np.ndarray, " edges"]) -> Int32[np.ndarray, " M"]:
    """The number of each sentence's bin, from 0 (shortest) to the number of edges."""
    return np.searchsorted(edges, length, side="right").astype(np.int32)


def spreads(
    effect: Float[np.ndarray, " M"], bin: Int[np.ndarray, " M"], *, count: int
) -> Float64[np.ndarray, " {count}"]:
    """The spread s of the effects in each of `count` length bins, in the unit of `effect`; at least ZERO.

    A bin without spread, or without sentences, takes that of all the sentences. Where more than half of those have
    one effect, too, it is their mean absolute deviation; and 1 where all have.
    """
    whole = _deviation(effect, np.median)
    if whole < ZERO:
        whole = _deviation(effect, np.mean)
    if whole < ZERO:
        whole = 1.0
    found = [_deviation(effect[bin == b], np.median) for b in range(count)]
    return np.array([s if s >= ZERO else whole for s in found], dtype=np.float64)


def scale(
    effect: Float[np.ndarray, " M"], length: Int[np.ndarray, " M"], edges: Int[np.ndarray, " edges"]
) -> Float64[np.ndarray, " M"]:
    """D / s(length): effects divided by the spread of effects of sentences as long, so that length alone makes none
    larger. s is estimated from these same effects; the result has no unit."""
    bin = bins(length, edges)
    scaled: Array = effect / spreads(effect, bin, count=edges.size + 1)[bin]
    return scaled


def _deviation(values: Float[np.ndarray, " n"], average: Callable[[Array], Any]) -> float:
    """The median or mean absolute deviation from the median; 0 for no values."""
    return float(average(np.abs(values - np.median(values)))) if values.size else 0.0
