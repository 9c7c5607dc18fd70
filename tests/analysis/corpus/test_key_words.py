"""Key words: the strongest of a sentence in either direction, no more than three, none where nothing is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.corpus.key_words import MOST, key_words
from tests.classifiers import Bag, document


def found(cut, occlusion=None, alone=None):
    """The key words of each sentence toward the negative class and toward the positive one."""
    given, said = occlude([cut], Bag())[0], read_alone([cut], Bag())[0]
    places = key_words(occlusion or given, alone or said)
    assert places.shape == (len(cut.abstract.sentence_ends), 2, MOST, 2)
    text = cut.abstract.text
    return [[[text[a:b] for a, b in way.tolist() if a >= 0] for way in sentence] for sentence in places]


def test_words_are_told_apart_by_the_direction_of_their_effect():
    cut = document("Good", "A simulation of a bad network.", "An interview.", "Nothing at all.")
    # bad -2; simulation 2.25, network .75: a third of it
    assert found(cut) == [[["bad"], ["simulation", "network"]], [["interview"], []], [[], []]]


def test_no_more_than_three_and_none_that_is_far_below_the_strongest():
    cut = document("", "We good good simulation simulation network.")  # we .125 < 2.25 / 4
    assert found(cut) == [[[], ["good", "simulation", "simulation"]]]


def test_what_words_say_alone_stands_in_where_the_answer_without_them_was_not_asked():
    cut = document("", "Bad simulation.")
    given = occlude([cut], Bag())[0]
    unasked = replace(given, abstract_words=np.full_like(given.abstract_words, np.nan))
    assert found(cut, unasked) == [[["Bad"], ["simulation"]]]
    said = read_alone([cut], Bag())[0]
    nothing = replace(said, abstract_words=np.full_like(said.abstract_words, np.nan))
    assert found(cut, unasked, nothing) == [[[], []]]


def test_a_text_without_sentences_has_none():
    assert found(document("Good")) == []
