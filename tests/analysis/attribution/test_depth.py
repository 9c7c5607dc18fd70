"""How much is asked of a model: at each depth the same answers as at full depth, and nothing beyond it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from sitegen.analysis.attribution.depth import DEPTHS, Size, reaches, texts_of
from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.plan import COMPLETE, Plan, planned
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import PAIRS, least_exact, shapley
from tests.analysis.documents import documents
from tests.classifiers import Bag, Joint, document

PAPER = document(
    "bad network of simulation", "good network we interview .", "a bad simulation .", "no network .", "we simulation ."
)


def _same_where_known(found, whole):
    known = ~np.isnan(found)
    assert np.array_equal(np.asarray(found)[known], np.asarray(whole)[known])
    return known


@pytest.mark.parametrize("depth", DEPTHS)
@given(documents)
def test_what_is_asked_has_the_answers_of_full_depth(depth, one):
    model = Joint()
    (full,), (found,) = occlude([one], model), occlude([one], model, depth=depth)
    assert found.margin == full.margin
    assert found.asked(depth)
    sentences = _same_where_known(found.sentences, full.sentences)
    assert sentences.all() == (reaches(depth, "without") or not sentences.size)
    for name in ("title_words", "abstract_words", "span_bands"):
        words = _same_where_known(getattr(found, name), getattr(full, name))
        assert words.all() == (reaches(depth, "words") or not words.size)
    cells = _same_where_known(found.grid.margins, full.grid.margins)
    if reaches(depth, "sentences"):
        assert found.drawn
        ends = [end - 1 for end in one.abstract.sentence_ends.tolist()] or [0]
        assert cells[:, ends].all()
        assert np.array_equal(found.cells[:, ends], full.grid.margins[:, ends])
        assert not np.isnan(found.cells).any()


@pytest.mark.parametrize("depth", DEPTHS)
@given(documents)
def test_what_is_read_alone_has_the_answers_of_full_depth(depth, one):
    model = Joint()
    (full,), (found,) = read_alone([one], model), read_alone([one], model, depth=depth)
    assert found.asked(depth)
    for name, needed in (
        ("sentences", "alone"),
        ("title_prefixes", "sentences"),
        ("title_words", "words"),
        ("abstract_words", "words"),
    ):
        known = _same_where_known(getattr(found, name), getattr(full, name))
        assert known.all() == (reaches(depth, needed) or not known.size)
    if reaches(depth, "alone"):
        assert (found.empty, found.title, found.abstract) == (full.empty, full.title, full.abstract)
    else:
        assert np.isnan([found.empty, found.title, found.abstract]).all()


def test_an_additive_model_is_asked_everything():
    (found,) = occlude([PAPER], Bag(), depth="whole")
    (alone,) = read_alone([PAPER], Bag(), depth="whole")
    assert found.asked("words")
    assert alone.asked("words")


def test_texts_are_counted_as_they_are_asked_about():
    """The plan's counts are those of texts of which none are alike; a model is asked about no more."""
    counts = texts_of(Size.of(PAPER), pairs=PAIRS)
    before = 0
    for depth in DEPTHS:
        model = Joint()
        occlude([PAPER], model, depth=depth)
        read_alone([PAPER], model, depth=depth)
        if reaches(depth, "shares"):
            shapley([PAPER], model, limit=0)
        before += counts[depth]
        assert 0 < model.asked <= before, depth
        assert model.asked >= 0.4 * before, depth


SIZES = [Size(title=10, abstract=180, sentences=8)] * 100


def _depth(minutes, speed=50.0):
    return planned(SIZES, words=19_000, speed=speed, minutes=minutes, sample=100)


def test_a_plan_is_as_deep_as_its_time():
    texts = texts_of(SIZES[0], pairs=PAIRS)
    assert [_depth(minutes).depth for minutes in (0.01, 0.5, 0.8, 7.0, 20.0, 90.0)] == [
        "whole",
        "alone",
        "without",
        "shares",
        "sentences",
        "words",
    ]
    for minutes in (0.5, 0.8, 7.0, 20.0, 90.0):
        assert _depth(minutes).asked <= 60 * minutes * 50.0
    plan = _depth(90.0)
    assert (plan.exact, plan.checks, plan.pairs) == (False, False, PAIRS)
    assert plan.asked == 100 * sum(texts.values())
    assert plan.seconds > 60 * 90


def test_where_there_is_time_everything_is_asked():
    plan = _depth(1000.0)
    assert plan.complete
    assert plan.depth == "words"
    assert COMPLETE.complete
    assert _depth(90.0, speed=50_000.0).complete


def test_shares_are_sampled_by_fewer_orders_before_they_are_left_out():
    plan = _depth(4.5)
    assert (plan.depth, plan.pairs) == ("shares", 1)


def test_a_table_of_few_sentences_is_no_dearer_than_orders():
    assert least_exact(PAIRS) == 7
    assert least_exact(1) < 7


def test_a_slow_model_is_asked_about_few_papers_at_once():
    plan = _depth(20.0)
    assert plan.batch(100, most=32) == int(30 * 50.0 * 100 / plan.asked) < 32
    slowest = Plan(depth="whole", texts={"whole": 10_000}, words=1, speed=0.01)
    assert slowest.batch(100, most=32) == 1
    assert COMPLETE.batch(100, most=32) == 32
