"""Masked margins against the loop that rebuilds every text by hand, and what each baseline stands for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.analysis.attribution import batches
from sitegen.analysis.attribution.baselines import BASELINES, stand_in
from sitegen.analysis.attribution.masking import masked_margins, sentence_masks
from sitegen.errors import ConfigError
from sitegen.models.protocol import MEAN_VECTOR, ZERO_VECTOR
from tests.analysis.documents import documents
from tests.classifiers import MEAN, WEIGHTS, Bag, Joint, document
from tests.effort import examples

MODELS = pytest.mark.parametrize("model", [Bag(), Joint()], ids=["additive", "joint"])
ALL_BASELINES = pytest.mark.parametrize("baseline", ["deleted", "zero", "mean"])


class Spy:
    """A model that notes how many words each call asks for."""

    def __init__(self, model):
        self._model = model
        self.words = []

    def __getattr__(self, name):
        return getattr(self._model, name)

    def parts(self, field, texts):
        self.words.append(sum(map(len, texts)))
        return self._model.parts(field, texts)

    def margins(self, titles, abstracts):
        self.words.append(sum(map(len, [*titles, *abstracts])))
        return self._model.margins(titles, abstracts)


def naive(doc, model, title_mask, abstract_mask, *, baseline):
    """One margin, of the texts rebuilt word by word; unknown words are left where they are."""

    def hidden(tokens, mask):
        kept = []
        for token, keep in zip(tokens, mask, strict=True):
            if keep or token not in WEIGHTS:
                kept.append(token)
            elif baseline != "deleted":
                kept.append({"zero": ZERO_VECTOR, "mean": MEAN_VECTOR}[baseline])
        return kept

    return model.margins([hidden(doc.title.tokens, title_mask)], [hidden(doc.abstract.tokens, abstract_mask)])[0]


@MODELS
@ALL_BASELINES
@settings(max_examples=examples(40))
@given(docs=st.lists(documents, min_size=1, max_size=3), seed=st.integers(0, 99), count=st.integers(0, 5))
def test_equals_the_loop_over_rebuilt_texts(model, baseline, docs, seed, count):
    rng = np.random.default_rng(seed)
    keep = [
        (rng.random((count, len(d.title.tokens))) < 0.5, rng.random((count, len(d.abstract.tokens))) < 0.5)
        for d in docs
    ]
    found = masked_margins(docs, model, keep, baseline=BASELINES[baseline])
    for doc, (title, abstract), margins in zip(docs, keep, found, strict=True):
        expected = [naive(doc, model, t, a, baseline=baseline) for t, a in zip(title, abstract, strict=True)]
        np.testing.assert_allclose(margins, expected, rtol=0, atol=1e-12)
        assert margins.shape == (count,)


@MODELS
def test_none_keeps_the_field_and_two_of_them_the_record(model):
    doc = document("good", "we simulation.", "bad")
    whole = model.margins([doc.title.tokens], [doc.abstract.tokens])[0]
    assert masked_margins([doc], model, [(None, None)])[0].tolist() == [whole]
    mask = np.array([[True, False, True], [True, True, True]])
    assert masked_margins([doc], model, [(None, mask)])[0].tolist() == [
        model.margins([["good"]], [["we", "bad"]])[0],
        whole,
    ]
    assert masked_margins([doc], model, [(np.array([[False]]), None)])[0].tolist() == [
        model.margins([[]], [doc.abstract.tokens])[0]
    ]
    assert masked_margins([], model, []) == []


@MODELS
def test_batches_change_nothing(model, monkeypatch):
    docs = [document("good we", "we simulation x.", "bad network"), document("", "bad")]
    rng = np.random.default_rng(0)
    keep = [(None, rng.random((9, 5)) < 0.5), (np.ones((9, 0), dtype=bool), rng.random((9, 1)) < 0.5)]
    whole = masked_margins(docs, model, keep, baseline=BASELINES["zero"])
    monkeypatch.setattr(batches, "WORDS_PER_CALL", 4)
    asked = Spy(model)
    for one, other in zip(whole, masked_margins(docs, asked, keep, baseline=BASELINES["zero"]), strict=True):
        assert one.tolist() == other.tolist()
    assert max(asked.words) < 4 + 6  # a batch ends with the text that fills it
    assert len(asked.words) > 5


def test_deletions_are_left_to_an_additive_model_as_masks_over_the_words_it_knows():
    class Masked(Bag):
        def kept_parts(self, field, texts, masks):
            calls.append(
                (field, [list(text) for text in texts], [its_masks.astype(int).tolist() for its_masks in masks])
            )
            return super().kept_parts(field, texts, masks)

    calls = []
    mask = np.array([[1, 0, 1], [1, 1, 0], [1, 0, 0]], dtype=bool)
    masked_margins([document("good", "we x bad")], Masked(), [(None, mask)])
    assert calls == [("title", [["good"]], [[[1]]]), ("abstract", [["we", "bad"]], [[[1, 0], [1, 1]]])]


def test_the_model_is_given_the_same_text_once():
    model = Joint()
    mask = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0]], dtype=bool)
    masked_margins([document("good", "we x bad")], model, [(None, mask)])
    assert model.asked == 2  # with and without "we"; "x" is skipped either way


def test_sentence_masks_repeat_each_sentence_over_its_tokens():
    doc = document("good", "we x bad", "network", "good good")
    keep = np.array([[True, False, True], [False, True, False]])
    assert sentence_masks(doc, keep).astype(int).tolist() == [[1, 1, 1, 0, 1, 1], [0, 0, 0, 1, 0, 0]]
    assert sentence_masks(document("good"), np.ones((3, 0), dtype=bool)).shape == (3, 0)


def test_each_baseline_by_hand():
    doc = document("we", "good x bad")
    mask = np.array([[False, False, True]])
    base = Bag.bias + 2 * WEIGHTS["we"] + WEIGHTS["bad"]
    assert masked_margins([doc], Bag(), [(None, mask)])[0].tolist() == [base]
    assert masked_margins([doc], Bag(), [(None, mask)], baseline=BASELINES["zero"])[0].tolist() == [base]
    assert masked_margins([doc], Bag(), [(None, mask)], baseline=BASELINES["mean"])[0] == pytest.approx([base + MEAN])


def test_an_unknown_word_stands_in_only_where_the_model_has_one():
    class WithUnknown(Bag):
        stand_ins = {**Bag.stand_ins, "unknown": "network"}

    assert stand_in(WithUnknown(), BASELINES["unknown"]) == "network"
    margins = masked_margins(
        [document("", "good")], WithUnknown(), [(None, np.array([[False]]))], baseline=BASELINES["unknown"]
    )
    assert margins[0].tolist() == [Bag.bias + WEIGHTS["network"]]
    with pytest.raises(ConfigError, match=r'skips unknown words .* same as deleted.*Use one of: "deleted", "zero"'):
        masked_margins([document("good")], Bag(), [(None, None)], baseline=BASELINES["unknown"])


@pytest.mark.parametrize(
    "masks",
    [
        (np.ones((2, 1), dtype=bool), np.ones((3, 2), dtype=bool)),
        (None, np.ones((3, 1), dtype=bool)),
        (np.ones((1, 2), dtype=bool), None),
    ],
)
def test_masks_must_fit_the_text_and_each_other(masks):
    with pytest.raises(ValueError, match="do not fit"):
        masked_margins([document("good", "we bad")], Bag(), [masks])
