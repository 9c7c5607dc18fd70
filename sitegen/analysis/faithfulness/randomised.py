"""Do the explanations depend on what the model has learned? They are compared with those of models with random weights.

A method that ranks sentences alike for a trained model and for one with fresh random weights shows the text, its
lengths and places, and not the model. So the leave-one-out effects of the same records are computed with models of
the same architecture and word vectors whose weights are drawn anew, and within each record Spearman's correlation is
taken between the two models' |D|, each divided by the spread of effects of sentences of that length, since longer
sentences move any model more. The mean over records should be near zero: at most LIMIT either way.

Where it is not, two more figures tell why. *signed* is the correlation of D itself: near zero where the direction
in which a sentence pushes comes from the weights, whatever its size. *partial* is the correlation of |D| / s at equal
distance from the nearer end of the abstract (partial rank correlation). A recurrent network that forgets reads the
ends of a text with most weight, trained or not; *place* says how closely the sizes of either follow that distance.
Where both do and `partial` is small, the sizes agree because of where the sentences stand, which the architecture
decides, and not because the method is blind to the weights.

n + 1 encodings a record and model. Effects below ZERO count as equal: they are rounding of float32. Records with fewer
than three sentences, and those where either model moves with no sentence or with all alike, have no rank correlation
and are left out; the partial one needs five sentences and sizes that place alone does not order.

After Adebayo et al. (2018), "Sanity checks for saliency maps": their model parameter randomization test, all layers
at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy.stats import rankdata

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.leave_one_out import sentence_effects
from sitegen.analysis.attribution.occlusion import ZERO, Occlusion
from sitegen.analysis.significance.length_bins import length_edges, scale
from sitegen.corpus.arrays import Array
from sitegen.models.protocol import Classifier

LEAST = 3  # sentences of a record
LEAST_PARTIAL = 5
LIMIT = 0.2  # largest |correlation| that passes
SOLID = 1e-6  # of what place leaves to be ordered; less is rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Randomised:
    """Mean rank correlations within a record between the model's effects and those of randomised models.

    records: those compared; left_out: the others. correlation: of |D| / s, with its standard error over the records
    (None for a single one); by_model: for each randomised model alone. limit: the largest |correlation| that passes.
    signed: of D. place, random_place: of |D| / s of the model, and of the randomised ones, with a sentence's distance
    from the nearer end of the abstract in tokens. partial: of |D| / s at equal distance, over partial_records; None
    where no record has one.
    """

    records: int
    left_out: int
    correlation: float
    error: float | None
    by_model: tuple[float, ...]
    limit: float
    signed: float
    place: float
    random_place: float
    partial: float | None
    partial_records: int

    @property
    def passes(self) -> bool:
        """Whether the correlation is near enough to zero."""
        return abs(self.correlation) <= self.limit


def compare_randomised(
    occlusions: Sequence[Occlusion],
    models: Sequence[Callable[[], Classifier]],
    *,
    baseline: Baseline = DELETED,
    progress: Callable[[int], None] = lambda _: None,
) -> Randomised | str:
    """The correlations between the effects of `occlusions` and those of randomised models.

    models: what makes each of them; there is one at a time, since each takes memory. A string says why there are no
    correlations. `progress` gets the number of records that a model has read since its last call.
    """
    if not models:
        return "No randomised model was given to compare with."
    compared = [occlusion for occlusion in occlusions if occlusion.sentences.size >= LEAST]
    if not compared:
        return f"No record has {LEAST} sentences, the fewest that can be ranked against each other."
    own = _ModelEffects(compared, [occlusion.sentences.astype(np.float64) for occlusion in compared])
    others = []
    for make in models:
        found = sentence_effects([occlusion.document for occlusion in compared], make(), baseline=baseline)
        others.append(_ModelEffects(compared, [effects for _, effects in found]))
        progress(len(occlusions))
    by_model = np.array([_each(own.sizes, other.sizes) for other in others])  # (models, records)
    ranked = np.flatnonzero(~np.isnan(by_model).any(axis=0))
    if not ranked.size:
        return "In no record do both models tell the sentences apart."
    distances = [_distances(compared[k]) for k in ranked]
    places = np.array([_each([own.sizes[k] for k in ranked], distances)])
    random_places = np.array([_each([other.sizes[k] for k in ranked], distances) for other in others])
    partial = _partial(by_model[:, ranked], places, random_places)
    partial[:, [len(distance) < LEAST_PARTIAL for distance in distances]] = np.nan
    known = ~np.isnan(partial).any(axis=0)
    signed = [_each([own.effects[k] for k in ranked], [other.effects[k] for k in ranked]) for other in others]
    by_record, n = by_model[:, ranked].mean(axis=0), ranked.size
    return Randomised(
        records=n,
        left_out=len(occlusions) - n,
        correlation=float(by_record.mean()),
        error=float(by_record.std(ddof=1) / n**0.5) if n > 1 else None,
        by_model=tuple(by_model[:, ranked].mean(axis=1).tolist()),
        limit=LIMIT,
        signed=float(np.mean(signed)),
        place=float(places.mean()),
        random_place=float(random_places.mean()),
        partial=float(partial[:, known].mean()) if known.any() else None,
        partial_records=int(known.sum()),
    )


class _ModelEffects:
    """One model's effects, and their sizes |D| / s(length), record by record; s is over all their sentences."""

    def __init__(self, occlusions: Sequence[Occlusion], effects: Sequence[Float64[np.ndarray, " _"]]) -> None:
        lengths = [np.diff(occlusion.document.abstract.sentence_ends, prepend=0) for occlusion in occlusions]
        length, ends = np.concatenate(lengths), np.cumsum([len(one) for one in lengths])[:-1]
        whole = np.concatenate(effects)
        whole = np.where(np.abs(whole) < ZERO, 0.0, whole)
        self.effects = np.split(whole, ends)
        self.sizes = np.split(np.abs(scale(whole, length, length_edges(length))), ends)


def _distances(occlusion: Occlusion) -> Float64[np.ndarray, " n"]:
    """How many tokens stand between each sentence and the nearer end of the abstract."""
    ends = occlusion.document.abstract.sentence_ends.astype(np.float64)
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
