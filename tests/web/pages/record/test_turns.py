"""The words named on the curve: first those at which the class changes, then other large steps."""

from __future__ import annotations

import numpy as np

from sitegen.analysis.attribution.occlusion import probability
from sitegen.web.pages.record.turns import LARGE, MOST, turning_words
from tests.web.papers import alone, paper, scored


def turned(*sentences, title="we"):
    item = paper("a", title, *sentences)
    (occlusion,), (said,) = scored([item]), alone([item])
    curve = probability(np.array([said.title, *occlusion.grid.margins[-1]]))
    return turning_words(occlusion, said, threshold=0.5), curve, occlusion.document.abstract.tokens


def test_the_words_that_change_the_class_come_first():
    turns, curve, tokens = turned("We see a good interview.", "Bad bad bad.")
    crossing = [k for k in range(len(tokens)) if (curve[k] >= 0.5) != (curve[k + 1] >= 0.5)]
    assert crossing
    assert sorted(turns[: len(crossing)]) == crossing
    rest = [abs(curve[k + 1] - curve[k]) for k in turns[len(crossing) :]]
    assert rest == sorted(rest, reverse=True)
    assert all(step >= LARGE for step in rest)


def test_no_word_turns_an_answer_that_stays():
    assert turned("We see we see.")[0] == []
    assert turned()[0] == []


def test_there_are_never_too_many():
    assert len(turned(*["Good bad good bad good bad."] * 9)[0]) == MOST
