"""The features of many partly kept texts at once, each a text of which a mask keeps some words, exactly.

A reading (text, mask) is text[mask]: the kept words, re-joined. Subsets of sentences are readings, and so are texts
that lose one word after another. Nothing is said about the masks, but those of one text have much in common, and what
a tower does with it is done once.

What is shared. In layer 1 a state knows the words up to its own and nothing else. So two readings that have kept the
same words so far have the same state, and all of a text's readings together are a tree, in which each node is a kept
word after its own past:

    text       a b c        forward nodes    a1 -- b1 -- c1         a1 has read a,  b1 a b,  c1 a b c
    readings   a b c                           \\
               a   c                             c2                 c2 has read a c
                 b c                         b2 -- c3               b2 has read b,  c3 b c

Backward is the same from the other end: there c is one node for all three. Above layer 1 each state has heard both
ends, and every reading is on its own; but layer 2 reads, at each word, one forward and one backward node, and both are
multiplied once for all readings that pass through them. What is left to do for a word of a reading is to add the two
and to multiply the reading's own state.

Work, in products of one word's H numbers with H x 4H weights, for two layers and two directions: with N nodes of both
trees and W words of all readings

    last-step    2 N + W           final-state    3 N + 2 W            torch.nn.LSTM    2 (D/H + 3) W

All 2^m subsets of m sentences of l words have N = 2 (2^m - 1) l nodes and W = m 2^(m - 1) l words: W = 2.5 N at m = 10.
Readings without anything in common have N = 2 W. Layers from the third on share nothing: 6 W each.

A chunk of readings that follow each other in the order of their masks is itself nearly a tree of its own, so chunks
lose little, and each worker does a chunk from the first layer to the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor

from sitegen.models.architecture import Readout
from sitegen.models.crew import Crew, runs
from sitegen.models.recurrence import Rnn, Side, Weights, side_of, stepper, weights_of
from sitegen.models.sharing import BACKWARD
from sitegen.models.workspace import Workspace

Text = Float[Tensor, "_ D"]
Masks = Bool[np.ndarray, "_ _"]  # of one text, a row for each reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The nodes of one direction, numbered in the order in which they can be computed.

    word: (N,) the word each node reads, of all words of a group of texts. before: (N,) the node before it, N for none.
    steps: runs of nodes that depend on earlier runs alone. node: (W,) the node of each kept word of each reading, the
    readings one after the other.
    """

    word: Int64[np.ndarray, " N"]
    before: Int64[np.ndarray, " N"]
    steps: tuple[slice, ...]
    node: Int64[np.ndarray, " W"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """Some of what a layer reads: `values` (N, X), and for each kept word of each reading its row there, (W,)."""

    values: Float[Tensor, "_ X"]
    row: Int64[Tensor, " W"]


@torch.no_grad()
def masks_features(
    rnn: Rnn, texts: Sequence[Text], masks: Sequence[Masks], *, readout: Readout, crew: Crew
) -> Float[Tensor, "R KH"]:
    """The features of each reading, text by text in the order of its masks, read by a crew.

    Raises ValueError where a mask does not fit its text or keeps no word.
    """
    for text, its_masks in zip(texts, masks, strict=True):
        if its_masks.ndim != 2 or its_masks.shape[1] != len(text) or not its_masks.any(axis=1).all():
            raise ValueError("a mask must fit its text and keep a word")
    tower = weights_of(rnn)
    like, directions = tower[0][0].own, len(tower[0])
    ends_early = readout == "last-step" and directions == 2
    start = np.cumsum([0, *(len(its_masks) for its_masks in masks)])
    features = like.new_empty(int(start[-1]), directions * rnn.hidden_size)
    lengths, number = np.array([len(text) for text in texts], dtype=np.int64), like.element_size()
    word_bytes = number * (directions * 4 * rnn.hidden_size + rnn.input_size)
    with crew.taken() as shared:
        for run in runs(lengths * word_bytes, limit=crew.common):
            with shared.scope():
                words = torch.cat(list(texts[run]), out=shared.take(int(lengths[run].sum()), rnn.input_size))
                read = [
                    torch.addmm(one.bias, words, one.below, out=shared.take(len(words), len(one.bias)))
                    for one in tower[0]
                ]
                kept = [_distinct(its_masks) for its_masks in masks[run]]
                readings = _Readings([rows for rows, _ in kept], first=np.cumsum(lengths[run]) - lengths[run])
                found = like.new_empty(len(readings.text), features.shape[1])
                job = partial(_read_part, tower, read, readings, found, ends_early=ends_early)
                crew.work(job, number * readings.numbers(tower))
                which = [which + at for (_, which), at in zip(kept, readings.start, strict=True)]
                features[start[run.start] : start[run.stop]] = found[np.concatenate(which)]
    return features


class _Readings:
    """The distinct readings of a group of texts, text by text, those of a text in the order of their masks.

    masks: of each text. first: the number of each text's first word. start: the number of its first reading. text: (R,)
    the text of each reading.
    """

    def __init__(self, masks: Sequence[Masks], *, first: Int64[np.ndarray, " B"]) -> None:
        self.masks, self.first = masks, first
        counts = [len(its_masks) for its_masks in masks]
        self.start = np.cumsum(counts) - counts
        self.text = np.repeat(np.arange(len(masks)), counts)

    def chunk(self, part: slice) -> tuple[Bool[np.ndarray, "r n"], Int64[np.ndarray, " r"]]:
        """The masks of some readings, as wide as the longest text, and for each the number of its text's first word."""
        text = self.text[part]
        kept = np.zeros((len(text), max(self.masks[i].shape[1] for i in np.unique(text))), dtype=bool)
        for i in np.unique(text):
            rows = np.arange(part.start, part.stop)[text == i] - self.start[i]
            kept[text == i, : self.masks[i].shape[1]] = self.masks[i][rows]
        return kept, self.first[text]

    def numbers(self, tower: Sequence[Sequence[Weights]]) -> Int64[np.ndarray, " R"]:
        """About how many numbers each reading holds while its chunk is read."""
        hidden, directions = len(tower[0][0].own), len(tower[0])
        a_node = hidden * (1 + 4)  # its h; then its c or, one direction at a time, what layer 2 makes of it
        a_word = 8 * directions + (hidden * (2 * directions + 4) if len(tower) > 2 else 0)
        each = []
        for masks in self.masks:
            nodes = _new_nodes(masks)
            if directions == 2:
                mirrored, which = _distinct(masks[:, ::-1])
                nodes = nodes + _new_nodes(mirrored)[which]
            each.append(nodes * a_node + masks.sum(axis=1) * a_word + 11 * hidden)
        return np.concatenate(each)


def _read_part(
    tower: Sequence[Sequence[Weights]],
    read: Sequence[Float[Tensor, "N G"]],
    readings: _Readings,
    found: Float[Tensor, "R KH"],
    part: slice,
    space: Workspace,
    *,
    ends_early: bool,
) -> None:
    """Put the features of some readings into `found`; read: the words of all texts, multiplied, by direction."""
    kept, first = readings.chunk(part)
    lengths = kept.sum(axis=1)
    device, hidden = found.device, len(tower[0][0].own)
    columns = (range(kept.shape[1]), range(kept.shape[1] - 1, -1, -1))
    below = []
    for projected, weights, its_columns in zip(read, tower[0], columns, strict=False):
        tree = tree_of(kept, first, its_columns)
        values = _grown(tree, projected, weights, space)
        below.append(Below(values=values, row=torch.from_numpy(tree.node).to(device)))
    ends = np.cumsum(lengths)
    last, begin = (torch.from_numpy(index).to(device) for index in (ends - 1, ends - lengths))
    outputs = found[part]
    column = [outputs[:, hidden * d : hidden * (d + 1)] for d in range(len(read))]
    if len(tower) == 1:
        for d, part_below in enumerate(below):
            where = begin if d == BACKWARD and not ends_early else last
            torch.index_select(part_below.values, 0, part_below.row[where], out=column[d])
        return
    sides = (
        side_of(ends - lengths, lengths, direction=1, device=device),
        side_of(ends - 1, lengths, direction=-1, device=device),
    )
    for layer, above in zip(tower[1:], [*tower[2:], None], strict=True):
        with_all = space.take(int(ends[-1]), hidden * len(layer)) if above else None
        for d, weights in enumerate(layer):
            if ends_early and d == BACKWARD and not above:
                column[d].copy_(_first_step(weights, below, last, space))
                continue
            keep = None if with_all is None else with_all[:, hidden * d : hidden * (d + 1)]
            with space.scope():
                state = _read_rows(sides[d], weights, below, keep, space)
                if not above:
                    torch.index_select(state, 0, sides[d].place, out=column[d])
        if with_all is not None:
            below = [Below(values=with_all, row=torch.arange(len(with_all), device=device))]


def _distinct(masks: Masks) -> tuple[Masks, Int64[np.ndarray, " _"]]:
    """The distinct masks, in the order of their first words, then of their second ones, ..., and each mask's number."""
    packed = np.packbits(masks, axis=1)
    names = np.ascontiguousarray(packed).view(f"S{packed.shape[1]}")[:, 0]  # they compare byte by byte
    _, example, which = np.unique(names, return_index=True, return_inverse=True)
    return masks[example], which


def _new_nodes(masks: Masks) -> Int64[np.ndarray, " _"]:
    """How many nodes each reading adds to the tree of those before it, which come in the order of their masks.

    They are what it keeps from the first word on in which it differs from the one before it.
    """
    new: Int64[np.ndarray, " _"] = masks.sum(axis=1)
    alike = np.logical_and.accumulate(masks[1:] == masks[:-1], axis=1)
    new[1:] -= (masks[1:] & alike).sum(axis=1)
    return new


def tree_of(kept: Bool[np.ndarray, "r n"], first: Int64[np.ndarray, " r"], columns: Sequence[int]) -> Tree:
    """The tree of some readings whose words come in by these columns; first: of each, the number of its first word."""
    latest = -1 - first  # the node each reading has come to; before its first word one of its text alone
    node = np.empty(kept.shape, dtype=np.int64)
    word, before, count = [], [], 0
    steps: list[slice] = []
    its, which = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    for column in columns:
        keep = np.flatnonzero(kept[:, column])
        if not len(keep):
            continue
        if np.array_equal(keep, its):  # a word that comes and goes with the one before it
            past = np.arange(steps[-1].start, steps[-1].stop)
        else:
            its = keep
            past, example, which = np.unique(latest[its], return_index=True, return_inverse=True)
            begin = first[its[example]]
        latest[its] = node[its, column] = count + which
        word.append(begin + column)
        before.append(past)
        steps.append(slice(count, count + len(past)))
        count += len(past)
    pasts = np.concatenate(before)
    return Tree(
        word=np.concatenate(word), before=np.where(pasts < 0, count, pasts), steps=tuple(steps), node=node[kept]
    )


def _grown(tree: Tree, projected: Float[Tensor, "_ G"], weights: Weights, space: Workspace) -> Float[Tensor, "N H"]:
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
    side: Side, weights: Weights, below: Sequence[Below], keep: Float[Tensor, "W H"] | None, space: Workspace
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
    weights: Weights, below: Sequence[Below], words: Int64[Tensor, " R"], space: Workspace
) -> Float[Tensor, "R H"]:
    """h of a direction that has read one word of each reading."""
    rows = len(words)
    with space.scope():
        h, c = (space.take(rows, len(weights.own)).zero_() for _ in range(2))
        gates = space.take(rows, len(weights.bias)).zero_()
        for one, part in zip(below, _parts(weights, below), strict=True):
            torch.addmm(gates, one.values[one.row[words]], part, out=gates)
        stepper(weights.cell, gates, weights.bias[None], h, c, space)(torch.zeros_like(words))
    return h


def _parts(weights: Weights, below: Sequence[Below]) -> Sequence[Float[Tensor, "_ G"]]:
    """The weights for each part of what a layer reads."""
    return torch.split(weights.below, [one.values.shape[1] for one in below])
