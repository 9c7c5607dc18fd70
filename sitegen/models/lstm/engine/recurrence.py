"""One direction of one layer of an LSTM or GRU, run over many readings of different lengths at once, in place.

Notation. H hidden size, X numbers a step reads that are the reading's own, R readings, G = 4H gate numbers, N words.
A lower-case letter is one step, with one row for each reading; σ is the logistic function, * is element by element.

    LSTM    [i f g o] = x W + h U + b          GRU    [r z m v]: r, z and m = x W + b read both or x alone,
    i, f, o = σ(i), σ(f), σ(o)                        v = h U + b' reads h alone
    g       = tanh(g)                                 r, z = σ(r), σ(z)
    c       = f * c + i * g                           n    = tanh(m + r * v)
    h       = o * tanh(c)                             h    = n + z * (h - n)

These are torch.nn.LSTM's and torch.nn.GRU's equations (Hochreiter and Schmidhuber 1997 with the forget gate of Gers
et al. 2000; Cho et al. 2014, with the reset gate behind the product). Two things are arranged differently.

*One product a step.* What a step adds up comes from three places: what several readings share and was multiplied
once (`shared`, a row for each word), what the reading alone sees (`own`), and its state h. The last two lie side by
side, [own h], so that one product with [W; U] does both. A GRU is brought to the same form by giving m and v a
block each, with zeros where m does not read h and v does not read x.

*One transcendental function.* tanh x = 2 σ(2x) - 1, and torch's tanh costs five times its σ. The doubling of x is
done once, in the weights (a power of two: exact), so that all of an LSTM's gates are one call. The error is
that of σ, 6e-8 absolute in float32, where tanh near 0 would have a smaller one.

The time loop. Readings are aligned at an edge and sorted, longest first. Then at step s those that have more than s
words are the first `counts[s]` rows, a contiguous slice of every buffer, and nothing is padded or masked. For
lengths 4, 2, 1 (rows down, steps across; the numbers are places in a buffer that holds a row for every word):

            s = 0   1   2   3
    row 0       0   3   5   6          counts = 3 2 1 1
    row 1       1   4                  starts = 0 3 5 6
    row 2       2

Inward (s = 0, 1, ...) the slice shrinks, and the state of a reading that has ended stays behind in its row. Outward
(s = ..., 1, 0) it grows, and a reading that joins finds in its row the state it was given. `Side` is this shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from sitegen.models.lstm.engine.arena import Arena

Rnn = torch.nn.LSTM | torch.nn.GRU
Cell = Literal["lstm", "gru"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """One direction of one layer, transposed and in four blocks; see the notation.

    below: (what a step reads, G). own: (H, G), for the state. bias: (G,). cell: which equations.
    """

    below: Float[Tensor, "I G"]
    own: Float[Tensor, "H G"]
    bias: Float[Tensor, " G"]
    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Readings aligned at an edge and sorted, longest first: which rows run at which step, and what they read.

    first: (R,) number of each row's word at step 0; step s reads the word `first + direction * s`. counts: for each
    step how many rows run, never increasing. starts: for each step the place of its first row in buffers that hold
    one row for every word. order: (R,) number of the reading in each row; place: (R,) row of each reading.
    """

    first: Int64[Tensor, " R"]
    direction: Literal[1, -1]
    counts: tuple[int, ...]
    starts: tuple[int, ...]
    order: Int64[Tensor, " R"]
    place: Int64[Tensor, " R"]

    @property
    def size(self) -> int:
        """Words of all rows together."""
        return sum(self.counts)

    def words(self, step: int) -> Int64[Tensor, " r"]:
        """The number of the word that each running row reads."""
        return self.first[: self.counts[step]] + self.direction * step


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a side's steps read: [own h] @ weight + shared.

    shared: (N, G) for each word, or (1, G) where all words share nothing but the bias. own: (words of the side, X),
    by place, X may be 0. weight: (X + H, G), of the same dtype, or bfloat16 where the product shall be done in that.
    """

    shared: Float[Tensor, "_ G"]
    own: Float[Tensor, "_ X"]
    weight: Float[Tensor, "_ G"]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """h and c, (R, H) each, a row for each reading; a GRU leaves c alone."""

    h: Float[Tensor, "R H"]
    c: Float[Tensor, "R H"]

    def rows(self, index: Int64[Tensor, " r"], out: State) -> State:
        """A copy, in `out`, of the rows that `index` picks."""
        torch.index_select(self.h, 0, index, out=out.h)
        torch.index_select(self.c, 0, index, out=out.c)
        return out


def read(
    side: Side,
    inputs: Inputs,
    state: State,
    *,
    cell: Cell,
    inward: bool,
    space: Arena,
    keep: Float[Tensor, "_ H"] | None = None,
    behind: State | None = None,
) -> State:
    """The state of each row after reading its side, from the edge inward or from inside to the edge.

    state: where each row starts, in the side's order; it is not changed. keep: a buffer by place that receives the h
    of every step; it may be strided. behind: receives the state behind each word, in the word's row; for sides that
    read no word twice. The result lies in `space`.
    """
    rows, hidden = state.h.shape
    read_ = inputs.own.shape[1]
    both, c = space.take(rows, read_ + hidden), space.take(rows, hidden)
    h = both[:, read_:]
    h.copy_(state.h)
    c.copy_(state.c)
    bias_alone = side.first.new_zeros(rows) if len(inputs.shared) == 1 else None
    with space.scope():
        gates = space.take(rows, inputs.weight.shape[1])
        multiply = _product(both, inputs.weight, gates)
        advance = stepper(cell, gates, inputs.shared, both, c, space)
        for s in range(len(side.counts)) if inward else reversed(range(len(side.counts))):
            n, places = side.counts[s], slice(side.starts[s], side.starts[s] + side.counts[s])
            if read_:
                both[:n, :read_] = inputs.own[places]
            multiply(n)
            words = side.words(s)
            advance(words if bias_alone is None else bias_alone[:n])
            if keep is not None:
                keep[places] = h[:n]
            if behind is not None:
                behind.h.index_copy_(0, words, h[:n])
                behind.c.index_copy_(0, words, c[:n])
    return State(h=h, c=c)


def _product(both: Tensor, weight: Tensor, gates: Tensor) -> Callable[[int], None]:
    """What multiplies [own h] in the first n rows with the weights, into as many rows of `gates`."""
    if weight.dtype == both.dtype:

        def multiply(n: int) -> None:
            torch.mm(both[:n], weight, out=gates[:n])

        return multiply
    factor, product = (values.new_empty(values.shape, dtype=weight.dtype) for values in (both, gates))

    def multiply_rounded(n: int) -> None:
        factor[:n] = both[:n]
        torch.mm(factor[:n], weight, out=product[:n])
        gates[:n] = product[:n]

    return multiply_rounded


def stepper(
    cell: Cell,
    gates: Float[Tensor, "R G"],
    shared: Float[Tensor, "_ G"],
    both: Float[Tensor, "R _"],
    c: Float[Tensor, "R H"],
    space: Arena,
) -> Callable[[Int64[Tensor, " r"]], None]:
    """The cell's equations over these buffers, compiled where they can be.

    It is called with the word that each of the first r rows reads; their product lies in `gates`, and their h (the
    last columns of `both`) and c become the next ones.
    """
    if is_compiled(both):
        from sitegen.models.lstm.engine import kernels as fused

        kernel = {"lstm": fused.lstm, "gru": fused.gru}[cell]
        product, known, state, memory = (values.numpy() for values in (gates, shared, both, c))
        return lambda words: kernel(product, known, words.numpy(), state, memory)

    equations = {"lstm": _lstm_step, "gru": _gru_step}[cell]
    h, scratch, added = both[:, -c.shape[1] :], space.take(*c.shape), space.take(*gates.shape)

    def advance(words: Tensor) -> None:
        n = len(words)
        torch.index_select(shared, 0, words, out=added[:n])
        equations(gates[:n].add_(added[:n]), h[:n], c[:n], scratch[:n])

    return advance


def is_compiled(like: Tensor) -> bool:
    """Whether the equations are compiled for tensors like this one; if not, a step needs 5H numbers more a row."""
    return like.device.type == "cpu" and like.dtype == torch.float32 and find_spec("numba") is not None


def _lstm_step(gates: Tensor, h: Tensor, c: Tensor, scratch: Tensor) -> None:
    """One step of an LSTM: h and c become the next ones; gates (R, 4H) holds i, f, 2g, o before σ."""
    i, f, g, o = gates.chunk(4, dim=1)
    gates.sigmoid_()
    g.sub_(0.5)  # half of tanh(g)
    c.mul_(f)
    c.addcmul_(i, g, value=2)
    torch.add(c, c, out=scratch)
    scratch.sigmoid_().sub_(0.5)  # half of tanh(c)
    torch.mul(o, scratch, out=h)
    h.mul_(2)


def _gru_step(gates: Tensor, h: Tensor, c: Tensor, scratch: Tensor) -> None:
    """One step of a GRU: h becomes the next one; gates (R, 4H) holds r, z before σ, and 2m, 2v."""
    r, z, n, v = gates.chunk(4, dim=1)
    gates[:, : 2 * h.shape[1]].sigmoid_()
    n.addcmul_(r, v)
    n.sigmoid_().mul_(2).sub_(1)  # tanh(m + r * v)
    h.sub_(n)
    h.mul_(z)
    h.add_(n)


def weights_of(rnn: Rnn) -> list[list[Weights]]:
    """The weights of each layer, and in it of each direction, arranged for `read`.

    Raises ValueError for an LSTM with projections, whose states are smaller than its gates.
    """
    if rnn.proj_size:
        raise ValueError("an LSTM with projections (proj_size) is not supported; use one without")
    suffixes = ("", "_reverse")[: 2 if rnn.bidirectional else 1]
    return [[_arranged(rnn, f"l{layer}{suffix}") for suffix in suffixes] for layer in range(rnn.num_layers)]


def _arranged(rnn: Rnn, name: str) -> Weights:
    """torch's blocks (i, f, g, o or r, z, n) as the notation has them, the arguments of tanh doubled."""

    def blocks(kind: str, side: str) -> list[Tensor]:
        if kind == "bias" and not rnn.bias:
            return [rnn.get_parameter(f"weight_hh_{name}").new_zeros(rnn.hidden_size)] * count
        return list(rnn.get_parameter(f"{kind}_{side}_{name}").detach().chunk(count))

    count = 4 if isinstance(rnn, torch.nn.LSTM) else 3
    below, own = blocks("weight", "ih"), blocks("weight", "hh")
    read, state = blocks("bias", "ih"), blocks("bias", "hh")
    if count == 4:
        for part in (below, own, read, state):
            part[2] = 2 * part[2]
        bias = [a + b for a, b in zip(read, state, strict=True)]
    else:
        below, own = [*below[:2], 2 * below[2], 0 * below[2]], [*own[:2], 0 * own[2], 2 * own[2]]
        bias = [read[0] + state[0], read[1] + state[1], 2 * read[2], 2 * state[2]]
    return Weights(
        below=torch.cat(below).t().contiguous(),
        own=torch.cat(own).t().contiguous(),
        bias=torch.cat(bias),
        cell="lstm" if count == 4 else "gru",
    )


def side_of(
    first: Int64[np.ndarray, " R"],
    lengths: Int64[np.ndarray, " R"],
    *,
    direction: Literal[1, -1],
    device: torch.device,
) -> Side:
    """The side of readings that each read `lengths` words from word number `first` on, going in `direction`."""
    order = np.argsort(-lengths, kind="stable")
    longest = int(lengths.max(initial=0))
    counts = len(lengths) - np.searchsorted(np.sort(lengths), np.arange(longest), side="right")
    starts = np.cumsum(counts) - counts
    return Side(
        first=torch.from_numpy(first[order]).to(device),
        direction=direction,
        counts=tuple(counts.tolist()),
        starts=tuple(starts.tolist()),
        order=torch.from_numpy(order).to(device),
        place=torch.from_numpy(np.argsort(order)).to(device),
    )
