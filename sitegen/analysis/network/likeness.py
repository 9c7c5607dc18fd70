"""Which units do the same: their likeness over the corpus, an order of them with a meaning, and few bands for many.

Two units of the top layer are alike where they write at the same words in the same direction: the likeness is the
correlation of their written evidence over all known words. Units below write nothing into the answer; theirs is the
correlation of the steps of their states.

*Voices.* With how many independent voices n units speak: the participation ratio of the covariance of their evidence,
(sum of eigenvalues)² / sum of squared eigenvalues. n where all are independent, 1 where all say the same.

*Order.* Within a direction, the leaves of a hierarchical clustering (Ward's, of 1 - correlation), turned so that
neighbours are as alike as can be (optimal leaf ordering; Bar-Joseph et al. 2001).

*Bands.* The same tree, cut: as few clusters as explain EXPLAINED of the variance of what single units write when each
is replaced by its regression on the sum of its band, and no more than BANDS, which is what a screen holds. A band's
evidence is the sum of its units', so nothing of the answer is lost with few bands; what is lost is who wrote it.
Clusters were taken and not non-negative factors of the split signs, since they are stabler: on the demo's abstracts,
forward, four to twenty factors agreed to .80 to .88 (mean cosine, matched) between random starts and to .75 to .99
between halves of the corpus; clusters have no random start, and agreed to .99 between halves.

Notation: K directions, H units of each, KH = K·H.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage
from scipy.spatial.distance import squareform

from sitegen.analysis.network.report import NetworkReport
from sitegen.analysis.network.written import FIELDS, Field, Inside, decoded, written
from sitegen.corpus.arrays import Array, read_only

EXPLAINED = 0.9
BANDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The units of one direction of one layer and field.

    order (H,): their numbers, neighbours alike. bands: their numbers in bands that follow that order. explained: the
    share of variance that the bands keep. voices: the participation ratio.
    """

    order: tuple[int, ...]
    bands: tuple[tuple[int, ...], ...]
    explained: float
    voices: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """One layer of one field. correlation (KH, KH): of its units, both directions counted through. blocks: by
    direction, forward first."""

    correlation: Array
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "correlation", read_only(self.correlation, np.float32, (-1, -1)))


def likeness(report: NetworkReport, insides: Callable[[int], Iterable[Inside]]) -> dict[Field, tuple[Likeness, ...]]:
    """By field and layer. insides: of a layer, what it looks like inside the papers whose states are kept."""
    network = report.network
    results: dict[Field, list[Likeness]] = {field: [] for field in FIELDS}
    for layer in range(network.layers):
        sums = {field: _Sums(network.directions * network.hidden) for field in FIELDS}
        top = layer == network.layers - 1
        for inside in insides(layer):
            for field in FIELDS:
                states = decoded(inside.of(field).states)
                slopes = report.of(field).slopes if top else np.ones(states.shape[1:])
                sums[field].add(written(states, slopes, last_step=top and network.last_step))
        for field in FIELDS:
            results[field].append(_likeness(sums[field], network.directions))
    return {field: tuple(of_field) for field, of_field in results.items()}


class _Sums:
    """The covariance of numbers of units, added up word by word."""

    def __init__(self, units: int) -> None:
        self._words = 0
        self._total = np.zeros(units)
        self._products = np.zeros((units, units))

    def add(self, values: Float64[np.ndarray, "m K H"]) -> None:
        rows = values.reshape(len(values), -1)
        self._words += len(rows)
        self._total += rows.sum(axis=0)
        self._products += rows.T @ rows

    @property
    def covariance(self) -> Float64[np.ndarray, "KH KH"]:
        mean = self._total / max(self._words, 1)
        covariance: Array = self._products / max(self._words, 1) - np.outer(mean, mean)
        return covariance


def _likeness(sums: _Sums, directions: int) -> Likeness:
    covariance = sums.covariance
    correlation = _correlation(covariance)
    hidden = len(covariance) // directions
    parts = [slice(hidden * direction, hidden * (direction + 1)) for direction in range(directions)]
    return Likeness(
        correlation=correlation,
        blocks=tuple(block(covariance[part, part]) for part in parts),
    )


def block(covariance: Float64[np.ndarray, "H H"]) -> Block:
    """Order, bands and voices of units whose evidence has this covariance."""
    count = len(covariance)
    squares = float(np.square(covariance).sum())
    voices = float(np.trace(covariance)) ** 2 / squares if squares else 0.0
    if count == 1:
        return Block(order=(0,), bands=((0,),), explained=1.0, voices=voices)
    apart = np.clip(1.0 - _correlation(covariance), 0.0, 2.0)
    tree = linkage(squareform(apart, checks=False), "ward", optimal_ordering=True)
    order = leaves_list(tree)
    for most in range(1, min(BANDS, count) + 1):
        cluster = fcluster(tree, most, "maxclust")
        explained = _explained(covariance, cluster)
        if explained >= EXPLAINED:
            break
    starts = np.flatnonzero(np.diff(cluster[order], prepend=-1))
    return Block(
        order=tuple(order.tolist()),
        bands=tuple(tuple(band.tolist()) for band in np.split(order, starts[1:])),
        explained=explained,
        voices=voices,
    )


def _correlation(covariance: Float64[np.ndarray, "H H"]) -> Float64[np.ndarray, "H H"]:
    """Of units that always write the same, or nothing, 0 with all others."""
    spread = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    still = spread < 1e-12
    scale = np.where(still, 1.0, spread)
    correlation: Array = np.clip(covariance / np.outer(scale, scale), -1.0, 1.0)
    correlation[still] = correlation[:, still] = 0.0
    np.fill_diagonal(correlation, 1.0)
    return correlation


def _explained(covariance: Float64[np.ndarray, "H H"], cluster: Array) -> float:
    """The share of variance kept where each unit is replaced by its regression on the sum of its cluster."""
    kept = 0.0
    for number in np.unique(cluster):
        within = covariance[np.ix_(cluster == number, cluster == number)]
        of_sum = float(within.sum())
        if of_sum > 0:
            kept += float(np.square(within.sum(axis=1)).sum()) / of_sum
    total = float(np.trace(covariance))
    return kept / total if total > 0 else 1.0
