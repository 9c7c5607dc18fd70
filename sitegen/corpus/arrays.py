"""Read-only arrays, for the fields of frozen data classes: freezing a class does not freeze an array that it holds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

Array = np.ndarray[Any, np.dtype[Any]]


def read_only(values: ArrayLike, dtype: DTypeLike, shape: tuple[int, ...] | None = None) -> Array:
    """A read-only, C-ordered copy of `values`.

    shape: the shape that it must have, where -1 stands for any length; an empty list of values fits every shape with a
    length of 0. Raises ValueError where the values do not fit.
    """
    array = np.array(values, dtype=dtype, order="C")
    if shape is not None:
        if array.size == 0 and 0 in [n for n in shape if n != -1] + [array.shape[0] if array.ndim else 1]:
            array = array.reshape([0 if n == -1 else n for n in shape])
        if array.ndim != len(shape) or any(n not in (-1, m) for n, m in zip(shape, array.shape, strict=True)):
            raise ValueError(f"expected an array of shape {shape}, got {array.shape}")
    array.flags.writeable = False
    return array
