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
from functools import partial

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from sitegen.models.lstm.engine.arena import Arena
from sitegen.models.lstm.engine.recurrence import Inputs, State, Weights, read, side_of
from sitegen.models.lstm.engine.thread_pool import ThreadPool

HEAD, TAIL = 0, 1
SIDES = (HEAD, TAIL)
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
    ends_early: bool,
    products: torch.dtype,
    space: Arena,
    pool: ThreadPool,
) -> list[list[Layer]]:
    """All that is computed once for each word of some texts, by a pool.

    Without `tails` no reading has a word behind its gap. Where the tower `ends_early`, the last layer's backward
    direction reads one word of each reading alone, and nothing is shared for it. products: the dtype in which time
    loops shall multiply. The result lies in `space`; how much of it that takes is `shared_numbers`.
    """
    layers: list[list[Layer]] = []
    for number, both in enumerate(tower):
        below = (layers[-1][FORWARD].states, layers[-1][-1].states if len(both) == 2 else None) if layers else None
        layer = []
        for direction, weights in enumerate(both):
            unread = _is_unread(tower, number, direction, ends_early=ends_early)
            if below is None:
                everywhere = space.take(len(words), len(weights.bias))
                torch.addmm(weights.bias, words, weights.below, out=everywhere)
                head = tail = Reads(shared=everywhere, owned=(), weight=weights.own.to(products))
            else:
                known = (None, None) if unread else below
                head, tail = (_reads(weights, known, side=side, products=products, space=space) for side in SIDES)
            states = None
            if not unread and _is_known(number, direction, both, tails=tails):
                states = State(
                    h=space.take(len(words) + 1, len(weights.own)), c=space.take(len(words) + 1, len(weights.own))
                )
            layer.append(Layer(weights=weights, sides=(head, tail), states=states))
        _read_whole(layer, lengths, pool)
        layers.append(layer)
    return layers


def shared_numbers(tower: Sequence[Sequence[Weights]], *, tails: bool, ends_early: bool) -> int:
    """How many numbers a word takes of what `share` makes."""
    total, below = 0, 0  # below: whose states the layer below shares
    for number, both in enumerate(tower):
        known = 0
        for direction, weights in enumerate(both):
            unread = _is_unread(tower, number, direction, ends_early=ends_early)
            projections = 1 if not number else 0 if unread else below
            known += not unread and _is_known(number, direction, both, tails=tails)
            total += projections * len(weights.bias)
        total += 2 * known * len(both[0].own)
        below = known
    return total


def _is_unread(tower: Sequence[Sequence[Weights]], number: int, direction: int, *, ends_early: bool) -> bool:
    """Whether a direction of a layer reads one word of each reading and no more."""
    return ends_early and direction == BACKWARD and number == len(tower) - 1


def _is_known(number: int, direction: int, both: Sequence[Weights], *, tails: bool) -> bool:
    """Whether a direction of a layer has states that are the text's, and somebody takes them up."""
    return (number == 0 or len(both) == 1) and (direction == FORWARD or tails)


def _reads(
    weights: Weights,
    below: tuple[State | None, State | None],
    *,
    side: int,
    products: torch.dtype,
    space: Arena,
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


def _read_whole(layer: Sequence[Layer], lengths: Int64[np.ndarray, " B"], pool: ThreadPool) -> None:
    """Fill in the states of a layer's directions behind each word of the whole texts, and a row of zeros."""
    first = np.cumsum(lengths) - lengths
    known = [(direction, one, one.states) for direction, one in enumerate(layer) if one.states is not None]
    parts = max(1, pool.workers // max(1, len(known)))
    jobs = []
    for direction, one, states in known:
        states.h[-1] = states.c[-1] = 0
        for part in range(min(parts, len(lengths))):
            its_first, its_lengths = first[part::parts], lengths[part::parts]
            jobs.append(partial(_read_texts, one, states, direction, its_first, its_lengths))
    pool.side_by_side(jobs)


def _read_texts(
    layer: Layer,
    states: State,
    direction: int,
    first: Int64[np.ndarray, " B"],
    lengths: Int64[np.ndarray, " B"],
    space: Arena,
) -> None:
    """Fill in the states of a direction behind each word of texts that begin at the words `first`."""
    reads, hidden, device = layer.sides[direction], len(layer.weights.own), layer.weights.own.device
    if direction == FORWARD:
        side = side_of(first, lengths, direction=1, device=device)
    else:
        side = side_of(first + lengths - 1, lengths, direction=-1, device=device)
    start = State(h=space.take(len(first), hidden).zero_(), c=space.take(len(first), hidden).zero_())
    inputs = reads.inputs(layer.weights.own.new_empty(side.size, 0))
    read(side, inputs, start, cell=layer.weights.cell, inward=True, space=space, behind=states)
