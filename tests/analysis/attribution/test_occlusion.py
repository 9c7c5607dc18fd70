"""Occlusion against the loop that asks the model about every single text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.analysis.attribution.occlusion import AdditiveGrid, FullGrid, occlude, probability
from sitegen.analysis.attribution.random_spans import random_spans, span_bands
from sitegen.errors import ConfigError
from tests.analysis.documents import documents
from tests.classifiers import STAND_INS, WEIGHTS, Bag, Joint, document
from tests.effort import examples


def naive(doc, model, *, baseline):
    """Margin, grid and the effects of sentences, spans and words: one call of the model a text."""

    def margin(title, abstract):
        return float(model.margins([list(title)], [list(abstract)])[0])

    def without(text, a, b):
        instead = [STAND_INS[baseline] for word in text[a:b] if word in WEIGHTS] if baseline != "deleted" else []
        return [*text[:a], *instead, *text[b:]]

    title, abstract = doc.title.tokens, doc.abstract.tokens
    grid = [
        [margin(title[: i + 1], abstract[: j + 1]) for j in range(max(len(abstract), 1))]
        for i in range(max(len(title), 1))
    ]
    whole = margin(title, abstract)
    sentences, *spans = [
        [whole - margin(title, without(abstract, a, b)) for a, b in ranges]
        for ranges in [doc.abstract.sentence_ranges, *random_spans(doc.abstract)]
    ]
    title_words = [whole - margin(without(title, k, k + 1), abstract) for k in range(len(title))]
    abstract_words = [whole - margin(title, without(abstract, k, k + 1)) for k in range(len(abstract))]
    return whole, grid, sentences, span_bands([np.array(its) for its in spans]), title_words, abstract_words


@pytest.mark.parametrize("model", [Bag(), Joint()], ids=["additive", "joint"])
@pytest.mark.parametrize("baseline", ["deleted", "zero", "mean"])
@settings(max_examples=examples(40))
@given(docs=st.lists(documents, min_size=1, max_size=3))
def test_equals_the_naive_loop(model, baseline, docs):
    for doc, occlusion in zip(docs, occlude(docs, model, baseline=BASELINES[baseline]), strict=True):
        whole, grid, sentences, bands, title_words, abstract_words = naive(doc, model, baseline=baseline)
        assert occlusion.margin == pytest.approx(whole, abs=1e-12)
        np.testing.assert_allclose(occlusion.grid.margins, grid, atol=2e-6)
        np.testing.assert_allclose(occlusion.sentences, sentences, atol=2e-6)
        np.testing.assert_allclose(occlusion.span_bands, bands, atol=2e-6)
        np.testing.assert_allclose(occlusion.title_words, title_words, atol=2e-6)
        np.testing.assert_allclose(occlusion.abstract_words, abstract_words, atol=2e-6)
        assert occlusion.grid.margins[-1, -1] == pytest.approx(occlusion.margin, abs=2e-6)


@pytest.mark.parametrize("model", [Bag(), Joint()], ids=["additive", "joint"])
def test_a_baseline_that_the_model_cannot_read_is_refused(model):
    with pytest.raises(ConfigError, match="same as deleted"):
        occlude([document("good", "bad")], model, baseline=BASELINES["unknown"])


def test_the_kind_of_grid_follows_the_model():
    doc = document("good network", "we interview.", "bad")
    assert isinstance(occlude([doc], Bag())[0].grid, AdditiveGrid)
    assert isinstance(occlude([doc], Joint())[0].grid, FullGrid)


def test_skipped_words_cost_the_full_grid_nothing():
    model = Joint()
    occlude([document("good x x x x", "we y y y y.")], model)
    assert model.asked == 1 * 1 + 2 + 2  # one distinct cell; each field with and without its one known word


def test_a_full_grid_takes_as_many_calls_as_it_needs():
    """65 x 65 cells of up to 130 words are more than any one call is given."""
    model = Joint()
    doc = document(" ".join(["good", "bad"] * 32 + ["we"]), " ".join(["network", "interview"] * 32 + ["we"]))
    occlusion = occlude([doc], model)[0]
    assert occlusion.grid.shape == (65, 65)
    title, abstract = doc.title.tokens, doc.abstract.tokens
    for i, j in [(0, 0), (31, 7), (63, 1), (64, 64)]:
        expected = model.margins([title[: i + 1]], [abstract[: j + 1]])[0]
        assert occlusion.grid.margins[i, j] == pytest.approx(expected, abs=2e-6)


def test_an_empty_record_is_one_cell():
    occlusion = occlude([document("")], Bag())[0]
    assert occlusion.grid.shape == (1, 1)
    assert occlusion.margin == Bag.bias
    assert occlusion.sentences.size == 0


def test_progress_counts_documents():
    for model in (Bag(), Joint()):
        seen = []
        occlude([document("good"), document("bad")], model, progress=seen.append)
        assert sum(seen) == 2


def test_change_is_the_difference_of_probabilities():
    occlusion = occlude([document("good", "network simulation.", "bad")], Bag())[0]
    without = occlusion.margin - occlusion.sentences
    expected = probability(occlusion.margin) - probability(without)
    np.testing.assert_allclose(occlusion.change(occlusion.sentences), expected)
    assert occlusion.change(occlusion.sentences)[0] > 0 > occlusion.change(occlusion.sentences)[1]


def test_arrays_cannot_be_changed_and_must_fit():
    occlusion = occlude([document("good", "bad bad.")], Bag())[0]
    with pytest.raises(ValueError, match="read-only"):
        occlusion.sentences[0] = 1
    with pytest.raises(ValueError, match="grid is"):
        type(occlusion)(
            document=occlusion.document,
            title_known=np.ones(1),
            abstract_known=np.ones(2),
            margin=0.0,
            grid=AdditiveGrid(title=np.zeros(2), abstract=np.zeros(2), bias=0.0),
            sentences=np.zeros(1),
            span_bands=np.zeros((1, 2)),
            title_words=np.zeros(1),
            abstract_words=np.zeros(2),
        )
