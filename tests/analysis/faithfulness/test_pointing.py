"""A model that reads words of one class points right always; hybrids are what they claim to be."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.faithfulness.pointing import PER_CLASS, Pointing, _hybrid, _joined, pointing_game
from tests.classifiers import Bag, Joint, document

POSITIVE = [document("", "Good we.", "Simulation.", "A network."), document("Good", "Good good.", "The simulation.")]
NEGATIVE = [document("", "Bad we.", "An interview.", "So bad."), document("Bad", "Interview.", "Bad, bad.")]


def played(documents, classifier, **options) -> Pointing:
    result = pointing_game(occlude(documents, classifier), classifier, seed=1, **options)
    assert isinstance(result, Pointing), result
    return result


@pytest.mark.parametrize("shapley", [True, False])
def test_a_bag_of_one_class_words_is_always_right(shapley):
    result = played([*POSITIVE, *NEGATIVE], Bag(), hybrids=60, shapley=shapley)
    assert result.leave_one_out.rate == 1.0
    assert result.leave_one_out.hits == 60
    assert (result.shapley is None) != shapley
    assert result.shapley is None or result.shapley.rate == 1.0
    assert result.chance == 0.5
    assert result.sources == (2, 2)
    assert result.misread == 0
    assert sum(result.explained) == 60
    assert min(result.explained) > 0


def test_a_model_without_opinion_hits_as_often_as_chance():
    class Still(Bag):
        def parts(self, field, texts):
            return np.array([(1.0 if field == "title" else 0.0) * ("good" in text) for text in texts])

    documents = [document(title, *["Words stand here."] * 6) for title in ("Good", "Bad")]
    result = played(documents, Still(), hybrids=400, shapley=False)
    assert result.leave_one_out.low < 0.5 < result.leave_one_out.high


def test_a_class_without_sentences_of_its_own_is_told_apart():
    """Negative is what nothing positive is said in: all sentences of a hybrid so predicted do nothing."""

    class OneSided(Bag):
        bias = -1.0

        def parts(self, field, texts):
            return np.array([2.0 * sum(token == "good" for token in text) for text in texts], dtype=np.float64)

    documents = [*[document("Good", "Good.", "We.")] * 6, document("", *["We network."] * 5)]
    result = played(documents, OneSided(), hybrids=300, shapley=False)
    negative, positive = result.by_class
    assert negative is not None
    assert positive is not None
    assert positive.rate == 1.0
    assert negative.low < 0.5 < negative.high
    assert result.leave_one_out.hits == negative.hits + positive.hits


def test_a_class_never_predicted_has_no_rate():
    class Optimist(Bag):
        def margins(self, titles, abstracts):
            return np.abs(super().margins(titles, abstracts))

        additive = False

    result = pointing_game(occlude([*POSITIVE, *NEGATIVE], Bag()), Optimist(), seed=0, hybrids=8, shapley=False)
    assert isinstance(result, Pointing)
    assert result.explained == (0, 8)
    assert result.by_class[0] is None
    assert result.by_class[1] == result.leave_one_out


def test_the_class_explained_is_the_one_predicted_at_the_threshold():
    between = document("", "Interview.", "Network.")  # -.75, a probability of .32
    documents, labels = [*POSITIVE, *NEGATIVE, between], [1, 1, 0, 0, 1]
    even = played(documents, Bag(), labels=labels, hybrids=60)
    assert (even.sources, even.misread) == ((2, 2), 1)
    lower = played(documents, Bag(), labels=labels, hybrids=60, threshold=0.3)
    assert (lower.sources, lower.misread) == ((2, 3), 0)
    same = [*POSITIVE, *NEGATIVE]
    assert played(same, Bag(), hybrids=60).explained < played(same, Bag(), hybrids=60, threshold=0.7).explained


def test_records_that_the_model_gets_wrong_are_no_sources():
    documents = [*POSITIVE, *NEGATIVE, *POSITIVE]
    result = played(documents, Bag(), labels=[1, None, 0, 0, 0, 0], hybrids=10)
    assert result.misread == 2
    assert result.sources == (2, 2)


def test_a_model_that_is_not_additive_is_read_the_same():
    documents = [*POSITIVE, *NEGATIVE]
    result = played(documents, Joint(), hybrids=20)
    again = played(documents, Joint(), hybrids=20, shapley=False)
    assert result.leave_one_out == again.leave_one_out


def test_the_seed_decides():
    documents = [*POSITIVE, *NEGATIVE]
    results = [
        pointing_game(occlude(documents, Joint()), Joint(), seed=seed, hybrids=64, shapley=False) for seed in (1, 1, 2)
    ]
    assert results[0] == results[1] != results[2]


@pytest.mark.parametrize(
    ("documents", "hybrids", "reason"),
    [
        ([*POSITIVE], 10, "0 sentences of the negative class and 5 of the positive"),
        ([], 10, "0 sentences of the negative"),
        ([document("good")], 10, "at least 3 of each"),
        ([*POSITIVE, *NEGATIVE], 0, "No hybrid documents were asked for"),
    ],
)
def test_what_cannot_be_played_is_said(documents, hybrids, reason):
    assert reason in pointing_game(occlude(documents, Bag()), Bag(), seed=0, hybrids=hybrids)


def test_a_hybrid_keeps_its_sentences_tokens_and_places():
    pools = [
        [(d.abstract, k) for d in side for k in range(len(d.abstract.sentence_ends))] for side in (NEGATIVE, POSITIVE)
    ]
    made, classes = _hybrid(*pools, np.random.default_rng(0))
    assert sorted(classes) == [0] * PER_CLASS + [1] * PER_CLASS
    assert made.title.tokens == ()
    abstract = made.abstract
    assert [abstract.text[a:b].lower() for a, b in abstract.spans] == list(abstract.tokens)
    wholes = [abstract.text[a:b] for a, b in abstract.sentence_spans]
    assert " ".join(wholes) == abstract.text
    for whole, label, (a, b) in zip(wholes, classes, abstract.sentence_ranges, strict=True):
        given_text, number = next((t, n) for t, n in pools[label] if t.text[slice(*t.sentence_spans[n])] == whole)
        assert abstract.tokens[a:b] == given_text.tokens[slice(*given_text.sentence_ranges[number])]


def test_nothing_joined_is_an_empty_text():
    assert _joined([]).tokens == ()
