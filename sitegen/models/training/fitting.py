"""Gradient descent on a two-tower network: the examples of an epoch, and when to stop.

Readers of a prefix grid look at what the model makes of texts that break off, and at texts with a hole. A model
that has only ever met whole papers extrapolates there. So a share of the examples is cut, title and abstract each
at a random word, down to nothing, and each word is left out with a small probability. Label smoothing, dropout and
weight decay keep the log-odds moderate: a picture of probabilities that are all 0 or 1 explains nothing.

The class weights make both classes count the same in the loss. Training stops when the loss on the validation
part, whole texts and the same cut texts every time, has not improved for `patience` epochs; the weights of the best
epoch stay.

Everything random comes from the seed: the order, the cuts and the omissions from numpy's generator, the first
weights and the dropout from torch's own, whose state is put back afterwards. With another number of threads torch
sums in another order, so training keeps to one: on one machine the same examples give the same weights to the last bit,
however many cores are free. At these sizes a second thread would save little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_sequence

from sitegen.corpus.arrays import Array
from sitegen.models.lstm.architecture import Architecture
from sitegen.models.lstm.engine.prefixes import encode_packed
from sitegen.models.lstm.network import TwoTower

Rows = Array  # (n,) int64
_BUCKET = 16  # batches whose examples are sorted by length together: less padding, order still random
_CLIP = 1.0  # largest norm of a gradient


@dataclass(frozen=True, slots=True, kw_only=True)
class FitOptions:
    """How to train.

    epochs: at most so many. patience: epochs without improvement before stopping. batch: examples a step.
    dropout: share of features left out. word_dropout: share of words left out. prefix_share: share of examples
    that are cut short. smoothing: of the labels. decay: AdamW's weight decay.
    """

    epochs: int = 15
    patience: int = 4
    batch: int = 32
    learning_rate: float = 5e-4
    dropout: float = 0.5
    word_dropout: float = 0.3
    prefix_share: float = 0.5
    smoothing: float = 0.02
    decay: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled text as the rows of its known words in the matrix of vectors."""

    title: Rows
    abstract: Rows
    label: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The best epoch's weights by name, its number (from 1), and the validation loss of every epoch."""

    weights: dict[str, Array]
    best: int
    losses: tuple[float, ...]


def fit(
    architecture: Architecture,
    matrix: Float[np.ndarray, "V D"],
    *,
    train: Sequence[Example],
    validation: Sequence[Example],
    options: FitOptions,
    seed: int,
    progress: Callable[[float], None],
) -> Fit:
    """Train a network on `train`, stop by `validation`; `progress` is called with the fraction done, 0 to 1."""
    rng = np.random.default_rng(seed)
    vectors = torch.from_numpy(np.array(matrix, dtype=np.float32))
    with _reproducible(seed):
        network = TwoTower(architecture, dropout=options.dropout)
        optimiser = torch.optim.AdamW(
            network.parameters(), lr=options.learning_rate, weight_decay=options.decay, foreach=False
        )
        weights = _class_weights(train)
        watched = [*validation, *(_cut(example, rng) for example in validation)]
        losses: list[float] = []
        best = _state(network)
        for epoch in range(options.epochs):
            network.train()
            batches = _batches([_disturbed(example, options, rng) for example in train], options.batch, rng)
            for done, batch in enumerate(batches):
                logits = _logits(network, batch, vectors, architecture=architecture, dropout=options.dropout)
                loss = F.cross_entropy(logits, _labels(batch), weight=weights, label_smoothing=options.smoothing)
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(network.parameters(), _CLIP, foreach=False)
                optimiser.step()
                progress((epoch + done / len(batches)) / options.epochs)
            losses.append(_loss(network, watched, vectors, architecture=architecture, weights=weights))
            if losses[-1] == min(losses):
                best = _state(network)
            elif epoch - int(np.argmin(losses)) >= options.patience:
                break
    progress(1.0)
    return Fit(weights=best, best=int(np.argmin(losses)) + 1, losses=tuple(losses))


@contextmanager
def _reproducible(seed: int) -> Iterator[None]:
    """Seed torch's generator, demand deterministic operations on one thread; put all three back at the end."""
    state, strict = torch.default_generator.get_state(), torch.are_deterministic_algorithms_enabled()
    threads = torch.get_num_threads()
    torch.default_generator.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(strict)
        torch.default_generator.set_state(state)


def _cut(example: Example, rng: np.random.Generator) -> Example:
    """Title and abstract each cut after a random word, or before the first."""
    title = example.title[: rng.integers(len(example.title) + 1)]
    abstract = example.abstract[: rng.integers(len(example.abstract) + 1)]
    return Example(title=title, abstract=abstract, label=example.label)


def _disturbed(example: Example, options: FitOptions, rng: np.random.Generator) -> Example:
    if rng.random() < options.prefix_share:
        example = _cut(example, rng)
    keep_title = rng.random(len(example.title)) >= options.word_dropout
    keep_abstract = rng.random(len(example.abstract)) >= options.word_dropout
    return Example(title=example.title[keep_title], abstract=example.abstract[keep_abstract], label=example.label)


def _batches(examples: Sequence[Example], size: int, rng: np.random.Generator) -> list[list[Example]]:
    """Batches in random order, of examples of similar length."""
    order = rng.permutation(len(examples)).tolist()
    batches = []
    for start in range(0, len(order), size * _BUCKET):
        bucket = sorted(order[start : start + size * _BUCKET], key=lambda i: len(examples[i].abstract))
        batches += [[examples[i] for i in bucket[k : k + size]] for k in range(0, len(bucket), size)]
    return [batches[k] for k in rng.permutation(len(batches))]


def _logits(
    network: TwoTower, batch: Sequence[Example], vectors: Tensor, *, architecture: Architecture, dropout: float
) -> Float[Tensor, "B 2"]:
    def features(lstm: nn.LSTM, rows: Sequence[Rows]) -> Tensor:
        texts = [vectors[torch.from_numpy(row)] if len(row) else vectors.new_zeros(1, lstm.input_size) for row in rows]
        read = encode_packed(lstm, pack_sequence(texts, enforce_sorted=False), readout=architecture.readout)
        return F.dropout(read, dropout, training=network.training)

    abstract = features(network.lstmAb, [example.abstract for example in batch])
    title = features(network.lstmTi, [example.title for example in batch])
    logits: Tensor = network(abstract, title)
    return logits


def _loss(
    network: TwoTower, examples: Sequence[Example], vectors: Tensor, *, architecture: Architecture, weights: Tensor
) -> float:
    """Mean weighted cross-entropy, nothing left out."""
    network.eval()
    ordered = sorted(examples, key=lambda example: len(example.abstract))
    with torch.no_grad():
        logits = [
            _logits(network, ordered[k : k + 128], vectors, architecture=architecture, dropout=0.0)
            for k in range(0, len(ordered), 128)
        ]
        return float(F.cross_entropy(torch.cat(logits), _labels(ordered), weight=weights))


def _labels(examples: Sequence[Example]) -> Tensor:
    return torch.tensor([example.label for example in examples])


def _class_weights(examples: Sequence[Example]) -> Tensor:
    counts = np.bincount([example.label for example in examples], minlength=2)
    return torch.tensor(len(examples) / (2 * counts), dtype=torch.float32)


def _state(network: TwoTower) -> dict[str, Array]:
    return {name: value.detach().numpy().copy() for name, value in network.state_dict().items()}
