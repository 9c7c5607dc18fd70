"""Small random models for tests, and the naive reference: a loop over torch.nn.LSTM, one text at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from sitegen.corpus.segment import Segmentation
from sitegen.corpus.vectors import Vectors, open_vectors, write_vectors
from sitegen.models.lstm.architecture import Architecture
from sitegen.models.lstm.classifier import build_classifier
from sitegen.models.lstm.network import TwoTower

WORDS = [f"w{number}" for number in range(40)]
STRANGER = "unheard-of"


def random_vectors(folder: Path, *, dimension: int = 7, seed: int = 3) -> Vectors:
    """Vectors of WORDS in `folder`, normal with deviation 1."""
    matrix = np.random.default_rng(seed).normal(size=(len(WORDS), dimension)).astype(np.float32)
    write_vectors(folder, words=WORDS, matrix=matrix)
    return open_vectors(folder)


def random_weights(architecture: Architecture, *, seed: int = 5) -> dict[str, np.ndarray[Any, Any]]:
    """Weights of every shape the architecture has, large enough for the gates to matter."""
    rng = np.random.default_rng(seed)
    return {name: rng.normal(scale=0.5, size=shape).astype(np.float32) for name, shape in architecture.shapes().items()}


def random_classifier(folder: Path, architecture: Architecture, **settings: Any) -> Any:
    """A classifier with random weights and vectors."""
    return build_classifier(
        random_weights(architecture),
        architecture=architecture,
        vectors=random_vectors(folder, dimension=architecture.dimension),
        segmentation=Segmentation(),
        **settings,
    )


def random_text(rng: np.random.Generator, length: int, *, unknown: float = 0.2) -> list[str]:
    """Words, some of which no vocabulary has."""
    return [STRANGER if rng.random() < unknown else WORDS[rng.integers(len(WORDS))] for _ in range(length)]


def naive_features(lstm: torch.nn.LSTM, text: torch.Tensor, *, readout: str) -> torch.Tensor:
    """What the tower makes of one text (n, D), by torch alone: (KH,)."""
    if len(text) == 0:
        text = torch.zeros(1, lstm.input_size, dtype=text.dtype)
    output, (hidden, _) = lstm(text[None])
    if readout == "last-step":
        return output[0, -1]
    return torch.cat(list(hidden[-(2 if lstm.bidirectional else 1) :, 0]))


def naive_margin(architecture: Architecture, vectors: Vectors, title: Sequence[str], abstract: Sequence[str]) -> float:
    """The margin of one record in float64, by torch alone, from weights of `random_weights`."""
    network = TwoTower(architecture).double()
    network.load_state_dict({k: torch.from_numpy(v) for k, v in random_weights(architecture).items()})
    sides = []
    for lstm, tokens in ((network.lstmAb, abstract), (network.lstmTi, title)):
        index = {word: row for row, word in enumerate(vectors.words())}
        rows = [index[token] for token in tokens if token in index]
        text = torch.from_numpy(np.array(vectors.matrix[rows], dtype=np.float64).reshape(-1, vectors.dimension))
        sides.append(naive_features(lstm, text, readout=architecture.readout))
    logits = network.fc(torch.cat(sides))
    return float((logits[1] - logits[0]).detach())


def stated(folder: Path) -> Architecture:
    """The architecture that config.json of a model directory states."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    numbers = {name: value for name, value in config["architecture"].items() if name != "type"}
    return Architecture(**numbers, classes=len(config["classes"]))
