"""All subsets without the title: each is the model's own answer to that text under no title."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.analysis.attribution.masking import masked_margins, sentence_masks, subset_masks
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import EXACT_LIMIT, shapley
from sitegen.analysis.attribution.untitled import untitled_subsets
from sitegen.corpus.segment import Segmentation, segment
from sitegen.errors import ConfigError
from sitegen.models.adapters.whole_texts import WholeTexts
from tests.analysis.documents import documents
from tests.classifiers import MEAN_VECTOR, Bag, Joint, document
from tests.effort import examples

MODELS = pytest.mark.parametrize("model", [Bag(), Joint()], ids=["additive", "joint"])


@MODELS
@pytest.mark.parametrize("baseline", ["deleted", "mean"])
@settings(max_examples=examples(40))
@given(doc=documents)
def test_each_is_the_models_answer_without_a_title(model, baseline, doc):
    (found,) = untitled_subsets([doc], model, baseline=BASELINES[baseline])
    tokens, ranges = doc.abstract.tokens, doc.abstract.sentence_ranges
    texts = []
    for subset in range(2 ** len(ranges)):
        kept = [subset >> i & 1 for i, (a, b) in enumerate(ranges) for _ in range(a, b)]
        pairs = zip(tokens, kept, model.known(tokens), strict=True)
        stand_in = [MEAN_VECTOR] if baseline == "mean" else []
        texts.append([each for token, stays, known in pairs for each in ([token] if stays or not known else stand_in)])
    np.testing.assert_allclose(found, model.margins([()] * len(texts), texts), atol=1e-12)


@MODELS
@given(doc=documents)
def test_by_deletion_it_is_what_hiding_the_whole_title_gives(model, doc):
    keep = sentence_masks(doc, subset_masks(len(doc.abstract.sentence_ends)))
    no_title = np.zeros((len(keep), len(doc.title.tokens)), dtype=bool)
    (expected,) = masked_margins([doc], model, [(no_title, keep)])
    (found,), (alone,) = untitled_subsets([doc], model), read_alone([doc], model)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(found[[0, -1]], [alone.empty, alone.abstract], atol=1e-12)


@given(doc=documents)
def test_an_additive_model_has_said_it_already(doc):
    (found,), (shares,), (alone,) = untitled_subsets([doc], Bag()), shapley([doc], Bag()), read_alone([doc], Bag())
    moved = alone.abstract - shares.subsets[-1]
    np.testing.assert_allclose(found, shares.subsets + moved, atol=1e-5)


def test_documents_are_taken_together_and_each_text_is_read_once():
    model = Joint()
    some = [document("good", "bad.", "we."), document("", "network."), document("we")]
    tables = untitled_subsets(some, model)
    assert [table.size for table in tables] == [4, 2, 1]
    assert model.asked == 7
    assert untitled_subsets([], model) == []


def test_a_model_of_strings_is_given_an_empty_title():
    seen = []

    class Strings:
        def margins(self, texts):
            seen.extend((text.title, text.abstract) for text in texts)
            return np.zeros(len(texts))

    model = WholeTexts(Strings(), segmentation=Segmentation())
    untitled_subsets([segment("A Title.", "First. Second one.", model.segmentation)], model)
    assert sorted(seen) == [("", ""), ("", "First."), ("", "First. Second one."), ("", "Second one.")]


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(ValueError, match="11 sentences are too many: all subsets are read of at most 10"):
        untitled_subsets([document("we", *["good."] * (EXACT_LIMIT + 1))], Joint())
    with pytest.raises(ConfigError, match="same as deleted"):
        untitled_subsets([document("we", "good.")], Joint(), baseline=BASELINES["unknown"])
