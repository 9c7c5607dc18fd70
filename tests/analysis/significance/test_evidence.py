"""The types of the test: shapes and ranges are checked, nothing can be changed."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from sitegen.analysis.significance.evidence import Evidence
from sitegen.analysis.significance.test import judge

GOOD = {
    "alone": np.array([1.0, -1.0, 0.5]),
    "record": np.array([0, 0, 1]),
    "length": np.array([3, 4, 5]),
    "placeholder": np.array([False, False, True]),
    "label": np.array([1, -1]),
    "standing": np.array([0, 3]),
    "zero": 0.0,
}


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("record", np.array([0, 0, 2]), "record must be from 0 to 1"),
        ("label", np.array([1, 2]), "label must be from -1 to 1"),
        ("standing", np.array([0, 4]), "standing must be from 0 to 3"),
        ("length", np.array([3, -1, 5]), "length must be from 0"),
        ("alone", np.array([1.0, math.nan, 0.0]), "finite"),
        ("zero", math.inf, "finite"),
        ("placeholder", np.array([False]), "shape"),
    ],
)
def test_columns_that_do_not_fit_are_errors(column, values, message):
    with pytest.raises(ValueError, match=message):
        Evidence(**{**GOOD, column: values})


def test_nothing_can_be_changed():
    evidence = Evidence(**GOOD)
    with pytest.raises(FrozenInstanceError):
        evidence.zero = 1.0
    with pytest.raises(ValueError, match="read-only"):
        evidence.alone[0] = 2.0
    found = judge(evidence)
    with pytest.raises(ValueError, match="read-only"):
        found.mark[0] = 1


def test_direction_and_family_follow_from_the_columns():
    evidence = Evidence(**GOOD)
    assert evidence.toward.tolist() == [1, 0, 1]
    assert evidence.eligible.tolist() == [True, True, False]
    assert evidence.beyond(0).tolist() == [-1.0, 1.0, -0.5]
