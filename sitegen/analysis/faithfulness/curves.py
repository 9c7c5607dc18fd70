"""One record walked along its orders, and the metrics that come of it.

A walk along an order deletes its first k segments, for k = 0..n or some of them: `counts`, from 0 to n, symmetrical
(with each k also n - k). So the walk of an order, read backwards, keeps the first segments of the reverse order, and
one list of margins is a deletion and an insertion. Which metrics, and why these, is said in erasure.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int

from sitegen.analysis.faithfulness.orders import extreme_order, flip_bounds, walk
from sitegen.corpus.arrays import Array
from sitegen.models.probabilities import predicted, probability

Counts = Int[np.ndarray, " c"]
Walk = Float64[np.ndarray, " c"]  # margins with counts[j] segments removed, or kept

METRICS = ("comprehensiveness", "sufficiency", "deletion", "insertion", "flip", "rate")
FLIP, RATE = METRICS.index("flip"), METRICS.index("rate")


class WalkMetrics(NamedTuple):
    """Of one order: numbers (6,) in the order of METRICS, curves (2, G), deletion and insertion."""

    numbers: Array
    curves: Array


class RecordMetrics(NamedTuple):
    """Of one record: values in the order of each measure, random in random orders (their mean), and in the best and the
    worst order where those are known."""

    values: tuple[WalkMetrics, ...]
    random: WalkMetrics
    best: WalkMetrics | None
    worst: WalkMetrics | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkPlan:
    """Where a record's walks stop, and which answer is followed along them.

    explained: the class predicted for the whole record, 1 positive, 0 negative; threshold: from which probability on a
    text is predicted positive. counts: numbers of segments removed, (c,), ascending from 0 to n, symmetrical. depths:
    those of them that comprehensiveness and sufficiency average, some perhaps twice. grid: (G,) fractions at which
    curves are drawn.
    """

    explained: int
    threshold: float
    counts: Array
    depths: Array
    grid: Array

    def metrics(self, down: Walk, up: Walk) -> WalkMetrics:
        """The metrics of a walk down (counts[j] removed) and a walk up (counts[j] kept)."""
        removed, kept = self._toward(down), self._toward(up)
        fractions = self.counts / self.counts[-1]
        at = np.searchsorted(self.counts, self.depths)
        changed = self._changed(down)
        numbers = [
            np.mean(removed[0] - removed[at]),
            np.mean(removed[0] - kept[at]),
            _area(fractions, removed),
            _area(fractions, kept),
            fractions[np.argmax(changed)] if changed.any() else 1.0,
            float(changed.any()),
        ]
        curves = [np.interp(self.grid, fractions, removed), np.interp(self.grid, fractions, kept)]
        return WalkMetrics(np.array(numbers), np.array(curves))

    def record(self, walks: Sequence[Walk], *, measures: int) -> RecordMetrics:
        """A record's metrics from walks along the order of each measure and along its reverse, in turn, and then along
        random orders."""
        ours, reverse, random = walks[: 2 * measures : 2], walks[1 : 2 * measures : 2], walks[2 * measures :]
        tried = [self.metrics(other, other[::-1]) for other in random]
        return RecordMetrics(
            values=tuple(self.metrics(down, up[::-1]) for down, up in zip(ours, reverse, strict=True)),
            random=WalkMetrics(
                np.mean([one.numbers for one in tried], axis=0), np.mean([one.curves for one in tried], axis=0)
            ),
            best=None,
            worst=None,
        )

    def record_with_bounds(
        self, table: Float64[np.ndarray, " subsets"], orders: Int[np.ndarray, "m n"], *, measures: int
    ) -> RecordMetrics:
        """A record's row from the margins of all its subsets, so that every count 0..n is a stop and the best and the
        worst order are known."""
        toward = self._toward(table)
        low, high = (table[walk(extreme_order(toward, largest=largest))] for largest in (False, True))
        earliest, latest = flip_bounds(self._changed(table))
        n = orders.shape[1]
        return self.record([table[walk(order)] for order in orders], measures=measures)._replace(
            best=_with_flip(self.metrics(low, high[::-1]), earliest, of=n),
            worst=_with_flip(self.metrics(high, low[::-1]), latest, of=n),
        )

    def _toward(self, margins: Float64[np.ndarray, " _"]) -> Float64[np.ndarray, " _"]:
        """The probability of the explained class."""
        toward: Array = probability(margins if self.explained else -margins)
        return toward

    def _changed(self, margins: Float64[np.ndarray, " _"]) -> Bool[np.ndarray, " _"]:
        """Where another class than the explained one is predicted."""
        changed: Array = predicted(margins, self.threshold) != self.explained
        return changed


def kept_masks(orders: Int[np.ndarray, "m n"], counts: Counts) -> Bool[np.ndarray, "mc n"]:
    """Which segments the walks along m orders keep at their c stops: m·c masks, order by order."""
    places = np.argsort(orders, axis=1)
    masks: Array = (places[:, None, :] >= counts[None, :, None]).reshape(-1, orders.shape[1])
    return masks


def _with_flip(metrics: WalkMetrics, removals: int | None, *, of: int) -> WalkMetrics:
    """The same with another flip: after how many of `of` removals the class changes, None for never."""
    numbers = metrics.numbers.copy()
    numbers[FLIP], numbers[RATE] = (1.0, 0.0) if removals is None else (removals / of, 1.0)
    return metrics._replace(numbers=numbers)


def _area(x: Walk, y: Walk) -> float:
    """By the trapezoid rule."""
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))
