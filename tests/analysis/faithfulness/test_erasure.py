"""Means over records, each beside what it is compared with."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.faithfulness.curves import METRICS, RecordMetrics, WalkMetrics
from sitegen.analysis.faithfulness.erasure import mean_metrics

GRID = (0.0, 0.5, 1.0)


def metrics(value: float) -> WalkMetrics:
    return WalkMetrics(np.full(len(METRICS), value), np.stack([np.full(3, value), np.full(3, 10 * value)]))


def record(value: float, random: float, bounds: tuple[float, float] | None = None) -> RecordMetrics:
    best, worst = (metrics(bound) for bound in bounds) if bounds else (None, None)
    return RecordMetrics(value=metrics(value), random=metrics(random), best=best, worst=worst)


def test_no_records_come_to_nothing():
    assert mean_metrics([], unit="token", segments=0, grid=GRID) is None


def test_means_errors_and_bounds():
    records = [record(0.5, 0.1, (0.6, 0.0)), record(0.3, 0.1), record(0.7, 0.4, (0.8, 0.2))]
    result = mean_metrics(records, unit="sentence", segments=9, grid=GRID)
    assert result is not None
    assert (result.records, result.segments) == (3, 9)
    scored = result.sufficiency
    assert (scored.value, scored.random) == pytest.approx((0.5, 0.2))
    assert scored.error == pytest.approx(np.std([0.4, 0.2, 0.3], ddof=1) / np.sqrt(3))
    bounds = scored.bounds
    assert bounds is not None
    assert (bounds.value, bounds.random, bounds.best, bounds.worst) == pytest.approx((0.6, 0.25, 0.7, 0.1))
    assert bounds.records == 2
    assert result.deletion.fractions == GRID
    assert result.deletion.value == pytest.approx([0.5] * 3)
    assert result.insertion.value == pytest.approx([5.0] * 3)
    assert result.insertion.bounds is not None
    assert result.insertion.bounds.worst == pytest.approx([1.0] * 3)


def test_a_single_record_has_no_error_and_records_without_bounds_no_bounds():
    result = mean_metrics([record(0.5, 0.1)], unit="token", segments=3, grid=GRID)
    assert result is not None
    assert result.flip.rate.error is None
    assert result.flip.rate.bounds is None
    assert result.insertion.bounds is None
