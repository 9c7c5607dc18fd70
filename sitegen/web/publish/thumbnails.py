"""A prefix grid as a thumbnail: one pixel a cell, in a palette PNG of about a kilobyte.

Hundreds of thumbnails stand on one gallery page, so each is as small as it can be: the grid itself, one byte a cell,
as levels of the ramp. A page enlarges it with `image-rendering: pixelated`. Nothing is drawn, so nothing heavy is
needed: numpy for the levels, zlib for the stream, and the few chunks of a PNG (W3C, Portable Network Graphics, 3rd
edition) by hand. A grid of 12 x 170 words takes about 1.2 kB and 0.1 ms.

The levels are 33, not 32: with an odd number the middle, probability .5, is a level of its own, in exactly the ramp's
middle colour.

A grid wider than 400 columns is averaged down in blocks of neighbouring columns, in the thumbnail alone: at the width
of a card or of a phone the single columns could not be told apart anyway. Everything else keeps the whole grid.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sitegen.web.charts.style import Palette

LEVELS = 33
WIDEST = 400

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def thumbnail(probabilities: ArrayLike, *, palette: Palette) -> bytes:
    """The PNG of a (T, A) grid of probabilities in 0..1: A pixels wide (at most 400), T high.

    The same grid gives the same bytes. Raises ValueError for anything that is not such a grid.
    """
    grid = np.asarray(probabilities, dtype=np.float64)
    if grid.ndim != 2 or grid.size == 0:
        raise ValueError(f"expected a (T, A) grid, got an array of shape {grid.shape}")
    if not np.all((grid >= 0) & (grid <= 1)):
        raise ValueError("probabilities must lie in 0..1")
    pixels = np.rint(_narrowed(grid) * (LEVELS - 1)).astype(np.uint8)
    height, width = pixels.shape
    rows = np.zeros((height, width + 1), dtype=np.uint8)  # each row begins with its filter, 0: none
    rows[:, 1:] = pixels
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)  # 8 bits a pixel, colours by palette
    colours = palette.rgb(np.linspace(0, 1, LEVELS)).tobytes()
    return b"".join(
        [
            _SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", colours),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _narrowed(grid: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The grid, its neighbouring columns averaged in equal blocks (the last may be shorter) until it has <= 400."""
    columns = grid.shape[1]
    block = -(-columns // WIDEST)
    if block == 1:
        return grid
    starts = np.arange(0, columns, block)
    sizes = np.diff([*starts, columns])
    return np.add.reduceat(grid, starts, axis=1) / sizes


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
