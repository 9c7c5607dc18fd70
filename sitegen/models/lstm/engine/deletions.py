"""The features of many shortened texts at once, each a text with one range of words hidden, exactly.

A reading (text, a, b) is text[:a] + text[b:]. A prefix of k words is the reading (text, k, n), a leave-one-out hides
one word or one sentence, the whole text is (text, n, n). What stands before the gap is its head, what stands behind
it its tail; either may be empty. One direction of a layer comes in from one edge of the text, crosses the gap, and
goes out to the other edge:

    text        the  cat  sat  |  on  the  |  mat  .             a = 3, b = 5, n = 7
    forward     head inward: 0 1 2     gap     tail outward: 5 6
    backward    head outward: 2 1 0    gap     tail inward: 6 5

Heads are aligned at the first word and tails at the last one (`recurrence.Side`), so that word t of every head is
read at the same step by a contiguous slice of rows. Backward is forward in a mirror: the sides change places.

Work, in products of one word's H numbers with H x 4H weights, for two layers and two directions:

                          a word of a reading              all prefixes of n words   all n leave-one-outs
    last-step             1 (layer 1) + 2 (layer 2)        3 n (n + 1) / 2           3 n (n - 1)
    final-state           1 (layer 1) + 2 x 2 (layer 2)    5 n (n + 1) / 2           5 n (n - 1)

Each layer above adds 6, or 3 as the last one of last-step, of which the output at the last word needs one step
backward alone. A GRU's product has three blocks of four; it is computed with the fourth.

Memory. What is shared grows with the words of the texts (two layers: 28 H + D numbers a word, for last-step 20 H + D),
what a reading owns with its words (H numbers each between layers 1 and 2, 2H from there on). Texts are taken in groups,
longest first, whose shared part fits what a pool holds for all (see pool.py), or one text that does not; their readings
in chunks that fit a worker's part, or one that does not. A chunk has readings of similar length, from many texts, so
that few steps do much work each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from sitegen.models.lstm.architecture import Readout
from sitegen.models.lstm.engine.arena import Arena
from sitegen.models.lstm.engine.recurrence import (
    Rnn,
    Side,
    State,
    Weights,
    is_compiled,
    read,
    side_of,
    stepper,
    weights_of,
)
from sitegen.models.lstm.engine.shared_states import BACKWARD, HEAD, TAIL, Layer, share, shared_numbers
from sitegen.models.lstm.engine.thread_pool import ThreadPool, runs

Text = Float[Tensor, "_ D"]
Readings = Int64[np.ndarray, "R 3"]  # (text, a, b) with 0 <= a <= b <= n and a + n - b >= 1
Words = Int64[np.ndarray, " R"]


@torch.no_grad()
def shortened_features(
    rnn: Rnn,
    texts: Sequence[Text],
    readings: Readings,
    *,
    readout: Readout,
    pool: ThreadPool,
    products: torch.dtype | None = None,
) -> Float[Tensor, "R KH"]:
    """The features of each reading, in order, read by a pool, which bounds what is held beside the result.

    products: the dtype in which time loops multiply, where it is not the tower's. Raises ValueError where a reading
    lies outside its text or keeps no word.
    """
    which, a, b = readings.T
    n = np.array([len(text) for text in texts], dtype=np.int64)[which]
    if np.any((a < 0) | (a > b) | (b > n) | (a + n - b < 1)):
        raise ValueError("a reading must lie within its text and keep a word")
    tower = weights_of(rnn)
    like = tower[0][0].own
    features = like.new_empty(len(readings), len(tower[0]) * rnn.hidden_size)
    by_text = np.lexsort((which, -n))  # readings of the longest text first
    chosen, start = np.unique(which[by_text], return_index=True)
    chosen, start = chosen[np.argsort(start)], np.append(np.sort(start), len(by_text))
    number, products = like.element_size(), products or like.dtype
    ends_early, tails = readout == "last-step" and rnn.bidirectional, bool(np.any(b < n))
    word_bytes = number * (shared_numbers(tower, tails=tails, ends_early=ends_early) + rnn.input_size) + 24
    a_step = 13 if is_compiled(like) else 18  # what a reading holds while a step is computed, in H numbers
    reading_bytes = number * rnn.hidden_size * (a_step + _owned(tower) * (a + n - b)) + 128
    with pool.taken() as shared:
        for run in runs(n[by_text[start[:-1]]] * word_bytes, limit=pool.common):
            mine = by_text[start[run.start] : start[run.stop]]
            mine = mine[np.lexsort((a[mine], (b - a - n)[mine]))]  # longest first, then by the gap
            with shared.scope():
                job = _job(
                    tower,
                    texts,
                    chosen[run],
                    readings,
                    mine,
                    features,
                    shared,
                    pool,
                    ends_early=ends_early,
                    products=products,
                )
                pool.work(job, reading_bytes[mine])
    return features


def _job(
    tower: Sequence[Sequence[Weights]],
    texts: Sequence[Text],
    group: Int64[np.ndarray, " B"],
    readings: Readings,
    rows: Int64[np.ndarray, " M"],
    features: Float[Tensor, "R KH"],
    space: Arena,
    pool: ThreadPool,
    *,
    ends_early: bool,
    products: torch.dtype,
) -> Callable[[slice, Arena], None]:
    """What reads a part of some rows of `readings`, all of them of the texts of a group, into `features`.

    What the texts share lies in `space`.
    """
    lengths = np.array([len(texts[i]) for i in group])
    words = torch.cat([texts[i] for i in group], out=space.take(int(lengths.sum()), texts[group[0]].shape[1]))
    which, a, b = readings[rows].T
    offset, length = np.zeros((2, len(texts)), dtype=np.int64)
    offset[group], length[group] = np.cumsum(lengths) - lengths, lengths
    tails = bool(np.any(b < length[which]))
    layers = share(tower, words, lengths, tails=tails, ends_early=ends_early, products=products, space=space, pool=pool)
    edges = offset[which] + np.stack([np.zeros_like(a), a, b, length[which]])

    def read_part(part: slice, space: Arena) -> None:
        start, gap, resumed, end = edges[:, part]
        chunk = _chunk(start=start, a=gap, b=resumed, end=end, words=len(words), device=features.device)
        found = _read_chunk(layers, chunk, space, ends_early=ends_early)
        features[torch.from_numpy(rows[part]).to(features.device)] = found

    return read_part


def _owned(tower: Sequence[Sequence[Weights]]) -> int:
    """How many times H numbers a word of a reading holds at most: what a layer reads and what it writes."""
    owned = [min(layer, len(tower[0])) for layer in range(len(tower))]  # below the first layer nothing
    return sum(max(owned[parity::2], default=0) for parity in (0, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """Readings that are read together, their words numbered through a group of texts.

    sides: their heads and their tails. gap: for each direction the word it has read last when it comes to the gap, N
    where that is none. last: the last word of each.
    """

    sides: tuple[Side, Side]
    gap: tuple[Int64[Tensor, " R"], Int64[Tensor, " R"]]
    last: Int64[Tensor, " R"]


def _chunk(*, start: Words, a: Words, b: Words, end: Words, words: int, device: torch.device) -> _Chunk:
    """The readings of the words [start, a) and [b, end), each (R,), of N = `words` in all."""
    named = [
        np.where(a > start, a - 1, words),
        np.where(b < end, b, words),
        np.where(b < end, end - 1, a - 1),
    ]
    forward, backward, last = (torch.from_numpy(index).to(device) for index in named)
    heads = side_of(start, a - start, direction=1, device=device)
    tails = side_of(end - 1, end - b, direction=-1, device=device)
    return _Chunk(sides=(heads, tails), gap=(forward, backward), last=last)


def _read_chunk(
    layers: Sequence[Sequence[Layer]], chunk: _Chunk, space: Arena, *, ends_early: bool
) -> Float[Tensor, "R KH"]:
    """The features of the readings of a chunk, in its order; they lie in `space`."""
    hidden, like = len(layers[0][0].weights.own), layers[0][0].weights.own
    outputs = space.take(len(chunk.last), hidden * len(layers[0]))  # of a layer, each direction where it goes out
    column = [outputs[:, hidden * direction : hidden * (direction + 1)] for direction in range(len(layers[0]))]
    shelves = [_shelf(layers[parity::2], chunk, space, hidden) for parity in (0, 1)]
    own = [like.new_empty(side.size, 0) for side in chunk.sides]  # what the layer below keeps of each word, by side
    for number, (layer, above) in enumerate(zip(layers, [*layers[1:], None], strict=True)):
        if ends_early:  # the last word is the first that this direction reads
            column[BACKWARD].copy_(_first_step(layer[BACKWARD], outputs if number else None, chunk.last, space))
        owned = [above[0].sides[side].owned if above else () for side in (HEAD, TAIL)]
        kept = [  # one shelf is read and the other one filled
            shelf[: side.size * hidden * len(its)].view(side.size, hidden * len(its))
            for shelf, side, its in zip(shelves[(number + 1) % 2], chunk.sides, owned, strict=True)
        ]
        for direction, one in enumerate(layer):
            known = ends_early and direction == BACKWARD
            if known and not above:
                continue
            columns = [_column(kept[side], owned[side], direction, hidden) for side in (HEAD, TAIL)]
            with space.scope():
                last = _cross(one, direction, chunk, own, columns, space)
                if not known:
                    torch.index_select(last.h, 0, chunk.sides[1 - direction].place, out=column[direction])
        own = kept
    return outputs


def _shelf(layers: Sequence[Sequence[Layer]], chunk: _Chunk, space: Arena, hidden: int) -> list[Tensor]:
    """Room, by side, for what any of these layers reads of the one below it; flat."""
    most = [max((len(layer[0].sides[side].owned) for layer in layers), default=0) for side in (HEAD, TAIL)]
    return [space.take(side.size, hidden * times).view(-1) for side, times in zip(chunk.sides, most, strict=True)]


def _column(
    kept: Float[Tensor, "_ _"], owned: tuple[int, ...], direction: int, hidden: int
) -> Float[Tensor, "_ H"] | None:
    """The part of a layer's kept states that belongs to a direction, None where nobody reads it."""
    if direction not in owned:
        return None
    start = owned.index(direction) * hidden
    return kept[:, start : start + hidden]


