"""States that all deletions of a text share, computed once for each word of the text.

A deletion is a text without one range of its words: a head, a gap, a tail (`deletions.py`). Forward reads the head
first, backward the tail.

What is shared. Whatever is read before the gap cannot depend on it. So in layer 1 the forward states in all heads, and
the backward states in all tails, are those of the whole text: they are computed once, and each deletion starts from the
one at its gap. In a tower of one direction that holds in every layer. With two directions it ends above layer 1, since
there each state depends on both directions of the layer below; but half of what layer 2 reads is still the text's:
forward states in heads, backward states in tails. That half is multiplied once for each word, the other half once for
each word of each deletion.

The words of all texts of a group are numbered through, 0..N-1. `compute_shared` makes two kinds of rows of them:
states, from which a deletion starts at its gap, and projections (states, or word vectors, times the weights of the
layer that reads them), of which a deletion adds one row a step.
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
from sitegen.models.lstm.engine.recurrence import Inputs, State, Weights, align, run_cell
from sitegen.models.lstm.engine.thread_pool import ThreadPool

HEAD, TAIL = 0, 1
SIDES = (HEAD, TAIL)
FORWARD, BACKWARD = 0, 1  # forward reads heads first, backward tails: a direction's number is that of its first side


@dataclass(frozen=True, slots=True, kw_only=True)
class SideInputs:
    """The inputs of one direction of a layer on one side of the gap: a shared and an own part, to be added up.

    shared: (N, G), for each word the product of what the text's deletions have in common there, with the bias; (1, G),
    the bias alone, where they have nothing in common. own_directions: the directions of the layer below whose states
    differ from deletion to deletion here. weight: (X + H, G) for those states and for the direction's own state.
    """

    shared: Float[Tensor, "_ G"]
    own_directions: tuple[int, ...]
    weight: Float[Tensor, "_ G"]

    def inputs(self, own: Float[Tensor, "_ X"]) -> Inputs:
        """The inputs of `run_cell`, given the states of the layer below that are a deletion's own."""
        return Inputs(shared=self.shared, own=own, weight=self.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectedLayer:
    """One direction of one layer: its weights, what it reads in heads and in tails, and its shared states.

    text_states: its state after each word of the whole texts, (N + 1, H), the last row zero for deletions that begin
    at the gap; None where deletions do not share them and each must compute its own.
    """

    weights: Weights
    sides: tuple[SideInputs, SideInputs]
    text_states: State | None


def compute_shared(
    tower: Sequence[Sequence[Weights]],
    words: Float[Tensor, "N D"],
    lengths: Int64[np.ndarray, " B"],
    *,
    tails: bool,
    one_backward_step: bool,
    products: torch.dtype,
    arena: Arena,
    pool: ThreadPool,
) -> list[list[DirectedLayer]]:
    """For each layer, and in it each direction, all that is computed once for each word of some texts.

    words: the vectors of all texts, whose `lengths` add up to N. tails: whether any deletion has words after its gap.
    one_backward_step: whether the last layer's backward direction reads only the last word of each deletion; nothing is
    shared for it then. products: the dtype in which time loops multiply. The result lies in `arena`; it takes
    `shared_numbers` a word.
    """
    layers: list[list[DirectedLayer]] = []
    for number, layer_weights in enumerate(tower):
        below: tuple[State | None, State | None] | None = None  # the shared states of the layer below, by side
        if layers:
            backward_states = layers[-1][BACKWARD].text_states if len(layer_weights) == 2 else None
            below = (layers[-1][FORWARD].text_states, backward_states)
        layer = []
        for direction, weights in enumerate(layer_weights):
            single = _takes_one_step(tower, number, direction, one_backward_step=one_backward_step)
            if below is None:
                everywhere = arena.take(len(words), len(weights.bias))
                torch.addmm(weights.bias, words, weights.input, out=everywhere)
                head = tail = SideInputs(shared=everywhere, own_directions=(), weight=weights.recurrent.to(products))
            else:
                known = (None, None) if single else below
                head, tail = (_side_inputs(weights, known, side=side, products=products, arena=arena) for side in SIDES)
            states = None
            if not single and _shares_states(number, direction, layer_weights, tails=tails):
                shape = (len(words) + 1, len(weights.recurrent))
                states = State(h=arena.take(*shape), c=arena.take(*shape))
            layer.append(DirectedLayer(weights=weights, sides=(head, tail), text_states=states))
        _compute_text_states(layer, lengths, pool)
        layers.append(layer)
    return layers


def shared_numbers(tower: Sequence[Sequence[Weights]], *, tails: bool, one_backward_step: bool) -> int:
    """How many numbers `compute_shared` stores for each word."""
    total, sharing_below = 0, 0  # sharing_below: how many directions of the layer below share their states
    for number, layer_weights in enumerate(tower):
        sharing = 0
        for direction, weights in enumerate(layer_weights):
            single = _takes_one_step(tower, number, direction, one_backward_step=one_backward_step)
            projections = 1 if not number else 0 if single else sharing_below
            sharing += not single and _shares_states(number, direction, layer_weights, tails=tails)
            total += projections * len(weights.bias)
        total += 2 * sharing * len(layer_weights[0].recurrent)
        sharing_below = sharing
    return total


def _takes_one_step(
    tower: Sequence[Sequence[Weights]], number: int, direction: int, *, one_backward_step: bool
) -> bool:
    """Whether a direction of layer `number` reads only the last word of each deletion."""
    return one_backward_step and direction == BACKWARD and number == len(tower) - 1


def _shares_states(number: int, direction: int, layer_weights: Sequence[Weights], *, tails: bool) -> bool:
    """Whether a direction of layer `number` has states that deletions have in common, and any deletion starts there."""
    return (number == 0 or len(layer_weights) == 1) and (direction == FORWARD or tails)


def _side_inputs(
    weights: Weights,
    below: tuple[State | None, State | None],
    *,
    side: int,
    products: torch.dtype,
    arena: Arena,
) -> SideInputs:
    """The inputs of a direction of a layer above the first; below: the shared states of the layer below, by side."""
    blocks = weights.input.chunk(len(weights.input) // len(weights.recurrent))  # one for each direction below
    states = below[side]
    if states is None:
        own_directions, shared = tuple(range(len(blocks))), weights.bias[None]
    else:
        own_directions = tuple(direction for direction in range(len(blocks)) if direction != side)
        shared = arena.take(len(states.h) - 1, len(weights.bias))
        torch.addmm(weights.bias, states.h[:-1], blocks[side], out=shared)
    weight = torch.cat([*(blocks[direction] for direction in own_directions), weights.recurrent])
    return SideInputs(shared=shared, own_directions=own_directions, weight=weight.to(products))


def _compute_text_states(layer: Sequence[DirectedLayer], lengths: Int64[np.ndarray, " B"], pool: ThreadPool) -> None:
    """Fill in the shared states of a layer, after each word of the whole texts, and their last row with zeros."""
    first = np.cumsum(lengths) - lengths
    sharing = [(direction, one, one.text_states) for direction, one in enumerate(layer) if one.text_states is not None]
    parts = max(1, pool.shares // max(1, len(sharing)))
    jobs = []
    for direction, directed, states in sharing:
        states.h[-1] = states.c[-1] = 0
        for part in range(min(parts, len(lengths))):
            every = slice(part, None, parts)
            jobs.append(partial(_run_through_texts, directed, states, direction, first[every], lengths[every]))
    pool.run(jobs)


def _run_through_texts(
    directed: DirectedLayer,
    states: State,
    direction: int,
    first: Int64[np.ndarray, " B"],
    lengths: Int64[np.ndarray, " B"],
    arena: Arena,
) -> None:
    """Fill in the states after each word of some texts; first: the word that each begins with."""
    hidden, device = len(directed.weights.recurrent), directed.weights.recurrent.device
    if direction == FORWARD:
        texts = align(first, lengths, direction=1, device=device)
    else:
        texts = align(first + lengths - 1, lengths, direction=-1, device=device)
    start = State(h=arena.take(len(first), hidden).zero_(), c=arena.take(len(first), hidden).zero_())
    inputs = directed.sides[direction].inputs(directed.weights.recurrent.new_empty(texts.size, 0))
    run_cell(texts, inputs, start, cell=directed.weights.cell, inward=True, arena=arena, state_by_word=states)
