"""A step's gates in one pass over memory: the equations of `recurrence.py`, compiled by numba where it is installed.

In plain torch a step of an LSTM is a dozen operations, each of which reads and writes all its numbers. Here each row
is read once, and a unit's numbers stay in registers until its h and c are known. The work that remains is arithmetic:
five exponentials a unit.

Notation. R rows, H hidden size, G = 4H, N words, X as in `recurrence.py`. For each unit of row r, with the four blocks
of gates[r] + shared[words[r]] named as there (the arguments of tanh arrive doubled, by way of the weights):

    LSTM   c = σ(f) * c + σ(i) * tanh(g)          GRU   n = tanh(m + σ(r) * v)
           h = σ(o) * tanh(c)                           h = n + σ(z) * (h - n)

    with   σ(x) = 1 / (1 + 2^(-x log2 e))         tanh(x) = 2 σ(2x) - 1

*2^t without a function call*, so that the compiler can compute sixteen at a time. With n the whole number nearest to t
and r = t - n, so that |r| <= 1/2,

    2^t = 2^r * 2^n

2^r is approximated by a polynomial of degree 6, the one that equals 2^r at the seven Chebyshev points; the relative
error of 2^t is 1e-7 at most. 2^n is assembled from bits: a float32 is a sign, an exponent + 127 (8 bits) and a
fraction (23 bits), so 2^n is n + 127 shifted up by 23 places. And n itself is read off a sum: a float32 near 3 * 2^22
has no bits for a fraction, so t + 3 * 2^22 is rounded to a whole number, and its lowest bits are n. For t = 2.7:

    t + 12582912 = 12582915 = 0x4b400003      n = 3      r = -0.3      2^r = 0.8123      2^n = 8      2^t = 6.498

t is clipped to ±126, where 2^n is a normal number; beyond that σ is 0 or 1 as far as float32 can tell. NaN stays NaN.
σ is within 1e-7 of the exact value, as torch's is.

The kernels release Python's global lock, so that threads run side by side. numba compiles on the first import, in a few
seconds, and keeps the machine code for the next process: beside this file, where that cannot be written in the user's
cache folder, and where neither can be written, not at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, no_type_check

import numba
import numpy as np

from sitegen.corpus.arrays import Array

Kernel = Callable[[Array, Array, Array, Array, Array], None]

# error_model: a division by zero gives inf, since an exception would keep the compiler from computing several units at
# once. fastmath: a product and a sum may be rounded once instead of twice; nothing else is reordered.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract"}}
_ROWS, _WORDS = numba.float32[:, ::1], numba.int64[::1]
_SIGNATURE = numba.void(_ROWS, _ROWS, _WORDS, _ROWS, _ROWS)

_f32, _i32 = np.float32, np.int32
_ONE, _TWO, _LIMIT, _LOG2_E = _f32(1), _f32(2), _f32(126), _f32(math.log2(math.e))
_NO_FRACTION, _FRACTION_BITS, _BIAS = _f32(3 * 2**22), _i32(23), _i32(127)
_FITTED = np.polynomial.Chebyshev.interpolate(np.exp2, 6, domain=[-0.5, 0.5])
_P0, _P1, _P2, _P3, _P4, _P5, _P6 = (_f32(number) for number in _FITTED.convert(kind=np.polynomial.Polynomial).coef)


def _compiled(body: Any) -> Kernel:
    try:
        kernel: Kernel = numba.njit(_SIGNATURE, cache=True, **_OPTIONS)(body)
    except RuntimeError:  # no folder for the machine code can be written
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
    bits = _i32((shifted.view(_i32) + _BIAS) << _FRACTION_BITS)  # the bits above n are shifted out
    return fraction * bits.view(_f32)


@numba.njit(**_OPTIONS)
@no_type_check
def sigmoid(x):
    """σ(x), x and the result float32."""
    return _ONE / (_ONE + power_of_two(-_LOG2_E * x))


@_compiled
@no_type_check
def lstm(gates, shared, words, own_h, c):
    """One step of an LSTM: h, the last H columns of `own_h`, and c are replaced by the next ones.

    gates: (R, G), the product of [own h] with its weights. shared: (N, G), one row a word, to be added. words: (r,),
    for each of the first r <= R rows its row of `shared`; the other rows are left alone. own_h: (R, X + H). c: (R, H).
    All float32 and contiguous, words int64.
    """
    H = c.shape[1]
    for row in range(len(words)):
        own, word = gates[row], shared[words[row]]
        i, f, g, o = own[:H], own[H : 2 * H], own[2 * H : 3 * H], own[3 * H :]
        w_i, w_f, w_g, w_o = word[:H], word[H : 2 * H], word[2 * H : 3 * H], word[3 * H :]
        h_row, c_row = own_h[row, own_h.shape[1] - H :], c[row]
        for u in range(H):
            candidate = _TWO * sigmoid(g[u] + w_g[u]) - _ONE
            c_row[u] = sigmoid(f[u] + w_f[u]) * c_row[u] + sigmoid(i[u] + w_i[u]) * candidate
            h_row[u] = sigmoid(o[u] + w_o[u]) * (_TWO * sigmoid(_TWO * c_row[u]) - _ONE)


@_compiled
@no_type_check
def gru(gates, shared, words, own_h, c):
    """One step of a GRU, with the arguments of `lstm`; c is left alone."""
    H = c.shape[1]
    for row in range(len(words)):
        own, word = gates[row], shared[words[row]]
        r, z, m, v = own[:H], own[H : 2 * H], own[2 * H : 3 * H], own[3 * H :]
        w_r, w_z, w_m, w_v = word[:H], word[H : 2 * H], word[2 * H : 3 * H], word[3 * H :]
        h_row = own_h[row, own_h.shape[1] - H :]
        for u in range(H):
            reset = sigmoid(r[u] + w_r[u])
            candidate = _TWO * sigmoid(m[u] + w_m[u] + reset * (v[u] + w_v[u])) - _ONE
            h_row[u] = candidate + sigmoid(z[u] + w_z[u]) * (h_row[u] - candidate)
