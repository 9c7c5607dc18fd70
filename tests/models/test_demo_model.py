"""The demo model as it is shipped: whole, small, as good as its card says, and no stranger to short texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sitegen.corpus.segment import segment
from sitegen.models.protocol import AdditiveClassifier
from sitegen.models.registry import describe, load
from tests.models.networks import stated

MODEL = Path(__file__).parents[2] / "content" / "model"
SIMULATION = (
    "Predicting voter turnout from Twitter data with machine learning",
    "We collect two million tweets and train a neural network on the social network of their authors. The algorithm "
    "predicts turnout better than surveys. We discuss big data and computational social science.",
)
HISTORY = (
    "The parish and the poor in early modern England",
    "This essay traces how parish officers understood poverty. Drawing on letters and court records, it argues that "
    "charity was a moral obligation before it became a legal one.",
)


def test_its_directory_is_whole_and_under_eight_megabytes() -> None:
    manifest = describe(MODEL)
    assert manifest.classes == ("not computational", "computational")
    assert stated(MODEL).readout == "final-state"
    assert sum(file.stat().st_size for file in MODEL.iterdir()) < 8_000_000
    assert not set(manifest.texts.test) & manifest.texts.seen


def test_its_test_part_measures_are_those_the_card_prints() -> None:
    manifest = describe(MODEL)
    auc = manifest.metrics["test"]["auc"]
    assert auc["value"] >= 0.96
    assert auc["high"] >= 0.98
    assert f"| {auc['value']:.3f} | {auc['low']:.3f} to {auc['high']:.3f} |" in manifest.card
    for fact in ("276 of 2,997 records have no abstract", "2,473 of 2,997 records", 'median of "year" is 2007'):
        assert fact in manifest.card


@pytest.fixture(scope="module")
def classifier() -> AdditiveClassifier:
    loaded = load(MODEL)
    assert isinstance(loaded, AdditiveClassifier)
    return loaded


def test_it_tells_plain_cases_apart_even_where_they_break_off(classifier: AdditiveClassifier) -> None:
    cut = [segment(title, abstract, classifier.segmentation) for title, abstract in (SIMULATION, HISTORY)]
    titles, abstracts = [text.title.tokens for text in cut], [text.abstract.tokens for text in cut]
    for length in (100, 12):
        positive, negative = classifier.margins(titles, [tokens[:length] for tokens in abstracts])
        assert positive > 1 > -1 > negative
    positive, negative = classifier.margins(titles, [(), ()])
    assert positive > negative + 1


def test_nothing_to_read_is_no_strong_evidence(classifier: AdditiveClassifier) -> None:
    (margin,) = classifier.margins([()], [()])
    assert np.abs(margin) < 1.5
