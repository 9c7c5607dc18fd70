"""The features of subsets are those of torch for each of them, at no more work and memory than is counted."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from sitegen.analysis.attribution.masking import subset_masks
from sitegen.models.lstm.engine.prefix_tree import DistinctSubsets, build_tree
from sitegen.models.lstm.engine.prefixes import pool_for, subset_features
from sitegen.models.lstm.engine.subsets import evaluate_subsets
from tests.effort import examples
from tests.models.lstm.engine.tally import ProductTally
from tests.models.lstm.engine.towers import LENGTHS, READOUTS, D, H, naive, texts, tower

Mask = np.ndarray[Any, np.dtype[np.bool_]]


def some_masks(lengths: list[int], *, seed: int = 0) -> list[Mask]:
    """Masks for each length: random, the whole text, losing one word after another, nothing, and one of them twice."""
    rng = np.random.default_rng(seed)
    masks = []
    for n in lengths:
        order, walk = rng.permutation(n), np.ones((n // 3 + 2, n), dtype=bool)
        for k in range(len(walk)):
            walk[k, order[:k]] = False
        masks.append(np.concatenate([rng.random((6, n)) < 0.5, walk, np.zeros((1, n), dtype=bool), walk[:1]]))
    return masks


def rest(text: torch.Tensor, mask: Mask) -> torch.Tensor:
    return text[torch.from_numpy(mask)]


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.GRU])
@pytest.mark.parametrize(
    ("dtype", "near"),
    [
        (torch.float64, (1e-10, 1e-13)),
        pytest.param(torch.float32, (1e-5, 1e-5), marks=pytest.mark.slow),
    ],
)
def test_every_mask_is_what_torch_makes_of_what_it_keeps(
    kind: Any, layers: int, bidirectional: bool, readout: Any, dtype: Any, near: Any
) -> None:
    rnn, masks = tower(layers=layers, bidirectional=bidirectional, kind=kind, dtype=dtype), some_masks(LENGTHS)
    many = texts(dtype=dtype)
    with torch.no_grad():
        results = subset_features(rnn, many, masks, readout=readout)
        for text, text_masks, features in zip(many, masks, results, strict=True):
            assert len(features) == len(text_masks)
            for mask, found in zip(text_masks, features, strict=True):
                expected = naive(rnn, rest(text, mask), readout=readout)
                torch.testing.assert_close(found, expected, rtol=near[0], atol=near[1])


@pytest.mark.slow
@settings(max_examples=examples(25), deadline=None)
@given(
    lengths=st.lists(st.integers(0, 12), max_size=6),
    layers=st.integers(1, 4),
    readout=st.sampled_from(READOUTS),
    budget=st.sampled_from([1, 5_000, 100_000]),
    seed=st.integers(0, 99),
)
def test_neither_the_other_texts_nor_the_budget_change_the_features(
    lengths: list[int], layers: int, readout: Any, budget: int, seed: int
) -> None:
    rnn, many, masks = tower(layers=layers, bidirectional=True), texts(lengths), some_masks(lengths, seed=seed)
    results = subset_features(rnn, many, masks, readout=readout, pool=pool_for(rnn, budget=budget))
    for text, text_masks, found in zip(many, masks, results, strict=True):
        (alone,) = subset_features(rnn, [text], [text_masks], readout=readout)
        torch.testing.assert_close(found, alone, rtol=1e-10, atol=1e-13)


def test_the_trees_are_the_worked_example_of_the_notation() -> None:
    masks = np.array([[1, 1, 1], [1, 0, 1], [0, 1, 1]], dtype=bool)
    forward = build_tree(masks, np.array([10, 10, 10]), backward=False)
    a1, b2, b1, c2, c3, c1 = range(6)
    assert (forward.word - 10).tolist() == [0, 1, 1, 2, 2, 2]
    assert forward.node.tolist() == [a1, b1, c1, a1, c2, b2, c3]
    assert forward.parent.tolist() == [6, 6, a1, a1, b2, b1]  # 6 is none
    assert [(step.start, step.stop) for step in forward.steps] == [(0, 1), (1, 3), (3, 6)]
    backward = build_tree(masks, np.array([10, 10, 10]), backward=True)
    assert backward.node[[2, 4, 6]].tolist() == [0, 0, 0]  # c has read nothing before it in any of them
    assert len(backward.word) == 4


def test_texts_do_not_share_what_only_looks_the_same() -> None:
    tree = build_tree(np.ones((2, 2), dtype=bool), np.array([0, 2]), backward=False)
    assert sorted(tree.word.tolist()) == [0, 1, 2, 3]
    assert tree.word[tree.node].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(("readout", "nodes", "words"), [("last-step", 2, 1), ("final-state", 3, 2)])
def test_no_product_is_done_twice(readout: Any, nodes: int, words: int) -> None:
    rnn, sentences, length = tower(layers=2, bidirectional=True), 5, 3
    (text,), masks = texts([sentences * length]), np.repeat(subset_masks(sentences)[1:], length, axis=1)
    with FlopCounterMode(display=False) as counter:
        twice = np.concatenate([masks[::-1], masks])
        evaluate_subsets(rnn, [text], [twice], readout=readout, pool=pool_for(rnn))
    in_trees, in_subsets = 2 * (2**sentences - 1) * length, int(masks.sum())
    once = 2 * D * len(text) + (2 * H * len(masks) if readout == "last-step" else 0)
    assert counter.get_total_flops() == 2 * 4 * H * ((nodes * in_trees + words * in_subsets) * H + once)


@pytest.mark.slow
@pytest.mark.parametrize("layers", [2, pytest.param(3, marks=pytest.mark.nightly)])
def test_the_memory_held_fits_the_budget(layers: int) -> None:
    rnn = torch.nn.LSTM(D, 64, layers, batch_first=True, bidirectional=True).requires_grad_(False)
    masks, many = np.repeat(subset_masks(9)[1:], 4, axis=1), texts([36, 36], dtype=torch.float32)
    weights = 3 * sum(weight.nbytes for weight in rnn.parameters())  # transposed, and cut for what each layer reads
    for budget in (2**22, 2**23):
        with ProductTally() as tally:
            found = evaluate_subsets(
                rnn, many, [masks, masks], readout="final-state", pool=pool_for(rnn, budget=budget)
            )
        assert tally.peak - 3 * found.nbytes - weights <= 1.05 * budget


@pytest.mark.parametrize("chunks", [1, 4, 16])
def test_chunks_have_little_more_nodes_than_the_whole(chunks: int) -> None:
    masks = np.repeat(subset_masks(10)[1:], 5, axis=1)
    subsets = DistinctSubsets([masks], directions=2)
    assert int(subsets.nodes.sum()) == 2 * 5 * 1023
    nodes, words, edges = 0, 0, np.linspace(0, len(subsets), chunks + 1).astype(int).tolist()
    for start, stop in pairwise(edges):
        chunk_masks, first = subsets.chunk(slice(start, stop))
        words += int(chunk_masks.sum())
        nodes += sum(len(build_tree(chunk_masks, first, backward=backward).word) for backward in (False, True))
    assert words == masks.sum() == subsets.words.sum()
    assert nodes <= {1: 1, 4: 1.15, 16: 1.4}[chunks] * subsets.nodes.sum()


def test_no_texts_are_no_features_and_the_layout_of_masks_does_not_matter() -> None:
    rnn = tower(layers=2, bidirectional=True)
    assert evaluate_subsets(rnn, [], [], readout="final-state", pool=pool_for(rnn)).shape == (0, 2 * H)
    (text,), masks = texts([12]), np.asfortranarray(np.random.default_rng(0).random((9, 12)) < 0.9)
    found = evaluate_subsets(rnn, [text], [masks], readout="final-state", pool=pool_for(rnn))
    expected = evaluate_subsets(rnn, [text], [np.ascontiguousarray(masks)], readout="final-state", pool=pool_for(rnn))
    assert torch.equal(found, expected)


@pytest.mark.parametrize(
    "masks", [np.ones((2, 3), dtype=bool), np.ones(4, dtype=bool), np.array([[True] * 4, [False] * 4])]
)
def test_a_mask_must_fit_and_keep_a_word(masks: Mask) -> None:
    rnn = tower(layers=2, bidirectional=True)
    with pytest.raises(Exception, match=r"a mask must fit its text and keep a word|Type-check error"):
        evaluate_subsets(rnn, texts([4]), [masks], readout="final-state", pool=pool_for(rnn))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no GPU")
@pytest.mark.parametrize(("kind", "readout"), list(product([torch.nn.LSTM, torch.nn.GRU], READOUTS)))
def test_a_gpu_gives_the_same_numbers(kind: Any, readout: Any) -> None:
    rnn, there = (tower(layers=3, bidirectional=True, kind=kind) for _ in range(2))
    masks = some_masks(LENGTHS)
    expected = torch.cat(subset_features(rnn, texts(), masks, readout=readout))
    found = torch.cat(subset_features(there.cuda(), [text.cuda() for text in texts()], masks, readout=readout))
    assert found.is_cuda
    torch.testing.assert_close(found.cpu(), expected, rtol=1e-10, atol=1e-12)
