"""One direction of one layer of an LSTM or GRU, run over many sequences of different lengths at once, in place.

A sequence is a run of words that one direction reads one after the other: a whole text, the words of a deletion on one
side of its gap (`deletions.py`), or those that a subset keeps (`subsets.py`).

Notation. R sequences, one row each; H hidden size; G = 4H gate numbers; N words; X how many numbers a step reads that
belong to the sequence alone. A lower-case letter is one step, with one row for each sequence; σ is the logistic
function, * is element by element.

    LSTM    [i f g o] = x W + h U + b          GRU    [r z m v]: r and z = x W + h U + b read both,
    i, f, o = σ(i), σ(f), σ(o)                        m = x W + b reads x alone, v = h U + b' reads h alone
    g       = tanh(g)                                 r, z = σ(r), σ(z)
    c       = f * c + i * g                           n    = tanh(m + r * v)
    h       = o * tanh(c)                             h    = n + z * (h - n)

These are torch.nn.LSTM's and torch.nn.GRU's equations (Hochreiter and Schmidhuber 1997 with the forget gate of Gers
et al. 2000; Cho et al. 2014, with the reset gate behind the product). Two things are arranged differently.

*One product a step.* A step adds up three terms: one that several sequences have in common and that was multiplied
once (`shared`, a row for each word), one of the numbers that the sequence alone sees (`own`), and one of its state h.
own and h lie side by side in one buffer, [own h], so that one product with [W; U] gives the last two terms. A GRU is
brought to the same form by giving m and v a block each, with zeros where m does not read h and v does not read x.

*One transcendental function.* tanh x = 2 σ(2x) - 1, and torch's tanh costs five times its σ. The doubling of x is
done once, in the weights (a power of two: exact), so that all of an LSTM's gates are one call. The error is
that of σ, 6e-8 absolute in float32, where tanh near 0 would have a smaller one.

The time loop. Sequences are aligned at one end, their edge, and sorted, longest first. Then at step s those that have
more than s words are the first `counts[s]` rows, a contiguous slice of every buffer, and nothing is padded or masked.
For lengths 4, 2, 1 (rows down, steps across; the numbers are places in a buffer that holds a row for every word):

            s = 0   1   2   3
    row 0       0   3   5   6          counts = 3 2 1 1
    row 1       1   4                  starts = 0 3 5 6
    row 2       2

Inward, away from the edge (s = 0, 1, ...), the slice shrinks, and the state of a sequence that has ended stays behind
in its row. Outward, towards the edge (s = ..., 1, 0), it grows, and a sequence that joins finds its starting state in
its row. `Aligned` describes this shape.
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
WordVectors = Float[Tensor, "_ D"]  # of one text, a row for each word


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """One direction of one layer, transposed and in four blocks; see the notation.

    input: (I, G), W, for the I numbers that a step reads. recurrent: (H, G), U, for the state. bias: (G,). cell: which
    equations.
    """

    input: Float[Tensor, "I G"]
    recurrent: Float[Tensor, "H G"]
    bias: Float[Tensor, " G"]
    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """Sequences aligned at their edge and sorted, longest first: which rows run at which step, and their words.

    first: (R,) number of each row's word at step 0; step s reads the word `first + direction * s`. counts: for each
    step how many rows run, never increasing. starts: for each step the place of its first row in buffers that hold
    one row for every word. order: (R,) number of the sequence in each row; row: (R,) row of each sequence.
    """

    first: Int64[Tensor, " R"]
    direction: Literal[1, -1]
    counts: tuple[int, ...]
    starts: tuple[int, ...]
    order: Int64[Tensor, " R"]
    row: Int64[Tensor, " R"]

    @property
    def size(self) -> int:
        """Words of all rows together."""
        return sum(self.counts)

    def words(self, step: int) -> Int64[Tensor, " r"]:
        """The number of the word that each running row reads."""
        return self.first[: self.counts[step]] + self.direction * step


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The terms that the steps of some sequences add up to their gates: [own h] @ weight + shared.

    shared: (N, G), a row for each word; or (1, G), the bias alone, where nothing is shared. own: (size, X), a row for
    every word of every sequence, by place; X may be 0. weight: (X + H, G), of the same dtype, or of bfloat16 where the
    product shall be computed in that.
    """

    shared: Float[Tensor, "_ G"]
    own: Float[Tensor, "_ X"]
    weight: Float[Tensor, "_ G"]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """h and c, (R, H) each, a row for each sequence; a GRU leaves c alone."""

    h: Float[Tensor, "R H"]
    c: Float[Tensor, "R H"]

    def copy_rows(self, index: Int64[Tensor, " r"], *, out: State) -> State:
        """Copy the rows that `index` picks to `out`, and return it."""
        torch.index_select(self.h, 0, index, out=out.h)
        torch.index_select(self.c, 0, index, out=out.c)
        return out


