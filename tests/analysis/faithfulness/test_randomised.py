"""A model compared with itself correlates fully, one that shares nothing with it does not, and place is told apart."""

from __future__ import annotations

from copy import copy
from functools import partial

import numpy as np
import pytest
from scipy.stats import spearmanr

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.faithfulness.randomised import LIMIT, Randomised, compare_randomised
from tests.classifiers import Bag, document

WORDS = [f"w{k}" for k in range(60)]


class Weighted(Bag):
    """A bag of words with weights of its own."""

    def __init__(self, weights):
        self.weights = weights

    def known(self, tokens):
        return np.array([token in self.weights for token in tokens], dtype=bool)

    def parts(self, field, texts):
        return np.array([sum(self.weights.get(token, 0.0) for token in text) for text in texts], dtype=np.float64)


class Ends(Weighted):
    """What stands further from the ends counts for less, whatever it is: 1/2, 1/3 ... of its weight."""

    def parts(self, field, texts):
        return np.array(
            [
                sum(self.weights[t] / (1 + min(k, len(text) - 1 - k)) ** 4 for k, t in enumerate(text))
                for text in ([t for t in text if t in self.weights] for text in texts)
            ],
            dtype=np.float64,
        )


def weights(seed):
    return dict(zip(WORDS, np.random.default_rng(seed).normal(size=len(WORDS)), strict=True))


def corpus(records=40, sentences=8, words=1, seed=4):
    rng = np.random.default_rng(seed)
    return [
        document("", *[" ".join(rng.choice(WORDS, size=words)) + "." for _ in range(sentences)]) for _ in range(records)
    ]


def compared(documents, model, *others) -> Randomised:
    result = compare_randomised(occlude(documents, model), [partial(copy, other) for other in others])
    assert isinstance(result, Randomised)
    return result


def test_a_model_agrees_with_itself_and_with_its_opposite():
    w = weights(1)
    result = compared(corpus(), Weighted(w), Weighted(w), Weighted({k: -v for k, v in w.items()}))
    assert result.by_model == pytest.approx((1.0, 1.0), abs=1e-3)  # occlusions are float32: near ties
    assert result.correlation == pytest.approx(1.0, abs=1e-3)
    assert result.signed == pytest.approx(0.0, abs=1e-6)  # once 1, once -1
    assert not result.passes
    assert (result.records, result.left_out, result.limit) == (40, 0, LIMIT)


def test_weights_that_share_nothing_do_not_correlate():
    result = compared(corpus(records=150), Weighted(weights(1)), Weighted(weights(2)), Weighted(weights(3)))
    assert abs(result.correlation) < 0.1
    assert result.passes
    assert abs(result.signed) < 0.1
    assert abs(result.place) < 0.1
    assert result.error == pytest.approx(0.02, abs=0.02)


def test_models_that_share_nothing_but_place_agree_in_size_and_less_at_equal_place():
    result = compared(corpus(records=150), Ends(weights(1)), Ends(weights(2)))
    assert result.correlation > 0.5
    assert not result.passes
    assert result.place < -0.6
    assert result.random_place < -0.6
    assert result.partial is not None
    assert abs(result.partial) < 0.25
    assert abs(result.signed) < 0.2
    assert 0 < result.partial_records <= 150


def test_length_alone_makes_no_agreement():
    """Sentences of one word said n times: all models' effects grow with n, which is divided out."""
    rng = np.random.default_rng(0)
    documents = [
        document("", *[" ".join([rng.choice(WORDS)] * n) + "." for n in row])
        for row in rng.choice([1, 2, 4, 8, 16], size=(60, 8))
    ]
    one, other = Weighted(weights(1)), Weighted(weights(2))
    bare = [
        spearmanr(np.abs(a.sentences), np.abs(b.sentences))[0]
        for a, b in zip(occlude(documents, one), occlude(documents, other), strict=True)
    ]
    assert np.mean(bare) > 0.4
    assert abs(compared(documents, one, other).correlation) < 0.2


def test_short_records_and_those_without_effects_are_left_out():
    documents = [document("", "w1.", "w2."), document("", "x.", "y.", "z."), *corpus(records=3, sentences=4)]
    result = compared(documents, Weighted(weights(1)), Weighted(weights(2)))
    assert (result.records, result.left_out) == (3, 2)
    assert result.partial is None
    assert result.partial_records == 0


def test_one_record_has_no_error():
    assert compared(corpus(records=1), Weighted(weights(1)), Weighted(weights(2))).error is None


@pytest.mark.parametrize(
    ("documents", "others", "reason"),
    [
        (corpus(records=2), [], "No randomised model"),
        ([], [Bag()], "No record has 3 sentences"),
        ([document("good")], [Bag()], "No record has 3 sentences"),
        (corpus(records=2), [Weighted({})], "do both models tell"),
    ],
)
def test_what_cannot_be_compared_is_said(documents, others, reason):
    assert reason in compare_randomised(
        occlude(documents, Weighted(weights(1))), [partial(copy, other) for other in others]
    )


def test_progress_counts_records_for_each_model():
    told = []
    documents = corpus(records=5)
    compare_randomised(
        occlude(documents, Weighted(weights(1))), [partial(Weighted, weights(k)) for k in (2, 3)], progress=told.append
    )
    assert told == [5, 5]
