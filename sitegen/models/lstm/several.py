"""The two-tower LSTM of more than two classes, asked for one of them against all the others together.

Notation: B records, C classes, KH how many numbers a tower makes of a text, n joint units (0: none), p the positive
class's place among the C.

    logits    fc.weight [abstract, title] + fc.bias, (B, C); with a joint layer fc.2 (tanh (fc.0 [abstract, title]))
    margin    logit p - log sum of exp(logit k) over all k but p: the log-odds of the softmax probability of class p

Each logit is a part of the abstract, a part of the title and a constant. Their margin is not: what a title adds depends
on which of the other classes the abstract speaks for. So this classifier is not additive. But the towers still read one
field each, and the first layer above them (fc, or fc.0) is linear: a text is read once, its part of that layer is kept,
and a grid of T x A texts costs T + A of them and T x A sums. Parts of texts that were read for an earlier call are kept
as well, KEPT of each field; which texts are read together moves float32 margins by about a millionth of their size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float64
from torch import nn

from sitegen.corpus.arrays import Array
from sitegen.models.lstm.architecture import Architecture
from sitegen.models.lstm.classifier import Encoder, network_of
from sitegen.models.lstm.network import TwoTower
from sitegen.models.probabilities import against_rest
from sitegen.models.protocol import FIELDS, Field, Tokens

KEPT = 4096  # texts of a field


class SeveralClassifier(Encoder):
    """A Classifier of one class against the others. positive: its place among the classes."""

    additive = False

    def __init__(self, network: TwoTower, *, positive: int, **settings: Any) -> None:
        super().__init__(network, **settings)
        self._positive = positive
        layers = [layer for layer in self._network.modules() if isinstance(layer, nn.Linear)]
        self._layers = [(_numbers(layer.weight), _numbers(layer.bias)) for layer in layers]
        weight = self._layers[0][0]
        half = weight.shape[1] // 2
        self._of_field = {"abstract": weight[:, :half], "title": weight[:, half:]}
        self._kept: dict[Field, dict[tuple[str, ...], Array]] = {field: {} for field in FIELDS}

    def margins(self, titles: Sequence[Tokens], abstracts: Sequence[Tokens]) -> Float64[np.ndarray, " n"]:
        """The margin of each (title, abstract) pair, in log-odds."""
        if not len(titles):
            return np.zeros(0)
        numbers = self._parts("title", titles) + self._parts("abstract", abstracts) + self._layers[0][1]
        for weight, bias in self._layers[1:]:
            numbers = np.tanh(numbers) @ weight.T + bias
        return against_rest(numbers, self._positive)

    def _parts(self, field: Field, texts: Sequence[Tokens]) -> Float64[np.ndarray, "B rows"]:
        """Each text's part of the first layer above the towers; texts that are equal are read once."""
        kept = self._kept[field]
        keys = [tuple(tokens) for tokens in texts]
        fresh = [key for key in dict.fromkeys(keys) if key not in kept]
        if len(kept) + len(fresh) > KEPT:
            wanted = set(keys)
            kept = self._kept[field] = {key: part for key, part in kept.items() if key in wanted}
        if fresh:
            features: Array = self._features(field, fresh).double().cpu().numpy()
            kept.update(zip(fresh, features @ self._of_field[field].T, strict=True))
        parts: Array = np.stack([kept[key] for key in keys])
        return parts


def build_several(
    weights: Mapping[str, Array], *, architecture: Architecture, positive: int, **settings: Any
) -> SeveralClassifier:
    """A classifier from weights whose names and shapes fit the architecture. settings: those of
    `classifier.build_classifier`."""
    network = network_of(weights, architecture)
    return SeveralClassifier(network, positive=positive, architecture=architecture, **settings)


def _numbers(tensor: torch.Tensor) -> Array:
    values: Array = tensor.detach().double().cpu().numpy()
    return values
