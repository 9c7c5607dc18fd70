"""Do the segments named important matter? A prediction as they are taken away, and as nothing else is kept.

m(x) is the probability of the class predicted for the whole record, at the site's threshold. Segments are ranked by
their signed value toward that class, the strongest first, by each measure: an *order*. Two *walks* follow it: down,
with the first k segments deleted; and up, with only the first k kept. Five metrics come of them:

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
Flips have optima of their own.

All numbers of one result are of the same records: those whose best and worst order are known, where they are at least
half of those that have an order; else all, and no best and worst.

Encodings a record: tokens about 30 for each measure's order and 14 for each random one; sentences 2^n, less 1 for the
whole, or without them 2n - 2 for each measure and n - 1 for each random order. Tables of subsets that are known already
are taken as they are.

After DeYoung et al. (2020), "ERASER: A benchmark to evaluate rationalized NLP models"; Samek et al. (2017),
"Evaluating the visualization of what a deep neural network has learned"; Petsiuk, Das and Saenko (2018), "RISE".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sitegen.analysis.faithfulness.curves import METRICS, RecordMetrics, WalkMetrics
from sitegen.corpus.arrays import Array

SHUFFLES = 10  # random orders a record
EXACT = 10  # most sentences for which all subsets are read

SegmentKind = Literal["token", "sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMean:
    """One metric's mean in the order of one measure. error: standard error over the records of value - random; None
    for a single record."""

    measure: str
    value: float
    error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricMean:
    """One metric, its mean over the records: by each measure's order, in random orders, and in the best and the worst
    order where those are known of all records."""

    by_measure: tuple[OrderMean, ...]
    random: float
    best: float | None
    worst: float | None

    def of(self, measure: str) -> OrderMean:
        """That of one measure, which must be among them."""
        return next(one for one in self.by_measure if one.measure == measure)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCurve:
    """A curve's values in the order of one measure."""

    measure: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Mean probability of the predicted class at each fraction removed (deletion) or kept (insertion), to be drawn.

    A record's curve is straight between the fractions at which it was read. area: the mean of the records' own areas.
    """

    fractions: tuple[float, ...]
    by_measure: tuple[OrderCurve, ...]
    random: tuple[float, ...]
    best: tuple[float, ...] | None
    worst: tuple[float, ...] | None
    area: MetricMean


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """How many segments must be removed until the predicted class changes. fraction: of the segments, 1 where it never
    changes; rate: share of the records where it changes."""

    fraction: MetricMean
    rate: MetricMean


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureMetrics:
    """All metrics for one kind of segment, which stored reports call its unit.

    records: those measured; segments: theirs, together. left_out: records that have an order but more segments than all
    of whose orders can be known. measures: whose orders were followed.
    """

    unit: SegmentKind
    records: int
    left_out: int
    segments: int
    measures: tuple[str, ...]
    comprehensiveness: MetricMean
    sufficiency: MetricMean
    deletion: Curve
    insertion: Curve
    flip: Flip


def mean_metrics(
    records: Sequence[RecordMetrics],
    *,
    unit: SegmentKind,
    measures: Sequence[str],
    segments: int,
    left_out: int,
    grid: Sequence[float],
) -> ErasureMetrics | None:
    """The means over records, None of none. Either all records have bounds or none has. segments: of all records
    together; grid: fractions of the curves."""
    if not records:
        return None
    means = _Means(records, measures=measures, grid=tuple(grid))
    return ErasureMetrics(
        unit=unit,
        records=len(records),
        left_out=left_out,
        segments=segments,
        measures=tuple(measures),
        comprehensiveness=means.metric("comprehensiveness"),
        sufficiency=means.metric("sufficiency"),
        deletion=means.curve("deletion"),
        insertion=means.curve("insertion"),
        flip=Flip(fraction=means.metric("flip"), rate=means.metric("rate")),
    )


class _Means:
    """Means over the records: of each measure's order, of random ones, and of the best and the worst where known."""

    def __init__(self, records: Sequence[RecordMetrics], *, measures: Sequence[str], grid: tuple[float, ...]) -> None:
        self._measures, self._grid = measures, grid
        self._values = [[record.values[m] for record in records] for m in range(len(measures))]
        self._random = [record.random for record in records]
        bounds = [(record.best, record.worst) for record in records]
        self._best = [best for best, _ in bounds if best is not None]
        self._worst = [worst for _, worst in bounds if worst is not None]

    def metric(self, name: str) -> MetricMean:
        k = METRICS.index(name)

        def numbers(metrics: Sequence[WalkMetrics]) -> Array:
            return np.array([one.numbers[k] for one in metrics])

        random = numbers(self._random)
        return MetricMean(
            by_measure=tuple(
                _order_mean(measure, numbers(values), random)
                for measure, values in zip(self._measures, self._values, strict=True)
            ),
            random=float(random.mean()),
            best=float(numbers(self._best).mean()) if self._best else None,
            worst=float(numbers(self._worst).mean()) if self._worst else None,
        )

    def curve(self, name: Literal["deletion", "insertion"]) -> Curve:
        k = ("deletion", "insertion").index(name)

        def mean(metrics: Sequence[WalkMetrics]) -> tuple[float, ...]:
            return tuple(np.mean([one.curves[k] for one in metrics], axis=0).tolist())

        return Curve(
            fractions=self._grid,
            by_measure=tuple(
                OrderCurve(measure=measure, values=mean(values))
                for measure, values in zip(self._measures, self._values, strict=True)
            ),
            random=mean(self._random),
            best=mean(self._best) if self._best else None,
            worst=mean(self._worst) if self._worst else None,
            area=self.metric(name),
        )


def _order_mean(measure: str, values: Array, random: Array) -> OrderMean:
    n = values.size
    error = float(np.std(values - random, ddof=1) / n**0.5) if n > 1 else None
    return OrderMean(measure=measure, value=float(values.mean()), error=error)
