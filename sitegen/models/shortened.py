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

Memory. What is shared grows with the words of the texts (about 32 H + D numbers a word), what a reading owns with its
words (H numbers each between layers 1 and 2, 2H from there on). Texts are taken in groups, longest first, whose
shared part fits half of the budget, or one text that does not; their readings in chunks that fit the other half, or one
that does not. A chunk has readings of similar length, from many texts, so that few steps do much work each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from sitegen.models.architecture import Readout
from sitegen.models.recurrence import Rnn, Side, State, Weights, read, side_of, weights_of
from sitegen.models.sharing import BACKWARD, FORWARD, HEAD, TAIL, Layer, share

Text = Float[Tensor, "_ D"]
Readings = Int64[np.ndarray, "R 3"]  # (text, a, b) with 0 <= a <= b <= n and a + n - b >= 1
Words = Int64[np.ndarray, " R"]


@torch.no_grad()
def shortened_features(
    rnn: Rnn, texts: Sequence[Text], readings: Readings, *, readout: Readout, budget: int
) -> Float[Tensor, "R KH"]:
    """The features of each reading, in order, with about `budget` bytes held beside the result.

    Raises ValueError where a reading lies outside its text or keeps no word.
    """
    which, a, b = readings.T
    n = np.array([len(text) for text in texts], dtype=np.int64)[which]
    if np.any((a < 0) | (a > b) | (b > n) | (a + n - b < 1)):
        raise ValueError("a reading must lie within its text and keep a word")
    tower = weights_of(rnn)
    first = tower[0][0].own
    features = first.new_empty(len(readings), len(tower[0]) * rnn.hidden_size)
    by_text = np.lexsort((which, -n))  # readings of the longest text first
    chosen, start = np.unique(which[by_text], return_index=True)
    chosen, start = chosen[np.argsort(start)], np.append(np.sort(start), len(by_text))
    number = first.element_size()
    word_bytes = number * (32 * rnn.hidden_size + rnn.input_size) + 24
    for run in _runs(n[by_text[start[:-1]]] * word_bytes, limit=budget // 2):
        group, mine = chosen[run], by_text[start[run.start] : start[run.stop]]
        words = torch.cat([texts[i] for i in group])
        lengths = np.array([len(texts[i]) for i in group])
        layers = share(tower, words, lengths, tails=bool(np.any(b[mine] < n[mine])))
        offset = np.zeros(len(texts), dtype=np.int64)
        offset[group] = np.cumsum(lengths) - lengths
        mine = mine[np.lexsort((a[mine], (b - a - n)[mine]))]  # longest first, then by the gap
        reading_bytes = number * rnn.hidden_size * (20 + _owned(tower) * (a + n - b)[mine]) + 128
        for part in _runs(reading_bytes, limit=budget // 2):
            rows = mine[part]
            at = offset[which[rows]]
            features[torch.from_numpy(rows).to(features.device)] = _read_chunk(
                layers,
                _chunk(start=at, a=at + a[rows], b=at + b[rows], end=at + n[rows], device=features.device),
                readout=readout,
            )
    return features


def _runs(sizes: Int64[np.ndarray, " _"], *, limit: int) -> Iterator[slice]:
    """Runs of neighbours whose sizes sum up to at most `limit`, or of one."""
    ends = np.concatenate([[0], np.cumsum(sizes)])
    start = 0
    while start < len(sizes):
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] + limit, side="right")) - 1)
        yield slice(start, stop)
        start = stop


