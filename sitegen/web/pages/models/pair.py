"""Two models of a site side by side: the one that the site is by, and one of the others, over the records that both
read.

Pages compare answers, and what each model *followed*: the sentence with the largest share toward the class that the
model answered, in points of probability (leave-one-out where there are no shares).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sitegen.analysis.corpus.agreement import Answers, furthest_apart
from sitegen.corpus.arrays import Array
from sitegen.web.model_scan import ModelScan
from sitegen.web.pages.record.sentences import HARDLY
from sitegen.web.scan import Scan
from sitegen.web.summary import RecordSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The sentence that a model followed at a record."""

    number: int  # in the text, from 0
    points: float  # what it did to the probability
    symbol: str  # of its mark; "" without one
    word: str  # the mark in a word or two


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The site's model (`a`) and another (`b`)."""

    a: ModelScan
    b: ModelScan
    records: Array  # (n,): the numbers of the records that both read

    @classmethod
    def of(cls, a: ModelScan, b: ModelScan) -> Pair:
        """Of what both read."""
        both = [k for k, (one, other) in enumerate(zip(a.summaries, b.summaries, strict=True)) if one and other]
        return cls(a=a, b=b, records=np.array(both, dtype=np.int64))

    @property
    def summaries(self) -> tuple[tuple[RecordSummary, RecordSummary], ...]:
        """Of each record that both read what `a` says and what `b` says."""
        return tuple(self.at(k) for k in self.records.tolist())

    def at(self, k: int) -> tuple[RecordSummary, RecordSummary]:
        """What both say of record k, which both read."""
        a, b = self.a.summaries[k], self.b.summaries[k]
        assert a is not None
        assert b is not None
        return a, b

    @property
    def answers(self) -> Answers:
        """The answers to these records."""
        pairs = self.summaries
        return Answers(
            a=np.array([a.predicted == 1 for a, _ in pairs], dtype=bool),
            b=np.array([b.predicted == 1 for _, b in pairs], dtype=bool),
            label=np.array([-1 if a.record.label is None else a.record.label for a, _ in pairs], dtype=np.int8),
        )

    @property
    def probabilities(self) -> tuple[Array, Array]:
        """The probabilities of the positive class, (n,) each."""
        pairs = self.summaries
        return np.array([a.probability for a, _ in pairs]), np.array([b.probability for _, b in pairs])

    def disagreements(self) -> list[int]:
        """The numbers of the records with two answers, those with the furthest probabilities first."""
        a, b = self.probabilities
        order = self.records[furthest_apart(a, b)].tolist()
        return [k for k in order if self.disagree(k)]

    def disagree(self, k: int) -> bool:
        """Whether the answers to record k differ; False where `b` does not read it."""
        a, b = self.a.summaries[k], self.b.summaries[k]
        return a is not None and b is not None and a.predicted != b.predicted

    def same_sentences(self, k: int) -> bool:
        """Whether both models cut record k into the same sentences."""
        return self.a.cuts[k] == self.b.cuts[k]

    def effects(self) -> Iterator[tuple[Array, Array]]:
        """What the sentences did by both, in points, of each record that both cut alike."""
        for k in self.records.tolist():
            if self.same_sentences(k):
                yield points_of(self.a, k), points_of(self.b, k)


def pairs_of(scan: Scan) -> tuple[Pair, ...]:
    """The site's model with each of the others."""
    first, *others = scan.models
    return tuple(Pair.of(first, other) for other in others)


def points_of(model: ModelScan, k: int) -> Array:
    """What the sentences of record k did, in probability, (S,): their shares, leave-one-out where they have none."""
    rows = slice(int(model.verdicts.first[k]), int(model.verdicts.first[k + 1]))
    share, change = model.effects.share_change[rows], model.effects.change[rows]
    values: Array = np.where(np.isnan(share), change, share)
    return values


def followed(model: ModelScan, k: int) -> Followed | None:
    """The sentence that a model followed at record k; None where none is known to have moved it to its answer by
    HARDLY or more."""
    summary, values = model.summaries[k], points_of(model, k)
    if summary is None or not values.size or np.isnan(values).all():
        return None
    toward = values if summary.predicted == 1 else -values
    number = int(np.nanargmax(toward))
    if toward[number] < HARDLY:
        return None
    verdict = model.verdicts.of_row(int(model.verdicts.first[k]) + number)
    return Followed(number=number, points=float(values[number]), symbol=verdict.symbol, word=verdict.word)
