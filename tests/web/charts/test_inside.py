"""Evidence as colours: bands are sums of their units, scales end where nearly all numbers lie, the picture is both."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.network.likeness import Block
from sitegen.analysis.network.written import FieldInside, Inside, decoded, written
from sitegen.web.charts.inside import APART, Cells, cells, ends, picture

SLOPES = np.array([[1.0, -2.0, 0.5], [0.25, 1.0, -1.0]])
BLOCKS = (
    Block(order=(2, 0, 1), bands=((2, 0), (1,)), explained=1.0, voices=2.0),
    Block(order=(0, 1, 2), bands=((0, 1, 2),), explained=1.0, voices=1.0),
)
KNOWN = np.array([True, False, True, True])


def inside_of(count):
    states = np.random.default_rng(4).integers(-127, 128, (count, 2, 3)).astype(np.int8)
    one = FieldInside(states=states, units=np.zeros((2, 3)), words=np.zeros(4))
    return Inside(title=one, abstract=one)


def cells_of(known=KNOWN, *, last_step=False):
    inside = inside_of(max(int(known.sum()), 1))
    return inside, cells(inside, "abstract", slopes=SLOPES, blocks=BLOCKS, known=known, last_step=last_step)


@pytest.mark.parametrize("last_step", [False, True])
def test_a_band_wrote_what_its_units_wrote(last_step):
    inside, found = cells_of(last_step=last_step)
    evidence = written(decoded(inside.abstract.states), SLOPES, last_step=last_step)
    assert [rows.shape for rows in found.bands] == [(2, 4), (1, 4)]
    assert np.allclose(found.bands[0][0, KNOWN], evidence[:, 0, 2] + evidence[:, 0, 0])
    assert np.allclose(found.bands[1][0, KNOWN], evidence[:, 1].sum(axis=1))
    assert not found.bands[0][:, ~KNOWN].any()
    assert np.allclose(found.units, evidence)


def test_without_a_known_word_nothing_is_written_anywhere():
    _, found = cells_of(np.zeros(2, dtype=bool))
    assert [rows.any() for rows in found.bands] == [False, False]
    assert not found.units.size
    assert ends({"title": found, "abstract": found}).bands == 1.0


def test_a_scale_ends_where_nearly_all_numbers_lie_at_a_number_that_can_be_said():
    values = np.concatenate([np.full(999, 0.034), [3.0], np.zeros(5000)])
    one = Cells(bands=(values[None],), units=-values.reshape(-1, 1, 1) / 10)
    found = ends({"title": one, "abstract": one})
    assert (found.bands, found.units) == (0.05, 0.005)
    exact = Cells(bands=(np.full((1, 3), 0.2),), units=np.full((1, 1, 1), 10.0))
    assert (ends({"title": exact}).bands, ends({"title": exact}).units) == (0.2, 10.0)


def test_the_picture_has_both_fields_forward_above_backward():
    _, title = cells_of()
    _, abstract = cells_of(np.array([True, True]))
    grid = picture({"title": title, "abstract": abstract}, end=1.0)
    assert grid.shape == (2 + 1 + 1, 4 + APART + 2)
    assert np.allclose(grid[:2, :4], 0.5 + 0.5 * np.clip(title.bands[0], -1, 1))
    assert np.allclose(grid[3, -2:], 0.5 + 0.5 * np.clip(abstract.bands[1][0], -1, 1))
    assert (grid[2] == 0.5).all()
    assert (grid[:, 4 : 4 + APART] == 0.5).all()