def _owned(tower: Sequence[Sequence[Weights]]) -> int:
    """How many times H numbers a word of a reading holds at most: what a layer reads and what it writes."""
    between = [min(layer, len(tower[0])) for layer in range(len(tower))]  # below the first layer nothing
    return max(low + high for low, high in zip(between, [*between[1:], 0], strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """Readings that are read together, their words numbered through a group of texts.

    sides: their heads and their tails. gap: for each direction the word it has read last when it comes to the gap, -1
    where that is none. last: the last word of each.
    """

    sides: tuple[Side, Side]
    gap: tuple[Int64[Tensor, " R"], Int64[Tensor, " R"]]
    last: Int64[Tensor, " R"]


def _chunk(*, start: Words, a: Words, b: Words, end: Words, device: torch.device) -> _Chunk:
    """The readings of the words [start, a) and [b, end), each (R,)."""
    words = [
        np.where(a > start, a - 1, -1),
        np.where(b < end, b, -1),
        np.where(b < end, end - 1, a - 1),
    ]
    forward, backward, last = (torch.from_numpy(index).to(device) for index in words)
    heads = side_of(start, a - start, direction=1, device=device)
    tails = side_of(end - 1, end - b, direction=-1, device=device)
    return _Chunk(sides=(heads, tails), gap=(forward, backward), last=last)


def _read_chunk(layers: Sequence[Sequence[Layer]], chunk: _Chunk, *, readout: Readout) -> Float[Tensor, "R KH"]:
    """The features of the readings of a chunk, in its order."""
    hidden, like = len(layers[0][0].weights.own), layers[0][0].weights.own
    ends_early = readout == "last-step" and len(layers[0]) == 2
    own = [like.new_empty(side.size, 0) for side in chunk.sides]  # what the layer below keeps of each word, by side
    outputs: list[Tensor] = []  # the state of each direction at the edge where it goes out
    at_last = like  # the backward state of the last word, which is the first that this direction reads
    for layer, above in zip(layers, [*layers[1:], None], strict=True):
        if ends_early:
            below = torch.cat([outputs[FORWARD], at_last], dim=1) if outputs else None
            at_last = _first_step(layer[BACKWARD], below, chunk.last)
        owned = [above[0].sides[side].owned if above else () for side in (HEAD, TAIL)]
        kept = [like.new_empty(side.size, hidden * len(owned[i])) for i, side in enumerate(chunk.sides)]
        outputs = []
        for direction, one in enumerate(layer):
            if ends_early and not above and direction == BACKWARD:
                outputs.append(at_last)
                continue
            columns = [_column(kept[side], owned[side], direction, hidden) for side in (HEAD, TAIL)]
            outputs.append(_cross(one, direction, chunk, own, columns))
        own = kept
    return torch.cat(outputs, dim=1)


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
) -> Float[Tensor, "R H"]:
    """Read in through one side, across the gap and out through the other: the last state of each reading.

    own, kept: by side, what the layer below has kept, and where this direction's states go, None for nowhere.
    """
    near, far = direction, 1 - direction
    come_in, go_out = chunk.sides[near], chunk.sides[far]
    step = layer.weights.step
    if layer.states is None:
        zeros = layer.weights.own.new_zeros(len(come_in.first), len(layer.weights.own))
        state = State(h=zeros, c=zeros)
        inputs = layer.sides[near].inputs(own[near])
        state = read(come_in, inputs, state, step=step, inward=True, keep_h=kept[near])
        state = state.rows(come_in.place[go_out.order])
    else:
        state = layer.states.rows(chunk.gap[direction][go_out.order])
    inputs = layer.sides[far].inputs(own[far])
    state = read(go_out, inputs, state, step=step, inward=False, keep_h=kept[far])
    return state.h[go_out.place]


def _first_step(layer: Layer, below: Float[Tensor, "R I"] | None, words: Int64[Tensor, " R"]) -> Float[Tensor, "R H"]:
    """The state of a direction that has read one word: `below` of the layer below, or a word of the texts."""
    weights = layer.weights
    gates = layer.sides[HEAD].shared[words] if below is None else torch.addmm(weights.bias, below, weights.below)
    h, c, scratch = (gates.new_zeros(len(words), len(weights.own)) for _ in range(3))
    weights.step(gates, h, c, scratch)
    return h
