"""Means and intervals over checkpoints, against scipy and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_1samp

from sitegen.analysis.significance.stability import stability

NO = float("nan")


def test_an_example_by_hand():
    """Three checkpoints: t of 2 degrees of freedom is 4.303; effects 1, 2, 3 have deviation 1: 2 ± 4.303 / sqrt(3)."""
    effects = np.array([[1.0, 4.0, -4.0, 0.5, 0.0], [2.0, 4.1, -4.1, -0.5, 0.0], [3.0, 4.2, -4.2, 0.3, 0.0]])
    found = stability(effects)
    assert found.mean == pytest.approx([2.0, 4.1, -4.1, 0.1, 0.0])
    assert found.low[0] == pytest.approx(2 - 4.3027 / 3**0.5, abs=1e-4)
    assert found.high[0] == pytest.approx(2 + 4.3027 / 3**0.5, abs=1e-4)
    assert found.agreement.tolist() == [1.0, 1.0, 1.0, 2 / 3, 0.0]
    assert found.stable.tolist() == [False, True, True, False, False]


@given(st.integers(2, 8), st.integers(0, 2**32 - 1))
def test_the_interval_excludes_0_where_the_t_test_does(checkpoints, seed):
    effects = np.random.default_rng(seed).normal(1.0, 0.7, size=(checkpoints, 20))
    found = stability(effects)
    test = ttest_1samp(effects, 0, axis=0)
    interval = test.confidence_interval(0.95)
    np.testing.assert_allclose(found.low, interval.low)
    np.testing.assert_allclose(found.high, interval.high)
    np.testing.assert_array_equal(found.stable, test.pvalue < 0.05)
    turned = stability(-effects)
    np.testing.assert_array_equal(turned.stable, found.stable)
    np.testing.assert_array_equal(turned.agreement, found.agreement)


def test_a_large_effect_is_stable_only_if_it_is_sure():
    found = stability(np.array([[9.0, 0.010], [3.0, 0.011]]))
    assert found.stable.tolist() == [False, True]
    assert found.agreement[0] == 1


def test_what_is_zero_but_for_rounding_is_not_stable_and_agrees_with_nothing():
    found = stability(np.array([[2e-7, 1.0], [2e-7, 3e-7]]))
    assert found.stable.tolist() == [False, False]
    assert found.agreement.tolist() == [0.0, 0.5]


def test_checkpoints_that_agree_to_the_last_bit_have_an_interval_of_one_point():
    found = stability(np.full((4, 1), 2.5))
    assert (found.low[0], found.high[0], bool(found.stable[0])) == (2.5, 2.5, True)


def test_no_sentences():
    assert stability(np.zeros((2, 0))).stable.size == 0


def test_one_checkpoint_has_no_interval():
    with pytest.raises(ValueError, match="at least 2 checkpoints, got 1"):
        stability(np.zeros((1, 3)))


def test_effects_must_be_finite():
    with pytest.raises(ValueError, match="must be finite"):
        stability(np.array([[1.0], [NO]]))
