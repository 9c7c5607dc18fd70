"""Which of the three measures to trust on this model and corpus, as far as the checks with a known answer can tell.

A measure's *score* is the mean of two rates: how often it puts a sentence of the right class above one of the other in
mixed abstracts (hybrids.py), and how often it puts a paper's own sentences above a planted neutral one, the mean of
both classes (planted.py). By chance both are 1/2. Where one was not tried, or rests on fewer than LEAST papers of a
class, the other counts alone; a class that has too few papers leaves planting to the other.

*better than chance*  by more than ERRORS standard errors of the score over the documents.
*trusted*             of those better than chance the best one, and whatever lies behind it by no more than ERRORS
                      standard errors of the difference, which is taken document by document, or by less than MATTERS.

Removing sentences has no say here: in which order sentences go best is a question about the whole abstract, which is
what shares are made of. Nor has the comparison with random weights, which shows what is wrong, and not which is right.

Mixed abstracts use the same sentences again and again, and count as fewer for it (rates.py). Both checks use the same
papers, so their errors are added up as if they went together. The neutral sentences are taken as they are: another list
might give another score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from sitegen.analysis.faithfulness.hybrids import HybridTrial
from sitegen.analysis.faithfulness.measures import MEASURES
from sitegen.analysis.faithfulness.planted import PlantedTrial
from sitegen.analysis.faithfulness.rates import effective
from sitegen.corpus.arrays import Array

LEAST = 10  # papers of a class that a check must rest on
ERRORS = 2.0  # standard errors that tell two numbers apart
MATTERS = 0.03  # a smaller difference is none, however certain
CHANCE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One measure's score with its standard error; behind: how far it lies behind the best one, with the standard error
    of that difference, both 0 for the best."""

    measure: str
    score: float
    error: float
    behind: float
    behind_error: float

    @property
    def beats_chance(self) -> bool:
        """Whether the score is better than chance beyond doubt."""
        return self.score - CHANCE > ERRORS * self.error

    @property
    def as_good(self) -> bool:
        """Whether it cannot be told from the best one, or need not."""
        return self.behind <= max(ERRORS * self.behind_error, MATTERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """The scores, in the order of MEASURES, and the names of the trusted measures, the best first; none where none
    beats chance. hybrids, planted: whether that check counted."""

    hybrids: bool
    planted: bool
    scores: tuple[Score, ...]
    trusted: tuple[str, ...]


def trust(hybrids: HybridTrial | None, planted: PlantedTrial | None) -> Trust | str:
    """What the two checks say together; or a sentence that says why they cannot."""
    mixed, real = _mixed(hybrids), _real(planted)
    checks = [*mixed, *real]
    if not checks:
        return (
            f"Too few {{many}} to tell: no check with a known answer could be made on {LEAST} {{many}} of a class "
            f"that the model gets right."
        )
    means = np.mean([check.means for check in checks], axis=0)
    best = int(np.argmax(means))
    unit = np.eye(len(MEASURES))
    found = tuple(
        Score(
            measure=measure,
            score=float(means[m]),
            error=_error(checks, unit[m]),
            behind=float(means[best] - means[m]),
            behind_error=_error(checks, unit[best] - unit[m]),
        )
        for m, measure in enumerate(MEASURES)
    )
    good = [score for score in found if score.beats_chance and score.as_good]
    return Trust(
        hybrids=bool(mixed),
        planted=bool(real),
        scores=found,
        trusted=tuple(score.measure for score in sorted(good, key=lambda score: score.behind)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Documents of one kind. scores: (3, n), by measure. worth: as how many independent documents they count."""

    scores: Array
    worth: float

    def error(self, of: Float64[np.ndarray, " m"]) -> float:
        """The standard error of the mean of a weighted sum of the measures' scores, `of` giving their weights."""
        return float(np.sqrt(np.var(of @ self.scores, ddof=1) / self.worth))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    """What one check has to say: the mean over its groups."""

    groups: tuple[_Group, ...]

    @property
    def means(self) -> Float64[np.ndarray, " m"]:
        """By measure."""
        means: Array = np.mean([group.scores.mean(axis=1) for group in self.groups], axis=0)
        return means

    def error(self, of: Float64[np.ndarray, " m"]) -> float:
        """As a group's: its groups have no document in common."""
        return float(np.sqrt(sum(group.error(of) ** 2 for group in self.groups)) / len(self.groups))


def _mixed(hybrids: HybridTrial | None) -> list[_Check]:
    if hybrids is None or min(*hybrids.result.sources, hybrids.result.documents) < LEAST:
        return []
    worth = effective(hybrids.result.documents, hybrids.result.disjoint)
    return [_Check(groups=(_Group(scores=hybrids.auc, worth=worth),))]


def _real(planted: PlantedTrial | None) -> list[_Check]:
    enough = [scores for scores in planted.above if scores.shape[1] >= LEAST] if planted is not None else []
    return (
        [_Check(groups=tuple(_Group(scores=scores, worth=float(scores.shape[1])) for scores in enough))]
        if enough
        else []
    )


def _error(checks: Sequence[_Check], of: Float64[np.ndarray, " m"]) -> float:
    """Of the mean over the checks, whose errors go together at worst."""
    return float(np.mean([check.error(of) for check in checks]))
