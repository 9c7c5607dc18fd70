"""Titles and abstracts that change places: the additive model's own answers, without asking it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.analysis.corpus.swaps import Swaps

PART = st.floats(-9, 9, width=32)


@given(st.lists(st.tuples(PART, PART), min_size=2, max_size=6), PART, st.data())
def test_a_swap_is_one_title_one_abstract_and_the_bias(
    parts: list[tuple[float, float]], bias: float, data: st.DataObject
) -> None:
    swaps = Swaps.of([(title, abstract, bias) for title, abstract in parts])
    assert swaps
    k = data.draw(st.integers(0, len(parts) - 1))
    others = [j for j in range(len(parts)) if j != k]
    assert swaps.other_abstracts(k) == pytest.approx([parts[k][0] + parts[j][1] + bias for j in others])
    assert swaps.other_titles(k) == pytest.approx([parts[j][0] + parts[k][1] + bias for j in others])


def test_a_field_without_words_is_nothing_to_swap() -> None:
    swaps = Swaps.of([(1.0, 2.0, 0.5), (np.nan, 4.0, 0.5), (5.0, np.nan, 0.5)])
    assert swaps
    assert swaps.other_abstracts(0) == pytest.approx([5.5])
    assert swaps.other_titles(0) == pytest.approx([7.5])
    assert swaps.other_abstracts(1).size == 0


@pytest.mark.parametrize(
    "summands",
    [[], [(1.0, 2.0, 0.0)], [(1.0, 2.0, 0.0), None], [(1.0, 2.0, 0.0), (1.0, 2.0, 0.5)]],
    ids=["no record", "one record", "not additive", "another bias"],
)
def test_what_cannot_change_places_has_no_swaps(summands: list[tuple[float, float, float] | None]) -> None:
    assert Swaps.of(summands) is None
