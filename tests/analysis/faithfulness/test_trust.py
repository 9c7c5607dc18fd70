"""Which measure is trusted follows from the scores, and can be each, several or none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sitegen.analysis.faithfulness.hybrids import Hybrids, HybridTrial, try_hybrids
from sitegen.analysis.faithfulness.planted import Planted, PlantedTrial, try_planted
from sitegen.analysis.faithfulness.trust import LEAST, MATTERS, Trust, trust
from tests.analysis.faithfulness.models import Deaf, Fickle, Saturating, corpus, found, neutral, noise
from tests.classifiers import Bag


def scores(*means, n=100, spread=0.1):
    """Of each measure n scores about its mean, which go up and down together."""
    wave = spread * np.where(np.arange(n) % 2, 1.0, -1.0)
    return np.array([np.full(n, mean) for mean in means]) + wave


def mixed(auc, sources=(50, 50)):
    result = Hybrids(
        documents=auc.shape[1],
        per_class=2,
        neutral=1,
        sources=sources,
        disjoint=10_000,
        misread=0,
        explained=(0, auc.shape[1]),
        chance=0.4,
        by_measure=(),
    )
    return HybridTrial(result=result, auc=auc)


def planted(negative, positive):
    counts = (negative.shape[1], positive.shape[1])
    result = Planted(
        documents=sum(counts),
        available=sum(counts),
        by_class=counts,
        misread=0,
        neutral=3,
        chance=(0.2, 0.2),
        by_measure=(),
    )
    return PlantedTrial(result=result, above=(negative, positive))


def tried(documents, classifier) -> Trust | str:
    usable = found(documents, classifier)
    return trust(
        try_hybrids(usable, classifier, neutral=neutral(classifier), seed=0),
        try_planted(usable, classifier, neutral=neutral(classifier), seed=0),
    )


@pytest.mark.parametrize(
    ("means", "trusted"),
    [
        ((0.9, 0.8, 0.7), ("share",)),
        ((0.7, 0.8, 0.9), ("leave_one_out",)),
        ((0.9, 0.9 - MATTERS + 1e-6, 0.7), ("share", "read_alone")),
        ((0.9 - MATTERS - 1e-6, 0.9, 0.7), ("read_alone",)),
        ((0.9, 0.9, 0.9), ("share", "read_alone", "leave_one_out")),
        ((0.51, 0.5, 0.4), ()),
        ((0.53, 0.5, 0.4), ("share",)),
    ],
)
def test_the_best_beyond_doubt_and_beyond_what_matters(means, trusted):
    found = trust(mixed(scores(*means)), None)
    assert found.trusted == trusted
    assert [score.score for score in found.scores] == pytest.approx(means)


def test_a_difference_that_chance_can_make_is_none():
    rng = np.random.default_rng(0)
    found = trust(mixed(np.array([[0.8], [0.75], [0.5]]) + rng.normal(scale=0.4, size=(3, 60))), None)
    assert len(found.trusted) > 1
    assert found.scores[1].behind_error > 0.03


def test_differences_are_taken_document_by_document():
    """Scores that vary much, but together, are told apart."""
    found = trust(mixed(scores(0.6, 0.5, 0.5, spread=0.4)), None)
    assert found.scores[1].behind_error == pytest.approx(0, abs=1e-9)
    assert found.scores[1].error > 0.03
    assert found.trusted == ("share",)


def test_both_checks_count_half_and_both_classes_a_quarter():
    found = trust(mixed(scores(1.0, 0.6, 0.6)), planted(scores(0.5, 0.6, 0.6), scores(0.7, 0.6, 0.6)))
    assert found.scores[0].score == pytest.approx((2 * 1.0 + 0.5 + 0.7) / 4)
    assert (found.hybrids, found.planted) == (True, True)


def test_sentences_that_are_used_again_count_less():
    once, often = mixed(scores(0.8, 0.7, 0.6)), mixed(scores(0.8, 0.7, 0.6))
    often = replace(often, result=replace(often.result, disjoint=20))
    few, many = (trust(one, None).scores[0].error for one in (often, once))
    assert few == pytest.approx(many * np.sqrt(1 + 100 / 20), rel=0.01)


def test_errors_of_checks_on_the_same_papers_add_up():
    one = trust(mixed(scores(0.8, 0.7, 0.6)), None).scores[0].error
    both = trust(mixed(scores(0.8, 0.7, 0.6)), planted(scores(0.8, 0.7, 0.6), scores(0.8, 0.7, 0.6))).scores[0].error
    assert both == pytest.approx((one + one / np.sqrt(2)) / 2, rel=0.01)


def test_too_few_papers_do_not_count():
    few = scores(0.9, 0.8, 0.7, n=LEAST - 1)
    found = trust(mixed(scores(0.9, 0.8, 0.7), sources=(LEAST - 1, 50)), planted(few, scores(0.6, 0.7, 0.8)))
    assert (found.hybrids, found.planted) == (False, True)
    assert found.trusted == ("leave_one_out",)
    assert "Too few {many} to tell" in trust(mixed(few), planted(few, few))
    assert "Too few {many} to tell" in trust(None, None)


def test_a_model_that_saturates_speaks_against_leave_one_out():
    found = tried(corpus(sentences=6), Saturating())
    assert set(found.trusted) == {"share", "read_alone"}


def test_a_bag_of_words_speaks_for_all():
    assert set(tried(corpus(), Bag()).trusted) == {"share", "read_alone", "leave_one_out"}


@pytest.mark.parametrize("model", [Deaf, Fickle])
def test_where_sentences_have_no_class_none_is_trusted(model):
    assert tried(noise(40), model()).trusted == ()
