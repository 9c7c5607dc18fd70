"""What can only be asked of the network itself: its slopes, the strengths of its connections, and papers read with a
unit held. Pages are made without a model, so this is asked when a site is scored, and kept.

A unit is *held* when everyone who reads it gets its mean over the corpus, whatever the paper. How much the margin then
changes says what the unit is for, which neither its weights nor its activity say (a unit may be busy and unheard). For
the top layer it takes no run: the change is w_u (mean h_u(end) - h_u(end)), the unit's mean part less its part here.
Pages make it from the parts. For the layers below each paper is read again with each unit held, HELD papers at most.

Means and spreads (standard deviations) are over the known words of the papers whose states are kept, of states in steps
of 1/127.

Notation: L layers, K directions, H units of each, KH = K·H, P papers.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.network.truth import NOTHING, NetworkTruth, RankAgreement, Together, measure_truth
from sitegen.analysis.network.written import FIELDS, Field, Inside, Network, decoded
from sitegen.corpus.arrays import Array, read_only
from sitegen.corpus.segment import Document
from sitegen.models.protocol import Classifier, ShowsUnits

HELD = 50  # papers that are read with units held


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReport:
    """One field's part of the network.

    slopes (K, H): of the top layer. means, spreads (L, K, H): of each unit's state over all words. held (L - 1, P, KH):
    by layer but the top one, the change of each paper's margin with each unit held at its mean, in log-odds. up
    (L - 1, KH, KH), recurrent (L, K, H, H): strengths of connections, see Connections in models/protocol.py.
    """

    slopes: Array
    means: Array
    spreads: Array
    held: Array
    up: Array
    recurrent: Array

    def __post_init__(self) -> None:
        for name, dimensions in _ARRAYS.items():
            dtype = np.float64 if name == "slopes" else np.float32
            object.__setattr__(self, name, read_only(getattr(self, name), dtype, (-1,) * dimensions))


_ARRAYS = {"slopes": 2, "means": 3, "spreads": 3, "held": 3, "up": 3, "recurrent": 4}  # field -> dimensions


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkReport:
    """All of it. bias: of the margin. papers (L,): on how many papers means and spreads of each layer rest. held: the
    papers that were read with units held, as the numbers of the sample's texts. truth: see truth.py."""

    network: Network
    bias: float
    papers: tuple[int, ...]
    held: tuple[int, ...]
    title: FieldReport
    abstract: FieldReport
    truth: NetworkTruth = NOTHING

    def of(self, field: Field) -> FieldReport:
        """The same of one field."""
        return self.title if field == "title" else self.abstract

    def as_json(self) -> dict[str, Any]:
        """The same in plain values."""
        fields: dict[str, Any] = {
            field: {name: _packed(getattr(self.of(field), name)) for name in _ARRAYS} for field in FIELDS
        }
        return {
            "network": asdict(self.network),
            "bias": self.bias,
            "papers": list(self.papers),
            "held": list(self.held),
            "truth": asdict(self.truth),
            **fields,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> NetworkReport:
        """The report that `as_json` was called on."""
        fields = {field: FieldReport(**{name: _unpacked(values[field][name]) for name in _ARRAYS}) for field in FIELDS}
        return cls(
            network=Network(**values["network"]),
            bias=values["bias"],
            papers=tuple(values["papers"]),
            held=tuple(values["held"]),
            title=fields["title"],
            abstract=fields["abstract"],
            truth=_truth(values["truth"]),
        )


def measure_network(
    classifier: ShowsUnits,
    insides: Callable[[int], Iterable[Inside]],
    held: Mapping[int, Document],
    *,
    randomised: Sequence[Callable[[], Classifier]] = (),
    baseline: Baseline = DELETED,
    seed: int = 0,
    progress: Callable[[float], None] = lambda _: None,
) -> NetworkReport:
    """Ask the network. insides: of a layer, what it looks like inside the papers whose states are kept. held: the
    papers to be read with units held, by number. randomised, baseline, seed: see `measure_truth`. progress: gets the
    fraction done."""
    network = classifier.network
    moments = [_moments(insides(layer)) for layer in range(network.layers)]
    steps, done = len(FIELDS) * (network.layers - 1) * len(held), 0
    fields = {}
    for field in FIELDS:
        texts = [getattr(document, field).tokens for document in held.values()]
        whole = classifier.parts(field, texts) if texts else np.zeros(0)
        means = np.stack([of_layer[field][0] for of_layer, _ in moments])
        changes = np.zeros((network.layers - 1, len(texts), network.directions * network.hidden))
        for layer in range(network.layers - 1):
            for number, tokens in enumerate(texts):
                parts = classifier.held_parts(field, [tokens], layer=layer, values=means[layer])
                changes[layer, number] = parts[0] - whole[number]
                done += 1
                progress(done / steps)
        strengths = classifier.connections(field)
        width = network.directions * network.hidden
        fields[field] = FieldReport(
            slopes=classifier.slopes(field),
            means=means,
            spreads=np.stack([of_layer[field][1] for of_layer, _ in moments]),
            held=changes,
            up=np.stack(strengths.up) if strengths.up else np.zeros((0, width, width)),
            recurrent=np.stack(strengths.recurrent),
        )
    truth = measure_truth(
        classifier,
        list(held.values()),
        means=lambda field, layer: fields[field].means[layer],
        held=lambda field, layer: fields[field].held[layer],
        randomised=randomised,
        baseline=baseline,
        seed=seed,
    )
    return NetworkReport(
        network=network,
        bias=classifier.bias,
        papers=tuple(papers for _, papers in moments),
        held=tuple(held),
        title=fields["title"],
        abstract=fields["abstract"],
        truth=truth,
    )


def _truth(values: Mapping[str, Any]) -> NetworkTruth:
    def agreement(found: Mapping[str, Any] | None) -> RankAgreement | None:
        return None if found is None else RankAgreement(**found)

    return NetworkTruth(
        models=values["models"],
        random=agreement(values["random"]),
        learned=agreement(values["learned"]),
        top=values["top"],
        together=tuple(Together(**one) for one in values["together"]),
    )


def _moments(insides: Iterable[Inside]) -> tuple[dict[Field, tuple[Array, Array]], int]:
    """The mean and the spread of each unit's states by field, and over how many papers."""
    sums: dict[Field, Sequence[Any]] = dict.fromkeys(FIELDS, (0, 0.0, 0.0))
    papers = 0
    for inside in insides:
        papers += 1
        for field in FIELDS:
            states, (words, total, squares) = decoded(inside.of(field).states), sums[field]
            sums[field] = (words + len(states), total + states.sum(axis=0), squares + np.square(states).sum(axis=0))
    results: dict[Field, tuple[Array, Array]] = {}
    for field, (words, total, squares) in sums.items():
        mean = total / words
        results[field] = (mean, np.sqrt(np.maximum(squares / words - np.square(mean), 0.0)))
    return results, papers


def _packed(values: Array) -> dict[str, Any]:
    little = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
    return {"shape": list(values.shape), little.dtype.name: base64.b64encode(little.tobytes()).decode("ascii")}


def _unpacked(packed: Mapping[str, Any]) -> Array:
    (name,) = packed.keys() - {"shape"}
    values: Array = np.frombuffer(base64.b64decode(packed[name]), np.dtype(name).newbyteorder("<"))
    return values.reshape(packed["shape"])
