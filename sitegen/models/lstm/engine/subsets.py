"""The features of many subsets of texts at once, exactly; a subset is the words of a text that a mask keeps.

A subset (text, mask) is text[mask]: the kept words, re-joined. A subset of a text's sentences is one, and so is each
step of a text that loses one word after another. Any masks will do, but those of one text have much in common, and
their common beginnings and ends are computed once: layer 1 runs over the nodes of two prefix trees (`prefix_tree.py`),
one for each direction. Above layer 1 each state depends on both ends, and every subset is on its own; but layer 2
reads, at each word, one forward and one backward node, and both are multiplied once for all subsets that pass through
them. What is left for each word of a subset is to add the two and to multiply the subset's own state.

Work, in products of one word's H numbers with H x 4H weights, for two layers and two directions: with N nodes of both
trees and W words of all subsets

    last-step    2 N + W           final-state    3 N + 2 W            torch.nn.LSTM    2 (D/H + 4) W

All 2^m subsets of m sentences of l words have N = 2 (2^m - 1) l nodes and W = m 2^(m - 1) l words: W = 2.5 N at m = 10.
Subsets without anything in common have N = 2 W. Layers from the third on share nothing: 6 W each.

Memory. The words of a group of texts are multiplied for all their subsets (4H numbers a word and direction); a thread
holds about 5H numbers for each node of its chunk, and from three layers on 6H and more for each word of its subsets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from sitegen.models.lstm.architecture import Readout
from sitegen.models.lstm.engine.arena import Arena
from sitegen.models.lstm.engine.prefix_tree import DistinctSubsets, PrefixTree, WordMasks, build_tree
from sitegen.models.lstm.engine.recurrence import Aligned, Rnn, Weights, WordVectors, align, stepper, weights_of
from sitegen.models.lstm.engine.shared_states import BACKWARD
from sitegen.models.lstm.engine.thread_pool import ThreadPool, runs


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerInput:
    """A part of what a layer reads: `values` (N, X), and for each kept word of each subset its row in them, (W,)."""

    values: Float[Tensor, "_ X"]
    row: Int64[Tensor, " W"]


@torch.no_grad()
def evaluate_subsets(
    rnn: Rnn, texts: Sequence[WordVectors], masks: Sequence[WordMasks], *, readout: Readout, pool: ThreadPool
) -> Float[Tensor, "R KH"]:
    """The features of each subset, text by text in the order of its masks, computed by a pool.

    Raises ValueError where a mask does not fit its text or keeps no word.
    """
    for text, text_masks in zip(texts, masks, strict=True):
        if text_masks.shape[1] != len(text) or not text_masks.any(axis=1).all():
            raise ValueError("a mask must fit its text and keep a word")
    tower = weights_of(rnn)
    like, directions, hidden = tower[0][0].recurrent, len(tower[0]), rnn.hidden_size
    one_backward_step = readout == "last-step" and directions == 2
    stops = np.cumsum([len(text_masks) for text_masks in masks], dtype=np.int64)
    features = like.new_empty(int(stops[-1]) if len(stops) else 0, directions * hidden)
    lengths, number_bytes = np.array([len(text) for text in texts], dtype=np.int64), like.element_size()
    numbers_above = hidden * ((len(tower) - 2) * directions + 4) if len(tower) > 2 else 0  # a word, from layer 2 on
    with pool.shared_arena() as shared_arena:
        group_sizes = number_bytes * lengths * (4 * directions * hidden + rnn.input_size)
        for group in runs(group_sizes, limit=pool.shared_bytes):
            with shared_arena.scope():
                out = shared_arena.take(int(lengths[group].sum()), rnn.input_size)
                words = torch.cat(list(texts[group]), out=out)
                buffers = [shared_arena.take(len(words), len(weights.bias)) for weights in tower[0]]
                projections = [
                    torch.addmm(weights.bias, words, weights.input, out=buffer)
                    for weights, buffer in zip(tower[0], buffers, strict=True)
                ]
                subsets = DistinctSubsets(masks[group], directions=directions)
                distinct = like.new_empty(len(subsets), features.shape[1])
                job = partial(
                    _evaluate_chunk, tower, projections, subsets, distinct, one_backward_step=one_backward_step
                )
                numbers = 5 * hidden * subsets.nodes + numbers_above * subsets.words + 11 * hidden
                pool.run_chunks(job, number_bytes * numbers + 9 * subsets.lengths + 32 * directions * subsets.words)
                start = stops[group.start] - len(masks[group.start])
                features[start : stops[group.stop - 1]] = distinct[np.concatenate(subsets.number)]
    return features


def _evaluate_chunk(
    tower: Sequence[Sequence[Weights]],
    projections: Sequence[Float[Tensor, "N G"]],
    subsets: DistinctSubsets,
    features: Float[Tensor, "R KH"],
    chunk: slice,
    arena: Arena,
    *,
    one_backward_step: bool,
) -> None:
    """Write the features of a chunk of subsets to their rows of `features`.

    projections: by direction, the product of each word of the texts with layer 1's weights. one_backward_step: whether
    the last layer's backward direction reads only the last word.
    """
    masks, first = subsets.chunk(chunk)
    lengths = masks.sum(axis=1)
    stops = np.cumsum(lengths)
    device, hidden, outputs = features.device, len(tower[0][0].recurrent), features[chunk]
    columns = [outputs[:, hidden * d : hidden * (d + 1)] for d in range(len(projections))]
    first_words, last_words = (torch.from_numpy(index).to(device) for index in (stops - lengths, stops - 1))
    below = []
    for direction, (projection, weights) in enumerate(zip(projections, tower[0], strict=True)):
        tree = build_tree(masks, first, backward=direction == BACKWARD)
        row = torch.from_numpy(tree.node).to(device)
        below.append(LayerInput(values=_run_tree(tree, projection, weights, arena), row=row))
    if len(tower) == 1:
        for direction, tree_states in enumerate(below):
            ends_at_first_word = direction == BACKWARD and not one_backward_step
            final_words = first_words if ends_at_first_word else last_words
            torch.index_select(tree_states.values, 0, tree_states.row[final_words], out=columns[direction])
        return
    sequences = (
        align(stops - lengths, lengths, direction=1, device=device),
        align(stops - 1, lengths, direction=-1, device=device),
    )
    for layer in tower[1:-1]:
        values = arena.take(int(stops[-1]), hidden * len(layer))
        for direction, weights in enumerate(layer):
            with arena.scope():
                h_by_word = values[:, hidden * direction : hidden * (direction + 1)]
                _run_direction(sequences[direction], weights, below, arena, h_by_word=h_by_word)
        below = [LayerInput(values=values, row=torch.arange(len(values), device=device))]
    for direction, weights in enumerate(tower[-1]):
        with arena.scope():
            if one_backward_step and direction == BACKWARD:
                columns[direction].copy_(_single_step(weights, below, last_words, arena))
            else:
                h = _run_direction(sequences[direction], weights, below, arena)
                torch.index_select(h, 0, sequences[direction].row, out=columns[direction])


def _run_tree(
    tree: PrefixTree, projection: Float[Tensor, "_ G"], weights: Weights, arena: Arena
) -> Float[Tensor, "N H"]:
    """Layer 1's h at each node of a tree; projection: the product of each word with the layer's weights."""
    nodes, hidden = len(tree.word), len(weights.recurrent)
    widest = max(step.stop - step.start for step in tree.steps)
    word, parent = (torch.from_numpy(index).to(projection.device) for index in (tree.word, tree.parent))
    every_h = arena.take(nodes + 1, hidden)
    with arena.scope():
        every_c = arena.take(nodes + 1, hidden)
        every_h[-1] = every_c[-1] = 0
        h, c, gates = (arena.take(widest, width) for width in (hidden, hidden, len(weights.bias)))
        advance = stepper(weights.cell, gates, projection, h, c, arena)
        for step in tree.steps:
            n = step.stop - step.start
            torch.index_select(every_h, 0, parent[step], out=h[:n])
            torch.index_select(every_c, 0, parent[step], out=c[:n])
            torch.mm(h[:n], weights.recurrent, out=gates[:n])
            advance(word[step])
            every_h[step] = h[:n]
            every_c[step] = c[:n]
    return every_h[:-1]


def _run_direction(
    sequences: Aligned,
    weights: Weights,
    below: Sequence[LayerInput],
    arena: Arena,
    *,
    h_by_word: Float[Tensor, "W H"] | None = None,
) -> Float[Tensor, "R H"]:
    """The last h of each subset in one direction of a layer above the first, in the order of `sequences`.

    h_by_word: receives the h of every kept word. The result lies in `arena`.
    """
    rows, hidden = len(sequences.first), len(weights.recurrent)
    h, c = (arena.take(rows, hidden).zero_() for _ in range(2))
    gates = arena.take(rows, len(weights.bias))
    projections = [arena.take(len(source.values), len(weights.bias)) for source in below]
    for source, block, out in zip(below, _input_blocks(weights, below), projections, strict=True):
        torch.mm(source.values, block, out=out)
    projections[0] += weights.bias
    advance = stepper(weights.cell, gates, projections[0], h, c, arena)
    for step, n in enumerate(sequences.counts):
        words = sequences.words(step)
        if len(below) == 2:
            torch.index_select(projections[1], 0, below[1].row[words], out=gates[:n])
            torch.addmm(gates[:n], h[:n], weights.recurrent, out=gates[:n])
        else:
            torch.mm(h[:n], weights.recurrent, out=gates[:n])
        advance(below[0].row[words])
        if h_by_word is not None:
            h_by_word.index_copy_(0, words, h[:n])
    return h


def _single_step(
    weights: Weights, below: Sequence[LayerInput], words: Int64[Tensor, " R"], arena: Arena
) -> Float[Tensor, "R H"]:
    """The h of a direction that has read one word of each subset."""
    rows = len(words)
    h, c = (arena.take(rows, len(weights.recurrent)).zero_() for _ in range(2))
    gates = arena.take(rows, len(weights.bias)).zero_()
    for source, block in zip(below, _input_blocks(weights, below), strict=True):
        torch.addmm(gates, source.values[source.row[words]], block, out=gates)
    stepper(weights.cell, gates, weights.bias[None], h, c, arena)(torch.zeros_like(words))
    return h


def _input_blocks(weights: Weights, below: Sequence[LayerInput]) -> Sequence[Float[Tensor, "_ G"]]:
    """The block of a layer's input weights for each part of what it reads."""
    return torch.split(weights.input, [source.values.shape[1] for source in below])