def _cross(
    layer: Layer,
    direction: int,
    chunk: _Chunk,
    own: Sequence[Float[Tensor, "_ _"]],
    kept: Sequence[Float[Tensor, "_ _"] | None],
    space: Arena,
) -> State:
    """Read in through one side, across the gap and out through the other: the last states, in that side's order.

    own, kept: by side, what the layer below has kept, and where this direction's states go, None for nowhere.
    """
    near, far = direction, 1 - direction
    come_in, go_out = chunk.sides[near], chunk.sides[far]
    cell, shape = layer.weights.cell, (len(chunk.last), len(layer.weights.own))
    at_gap = State(h=space.take(*shape), c=space.take(*shape))
    if layer.states is None:
        with space.scope():
            zeros = space.take(*shape).zero_()
            inputs, state = layer.sides[near].inputs(own[near]), State(h=zeros, c=zeros)
            state = read(come_in, inputs, state, cell=cell, inward=True, space=space, keep=kept[near])
            state.rows(come_in.place[go_out.order], at_gap)
    else:
        layer.states.rows(chunk.gap[direction][go_out.order], at_gap)
    inputs = layer.sides[far].inputs(own[far])
    return read(go_out, inputs, at_gap, cell=cell, inward=False, space=space, keep=kept[far])


def _first_step(
    layer: Layer, below: Float[Tensor, "R I"] | None, words: Int64[Tensor, " R"], space: Arena
) -> Float[Tensor, "R H"]:
    """The state of a direction that has read one word: `below` of the layer below, or a word of the texts."""
    weights = layer.weights
    with space.scope():
        h, c = (space.take(len(words), len(weights.own)).zero_() for _ in range(2))
        if below is None:
            gates, shared = space.take(len(words), len(weights.bias)).zero_(), layer.sides[HEAD].shared
        else:
            gates = torch.mm(below, weights.below, out=space.take(len(words), len(weights.bias)))
            shared, words = weights.bias[None], torch.zeros_like(words)
        stepper(weights.cell, gates, shared, h, c, space)(words)
    return h
