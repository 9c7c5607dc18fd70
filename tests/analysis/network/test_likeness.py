"""Likeness of units, their order and their bands, on evidence whose structure is known."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from sitegen.analysis.network.likeness import BANDS, EXPLAINED, block, likeness
from sitegen.analysis.network.report import FieldReport, NetworkReport
from sitegen.analysis.network.written import FieldInside, Inside, Network, decoded, written

RNG = np.random.default_rng(0)


def of_voices(*sizes: int, noise: float = 0.1) -> np.ndarray[Any, Any]:
    """The covariance of units that follow as many voices, so many units each, dealt out in turns."""
    voices = RNG.normal(size=(4000, len(sizes)))
    columns = [voices[:, v] * RNG.uniform(0.5, 2) for v, size in enumerate(sizes) for _ in range(size)]
    values = np.stack(columns, axis=1) + noise * RNG.normal(size=(4000, sum(sizes)))
    return np.cov(values[:, RNG.permutation(sum(sizes))].T)


def test_units_of_one_voice_make_one_band_and_stand_together() -> None:
    covariance = of_voices(5, 4, 3)
    made = block(covariance)
    assert sorted(map(len, made.bands)) == [3, 4, 5]
    assert made.explained >= EXPLAINED
    assert sum(made.bands, ()) == made.order
    assert sorted(made.order) == list(range(12))
    alike = [abs(np.corrcoef(covariance[a], covariance[b])[0, 1]) for a, b in itertools.pairwise(made.order)]
    assert np.sort(alike)[2:].min() > 0.9  # but where two voices meet


def test_voices_are_the_participation_ratio() -> None:
    assert block(np.eye(7)).voices == pytest.approx(7)
    assert block(np.full((7, 7), 2.0)).voices == pytest.approx(1)
    values = np.diag([4.0, 2.0, 1.0])
    assert block(values).voices == pytest.approx(49 / 21)


def test_there_are_no_more_bands_than_a_screen_holds_and_what_they_explain_is_said() -> None:
    covariance = np.cov(RNG.normal(size=(200, 30)).T)  # as many voices as units
    made = block(covariance)
    assert len(made.bands) == BANDS
    kept = 0.0
    for band in map(list, made.bands):  # the regression of each unit on the sum of its band
        of_sum = covariance[np.ix_(band, band)].sum()
        kept += sum(covariance[unit, band].sum() ** 2 / of_sum for unit in band)
    assert made.explained == pytest.approx(kept / np.trace(covariance))
    assert made.explained < EXPLAINED


def test_units_that_pull_against_each_other_are_not_alike() -> None:
    one = np.array([1.0, 1.0, -1.0, -1.0])
    made = block(np.outer(one, one) + 0.01 * np.eye(4))
    assert sorted(sorted(band) for band in made.bands) == [[0, 1], [2, 3]]


def test_a_unit_that_says_nothing_or_stands_alone_is_no_trouble() -> None:
    covariance = of_voices(3, 3)
    covariance[2] = covariance[:, 2] = 0.0
    assert sorted(block(covariance).order) == list(range(6))
    assert block(np.zeros((3, 3))).explained == 1.0
    assert block(np.array([[2.0]])).bands == ((0,),)


def test_the_corpus_is_the_words_of_all_papers_together() -> None:
    network = Network(layers=2, directions=2, hidden=3)
    slopes = RNG.normal(size=(2, 3))
    field = FieldReport(
        slopes=slopes,
        means=np.zeros((2, 2, 3)),
        spreads=np.ones((2, 2, 3)),
        held=np.zeros((1, 0, 6)),
        up=np.ones((1, 6, 6)),
        recurrent=np.ones((2, 2, 3, 3)),
    )
    report = NetworkReport(network=network, bias=0.0, papers=(4, 4), held=(), title=field, abstract=field)
    states = [[RNG.integers(-127, 128, size=(n, 2, 3), dtype=np.int8) for n in (1, 5, 9, 30)] for _ in range(2)]

    def insides(layer: int) -> list[Inside]:
        parts = [FieldInside(states=one, units=np.zeros((0, 0)), words=np.zeros(0)) for one in states[layer]]
        return [Inside(title=part, abstract=part) for part in parts]

    found = likeness(report, insides)
    rows = [written(decoded(one), slopes, last_step=False).reshape(-1, 6) for one in states[1]]
    np.testing.assert_allclose(found["title"][1].correlation, np.corrcoef(np.concatenate(rows).T), atol=1e-6)
    rows = [written(decoded(one), np.ones((2, 3)), last_step=False).reshape(-1, 6) for one in states[0]]
    np.testing.assert_allclose(found["abstract"][0].correlation, np.corrcoef(np.concatenate(rows).T), atol=1e-6)
    assert [len(one.blocks) for one in found["title"]] == [2, 2]
