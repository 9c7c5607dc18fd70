"""What the units of a network wrote at the words of a record, as colours: from which value on a colour is full, and the
static picture for readers whose browser cannot make the one in the page.

A few words carry most of the evidence, so that a scale up to the largest number would leave all else white: FULL of the
numbers other than 0 lie within the scale, and what lies beyond has its last colour. The end is 1, 2 or 5 times a power
of ten, so that it can be said.

The picture has the bands of both fields, a row each: title on the left, abstract on the right, what reads forward above
what reads backward. One pixel a word, as in the thumbnails of grids (publish/thumbnails.py); a page enlarges it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sitegen.analysis.network.likeness import Block
from sitegen.analysis.network.written import Field, Inside, decoded, written
from sitegen.corpus.arrays import Array

FULL = 0.99
APART = 2  # columns between title and abstract; one row is between the directions


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """From which evidence on a colour is full, in log-odds: of a band, and of a single unit."""

    bands: float
    units: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """What was written at one field. bands: by direction, (bands, n), by token; units: (m, K, H), by known word."""

    bands: tuple[Array, ...]
    units: Array


def cells(
    inside: Inside,
    field: Field,
    *,
    slopes: Array,
    blocks: Sequence[Block],
    known: Array,
    last_step: bool,
) -> Cells:
    """The evidence of bands and units at one field. known: (n,) bool, which tokens the network reads."""
    units = written(decoded(inside.of(field).states), slopes, last_step=last_step)
    bands = []
    for direction, block in enumerate(blocks):
        rows = np.zeros((len(block.bands), len(known)))
        if known.any():
            for row, band in enumerate(block.bands):
                rows[row, known] = units[:, direction, list(band)].sum(axis=1)
        bands.append(rows)
    return Cells(bands=tuple(bands), units=units if known.any() else units[:0])


def ends(fields: Mapping[Field, Cells]) -> Ends:
    """Where the scales of one record end."""
    return Ends(
        bands=_end(rows for one in fields.values() for rows in one.bands),
        units=_end(one.units for one in fields.values()),
    )


def _end(values: Iterable[Array]) -> float:
    sizes = np.concatenate([np.abs(rows).ravel() for rows in values])
    sizes = sizes[sizes > 0]
    if not len(sizes):
        return 1.0
    most = float(np.quantile(sizes, FULL))
    power = 10.0 ** math.floor(math.log10(most))
    return next(round(step * power, 12) for step in (1, 2, 5, 10) if step * power >= most)


def picture(fields: Mapping[Field, Cells], *, end: float) -> Array:
    """The static picture as a grid of places on the ramp, 0 to 1; the middle is no evidence."""
    title, abstract = fields["title"].bands, fields["abstract"].bands
    width = title[0].shape[1] + APART + abstract[0].shape[1]
    rows = []
    for direction, (left, right) in enumerate(zip(title, abstract, strict=True)):
        block = np.zeros((max(len(left), len(right)) + (direction > 0), width))
        block[direction > 0 :][: len(left), : left.shape[1]] = left
        block[direction > 0 :][: len(right), width - right.shape[1] :] = right
        rows.append(block)
    grid: Array = 0.5 + 0.5 * np.clip(np.concatenate(rows) / end, -1.0, 1.0)
    return grid
