"""What each unit of a network does over the corpus: what the answer loses without it, and where it is at work.

A unit is *held* when all who read it get its mean, whatever the paper (report.py). What the unit did for a paper is

    did = margin - margin with the unit held

in log-odds. For a unit of the top layer it takes no run: its part of the margin less the mean of its parts over the
papers, exactly, for every paper whose states are kept. For the layers below it is known of the papers that were read
with units held, HELD at most.

*Effect.* The mean of |did| over papers, with its standard error, and the same in probability.

*For which class a unit speaks.* What it does for the papers of a class is the mean of its parts over them in the top
layer, and the mean of `did` below. Nearly every unit of a trained network says more for papers of the positive class
than for those of the negative one (116 of 128 in the demo's abstracts), which tells them apart by nothing. So the two
means are weighed against each other: a unit that adds .09 to the one and takes .06 from the other speaks more for the
positive class. The sign of their sum, where that is at least CLEAR standard errors, else for neither. A paper's class
is its label, else the class that the model predicts.

*Right or wrong.* Of the labelled papers, how many are sorted as labelled, as they are and with the unit held, at the
site's threshold.

A UnitCollector is fed record by record; what a unit does at words is in examples.py.

Notation: P papers, K directions, H units of each, KH = K·H.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64, Int

from sitegen.analysis.attribution.occlusion import Occlusion, predicted, probability
from sitegen.analysis.network.examples import AtWords, WordCollector
from sitegen.analysis.network.likeness import Likeness
from sitegen.analysis.network.report import NetworkReport
from sitegen.analysis.network.written import FIELDS, Field, Inside
from sitegen.corpus.arrays import Array, read_only

AFFECTED = 10  # papers
CLEAR = 2.0  # standard errors
ALIKE, OPPOSITE = 3, 1
LEAST_RECORDS = 3  # papers of a word; 1 in a corpus of less than ten times as many


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What the units of a layer did for papers. In log-odds, where nothing else is said.

    papers: how many. effect, error (KH,): mean and standard error of |did|. points (KH,): the mean of the change of
    probability without its sign. by_class (2, KH): the mean over the papers of the negative and of the positive class,
    of the unit's parts in the top layer, of `did` below; NaN where there are none. of_class: how many of each there
    are. toward (KH,): 1 the positive class, -1 the negative one, 0 neither. labelled, right: how many papers have a
    label, and how many of them the model sorts so; right_held (KH,): with the unit held. affected (KH, n): the records
    whose probability changes most when it is held, affected_points: by how much.
    """

    papers: int
    effect: Array
    error: Array
    points: Array
    by_class: Array
    of_class: tuple[int, int]
    toward: Array
    labelled: int
    right: int
    right_held: Array
    affected: Array
    affected_points: Array

    def __post_init__(self) -> None:
        for name in ("effect", "error", "points"):
            object.__setattr__(self, name, read_only(getattr(self, name), np.float64, (-1,)))
        for name in ("toward", "right_held"):
            object.__setattr__(self, name, read_only(getattr(self, name), np.int64, (-1,)))
        object.__setattr__(self, "by_class", read_only(self.by_class, np.float64, (2, -1)))
        object.__setattr__(self, "affected", read_only(self.affected, np.int64, (-1, -1)))
        object.__setattr__(self, "affected_points", read_only(self.affected_points, np.float64, (-1, -1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerUnits:
    """The units of one layer of one field, both directions counted through. alike (KH, n): the others whose evidence
    goes along most with theirs, opposite (KH, n): and least; their correlation is in Likeness. spread (KH,): of the
    final parts over papers, of the top layer alone, in log-odds."""

    effects: Effects
    at_words: AtWords
    alike: Array
    opposite: Array
    spread: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "alike", read_only(self.alike, np.int64, (-1, -1)))
        object.__setattr__(self, "opposite", read_only(self.opposite, np.int64, (-1, -1)))
        object.__setattr__(self, "spread", read_only(self.spread, np.float64, (-1,)))


UnitSummaries = Mapping[Field, tuple[LayerUnits, ...]]
"""By field and layer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    margin: float
    label: int | None  # the gold label: 1 positive, 0 negative


class UnitCollector:
    """Adds up what units do, a record at a time."""

    def __init__(self, report: NetworkReport, papers: Sequence[Sequence[int]], *, seed: int = 0) -> None:
        """papers: by layer, the records whose states are kept."""
        network = report.network
        self._report, self._seed = report, seed
        self._kept = [frozenset(of_layer) for of_layer in papers]
        self._papers: dict[int, _Paper] = {}
        self._parts: dict[Field, list[Array]] = {field: [] for field in FIELDS}  # of the top layer, by paper
        self._words = {
            (field, layer): WordCollector(
                network.directions * network.hidden,
                last_step=network.last_step and layer == network.layers - 1,
                seed=seed,
            )
            for field in FIELDS
            for layer in range(network.layers)
        }

    def add(self, record: int, occlusion: Occlusion, label: int | None, inside: Callable[[int], Inside | None]) -> None:
        """One record of the corpus. inside: what a layer looks like there."""
        top = self._report.network.layers - 1
        known: dict[Field, Array] = {"title": occlusion.title_known, "abstract": occlusion.abstract_known}
        for layer, kept in enumerate(self._kept):
            looked = inside(layer) if record in kept else None
            if looked is None:
                continue
            for field in FIELDS:
                tokens, places = getattr(occlusion.document, field).tokens, np.flatnonzero(known[field]).tolist()
                words = [tokens[place] for place in places]
                self._words[field, layer].add(record, looked.of(field).states, words, places)
                if layer == top:
                    self._parts[field].append(looked.of(field).units.ravel())
            if layer == top:
                self._papers[record] = _Paper(margin=occlusion.margin, label=label)

    def all(self, likeness: Mapping[Field, Sequence[Likeness]], held: Sequence[int], threshold: float) -> UnitSummaries:
        """All of it. held: the records that were read with units held. threshold: of the positive class."""
        return {
            field: tuple(
                self._layer(field, layer, likeness[field][layer], held, threshold)
                for layer in range(self._report.network.layers)
            )
            for field in FIELDS
        }

    def _layer(self, field: Field, layer: int, likeness: Likeness, held: Sequence[int], threshold: float) -> LayerUnits:
        of_field = self._report.of(field)
        top = layer == self._report.network.layers - 1
        units = len(likeness.correlation)
        if top:
            records = list(self._papers)
            parts = np.array(self._parts[field], np.float64).reshape(-1, units)
            did = parts - parts.mean(axis=0) if len(parts) else parts
            spread = parts.std(axis=0) if len(parts) else np.zeros(units)
        else:
            records = list(held)
            did = parts = -of_field.held[layer].astype(np.float64)
            spread = np.zeros(units)
        papers = [self._papers[record] for record in records]
        slopes = of_field.slopes.ravel() if top else np.ones(units)
        least = LEAST_RECORDS if len(self._kept[layer]) >= 10 * LEAST_RECORDS else 1
        order = _by_likeness(likeness.correlation)
        return LayerUnits(
            effects=_effects(papers, records, did, parts, threshold),
            at_words=self._words[field, layer].all(slopes, least=least, seed=self._seed + layer),
            alike=order[:, :ALIKE],
            opposite=order[:, ::-1][:, :OPPOSITE],
            spread=spread,
        )


def _by_likeness(correlation: Float[np.ndarray, "n n"]) -> Int[np.ndarray, "n _"]:
    """By unit all others, the most alike first."""
    itself = np.where(np.eye(len(correlation), dtype=bool), np.inf, correlation)
    order: Array = np.argsort(-itself, axis=1, kind="stable")[:, 1:]
    return order


def _effects(
    papers: Sequence[_Paper],
    records: Sequence[int],
    did: Float64[np.ndarray, "P KH"],
    parts: Float64[np.ndarray, "P KH"],
    threshold: float,
) -> Effects:
    count = len(papers)
    margins = np.array([paper.margin for paper in papers])
    held = margins[:, None] - did
    change = probability(held) - probability(margins)[:, None]
    classes = np.array(
        [predicted(paper.margin, threshold) if paper.label is None else paper.label for paper in papers], bool
    )
    gold = np.array([-1 if paper.label is None else paper.label for paper in papers], np.int64)
    labelled = gold >= 0
    size = np.abs(did)
    most = np.argsort(-np.abs(change), axis=0, kind="stable")[:AFFECTED].T
    return Effects(
        papers=count,
        effect=_mean(size),
        error=_error(size),
        points=_mean(np.abs(change)),
        by_class=np.stack([_mean(parts[~classes]), _mean(parts[classes])]),
        of_class=(int((~classes).sum()), int(classes.sum())),
        toward=_toward(parts[classes], parts[~classes]),
        labelled=int(labelled.sum()),
        right=int((predicted(margins[labelled], threshold) == gold[labelled]).sum()),
        right_held=(predicted(held[labelled], threshold) == gold[labelled, None]).sum(axis=0),
        affected=np.array(records, np.int64)[most],
        affected_points=np.take_along_axis(change, most.T, axis=0).T,
    )


def _mean(values: Float64[np.ndarray, "n KH"]) -> Float64[np.ndarray, " KH"]:
    """NaN where there is nothing to take it of."""
    mean: Array = values.mean(axis=0) if len(values) else np.full(values.shape[1], np.nan)
    return mean


def _error(values: Float64[np.ndarray, "n KH"]) -> Float64[np.ndarray, " KH"]:
    """The standard error of the mean; 0 of less than two values."""
    error: Array = values.std(axis=0, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.zeros(values.shape[1])
    return error


def _toward(positive: Float64[np.ndarray, "n KH"], negative: Float64[np.ndarray, "m KH"]) -> Int[np.ndarray, " KH"]:
    """The class that units speak for by what they do for papers of either: the sign of the sum of the means."""
    known = [values for values in (positive, negative) if len(values)]
    if any(len(values) == 1 for values in known):
        return np.zeros(positive.shape[1], np.int64)  # one paper has no spread
    together = np.sum([_mean(values) for values in known], axis=0)
    error = np.sqrt(np.sum([np.square(_error(values)) for values in known], axis=0))
    sign: Array = np.where(np.abs(together) >= CLEAR * error, np.sign(together), 0).astype(np.int64)
    return sign
