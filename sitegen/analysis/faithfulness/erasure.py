"""Do the segments named important matter? A prediction as they are taken away, and as nothing else is kept.

m(x) is the probability of the class predicted for the whole record, at the site's threshold. Segments are ranked by
their signed leave-one-out effect toward that class, the strongest first: an *order*. Two *walks* follow it: down, with
the first k segments deleted; and up, with only the first k kept. Five metrics come of them:

*comprehensiveness*  mean over k of m(x) - m(without the first k): high where what was named important was needed.
*sufficiency*        mean over k of m(x) - m(only the first k): low where it was enough.
*deletion*           area under m along the walk down, over the fraction removed, both ends in, by the trapezoid rule:
                     low is good.
*insertion*          the same along the walk up, over the fraction kept: high is good.
*flip*               smallest fraction whose removal changes the class, 1 where none does (low is good), and the
                     share of records where one does.

Tokens are those of title and abstract together that the model reads; a token it skips cannot matter. Their k are
1, 5, 10, 20 and 50% of them, rounded up and at least 1, and the mean of the five is plain: so does the code of ERASER
(the formula in its paper has a sixth term, 0 for k = 0, and is 5/6 of this). Walks stop at these fractions, at 30% and
40%, and at what is left by each. Sentences are the abstract's, k = 1..n, and the title is kept. Fewer than two
segments have no order: such records are left out. Hidden text is treated as the site's baseline says.

No metric means much alone, so each stands beside the same metric for random orders: the mean over SHUFFLES orders a
record, of which the walk up is the walk down of the reverse, itself a random order (so the two random curves mirror
each other). For sentences, where n is at most `exact`, all 2^n subsets are known, and the best and worst order exactly
(see orders.py). For comprehensiveness and deletion the best order is the one whose walk has the lowest mean, for
sufficiency and insertion the one with the highest, read upwards: the best deletion is the worst insertion backwards.
Flips have optima of their own. These stand beside our value on the same records.

Encodings a record: tokens about 30 for our order and 14 for each random one; sentences 2^n, less 1 for the whole, or
without them 2n - 2 and n - 1 for each random order. Tables of subsets that are known already are taken as they are.

After DeYoung et al. (2020), "ERASER: A benchmark to evaluate rationalized NLP models"; Samek et al. (2017),
"Evaluating the visualization of what a deep neural network has learned"; Petsiuk, Das and Saenko (2018), "RISE".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sitegen.analysis.faithfulness.curves import METRICS, RecordMetrics
from sitegen.corpus.arrays import Array

SHUFFLES = 10  # random orders a record
EXACT = 10  # most sentences for which all subsets are read

SegmentKind = Literal["token", "sentence"]
ORDERS = ("value", "random", "best", "worst")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A metric's means over the records whose best and worst order are known: in our order, in random ones, and in
    those two."""

    records: int
    value: float
    random: float
    best: float
    worst: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricMean:
    """One metric, its mean over the records: value in our order, random in random ones.

    error: standard error over the records of value - random; None for a single record. bounds: None where no record
    has them.
    """

    records: int
    value: float
    random: float
    error: float | None
    bounds: Bounds | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveBounds:
    """The mean curves of our, the random, the best and the worst order, on the records where the last two are known; at
    the fractions of its Curve."""

    records: int
    value: tuple[float, ...]
    random: tuple[float, ...]
    best: tuple[float, ...]
    worst: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Mean probability of the predicted class at each fraction removed (deletion) or kept (insertion), to be drawn.

    A record's curve is straight between the fractions at which it was read. area: the mean of the records' own areas.
    """

    fractions: tuple[float, ...]
    value: tuple[float, ...]
    random: tuple[float, ...]
    area: MetricMean
    bounds: CurveBounds | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """How many segments must be removed until the predicted class changes. fraction: of the segments, 1 where it never
    changes; rate: share of the records where it changes."""

    fraction: MetricMean
    rate: MetricMean


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureMetrics:
    """All metrics for one kind of segment, which stored reports call its unit. records: those with at least two
    segments; segments: theirs, together."""

    unit: SegmentKind
    records: int
    segments: int
    comprehensiveness: MetricMean
    sufficiency: MetricMean
    deletion: Curve
    insertion: Curve
    flip: Flip


def mean_metrics(
    records: Sequence[RecordMetrics], *, unit: SegmentKind, segments: int, grid: Sequence[float]
) -> ErasureMetrics | None:
    """The means over records, None of none. segments: of all records together; grid: fractions of the curves."""
    if not records:
        return None
    means = _Means(records, grid=tuple(grid))
    return ErasureMetrics(
        unit=unit,
        records=len(records),
        segments=segments,
        comprehensiveness=means.metric("comprehensiveness"),
        sufficiency=means.metric("sufficiency"),
        deletion=means.curve("deletion"),
        insertion=means.curve("insertion"),
        flip=Flip(fraction=means.metric("flip"), rate=means.metric("rate")),
    )


class _Means:
    """Means over all records, and over those with bounds by themselves."""

    def __init__(self, records: Sequence[RecordMetrics], *, grid: tuple[float, ...]) -> None:
        self._records = records
        self._bounded = [record for record in records if record.best is not None]
        self._grid = grid

    def metric(self, name: str) -> MetricMean:
        k = METRICS.index(name)
        value, random = (_numbers(self._records, order)[:, k] for order in ("value", "random"))
        n = len(self._records)
        bounds = None
        if self._bounded:
            means = {order: float(_numbers(self._bounded, order)[:, k].mean()) for order in ORDERS}
            bounds = Bounds(records=len(self._bounded), **means)
        return MetricMean(
            records=n,
            value=float(value.mean()),
            random=float(random.mean()),
            error=float(np.std(value - random, ddof=1) / n**0.5) if n > 1 else None,
            bounds=bounds,
        )

    def curve(self, name: Literal["deletion", "insertion"]) -> Curve:
        k = ("deletion", "insertion").index(name)
        bounds = None
        if self._bounded:
            means = {order: _mean_curve(self._bounded, order, k) for order in ORDERS}
            bounds = CurveBounds(records=len(self._bounded), **means)
        return Curve(
            fractions=self._grid,
            value=_mean_curve(self._records, "value", k),
            random=_mean_curve(self._records, "random", k),
            area=self.metric(name),
            bounds=bounds,
        )


def _numbers(records: Sequence[RecordMetrics], order: str) -> Array:
    """(records, metrics)."""
    return np.stack([getattr(record, order).numbers for record in records])


def _mean_curve(records: Sequence[RecordMetrics], order: str, k: int) -> tuple[float, ...]:
    return tuple(np.mean([getattr(record, order).curves[k] for record in records], axis=0).tolist())
