"""Length bins, their spreads, positions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.analysis.significance.length_bins import BINS, bins, length_edges, scale, spreads


def test_bins_hold_a_fifth_of_the_sentences_each():
    length = np.random.default_rng(0).permutation(np.arange(1, 101))
    edges = length_edges(length)
    assert edges.tolist() == [20, 40, 60, 80]
    assert np.bincount(bins(length, edges)).tolist() == [19, 20, 20, 20, 21]
    assert bins(np.array([19, 20, 500]), edges).tolist() == [0, 1, 4]


def test_many_sentences_of_one_length_make_fewer_bins():
    assert length_edges(np.array([7] * 9)).size == 0
    assert length_edges(np.array([7] * 9 + [8] * 3)).tolist() == [8]
    assert length_edges(np.zeros(0, dtype=np.int32)).size == 0


@given(st.lists(st.integers(0, 60), min_size=1, max_size=80))
def test_no_bin_is_empty(values):
    length = np.array(values)
    edges = length_edges(length)
    assert edges.size < BINS
    assert (np.bincount(bins(length, edges), minlength=edges.size + 1) > 0).all()


def test_spread_is_the_median_distance_from_the_median_whatever_the_largest_are():
    effect, bin = np.array([1.0, 2.0, 3.0, 4.0, 1e6, -5.0, -5.5]), np.array([0, 0, 0, 0, 0, 1, 1])
    assert spreads(effect, bin, count=2).tolist() == [1.0, 0.25]


def test_a_bin_without_spread_takes_that_of_all():
    effect, bin = np.array([0.0, 0.0, 1.0, 2.0, 4.0, 6.0]), np.array([0, 0, 1, 1, 1, 1])
    assert spreads(effect, bin, count=3).tolist() == [1.5, 1.5, 1.5]  # bin 1: 1.5 by itself; bin 2 is empty
    mostly_one = np.array([0.0, 0.0, 0.0, 0.0, 4.0])
    assert spreads(mostly_one, np.zeros(5, dtype=np.int64), count=1).tolist() == [0.8]  # the mean distance
    assert spreads(np.full(3, 2.0), np.zeros(3, dtype=np.int64), count=1).tolist() == [1.0]


def test_scaled_effects_have_no_unit_and_no_length():
    rng = np.random.default_rng(0)
    length = rng.integers(5, 41, size=2000)
    effect = rng.normal(size=2000) * length
    edges = length_edges(length)
    scaled = scale(effect, length, edges)
    np.testing.assert_allclose(scale(8 * effect, length, edges), scaled)
    assert (np.sign(scaled) == np.sign(effect)).all()
    assert abs(np.corrcoef(np.abs(effect), length)[0, 1]) > 0.3
    assert abs(np.corrcoef(np.abs(scaled), length)[0, 1]) < 0.1
    for b in range(BINS):
        inside = scaled[bins(length, edges) == b]
        assert np.median(np.abs(inside - np.median(inside))) == pytest.approx(1)
