"""One step is torch's cell; aligned sequences have the shape that the notation draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from sitegen.models.lstm.engine.arena import Arena
from sitegen.models.lstm.engine.recurrence import Inputs, State, align, run_cell, weights_of


def test_aligned_sequences_are_the_worked_example_of_the_notation() -> None:
    lengths = np.array([1, 4, 0, 2])
    sequences = align(np.array([10, 20, 30, 40]), lengths, direction=-1, device=torch.device("cpu"))
    assert sequences.counts == (3, 2, 1, 1)
    assert sequences.starts == (0, 3, 5, 6)
    assert sequences.size == 7
    assert sequences.order.tolist() == [1, 3, 0, 2]
    assert sequences.row[sequences.order].tolist() == [0, 1, 2, 3]
    assert [sequences.words(step).tolist() for step in range(4)] == [[20, 40, 10], [19, 39], [18], [17]]


@pytest.mark.parametrize("inward", [True, False])
@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.GRU])
def test_a_step_is_torchs_cell_and_rows_that_do_not_run_keep_their_state(kind: Any, inward: bool) -> None:
    torch.manual_seed(3)
    rnn = kind(4, 3, dtype=torch.float64).requires_grad_(False)
    ((weights,),) = weights_of(rnn)
    words, first = torch.randn(9, 4, dtype=torch.float64), np.array([0, 2, 6])
    sequences = align(first, np.array([2, 3, 0]), direction=1, device=torch.device("cpu"))
    start = State(h=torch.rand(3, 3, dtype=torch.float64), c=torch.rand(3, 3, dtype=torch.float64))
    inputs = Inputs(
        shared=torch.addmm(weights.bias, words, weights.input), own=words.new_empty(5, 0), weight=weights.recurrent
    )
    h_by_place, state_by_word = words.new_empty(5, 3), State(h=words.new_zeros(9, 3), c=words.new_zeros(9, 3))
    final = run_cell(
        sequences,
        inputs,
        start,
        cell=weights.cell,
        inward=inward,
        arena=Arena(words),
        h_by_place=h_by_place,
        state_by_word=state_by_word,
    )
    assert sequences.order.tolist() == [1, 0, 2]
    for row, (begin, length) in enumerate([(2, 3), (0, 2)]):
        text = words[begin : begin + length]
        state: Any = start.h[row][None]
        if kind is torch.nn.LSTM:
            state = (state, start.c[row][None])
        outputs, _ = rnn(text if inward else text.flip(0), state)
        torch.testing.assert_close(final.h[row], outputs[-1], rtol=1e-12, atol=1e-13)
        at_edge = outputs[0 if inward else -1]
        torch.testing.assert_close(h_by_place[sequences.starts[0] + row], at_edge, rtol=1e-12, atol=1e-13)
        in_order = outputs if inward else outputs.flip(0)
        torch.testing.assert_close(state_by_word.h[begin : begin + length], in_order, rtol=1e-12, atol=1e-13)
        last_word = begin + length - 1 if inward else begin
        assert torch.equal(state_by_word.c[last_word], final.c[row])
    assert torch.equal(final.h[2], start.h[2])
    assert not state_by_word.h[5:].any()  # words that nobody reads
