"""Mixed abstracts: does a measure know which sentence came from which class, and which says nothing?

What a sentence should weigh nobody knows; where it was taken from, one does. A *hybrid* is an abstract of PER_CLASS
sentences of records of one class, as many of the other, and one neutral sentence, shuffled, under an empty title (a
title belongs to one class and would decide for all sentences). Three questions are asked of each measure, all within
a document: across documents a measure could score without knowing one sentence from the next, by the paper alone.

*auc*            how often a sentence from the positive class has a larger value than one from the negative: 1/2 by
                 chance.
*strongest*      whether what speaks most for the class predicted for the hybrid, at the site's threshold, came from
                 a record of that class (the pointing game): by chance as often as there are such sentences among all.
*above_neutral*  by class, how often its sentences lie above the neutral one, toward that class: 1/2 by chance.

Where there are no neutral sentences, hybrids have none, and the third question is not asked. Few sentences are taken,
since networks saturate: once a few have spoken for a class, the answer hardly moves for one more.

A miss is not always the measure's. A class may have no sentences of its own: where a text is of one class because
nothing in it speaks for the other, neutral sentences speak for it as well. Such a class has low rates by every
measure.

A hybrid of n sentences costs 2^n texts: all subsets, of which shares and leave-one-outs both come.

After Poerner, Schütze and Roth (2018), "Evaluating neural network explanation methods using hybrid documents and
morphosyntactic agreement". Theirs mix sentences of many classes freely; with two, equal numbers fix the chance rates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from jaxtyping import Float64, Int

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.shapley import shapley
from sitegen.analysis.faithfulness.composed import Piece, Sources, document, joined, pieces
from sitegen.analysis.faithfulness.measures import MEASURES
from sitegen.analysis.faithfulness.rates import Rate, above, rate, rate_of_some, topmost
from sitegen.corpus.arrays import Array
from sitegen.models.probabilities import predicted
from sitegen.models.protocol import Classifier

PER_CLASS = 2  # sentences of each class in a hybrid
HYBRIDS = 200
HYBRIDS_PER_CALL = 32  # read together: bounds memory, not results
NEUTRAL = -1  # the class of a neutral sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class HybridRates:
    """What one measure makes of the hybrids. strongest_by_class: by the class predicted, [negative, positive], None
    where it never was. above_neutral: by the class of the sentence; None without neutral sentences."""

    measure: str
    auc: Rate
    strongest: Rate
    strongest_by_class: tuple[Rate | None, Rate | None]
    above_neutral: tuple[Rate, Rate] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hybrids:
    """The mixed abstracts, `documents` of them.

    per_class, neutral: sentences of each class and neutral sentences in one. sources: records that sentences could be
    drawn from, [negative, positive]. disjoint: how many hybrids their sentences make if none is used twice, which
    widens the intervals (rates.py). misread: records left out because the model gets them wrong. explained: hybrids by
    the class predicted, [negative, positive]. chance: the rate at which pointing at random hits. by_measure: in the
    order of MEASURES.
    """

    documents: int
    per_class: int
    neutral: int
    sources: tuple[int, int]
    disjoint: int
    misread: int
    explained: tuple[int, int]
    chance: float
    by_measure: tuple[HybridRates, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HybridTrial:
    """The result, and the scores that it and trust.py are made from. auc: (3, documents), by measure."""

    result: Hybrids
    auc: Array


def try_hybrids(
    found: Sources,
    classifier: Classifier,
    *,
    neutral: Sequence[Piece],
    seed: int,
    documents: int = HYBRIDS,
    threshold: float = 0.5,
    baseline: Baseline = DELETED,
    progress: Callable[[int], None] = lambda _: None,
) -> HybridTrial | str:
    """Mix `documents` abstracts from the sources and the neutral sentences and ask all measures about them; or a
    sentence that says why it cannot be done.

    threshold: from which probability on a text is predicted positive. `progress` gets the number of hybrids finished
    since its last call.
    """
    if not documents:
        return "No mixed {texts} were asked for."
    negative, positive = ([piece for record in records for piece in pieces(record)] for records in found.by_class)
    if min(len(negative), len(positive)) < PER_CLASS:
        return (
            f"{{Many}} that the model gets right have {len(negative)} sentences of the negative class and "
            f"{len(positive)} of the positive; at least {PER_CLASS} of each are needed."
        )
    disjoint = min(len(negative), len(positive)) // PER_CLASS
    rng = np.random.default_rng([seed, 2])
    drawn = (_hybrid(negative, positive, neutral, rng) for _ in range(documents))
    answers = []
    while batch := list(islice(drawn, HYBRIDS_PER_CALL)):
        answers += _answers(batch, classifier, threshold=threshold, baseline=baseline)
        progress(len(batch))
    explained = np.array([answer.explained for answer in answers])
    auc, strongest = (np.stack([getattr(answer, name) for answer in answers], axis=1) for name in ("auc", "strongest"))
    own = np.stack([answer.above_neutral for answer in answers], axis=2) if neutral else None  # (2, 3, documents)
    result = Hybrids(
        documents=documents,
        per_class=PER_CLASS,
        neutral=int(bool(neutral)),
        sources=found.counts,
        disjoint=disjoint,
        misread=found.misread,
        explained=(int((explained == 0).sum()), int((explained == 1).sum())),
        chance=PER_CLASS / (2 * PER_CLASS + bool(neutral)),
        by_measure=tuple(
            HybridRates(
                measure=measure,
                auc=rate(auc[m], disjoint=disjoint),
                strongest=rate(strongest[m], disjoint=disjoint),
                strongest_by_class=(
                    rate_of_some(strongest[m], explained == 0, disjoint=disjoint),
                    rate_of_some(strongest[m], explained == 1, disjoint=disjoint),
                ),
                above_neutral=None
                if own is None
                else (rate(own[0, m], disjoint=disjoint), rate(own[1, m], disjoint=disjoint)),
            )
            for m, measure in enumerate(MEASURES)
        ),
    )
    return HybridTrial(result=result, auc=auc)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """The scores of one hybrid, (3,) by measure. explained: the class predicted. above_neutral: (2, 3), by class."""

    explained: int
    auc: Array
    strongest: Array
    above_neutral: Array


def _hybrid(
    negative: Sequence[Piece], positive: Sequence[Piece], neutral: Sequence[Piece], rng: np.random.Generator
) -> tuple[list[Piece], Int[np.ndarray, " n"]]:
    """PER_CLASS different sentences of each class and a neutral one if there are any, in random order, and the class
    of each."""
    chosen = [
        (pool[k], label)
        for label, pool, size in ((0, negative, PER_CLASS), (1, positive, PER_CLASS), (NEUTRAL, neutral, 1))
        if pool
        for k in rng.choice(len(pool), size=size, replace=False)
    ]
    order = rng.permutation(len(chosen))
    return [chosen[k][0] for k in order], np.array([chosen[k][1] for k in order])


def _answers(
    hybrids: Sequence[tuple[list[Piece], Array]], classifier: Classifier, *, threshold: float, baseline: Baseline
) -> list[_Answer]:
    documents = [document(joined([]), sentences) for sentences, _ in hybrids]
    n = len(hybrids[0][0])
    shares = shapley(documents, classifier, limit=n, baseline=baseline)
    answers = []
    for (sentences, classes), share in zip(hybrids, shares, strict=True):
        table = share.subsets.astype(np.float64)
        whole = (1 << n) - 1
        values = np.stack(
            [
                share.values,
                np.array([piece.alone for piece in sentences]),
                table[whole] - table[whole - (1 << np.arange(n))],
            ]
        )
        explained = int(predicted(table[whole], threshold))
        answers.append(
            _Answer(
                explained=explained,
                auc=above(values[:, classes == 1], values[:, classes == 0]),
                strongest=topmost(values if explained else -values, classes == explained),
                above_neutral=_above_neutral(values, classes),
            )
        )
    return answers


def _above_neutral(values: Float64[np.ndarray, "m n"], classes: Int[np.ndarray, " n"]) -> Float64[np.ndarray, "2 m"]:
    """How often the sentences of either class lie above the neutral one, toward their class; 0 where there is none."""
    if not (classes == NEUTRAL).any():
        return np.zeros((2, len(values)))
    shares: Array = np.stack(
        [
            above(sign * values[:, classes == label], sign * values[:, classes == NEUTRAL])
            for label, sign in ((0, -1), (1, 1))
        ]
    )
    return shares
