"""The negative controls: what is asked, what passes, and that they bite where a test would be fooled."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from sitegen.analysis.significance.evidence import Evidence
from sitegen.analysis.significance.negative_control import (
    PRIOR,
    ControlAnswers,
    association,
    class_words,
    controls,
    neutral_answers,
    stripped_sentence,
)
from sitegen.analysis.significance.test import judge
from sitegen.corpus.neutral import LEAST, NEUTRAL, neutral_sentences
from sitegen.errors import ConfigError
from tests.analysis.significance.test_test import evidence
from tests.classifiers import WEIGHTS, Bag, document


def answers(*, neutral=(0.0,), stripped=((1, 0.0), (0, 0.0))) -> ControlAnswers:
    return ControlAnswers(
        empty=-1.0,
        neutral=tuple(f"Neutral {k}." for k in range(len(neutral))),
        neutral_margins=np.array(neutral, dtype=np.float64),
        neutral_lengths=np.full(len(neutral), 3),
        class_words=7,
        stripped_margins=np.array([margin for _, margin in stripped], dtype=np.float64),
        stripped_lengths=np.full(len(stripped), 3),
        stripped_classes=np.array([y for y, _ in stripped]),
    )


def clear(n: int = 40) -> Evidence:
    """n records of either class with one clear sentence."""
    return evidence(*((1, [5.0 + k]) for k in range(n)), *((0, [-4.0 - k]) for k in range(n)))


def test_the_models_answers_are_those_to_the_sentences_alone():
    margins, lengths, empty = neutral_answers(["Good network.", "Nothing known here.", "We interview!"], Bag())
    expected = [WEIGHTS["good"] + WEIGHTS["network"], 0.0, WEIGHTS["we"] + WEIGHTS["interview"]]
    assert margins == pytest.approx(np.array(expected) + Bag.bias)
    assert lengths == [2, 3, 2]
    assert empty == Bag.bias


def test_zero_is_the_median_neutral_sentence_and_without_one_the_empty_text():
    assert answers(neutral=(3.0, -2.0, 0.5)).zero == 0.5
    assert answers(neutral=()).zero == -1.0


def test_answers_survive_json():
    one = answers(neutral=(0.25, -0.5))
    again = ControlAnswers.from_json(json.loads(json.dumps(one.as_json())))
    assert again.as_json() == one.as_json()


def test_neutral_sentences_that_reach_tau_are_named():
    given = clear()
    found = controls(given, judge(given), answers(neutral=(0.0, 6.0, -3.9, -50.0)))
    assert found.classes[1].neutral == ("Neutral 1.",)
    assert found.classes[0].neutral == ("Neutral 3.",)
    assert found.neutral == 4


def test_stripped_sentences_are_counted_by_class_and_too_many_warn():
    given = clear()
    mostly = [(1, -0.5)] * 19 + [(1, 9.0)] + [(0, -9.0)] * 2 + [(0, 0.0)] * 18
    found = controls(given, judge(given), answers(stripped=mostly))
    assert (found.classes[1].stripped, found.classes[1].stripped_passing) == (20, 1)
    assert (found.classes[0].stripped, found.classes[0].stripped_passing) == (20, 2)
    assert not found.classes[1].warns  # 5% is not above 5%
    assert found.classes[0].warns


def test_where_nothing_passes_no_control_does():
    given = evidence(*((k % 2, [0.1 * k, -0.1 * k]) for k in range(10)))
    found = controls(given, judge(given), answers(neutral=(99.0, -99.0), stripped=[(1, 99.0), (0, -99.0)]))
    assert [one.neutral for one in found.classes] == [(), ()]
    assert [one.stripped_passing for one in found.classes] == [0, 0]


def test_under_permuted_labels_p_is_uniform_and_hardly_anything_passes():
    rng = np.random.default_rng(0)
    given = evidence(*((k % 2, (rng.normal(size=6) + (2 if k % 2 else 0)).tolist()) for k in range(120)), zero=1.0)
    assert judge(given).passes.sum() > 20  # there is signal
    found = controls(given, judge(given), answers())
    for one in found.classes:
        assert 0.03 <= one.permuted_p <= 0.07
        assert one.permuted_passing <= 2


def test_one_class_has_no_permutation_to_speak_of():
    given = evidence((1, [2.0]), (1, [1.0]))
    found = controls(given, judge(given), answers())
    assert math.isnan(found.classes[0].permuted_p)
    assert found.classes[1].permuted_passing == 0


def test_association_is_the_log_odds_ratio_with_an_informative_prior():
    counts = ({"a": 30, "the": 70}, {"b": 25, "a": 5, "the": 70})
    z = association(counts)
    prior = PRIOR * 35 / 200
    odds = [math.log((k + prior) / (100 + PRIOR - k - prior)) for k in (30, 5)]
    assert z["a"] == pytest.approx((odds[1] - odds[0]) / math.sqrt(1 / (30 + prior) + 1 / (5 + prior)))
    assert z["a"] < -1 < 0 < 1 < z["b"]
    assert z["the"] == pytest.approx(0)
    assert class_words(counts) == {"a", "b"}


def test_a_rare_word_is_no_class_word_and_one_class_alone_has_none():
    assert class_words(({"once": 1, "a": 50, "the": 50}, {"a": 50, "the": 50})) == frozenset()
    assert association(({"the": 5}, {})) == {}
    assert association(({"the": 5}, {"the": 2})) == {"the": 0.0}  # the only word there is tells nothing apart


def test_a_stripped_sentence_is_the_sentence_without_the_words():
    one = document("Title", "good network here .", "a bad network .")
    excerpt = stripped_sentence(one, 1, frozenset({"network", "here"}))
    assert list(excerpt) == ["a", "bad"]
    assert excerpt.text.startswith("a bad")
    assert list(stripped_sentence(one, 1, frozenset({"a", "bad", "network"}))) == []


def test_the_lists_are_long_enough_and_say_each_thing_once():
    for sentences in NEUTRAL.values():
        assert len(set(sentences)) == len(sentences) >= LEAST


def test_a_language_without_a_list_has_none_and_a_file_stands_for_any(tmp_path):
    assert neutral_sentences("en-GB") == NEUTRAL["en"]
    assert neutral_sentences("tlh") == ()
    own = tmp_path / "neutral.txt"
    own.write_text("\n".join([*(f"Satz {k}." for k in range(LEAST)), "", "Satz  1."]), encoding="utf-8")
    assert neutral_sentences("de", own) == tuple(f"Satz {k}." for k in range(LEAST))
    own.write_text("Satz 1.\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"neutral\.txt: 1 different sentences; at least 30 are needed"):
        neutral_sentences("de", own)
    with pytest.raises(ConfigError, match="cannot be read"):
        neutral_sentences("de", tmp_path / "none.txt")
