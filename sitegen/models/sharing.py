"""What all readings of a text have in common, computed once for each of its words.

What is shared. Nothing that lies before the gap can know of it. So in layer 1 the forward states of all heads, and
the backward states of all tails, are those of the text itself: read once, and taken up at the gap. In a tower of one
direction that holds in every layer. With two directions it ends above layer 1, since there each state has
read the other direction's, but half of what layer 2 reads is still the text's own: forward states in heads,
backward states in tails. That half is multiplied once for each word, the other half once for each word of each reading.

Words of all texts of a group are numbered through, 0..N-1. What `share` makes of them are two kinds of rows:
states, which a reading takes up at its gap, and projections (states, or word vectors, times the weights of the layer
that reads them), from which it picks one row a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from sitegen.models.recurrence import Inputs, Side, State, Weights, read, side_of
from sitegen.models.workspace import Workspace

HEAD, TAIL = 0, 1
FORWARD, BACKWARD = 0, 1  # forward comes in through heads, backward through tails: the numbers agree


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What one direction of a layer reads on one side, to be added up.

    shared: (N, G) the part that is the text's, multiplied, with the bias; (1, G), the bias, where there is none.
    owned: the directions of the layer below whose states are the reading's own here. weight: (X + H, G) for those
    states and for the direction's own state.
    """

    shared: Float[Tensor, "_ G"]
    owned: tuple[int, ...]
    weight: Float[Tensor, "_ G"]

    def inputs(self, own: Float[Tensor, "_ X"]) -> Inputs:
        """What `read` needs, given the states that are the readings' own."""
        return Inputs(shared=self.shared, own=own, weight=self.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One direction of one layer: what it reads in heads and in tails, and what it knows of the texts.

    states: behind each word, as it comes in, (N + 1, H), the last row zero; None where readings must find it out.
    """

    weights: Weights
    sides: tuple[Reads, Reads]
    states: State | None


def share(
    tower: Sequence[Sequence[Weights]],
    words: Float[Tensor, "N D"],
    lengths: Int64[np.ndarray, " B"],
    *,
    tails: bool,
    products: torch.dtype,
    space: Workspace,
) -> list[list[Layer]]:
    """All that is computed once for each word of some texts; without `tails` no reading has a word behind its gap.

    products: the dtype in which time loops shall multiply. The result lies in `space`.
    """
    starts = np.cumsum(lengths) - lengths
    whole = (
        side_of(starts, lengths, direction=1, device=words.device),
        side_of(starts + lengths - 1, lengths, direction=-1, device=words.device),
    )
    layers: list[list[Layer]] = []
    for both in tower:
        below = (layers[-1][FORWARD].states, layers[-1][-1].states) if layers else (None, None)
        if len(both) == 1:
            below = (below[HEAD], None)
        layer = []
        for direction, weights in enumerate(both):
            if layers:
                head, tail = (
                    _reads(weights, below, side=side, products=products, space=space) for side in (HEAD, TAIL)
                )
            else:
                everywhere = space.take(len(words), len(weights.bias))
                torch.addmm(weights.bias, words, weights.below, out=everywhere)
                head = tail = Reads(shared=everywhere, owned=(), weight=weights.own.to(products))
            known = (not layers or len(both) == 1) and (direction == FORWARD or tails)
            states = _whole_states(whole[direction], (head, tail)[direction], weights, space) if known else None
            layer.append(Layer(weights=weights, sides=(head, tail), states=states))
        layers.append(layer)
    return layers


def _reads(
    weights: Weights,
    below: tuple[State | None, State | None],
    *,
    side: int,
    products: torch.dtype,
    space: Workspace,
) -> Reads:
    """What a direction of a layer above the first reads; below: the shared states of the layer below, by side."""
    parts = weights.below.chunk(len(weights.below) // len(weights.own))  # one for each direction below
    known = below[side]
    if known is None:
        owned, shared = tuple(range(len(parts))), weights.bias[None]
    else:
        owned = tuple(d for d in range(len(parts)) if d != side)
        shared = space.take(len(known.h) - 1, len(weights.bias))
        torch.addmm(weights.bias, known.h[:-1], parts[side], out=shared)
    weight = torch.cat([*(parts[d] for d in owned), weights.own])
    return Reads(shared=shared, owned=owned, weight=weight.to(products))


def _whole_states(side: Side, reads: Reads, weights: Weights, space: Workspace) -> State:
    """The states of a direction behind each word of the whole texts, and a row of zeros."""
    rows, hidden = len(side.first), len(weights.own)
    by_word = State(h=space.take(side.size + 1, hidden), c=space.take(side.size + 1, hidden))
    with space.scope():
        start = State(h=space.take(rows, hidden).zero_(), c=space.take(rows, hidden).zero_())
        kept = State(h=space.take(side.size, hidden), c=space.take(side.size, hidden))
        inputs = reads.inputs(weights.own.new_empty(side.size, 0))
        read(side, inputs, start, cell=weights.cell, inward=True, space=space, keep_h=kept.h, keep_c=kept.c)
        words = torch.cat([side.words(step) for step in range(len(side.counts))])
        for values, places in ((by_word.h, kept.h), (by_word.c, kept.c)):
            values[words] = places
            values[-1] = 0
    return by_word
