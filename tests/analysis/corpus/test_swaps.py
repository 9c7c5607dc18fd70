"""Titles and abstracts that change places: the additive model's own answers, without asking it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.analysis.corpus.swaps import Swaps

NONE = float("nan")
PART = st.floats(-9, 9, width=32) | st.just(NONE)


@given(st.lists(st.tuples(PART, PART), min_size=2, max_size=6))
def test_a_record_can_swap_where_it_has_both_fields_and_others_have_each(parts: list[tuple[float, float]]) -> None:
    swaps = Swaps.of([(title, abstract, 0.5) for title, abstract in parts])
    assert swaps
    np.testing.assert_array_equal(np.stack([swaps.titles, swaps.abstracts], axis=1), parts)
    for k, own in enumerate(parts):
        others = parts[:k] + parts[k + 1 :]
        each = [any(not np.isnan(other[field]) for other in others) for field in (0, 1)]
        assert swaps.possible[k] == (all(each) and not np.isnan(own).any())


@pytest.mark.parametrize(
    "summands",
    [[], [(1.0, 2.0, 0.0)], [(1.0, 2.0, 0.0), None], [(1.0, 2.0, 0.0), (1.0, 2.0, 0.5)]],
    ids=["no record", "one record", "not additive", "another bias"],
)
def test_what_cannot_change_places_has_no_swaps(summands: list[tuple[float, float, float] | None]) -> None:
    assert Swaps.of(summands) is None
