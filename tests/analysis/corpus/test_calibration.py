"""Bins, shares and intervals against numbers worked out elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.corpus.calibration import calibration_error, reliability, wilson
from sitegen.models.training import metrics


def bins(*pairs: tuple[float, int]):
    return reliability(np.array([p for p, _ in pairs]), np.array([label for _, label in pairs]))


def test_wilsons_interval_of_known_rates():
    assert wilson(8, 10) == pytest.approx((0.490162, 0.943318), abs=1e-6)
    assert wilson(0, 10) == pytest.approx((0.0, 0.277533), abs=1e-6)
    assert wilson(200, 200) == pytest.approx((0.981155, 1.0), abs=1e-6)


def test_each_record_is_in_the_bin_of_its_probability():
    found = bins((0.0, 0), (0.099, 1), (0.1, 0), (0.85, 1), (0.8, 0), (1.0, 1))
    assert [(b.low, b.high, b.records, b.positive) for b in found] == [
        (0.0, 0.1, 2, 1),
        (0.1, 0.2, 1, 0),
        (0.8, 0.9, 2, 1),
        (0.9, 1.0, 1, 1),
    ]
    assert found[2].said == pytest.approx(0.825)
    assert found[2].share == 0.5


def test_a_bin_holds_where_its_interval_does():
    honest = bins(*[(0.85, int(k < 85)) for k in range(100)])
    boastful = bins(*[(0.85, int(k < 60)) for k in range(100)])
    assert honest[0].holds
    assert not boastful[0].holds


def test_the_error_is_that_of_the_models_card():
    rng = np.random.default_rng(5)
    margins = rng.normal(size=300) * 2
    labels = (rng.random(300) < 0.6).astype(np.int64)
    found = reliability(metrics.probability(margins), labels)
    assert sum(b.records for b in found) == 300
    assert calibration_error(found) == pytest.approx(metrics.calibration_error(labels, margins), abs=1e-12)
