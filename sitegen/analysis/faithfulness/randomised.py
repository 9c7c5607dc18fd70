"""Do the measures depend on what the model has learned? They are compared with those of models with random weights.

A measure that ranks sentences alike for a trained model and for one with fresh random weights shows the text, its
lengths and places, and not the model. So each measure of the same records is computed with models of the same
architecture and word vectors whose weights are drawn anew, and within each record Spearman's correlation is
taken between the two models' sizes, each divided by the spread of values of sentences of that length, since longer
sentences move any model more. The mean over records should be near zero: at most LIMIT either way.

Where it is not, two more figures tell why. *signed* is the correlation of the values themselves: near zero where the
direction in which a sentence moves the answer comes from the weights, whatever its size. *partial* is the correlation
of the sizes at equal distance from the nearer end of the abstract (partial rank correlation). A recurrent network that
forgets reads the ends of a text with most weight, trained or not; *place* says how closely the sizes of either follow
that distance. Where both do and `partial` is small, the sizes agree because of where the sentences stand, which the
architecture decides, and not because the measure is blind to the weights.

What is read alone is counted from the median of what the same model says to the neutral sentences, or to an empty text
where there are none.

All three measures are compared on the same records, at most RECORDS of them: shares take 2^n texts a record and model.
Values below ZERO count as equal: they are rounding of float32. Records with fewer than three sentences, and those where
by some measure either model moves with no sentence or with all alike, have no rank correlation and are left out; the
partial one needs five sentences and sizes that place alone does not order.

After Adebayo et al. (2018), "Sanity checks for saliency maps": their model parameter randomization test, all layers
at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64
from scipy.stats import rankdata

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.leave_one_out import sentence_effects
from sitegen.analysis.attribution.occlusion import ZERO
from sitegen.analysis.attribution.read_alone import sentences_alone
from sitegen.analysis.attribution.shapley import EXACT_LIMIT, shapley
from sitegen.analysis.faithfulness.composed import neutral_pieces, zero_alone
from sitegen.analysis.faithfulness.measures import MEASURES, READ_ALONE, RECORDS_PER_CALL, Measured
from sitegen.analysis.significance.length_bins import length_edges, scale
from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import Document
from sitegen.models.protocol import Classifier

RECORDS = 40  # at most
LEAST = 3  # sentences of a record
LEAST_PARTIAL = 5
LIMIT = 0.2  # largest |correlation| that passes
SOLID = 1e-6  # of what place leaves to be ordered; less is rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of one measure, mean rank correlations within a record between the model's values and those of randomised models.

    correlation: of the sizes, with its standard error over the records (None for a single one); by_model: for each
    randomised model alone. signed: of the values. place, random_place: of the sizes of the model, and of the randomised
    ones, with a sentence's distance from the nearer end of the abstract in tokens. partial: of the sizes at equal
    distance, over partial_records; None where no record has one.
    """

    measure: str
    correlation: float
    error: float | None
    by_model: tuple[float, ...]
    signed: float
    place: float
    random_place: float
    partial: float | None
    partial_records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Randomised:
    """The measures beside those of `models` randomised models.

    records: those compared; left_out: others that were tried, but have nothing to rank; available: all that could have
    been tried, which is more where there were too many. limit: the largest |correlation| that passes. by_measure: in
    the order of MEASURES.
    """

    records: int
    left_out: int
    available: int
    models: int
    limit: float
    by_measure: tuple[Agreement, ...]


def compare_randomised(
    records: Sequence[Measured],
    models: Sequence[Callable[[], Classifier]],
    *,
    zero: float,
    neutral: Sequence[str] = (),
    most: int = RECORDS,
    baseline: Baseline = DELETED,
    progress: Callable[[int], None] = lambda _: None,
) -> Randomised | str:
    """The correlations between the measures of the records and those of randomised models.

    models: what makes each of them; there is one at a time, since each takes memory. zero: what the model itself says
    to something neutral, read alone. neutral: sentences to put to the others for theirs. most: of the records. A string
    says why there are no correlations. `progress` gets the number of records that a model has read since its last call.
    """
    if not models:
        return "No model with random weights was given to compare with."
    available = [record for record in records if record.occlusion.sentences.size >= LEAST]
    tried = available[:most]
    if not tried:
        return f"No {{text}} has {LEAST} sentences, the fewest that can be ranked against each other."
    documents = [record.occlusion.document for record in tried]
    own = _sizes(documents, [record.sentences for record in tried], zero=zero)
    others = []
    for make in models:
        model = make()
        values = _values(documents, model, baseline=baseline, progress=progress)
        others.append(_sizes(documents, values, zero=zero_alone(neutral_pieces(neutral, model), model)))
    by_model = np.array(
        [[_each(own[m].sizes, other[m].sizes) for other in others] for m in range(len(MEASURES))]
    )  # (measures, models, records)
    ranked: Array = ~np.isnan(by_model).any(axis=(0, 1))
    if not ranked.any():
        return "In no {text} do both models tell the sentences apart."
    return Randomised(
        records=int(ranked.sum()),
        left_out=len(tried) - int(ranked.sum()),
        available=len(available),
        models=len(models),
        limit=LIMIT,
        by_measure=tuple(
            _agreement(measure, own[m], [other[m] for other in others], documents, ranked)
            for m, measure in enumerate(MEASURES)
        ),
    )


