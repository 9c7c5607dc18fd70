"""The three measures in readers' words, and how this page writes its numbers.

Rates and shares are percent, differences of probability are percentage points without the sign where the words around
them say which way. Charts and tables get the same texts as the sentences do, so one number has the same digits in all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sitegen.analysis.faithfulness.erasure import MetricMean
from sitegen.analysis.faithfulness.measures import LEAVE_ONE_OUT, READ_ALONE, SHARE
from sitegen.web.text.numbers import counted_share, points


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureName:
    """What one measure is called."""

    short: str  # in charts and tables
    phrase: str  # as the subject of a sentence
    asks: str  # the question it answers of a sentence
    term: str  # the field's word


NAMES = {
    SHARE: MeasureName(short="its share", phrase="a sentence's share", asks="what it did here", term="Shapley value"),
    READ_ALONE: MeasureName(
        short="alone", phrase="what it says alone", asks="what it says by itself", term="read alone"
    ),
    LEAVE_ONE_OUT: MeasureName(
        short="without it", phrase="leaving it out", asks="whether it was needed", term="leave-one-out"
    ),
}

RANDOM, BEST, WORST = "random", "best", "worst"
"""The orders that stand beside those of the measures."""


def rate_text(value: float) -> str:
    """How often something was so."""
    return counted_share(value)


def points_text(change: float) -> str:
    """A difference of probability in percentage points, without a plus."""
    return points(change).removeprefix("+")


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def orders(scored: MetricMean) -> dict[str, float]:
    """A metric in random, best and worst order, as far as they are known, by the order's name."""
    known = {RANDOM: scored.random, BEST: scored.best, WORST: scored.worst}
    return {name: value for name, value in known.items() if value is not None}
