"""Measures against their definitions, worked out by hand or by the slow way; intervals against repeated samples."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.models.training.metrics import accuracy, auc, brier, calibration_error, evaluate

LABELS = np.array([0, 0, 1, 1, 1], dtype=np.int64)
MARGINS = np.array([-2.0, 1.0, 1.0, 3.0, -0.5])


def margins_of(chances: list[float]) -> np.ndarray:
    p = np.array(chances)
    return np.log(p / (1 - p))


def test_accuracy_is_the_share_on_the_right_side() -> None:
    assert accuracy(LABELS, MARGINS) == pytest.approx(3 / 5)


def test_auc_counts_pairs_and_ties_half() -> None:
    pairs = [(p > n) + 0.5 * (p == n) for p in MARGINS[LABELS == 1] for n in MARGINS[LABELS == 0]]
    assert auc(LABELS, MARGINS) == pytest.approx(np.mean(pairs))
    assert np.isnan(auc(np.ones(3, dtype=np.int64), np.zeros(3)))


def test_brier_is_the_squared_error_of_the_probability() -> None:
    assert brier(np.array([0, 1]), margins_of([0.2, 0.7])) == pytest.approx((0.2**2 + 0.3**2) / 2)
    assert brier(np.array([0, 1]), np.zeros(2)) == 0.25


def test_calibration_error_compares_bins_of_equal_width() -> None:
    chances = margins_of([0.12, 0.18, 0.95, 0.95])
    expected = 2 / 4 * abs(0.15 - 0.5) + 2 / 4 * abs(0.95 - 1.0)
    assert calibration_error(np.array([0, 1, 1, 1]), chances) == pytest.approx(expected)
    assert calibration_error(np.array([0, 1]), np.array([-50.0, 50.0])) == pytest.approx(0, abs=1e-12)
    assert calibration_error(np.array([1, 0]), np.array([-800.0, 800.0])) == pytest.approx(1)


@pytest.mark.slow
def test_intervals_are_as_wide_as_the_spread_of_fresh_samples() -> None:
    rng = np.random.default_rng(0)

    def sample(n: int) -> tuple[np.ndarray, np.ndarray]:
        labels = rng.integers(2, size=n)
        return labels, rng.normal(size=n) + 1.5 * labels - 0.75

    fresh = [auc(*sample(200)) for _ in range(400)]
    width = np.mean([e.high - e.low for e in (evaluate(*sample(200), rng=rng)["auc"] for _ in range(5))])
    assert width == pytest.approx(np.percentile(fresh, 97.5) - np.percentile(fresh, 2.5), rel=0.25)


@pytest.mark.slow
def test_estimates_repeat_with_the_seed_and_hold_their_value() -> None:
    first = evaluate(LABELS, MARGINS, rng=np.random.default_rng(1))
    assert first == evaluate(LABELS, MARGINS, rng=np.random.default_rng(1))
    assert list(first) == ["accuracy", "auc", "brier", "ece"]
    for estimate in first.values():
        assert estimate.low <= estimate.value <= estimate.high
