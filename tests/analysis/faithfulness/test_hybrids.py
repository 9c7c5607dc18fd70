"""A model that reads words of one class is right by every measure; one that saturates is not by leave-one-out."""

from __future__ import annotations

import pytest

from sitegen.analysis.faithfulness.hybrids import Hybrids, try_hybrids
from sitegen.analysis.faithfulness.measures import MEASURES
from tests.analysis.faithfulness.models import Deaf, Fickle, Saturating, corpus, found, neutral, noise
from tests.classifiers import READ, Bag, Joint, document


def tried(papers, classifier, *, labels=None, threshold=0.5, without=False, **options) -> Hybrids:
    trial = try_hybrids(
        found(papers, classifier, labels, threshold),
        classifier,
        neutral=() if without else neutral(classifier),
        **{"seed": 1, "documents": 60, "threshold": threshold, **options},
    )
    assert not isinstance(trial, str), trial
    assert trial.auc.shape == (3, trial.result.documents)
    return trial.result


def test_a_bag_of_one_class_words_is_always_right():
    result = tried(corpus(), Bag())
    assert [one.measure for one in result.by_measure] == list(MEASURES)
    for one in result.by_measure:
        assert one.auc.value == one.strongest.value == 1.0
        assert one.above_neutral is not None
        assert [rate.value for rate in one.above_neutral] == [1.0, 1.0]
    assert (result.documents, result.per_class, result.neutral, result.chance) == (60, 2, 1, 0.4)
    assert (result.sources, result.misread, sum(result.explained)) == ((12, 12), 0, 60)


def test_a_model_that_saturates_is_right_by_share_and_not_by_leave_one_out():
    """One class is so loud that nothing is missed of the other: by leave-one-out its sentences say nothing."""

    class Loud(Saturating):
        def parts(self, field, texts):
            return super().parts(field, [[*text, *10 * [t for t in text if READ.get(t, 0) > 0]] for text in texts])

    share, alone, left_out = tried(corpus(), Loud()).by_measure
    assert share.auc.value == alone.auc.value == share.above_neutral[0].value == 1.0
    assert left_out.above_neutral[0].value == 0.5


@pytest.mark.slow
@pytest.mark.parametrize("model", [Deaf, Fickle])
def test_where_sentences_have_no_class_all_measures_are_right_by_chance(model):
    result = tried(noise(), model(), documents=400)
    for one in result.by_measure:
        for rate, chance in ((one.auc, 0.5), (one.strongest, 0.4), *((rate, 0.5) for rate in one.above_neutral)):
            assert rate.low < chance < rate.high, (model, one.measure)


def test_without_neutral_sentences_there_are_none_in_a_hybrid():
    result = tried(corpus(), Bag(), without=True)
    assert (result.neutral, result.chance) == (0, 0.5)
    assert all(one.above_neutral is None and one.auc.value == 1.0 for one in result.by_measure)


def test_a_class_without_sentences_of_its_own_is_told_apart():
    """Negative is what nothing positive is said in: all sentences of a hybrid so predicted do nothing."""

    class OneSided(Bag):
        bias = -1.0

        def parts(self, field, texts):
            weigh = 3.0 if field == "title" else 0.75
            return weigh * super().parts(field, [[t for t in text if t == "good"] for text in texts])

    documents = [*[document("Good", "Good.", "We.")] * 6, document("", *["We network."] * 5)]
    share = tried(documents, OneSided(), documents=300).by_measure[0]
    negative, positive = share.strongest_by_class
    assert positive.value > negative.value
    assert positive.value > 0.9
    assert share.above_neutral[1].value > 0.7
    assert share.above_neutral[0].value == 0.5  # it says as little as the neutral one


def test_a_class_never_predicted_has_no_rate():
    class Optimist(Bag):
        additive = False

        def margins(self, titles, abstracts):
            return abs(super().margins(titles, abstracts))

    trial = try_hybrids(found(corpus(), Bag()), Optimist(), neutral=neutral(Bag()), seed=0, documents=8)
    assert trial.result.explained == (0, 8)
    assert trial.result.by_measure[0].strongest_by_class == (None, trial.result.by_measure[0].strongest)


def test_the_class_explained_is_the_one_predicted_at_the_threshold():
    even, upper = (tried(corpus(), Bag(), threshold=t).explained for t in (0.5, 0.9))
    assert even[0] < upper[0]


def test_labels_decide_who_is_misread():
    result = tried(corpus(), Bag(), labels=[1, *[None] * 23])
    assert (result.misread, result.sources) == (1, (11, 12))


def test_a_model_that_is_not_additive_is_asked_the_same():
    assert len(tried(corpus(), Joint()).by_measure) == 3


def test_the_seed_decides():
    first, again, other = (tried(corpus(), Joint(), seed=seed) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    ("documents", "hybrids", "reason"),
    [
        (corpus()[1::2], 10, "0 sentences of the negative class and 60 of the positive"),
        ([], 10, "at least 2 of each"),
        (corpus(), 0, "No mixed {texts} were asked for"),
    ],
)
def test_what_cannot_be_tried_is_said(documents, hybrids, reason):
    told = try_hybrids(found(documents, Bag()), Bag(), neutral=neutral(Bag()), seed=0, documents=hybrids)
    assert reason in told


def test_progress_counts_hybrids():
    told = []
    tried(corpus(), Bag(), documents=70, progress=told.append)
    assert sum(told) == 70
