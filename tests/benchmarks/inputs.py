"""The texts and towers of the benchmarks: a title of 12 and an abstract of 170 words a record, a tower for each."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from sitegen.models.lstm.architecture import Readout

T, A, D, H, BATCH = 12, 170, 200, 128, 16
READOUTS: tuple[Readout, ...] = ("last-step", "final-state")


def towers() -> tuple[torch.nn.LSTM, torch.nn.LSTM]:
    """The title's tower and the abstract's."""
    torch.manual_seed(7)
    first, second = (torch.nn.LSTM(D, H, 2, batch_first=True, bidirectional=True) for _ in range(2))
    return first.requires_grad_(False), second.requires_grad_(False)


def random_texts(count: int, length: int) -> list[Tensor]:
    """`count` texts of `length` words, each word a random vector."""
    generator = torch.Generator().manual_seed(length)
    return [torch.randn(length, D, generator=generator) for _ in range(count)]


def all_prefixes(texts: Sequence[Tensor]) -> list[Tensor]:
    """Every prefix of every text, as texts."""
    return [text[:k] for text in texts for k in range(1, len(text) + 1)]


def without_each_word(texts: Sequence[Tensor]) -> list[Tensor]:
    """Every text without each of its words, as texts."""
    return [torch.cat([text[:k], text[k + 1 :]]) for text in texts for k in range(len(text))]


def each_word(texts: Sequence[Tensor]) -> list[list[tuple[int, int]]]:
    """For every text the ranges of its single words."""
    return [[(k, k + 1) for k in range(len(text))] for text in texts]


def assert_same(ours: Sequence[Tensor] | Tensor, other: Tensor) -> None:
    """Fail unless both are equal as far as float32 goes."""
    joined = ours if isinstance(ours, Tensor) else torch.cat(list(ours))
    torch.testing.assert_close(joined, other, rtol=1e-5, atol=2e-6)
