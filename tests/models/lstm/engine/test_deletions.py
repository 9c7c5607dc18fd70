"""The memory and the work of deletions, counted operation by operation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from sitegen.models.lstm.engine.deletions import evaluate_deletions
from sitegen.models.lstm.engine.prefixes import pool_for
from tests.models.lstm.engine.tally import ProductTally
from tests.models.lstm.engine.towers import D, H, naive, texts, tower


def prefixes(lengths: list[int]) -> np.ndarray[Any, Any]:
    """Every prefix of every text."""
    return np.array([(i, k, n) for i, n in enumerate(lengths) for k in range(1, n + 1)], dtype=np.int64)


def deletions(lengths: list[int]) -> np.ndarray[Any, Any]:
    """Every text without each of its words."""
    return np.array([(i, k, k + 1) for i, n in enumerate(lengths) for k in range(n)], dtype=np.int64)


@pytest.mark.parametrize(
    ("readout", "layers", "per_word"),
    [("last-step", 2, 3), ("final-state", 2, 5), ("last-step", 3, 8), ("final-state", 3, 11), ("final-state", 4, 17)],
)
def test_no_product_is_done_twice(readout: Any, layers: int, per_word: int) -> None:
    """There are `per_word` products of H by 4H for each word of each deletion, and those of the whole texts' states.

    For last-step, the single step of the backward direction above layer 1 comes on top; it reads 2H numbers.
    """
    rnn, n = tower(layers=layers, bidirectional=True), 23
    once = 2 * (layers - 1) if readout == "last-step" else 0
    with ProductTally() as tally:
        evaluate_deletions(rnn, texts([n]), prefixes([n]), readout=readout, pool=pool_for(rnn, budget=2**30))
    assert tally.products == (per_word * n * (n + 1) // 2 + n + once * n) * 4 * H * H
    with ProductTally() as tally:
        evaluate_deletions(rnn, texts([n]), deletions([n]), readout=readout, pool=pool_for(rnn, budget=2**30))
    assert tally.products == (per_word * n * (n - 1) + 2 * n + once * n) * 4 * H * H


def test_nothing_is_multiplied_that_is_not_read() -> None:
    """Counts all products, those done once for each word included.

    The last layer's backward direction reads one word of each deletion and no more.
    """
    for layers, of_words, states in ((1, 0, 1), (2, 2, 2)):
        rnn, n = tower(layers=layers, bidirectional=True), 11
        with FlopCounterMode(display=False) as counter:
            evaluate_deletions(rnn, texts([n]), deletions([n]), readout="last-step", pool=pool_for(rnn))
        first = 2 * H * n * (layers - 1)
        own = n * (n - 1) * H * 3 if layers == 2 else n * (n - 1) * H // 2
        shared = 2 * n * D + (of_words + states) * n * H
        assert counter.get_total_flops() == 2 * 4 * H * (own + shared + first)


def test_one_direction_reads_every_prefix_in_one_pass_and_of_a_deletion_only_what_follows_the_gap() -> None:
    rnn, n = tower(layers=3, bidirectional=False), 23
    with ProductTally() as tally:
        evaluate_deletions(rnn, texts([n]), prefixes([n]), readout="final-state", pool=pool_for(rnn, budget=2**30))
    assert tally.products == 3 * n * 4 * H * H
    with ProductTally() as tally:
        evaluate_deletions(rnn, texts([n]), deletions([n]), readout="final-state", pool=pool_for(rnn, budget=2**30))
    assert tally.products == (3 * n + (1 + 2 + 2) * n * (n - 1) // 2) * 4 * H * H


@pytest.mark.slow
def test_the_chunks_of_a_batch_do_not_multiply_more_than_one_text_at_a_time() -> None:
    rnn, lengths = tower(layers=2, bidirectional=True), [20, 4, 11, 20, 2]
    with ProductTally() as together:
        evaluate_deletions(
            rnn, texts(lengths), deletions(lengths), readout="final-state", pool=pool_for(rnn, budget=20_000)
        )
    alone = 0
    for n in lengths:
        with ProductTally() as tally:
            evaluate_deletions(rnn, texts([n]), deletions([n]), readout="final-state", pool=pool_for(rnn, budget=2**30))
        alone += tally.products
    assert together.products == alone


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.nightly)])
@pytest.mark.parametrize(
    ("kind", "layers", "shortened"),
    [
        (torch.nn.LSTM, 1, prefixes),
        (torch.nn.LSTM, 1, deletions),
        pytest.param(torch.nn.GRU, 2, deletions, marks=pytest.mark.slow),
        pytest.param(torch.nn.LSTM, 3, prefixes, marks=pytest.mark.slow),
        *(
            pytest.param(kind, layers, shortened, marks=pytest.mark.nightly)
            for kind, layers, shortened in [
                (torch.nn.GRU, 1, deletions),
                (torch.nn.GRU, 2, prefixes),
                (torch.nn.LSTM, 2, deletions),
                (torch.nn.LSTM, 3, deletions),
                (torch.nn.GRU, 3, prefixes),
            ]
        ),
    ],
)
def test_the_memory_held_fits_the_budget(kind: Any, layers: int, shortened: Any, whole: bool) -> None:
    """Texts that need several chunks under the larger budget, too; a single layer needs more texts for that."""
    rnn, times = tower(layers=layers, bidirectional=True, kind=kind), 4 if whole or layers == 1 else 1
    lengths = [24] * 2 * times + [9] * 2 * times
    wanted = shortened(lengths)
    result = len(wanted) * 2 * H * 8
    expected = evaluate_deletions(rnn, texts(lengths), wanted, readout="final-state", pool=pool_for(rnn, budget=2**30))
    for budget in (80_000, 200_000):
        with ProductTally() as tally:
            features = evaluate_deletions(
                rnn, texts(lengths), wanted, readout="final-state", pool=pool_for(rnn, budget=budget)
            )
        weights = 7 * sum(
            weight.nbytes for weight in rnn.parameters()
        )  # transposed, cut for each side; a GRU's of four blocks
        assert tally.peak - result - weights <= 1.05 * budget  # both blocks, whole, and the numbers of words
        torch.testing.assert_close(features, expected, rtol=1e-10, atol=1e-13)


@pytest.mark.slow
def test_a_long_text_needs_its_words_and_not_their_square() -> None:
    rnn = tower(layers=2, bidirectional=True)
    for n in (20, 40):
        with ProductTally() as tally:
            evaluate_deletions(rnn, texts([n]), prefixes([n]), readout="final-state", pool=pool_for(rnn, budget=1))
        assert tally.peak < n * 8 * (40 * H + D) + 60_000


@pytest.mark.slow
@pytest.mark.parametrize(("n", "budget"), [(500, 2**22), pytest.param(1500, 2**24, marks=pytest.mark.nightly)])
def test_all_prefixes_of_a_long_text_fit_the_budget(n: int, budget: int) -> None:
    rnn = tower(layers=2, bidirectional=True, dtype=torch.float32)
    (text,) = texts([n], dtype=torch.float32)
    with ProductTally() as tally:
        features = evaluate_deletions(
            rnn, [text], prefixes([n]), readout="last-step", pool=pool_for(rnn, budget=budget)
        )
    result = features.nbytes + 3 * sum(weight.nbytes for weight in rnn.parameters())
    assert tally.peak - result < 1.05 * budget
    for k in (1, n // 2, n):
        expected = naive(rnn, text[:k], readout="last-step")
        torch.testing.assert_close(features[k - 1], expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("wrong", [(0, 3, 2), (0, 0, 5), (0, 0, 4), (0, -1, 2)])
def test_a_deletion_outside_its_text_or_without_a_word_is_refused(wrong: tuple[int, int, int]) -> None:
    rnn = tower(layers=1, bidirectional=True)
    with pytest.raises(ValueError, match="keep a word"):
        evaluate_deletions(rnn, texts([4]), np.array([wrong]), readout="final-state", pool=pool_for(rnn, budget=1))
