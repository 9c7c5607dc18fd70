"""A step's gates in one pass over memory: the equations of `recurrence.py`, compiled by numba where it is installed.

In plain torch a step of an LSTM is a dozen operations, each of which reads and writes all its numbers. Here each row
is read once, and what belongs to a unit stays in registers until its h and c are known. What is left is arithmetic:
five exponentials a unit.

Notation. R rows, H hidden size, G = 4H, N words, X as in `recurrence.py`. Unit by unit of row r, with the four blocks
of gates[r] + shared[words[r]] (the arguments of tanh come doubled, from the weights):

    LSTM   c = σ(f) * c + σ(i) * tanh(g)          GRU   n = tanh(m + σ(r) * v)
           h = σ(o) * tanh(c)                           h = n + σ(z) * (h - n)

    with   σ(x) = 1 / (1 + 2^(-x log2 e))         tanh(x) = 2 σ(2x) - 1

*2^t without a call*, so that the compiler can take sixteen at a time. With n the whole number nearest to t and
r = t - n, so that |r| <= 1/2,

    2^t = 2^r * 2^n

2^r is a polynomial of degree 6, the one that meets 2^r at the seven Chebyshev points; 2^t is off by 1e-7 at most,
relatively. 2^n is made of its bits: a float32 is a sign, an exponent + 127 (8 bits) and a fraction (23 bits), so n +
127 belongs 23 places up. And n itself falls out of a sum: a float32 near 3 * 2^22 has no bits for a fraction, so
t + 3 * 2^22 is rounded to a whole number, and its lowest bits are n. For t = 2.7:

    t + 12582912 = 12582915 = 0x4b400003      n = 3      r = -0.3      2^r = 0.8123      2^n = 8      2^t = 6.498

t is kept within ±126, where 2^n is a normal number; beyond it σ is 0 or 1 as far as float32 goes. What is not a
number stays so. σ is within 1e-7 of the truth, as torch's is.

The kernels let go of Python's lock, so that threads run side by side. numba translates on the first import, in a few
seconds, and keeps the machine code for the next process: beside this file, where that cannot be written in the user's
cache folder, and where neither can, not at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, no_type_check

import numba
import numpy as np

from sitegen.corpus.arrays import Array

Kernel = Callable[[Array, Array, Array, Array, Array], None]

# A division by zero gives inf: an exception would keep the units of a row from being computed side by side. A product
# and a sum may be rounded once instead of twice; nothing else is reordered.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract"}}
_ROWS, _NUMBERS = numba.float32[:, ::1], numba.int64[::1]
_SIGNATURE = numba.void(_ROWS, _ROWS, _NUMBERS, _ROWS, _ROWS)

_f32, _i32 = np.float32, np.int32
_ONE, _TWO, _LIMIT, _LOG2_E = _f32(1), _f32(2), _f32(126), _f32(math.log2(math.e))
_NO_FRACTION, _FRACTION_BITS, _BIAS = _f32(3 * 2**22), _i32(23), _i32(127)
_FIT = np.polynomial.Chebyshev.interpolate(np.exp2, 6, domain=[-0.5, 0.5])
_P0, _P1, _P2, _P3, _P4, _P5, _P6 = (_f32(number) for number in _FIT.convert(kind=np.polynomial.Polynomial).coef)


def _compiled(body: Any) -> Kernel:
    try:
        kernel: Kernel = numba.njit(_SIGNATURE, cache=True, **_OPTIONS)(body)
    except RuntimeError:  # there is no folder for the machine code
        kernel = numba.njit(_SIGNATURE, **_OPTIONS)(body)
    return kernel


@numba.njit(**_OPTIONS)
@no_type_check
def power_of_two(t):
    """2^t, t and the result float32."""
    t = _LIMIT if t > _LIMIT else t
    t = -_LIMIT if t < -_LIMIT else t
    shifted = _f32(t + _NO_FRACTION)
    r = t - (shifted - _NO_FRACTION)
    fraction = (((((_P6 * r + _P5) * r + _P4) * r + _P3) * r + _P2) * r + _P1) * r + _P0
    bits = _i32((shifted.view(_i32) + _BIAS) << _FRACTION_BITS)  # what is above n leaves at the top
    return fraction * bits.view(_f32)


@numba.njit(**_OPTIONS)
@no_type_check
def sigmoid(x):
    """σ(x), x and the result float32."""
    return _ONE / (_ONE + power_of_two(-_LOG2_E * x))


@_compiled
@no_type_check
def lstm(gates, shared, words, both, c):
    """One step of an LSTM: h, the last H columns of `both`, and c become the next ones.

    gates: (R, G) the product. shared: (N, G). words: (r,) for each of the first r <= R rows, which alone are changed,
    its row of `shared`. both: (R, X + H). c: (R, H). All float32 and contiguous, words int64.
    """
    H = c.shape[1]
    for row in range(len(words)):
        gate, known = gates[row], shared[words[row]]
        i, f, g, o = gate[:H], gate[H : 2 * H], gate[2 * H : 3 * H], gate[3 * H :]
        s_i, s_f, s_g, s_o = known[:H], known[H : 2 * H], known[2 * H : 3 * H], known[3 * H :]
        h, memory = both[row, both.shape[1] - H :], c[row]
        for u in range(H):
            candidate = _TWO * sigmoid(g[u] + s_g[u]) - _ONE
            memory[u] = sigmoid(f[u] + s_f[u]) * memory[u] + sigmoid(i[u] + s_i[u]) * candidate
            h[u] = sigmoid(o[u] + s_o[u]) * (_TWO * sigmoid(_TWO * memory[u]) - _ONE)


@_compiled
@no_type_check
def gru(gates, shared, words, both, c):
    """One step of a GRU, as `lstm`; c is left alone."""
    H = c.shape[1]
    for row in range(len(words)):
        gate, known = gates[row], shared[words[row]]
        r, z, m, v = gate[:H], gate[H : 2 * H], gate[2 * H : 3 * H], gate[3 * H :]
        s_r, s_z, s_m, s_v = known[:H], known[H : 2 * H], known[2 * H : 3 * H], known[3 * H :]
        h = both[row, both.shape[1] - H :]
        for u in range(H):
            reset = sigmoid(r[u] + s_r[u])
            candidate = _TWO * sigmoid(m[u] + s_m[u] + reset * (v[u] + s_v[u])) - _ONE
            h[u] = candidate + sigmoid(z[u] + s_z[u]) * (h[u] - candidate)
