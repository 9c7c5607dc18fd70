"""The features of many deletions at once, exactly; a deletion is a text without one range of its words.

A deletion (text, a, b) is text[:a] + text[b:]. A prefix of k words is the deletion (text, k, n), a leave-one-out
deletes one word or one sentence, the whole text is (text, n, n). The words before the gap are the deletion's head,
those after it its tail; either may be empty. One direction of a layer starts at one edge of the text, reads inward to
the gap, crosses it, and reads outward to the other edge:

    text        the  cat  sat  |  on  the  |  mat  .             a = 3, b = 5, n = 7
    forward     head inward: 0 1 2     gap     tail outward: 5 6
    backward    head outward: 2 1 0    gap     tail inward: 6 5

Heads are aligned at the first word and tails at the last one (`recurrence.Aligned`), so that word t of every head is
read at the same step by a contiguous slice of rows. Backward is the mirror image of forward: head and tail change
roles.

Work, in products of one word's H numbers with H x 4H weights, for two layers and two directions:

                          a word of a deletion             all prefixes of n words   all n leave-one-outs
    last-step             1 (layer 1) + 2 (layer 2)        3 n (n + 1) / 2           3 n (n - 1)
    final-state           1 (layer 1) + 2 x 2 (layer 2)    5 n (n + 1) / 2           5 n (n - 1)

Each layer above adds 6, or 3 if it is the last one of last-step: the output at the last word needs only one step
backward. A GRU's product has three blocks of the four; it is computed with the fourth.

Memory. What is shared grows with the words of the texts (two layers: 28 H + D numbers a word, for last-step 20 H + D);
what belongs to one deletion grows with its words (H numbers each between layers 1 and 2, 2H from there on). Texts are
taken in groups, longest first, whose shared part fits the pool's shared arena (`thread_pool.py`); a text that needs
more is a group by itself. The deletions of a group are taken in chunks that fit the arena of a thread; again, one that
needs more is a chunk by itself. A chunk has deletions of similar length, from many texts, so that few steps do much
work each.
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
    Aligned,
    Rnn,
    State,
    Weights,
    WordVectors,
    align,
    is_compiled,
    run_cell,
    stepper,
    weights_of,
)
from sitegen.models.lstm.engine.shared_states import (
    BACKWARD,
    HEAD,
    SIDES,
    DirectedLayer,
    compute_shared,
    shared_numbers,
)
from sitegen.models.lstm.engine.thread_pool import ThreadPool, runs

Deletions = Int64[np.ndarray, "R 3"]  # (text, a, b) with 0 <= a <= b <= n and a + n - b >= 1
WordNumbers = Int64[np.ndarray, " R"]  # one for each deletion


@torch.no_grad()
def evaluate_deletions(
    rnn: Rnn,
    texts: Sequence[WordVectors],
    deletions: Deletions,
    *,
    readout: Readout,
    pool: ThreadPool,
    products: torch.dtype | None = None,
) -> Float[Tensor, "R KH"]:
    """The features of each deletion, in order, computed by a pool, which bounds the memory held beside the result.

    products: the dtype in which time loops multiply; None for the tower's. Raises ValueError where a deletion's range
    lies outside its text or leaves no word.
    """
    which, a, b = deletions.T
    n = np.array([len(text) for text in texts], dtype=np.int64)[which]
    if np.any((a < 0) | (a > b) | (b > n) | (a + n - b < 1)):
        raise ValueError("a deletion must lie within its text and keep a word")
    tower = weights_of(rnn)
    like = tower[0][0].recurrent
    features = like.new_empty(len(deletions), len(tower[0]) * rnn.hidden_size)
    by_text = np.lexsort((which, -n))  # the deletions, those of the longest text first
    used_texts, start = np.unique(which[by_text], return_index=True)
    used_texts, start = used_texts[np.argsort(start)], np.append(np.sort(start), len(by_text))
    number_bytes, products = like.element_size(), products or like.dtype
    one_backward_step, tails = readout == "last-step" and rnn.bidirectional, bool(np.any(b < n))
    shared = shared_numbers(tower, tails=tails, one_backward_step=one_backward_step)
    word_bytes = number_bytes * (shared + rnn.input_size) + 24
    step_numbers = 13 if is_compiled(like) else 18  # held for a deletion while a step is computed, times H
    deletion_bytes = number_bytes * rnn.hidden_size * (step_numbers + _own_states_per_word(tower) * (a + n - b)) + 128
    with pool.shared_arena() as shared_arena:
        for group in runs(n[by_text[start[:-1]]] * word_bytes, limit=pool.shared_bytes):
            rows = by_text[start[group.start] : start[group.stop]]
            rows = rows[np.lexsort((a[rows], (b - a - n)[rows]))]  # longest first, then by the gap
            with shared_arena.scope():
                job = _chunk_job(
                    tower,
                    texts,
                    used_texts[group],
                    deletions,
                    rows,
                    features,
                    shared_arena,
                    pool,
                    one_backward_step=one_backward_step,
                    products=products,
                )
                pool.run_chunks(job, deletion_bytes[rows])
    return features


def _chunk_job(
    tower: Sequence[Sequence[Weights]],
    texts: Sequence[WordVectors],
    group: Int64[np.ndarray, " B"],
    deletions: Deletions,
    rows: Int64[np.ndarray, " M"],
    features: Float[Tensor, "R KH"],
    shared_arena: Arena,
    pool: ThreadPool,
    *,
    one_backward_step: bool,
    products: torch.dtype,
) -> Callable[[slice, Arena], None]:
    """Compute what the texts of a group share; return a function that writes the features of a chunk to `features`.

    rows: the numbers of the deletions of these texts. A chunk is a slice of `rows`. What is shared lies in
    `shared_arena`.
    """
    lengths = np.array([len(texts[i]) for i in group])
    words = torch.cat([texts[i] for i in group], out=shared_arena.take(int(lengths.sum()), texts[group[0]].shape[1]))
    which, a, b = deletions[rows].T
    offset, length = np.zeros((2, len(texts)), dtype=np.int64)
    offset[group], length[group] = np.cumsum(lengths) - lengths, lengths
    layers = compute_shared(
        tower,
        words,
        lengths,
        tails=bool(np.any(b < length[which])),
        one_backward_step=one_backward_step,
        products=products,
        arena=shared_arena,
        pool=pool,
    )
    edges = offset[which] + np.stack([np.zeros_like(a), a, b, length[which]])

    def evaluate(chunk: slice, arena: Arena) -> None:
        start, gap, resumed, end = edges[:, chunk]
        layout = _layout(start=start, a=gap, b=resumed, end=end, words=len(words), device=features.device)
        results = _evaluate_chunk(layers, layout, arena, one_backward_step=one_backward_step)
        features[torch.from_numpy(rows[chunk]).to(features.device)] = results

    return evaluate


def _own_states_per_word(tower: Sequence[Sequence[Weights]]) -> int:
    """How many states of H numbers are held for a word of a deletion at most: those a layer reads and those it writes.

    `_evaluate_chunk` holds them in two sets of buffers, for even and for odd layers.
    """
    own = [min(layer, len(tower[0])) for layer in range(len(tower))]  # how many a layer reads; the first reads none
    return sum(max(own[parity::2], default=0) for parity in (0, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Where the deletions of a chunk find their words, which are numbered through a group of texts.

    sides: their heads and their tails. before_gap: for each direction the word that it reads last before the gap, N
    where there is none. last: the last word of each deletion.
    """

    sides: tuple[Aligned, Aligned]
    before_gap: tuple[Int64[Tensor, " R"], Int64[Tensor, " R"]]
    last: Int64[Tensor, " R"]


