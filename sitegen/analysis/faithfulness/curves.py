"""The walks along one record's orders, and the figures read off them.

A walk along an order deletes its first k segments, for k = 0..n or some of them: `counts`, from 0 to n, symmetrical
(with each k also n - k). So the walk of an order, read backwards, keeps the first segments of the reverse order, and
one list of margins is a deletion and an insertion. Which figures, and why, is said in erasure.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int

from sitegen.analysis.faithfulness.orders import extreme_order, flip_bounds, walk
from sitegen.corpus.arrays import Array
from sitegen.models.protocol import probability

Counts = Int[np.ndarray, " c"]
Walk = Float64[np.ndarray, " c"]  # margins with counts[j] segments removed, or kept

FIGURES = ("comprehensiveness", "sufficiency", "deletion", "insertion", "flip", "rate")
FLIP, RATE = FIGURES.index("flip"), FIGURES.index("rate")


class Reading(NamedTuple):
    """What a pair of walks comes to: numbers (6,) in the order of FIGURES, curves (2, G) deletion and insertion."""

    numbers: Array
    curves: Array


class Row(NamedTuple):
    """One record: in our order, in random orders (their mean), and where they are known in the best and the worst."""

    value: Reading
    random: Reading
    best: Reading | None
    worst: Reading | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """Where a record's walks stop and how they are measured.

    counts: numbers of segments removed, (c,), ascending from 0 to n, symmetrical. depths: those of them that
    comprehensiveness and sufficiency average, some perhaps twice. grid: (G,) fractions at which curves are drawn.
    """

    counts: Array
    depths: Array
    grid: Array

    def read(self, down: Walk, up: Walk, *, positive: bool) -> Reading:
        """The figures of a walk down (counts[j] removed) and a walk up (counts[j] kept)."""
        sign = 1.0 if positive else -1.0
        removed, kept = probability(sign * down), probability(sign * up)
        fractions = self.counts / self.counts[-1]
        at = np.searchsorted(self.counts, self.depths)
        changed = (down >= 0) != positive
        numbers = [
            np.mean(removed[0] - removed[at]),
            np.mean(removed[0] - kept[at]),
            _area(fractions, removed),
            _area(fractions, kept),
            fractions[np.argmax(changed)] if changed.any() else 1.0,
            float(changed.any()),
        ]
        curves = [np.interp(self.grid, fractions, removed), np.interp(self.grid, fractions, kept)]
        return Reading(np.array(numbers), np.array(curves))

    def row(self, walks: Sequence[Walk], *, positive: bool) -> Row:
        """A record's row from walks along our order, along its reverse, and along random orders."""
        ours, reverse, *others = walks
        random = [self.read(other, other[::-1], positive=positive) for other in others]
        return Row(
            value=self.read(ours, reverse[::-1], positive=positive),
            random=Reading(np.mean([r.numbers for r in random], axis=0), np.mean([r.curves for r in random], axis=0)),
            best=None,
            worst=None,
        )

    def bounded_row(
        self, table: Float64[np.ndarray, " subsets"], orders: Int[np.ndarray, "m n"], *, positive: bool
    ) -> Row:
        """The same from the margins of all subsets, where every count 0..n is a stop; with the best and the worst."""
        towards = probability(table if positive else -table)
        low, high = (table[walk(extreme_order(towards, largest=largest))] for largest in (False, True))
        earliest, latest = flip_bounds((table >= 0) != positive)
        return self.row([table[walk(order)] for order in orders], positive=positive)._replace(
            best=_with_flip(self.read(low, high[::-1], positive=positive), earliest, of=orders.shape[1]),
            worst=_with_flip(self.read(high, low[::-1], positive=positive), latest, of=orders.shape[1]),
        )


def kept_masks(orders: Int[np.ndarray, "m n"], counts: Counts) -> Bool[np.ndarray, "mc n"]:
    """What the walks along m orders keep at their c stops: m·c masks, order by order."""
    places = np.argsort(orders, axis=1)
    masks: Array = (places[:, None, :] >= counts[None, :, None]).reshape(-1, orders.shape[1])
    return masks


def _with_flip(reading: Reading, removals: int | None, *, of: int) -> Reading:
    numbers = reading.numbers.copy()
    numbers[FLIP], numbers[RATE] = (1.0, 0.0) if removals is None else (removals / of, 1.0)
    return reading._replace(numbers=numbers)


def _area(x: Walk, y: Walk) -> float:
    """By the trapezoid rule."""
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))