def run_cell(
    sequences: Aligned,
    inputs: Inputs,
    start: State,
    *,
    cell: Cell,
    inward: bool,
    arena: Arena,
    h_by_place: Float[Tensor, "_ H"] | None = None,
    state_by_word: State | None = None,
) -> State:
    """Read all words of all sequences, from the edge inward or outward to it; return the last state of each row.

    start: the state of each row before its first word; it is not changed. h_by_place: a buffer of `size` rows that
    receives the h of every step; it may be strided. state_by_word: receives the state after each word, in the word's
    row; only for sequences that have no word in common. The result lies in `arena`.
    """
    rows, hidden = start.h.shape
    own_width = inputs.own.shape[1]
    own_h, c = arena.take(rows, own_width + hidden), arena.take(rows, hidden)
    h = own_h[:, own_width:]
    h.copy_(start.h)
    c.copy_(start.c)
    bias_row = sequences.first.new_zeros(rows) if len(inputs.shared) == 1 else None
    with arena.scope():
        gates = arena.take(rows, inputs.weight.shape[1])
        multiply = _multiplier(own_h, inputs.weight, gates)
        advance = stepper(cell, gates, inputs.shared, own_h, c, arena)
        for s in range(len(sequences.counts)) if inward else reversed(range(len(sequences.counts))):
            n = sequences.counts[s]
            places = slice(sequences.starts[s], sequences.starts[s] + n)
            if own_width:
                own_h[:n, :own_width] = inputs.own[places]
            multiply(n)
            words = sequences.words(s)
            advance(words if bias_row is None else bias_row[:n])
            if h_by_place is not None:
                h_by_place[places] = h[:n]
            if state_by_word is not None:
                state_by_word.h.index_copy_(0, words, h[:n])
                state_by_word.c.index_copy_(0, words, c[:n])
    return State(h=h, c=c)


def _multiplier(own_h: Tensor, weight: Tensor, gates: Tensor) -> Callable[[int], None]:
    """A function of n that multiplies the first n rows of [own h] with the weights, into as many rows of `gates`."""
    if weight.dtype == own_h.dtype:

        def multiply(n: int) -> None:
            torch.mm(own_h[:n], weight, out=gates[:n])

        return multiply
    factor, product = (values.new_empty(values.shape, dtype=weight.dtype) for values in (own_h, gates))

    def multiply_rounded(n: int) -> None:
        factor[:n] = own_h[:n]
        torch.mm(factor[:n], weight, out=product[:n])
        gates[:n] = product[:n]

    return multiply_rounded


def stepper(
    cell: Cell,
    gates: Float[Tensor, "R G"],
    shared: Float[Tensor, "_ G"],
    own_h: Float[Tensor, "R _"],
    c: Float[Tensor, "R H"],
    arena: Arena,
) -> Callable[[Int64[Tensor, " r"]], None]:
    """A function that applies the cell's equations to these buffers, compiled where they can be.

    Its argument has, for each of the first r rows, the row of `shared` to add: the word that the sequence reads. The
    product of [own h] lies in `gates`; h (the last columns of `own_h`) and c are replaced by the next ones.
    """
    if is_compiled(own_h):
        from sitegen.models.lstm.engine import kernels

        kernel = {"lstm": kernels.lstm, "gru": kernels.gru}[cell]
        numpy_gates, numpy_shared, numpy_own_h, numpy_c = (values.numpy() for values in (gates, shared, own_h, c))
        return lambda words: kernel(numpy_gates, numpy_shared, words.numpy(), numpy_own_h, numpy_c)

    equations = {"lstm": _lstm_step, "gru": _gru_step}[cell]
    h, scratch, added = own_h[:, -c.shape[1] :], arena.take(*c.shape), arena.take(*gates.shape)

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
    """The weights of each layer, and in it of each direction, arranged for `run_cell`.

    Raises ValueError for an LSTM with projections, whose states are smaller than its gates.
    """
    if rnn.proj_size:
        raise ValueError("an LSTM with projections (proj_size) is not supported; use one without")
    suffixes = ("", "_reverse")[: 2 if rnn.bidirectional else 1]
    return [[_arranged(rnn, f"l{layer}{suffix}") for suffix in suffixes] for layer in range(rnn.num_layers)]


def _arranged(rnn: Rnn, name: str) -> Weights:
    """torch's blocks (i, f, g, o or r, z, n) as the notation has them, the arguments of tanh doubled."""

    def blocks(kind: str, source: str) -> list[Tensor]:
        if kind == "bias" and not rnn.bias:
            return [rnn.get_parameter(f"weight_hh_{name}").new_zeros(rnn.hidden_size)] * count
        return list(rnn.get_parameter(f"{kind}_{source}_{name}").detach().chunk(count))

    count = 4 if isinstance(rnn, torch.nn.LSTM) else 3
    w, u = blocks("weight", "ih"), blocks("weight", "hh")
    w_bias, u_bias = blocks("bias", "ih"), blocks("bias", "hh")
    if count == 4:
        for quarters in (w, u, w_bias, u_bias):
            quarters[2] = 2 * quarters[2]
        bias = [a + b for a, b in zip(w_bias, u_bias, strict=True)]
    else:
        w, u = [*w[:2], 2 * w[2], 0 * w[2]], [*u[:2], 0 * u[2], 2 * u[2]]
        bias = [w_bias[0] + u_bias[0], w_bias[1] + u_bias[1], 2 * w_bias[2], 2 * u_bias[2]]
    return Weights(
        input=torch.cat(w).t().contiguous(),
        recurrent=torch.cat(u).t().contiguous(),
        bias=torch.cat(bias),
        cell="lstm" if count == 4 else "gru",
    )


def align(
    first: Int64[np.ndarray, " R"],
    lengths: Int64[np.ndarray, " R"],
    *,
    direction: Literal[1, -1],
    device: torch.device,
) -> Aligned:
    """Align sequences of `lengths` words each; first: the word at the edge, from which it goes on in `direction`."""
    order = np.argsort(-lengths, kind="stable")
    longest = int(lengths.max(initial=0))
    counts = len(lengths) - np.searchsorted(np.sort(lengths), np.arange(longest), side="right")
    starts = np.cumsum(counts) - counts
    return Aligned(
        first=torch.from_numpy(first[order]).to(device),
        direction=direction,
        counts=tuple(counts.tolist()),
        starts=tuple(starts.tolist()),
        order=torch.from_numpy(order).to(device),
        row=torch.from_numpy(np.argsort(order)).to(device),
    )
