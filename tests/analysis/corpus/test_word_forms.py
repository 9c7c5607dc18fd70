"""Which words are forms of which: the rules of spelling, and what is left alone."""

from __future__ import annotations

import pytest

from sitegen.analysis.corpus.word_forms import heads


def of(*words: str, language: str = "en") -> dict[str, str]:
    """The heads where all words speak for one class."""
    return heads(dict.fromkeys(words, 1.0), language=language)


@pytest.mark.parametrize(
    ("head", "forms"),
    [
        ("tweet", ("tweets", "tweeted", "tweeting")),
        ("study", ("studies", "studied", "studying")),
        ("code", ("codes", "coded", "coding")),
        ("class", ("classes",)),
        ("search", ("searches", "searched", "searching")),
        ("control", ("controls", "controlled", "controlling")),
        ("survey", ("surveys",)),
    ],
)
def test_the_forms_of_a_word(head, forms):
    assert of(head, *forms) == dict.fromkeys(forms, head)


def test_a_form_of_a_form_belongs_to_the_first_head():
    assert of("post", "posting", "postings") == {"posting": "post", "postings": "post"}
    assert of("posting", "postings") == {"postings": "posting"}  # without the head, that is the next


@pytest.mark.parametrize(
    "words",
    [
        ("tweets", "tweeted"),  # the head does not occur
        ("new", "news"),  # too short
        ("economic", "economics"),
        ("less", "les"),
        ("universe", "university"),
        ("policy", "police"),
        ("ration", "rational"),
        ("2010s", "2010"),
        ("café", "cafés"),
    ],
)
def test_what_is_left_alone(words):
    assert of(*words) == {}


def test_a_word_with_two_possible_heads_has_none():
    assert of("star", "stare", "staring", "stared", "stars") == {"stars": "star"}
    assert of("stare", "staring") == {"staring": "stare"}


def test_a_form_speaks_for_the_same_class_as_its_head():
    assert heads({"model": 0.5, "models": 0.1, "modeling": -0.1}, language="en") == {"models": "model"}
    # the first head counts, not the one between
    assert heads({"post": 1.0, "posting": -1.0, "postings": 1.0}, language="en") == {"postings": "post"}


@pytest.mark.parametrize(("language", "grouped"), [("en", True), ("en-GB", True), ("EN", True), ("de", False)])
def test_the_rules_are_for_english(language, grouped):
    assert bool(of("tweet", "tweets", language=language)) == grouped
