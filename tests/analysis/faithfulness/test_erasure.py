"""Means over records, each beside what it is compared with."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.faithfulness.curves import METRICS, RecordMetrics, WalkMetrics
from sitegen.analysis.faithfulness.erasure import ErasureMetrics, mean_metrics

GRID = (0.0, 0.5, 1.0)


def metrics(value: float) -> WalkMetrics:
    return WalkMetrics(np.full(len(METRICS), value), np.stack([np.full(3, value), np.full(3, 10 * value)]))


def record(one: float, other: float, random: float, bounds: tuple[float, float] | None = None) -> RecordMetrics:
    best, worst = (metrics(bound) for bound in bounds) if bounds else (None, None)
    return RecordMetrics(values=(metrics(one), metrics(other)), random=metrics(random), best=best, worst=worst)


def means(records) -> ErasureMetrics | None:
    return mean_metrics(records, unit="sentence", measures=("share", "read_alone"), segments=9, left_out=2, grid=GRID)


def test_no_records_come_to_nothing():
    assert means([]) is None


def test_means_errors_and_bounds():
    result = means(
        [record(0.5, 0.2, 0.1, (0.6, 0.0)), record(0.3, 0.2, 0.1, (0.4, 0.1)), record(0.7, 0.2, 0.4, (0.8, 0.2))]
    )
    assert result is not None
    assert (result.records, result.segments, result.left_out) == (3, 9, 2)
    assert result.measures == ("share", "read_alone")
    scored = result.sufficiency
    share, alone = scored.by_measure
    assert (share.measure, share.value, alone.value, scored.random) == ("share", *map(pytest.approx, (0.5, 0.2, 0.2)))
    assert share.error == pytest.approx(np.std([0.4, 0.2, 0.3], ddof=1) / np.sqrt(3))
    assert alone.error == pytest.approx(np.std([0.1, 0.1, -0.2], ddof=1) / np.sqrt(3))
    assert (scored.best, scored.worst) == pytest.approx((0.6, 0.1))
    assert scored.of("read_alone") == alone
    assert result.deletion.fractions == GRID
    assert [one.values for one in result.deletion.by_measure] == [pytest.approx([0.5] * 3), pytest.approx([0.2] * 3)]
    assert result.insertion.by_measure[0].values == pytest.approx([5.0] * 3)
    assert result.insertion.random == pytest.approx([2.0] * 3)
    assert (result.insertion.best, result.insertion.worst) == (pytest.approx([6.0] * 3), pytest.approx([1.0] * 3))


def test_a_single_record_has_no_error_and_records_without_bounds_no_bounds():
    result = means([record(0.5, 0.2, 0.1)])
    assert result is not None
    assert result.flip.rate.by_measure[0].error is None
    assert result.flip.rate.best is None
    assert result.insertion.worst is None
