"""Words over a corpus: both measures against means worked out by hand, and forms of one word together."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import occlude, probability
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.corpus.words import WordEffects
from tests.classifiers import READ, WEIGHTS, Bag, document

DOCS = [
    document("good", "network simulation.", "other words.", "bad."),
    document("bad", "simulation.", "interview bad."),
    document("we", "network.", "simulation.", "interview."),
]
FORMED = [
    document("simulation", "simulations network."),
    document("networks", "simulations.", "network networks."),
]


class Plurals(Bag):
    """Knows the plurals of its words: `networks` says the half, `interviews` the opposite of what one says."""

    extra = {"networks": 0.375, "simulations": 2.25, "interviews": 1.25}

    def known(self, tokens):
        return np.array([token in READ or token in self.extra for token in tokens], dtype=bool)

    def parts(self, field, texts):
        factor = 2.0 if field == "title" else 1.0
        more = [factor * sum(self.extra.get(token, 0.0) for token in text) for text in texts]
        return super().parts(field, texts) + np.array(more)


def gathered(documents, model, *, language="en", examples=3):
    effects = WordEffects(examples=examples)
    for k, (occlusion, alone) in enumerate(zip(occlude(documents, model), read_alone(documents, model), strict=True)):
        effects.add(k, occlusion, alone)
    return effects.all(empty=model.bias, language=language)


def test_words_are_averaged_over_all_their_occurrences():
    words = {word.word: word for word in gathered(DOCS, Bag(), examples=2)}
    assert set(words) == set(WEIGHTS)  # the model's words alone
    bad = words["bad"]
    assert (bad.occurrences, bad.records, bad.forms, bad.words) == (3, 2, (), (bad,))
    mean = (-2 - 4 - 2) / 3  # the title counts double
    assert bad.leave_one_out == pytest.approx(mean)
    assert bad.alone == pytest.approx(mean + Bag.bias)
    assert bad.deviation == pytest.approx(np.std([-2, -4, -2]), abs=1e-6)
    margins = {k: occlusion.margin for k, occlusion in enumerate(occlude(DOCS, Bag()))}
    changes = [probability(margins[k]) - probability(margins[k] - effect) for k, effect in ((0, -2), (1, -4), (1, -2))]
    assert bad.change == pytest.approx(np.mean(changes), abs=1e-6)
    assert [(e.record, e.field, e.token) for e in bad.examples] == [(1, "title", 0), (0, "abstract", 4)]


def test_what_a_linear_model_loses_with_a_word_is_what_the_word_says_alone():
    for word in gathered(DOCS, Bag()):
        assert word.leave_one_out == pytest.approx(word.alone - Bag.bias, abs=1e-6)


def test_words_stand_by_what_they_say_alone():
    found = gathered(DOCS, Bag())
    assert [word.alone for word in found] == sorted((word.alone for word in found), reverse=True)


def test_the_examples_of_a_word_are_of_the_direction_that_it_has_alone():
    """`bad` says the same everywhere; beside "good" the model makes the opposite of it."""

    class Contrary(Bag):
        def parts(self, field, texts):
            turned = [["good" if token == "bad" and "good" in text else token for token in text] for text in texts]
            return super().parts(field, turned)

    documents = [document("we", "good bad."), document("we", "bad."), document("we", "good bad bad.")]
    bad = {word.word: word for word in gathered(documents, Contrary())}["bad"]
    assert bad.leave_one_out > 0 > bad.alone
    assert next((example.record, example.effect < 0) for example in bad.examples) == (1, True)


def test_forms_of_a_word_are_one_over_all_their_occurrences():
    found = {word.word: word for word in gathered(FORMED, Plurals())}
    assert set(found) == {"simulation", "network"}
    network = found["network"]
    assert [(form.word, form.occurrences) for form in network.words] == [("network", 2), ("networks", 2)]
    effects = [0.75, 0.75, 2 * 0.375, 0.375]
    assert (network.occurrences, network.records) == (4, 2)
    assert network.leave_one_out == pytest.approx(np.mean(effects))
    assert network.deviation == pytest.approx(np.std(effects), abs=1e-6)
    assert network.alone == pytest.approx(np.mean(effects) + Plurals.bias)
    simulation = found["simulation"]
    assert (simulation.occurrences, simulation.records) == (3, 2)  # a record of both forms is one record
    assert [(e.record, e.field) for e in simulation.examples] == [(1, "abstract"), (0, "title")]  # by points


def test_in_another_language_every_word_is_by_itself():
    assert {word.word for word in gathered(FORMED, Plurals(), language="de")} == {
        "simulation",
        "simulations",
        "network",
        "networks",
    }


def test_words_that_speak_for_different_classes_are_not_forms_of_one():
    documents = [document("we", "interview interviews.")]
    assert {word.word for word in gathered(documents, Plurals())} == {"we", "interview", "interviews"}


def test_no_records_no_words():
    assert gathered([], Bag()) == []
