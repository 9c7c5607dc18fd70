"""What is asked of the network itself: held against runs of it, and unchanged by being kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sitegen.analysis.network.report import NetworkReport, measure_network
from sitegen.analysis.network.written import FIELDS, decoded, look_inside
from sitegen.models.lstm.architecture import Architecture
from sitegen.models.lstm.engine.units import single_layers
from tests.analysis.network.test_written import DOCUMENTS
from tests.models.networks import random_classifier


@pytest.fixture
def classifier(tmp_path: Path) -> Any:
    return random_classifier(tmp_path, Architecture(layers=2, hidden=5, dimension=7), precision="float64")


@pytest.fixture
def report(classifier: Any) -> NetworkReport:
    return measure_network(
        classifier, lambda layer: look_inside(DOCUMENTS, classifier, layer=layer), dict(enumerate(DOCUMENTS[:2]))
    )


def test_means_and_spreads_are_over_all_words(classifier: Any, report: NetworkReport) -> None:
    for layer in range(2):
        insides = look_inside(DOCUMENTS, classifier, layer=layer)
        for field in FIELDS:
            states = np.concatenate([decoded(inside.of(field).states) for inside in insides])
            np.testing.assert_allclose(report.of(field).means[layer], states.mean(axis=0), atol=1e-6)
            np.testing.assert_allclose(report.of(field).spreads[layer], states.std(axis=0), atol=1e-6)
    assert report.papers == (4, 4)


def test_holding_a_unit_changes_the_margin_as_stated(classifier: Any, report: NetworkReport) -> None:
    """The reference reads the paper again by torch, layer by layer, with one number put in its place."""
    for field in FIELDS:
        lstm, slopes = classifier._lstm(field), classifier.slopes(field)
        for paper, document in enumerate(DOCUMENTS[:2]):
            text = classifier._embed(classifier._rows(getattr(document, field).tokens))
            below, above = single_layers(lstm)
            for unit in (0, 4, 5, 9):
                states = below(text[None])[0].clone()
                states[0, :, unit] = float(report.of(field).means[0].ravel()[unit])
                read = above(states)[0][0]
                part = float((slopes * np.stack([read[-1, :5], read[0, 5:]])).sum())
                whole = float(classifier.parts(field, [getattr(document, field).tokens])[0])
                assert report.of(field).held[0, paper, unit] == pytest.approx(part - whole, abs=1e-6)


def test_it_survives_being_kept(report: NetworkReport) -> None:
    again = NetworkReport.from_json(json.loads(json.dumps(report.as_json())))
    assert (again.network, again.bias, again.papers, again.held) == (
        report.network,
        report.bias,
        report.papers,
        report.held,
    )
    for field in FIELDS:
        for name in ("slopes", "means", "spreads", "held", "up", "recurrent"):
            one, other = getattr(again.of(field), name), getattr(report.of(field), name)
            assert one.dtype == other.dtype
            assert np.array_equal(one, other)


def test_one_layer_has_nothing_below_it(tmp_path: Path) -> None:
    classifier = random_classifier(tmp_path, Architecture(layers=1, hidden=3, dimension=7))
    report = measure_network(
        classifier, lambda layer: look_inside(DOCUMENTS, classifier, layer=layer), dict(enumerate(DOCUMENTS))
    )
    assert report.abstract.held.size == report.abstract.up.size == 0
    assert report.abstract.means.shape == (1, 2, 3)
    assert report.held == (0, 1, 2, 3)