def _values(
    documents: Sequence[Document],
    classifier: Classifier,
    *,
    baseline: Baseline,
    progress: Callable[[int], None],
) -> list[Float64[np.ndarray, "m _"]]:
    """The values of each document's sentences by each measure, (3, S)."""
    values = []
    for k in range(0, len(documents), RECORDS_PER_CALL):
        part = documents[k : k + RECORDS_PER_CALL]
        shares = shapley(part, classifier, limit=EXACT_LIMIT, baseline=baseline)
        effects = sentence_effects(part, classifier, baseline=baseline)
        alone = sentences_alone(part, classifier)
        values += [
            np.stack([share.values, one, effect])
            for share, one, (_, effect) in zip(shares, alone, effects, strict=True)
        ]
        progress(len(part))
    return values


class _Sizes:
    """One model's values by one measure, and their sizes |v| / s(length), record by record; s is over all their
    sentences."""

    def __init__(self, documents: Sequence[Document], values: Sequence[Float64[np.ndarray, " _"]]) -> None:
        lengths = [np.diff(document.abstract.sentence_ends, prepend=0) for document in documents]
        length, ends = np.concatenate(lengths), np.cumsum([len(one) for one in lengths])[:-1]
        whole = np.concatenate(values)
        whole = np.where(np.abs(whole) < ZERO, 0.0, whole)
        self.values = np.split(whole, ends)
        self.sizes = np.split(np.abs(scale(whole, length, length_edges(length))), ends)


def _sizes(documents: Sequence[Document], values: Sequence[Float64[np.ndarray, "m _"]], *, zero: float) -> list[_Sizes]:
    """By measure. zero: from which what is read alone is counted."""
    zeros = [zero if measure == READ_ALONE else 0.0 for measure in MEASURES]
    return [_Sizes(documents, [of_record[m] - zeros[m] for of_record in values]) for m in range(len(MEASURES))]


def _agreement(
    measure: str, own: _Sizes, others: Sequence[_Sizes], documents: Sequence[Document], ranked: Bool[np.ndarray, " n"]
) -> Agreement:
    """Over the records that are `ranked`."""
    chosen: list[int] = np.flatnonzero(ranked).tolist()

    def some(values: Sequence[Array]) -> list[Array]:
        return [values[k] for k in chosen]

    distances = [_distances(documents[k]) for k in chosen]
    by_model = np.array([_each(some(own.sizes), some(other.sizes)) for other in others])  # (models, records)
    places = np.array([_each(some(own.sizes), distances)])
    random_places = np.array([_each(some(other.sizes), distances) for other in others])
    partial = _partial(by_model, places, random_places)
    partial[:, [len(distance) < LEAST_PARTIAL for distance in distances]] = np.nan
    known = ~np.isnan(partial).any(axis=0)
    by_record, n = by_model.mean(axis=0), len(chosen)
    return Agreement(
        measure=measure,
        correlation=float(by_record.mean()),
        error=float(by_record.std(ddof=1) / n**0.5) if n > 1 else None,
        by_model=tuple(by_model.mean(axis=1).tolist()),
        signed=float(np.mean([_each(some(own.values), some(other.values)) for other in others])),
        place=float(places.mean()),
        random_place=float(random_places.mean()),
        partial=float(partial[:, known].mean()) if known.any() else None,
        partial_records=int(known.sum()),
    )


def _distances(document: Document) -> Float64[np.ndarray, " n"]:
    """How many tokens stand between each sentence and the nearer end of the abstract."""
    ends = document.abstract.sentence_ends.astype(np.float64)
    starts = np.concatenate([[0.0], ends[:-1]])
    nearer: Array = np.minimum(starts, ends[-1] - ends)
    return nearer


def _each(a: Sequence[Float64[np.ndarray, " _"]], b: Sequence[Float64[np.ndarray, " _"]]) -> list[float]:
    """Spearman's correlation of each pair, with mean ranks for equals; NaN where all of one side are equal."""
    return [
        float(np.corrcoef(rankdata(x), rankdata(y))[0, 1]) if np.ptp(x) and np.ptp(y) else float("nan")
        for x, y in zip(a, b, strict=True)
    ]


def _partial(
    ab: Float64[np.ndarray, "k n"], ac: Float64[np.ndarray, "_ n"], bc: Float64[np.ndarray, "k n"]
) -> Float64[np.ndarray, "k n"]:
    """The rank correlation of a and b with c held constant; NaN where c almost determines the order of one of them."""
    rest = (1 - ac**2) * (1 - bc**2)
    known = rest > SOLID
    partial: Array = np.where(known, (ab - ac * bc) / np.sqrt(np.where(known, rest, 1.0)), np.nan)
    return partial
