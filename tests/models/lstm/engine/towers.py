"""Small towers and texts with random numbers, and what torch alone makes of them."""

from __future__ import annotations

from typing import Any

import torch

H, D = 5, 6  # hidden size of `tower`, size of a word's vector
READOUTS = ["final-state", "last-step"]
LENGTHS = [1, 2, 3, 0, 17, 40, 5]
Rnn = torch.nn.LSTM | torch.nn.GRU


def tower(
    *, layers: int, bidirectional: bool, kind: Any = torch.nn.LSTM, dtype: torch.dtype = torch.float64, **more: Any
) -> Any:
    generator = torch.Generator().manual_seed(layers)
    rnn = kind(D, H, layers, batch_first=True, bidirectional=bidirectional, dtype=dtype, **more)
    with torch.no_grad():
        for weight in rnn.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator, dtype=torch.float64))
    return rnn


def texts(lengths: list[int] = LENGTHS, *, dtype: torch.dtype = torch.float64) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(11)
    return [torch.randn(length, D, generator=generator, dtype=torch.float64).to(dtype) for length in lengths]


def naive(rnn: Rnn, text: torch.Tensor, *, readout: str) -> torch.Tensor:
    """The features of one text (n, D), by torch alone: (KH,)."""
    output, states = rnn(text[None] if len(text) else text.new_zeros(1, 1, rnn.input_size))
    if readout == "last-step":
        return output[0, -1]
    hidden = states[0] if isinstance(rnn, torch.nn.LSTM) else states
    return torch.cat(list(hidden[-(2 if rnn.bidirectional else 1) :, 0]))


def some_ranges(n: int) -> list[tuple[int, int]]:
    """Ranges of every kind: at an edge, inside, empty, the whole text."""
    return [(a, b) for a in range(0, n + 1, 3) for b in range(a, n + 1, 5)] + [(0, n)]
