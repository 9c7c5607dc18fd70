"""Fit the weights of a two-tower network by gradient descent: which texts an epoch shows it, and when it stops.

Shortened texts. The site shows predictions for texts that break off (the prefix grid) and for texts with a gap (the
leave-one-outs). A model that has been trained on whole papers only would extrapolate there. So a share of the examples
is cut short, title and abstract each after a random word, possibly before the first, and each word is left out with a
certain probability. Label smoothing, dropout and weight decay keep the log-odds moderate: a picture of probabilities
that are all 0 or 1 explains nothing.

Stopping. The class weights make both classes count the same in the loss. Training stops when the loss on the validation
part has not improved for `patience` epochs; it is measured on the whole texts and on the same texts cut short, cut once
and alike in every epoch. The weights of the best epoch are the result.

Reproducibility. Everything random comes from the seed: the order, the cuts and the omissions from numpy's generator,
the first weights and the dropout from torch's own, whose state is restored afterwards. With another number of threads
torch sums in another order, so training uses one: on one machine the same examples give the same weights to the last
bit, however many cores are free. At these sizes a second thread would save little.
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

Rows = Array  # (n,) int64: for each known word of a text its row in the matrix of vectors
_BUCKET_BATCHES = 16  # examples of so many batches are sorted by length together: less padding, the order still random
_MAX_GRADIENT_NORM = 1.0
_EVALUATION_BATCH = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class FitOptions:
    """The settings of gradient descent.

    epochs: how many at most. patience: after how many epochs without improvement to stop. batch: examples a step.
    learning_rate, decay: AdamW's, decay being that of the weights. dropout: share of features left out. word_dropout:
    share of words left out. prefix_share: share of examples that are cut short. smoothing: of the labels.
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
    """A labelled record: the known words of its title and of its abstract, and 1 for the positive class, else 0."""

    title: Rows
    abstract: Rows
    label: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The result: the best epoch's weights by name, its number `best` (from 1), and every epoch's validation loss."""

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
    """Fit a network to `train`, stopping by `validation`.

    matrix: the word vectors, to which the examples' rows refer. progress: called with the fraction that is done, 0 to
    1, where 1 is all of `options.epochs`.
    """
    rng = np.random.default_rng(seed)
    vectors = torch.from_numpy(np.array(matrix, dtype=np.float32))
    with _reproducible(seed):
        network = TwoTower(architecture, dropout=options.dropout)
        optimiser = torch.optim.AdamW(
            network.parameters(), lr=options.learning_rate, weight_decay=options.decay, foreach=False
        )
        weights = _class_weights(train)
        validation_texts = [*validation, *(_cut(example, rng) for example in validation)]
        losses: list[float] = []
        best = _copy_weights(network)
        for epoch in range(options.epochs):
            network.train()
            batches = _batches([_shortened(example, options, rng) for example in train], options.batch, rng)
            for done, batch in enumerate(batches):
                logits = _logits(network, batch, vectors, architecture=architecture, dropout=options.dropout)
                loss = F.cross_entropy(logits, _labels(batch), weight=weights, label_smoothing=options.smoothing)
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(network.parameters(), _MAX_GRADIENT_NORM, foreach=False)
                optimiser.step()
                progress((epoch + done / len(batches)) / options.epochs)
            losses.append(_loss(network, validation_texts, vectors, architecture=architecture, weights=weights))
            if losses[-1] == min(losses):
                best = _copy_weights(network)
            elif epoch - int(np.argmin(losses)) >= options.patience:
                break
    progress(1.0)
    return Fit(weights=best, best=int(np.argmin(losses)) + 1, losses=tuple(losses))


@contextmanager
def _reproducible(seed: int) -> Iterator[None]:
    """Seed torch's generator and demand deterministic operations on one thread; restore all three at the end."""
    state, deterministic = torch.default_generator.get_state(), torch.are_deterministic_algorithms_enabled()
    threads = torch.get_num_threads()
    torch.default_generator.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(deterministic)
        torch.default_generator.set_state(state)


def _cut(example: Example, rng: np.random.Generator) -> Example:
    """Title and abstract each cut after a random word, or before the first."""
    title = example.title[: rng.integers(len(example.title) + 1)]
    abstract = example.abstract[: rng.integers(len(example.abstract) + 1)]
    return Example(title=title, abstract=abstract, label=example.label)


def _shortened(example: Example, options: FitOptions, rng: np.random.Generator) -> Example:
    """An example as an epoch shows it: perhaps cut, and without some of its words."""
    if rng.random() < options.prefix_share:
        example = _cut(example, rng)
    keep_title = rng.random(len(example.title)) >= options.word_dropout
    keep_abstract = rng.random(len(example.abstract)) >= options.word_dropout
    return Example(title=example.title[keep_title], abstract=example.abstract[keep_abstract], label=example.label)


def _batches(examples: Sequence[Example], size: int, rng: np.random.Generator) -> list[list[Example]]:
    """Batches in random order, of examples of similar length."""
    order = rng.permutation(len(examples)).tolist()
    batches = []
    for start in range(0, len(order), size * _BUCKET_BATCHES):
        bucket = sorted(order[start : start + size * _BUCKET_BATCHES], key=lambda i: len(examples[i].abstract))
        batches += [[examples[i] for i in bucket[k : k + size]] for k in range(0, len(bucket), size)]
    return [batches[k] for k in rng.permutation(len(batches))]


def _logits(
    network: TwoTower, batch: Sequence[Example], vectors: Tensor, *, architecture: Architecture, dropout: float
) -> Float[Tensor, "B 2"]:
    def features(lstm: nn.LSTM, rows: Sequence[Rows]) -> Tensor:
        texts = [vectors[torch.from_numpy(row)] if len(row) else vectors.new_zeros(1, lstm.input_size) for row in rows]
        encoded = encode_packed(lstm, pack_sequence(texts, enforce_sorted=False), readout=architecture.readout)
        return F.dropout(encoded, dropout, training=network.training)

    abstract = features(network.lstmAb, [example.abstract for example in batch])
    title = features(network.lstmTi, [example.title for example in batch])
    logits: Tensor = network(abstract, title)
    return logits


def _loss(
    network: TwoTower, examples: Sequence[Example], vectors: Tensor, *, architecture: Architecture, weights: Tensor
) -> float:
    """Mean weighted cross-entropy, without dropout."""
    network.eval()
    ordered = sorted(examples, key=lambda example: len(example.abstract))
    with torch.no_grad():
        logits = [
            _logits(network, ordered[k : k + _EVALUATION_BATCH], vectors, architecture=architecture, dropout=0.0)
            for k in range(0, len(ordered), _EVALUATION_BATCH)
        ]
        return float(F.cross_entropy(torch.cat(logits), _labels(ordered), weight=weights))


def _labels(examples: Sequence[Example]) -> Tensor:
    return torch.tensor([example.label for example in examples])


def _class_weights(examples: Sequence[Example]) -> Tensor:
    """Weights of the negative and the positive class with which both count the same in the loss."""
    counts = np.bincount([example.label for example in examples], minlength=2)
    return torch.tensor(len(examples) / (2 * counts), dtype=torch.float32)


def _copy_weights(network: TwoTower) -> dict[str, Array]:
    return {name: value.detach().numpy().copy() for name, value in network.state_dict().items()}
