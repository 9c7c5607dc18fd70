"""What becomes of a prediction as the segments named important are taken away, or are all that is kept.

m(x) is the probability of the class predicted for the whole record. Segments are ranked by their signed
leave-one-out effect toward that class, the strongest first: an order. Two *walks* follow it: down, the first k
segments deleted; and up, only the first k kept. Five figures are read off the walks:

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
segments have no order: such records are left out. The rest is re-joined (baseline "deleted").

No figure means much alone, so each has the same figure for random orders beside it: the mean over SHUFFLES orders a
record, of which the walk up is the walk down of the reverse, itself a random order. For sentences, where n is at
most `exact`, all 2^n subsets are known, and the best and worst order exactly (see orders.py). For comprehensiveness
and deletion the best order is the one whose walk has the lowest mean, for sufficiency and insertion the one with the
highest, read upwards; flips have optima of their own. These stand beside our value on the same records.

Encodings a record: tokens about 30 for our order and 14 for each random one; sentences 2^n, less 1 for the whole, or
without them 2n - 2 and n - 1 for each random order. Tables of subsets made elsewhere are taken as they are.

After DeYoung et al. (2020), "ERASER: A benchmark to evaluate rationalized NLP models"; Samek et al. (2017),
"Evaluating the visualization of what a deep neural network has learned"; Petsiuk, Das and Saenko (2018), "RISE".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SHUFFLES = 10  # random orders a record
EXACT = 10  # most sentences for which all subsets are read

Unit = Literal["token", "sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A figure on the records whose best and worst order are known: ours, the random, the best, the worst."""

    records: int
    value: float
    random: float
    best: float
    worst: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One figure, a mean over records: in our order, and in random ones.

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
    """A mean curve on the records whose best and worst order are known, at the fractions of its Curve."""

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
    area: Scored
    bounds: CurveBounds | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """fraction: how much must be removed until the class changes, 1 for never; rate: share of records where it does."""

    fraction: Scored
    rate: Scored


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFaithfulness:
    """All figures for one kind of segment. records: those with at least two segments; segments: theirs, together."""

    unit: Unit
    records: int
    segments: int
    comprehensiveness: Scored
    sufficiency: Scored
    deletion: Curve
    insertion: Curve
    flip: Flip
