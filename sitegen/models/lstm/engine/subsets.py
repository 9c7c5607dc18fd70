"""The features of many partly kept texts at once, each a text of which a mask keeps some words, exactly.

A reading (text, mask) is text[mask]: the kept words, re-joined. Subsets of sentences are readings, and so are texts
that lose one word after another. Nothing is said about the masks, but those of one text have much in common, and what
a tower does with it is done once: layer 1 reads the nodes of two trees (see `trees.py`), one for each direction. Above
layer 1 each state has heard both ends, and every reading is on its own; but layer 2 reads, at each word, one forward
and one backward node, and both are multiplied once for all readings that pass through them. What is left to do for a
word of a reading is to add the two and to multiply the reading's own state.

Work, in products of one word's H numbers with H x 4H weights, for two layers and two directions: with N nodes of both
trees and W words of all readings

    last-step    2 N + W           final-state    3 N + 2 W            torch.nn.LSTM    2 (D/H + 4) W

All 2^m subsets of m sentences of l words have N = 2 (2^m - 1) l nodes and W = m 2^(m - 1) l words: W = 2.5 N at m = 10.
Readings without anything in common have N = 2 W. Layers from the third on share nothing: 6 W each.

Memory. The words of a group of texts are multiplied for all (4H numbers each and direction); a worker holds about 5H
numbers for each node of its chunk, and from three layers on 6H and more for each word of its readings.
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
from sitegen.models.lstm.engine.prefix_tree import Masks, Readings, Tree, tree_of
from sitegen.models.lstm.engine.recurrence import Rnn, Side, Weights, side_of, stepper, weights_of
from sitegen.models.lstm.engine.shared_states import BACKWARD
from sitegen.models.lstm.engine.thread_pool import ThreadPool, runs

Text = Float[Tensor, "_ D"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """Some of what a layer reads: `values` (N, X), and for each kept word of each reading its row there, (W,)."""

    values: Float[Tensor, "_ X"]
    row: Int64[Tensor, " W"]


@torch.no_grad()
def masks_features(
    rnn: Rnn, texts: Sequence[Text], masks: Sequence[Masks], *, readout: Readout, pool: ThreadPool
) -> Float[Tensor, "R KH"]:
    """The features of each reading, text by text in the order of its masks, read by a pool.

    Raises ValueError where a mask does not fit its text or keeps no word.
    """
    for text, its_masks in zip(texts, masks, strict=True):
        if its_masks.shape[1] != len(text) or not its_masks.any(axis=1).all():
            raise ValueError("a mask must fit its text and keep a word")
    tower = weights_of(rnn)
    like, directions, hidden = tower[0][0].own, len(tower[0]), rnn.hidden_size
    ends_early = readout == "last-step" and directions == 2
    stops = np.cumsum([len(its_masks) for its_masks in masks], dtype=np.int64)
    features = like.new_empty(int(stops[-1]) if len(stops) else 0, directions * hidden)
    lengths, number = np.array([len(text) for text in texts], dtype=np.int64), like.element_size()
    above = hidden * ((len(tower) - 2) * directions + 4) if len(tower) > 2 else 0  # of a word, from layer 2 on
    with pool.taken() as shared:
        for run in runs(number * lengths * (4 * directions * hidden + rnn.input_size), limit=pool.common):
            with shared.scope():
                words = torch.cat(list(texts[run]), out=shared.take(int(lengths[run].sum()), rnn.input_size))
                multiplied = [
                    torch.addmm(one.bias, words, one.below, out=shared.take(len(words), len(one.bias)))
                    for one in tower[0]
                ]
                readings = Readings(masks[run], directions=directions)
                found = like.new_empty(len(readings), features.shape[1])
                job = partial(_read_part, tower, multiplied, readings, found, ends_early=ends_early)
                values = 5 * hidden * readings.nodes + above * readings.words + 11 * hidden
                pool.work(job, number * values + 9 * readings.lengths + 32 * directions * readings.words)
                start = stops[run.start] - len(masks[run.start])
                features[start : stops[run.stop - 1]] = found[np.concatenate(readings.which)]
    return features


def _read_part(
    tower: Sequence[Sequence[Weights]],
    multiplied: Sequence[Float[Tensor, "N G"]],
    readings: Readings,
    found: Float[Tensor, "R KH"],
    part: slice,
    space: Arena,
    *,
    ends_early: bool,
) -> None:
    """Put the features of some readings into `found`; multiplied: what layer 1 makes of each word, by direction."""
    kept, first = readings.chunk(part)
    lengths = kept.sum(axis=1)
    stops = np.cumsum(lengths)
    device, hidden, outputs = found.device, len(tower[0][0].own), found[part]
    column = [outputs[:, hidden * d : hidden * (d + 1)] for d in range(len(multiplied))]
    last = torch.from_numpy(stops - 1).to(device)
    below = []
    for direction, (its_words, weights) in enumerate(zip(multiplied, tower[0], strict=True)):
        tree = tree_of(kept, first, backward=direction == BACKWARD)
        row = torch.from_numpy(tree.node).to(device)
        below.append(Below(values=_grown(tree, its_words, weights, space), row=row))
    if len(tower) == 1:
        for direction, one in enumerate(below):
            whole = direction == BACKWARD and not ends_early  # it comes to its end at the first word
            where = torch.from_numpy(stops - lengths).to(device) if whole else last
            torch.index_select(one.values, 0, one.row[where], out=column[direction])
        return
    sides = (
        side_of(stops - lengths, lengths, direction=1, device=device),
        side_of(stops - 1, lengths, direction=-1, device=device),
    )
    for layer in tower[1:-1]:
        values = space.take(int(stops[-1]), hidden * len(layer))
        for direction, weights in enumerate(layer):
            with space.scope():
                keep = values[:, hidden * direction : hidden * (direction + 1)]
                _read_rows(sides[direction], weights, below, space, keep=keep)
        below = [Below(values=values, row=torch.arange(len(values), device=device))]
    for direction, weights in enumerate(tower[-1]):
        with space.scope():
            if ends_early and direction == BACKWARD:
                column[direction].copy_(_first_step(weights, below, last, space))
            else:
                h = _read_rows(sides[direction], weights, below, space)
                torch.index_select(h, 0, sides[direction].place, out=column[direction])


def _grown(tree: Tree, projected: Float[Tensor, "_ G"], weights: Weights, space: Arena) -> Float[Tensor, "N H"]:
    """h at each node; projected: what layer 1 makes of each word."""
    nodes, hidden = len(tree.word), len(weights.own)
    widest = max(step.stop - step.start for step in tree.steps)
    word, before = (torch.from_numpy(index).to(projected.device) for index in (tree.word, tree.before))
    every_h = space.take(nodes + 1, hidden)
    with space.scope():
        every_c = space.take(nodes + 1, hidden)
        every_h[-1] = every_c[-1] = 0
        h, c, gates = (space.take(widest, width) for width in (hidden, hidden, len(weights.bias)))
        advance = stepper(weights.cell, gates, projected, h, c, space)
        for step in tree.steps:
            n = step.stop - step.start
            torch.index_select(every_h, 0, before[step], out=h[:n])
            torch.index_select(every_c, 0, before[step], out=c[:n])
            torch.mm(h[:n], weights.own, out=gates[:n])
            advance(word[step])
            every_h[step] = h[:n]
            every_c[step] = c[:n]
    return every_h[:-1]


def _read_rows(
    side: Side,
    weights: Weights,
    below: Sequence[Below],
    space: Arena,
    *,
    keep: Float[Tensor, "W H"] | None = None,
) -> Float[Tensor, "R H"]:
    """The last h of each reading in one direction of a layer above the first, in the side's order; it lies in `space`.

    keep: receives the h of every kept word.
    """
    rows, hidden = len(side.first), len(weights.own)
    h, c = (space.take(rows, hidden).zero_() for _ in range(2))
    gates = space.take(rows, len(weights.bias))
    projected = [space.take(len(one.values), len(weights.bias)) for one in below]
    for one, part, out in zip(below, _parts(weights, below), projected, strict=True):
        torch.mm(one.values, part, out=out)
    projected[0] += weights.bias
    advance = stepper(weights.cell, gates, projected[0], h, c, space)
    for step, n in enumerate(side.counts):
        words = side.words(step)
        if len(below) == 2:
            torch.index_select(projected[1], 0, below[1].row[words], out=gates[:n])
            torch.addmm(gates[:n], h[:n], weights.own, out=gates[:n])
        else:
            torch.mm(h[:n], weights.own, out=gates[:n])
        advance(below[0].row[words])
        if keep is not None:
            keep.index_copy_(0, words, h[:n])
    return h


def _first_step(
    weights: Weights, below: Sequence[Below], words: Int64[Tensor, " R"], space: Arena
) -> Float[Tensor, "R H"]:
    """h of a direction that has read one word of each reading."""
    rows = len(words)
    h, c = (space.take(rows, len(weights.own)).zero_() for _ in range(2))
    gates = space.take(rows, len(weights.bias)).zero_()
    for one, part in zip(below, _parts(weights, below), strict=True):
        torch.addmm(gates, one.values[one.row[words]], part, out=gates)
    stepper(weights.cell, gates, weights.bias[None], h, c, space)(torch.zeros_like(words))
    return h


def _parts(weights: Weights, below: Sequence[Below]) -> Sequence[Float[Tensor, "_ G"]]:
    """The weights for each part of what a layer reads."""
    return torch.split(weights.below, [one.values.shape[1] for one in below])
