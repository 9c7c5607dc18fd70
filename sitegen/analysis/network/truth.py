"""Is what the inside of a network shows true? Four comparisons, on the papers that are read with units held.

*Written evidence against what sentences do.* Within a paper the evidence written at each sentence is put beside the
sentence's share and its leave-one-out: Spearman's rank correlation, the mean over papers with at least LEAST sentences.
Written evidence need not agree with them: it says when something was written, and a sentence may prepare what a later
one sets down. How far it agrees is how far it may be read as what the sentence did.

*Random weights beside.* The same with models of the same architecture whose weights are drawn anew: an agreement that
they show, too, comes from the architecture. And the evidence of the model itself beside theirs: near 0 if evidence
shows what was learned and not the text.

*Units of the top layer, held.* The change of the margin is said to be the unit's mean part less its part here. Here it
is run: the largest difference.

*Units below, held together.* What single units do may not add up. GROUPS times half of a layer's units, drawn at
random, are held together; the change is put beside the sum of the changes with each of them held alone.

After Adebayo et al. (2018), "Sanity checks for saliency maps" (random weights).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy.stats import rankdata

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.leave_one_out import sentence_effects
from sitegen.analysis.network.written import FIELDS, Field, Inside, look_inside
from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import Document, SegmentedText
from sitegen.models.protocol import Classifier, ShowsUnits

LEAST = 3  # sentences of a paper
GROUPS = 8
FLAT = 1e-6  # log-odds: values that spread less are rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class RankAgreement:
    """A mean rank correlation over papers, with its standard error (None for a single paper)."""

    mean: float
    error: float | None
    papers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Half of a layer's units held together, against the sum of what each does alone.

    together, alone: the mean sizes of the change of the margin, in log-odds. correlation: over papers and groups; None
    where nothing changes.
    """

    field: Field
    layer: int
    together: float
    alone: float
    correlation: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkTruth:
    """What was asked of the network and of models with random weights.

    models: how many of these. random: their own evidence against their leave-one-out; learned: the model's evidence
    against theirs; None where no paper has a rank correlation. top: the largest difference between the change that a
    run with a unit of the top layer held shows and the one that its part says, in log-odds. together: by field and
    lower layer.
    """

    models: int
    random: RankAgreement | None
    learned: RankAgreement | None
    top: float
    together: tuple[Together, ...]


NOTHING = NetworkTruth(models=0, random=None, learned=None, top=0.0, together=())  # was asked


def sentence_evidence(inside: Inside, abstract: SegmentedText) -> Float64[np.ndarray, " S"]:
    """What was written at each sentence of the abstract, in log-odds."""
    words = inside.abstract.words.astype(np.float64)
    evidence: Array = np.array([words[first:behind].sum() for first, behind in abstract.sentence_ranges])
    return evidence


def rank_agreement(pairs: Iterable[tuple[Array, Array]]) -> RankAgreement | None:
    """The mean rank correlation within each pair of values of a paper's sentences; None where no pair has one."""
    found = [_rank_correlation(one, other) for one, other in pairs if len(one) >= LEAST and _spread(one, other)]
    if not found:
        return None
    error = float(np.std(found, ddof=1) / np.sqrt(len(found))) if len(found) > 1 else None
    return RankAgreement(mean=float(np.mean(found)), error=error, papers=len(found))


def measure_truth(
    classifier: ShowsUnits,
    documents: Sequence[Document],
    *,
    means: Callable[[Field, int], Array],
    held: Callable[[Field, int], Array],
    randomised: Sequence[Callable[[], Classifier]] = (),
    baseline: Baseline = DELETED,
    seed: int = 0,
) -> NetworkTruth:
    """Ask on these papers. means: of a field's layer, the value (K, H) that each unit is held at; held: of a layer but
    the top one, the change (P, KH) of each paper's margin with each unit held. randomised: what makes models with
    random weights. seed: of the groups."""
    own, learned = list[tuple[Array, Array]](), list[tuple[Array, Array]]()
    top = classifier.network.layers - 1
    trained = _evidence(documents, classifier)
    for make in randomised:
        model = make()
        assert isinstance(model, ShowsUnits)
        evidence = _evidence(documents, model)
        effects = sentence_effects(documents, model, baseline=baseline)
        own += [(one, effect) for one, (_, effect) in zip(evidence, effects, strict=True)]
        learned += list(zip(trained, evidence, strict=True))
    rng = np.random.default_rng(seed)
    differences, together = [0.0], []
    for field in FIELDS:
        texts = [getattr(document, field).tokens for document in documents]
        whole = classifier.parts(field, texts)
        said = _top_changes(classifier, documents, field, means(field, top))
        run = classifier.held_parts(field, texts, layer=top, values=means(field, top)) - whole[:, None]
        differences.append(float(np.abs(run - said).max(initial=0.0)))
        for layer in range(top):
            groups = np.stack([rng.permutation(said.shape[1]) < said.shape[1] // 2 for _ in range(GROUPS)])
            parts = classifier.held_parts(field, texts, layer=layer, values=means(field, layer), groups=groups)
            together.append(_together(field, layer, parts - whole[:, None], held(field, layer) @ groups.T))
    return NetworkTruth(
        models=len(randomised),
        random=rank_agreement(own),
        learned=rank_agreement(learned),
        top=max(differences),
        together=tuple(together),
    )


def _evidence(documents: Sequence[Document], classifier: ShowsUnits) -> list[Array]:
    insides = look_inside(documents, classifier, layer=classifier.network.layers - 1)
    return [sentence_evidence(inside, document.abstract) for inside, document in zip(insides, documents, strict=True)]


def _top_changes(classifier: ShowsUnits, documents: Sequence[Document], field: Field, mean: Array) -> Array:
    """The unit's part at its mean less its part at each paper, (P, KH)."""
    insides = look_inside(documents, classifier, layer=classifier.network.layers - 1)
    at_mean = classifier.slopes(field) * mean
    return np.stack([(at_mean - inside.of(field).units).ravel() for inside in insides])


def _together(field: Field, layer: int, changes: Array, sums: Array) -> Together:
    spread = np.std(changes) > FLAT and np.std(sums) > FLAT
    return Together(
        field=field,
        layer=layer,
        together=float(np.abs(changes).mean()),
        alone=float(np.abs(sums).mean()),
        correlation=float(np.corrcoef(changes.ravel(), sums.ravel())[0, 1]) if spread else None,
    )


def _spread(*values: Array) -> bool:
    return all(np.ptp(one) > FLAT for one in values)


def _rank_correlation(one: Array, other: Array) -> float:
    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])
