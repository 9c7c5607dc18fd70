"""The two-tower LSTM as a classifier: one tower reads the abstract, one the title, one layer makes two logits of both.

Notation: B records, n known words of a text, D vector size, H hidden size, L layers, K directions, KH = K·H.

    vectors of a text     (n, D)      unknown words left out; an empty text is one zero vector, n = 1; the stand-ins
                                      of protocol.py are read as the vectors they are named after
    lstmAb, lstmTi        (n, D) -> (KH,)      by the readout, see architecture.py
    fc                    (2·KH,) -> (2,)      [abstract, title] -> logits of [negative, positive]
    margin                logit 1 - logit 0, the log-odds of the softmax probability of the positive class

Nothing mixes the two towers but fc, which is linear, so with w = fc.weight[1] - fc.weight[0] the margin is

    margin = w[:KH] . abstract features  +  w[KH:] . title features  +  (fc.bias[1] - fc.bias[0])

exactly: TwoTowerClassifier is additive. With `joint = n` a hidden tanh layer of n units reads both towers at once
(fc.0, tanh, fc.2); JointClassifier then knows margins of whole records only.

Features are computed in the precision that is chosen (float32 as trained; float64 to compare; with bfloat16 the
products of prefixes and leave-one-outs are made in it, see engine/prefixes.py), the sums above in float64. Which texts
share a batch moves float32 margins by less than 1e-6; how many threads compute does not move them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Float64, Int64
from torch import Tensor, nn

from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import Segmentation
from sitegen.corpus.vectors import Vectors
from sitegen.models.lstm.architecture import Architecture
from sitegen.models.lstm.engine.arena import Arena
from sitegen.models.lstm.engine.prefixes import deletion_features, encode, pool_for, prefix_features, subset_features
from sitegen.models.lstm.engine.thread_pool import ThreadPool, runs
from sitegen.models.lstm.engine.units import connection_strengths, held_features, layer_states, single_layers
from sitegen.models.lstm.network import TwoTower
from sitegen.models.protocol import (
    MEAN_VECTOR,
    ZERO_VECTOR,
    Classifier,
    Connections,
    Field,
    Network,
    Precision,
    Range,
    Tokens,
)

UNKNOWN_WORDS = ("<unk>", "<UNK>", "UNK", "[UNK]")  # how vocabularies name their entry for unknown words
MASKS_PER_CALL = 1 << 15  # of whole texts; their features are held at once, 33 MB for 2 x 128 numbers


class Encoder:
    """From tokens to the features of a tower, as every classifier of such a network needs it."""

    def __init__(
        self,
        network: TwoTower,
        *,
        architecture: Architecture,
        vectors: Vectors,
        segmentation: Segmentation,
        precision: Precision = "float32",
        device: str = "cpu",
        budget: int | None = None,
    ) -> None:
        self._dtype = torch.float64 if precision == "float64" else torch.float32
        self._device = torch.device(device)
        self._network = network.to(device=self._device, dtype=self._dtype).eval()
        self._network.requires_grad_(False)
        self._vectors = vectors
        self._segmentation = segmentation
        self._architecture = architecture
        self._budget = budget
        self._products = torch.bfloat16 if precision == "bfloat16" else None

    @property
    def segmentation(self) -> Segmentation:
        """How texts must be cut before this model reads them."""
        return self._segmentation

    def known(self, tokens: Tokens) -> Bool[np.ndarray, " n"]:
        """Which tokens the model reads: those its vocabulary has, and its stand-ins. The others are skipped."""
        mask: Array = self._rows(tokens) >= 0
        return mask

    @cached_property
    def stand_ins(self) -> Mapping[str, str]:
        """The tokens this model reads in the place of hidden ones: two vectors that no word has, and the vocabulary's
        entry for unknown words, where it has one."""
        tokens = {"zero": ZERO_VECTOR, "mean": MEAN_VECTOR}
        rows = self._vectors.rows(UNKNOWN_WORDS)
        if np.any(rows >= 0):
            tokens["unknown"] = UNKNOWN_WORDS[int(np.argmax(rows >= 0))]
        return tokens

    @cached_property
    def _mean_vector(self) -> Array:
        return self._vectors.mean()

    @cached_property
    def _pool(self) -> ThreadPool:
        return pool_for(self._network.lstmAb, budget=self._budget)

    def _rows(self, tokens: Tokens) -> Int64[np.ndarray, " n"]:
        """Each token's row: -1 unknown; V zero, V + 1 mean, behind the vocabulary's V rows."""
        rows: Array = self._vectors.rows(tokens)
        for place in np.flatnonzero(rows < 0).tolist():
            if tokens[place] in (ZERO_VECTOR, MEAN_VECTOR):
                rows[place] = len(self._vectors) + (tokens[place] == MEAN_VECTOR)
        return rows

    def _lstm(self, field: Field) -> nn.LSTM:
        return self._network.lstmTi if field == "title" else self._network.lstmAb

    def _embed(self, rows: Int64[np.ndarray, " n"]) -> Float[Tensor, "_ D"]:
        """The vectors of the known words of a text, given all its words' rows."""
        read = rows[rows >= 0]
        words = read < len(self._vectors)
        values = np.zeros((len(read), self._vectors.dimension), dtype=np.float32)
        values[words] = self._vectors.matrix[read[words]]
        if not words.all():
            values[read > len(self._vectors)] = self._mean_vector
        return torch.from_numpy(values).to(self._device, self._dtype)

    def _features(self, field: Field, texts: Sequence[Tokens]) -> Float[Tensor, "B KH"]:
        with torch.inference_mode():
            embedded = [self._embed(self._rows(tokens)) for tokens in texts]
            return encode(
                self._lstm(field), embedded, readout=self._architecture.readout, pool=self._pool, budget=self._budget
            )


