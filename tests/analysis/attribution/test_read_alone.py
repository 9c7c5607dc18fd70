"""Pieces read alone: each is the model's own answer to that text, whatever else is asked in the same call."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.read_alone import excerpts_alone, read_alone, sentences_alone
from sitegen.corpus.excerpt import cut_out
from sitegen.corpus.segment import Segmentation, segment
from sitegen.models.adapters.whole_texts import WholeTexts
from tests.analysis.documents import documents
from tests.classifiers import WEIGHTS, Bag, Joint, document

MODELS = [Bag(), Joint()]


@pytest.mark.parametrize("model", MODELS, ids=["additive", "joint"])
@given(st.lists(documents, max_size=4))
def test_every_number_is_the_models_own_answer(model, several):
    for one, found in zip(several, read_alone(several, model), strict=True):

        def asked(title, abstract):
            return float(model.margins([list(title)], [list(abstract)])[0])

        title, abstract = one.title.tokens, one.abstract.tokens
        assert found.empty == asked((), ())
        assert found.title == asked(title, ())
        assert found.abstract == asked((), abstract)
        prefixes = [asked(title[:k], ()) for k in range(1, len(title))]
        assert found.title_prefixes.tolist() == pytest.approx(prefixes, abs=1e-6)
        for margin, (first, behind) in zip(found.sentences, one.abstract.sentence_ranges, strict=True):
            assert margin == pytest.approx(asked((), abstract[first:behind]), abs=1e-6)
        assert found.title_words.tolist() == pytest.approx([asked((word,), ()) for word in title], abs=1e-6)
        assert found.abstract_words.tolist() == pytest.approx([asked((), (word,)) for word in abstract], abs=1e-6)


def test_a_linear_model_says_the_same_three_times():
    """Without interaction leave-one-out and what is said alone, less what an empty text gets, are one number."""
    one = document("good network", "we interview .", "a bad simulation .")
    (alone,), (occlusion,) = read_alone([one], Bag()), occlude([one], Bag())
    assert alone.sentences - alone.empty == pytest.approx(occlusion.sentences)
    assert alone.title_words - alone.empty == pytest.approx(occlusion.title_words)
    assert alone.abstract_words - alone.empty == pytest.approx(occlusion.abstract_words)
    assert alone.title + alone.abstract - alone.empty == pytest.approx(occlusion.margin)


def test_words_that_the_model_does_not_know_are_an_empty_text():
    (alone,) = read_alone([document("unheard", "of this .")], Bag())
    every = [*alone.sentences, *alone.title_words, *alone.abstract_words, alone.title, alone.abstract]
    assert len(every) == 6
    assert set(every) == {alone.empty}


def test_a_record_without_texts():
    (alone,) = read_alone([document("")], Bag())
    assert alone.empty == alone.title == alone.abstract == Bag.bias
    assert alone.title_prefixes.size + alone.sentences.size + alone.title_words.size + alone.abstract_words.size == 0


def test_equal_texts_are_read_once():
    class Counting(Joint):
        texts = 0

        def margins(self, titles, abstracts):
            self.texts += len(titles)
            return super().margins(titles, abstracts)

    model = Counting()
    read_alone([document("good good", "good bad .", "good bad ."), document("good", "bad .")], model)
    # nothing; both titles; "good"; "good bad ."; the first abstract; "bad" and "bad ." (strings may matter to a model)
    assert model.texts == 1 + 2 + 1 + 1 + 1 + 2


def test_sentences_and_excerpts_by_themselves():
    some = [document("network", "good .", "bad network ."), document(""), document("", "we simulation .")]
    for found, alone in zip(read_alone(some, Joint()), sentences_alone(some, Joint()), strict=True):
        assert alone == pytest.approx(found.sentences)
    pieces = [cut_out(some[0].abstract, 1, 3), cut_out(some[0].abstract, 0, 0)]
    assert excerpts_alone(pieces, Bag()) == pytest.approx([Bag.bias + WEIGHTS["bad"] + WEIGHTS["network"], Bag.bias])


def test_a_model_of_strings_is_given_the_piece_as_it_was_written():
    seen = set()

    class Strings:
        def margins(self, texts):
            seen.update((text.title, text.abstract) for text in texts)
            return np.zeros(len(texts))

    model = WholeTexts(Strings(), segmentation=Segmentation())
    read_alone([segment("A Title", "“First, then.” Last (Bits)!", model.segmentation)], model)
    pieces = ["", "“First, then.” Last (Bits)!", "“First, then.”", "Last (Bits)!", "First", "then", "Last", "Bits"]
    assert seen == {*((title, "") for title in ("A Title", "A", "Title")), *(("", piece) for piece in pieces)}
