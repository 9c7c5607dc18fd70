"""The numbers of one value of a facet: how many papers, what the model says of them, how often it is right.

A number of fewer than FEW papers is said to be one of few. Papers that the model has met in training are never counted
with those that are new to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sitegen.analysis.corpus.calibration import wilson
from sitegen.analysis.significance.evidence import Standing
from sitegen.web.summary import RecordSummary
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.numbers import counted_share, percent, tenths

FEW = 5  # papers, below which a number says little


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """The labelled papers of one standing. positive: how many are labelled so; right: how many are predicted right;
    said: the model's mean probability of the positive class for them."""

    standing: Standing
    papers: int
    positive: int
    right: int
    said: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What is counted over some papers. mean: of their probabilities, NaN for no papers; labelled: by standing, those
    that are new to the model first."""

    papers: int
    predicted: int
    mean: float
    labelled: tuple[Labelled, ...]

    @property
    def fair(self) -> Labelled | None:
        """The labelled papers that the model is judged by: those known to be new to it, else those that may be; None
        where there are none."""
        judged = (Standing.HELD_OUT, Standing.UNKNOWN)
        return next((one for one in self.labelled if one.standing in judged), None)

    @property
    def share(self) -> str:
        """How many are predicted positive, `5 (38%)`."""
        return f"{self.predicted:,} ({counted_share(self.predicted, self.papers)})" if self.papers else "0"


def numbers_of(summaries: Sequence[RecordSummary], standings: Sequence[int]) -> Numbers:
    """Count over these papers. standings: whether the model has learned from each."""
    labelled = []
    for standing in (Standing.HELD_OUT, Standing.UNKNOWN, Standing.VALIDATION, Standing.TRAINING):
        group = [
            one
            for one, held in zip(summaries, standings, strict=True)
            if held == standing and one.record.label is not None
        ]
        if group:
            labelled.append(
                Labelled(
                    standing=standing,
                    papers=len(group),
                    positive=sum(one.record.label == 1 for one in group),
                    right=sum(bool(one.right) for one in group),
                    said=float(np.mean([one.probability for one in group])),
                )
            )
    return Numbers(
        papers=len(summaries),
        predicted=sum(one.predicted for one in summaries),
        mean=float(np.mean([one.probability for one in summaries])) if summaries else float("nan"),
        labelled=tuple(labelled),
    )


def numbers_beside(whole: Numbers, here: Numbers) -> Numbers:
    """How many papers are in the whole and not here, how they are predicted, and their mean probability, without going
    through them: there may be as many values of a facet as papers. Nothing of their labels."""
    papers = whole.papers - here.papers
    together = whole.mean * whole.papers - (here.mean * here.papers if here.papers else 0.0)
    return Numbers(
        papers=papers,
        predicted=whole.predicted - here.predicted,
        mean=together / papers if papers else float("nan"),
        labelled=(),
    )


def right_of(group: Labelled | None) -> str:
    """`11 of 13 (85%)`; "" without labels."""
    return "" if group is None else f"{group.right:,} of {group.papers:,} ({counted_share(group.right, group.papers)})"


def judged(found: Numbers, positive: str, nouns: Nouns) -> tuple[str, ...]:
    """How often the model is right about these papers, and whether its percentages hold, in sentences; nothing without
    labels. positive: the name of the positive class."""
    if not found.labelled:
        return ()
    told = []
    for group in found.labelled:
        of = nouns.count(group.papers, "labelled")
        told.append(f"The model is right about {right_of(group).partition(' of ')[0]} of {of} {_where(group)}")
        told[-1] += f" ({counted_share(group.right, group.papers)}).{_interval(group, nouns)}"
        if group.papers < FEW:
            told[-1] += f" Of fewer than {FEW} this says little."
    fair = found.fair
    if fair is None:
        told.append(f"None of them is known to be new to the model, so how right it is about new {nouns.many} is open.")
    elif fair.papers >= FEW:
        low, high = wilson(fair.positive, fair.papers)
        side = "too little" if fair.said < low else "too much"
        apart = (
            "That is no further apart than luck may put them"
            if low <= fair.said <= high
            else f"That is further apart than luck would put them: it says {side} “{positive}” here"
        )
        share = counted_share(fair.positive, fair.papers)
        told.append(
            f"Do its percentages hold? It says {percent(fair.said)} “{positive}” on average, and {fair.positive:,} of "
            f"the {fair.papers:,} ({share}) are labelled so. {apart} (95% interval: {_range(low, high)})."
        )
    else:
        told.append(f"Whether its percentages hold cannot be said from fewer than {FEW} labelled {nouns.many}.")
    return tuple(told)


def _where(group: Labelled) -> str:
    return {
        Standing.HELD_OUT: f"that {'is' if group.papers == 1 else 'are'} new to it",
        Standing.UNKNOWN: "that may not be new to it",
        Standing.VALIDATION: "that decided when its training stopped",
        Standing.TRAINING: "that it was trained on",
    }[group.standing]


def _interval(group: Labelled, nouns: Nouns) -> str:
    """What the same share may be in many more papers, since these are few."""
    if group.papers < FEW:
        return ""
    low, high = wilson(group.right, group.papers)
    return f" Of many more such {nouns.many} it may be right about {_range(low, high)} (95% interval)."


def _range(low: float, high: float) -> str:
    return f"{tenths(low) if low else '0%'} to {tenths(high) if high < 1 else '100%'}"
