"""What the test of significance takes and gives: columns that fit together and cannot be changed."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.significance.evidence import Evidence, Status
from sitegen.analysis.significance.test import judge

COLUMNS = {
    "effect": np.array([2.0, -1.0, -3.0]),
    "record": np.array([0, 0, 1]),
    "length": np.array([4, 0, 9]),
    "position": np.array([0, 2, 0]),
    "label": np.array([1, 0]),
    "standing": np.array([0, 0]),
    "null": np.array([True, True]),
}


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("effect", [1.0, float("nan"), 0.0], "effects must be finite"),
        ("effect", [1.0, float("inf"), 0.0], "effects must be finite"),
        ("record", [0, 0, 2], "record must be from 0 to 1"),
        ("record", [-1, 0, 1], "record must be"),
        ("length", [1, -1, 1], "length must be"),
        ("position", [0, 3, 0], "position must be from 0 to 2"),
        ("label", [1, 2], "label must be from -1 to 1"),
        ("label", [-2, 1], "label must be"),
        ("standing", [0, 4], "standing must be from 0 to 3"),
        ("standing", [0], "expected an array of shape"),
        ("null", [True, True, True], "expected an array of shape"),
        ("length", [1, 2], "expected an array of shape"),
    ],
)
def test_columns_that_do_not_fit_are_errors(column, values, message):
    with pytest.raises(ValueError, match=message):
        Evidence(**{**COLUMNS, column: np.array(values)})


def test_nothing_can_be_changed():
    evidence = Evidence(**COLUMNS)
    found = judge(evidence)
    for array in (evidence.effect, evidence.null, found.q, found.tau, found.status, found.pools):
        assert not array.flags.writeable
    with pytest.raises(AttributeError):
        found.alpha = 0.5


def test_counts_name_every_status_and_add_up():
    found = judge(Evidence(**COLUMNS))
    assert list(found.counts) == list(Status)
    assert found.counts[Status.AGAINST] == 1
    assert found.counts[Status.CHANCE] == 2
    assert sum(found.counts.values()) == 3


def test_the_threshold_of_a_sentence_is_that_of_its_class_and_length():
    """Class 1 pushes by 2 in short sentences and by 6 in long ones: so much is tau there; class 0 pushes by little."""
    n = 60
    found = judge(
        Evidence(
            effect=np.array([2.0, 6.0] * n + [-0.1, -0.3] * n + [0.2, 0.9] * n),
            record=np.repeat(np.arange(3 * n), 2),
            length=np.array([5, 20] * 3 * n),
            position=np.array([0, 2] * 3 * n),
            label=np.array([1] * n + [0] * 2 * n),
            standing=np.zeros(3 * n),
            null=np.ones(3 * n),
        )
    )
    assert found.tau[1].tolist() == [2.0, 6.0]
    toward = np.array([1, 1, 0, 0, -1, -1] * n)
    bins = found.bin
    expected = np.where(toward < 0, np.nan, found.tau[np.maximum(toward, 0), bins])
    np.testing.assert_array_equal(found.threshold(toward), expected)
    assert np.isnan(found.threshold(np.full(6 * n, -1))).all()
