"""Thumbnails: read back by an independent decoder, they are the grid in the ramp's colours."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest

from sitegen.web.publish.thumbnails import LEVELS, WIDEST, thumbnail
from tests.web.papers import PALETTE


def decode(png: bytes) -> np.ndarray:
    """A palette PNG without row filters as (height, width, 3); checks signature, checksums and order of chunks."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + data)
        chunks[kind] = data
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert (depth, colour, rest) == (8, 3, [0, 0, 0])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    return np.frombuffer(chunks[b"PLTE"], dtype=np.uint8).reshape(-1, 3)[rows[:, 1:]]


def test_pixels_are_the_grid_in_the_colours_of_the_ramp() -> None:
    grid = np.random.default_rng(1).random((12, 170))
    pixels = decode(thumbnail(grid, palette=PALETTE))
    assert pixels.shape == (12, 170, 3)
    half_a_level = 255 / 2 / (LEVELS - 1) * 2
    assert np.abs(pixels.astype(int) - PALETTE.rgb(grid).astype(int)).max() <= half_a_level + 1


def test_ends_and_middle_are_exact() -> None:
    colours = ["#" + bytes(pixel).hex() for pixel in decode(thumbnail([[0.0, 0.5, 1.0]], palette=PALETTE))[0]]
    assert colours == list(PALETTE.ramp)


def test_an_ordinary_grid_takes_little_room_and_repeats() -> None:
    rng = np.random.default_rng(2)
    margin = rng.normal(0, 0.3, 12).cumsum()[:, None] + rng.normal(0, 0.3, 170).cumsum()
    grid = 1 / (1 + np.exp(-margin))
    assert len(thumbnail(grid, palette=PALETTE)) < 1800
    assert thumbnail(grid, palette=PALETTE) == thumbnail(grid.copy(), palette=PALETTE)


def test_a_very_long_grid_is_averaged_in_blocks() -> None:
    grid = np.zeros((2, 2 * WIDEST + 2))
    grid[0, 3:6] = 1  # with blocks of three, the second block alone
    grid[1, -1] = 1  # alone in the last block, which is shorter
    pixels = decode(thumbnail(grid, palette=PALETTE))
    assert pixels.shape == (2, 268, 3)
    assert bytes(pixels[0, 1]) == bytes(PALETTE.rgb(1.0))
    assert bytes(pixels[1, -1]) == bytes(PALETTE.rgb(1.0))
    assert bytes(pixels[0, 0]) == bytes(pixels[0, 2]) == bytes(PALETTE.rgb(0.0))
    half = np.tile([0.25, 0.75], (1, WIDEST))
    assert {bytes(pixel) for pixel in decode(thumbnail(half, palette=PALETTE))[0]} == {bytes([255, 255, 255])}


@pytest.mark.parametrize("grid", [np.zeros((0, 3)), np.zeros(3), [[0.2, np.nan]], [[1.2]]])
def test_anything_but_a_grid_of_probabilities_is_refused(grid: object) -> None:
    with pytest.raises(ValueError, match=r"grid|0\.\.1"):
        thumbnail(grid, palette=PALETTE)  # type: ignore[arg-type]
