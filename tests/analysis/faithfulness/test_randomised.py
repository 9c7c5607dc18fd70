"""A model compared with itself correlates fully, one that shares nothing with it does not, and place is told apart."""

from __future__ import annotations

from copy import copy
from functools import partial

import numpy as np
import pytest
from scipy.stats import spearmanr

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.faithfulness.composed import neutral_pieces, zero_alone
from sitegen.analysis.faithfulness.measures import MEASURES, READ_ALONE, measured
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


def told(documents, model, *others, neutral=(), **options) -> Randomised | str:
    records = measured(occlude(documents, model), model)
    return compare_randomised(
        records,
        [partial(copy, other) for other in others],
        zero=zero_alone(neutral_pieces(neutral, model), model),
        neutral=neutral,
        **{"most": len(documents), **options},
    )


def compared(documents, model, *others, **options) -> Randomised:
    result = told(documents, model, *others, **options)
    assert isinstance(result, Randomised)
    assert tuple(one.measure for one in result.by_measure) == MEASURES
    return result


def test_a_model_agrees_with_itself_and_with_its_opposite():
    w = weights(1)
    result = compared(corpus(), Weighted(w), Weighted(w), Weighted({k: -v for k, v in w.items()}))
    for one in result.by_measure:
        assert one.by_model[0] == pytest.approx(1.0, abs=1e-3)  # occlusions are float32: near ties
        if one.measure != READ_ALONE:  # the bias is in both, so the opposite of what is read alone has other sizes
            assert one.by_model[1] == pytest.approx(1.0, abs=1e-3)
            assert one.signed == pytest.approx(0.0, abs=1e-3)  # once 1, once -1
    assert (result.records, result.left_out, result.available, result.models, result.limit) == (40, 0, 40, 2, LIMIT)


def test_what_is_read_alone_is_counted_from_something_neutral():
    """Two models that differ by a constant alone say the same beside their neutral sentences."""

    class Raised(Weighted):
        bias = 7.0

    w = weights(1)
    for neutral in ((), ("All rights reserved.",)):
        alone = compared(corpus(), Weighted(w), Raised(w), neutral=neutral).by_measure[MEASURES.index(READ_ALONE)]
        assert alone.correlation == pytest.approx(1.0, abs=1e-3)


@pytest.mark.slow
def test_weights_that_share_nothing_do_not_correlate():
    result = compared(corpus(records=150), Weighted(weights(1)), Weighted(weights(2)), Weighted(weights(3)))
    for one in result.by_measure:
        assert abs(one.correlation) < 0.1
        assert abs(one.signed) < 0.1
        assert abs(one.place) < 0.1
        assert one.error == pytest.approx(0.02, abs=0.02)


@pytest.mark.slow
def test_models_that_share_nothing_but_place_agree_in_size_where_place_is_read():
    """What is read alone stands at no place; leave-one-out shows it, and less at equal place."""
    result = compared(corpus(records=150, sentences=7), Ends(weights(1)), Ends(weights(2)))
    alone, left_out = result.by_measure[1], result.by_measure[2]
    assert left_out.correlation > 0.5
    assert left_out.place < -0.6
    assert left_out.random_place < -0.6
    assert left_out.partial is not None
    assert abs(left_out.partial) < 0.25
    assert abs(left_out.signed) < 0.2
    assert 0 < left_out.partial_records <= 150
    assert abs(alone.correlation) < 0.1
    assert abs(alone.place) < 0.1


@pytest.mark.slow
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
    for of_measure in compared(documents, one, other).by_measure:
        assert abs(of_measure.correlation) < 0.2


def test_short_records_and_those_without_effects_are_left_out():
    documents = [document("", "w1.", "w2."), document("", "x.", "y.", "z."), *corpus(records=3, sentences=4)]
    result = compared(documents, Weighted(weights(1)), Weighted(weights(2)))
    assert (result.records, result.left_out, result.available) == (3, 1, 4)
    assert all(one.partial is None and one.partial_records == 0 for one in result.by_measure)


def test_all_measures_are_of_the_same_records_and_no_more_than_asked_for():
    result = compared(corpus(records=9), Weighted(weights(1)), Weighted(weights(2)), most=4)
    assert (result.records, result.left_out, result.available) == (4, 0, 9)


def test_one_record_has_no_error():
    result = compared(corpus(records=1), Weighted(weights(1)), Weighted(weights(2)))
    assert all(one.error is None for one in result.by_measure)


@pytest.mark.parametrize(
    ("documents", "others", "reason"),
    [
        (corpus(records=2), [], "No model with random weights"),
        ([], [Bag()], "No {text} has 3 sentences"),
        ([document("good")], [Bag()], "No {text} has 3 sentences"),
        (corpus(records=2), [Weighted({})], "do both models tell"),
    ],
)
def test_what_cannot_be_compared_is_said(documents, others, reason):
    assert reason in told(documents, Weighted(weights(1)), *others)


def test_progress_counts_records_for_each_model():
    steps = []
    compared(corpus(records=5), Weighted(weights(1)), Weighted(weights(2)), Weighted(weights(3)), progress=steps.append)
    assert steps == [5, 5]
