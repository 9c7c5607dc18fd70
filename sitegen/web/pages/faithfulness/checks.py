"""The rules by which a figure of faithfulness holds, holds in part, or does not: no verdict is written by hand.

The verdict of a check is that of the measure which the pages lead with: the share of sentences, and leave-one-out of
words, which have no share. The others stand beside it.

A figure of taking out compares an order of segments with random orders, and where they are known with the best and the
worst. It is *clear* where the order is better than random by more than two standard errors of that difference over the
papers. It is *near* where it covers at least half of the way from random to the best possible. A figure holds if it is
clear and, where a best is known, near; it holds in part if it is clear alone.

A question that rests on several figures holds if all of them do, and does not if none is even clear; else in part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sitegen.analysis.faithfulness.erasure import MetricMean
from sitegen.analysis.faithfulness.hybrids import Hybrids
from sitegen.analysis.faithfulness.measures import LEAVE_ONE_OUT, MEASURES, SHARE
from sitegen.analysis.faithfulness.planted import Planted
from sitegen.analysis.faithfulness.randomised import Agreement
from sitegen.analysis.faithfulness.rates import Rate
from sitegen.analysis.faithfulness.report import Faithfulness
from sitegen.web.components import Finding, Values
from sitegen.web.text.nouns import PAPERS, Nouns

ERRORS = 2.0  # standard errors by which a figure must beat random
NEAR = 0.5  # of the way from random to the best
GOOD_RATE = 0.75  # halfway from guessing to always right
CHANCE = 0.5  # of a comparison of two
LEADS, LEADS_OF_WORDS = SHARE, LEAVE_ONE_OUT  # the measures that the pages lead with


QUESTIONS = {
    "hybrids": "Can it tell which class a sentence comes from?",
    "planted": "Does it notice a sentence that says nothing?",
    "sentences": "Do the strongest sentences really matter?",
    "tokens": "Do the strongest words really matter?",
    "flips": "How much must be taken out before the model changes its mind?",
    "randomised": "Would a model that learned nothing show the same?",
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
    short: str  # the answer in a few words
    pictures: tuple[Picture, ...] = ()  # the charts beyond the finding's own


def missing(result: Faithfulness, key: str, suffix: str, *, needs: str, nouns: Nouns = PAPERS) -> Check:
    """The check that stands for one which was not made, with the reason. needs: of the result, what it would need."""
    reason = nouns.say(result.reasons.get(needs, "This check was not made."))
    finding = Finding(key=key + suffix, question=QUESTIONS[key], answer=(f"{Outcome.UNKNOWN.value}. {reason}",))
    return Check(finding=finding, outcome=Outcome.UNKNOWN, short=f"{Outcome.UNKNOWN.value}. {reason}")


def figure(scored: MetricMean, measure: str, *, high: bool) -> Outcome:
    """Whether a figure in one measure's order is better than random and near the best. high: whether high values are
    good."""
    ours = scored.of(measure)
    if ours.error is None:
        return Outcome.UNKNOWN
    gain = (ours.value - scored.random) if high else (scored.random - ours.value)
    if gain <= ERRORS * ours.error:
        return Outcome.FAILS
    way = way_to_best(scored, measure)
    return Outcome.HOLDS if way is None or way >= NEAR else Outcome.IN_PART


def way_to_best(scored: MetricMean, measure: str) -> float | None:
    """How much of the way from random to the best one measure's order covers, 1 for all; None where no best is known,
    or random is as good."""
    if scored.best is None or abs(scored.best - scored.random) < 1e-9:
        return None
    return (scored.of(measure).value - scored.random) / (scored.best - scored.random)


def rates_outcome(rates: Iterable[tuple[Rate, float]]) -> Outcome:
    """The outcome of rates, each beside that of guessing: one holds if it is better than guessing by its interval, and
    at least GOOD_RATE."""
    return together(
        Outcome.FAILS if rate.low <= chance else Outcome.HOLDS if rate.value >= GOOD_RATE else Outcome.IN_PART
        for rate, chance in rates
    )


def hybrids_outcome(mixed: Hybrids) -> Outcome:
    """Whether the leading measure knows the class of a sentence, and points at the right one."""
    ours = mixed.by_measure[MEASURES.index(LEADS)]
    return rates_outcome([(ours.auc, CHANCE), (ours.strongest, mixed.chance)])


def planted_outcome(planted: Planted) -> Outcome:
    """Whether the leading measure puts the papers' own sentences above a neutral one, in papers of either class."""
    ours = planted.by_measure[MEASURES.index(LEADS)]
    return rates_outcome([(rate, CHANCE) for rate in ours.above if rate])


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome of a question on which several figures bear; those not known do not count."""
    known = [outcome for outcome in outcomes if outcome is not Outcome.UNKNOWN]
    if not known:
        return Outcome.UNKNOWN
    if all(outcome is Outcome.HOLDS for outcome in known):
        return Outcome.HOLDS
    return Outcome.FAILS if all(outcome is Outcome.FAILS for outcome in known) else Outcome.IN_PART


def agreement_outcome(found: Agreement, limit: float) -> Outcome:
    """Whether models that learned nothing rank the sentences otherwise: in part, if they do among sentences that stand
    at the same distance from an end of their abstract."""
    if abs(found.correlation) <= limit:
        return Outcome.HOLDS
    return Outcome.IN_PART if found.partial is not None and abs(found.partial) <= limit else Outcome.FAILS


def outcomes_counted(outcomes: Sequence[Outcome]) -> str:
    """How many checks held."""
    known = [outcome for outcome in outcomes if outcome is not Outcome.UNKNOWN]
    holds, part, fails = (known.count(kind) for kind in (Outcome.HOLDS, Outcome.IN_PART, Outcome.FAILS))
    if not known:
        return "None of the checks could be made."
    if holds == len(known):
        return "The one check that was made held." if holds == 1 else f"All {holds} checks held."
    partly = (f", {part} in part" if part else "") + (f", {fails} did not" if fails else "")
    return f"{holds} of {len(known)} checks held{partly}."
