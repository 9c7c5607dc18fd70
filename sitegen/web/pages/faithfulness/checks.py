"""The rules by which a figure of faithfulness holds, holds in part, or does not: no verdict is written by hand.

A figure compares our order of segments with random orders, and where they are known with the best and the worst. It is
*clear* where our order is better than random by more than two standard errors of that difference over the papers. It
is *near* where our order covers at least half of the way from random to the best possible. A figure holds if it is
clear and, where a best is known, near; it holds in part if it is clear alone.

A question that rests on several figures holds if all of them do, and does not if none is even clear; else in part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sitegen.analysis.faithfulness.erasure import MetricMean
from sitegen.analysis.faithfulness.pointing import Pointing
from sitegen.analysis.faithfulness.randomised import Randomised
from sitegen.analysis.faithfulness.report import Faithfulness
from sitegen.web.components import Finding, Values

ERRORS = 2.0  # standard errors by which a figure must beat random
NEAR = 0.5  # of the way from random to the best
GOOD_HITS = 0.8  # of the hybrids


QUESTIONS = {
    "sentences": "Do the sentences matter that are named important?",
    "tokens": "Do the words matter that are named important?",
    "flips": "How much must go before the model changes its mind?",
    "pointing": "Does the strongest sentence come from the right place?",
    "randomised": "Do the effects show the model, or only the text?",
}


class Outcome(Enum):
    """The result of a check; the values begin a sentence that says so."""

    HOLDS = "Yes"
    IN_PART = "In part"
    FAILS = "No"
    UNKNOWN = "Not known"

    @property
    def key(self) -> str:
        """A name for style sheets."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A further chart of a check."""

    key: str  # names its place on the page
    caption: str  # what it shows
    chart: dict[str, Any]  # the Vega-Lite specification
    values: Values  # its numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question with its outcome."""

    finding: Finding  # the question, its answer and its chart
    outcome: Outcome
    pictures: tuple[Picture, ...] = ()  # the charts beyond the finding's own


def missing(result: Faithfulness, key: str, suffix: str, *, needs: str) -> Check:
    """The check that stands for one which was not made, with the reason. needs: of the result, what it would need."""
    reason = result.reasons.get(needs, "This check was not made.")
    finding = Finding(key=key + suffix, question=QUESTIONS[key], answer=(f"{Outcome.UNKNOWN.value}. {reason}",))
    return Check(finding=finding, outcome=Outcome.UNKNOWN)


def figure(scored: MetricMean, *, high: bool) -> Outcome:
    """Whether a figure is better than random and near the best. high: whether high values are good."""
    if scored.error is None:
        return Outcome.UNKNOWN
    gain = (scored.value - scored.random) if high else (scored.random - scored.value)
    if gain <= ERRORS * scored.error:
        return Outcome.FAILS
    way = way_to_best(scored)
    return Outcome.HOLDS if way is None or way >= NEAR else Outcome.IN_PART


def way_to_best(scored: MetricMean) -> float | None:
    """How much of the way from random to the best our order covers, 1 for all; None where no best is known, or random
    is as good."""
    bounds = scored.bounds
    if bounds is None or abs(bounds.best - bounds.random) < 1e-9:
        return None
    return (bounds.value - bounds.random) / (bounds.best - bounds.random)


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome of a question on which several figures bear; those not known do not count."""
    known = [outcome for outcome in outcomes if outcome is not Outcome.UNKNOWN]
    if not known:
        return Outcome.UNKNOWN
    if all(outcome is Outcome.HOLDS for outcome in known):
        return Outcome.HOLDS
    return Outcome.FAILS if all(outcome is Outcome.FAILS for outcome in known) else Outcome.IN_PART


def pointing_outcome(pointing: Pointing) -> Outcome:
    """The outcome for leave-one-out: better than chance by its interval, and right in GOOD_HITS of the hybrids."""
    hits = pointing.leave_one_out
    if hits.low <= pointing.chance:
        return Outcome.FAILS
    return Outcome.HOLDS if hits.rate >= GOOD_HITS else Outcome.IN_PART


def randomised_outcome(randomised: Randomised) -> Outcome:
    """Whether models that learned nothing rank the sentences otherwise: in part, if they do among sentences that stand
    at the same distance from an end of their abstract."""
    if randomised.passes:
        return Outcome.HOLDS
    partial = randomised.partial
    return Outcome.IN_PART if partial is not None and abs(partial) <= randomised.limit else Outcome.FAILS


def headline(outcomes: Sequence[Outcome]) -> str:
    """The answer to "do these pictures tell the truth?" from the outcomes of all questions."""
    known = [outcome for outcome in outcomes if outcome is not Outcome.UNKNOWN]
    holds, part, fails = (known.count(kind) for kind in (Outcome.HOLDS, Outcome.IN_PART, Outcome.FAILS))
    if not known:
        return "That is not known: none of the checks could be made."
    if holds == len(known):
        return f"Yes, as far as checks can tell: {'the one that was made' if holds == 1 else f'all {holds}'} held."
    partly = (f", {part} in part" if part else "") + (f", {fails} did not" if fails else "")
    if 2 * holds > len(known):
        return f"Mostly: {holds} of {len(known)} checks held{partly}."
    if holds or part:
        return f"Only in part: {holds} of {len(known)} checks held{partly}."
    return f"No: none of {len(known)} checks held."
