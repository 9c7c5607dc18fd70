"""Groups of near-duplicate sentences, against all pairs compared one by one."""

from __future__ import annotations

import random
import string
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.analysis.corpus import near_duplicates as repeats
from sitegen.analysis.corpus.near_duplicates import group_repeats, normal_form

TWELVE = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
LONG = "all rights reserved by the publisher and the society that it belongs to since it was founded"


def literal(sentences: list[str]) -> list[int]:
    """The groups by the definition: every pair compared, groups closed, numbered by first appearance."""
    forms = [normal_form(sentence) for sentence in sentences]
    words = [form.split() for form in forms]
    shingles = [{tuple(w[k : k + 3]) for k in range(len(w) - 2)} if len(w) >= 4 else set() for w in words]
    group = list(range(len(sentences)))
    for i in range(len(sentences)):
        for j in range(i):
            either = len(shingles[i] | shingles[j])
            alike = either and Fraction(len(shingles[i] & shingles[j]), either) >= Fraction(4, 5)
            if forms[i] == forms[j] or alike:
                group = [group[j] if g == group[i] else g for g in group]
    numbers: dict[int, int] = {}
    return [numbers.setdefault(g, len(numbers)) for g in group]


@pytest.mark.parametrize(
    ("sentence", "form"),
    [
        ("  The  Cat\tsat. ", "the cat sat"),
        ("© 2017 Elsevier Ltd.", "0 elsevier ltd"),
        ("In 1,234.5 of 3 cases (12%),", "in 0 of 0 cases 0"),
        ("ends in 2017.", "ends in 0"),
        ("state-of-the-art, don't_care", "state of the art don t care"),
        ("STRASSE Straße", "strasse strasse"),
        ("ﬁrst ①", "first 0"),
        ("Gro\u0308ße", "grösse"),
        (" * * * ", "* * *"),
        ("", ""),
    ],
)
def test_normal_forms(sentence, form):
    assert normal_form(sentence) == form


@given(st.text())
def test_a_normal_form_is_its_own(sentence):
    assert normal_form(normal_form(sentence)) == normal_form(sentence)


def test_equal_but_for_year_case_and_marks():
    lines = ["© 2017 Elsevier Ltd. All rights reserved.", "We ask.", "© 2018, ELSEVIER Ltd., all rights reserved"]
    found = group_repeats(lines)
    assert found.group.tolist() == [0, 1, 0]
    assert found.size.tolist() == [2, 1]


def test_alike_from_four_fifths_on():
    """12 words have 10 shingles, and a word changed or added at an end costs one."""
    base, added, changed = " ".join(TWELVE), " ".join([*TWELVE, "more"]), " ".join([*TWELVE[:-1], "other"])
    both = f"{changed} more"
    assert group_repeats([base, added]).group.tolist() == [0, 0]  # 10 of 11
    assert group_repeats([base, changed]).group.tolist() == [0, 0]  # 9 of 11
    assert group_repeats([base, both]).group.tolist() == [0, 1]  # 9 of 12
    assert group_repeats([base, both, changed]).group.tolist() == [0, 0, 0]  # changed and both: 10 of 11


def test_exactly_four_fifths_is_enough():
    base = " ".join(TWELVE)
    assert group_repeats([base, " ".join(TWELVE[1:-1])]).group.tolist() == [0, 0]  # 8 of 10
    assert group_repeats([base, " ".join(TWELVE[1:-2])]).group.tolist() == [0, 1]  # 7 of 10


def test_short_sentences_must_be_equal():
    assert group_repeats(["All rights reserved", "All rights reserved.", "all rights"]).group.tolist() == [0, 0, 1]
    assert group_repeats(["a b a b a b a b", "b a b a b a b a"]).group.tolist() == [0, 0]  # the same two shingles
    assert group_repeats(["ha ha ha", "ha ha ha ha", "ha ha ha ha ha"]).group.tolist() == [0, 1, 1]


def test_sentences_without_words_are_compared_as_they_are():
    assert group_repeats(["* * *", "…", " * * * ", ""]).group.tolist() == [0, 1, 0, 2]


def test_order_of_words_matters():
    words = LONG.split()
    assert group_repeats([LONG, " ".join(sorted(words))]).group.tolist() == [0, 1]


def test_no_sentences():
    found = group_repeats([])
    assert found.group.size == found.size.size == 0


def corpus(seed: int, count: int) -> list[str]:
    """Sentences of 1 to 40 words of a Zipf law, half of them an earlier one with a word changed, added or left out."""
    rng = random.Random(seed)
    vocabulary = ["".join(rng.choices(string.ascii_lowercase, k=4)) for _ in range(300)]
    weights = [1 / (k + 3) for k in range(300)]
    sentences: list[str] = []
    for _ in range(count):
        if sentences and rng.random() < 0.5:
            words = rng.choice(sentences).split()
            at = rng.choice([0, len(words) - 1, rng.randrange(len(words))])
            words[at : at + rng.randint(0, 1)] = rng.choices(vocabulary, k=rng.randint(0, 1)) or []
        else:
            words = rng.choices(vocabulary, weights, k=rng.randint(1, 40))
        sentences.append(" ".join(words) or "empty")
    return sentences


@pytest.mark.parametrize("seed", range(5))
def test_no_pair_is_missed_and_none_made_up(seed):
    sentences = corpus(seed, 200)
    found = group_repeats(sentences)
    assert found.group.tolist() == literal(sentences)
    assert np.bincount(found.group).tolist() == found.size.tolist()
    assert 10 < found.size.size < 190  # else nothing was asked


@given(st.lists(st.text(alphabet="ab ", max_size=24), max_size=12))
def test_few_words_many_ties(sentences):
    assert group_repeats(sentences).group.tolist() == literal(sentences)


def test_the_order_of_the_sentences_does_not_matter():
    sentences = corpus(7, 300)
    order = np.random.default_rng(0).permutation(300)
    here, there = group_repeats(sentences).group[order], group_repeats([sentences[k] for k in order]).group
    assert len(set(zip(here.tolist(), there.tolist(), strict=True))) == here.max() + 1 == there.max() + 1


def test_a_crowd_costs_no_square(monkeypatch):
    """300 sentences of 12 words, of a vocabulary of three: every shingle stands in half of them."""
    rng = random.Random(0)
    sentences = [" ".join(rng.choices("abc", k=12)) for _ in range(300)]
    asked = []
    alike = repeats._alike
    monkeypatch.setattr(repeats, "_alike", lambda a, b: asked.append(1) or alike(a, b))
    monkeypatch.setattr(repeats, "MOST", 5)
    group_repeats(sentences)
    few = len(asked)
    assert few <= 5 * 3 * 300  # three rare shingles of each at most
    asked.clear()
    monkeypatch.setattr(repeats, "MOST", 300)
    assert group_repeats(sentences).group.tolist() == literal(sentences)
    assert len(asked) > 2 * few


def test_without_near_ones_only_equal_sentences_are_joined():
    sentences = ["We thank the twelve readers of this paper for all their help.", "© 2017 Elsevier Ltd.", "A third."]
    sentences += ["We thank the twelve readers of this paper for all their time.", "© 2018, ELSEVIER LTD"]
    assert group_repeats(sentences).group.tolist() == [0, 1, 2, 0, 1]
    assert group_repeats(sentences, near=False).group.tolist() == [0, 1, 2, 3, 1]
