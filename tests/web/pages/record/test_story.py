"""The story of an answer: the right sentence for every case, and no number that the page does not show."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.web.pages.record.account import Account, Said
from sitegen.web.pages.record.story import story
from sitegen.web.pages.record.words import Word
from tests.classifiers import WEIGHTS, Bag, Joint
from tests.effort import examples
from tests.web.papers import paper, site
from tests.web.record_pages import OFF, page_of, shown

NAMES = ("not computational", "computational")


def said(number, share, *, alone=0.35, without=None):
    return Said(number=number, share=share, alone=alone, without=0.53 if without is None else without)


def word(text="interview", *, without=0.22, effect=-1.5):
    return Word(field="title", number=1, text=text, effect=effect, without=without, alone=0.4)


BASE = Account(
    names=NAMES,
    threshold=0.5,
    label=None,
    lack=("", ""),
    empty=0.35,
    title=0.13,
    abstract=0.6,
    whole=0.53,
    sentences=(said(1, -0.05), said(2, 0.4, alone=0.93, without=0.05), said(3, 0.05)),
    words=(),
    largest=None,
    replaced=False,
)
RIGHT = {
    "one sentence did most": (
        {},
        "With the title alone the model says 13%; the abstract raises it to 53%; sentence 2 counts for most of it: "
        "without it 5%.",
    ),
    "and without it less than half of the step is undone": (
        {"sentences": (said(1, 0.05), said(2, 0.35, without=0.4))},
        "With the title alone the model says 13%; the abstract raises it to 53%; sentence 2 counts for most of it, "
        "though without it the rest would still give 40%.",
    ),
    "and others would do": (
        {"sentences": (said(1, 0.05), said(2, 0.35, without=0.52))},
        "With the title alone the model says 13%; the abstract raises it to 53%; sentence 2 counts for most of it, "
        "though without it the rest would still give 52%.",
    ),
    "and without it the answer goes on": (
        {"sentences": (said(1, 0.05), said(2, 0.35, without=0.7))},
        "With the title alone the model says 13%; the abstract raises it to 53%; sentence 2 counts for most of it.",
    ),
    "none did most": (
        {"sentences": (said(1, 0.09), said(2, 0.08), said(3, 0.07), said(4, 0.09), said(5, 0.07))},
        "With the title alone the model says 13%; the abstract raises it to 53%; all its 5 sentences pull that way, "
        "and none counts for most of it.",
    ),
    "none did most, one much": (
        {"sentences": (said(1, 0.15), said(2, 0.18), said(3, 0.12), said(4, -0.05))},
        "With the title alone the model says 13%; the abstract raises it to 53%; 3 of its 4 sentences pull that way, "
        "sentence 2 most (+18.0 points).",
    ),
    "none did most, one half of the step": (
        {"title": 0.45, "sentences": (said(1, 0.04), said(2, 0.05), said(3, 0.03), said(4, -0.04))},
        "With the title alone the model says 45%; the abstract raises it to 53%; 3 of its 4 sentences pull that way, "
        "sentence 2 most (+5.0 points).",
    ),
    "sentences pull both ways": (
        {"whole": 0.2, "sentences": (said(1, 0.2, without=0.1), said(2, -0.3, without=0.4), said(3, 0.17))},
        "With the title alone the model says 13%; the abstract raises it to 20%; its sentences pull both ways, most of "
        "all 2 (−30.0 points), the other way 1 (+20.0 points).",
    ),
    "sentences pull both ways, and one decides": (
        {
            "whole": 0.2,
            "sentences": (said(1, 0.2, without=0.1), said(2, -0.3, without=0.59), said(3, 0.17, without=0.1)),
        },
        "With the title alone the model says 13%; the abstract raises it to 20%; its sentences pull both ways, most of "
        "all 2 (−30.0 points; without it 59%), the other way 1 (+20.0 points).",
    ),
    "one sentence is all": (
        {"sentences": (said(1, 0.4),)},
        "With the title alone the model says 13%; the abstract, one sentence, raises it to 53%.",
    ),
    "lowered": (
        {"title": 0.87, "sentences": (said(1, -0.34, without=0.85), said(2, 0.0))},
        "With the title alone the model says 87%; the abstract lowers it to 53%; sentence 1 counts for most of it: "
        "without it 85%.",
    ),
    "the title, and the abstract hardly": (
        {"title": 0.91, "whole": 0.93, "sentences": (said(1, 0.01), said(2, 0.01))},
        "The title alone already says 91%, and the abstract hardly changes that (93%).",
    ),
    "the title decides": (
        {"title": 0.91, "whole": 0.93, "abstract": 0.44, "sentences": (said(1, 0.01), said(2, 0.01))},
        "The title decides: alone it says 91%, and the abstract, which without the title would say 44%, hardly changes "
        "that (93%).",
    ),
    "hardly, but both ways": (
        {"title": 0.91, "whole": 0.93, "sentences": (said(1, 0.2), said(2, -0.18))},
        "The title alone already says 91%, and the abstract hardly changes that (93%); its sentences pull both ways, "
        "most of all 1 (+20.0 points), the other way 2 (−18.0 points).",
    ),
    "neither does much": (
        {"title": 0.36, "whole": 0.37, "sentences": (said(1, 0.01), said(2, 0.0))},
        "Neither text moves the answer much: 35% before the model reads anything, 36% with the title alone, 37% with "
        "title and abstract.",
    ),
    "a small step over the threshold": (
        {"title": 0.49, "whole": 0.51, "sentences": (said(1, 0.02, without=0.49), said(2, 0.0))},
        "With the title alone the model says 49%; the abstract raises it to 51%; sentence 1 counts for most of it: "
        "without it 49%.",
    ),
    "too small to be written": (
        {"title": 0.4999, "whole": 0.5001, "sentences": (said(1, 0.0002),)},
        "With the title alone the model says 50%; the abstract, one sentence, just tips the scales.",
    ),
    "no abstract": (
        {"lack": ("", "There is no abstract"), "whole": 0.13, "sentences": ()},
        "There is no abstract. The title lowers the answer from 35%, before the model reads anything, to 13%.",
    ),
    "no abstract and a title of no weight": (
        {"lack": ("", "There is no abstract"), "whole": 0.36, "sentences": ()},
        "There is no abstract, and the title hardly moves the answer: 35% before the model reads anything, 36% with "
        "it.",
    ),
    "an abstract of unknown words": (
        {"lack": ("", "The model knows no word of the abstract"), "whole": 0.13, "sentences": (said(1, 0.0),) * 2},
        "The model knows no word of the abstract. The title lowers the answer from 35%, before the model reads "
        "anything, to 13%.",
    ),
    "no title": (
        {"lack": ("There is no title", ""), "title": 0.35},
        "There is no title. The abstract raises the answer from 35%, before the model reads anything, to 53%; "
        "sentence 2 counts for most of it: without it 5%.",
    ),
    "nothing": (
        {"lack": ("There is no title", "The model knows no word of the abstract"), "whole": 0.35, "sentences": ()},
        "There is no title, and the model knows no word of the abstract: 35% is what the model says before it reads "
        "anything.",
    ),
    "shares turned off": (
        {"sentences": (said(1, None), said(2, None, without=0.05))},
        "With the title alone the model says 13%; the abstract raises it to 53%; the sentence without which it changes "
        "most is 2: without it 5%.",
    ),
    "shares turned off, none needed": (
        {"sentences": (said(1, None), said(2, None, without=0.52))},
        "With the title alone the model says 13%; the abstract raises it to 53%; take out any single sentence, and the "
        "answer stays nearly the same.",
    ),
    "hidden text replaced": (
        {"replaced": True},
        "With the title alone the model says 13%; the abstract raises it to 53%; sentence 2 counts for most in that "
        "(+40.0 points).",
    ),
}


@pytest.mark.parametrize("case", RIGHT)
def test_how_the_answer_came_about(case):
    changed, line = RIGHT[case]
    told = replace(BASE, **changed)
    assert story(told) == (line,)
    if not told.predicts(told.whole):
        return
    assert story(replace(told, label=1)) == (line,)


WRONG = {
    "a sentence": ({}, "What misled it: sentence 2 (alone 93%)."),
    "two sentences, one of which alone decides": (
        {"sentences": (said(1, 0.1, alone=0.7), said(2, 0.3, alone=0.93, without=0.5), said(3, 0.12, without=0.3))},
        "What misled it: sentences 2 (alone 93%) and 1 (alone 70%).",
    ),
    "what is small beside them is not named": (
        {"sentences": (said(1, 0.09, alone=0.7), said(2, 0.4, alone=0.93, without=0.05))},
        "What misled it: sentence 2 (alone 93%).",
    ),
    "the title first": (
        {"title": 0.9, "sentences": (said(1, -0.6), said(2, 0.2, alone=0.93, without=0.3))},
        "What misled it: the title, which alone says 90%; and sentence 2 (alone 93%; without it 30%).",
    ),
    "the title's word": (
        {"title": 0.9, "sentences": (said(1, -0.4),), "words": (word("Facebook", without=0.3, effect=1.0),)},
        "What misled it: the title, which alone says 90%, above all its word “Facebook” (without that word the "
        "answer is 30%).",
    ),
    "a word that hardly counts is not named": (
        {"title": 0.9, "sentences": (said(1, -0.4),), "words": (word("Facebook", without=0.52, effect=0.1),)},
        "What misled it: the title, which alone says 90%.",
    ),
    "nor one without which the answer stays nearly the same": (
        {"title": 0.9, "sentences": (said(1, -0.4),), "words": (word("Facebook", without=0.47, effect=0.3),)},
        "What misled it: the title, which alone says 90%.",
    ),
    "nothing speaks for the right class": (
        {"title": 0.9, "sentences": (said(1, -0.2, alone=0.8), said(2, -0.2, alone=0.61))},
        "Read by itself, nothing in it gets to “not computational” (below 50%): not the title (90%), and none of its "
        "2 sentences (the nearest is sentence 2, 61%).",
    ),
    "the one sentence": (
        {"sentences": (said(1, 0.4, alone=0.93, without=0.13),)},
        "What misled it: sentence 1 (alone 93%).",
    ),
    "no piece alone": (
        {"sentences": (said(1, 0.2), said(2, 0.2))},
        "Read by itself, no single piece gets to “computational” (50% or more); together they do.",
    ),
    "shares turned off": (
        {"sentences": (said(1, None, alone=0.6), said(2, None, alone=0.93, without=0.05))},
        "What misled it: sentence 2 (alone 93%).",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_misled_the_model(case):
    changed, line = WRONG[case]
    told = replace(BASE, label=0, **changed)
    assert story(told)[1:] == (line,)
    assert len(story(replace(told, label=1))) == 1


def test_another_threshold_makes_another_class_wrong():
    told = replace(BASE, threshold=0.8, label=1)
    assert story(told)[1] == "What misled it: the title, which alone says 13%; and sentence 1 (alone 35%)."
    assert story(replace(told, label=0))[1:] == ()


def test_a_word_of_the_title_is_named_once():
    largest = word()
    line = (
        "Taken out one at a time, no word or sentence changes the answer more than the title's word “interview”: "
        "without it 22%."
    )
    assert story(replace(BASE, largest=largest))[1:] == (line,)
    misled = replace(BASE, label=0, title=0.9, words=(replace(largest, effect=1.5),), sentences=(said(1, -0.4),))
    assert [("“interview”" in one) for one in story(replace(misled, largest=misled.words[0]))] == [False, True]
    assert story(replace(misled, largest=largest, words=(largest,)))[2] == line


TEXT = st.lists(st.sampled_from([*WEIGHTS, "unknown", "other"]), max_size=4).map(" ".join)


@pytest.mark.slow
@settings(max_examples=examples(30), deadline=None)
@given(
    title=TEXT,
    sentences=st.lists(TEXT.filter(bool).map(lambda text: f"{text}."), max_size=4),
    label=st.sampled_from([None, 0, 1]),
    threshold=st.sampled_from([0.5, 0.8]),
    classifier=st.sampled_from([Bag(), Joint()]),
    shares=st.sampled_from([None, OFF]),
)
def test_every_number_stands_in_the_tables(tmp_path_factory, title, sentences, label, threshold, classifier, shares):
    """And there are at most three sentences, the reason for a wrong answer among them."""
    folder = tmp_path_factory.getbasetemp()
    page = page_of(
        site(folder, classes={"threshold": threshold}),
        [paper("a", title, *sentences, label=label)],
        classifier=classifier,
        shares=shares,
    )
    assert 1 <= len(page.story) <= 3
    read = not page.story[0].endswith("is what the model says before it reads anything.")
    misled = [line for line in page.story if line.startswith(("What misled", "Read by itself,"))]
    assert len(misled) == (page.answer.right is False and read)
    tree = shown(page)
    shown_there = {cell.text for cell in tree.one("table", class_="readings").all("td", class_="number")}
    shown_there |= {node.text for table in tree.all("table", class_="effects") for node in table.all("b")}
    shown_there |= {row.alone for row in page.words}
    told = re.sub(r"” \((?:below \S+|\S+ or more)\)", "”", " ".join(page.story))  # the threshold stands in none
    numbers = re.findall(r"(?:over |under )?\d+(?:\.\d)?%|[+−]\d+\.\d(?= points)", told)
    assert numbers
    assert set(numbers) <= shown_there
    assert len(re.findall(r"\d%", told)) == sum(number.endswith("%") for number in numbers)
