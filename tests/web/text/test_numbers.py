"""Numbers and names as readers see them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.web.text.numbers import (
    count,
    counted_share,
    exact_percent,
    excerpt,
    log_odds,
    megabytes,
    percent,
    points,
    slug,
    strength,
    word_strength,
)

DEVICES = ["con", "prn", "aux", "nul", "com1", "lpt9", "con.txt", "aux.2020.a"]


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "under 0.1%"),
        (0.0004, "under 0.1%"),
        (0.0005, "0.1%"),
        (0.004, "0.4%"),
        (0.0144, "1.4%"),
        (0.0151, "2%"),
        (0.984, "98%"),
        (0.9896, "99.0%"),  # not "99%", which would stand beside a smaller 99.0%
        (0.5, "50%"),
        (0.976, "98%"),
        (0.992, "99.2%"),
        (0.9994, "99.9%"),
        (0.9995, "over 99.9%"),
        (1.0, "over 99.9%"),
    ],
)
def test_percent_never_claims_certainty(p, text):
    assert percent(p) == text


def test_a_threshold_has_all_its_digits():
    assert [exact_percent(p) for p in (0.5, 0.29, 0.025, 0.999, 1 / 3)] == ["50%", "29%", "2.5%", "99.9%", "33.3333%"]


@given(st.floats(0, 1), st.floats(0, 1))
def test_percent_keeps_the_order(a, b):
    def shown(p):
        return {"under 0.1%": 0.0, "over 99.9%": 100.0}.get(percent(p)) or float(re.sub("[^0-9.]", "", percent(p)))

    low, high = sorted([a, b])
    if low >= 0.0005:
        assert shown(low) <= shown(high)


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(0, 3, "0%"), (3, 3, "100%"), (1, 3, "33%"), (1999, 2000, "over 99.9%")]
)
def test_a_counted_share_may_be_none_or_all(part, whole, said):
    assert counted_share(part, whole) == said


def test_signs_are_minus_signs_and_zero_has_none():
    assert [points(x) for x in (0.123, -0.123, 0.0004, -0.0004, 0)] == ["+12.3", "−12.3", "0.0", "0.0", "0.0"]
    assert [log_odds(x) for x in (1.234, -1.234, -0.004, -12.0)] == ["+1.23", "−1.23", "0.00", "−12.00"]


def test_counts_and_sizes():
    assert [count(n, "paper") for n in (0, 1, 1204)] == ["0 papers", "1 paper", "1,204 papers"]
    assert count(2, "study", "studies") == "2 studies"
    assert [megabytes(n) for n in (999, 1000, 1_500_000)] == ["999 bytes", "1.0 kB", "1.5 MB"]


@given(st.text(), st.integers(10, 60))
def test_an_excerpt_is_a_beginning_that_fits(text, limit):
    short = excerpt(text, limit)
    whole = " ".join(text.split())
    assert len(short) <= limit
    assert short == whole or (short.endswith("…") and whole.startswith(short[:-1]))


def test_an_excerpt_is_cut_at_a_word():
    assert excerpt("One two, three four", 12) == "One two…"


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=80) | st.sampled_from(DEVICES)


@given(names)
def test_a_slug_is_safe_everywhere(text):
    name = slug(text)
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?", name)
    assert len(name) <= 69
    assert not re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name)
    assert name != "index"
    assert slug(text) == name


@given(st.lists(names, unique=True))
def test_no_two_texts_share_a_slug(texts):
    assert len({slug(text) for text in texts}) == len(texts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Law", "law"),
        ("a b", "a-b"),
        ("é", "e"),
        ("x" * 61, "x" * 62),
        ("", "?"),
        ("a", "a "),
        ("../a", "a"),
        ("ﬁ", "fi"),
    ],
)
def test_texts_that_look_alike_are_kept_apart(one, other):
    assert slug(one) != slug(other)


def test_what_is_safe_stays_as_it_is():
    assert [slug(text) for text in ("smith-2020", "a_b.c", "2-s2.0-85012345678")] == [
        "smith-2020",
        "a_b.c",
        "2-s2.0-85012345678",
    ]
    assert slug("2-S2.0") == "2-s2.0-" + slug("2-S2.0")[-8:]
    assert slug("Größe") == "groe-" + slug("Größe")[-8:]
    assert slug("日本") == "x-" + slug("日本")[-8:]


@pytest.mark.parametrize(("change", "shown"), [(0, 0), (0.1, 0.25), (-0.1, 0.25), (0.4, 1), (-0.9, 1)])
def test_a_sentences_strength_is_the_change_of_the_probability(change, shown):
    assert strength(change) == shown


@pytest.mark.parametrize(("effect", "shown"), [(0, 0), (1, 0.462), (-1, 0.462), (50, 1)])
def test_a_words_strength_is_the_distance_from_undecided(effect, shown):
    assert word_strength(effect) == shown