class TwoTowerClassifier(Encoder):
    """An additive classifier that shows its units: see AdditiveClassifier and ShowsUnits in protocol.py for what each
    method promises."""

    additive = True

    def __init__(self, network: TwoTower, **settings: Any) -> None:
        super().__init__(network, **settings)
        layer = self._network.fc
        assert isinstance(layer, nn.Linear)
        weight, bias = layer.weight.double(), layer.bias.double()
        slope = weight[1] - weight[0]
        self._slopes = {"abstract": slope[: len(slope) // 2], "title": slope[len(slope) // 2 :]}
        self._bias = float(bias[1] - bias[0])

    @property
    def bias(self) -> float:
        """The constant that is left of the margin when both parts are taken away, in log-odds."""
        return self._bias

    def margins(self, titles: Sequence[Tokens], abstracts: Sequence[Tokens]) -> Float64[np.ndarray, " n"]:
        """The margin of each (title, abstract) pair, in log-odds."""
        margins: Array = self.parts("title", titles) + self.parts("abstract", abstracts) + self._bias
        return margins

    def parts(self, field: Field, texts: Sequence[Tokens]) -> Float64[np.ndarray, " n"]:
        """Each text's part of the margin, read as `field`."""
        return self._part(field, self._features(field, texts))

    def prefix_parts(self, field: Field, texts: Sequence[Tokens]) -> list[Float64[np.ndarray, " _"]]:
        """For each text of n tokens the parts of its prefixes of 1..n tokens, (max(n, 1),).

        An unknown token adds nothing: its prefix has the part of the prefix before it, or of the empty text.
        """
        rows = [self._rows(tokens) for tokens in texts]
        with torch.inference_mode():
            features = prefix_features(
                self._lstm(field),
                [self._embed(row) for row in rows],
                readout=self._architecture.readout,
                pool=self._pool,
                products=self._products,
            )
        empty = self.parts(field, [()])
        results = []
        for row, of_prefixes in zip(rows, features, strict=True):
            read = np.cumsum(row >= 0)
            parts = np.concatenate([empty, self._part(field, of_prefixes)])
            results.append(parts[read] if len(read) else empty)
        return results

    def without_parts(
        self, field: Field, texts: Sequence[Tokens], ranges: Sequence[Sequence[Range]]
    ) -> list[Float64[np.ndarray, " _"]]:
        """For each text, and each of its half-open token ranges, the part of the text with that range deleted.

        Ranges without a known token change nothing: within a call they have, to the last bit, the part of the
        empty range, which is that of the whole text.
        """
        rows = [self._rows(tokens) for tokens in texts]
        read = [np.concatenate([[0], np.cumsum(row >= 0)]) for row in rows]
        known = [
            [(int(count[start]), int(count[stop])) for start, stop in of_text]
            for count, of_text in zip(read, ranges, strict=True)
        ]
        with torch.inference_mode():
            features = deletion_features(
                self._lstm(field),
                [self._embed(row) for row in rows],
                known,
                readout=self._architecture.readout,
                pool=self._pool,
                products=self._products,
            )
        return [self._part(field, of_text) for of_text in features]

    def kept_parts(
        self, field: Field, texts: Sequence[Tokens], masks: Sequence[Bool[np.ndarray, "_ _"]]
    ) -> list[Float64[np.ndarray, " _"]]:
        """For each text of n tokens, and each of its masks, (k, n), the part of the tokens that it keeps, (k,)."""
        rows = [self._rows(tokens) for tokens in texts]
        parts: list[Array] = []
        with torch.inference_mode():
            for run in runs([len(of_text) for of_text in masks], limit=MASKS_PER_CALL):
                features = subset_features(
                    self._lstm(field),
                    [self._embed(row) for row in rows[run]],
                    [of_text[:, row >= 0] for of_text, row in zip(masks[run], rows[run], strict=True)],
                    readout=self._architecture.readout,
                    pool=self._pool,
                )
                parts += [self._part(field, of_text) for of_text in features]
        return parts

    @property
    def network(self) -> Network:
        """Its shape."""
        shape = self._architecture.network
        assert shape is not None
        return shape

    def slopes(self, field: Field) -> Float64[np.ndarray, "K H"]:
        """What the margin gains where a unit of the top layer ends one higher, in log-odds."""
        slopes: Array = self._slopes[field].cpu().numpy().reshape(-1, self._architecture.hidden)
        return slopes

    def states(self, field: Field, texts: Sequence[Tokens], *, layer: int) -> list[Float[np.ndarray, "_ K H"]]:
        """For each text the states of one layer after each of its known tokens, in the text's order."""
        layers = single_layers(self._lstm(field))[: layer + 1]
        states: list[Array] = []
        with torch.inference_mode(), self._pool.alone():
            for tokens in texts:
                of_text = layer_states(layers, self._embed(self._rows(tokens)))
                states.append(of_text.reshape(len(of_text), -1, self._architecture.hidden).cpu().numpy())
        return states

    def held_parts(
        self,
        field: Field,
        texts: Sequence[Tokens],
        *,
        layer: int,
        values: Float[np.ndarray, "K H"],
        groups: Bool[np.ndarray, "G KH"] | None = None,
    ) -> Float64[np.ndarray, "n G"]:
        """Each text's part with some units of a layer held, by groups or each by itself."""
        layers = single_layers(self._lstm(field))
        below, above = layers[: layer + 1], layers[layer + 1 :]
        held = torch.from_numpy(np.array(values)).to(self._device, self._dtype).flatten()
        masks = torch.eye(held.numel(), dtype=torch.bool) if groups is None else torch.from_numpy(np.array(groups))
        masks = masks.to(self._device)
        parts: Array = np.empty((len(texts), len(masks)))

        def job(number: int, tokens: Tokens, _: Arena) -> None:
            states = layer_states(below, self._embed(self._rows(tokens)))
            features = held_features(
                above, states, held, masks, hidden=self._architecture.hidden, readout=self._architecture.readout
            )
            parts[number] = (features.double() @ self._slopes[field]).cpu().numpy()

        with self._pool.alone():
            self._pool.run([partial(job, number, tokens) for number, tokens in enumerate(texts)])
        return parts

    def connections(self, field: Field) -> Connections:
        """How strongly its units act on each other."""
        up, recurrent = connection_strengths(single_layers(self._lstm(field)))
        return Connections(
            up=tuple(one.cpu().numpy() for one in up), recurrent=tuple(one.cpu().numpy() for one in recurrent)
        )

    def _part(self, field: Field, features: Float[Tensor, "B KH"]) -> Float64[np.ndarray, " B"]:
        with self._pool.alone():
            part: Array = (features.double() @ self._slopes[field]).cpu().numpy()
        return part


class JointClassifier(Encoder):
    """A classifier whose hidden layer reads both towers together: not additive, evaluated whole."""

    additive = False

    def margins(self, titles: Sequence[Tokens], abstracts: Sequence[Tokens]) -> Float64[np.ndarray, " n"]:
        """The margin of each (title, abstract) pair, in log-odds."""
        abstract, title = self._features("abstract", abstracts), self._features("title", titles)
        with torch.inference_mode(), self._pool.alone():
            logits = self._network(abstract, title).double()
        margins: Array = (logits[:, 1] - logits[:, 0]).cpu().numpy()
        return margins


def build_classifier(
    weights: Mapping[str, Array],
    *,
    architecture: Architecture,
    vectors: Vectors,
    segmentation: Segmentation,
    precision: Precision = "float32",
    device: str = "cpu",
    budget: int | None = None,
) -> Classifier:
    """A classifier from weights whose names and shapes fit the architecture, which has two classes."""
    kind = JointClassifier if architecture.joint else TwoTowerClassifier
    return kind(
        network_of(weights, architecture),
        architecture=architecture,
        vectors=vectors,
        segmentation=segmentation,
        precision=precision,
        device=device,
        budget=budget,
    )


def network_of(weights: Mapping[str, Array], architecture: Architecture) -> TwoTower:
    """The network with weights whose names and shapes fit the architecture."""
    with torch.device("meta"):  # no memory, no random first weights
        network = TwoTower(architecture)
    network.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in weights.items()}, assign=True)
    return network
