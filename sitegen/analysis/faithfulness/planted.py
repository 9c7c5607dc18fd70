"""A neutral sentence planted in a real abstract: does a measure see that it says nothing?

Mixed abstracts are short and of two minds; real ones are long and of one, and there networks saturate. So into the
abstracts of the corpus a neutral sentence is put, at a random place, and the title is kept. Of each measure is asked,
toward the paper's class,

*above*    how often the paper's own sentences lie above the neutral one: 1/2 by chance, but not 1 for a perfect
           measure, since papers have sentences of their own that say nothing;
*on_top*   whether the neutral sentence comes out strongest of all: by chance once in n + 1 times, never for a perfect
           measure.

Both are given by class, for the reason named in hybrids.py: a class may be what is left where nothing speaks for the
other. Abstracts of one sentence have no order and are left out. At most PLANTED records are used, as many of either
class as there are, in the order in which the sample has them, which is by chance.

With the neutral sentence in it an abstract of n sentences has 2^(n + 1) subsets, of which those without it are those of
the abstract as it is. Where these are known and the model reads tokens, 2^n texts remain. From EXACT + 1 sentences on,
the neutral one counted, shares are sampled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from jaxtyping import Float64

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.leave_one_out import sentence_effects
from sitegen.analysis.attribution.masking import masked_margins, sentence_masks, subset_masks
from sitegen.analysis.attribution.shapley import shapley, shapley_values
from sitegen.analysis.faithfulness.composed import Piece, Sources, document, pieces
from sitegen.analysis.faithfulness.measures import MEASURES, Measured
from sitegen.analysis.faithfulness.rates import Rate, above, rate, topmost
from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import Document
from sitegen.models.protocol import Classifier

PLANTED = 100  # records at most
EXACT = 9  # most sentences, the neutral one counted, for which all subsets are read
RECORDS_PER_CALL = 16  # read together: bounds memory, not results


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedRates:
    """What one measure makes of them, by the papers' class, [negative, positive]; None where a class has no papers."""

    measure: str
    above: tuple[Rate | None, Rate | None]
    on_top: tuple[Rate | None, Rate | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """The abstracts with a neutral sentence, `documents` of them.

    available: records that could have been used, which is more where there were too many. by_class: those used,
    [negative, positive]. misread: records left out because the model gets them wrong. neutral: how many different
    sentences were planted. chance: by class, how often a sentence chosen at random would be the neutral one; None as
    below. by_measure: in the order of MEASURES.
    """

    documents: int
    available: int
    by_class: tuple[int, int]
    misread: int
    neutral: int
    chance: tuple[float | None, float | None]
    by_measure: tuple[PlantedRates, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedTrial:
    """The result, and the scores that it and trust.py are made from. above: by class, (3, documents) by measure."""

    result: Planted
    above: tuple[Array, Array]


def try_planted(
    found: Sources,
    classifier: Classifier,
    *,
    neutral: Sequence[Piece],
    seed: int,
    most: int = PLANTED,
    baseline: Baseline = DELETED,
    progress: Callable[[int], None] = lambda _: None,
) -> PlantedTrial | str:
    """Plant a neutral sentence in each of at most `most` abstracts and ask all measures about it; or a sentence that
    says why it cannot be done. `progress` gets the number of abstracts finished since its last call."""
    if not neutral:
        return "There are no neutral sentences in this site's language; a file of them can be named in site.toml."
    fit = tuple([record for record in records if record.occlusion.sentences.size > 1] for records in found.by_class)
    used = _balanced(fit, most=most)
    if not any(used):
        return "No {text} that the model gets right has two sentences, the fewest that have an order."
    rng = np.random.default_rng([seed, 3])
    trials = [(_trial(record, neutral, rng), label) for label in (0, 1) for record in used[label]]
    results = _scores(iter(trials), classifier, baseline=baseline, progress=progress)
    scores = [[score for score, (_, label) in zip(results, trials, strict=True) if label == y] for y in (0, 1)]
    over, top = (
        tuple(np.array([one[k] for one in of_class]).reshape(-1, len(MEASURES)).T for of_class in scores)
        for k in (0, 1)
    )
    sizes = [np.array([len(trial.sentences) for trial, label in trials if label == y]) for y in (0, 1)]
    result = Planted(
        documents=len(trials),
        available=sum(map(len, fit)),
        by_class=(len(used[0]), len(used[1])),
        misread=found.misread,
        neutral=len({trial.sentences[trial.place].source.text for trial, _ in trials}),
        chance=(_mean(1 / sizes[0]), _mean(1 / sizes[1])),
        by_measure=tuple(
            PlantedRates(
                measure=measure,
                above=(_rate(over[0][m]), _rate(over[1][m])),
                on_top=(_rate(top[0][m]), _rate(top[1][m])),
            )
            for m, measure in enumerate(MEASURES)
        ),
    )
    return PlantedTrial(result=result, above=(over[0], over[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """One abstract with its neutral sentence, which is the sentence number `place`. table: the margins of all subsets
    without it; None where they are not known."""

    document: Document
    sentences: tuple[Piece, ...]
    place: int
    table: Array | None


def _balanced(fit: Sequence[Sequence[Measured]], *, most: int) -> tuple[Sequence[Measured], Sequence[Measured]]:
    """At most `most` records in all, half of either class; a class that has fewer leaves room to the other."""
    negative, positive = fit
    half = max(most // 2, most - len(positive))
    chosen = negative[:half]
    return chosen, positive[: most - len(chosen)]


def _trial(record: Measured, neutral: Sequence[Piece], rng: np.random.Generator) -> _Trial:
    sentences = pieces(record)
    place = int(rng.integers(len(sentences) + 1))
    sentences.insert(place, neutral[int(rng.integers(len(neutral)))])
    return _Trial(
        document=document(record.occlusion.document.title, sentences),
        sentences=tuple(sentences),
        place=place,
        table=record.table,
    )


def _scores(
    trials: Iterator[tuple[_Trial, int]],
    classifier: Classifier,
    *,
    baseline: Baseline,
    progress: Callable[[int], None],
) -> list[tuple[Array, Array]]:
    """For each trial, toward its class, (3,) by measure: how often its own sentences lie above the neutral one, and
    whether that is on top."""
    scores = []
    while batch := list(islice(trials, RECORDS_PER_CALL)):
        values = _values([trial for trial, _ in batch], classifier, baseline=baseline)
        for (trial, label), signed in zip(batch, values, strict=True):
            toward = signed if label else -signed
            planted = np.arange(len(trial.sentences)) == trial.place
            scores.append((above(toward[:, ~planted], toward[:, planted]), topmost(toward, planted)))
        progress(len(batch))
    return scores


def _values(
    trials: Sequence[_Trial], classifier: Classifier, *, baseline: Baseline
) -> list[Float64[np.ndarray, "m n"]]:
    """The values of each trial's sentences by measure."""
    small = [k for k, trial in enumerate(trials) if len(trial.sentences) <= EXACT]
    large = [k for k, trial in enumerate(trials) if len(trial.sentences) > EXACT]
    pairs: dict[int, tuple[Array, Array]] = {}  # by trial: shares and leave-one-outs
    for k, table in zip(small, _tables([trials[k] for k in small], classifier, baseline=baseline), strict=True):
        whole = table.size - 1
        pairs[k] = (shapley_values(table), table[whole] - table[whole - (1 << np.arange(len(trials[k].sentences)))])
    documents = [trials[k].document for k in large]
    shares = shapley(documents, classifier, limit=0, baseline=baseline)
    for k, share, (_, effects) in zip(
        large, shares, sentence_effects(documents, classifier, baseline=baseline), strict=True
    ):
        pairs[k] = (share.values, effects)
    return [
        np.stack([pairs[k][0], np.array([piece.alone for piece in trial.sentences]), pairs[k][1]])
        for k, trial in enumerate(trials)
    ]


def _tables(
    trials: Sequence[_Trial], classifier: Classifier, *, baseline: Baseline
) -> list[Float64[np.ndarray, " subsets"]]:
    """The margins of all subsets of each trial's sentences. Those without the neutral sentence are taken as known from
    a model that is given tokens in one field at a time; to another the text between the tokens may matter."""
    every = [subset_masks(len(trial.sentences)) for trial in trials]
    unread = [
        keep[:, trial.place] | (not classifier.additive or trial.table is None)
        for trial, keep in zip(trials, every, strict=True)
    ]
    read = masked_margins(
        [trial.document for trial in trials],
        classifier,
        [
            (None, sentence_masks(trial.document, keep[new]))
            for trial, keep, new in zip(trials, every, unread, strict=True)
        ],
        baseline=baseline,
    )
    tables = []
    for trial, new, margins in zip(trials, unread, read, strict=True):
        table = np.zeros(new.size)
        table[new] = margins
        if not new.all():
            assert trial.table is not None
            table[~new] = trial.table  # without the neutral one the others follow in the same order
        tables.append(table)
    return tables


def _rate(scores: Float64[np.ndarray, " n"]) -> Rate | None:
    return rate(scores) if scores.size else None


def _mean(values: Float64[np.ndarray, " n"]) -> float | None:
    return float(values.mean()) if values.size else None
