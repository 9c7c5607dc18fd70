"""Written evidence: it adds up to the margin, unit by unit and word by word, and survives being kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sitegen.analysis.network.packing import pack_states, unpack_states
from sitegen.analysis.network.written import FIELDS, STEPS, decoded, look_inside, written
from sitegen.corpus.segment import Document, Segmentation, segment
from sitegen.models.lstm.architecture import Architecture
from tests.models.networks import STRANGER, WORDS, random_classifier

TEXTS = [
    ("w1 w2 w3.", "w4 w5 w6. w7 w1 w1 w2. w9."),
    (f"{STRANGER} w3", f"w1 {STRANGER} w2 {STRANGER}."),
    (STRANGER, ""),
    ("", "w8."),
]
DOCUMENTS = [segment(title, abstract, Segmentation()) for title, abstract in TEXTS]


@pytest.fixture(params=[("final-state", 2), ("last-step", 2), ("final-state", 1), ("last-step", 1)])
def classifier(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    readout, directions = request.param
    architecture = Architecture(layers=2, hidden=5, dimension=7, readout=readout, directions=directions)
    return random_classifier(tmp_path, architecture, precision="float64")


def margin(classifier: Any, document: Document) -> float:
    return float(classifier.margins([document.title.tokens], [document.abstract.tokens])[0])


def test_the_parts_of_all_units_are_the_margin(classifier: Any) -> None:
    for document, inside in zip(DOCUMENTS, look_inside(DOCUMENTS, classifier, layer=1), strict=True):
        total = classifier.bias + sum(float(inside.of(field).units.sum(dtype=np.float64)) for field in FIELDS)
        assert total == pytest.approx(margin(classifier, document), abs=1e-5)


def test_what_is_written_at_all_words_is_the_part_of_a_field(classifier: Any) -> None:
    for document, inside in zip(DOCUMENTS, look_inside(DOCUMENTS, classifier, layer=1), strict=True):
        for field in FIELDS:
            tokens, of_field = getattr(document, field).tokens, inside.of(field)
            known = classifier.known(tokens)
            assert of_field.words.shape == (len(tokens),)
            assert not of_field.words[~known].any()
            if known.any():
                part = float(classifier.parts(field, [tokens])[0])
                assert float(of_field.words.sum(dtype=np.float64)) == pytest.approx(part, abs=1e-5)
            assert len(of_field.states) == max(known.sum(), 1)


def test_evidence_made_from_what_is_kept_is_off_by_no_more_than_stated(classifier: Any) -> None:
    for document, inside in zip(DOCUMENTS, look_inside(DOCUMENTS, classifier, layer=1), strict=True):
        for field in FIELDS:
            slopes, last = classifier.slopes(field), classifier.network.last_step
            of_field = inside.of(field)
            (states,) = classifier.states(field, [getattr(document, field).tokens], layer=1)
            exact = written(states, slopes, last_step=last)
            off = np.abs(written(decoded(of_field.states), slopes, last_step=last) - exact)
            assert off.max() == pytest.approx(of_field.error)
            assert of_field.error <= np.abs(slopes).max() / STEPS
            np.testing.assert_allclose(of_field.units, exact.sum(axis=0), atol=1e-6)


def test_a_word_is_written_at_when_a_direction_reads_it() -> None:
    states = np.array([[[0.1], [0.9]], [[0.4], [0.5]], [[0.2], [0.3]]])  # forward, backward
    evidence = written(states, np.array([[2.0], [10.0]]), last_step=False)
    np.testing.assert_allclose(evidence[:, 0, 0], [0.2, 0.6, -0.4])
    np.testing.assert_allclose(evidence[:, 1, 0], [4.0, 2.0, 3.0])
    last = written(states, np.array([[2.0], [10.0]]), last_step=True)
    np.testing.assert_allclose(last[:, 1, 0], [0.0, 0.0, 3.0])


def test_layers_below_write_nothing(classifier: Any) -> None:
    (inside,) = look_inside(DOCUMENTS[:1], classifier, layer=0)
    assert inside.abstract.units.size == inside.abstract.words.size == 0
    assert inside.abstract.states.shape[0] == sum(token in WORDS for token in DOCUMENTS[0].abstract.tokens)


@given(arrays(np.int8, st.tuples(st.integers(1, 9), st.integers(1, 2), st.integers(1, 4))))
def test_states_survive_packing(states: np.ndarray[Any, Any]) -> None:
    packed = pack_states(states)
    assert np.array_equal(unpack_states(packed, directions=states.shape[1], hidden=states.shape[2]), states)
