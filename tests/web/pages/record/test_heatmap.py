"""The heatmap's data and its words."""

from __future__ import annotations

import json
from base64 import b64decode
from types import SimpleNamespace

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import probability
from sitegen.web.pages.record.heatmap import DIGITS, About, heatmap
from sitegen.web.pages.record.strike import strike_data
from sitegen.web.text.numbers import percent
from tests.classifiers import Bag, Joint
from tests.web.papers import HOSTILE, alone, paper, papers, scored, shared, site


def made(tmp_path, items, classifier=None, figure="", marks=None):
    """The context of each paper's figure, and its occlusion."""
    classes, page = site(tmp_path).classes, []
    every = zip(scored(items, classifier), alone(items, classifier), shared(items, classifier), strict=True)
    for occlusion, said, shapley in every:
        n = occlusion.sentences.size
        context = heatmap(
            classes,
            occlusion,
            said,
            shapley=shapley,
            verdicts=[verdict(mark) for mark in marks or [""] * n],
            strike=strike_data(occlusion, said, shapley=shapley, untitled=None, replaced=False),
            about=ABOUT,
            model="bag",
            figure=figure,
        )
        page.append((context, occlusion))
    return page


def verdict(symbol):
    """What a sentence's verdict tells a figure."""
    return SimpleNamespace(symbol=symbol, word="clear" if symbol else "")


def floats(text):
    """An array as the page carries it."""
    return np.frombuffer(b64decode(text), dtype="<f4")


ABOUT = About(site="A site", address="", record="a", name="a", label=None, version="1.0")
ITEMS = [*papers(), paper("x", ""), paper("y", "", "Unknown.")]


@pytest.mark.parametrize("classifier", [Bag(), Joint()], ids=["additive", "joint"])
def test_the_data_rebuild_the_picture(tmp_path, classifier):
    for page, occlusion in made(tmp_path, ITEMS, classifier):
        grid = json.loads(json.dumps(page.data["grid"]))
        expected = probability(occlusion.grid.margins)
        if "cells" in grid:
            p, within = np.reshape(grid["cells"], occlusion.grid.shape) / 10**DIGITS, 10.0**-DIGITS
        else:
            title, abstract = floats(grid["title"]).astype(float), floats(grid["abstract"]).astype(float)
            p, within = probability(np.add.outer(title, abstract) + grid["bias"]), 1e-12
        np.testing.assert_allclose(p, expected, rtol=0, atol=within)


def test_what_pieces_say_and_did_is_carried_exactly(tmp_path):
    said, shapleys = alone(ITEMS), shared(ITEMS)
    for (page, occlusion), read, shapley in zip(made(tmp_path, ITEMS), said, shapleys, strict=True):
        data = page.data
        assert data["path"] == {
            "empty": read.empty,
            "title": read.title,
            "abstract": read.abstract,
            "whole": occlusion.margin,
            "prefixes": data["path"]["prefixes"],
        }
        for found, expected in (
            (data["path"]["prefixes"], read.title_prefixes),
            (data["words"]["title"]["without"], occlusion.title_words),
            (data["words"]["title"]["alone"], read.title_words),
            (data["words"]["abstract"]["without"], occlusion.abstract_words),
            (data["words"]["abstract"]["alone"], read.abstract_words),
            (data["sentences"]["without"], occlusion.sentences),
            (data["sentences"]["alone"], read.sentences),
            (data["sentences"]["shares"], shapley.points),
        ):
            np.testing.assert_array_equal(floats(found), np.asarray(expected, dtype=np.float32))


def test_marks_stand_by_their_sentences(tmp_path):
    ((page, _),) = made(tmp_path, [paper("a", "We", "Good.", "Bad.")], marks=["◆", ""])
    assert page.data["sentences"]["marks"] == ["◆ clear", ""]


def test_the_texts_are_given_by_their_places(tmp_path):
    ((page, _),) = made(tmp_path, [paper("a", "A good start", "We see.", "Bad interview!")])
    title, abstract = page.data["title"], page.data["abstract"]
    assert title == {"spans": [0, 1, 2, 6, 7, 12], "known": "010"}
    assert abstract["known"] == "1011"
    assert abstract["ends"] == [2, 4]
    assert abstract["sentences"] == [0, 7, 8, 22]
    assert page.data["classes"] == ["negative", "positive"]
    assert page.data["threshold"] == 0.5


def test_the_steps_are_the_last_row_at_sentence_ends(tmp_path):
    ((page, _),) = made(tmp_path, [paper("a", "we", "Good.", "Bad.", "Unknown.")])
    # .25 - .25 = 0 and then +1.5, -2, 0
    assert [(step.number, step.percent, step.change_text) for step in page.steps] == [
        (1, "82%", ""),
        (2, "38%", "−44.0"),
        (3, "38%", "0.0"),
    ]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (
            paper("a", "A good start", "We see.", "Bad!"),
            "title (3 words, top to bottom) and the abstract (3 words in 2 sentences,",
        ),
        (paper("a", "Good", "Bad."), "title (1 word, top to bottom) and the abstract (1 word in 1 sentence,"),
        (paper("a", "Good"), "title (1 word, top to bottom) and the abstract (0 words in 0 sentences,"),
        (paper("a", "", "Bad."), "title (0 words, top to bottom)"),
    ],
)
def test_the_description_counts_what_is_there(tmp_path, item, words):
    ((page, occlusion),) = made(tmp_path, [item])
    assert words in page.description
    assert page.description.endswith(f"it ends at {percent(occlusion.probability)}.")


def test_no_text_of_the_record_is_in_the_data(tmp_path):
    ((page, _),) = made(tmp_path, [paper("a", HOSTILE, HOSTILE)])
    assert "onerror" not in json.dumps(page.data)