def _layout(
    *, start: WordNumbers, a: WordNumbers, b: WordNumbers, end: WordNumbers, words: int, device: torch.device
) -> _Layout:
    """The layout of deletions that consist of the words [start, a) and [b, end), each (R,), of N = `words` in all."""
    numbers = [
        np.where(a > start, a - 1, words),
        np.where(b < end, b, words),
        np.where(b < end, end - 1, a - 1),
    ]
    forward, backward, last = (torch.from_numpy(index).to(device) for index in numbers)
    heads = align(start, a - start, direction=1, device=device)
    tails = align(end - 1, end - b, direction=-1, device=device)
    return _Layout(sides=(heads, tails), before_gap=(forward, backward), last=last)


def _evaluate_chunk(
    layers: Sequence[Sequence[DirectedLayer]], layout: _Layout, arena: Arena, *, one_backward_step: bool
) -> Float[Tensor, "R KH"]:
    """The features of the deletions of a chunk, in its order; they lie in `arena`.

    Layer by layer: `own` are the states of the layer below that the layer reads word by word, `written` those that it
    leaves for the layer above.
    """
    like = layers[0][0].weights.recurrent
    hidden = len(like)
    outputs = arena.take(len(layout.last), hidden * len(layers[0]))  # of a layer, each direction at its last word
    columns = [outputs[:, hidden * direction : hidden * (direction + 1)] for direction in range(len(layers[0]))]
    buffers = [_state_buffers(layers[parity::2], layout, arena, hidden) for parity in (0, 1)]
    own = [like.new_empty(side.size, 0) for side in layout.sides]  # by side
    for number, (layer, above) in enumerate(zip(layers, [*layers[1:], None], strict=True)):
        if one_backward_step:  # the output at the last word is the first step of the backward direction
            below = outputs if number else None
            columns[BACKWARD].copy_(_single_step(layer[BACKWARD], below, layout.last, arena))
        own_directions = [above[0].sides[side].own_directions if above else () for side in SIDES]
        written = [  # to one of the two buffers, while the other one is read
            buffer[: side.size * hidden * len(directions)].view(side.size, hidden * len(directions))
            for buffer, side, directions in zip(buffers[(number + 1) % 2], layout.sides, own_directions, strict=True)
        ]
        for direction, directed in enumerate(layer):
            is_output_known = one_backward_step and direction == BACKWARD
            if is_output_known and not above:
                continue
            h_by_place = [_columns_of(direction, written[side], own_directions[side], hidden) for side in SIDES]
            with arena.scope():
                final = _cross_gap(directed, direction, layout, own, h_by_place, arena)
                if not is_output_known:
                    torch.index_select(final.h, 0, layout.sides[1 - direction].row, out=columns[direction])
        own = written
    return outputs


