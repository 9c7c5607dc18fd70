"""The rule of patterns against the same rule word by word, and what it must hold whatever the states."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sitegen.analysis.network import patterns
from sitegen.analysis.network.patterns import Match, cells, matches, thresholds, throughout

Text = list[frozenset[int]]  # the cells that are on at each word


def directly(
    texts: list[Text], chosen: set[int], *, before: bool, after: bool, without: tuple[int, int], enough: int
) -> list[tuple[int, int, int, int]]:
    """The published rule as one would say it, texts apart: (start, end, shared, others), best first."""
    places = [(text, k) for text in texts for k in range(len(text))]
    number = {(id(text), k): n for n, (text, k) in enumerate(places)}
    runs: list[tuple[Text, int, int]] = []
    for k in range(len(chosen), 0, -1):
        for text in texts:
            for start in range(len(text)):
                for end in range(start + 2, len(text) + 1):
                    inside = all(len(text[w] & chosen) >= k for w in range(start, end))
                    more_left = start > 0 and len(text[start - 1] & chosen) >= k
                    more_right = end < len(text) and len(text[end] & chosen) >= k
                    known = any(one is text and (first, behind) == (start, end) for one, first, behind in runs)
                    if inside and not more_left and not more_right and not known:
                        runs.append((text, start, end))
        if len(runs) >= enough:
            break
    results = []
    for text, start, end in runs:
        same = set.intersection(*(set(text[w]) for w in range(start, end)))
        if before and start > 0:
            same -= text[start - 1]
        if after and end < len(text):
            same -= text[end]
        first = number[id(text), start]
        behind = first + end - start
        apart = behind <= without[0] or first >= without[1]
        if apart and same & chosen:
            results.append((first, behind, len(same & chosen), len(same - chosen)))
    return sorted(results, key=lambda one: (-one[2], len(chosen) + one[3], -(one[1] - one[0]), one[0]))


@st.composite
def corpora(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """States with long runs, so that patterns repeat, and the bounds of their texts."""
    lengths = draw(st.lists(st.integers(0, 9), min_size=1, max_size=5))
    units = draw(st.integers(1, 5))
    raw = draw(arrays(np.int8, (sum(lengths), units), elements=st.sampled_from([-120, -90, 0, 60, 90, 120])))
    held = draw(arrays(np.bool_, (sum(lengths), units)))
    for word in range(1, len(raw)):
        raw[word, held[word]] = raw[word - 1, held[word]]
    return raw, np.cumsum([0, *lengths])


def as_texts(on: np.ndarray, bounds: np.ndarray) -> list[Text]:
    rows = [frozenset(np.flatnonzero(row).tolist()) for row in on]
    return [rows[start:end] for start, end in pairwise(bounds.tolist())]


@settings(max_examples=250, deadline=None)
@given(
    corpus=corpora(), data=st.data(), before=st.booleans(), after=st.booleans(), enough=st.sampled_from([1, 3, 1000])
)
def test_matches_are_those_of_the_rule(
    corpus: tuple[np.ndarray, np.ndarray], data: st.DataObject, before: bool, after: bool, enough: int
) -> None:
    states, bounds = corpus
    on = cells(states, 80)
    chosen = data.draw(st.sets(st.integers(0, on.shape[1] - 1), max_size=on.shape[1]))
    start = data.draw(st.integers(0, len(states)))
    without = (start, data.draw(st.integers(start, len(states))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patterns, "CANDIDATES", enough)
        found = matches(on, bounds, sorted(chosen), before=before, after=after, without=without)
    expected = directly(as_texts(on, bounds), chosen, before=before, after=after, without=without, enough=enough)
    assert [(one.start, one.end, one.shared, one.others) for one in found] == expected


@given(corpus=corpora(), data=st.data())
def test_the_range_itself_is_found_where_it_is_not_left_out(
    corpus: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    states, bounds = corpus
    long = [(a, b) for a, b in pairwise(bounds.tolist()) if b - a >= 2]
    if not long:
        return
    first, behind = data.draw(st.sampled_from(long))
    start = data.draw(st.integers(first, behind - 2))
    end = data.draw(st.integers(start + 2, behind))
    on = cells(states, 80)
    chosen = np.flatnonzero(throughout(on, bounds, start, end)).tolist()
    if chosen:
        best = [one for one in matches(on, bounds, chosen) if one.shared == len(chosen)]
        assert any(one.start <= start and end <= one.end for one in best)
        assert all(one.start >= end or one.end <= start for one in matches(on, bounds, chosen, without=(start, end)))


def test_a_unit_is_on_negative_or_off() -> None:
    states = np.array([[80, -80, 79], [127, -127, 0]], dtype=np.int8)
    assert cells(states, 80).tolist() == [[True, False, False, False, True, False]] * 2


def test_off_beside_a_range_means_nothing_at_the_ends_of_a_text() -> None:
    states = np.array([[90], [90], [90], [90], [0]], dtype=np.int8)
    on, bounds = cells(states, 80), np.array([0, 2, 5])
    assert throughout(on, bounds, 2, 4, before=True, after=True).tolist() == [True, False]
    assert throughout(on, bounds, 3, 4, before=True).tolist() == [False, False]
    assert throughout(on, bounds, 3, 4, after=True).tolist() == [True, False]


def test_no_run_reaches_into_the_next_text() -> None:
    on, bounds = cells(np.full((5, 1), 90, dtype=np.int8), 80), np.array([0, 2, 2, 5])
    assert matches(on, bounds, [0]) == [
        Match(start=2, end=5, shared=1, others=0),
        Match(start=0, end=2, shared=1, others=0),
    ]


def test_thresholds_keep_the_shares() -> None:
    states = np.arange(-100, 101, dtype=np.int8).reshape(-1, 1)
    steps = thresholds(states)
    assert steps == (95, 85, 70)
    for step, share in zip(steps, patterns.SHARES, strict=True):
        assert cells(states, step).sum() / len(states) == pytest.approx(share, abs=0.02)


def test_a_threshold_is_never_nothing() -> None:
    assert thresholds(np.zeros((4, 2), dtype=np.int8)) == (1, 1, 1)
