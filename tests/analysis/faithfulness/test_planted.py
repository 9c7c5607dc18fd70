"""A neutral sentence lies below those that speak, by every measure that sees them speak."""

from __future__ import annotations

import pytest

from sitegen.analysis.faithfulness.planted import EXACT, Planted, _balanced, try_planted
from tests.analysis.faithfulness.models import Deaf, Fickle, Saturating, corpus, found, neutral, noise, values
from tests.classifiers import Bag, Joint, document


def trial(documents, classifier, *, labels=None, **options):
    result = try_planted(
        found(documents, classifier, labels), classifier, neutral=neutral(classifier), **{"seed": 1, **options}
    )
    assert not isinstance(result, str), result
    return result


def tried(documents, classifier, **options) -> Planted:
    return trial(documents, classifier, **options).result


def test_a_bag_of_one_class_words_is_always_right():
    result = tried(corpus(), Bag())
    for one in result.by_measure:
        assert [rate.value for rate in one.above] == [1.0, 1.0]
        assert [rate.value for rate in one.on_top] == [0.0, 0.0]
    assert (result.documents, result.available, result.by_class, result.misread) == (24, 24, (12, 12), 0)
    assert result.chance == pytest.approx((1 / 6, 1 / 6))
    assert result.neutral == 3


def test_a_model_that_saturates_is_right_by_share_and_not_by_leave_one_out():
    """Six sentences for one class: none of them is needed, so none differs from one that says nothing."""
    share, alone, left_out = tried(corpus(sentences=6), Saturating()).by_measure
    for y in (0, 1):
        assert share.above[y].value == alone.above[y].value == 1.0
        assert left_out.above[y].value < 0.6
        assert left_out.on_top[y].value > share.on_top[y].value == 0.0


def test_where_nothing_is_said_all_are_equal():
    for one in tried(noise(10), Deaf()).by_measure:
        assert [rate.value for rate in (*one.above, *one.on_top)] == pytest.approx([0.5, 0.5, 1 / 6, 1 / 6])


def test_words_without_a_class_lie_above_by_chance():
    for one in tried(noise(50), Fickle()).by_measure:
        for y in (0, 1):
            assert one.above[y].low < 0.5 < one.above[y].high


def test_toward_the_class_of_the_paper():
    """Papers that the model reads as negative are measured with the sign turned."""
    (one, *_) = tried([document("", "Good.", "Bad bad bad."), document("", "Bad.", "Good good.")], Bag()).by_measure
    assert (one.above[0].value, one.above[1].value) == (0.5, 0.5)
    assert (one.on_top[0].value, one.on_top[1].value) == (0.0, 0.0)


def test_a_class_without_papers_has_no_rate():
    result = tried(corpus()[1::2], Bag())
    assert result.by_class == (0, 12)
    assert result.chance[0] is None
    assert all(one.above[0] is None and one.on_top[0] is None and one.above[1] for one in result.by_measure)


def test_known_subsets_are_not_read_again_and_give_the_same():
    """A model of tokens is asked for the subsets with the neutral sentence alone; the rest is in the table."""

    class Counting(Saturating):
        read = 0

        def kept_parts(self, field, texts, masks):
            type(self).read += sum(map(len, masks)) if field == "abstract" else 0
            return super().kept_parts(field, texts, masks)

    documents, classifier = corpus(2), Counting()
    with_tables = found(documents, classifier)
    Counting.read = 0
    known = try_planted(with_tables, classifier, neutral=neutral(classifier), seed=3)
    assert Counting.read <= 4 * 2**5
    joint = Joint()
    assert try_planted(found(documents, joint), joint, neutral=neutral(joint), seed=3).result.documents == 4
    long = [document("", *[f"Good {'we ' * k}." for k in range(EXACT - 1)]), *documents]
    unknown = trial(long, Saturating(), seed=3)
    assert known.result.documents == 4
    assert unknown.result.documents == 5


def test_tables_are_those_that_reading_all_gives(monkeypatch):
    documents = corpus(3)
    shared = trial(documents, Saturating(), seed=5)
    monkeypatch.setattr(Saturating, "additive", False)
    whole = trial(documents, Saturating(), seed=5)
    assert shared.result == whole.result


def test_long_abstracts_have_sampled_shares():
    long = [document("", *[f"Good {'we ' * k}." for k in range(EXACT + 1)])]
    (share, alone, left_out) = tried(long, Bag()).by_measure
    assert share.above[1].value == alone.above[1].value == left_out.above[1].value == 1.0


def test_of_many_papers_as_many_of_either_class_are_used():
    result = tried(corpus(), Bag(), most=10)
    assert (result.documents, result.available, result.by_class) == (10, 24, (5, 5))
    few, many = values(corpus()[:4:2], Bag()), values(corpus()[1::2], Bag())
    assert [len(one) for one in _balanced((few, many), most=10)] == [2, 8]
    assert [len(one) for one in _balanced((many, few), most=10)] == [8, 2]
    assert [len(one) for one in _balanced((many, many), most=100)] == [12, 12]


@pytest.mark.parametrize(
    ("documents", "reason"),
    [([], "No {text} that the model gets right"), ([document("", "Good.")], "has two sentences")],
)
def test_what_cannot_be_tried_is_said(documents, reason):
    assert reason in try_planted(found(documents, Bag()), Bag(), neutral=neutral(Bag()), seed=0)
    assert "no neutral sentences" in try_planted(found(corpus(), Bag()), Bag(), neutral=(), seed=0)


def test_progress_counts_abstracts():
    told = []
    tried(corpus(), Bag(), progress=told.append)
    assert sum(told) == 24