def _state_buffers(
    layers: Sequence[Sequence[DirectedLayer]], layout: _Layout, arena: Arena, hidden: int
) -> list[Tensor]:
    """A flat buffer for each side, large enough for the states that any of these layers reads of the one below it."""
    most = [max((len(layer[0].sides[side].own_directions) for layer in layers), default=0) for side in SIDES]
    return [arena.take(side.size, hidden * times).view(-1) for side, times in zip(layout.sides, most, strict=True)]


def _columns_of(
    direction: int, states: Float[Tensor, "_ _"], directions: tuple[int, ...], hidden: int
) -> Float[Tensor, "_ H"] | None:
    """The columns of a direction in a buffer that has H for each of `directions`; None where it is not among them."""
    if direction not in directions:
        return None
    start = directions.index(direction) * hidden
    return states[:, start : start + hidden]


def _cross_gap(
    directed: DirectedLayer,
    direction: int,
    layout: _Layout,
    own: Sequence[Float[Tensor, "_ _"]],
    h_by_place: Sequence[Float[Tensor, "_ _"] | None],
    arena: Arena,
) -> State:
    """Read in through one side, across the gap and out through the other: the last states, in that side's order.

    own: by side, the states of the layer below that are the deletions' own. h_by_place: by side, the buffer for the
    states of this direction, None where the layer above does not read them.
    """
    near, far = direction, 1 - direction
    incoming, outgoing = layout.sides[near], layout.sides[far]
    cell, shape = directed.weights.cell, (len(layout.last), len(directed.weights.recurrent))
    at_gap = State(h=arena.take(*shape), c=arena.take(*shape))
    if directed.text_states is None:
        with arena.scope():
            zeros = arena.take(*shape).zero_()
            inputs, start = directed.sides[near].inputs(own[near]), State(h=zeros, c=zeros)
            state = run_cell(incoming, inputs, start, cell=cell, inward=True, arena=arena, h_by_place=h_by_place[near])
            state.copy_rows(incoming.row[outgoing.order], out=at_gap)
    else:
        directed.text_states.copy_rows(layout.before_gap[direction][outgoing.order], out=at_gap)
    inputs = directed.sides[far].inputs(own[far])
    return run_cell(outgoing, inputs, at_gap, cell=cell, inward=False, arena=arena, h_by_place=h_by_place[far])


def _single_step(
    directed: DirectedLayer, below: Float[Tensor, "R I"] | None, words: Int64[Tensor, " R"], arena: Arena
) -> Float[Tensor, "R H"]:
    """The h of a direction that has read one word: `below`, the layer below's outputs, or None for the texts' words."""
    weights = directed.weights
    with arena.scope():
        h, c = (arena.take(len(words), len(weights.recurrent)).zero_() for _ in range(2))
        if below is None:
            gates, shared = arena.take(len(words), len(weights.bias)).zero_(), directed.sides[HEAD].shared
        else:
            gates = torch.mm(below, weights.input, out=arena.take(len(words), len(weights.bias)))
            shared, words = weights.bias[None], torch.zeros_like(words)
        stepper(weights.cell, gates, shared, h, c, arena)(words)
    return h
