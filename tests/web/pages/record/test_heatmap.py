"""The heatmap's data and its words."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import probability
from sitegen.web.pages.record.heatmap import DIGITS, heatmap
from sitegen.web.text.numbers import percent
from tests.classifiers import Bag, Joint
from tests.web.papers import HOSTILE, paper, papers, scored, site


def made(tmp_path, items, classifier=None, figure=""):
    classes = site(tmp_path).classes
    return [
        (heatmap(classes, occlusion, model="bag", figure=figure), occlusion) for occlusion in scored(items, classifier)
    ]


@pytest.mark.parametrize("classifier", [Bag(), Joint()], ids=["additive", "joint"])
def test_the_data_rebuild_the_picture(tmp_path, classifier):
    for page, occlusion in made(tmp_path, [*papers(), paper("x", ""), paper("y", "", "Unknown.")], classifier):
        grid = json.loads(json.dumps(page.data["grid"]))
        if "cells" in grid:
            p = np.reshape(grid["cells"], occlusion.grid.shape) / 10**DIGITS
        else:
            p = probability(np.add.outer(grid["title"], grid["abstract"]) + grid["bias"])
        np.testing.assert_allclose(p, probability(occlusion.grid.margins), rtol=0, atol=1e-4)


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
