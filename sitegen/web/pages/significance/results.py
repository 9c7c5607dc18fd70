"""The test's results by class, and the margins that the page draws: what all its sections are made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64

from sitegen.analysis.attribution.occlusion import probability
from sitegen.analysis.corpus.influence import SentenceEffects
from sitegen.analysis.significance.evidence import ClassTest
from sitegen.analysis.significance.negative_control import ClassControls, ControlAnswers
from sitegen.analysis.significance.test import null_of
from sitegen.corpus.arrays import Array
from sitegen.web.layout import Frame
from sitegen.web.sentence_verdicts import Verdicts
from sitegen.web.summary import RecordSummary
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.numbers import tenths


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassResults:
    """The test for one class."""

    y: int  # the class: 1 or 0
    toward: str  # its name
    other: str  # the other class's name
    test: ClassTest
    control: ClassControls
    zero: float  # the margin that says nothing either way
    own: Array  # (n,) margins of the sentences that were tested
    passes: Array  # (n,) which of them pass
    others: Array  # (m,) margins of the sentences that they are compared with
    furthest: int  # how many of the tested ones have the least p possible: no other of their length goes as far
    as_far: int  # how many of the others go as far as the weakest that passes

    @property
    def tested(self) -> bool:
        """Whether there are sentences to test and sentences to compare them with."""
        return self.test.family > 0 and self.test.null > 0

    @property
    def possible(self) -> bool:
        """Whether any sentence could pass, whatever it said."""
        return self.tested and self.test.needed <= self.test.family

    @property
    def direction(self) -> int:
        """+1 where a larger margin speaks for the class, -1 where a smaller one does."""
        return 1 if self.y else -1

    def alone(self, x: float) -> str:
        """What the model says of a sentence that moves it x beyond zero toward the class: a probability, written as
        the limits of the bars are, of which it is one."""
        return tenths(float(probability(self.zero + self.direction * x)))

    def limit(self, x: float) -> str:
        """The same as the limit of all that move it further: `at least 93.5%` or `at most 5.8%`."""
        return bound(self.alone(x), least=self.y == 1)

    def range(self, low: float, high: float) -> str:
        """The same for an interval, as two probabilities, the lower one first; "" where an end is unknown."""
        if not np.isfinite([low, high]).all():
            return ""
        first, second = (low, high) if self.y else (high, low)
        return f"{self.alone(first)} to {self.alone(second)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The matter of all sections of the page."""

    frame: Frame  # of the page: its links, the classes, the palette
    verdicts: Verdicts
    answers: ControlAnswers  # what the model says of the controls
    effects: SentenceEffects  # of the same sentences
    summaries: Sequence[RecordSummary]  # the records, in corpus order
    classes: tuple[ClassResults, ClassResults]  # positive, negative

    @classmethod
    def of(
        cls,
        frame: Frame,
        verdicts: Verdicts,
        answers: ControlAnswers,
        *,
        effects: SentenceEffects,
        summaries: Sequence[RecordSummary],
    ) -> Results:
        """All results of a site."""
        return cls(
            frame=frame,
            verdicts=verdicts,
            answers=answers,
            effects=effects,
            summaries=summaries,
            classes=(_class(verdicts, 1), _class(verdicts, 0)),
        )

    @property
    def nouns(self) -> Nouns:
        """What the site calls a record."""
        return self.frame.nouns

    @property
    def tested(self) -> tuple[ClassResults, ...]:
        """The classes whose sentences were tested."""
        return tuple(one for one in self.classes if one.tested)

    @property
    def passed(self) -> int:
        """How many sentences pass, of either class."""
        return sum(one.test.passed for one in self.classes)

    @property
    def papers(self) -> int:
        """How many papers have sentences in the test."""
        return self.papers_of(self.verdicts.evidence.eligible)

    def papers_of(self, rows: Bool[np.ndarray, " M"]) -> int:
        """How many papers these sentences are of."""
        return int(np.unique(self.verdicts.evidence.record[rows]).size)


def family(verdicts: Verdicts, y: int) -> Bool[np.ndarray, " M"]:
    """The sentences that are tested for class y, those that point away among them."""
    evidence = verdicts.evidence
    rows: Array = evidence.eligible & (evidence.label[evidence.record] == y)
    return rows


def bound(text: str, *, least: bool) -> str:
    """`at least 93.5%`; "over 99.9%" and "under 0.1%" say it already."""
    return text if text[0] in "ou" else f"at {'least' if least else 'most'} {text}"


def _class(verdicts: Verdicts, y: int) -> ClassResults:
    evidence, found = verdicts.evidence, verdicts.significance
    test, null = found.classes[y], null_of(evidence, y)
    rows, others = family(verdicts, y), family(verdicts, 1 - y)
    sizes = np.array([values.size for values in null.values])
    least = 1 / (1 + sizes[null.bins(evidence.length)])
    x, tau = evidence.beyond(y), np.where(np.isnan(test.tau), np.inf, test.tau)
    return ClassResults(
        y=y,
        toward=verdicts.names[y],
        other=verdicts.names[1 - y],
        test=test,
        control=verdicts.controls.classes[y],
        zero=evidence.zero,
        own=_margins(evidence.alone, rows),
        passes=(found.passes & (found.toward == y))[rows],
        others=_margins(evidence.alone, others),
        furthest=int(np.sum(rows & (found.toward == y) & (found.p <= least * (1 + 1e-9)))),
        as_far=int(np.sum(others & (x >= tau[null.bins(evidence.length)]))),
    )


def _margins(alone: Float64[np.ndarray, " M"], rows: Bool[np.ndarray, " M"]) -> Float64[np.ndarray, " n"]:
    margins: Array = alone[rows]
    return margins
