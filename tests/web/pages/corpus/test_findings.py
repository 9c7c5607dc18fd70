"""The answers: which sentence is said for which numbers, and that a question without an answer says why."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.corpus.calibration import reliability
from sitegen.analysis.corpus.overview import Decisions, PlaceEffect, Spread, UnknownWord, Vocabulary
from sitegen.config import Classes
from sitegen.web.pages.corpus import findings
from sitegen.web.pages.corpus.charts import Dot

CLASSES = Classes(positive="computational", negative="not computational")


def place(name: str, size: float, *, sentences: int = 10, toward: float = 0.1, tokens: float = 20.0) -> PlaceEffect:
    return PlaceEffect(
        place=name,
        sentences=sentences,
        size=Spread(mean=size, low=size / 2, high=2 * size),
        toward=Spread(mean=toward, low=-0.5, high=0.5),
        tokens=tokens,
        per_token=size / tokens,
    )


def decided(title, abstract, *, title_agrees=None, abstract_agrees=None) -> Decisions:
    yes = np.ones(len(title), dtype=bool)
    return Decisions(
        title=np.array(title, dtype=float),
        abstract=np.array(abstract, dtype=float),
        average=0.0,
        cut=0.0,
        title_agrees=yes if title_agrees is None else np.array(title_agrees),
        abstract_agrees=yes if abstract_agrees is None else np.array(abstract_agrees),
    )


def fields(found, *, additive=True):
    size = 0 if found is None else found.title.size
    dots = [Dot(title="A paper", percent="50%", href="records/a.html", predicted="computational")] * size
    return findings.fields(found, additive=additive, dots=dots, classes=CLASSES)


def calibration(*pairs: tuple[float, int]):
    p, labels = np.array([p for p, _ in pairs]), np.array([label for _, label in pairs], dtype=np.int64)
    return findings.calibration(reliability(p, labels), classes=CLASSES)


@pytest.mark.parametrize(("between", "verdict"), [(0.5, "No."), (0.3, "Mostly."), (0.05, "Almost.")])
def test_the_ends_are_read_only_where_the_rest_does_little(between, verdict):
    found = findings.places([place("first", 1.2), place("middle", between), place("last", 0.8)], alone=0)
    assert found.answer[0].startswith(f"{verdict} Taking a sentence out changes the answer by 1.20 log-odds")
    assert len(found.answer) == 3


def test_what_stands_between_is_one_mean_over_its_sentences():
    rows = [
        place("first", 1.0, toward=-0.5, tokens=10.0),
        place("early", 0.2, sentences=30, tokens=20.0),
        place("late", 0.6, sentences=10, tokens=40.0),
        place("last", 1.0, toward=0.25, tokens=16.0),
    ]
    found = findings.places(rows, alone=2)
    assert "by 0.30 if it stands between" in found.answer[0]  # (30 x .2 + 10 x .6) / 40
    assert "first sentences have 10 words on average, last ones 16, those between 25" in found.answer[1]
    assert "that is 1.00, 0.62 and 0.12 log-odds" in found.answer[1]
    assert "pushes by −0.50 toward it, a last one by +0.25, one between by +0.10" in found.answer[2]
    assert found.answer[3].startswith("Left out: 2 abstracts of a single sentence")
    assert found.values.rows[1] == ("early", "30", "0.20", "0.10 to 0.40", "+0.10", "−0.50 to +0.50", "20.0", "0.10")
    assert {len(row) for row in found.values.rows} == {len(found.values.head)}


@pytest.mark.parametrize("rows", [[], [place("first", 1.0), place("last", 1.0)]])
def test_short_abstracts_have_no_between(rows):
    found = findings.places(rows, alone=3)
    assert found.answer == ("No abstract here has more than two sentences.",)
    assert (found.chart, found.values) == (None, None)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (
            [1, 1, 1],
            "Mostly the abstract: the abstract's part of the model's answer lies further from the average than "
            "the title's in 3 of 3 papers (100%).",
        ),
        (
            [1, 3, 1, 3, 3],
            "Both: the title's part of the model's answer lies further from the average than the "
            "abstract's in 3 of 5 papers (60%).",
        ),
        (
            [3, -3, 1],
            "Mostly the title: the title's part of the model's answer lies further from the average than the "
            "abstract's in 2 of 3 papers (67%).",
        ),
    ],
)
def test_the_field_that_lies_further_decided(title, said):
    assert fields(decided(title, [-2] * len(title))).answer[0] == said


def test_a_field_alone_may_say_otherwise():
    title_agrees, abstract_agrees = [True, True, False, False, False], [True, False, True, True, False]
    found = fields(decided([1] * 5, [2] * 5, title_agrees=title_agrees, abstract_agrees=abstract_agrees))
    assert found.answer[1] == (
        "The title alone (beside an average abstract) would have led to another answer in 3 of them, the abstract "
        "alone (beside an average title) in 2. Both lead to the model's answer in 1 (20%)."
    )
    assert [row[1:] for row in found.values.rows] == [("1", "1"), ("2", "1")]


def test_fields_that_cannot_be_parted_have_no_picture():
    joint, unread = fields(None, additive=False), fields(None)
    assert joint.answer[0].startswith("This model reads title and abstract together")
    assert unread.answer[0].startswith("The model can read no title here")
    assert joint.chart is None
    assert unread.chart is None


def test_calibration_is_judged_by_the_groups_that_hold():
    honest = [(0.85, int(k < 34)) for k in range(40)]
    wrong = [(0.15, int(k < 30)) for k in range(40)]
    worse = [(0.25, 1)] * 40
    assert calibration(*honest).answer[0].startswith("As far as 40 labelled papers can tell, yes: in 1 of 1 group of")
    assert calibration(*honest, *wrong).answer[0].startswith("Nearly: in 1 of 2 groups")
    assert calibration(*honest, *wrong, *worse).answer[0].startswith("Not everywhere: in 1 of 3 groups")
    assert calibration(*honest[:8]).answer[0].startswith("8 labelled papers cannot tell; in 1 of 1 group")
    assert calibration(*honest).answer[1] == (
        "It gave 40 papers 80% to 90%, 85% on average; 34 of them (85%) carry the label “computational”."
    )
    assert calibration(*wrong).answer[1] == "It gave no labelled paper 80% to 90%."
    assert "differ by 30.0 percentage points" in calibration(*honest, *wrong).answer[2]  # (0 + 60) / 2
    assert calibration(*worse).values.rows == (("20–30%", "40", "25%", "40 (100%)", "91% to 100%"),)


def test_without_labels_nobody_can_say():
    found = calibration()
    assert found.answer == ("That cannot be said: these papers have no labels to compare with.",)
    assert found.chart is None


def test_unknown_words_are_counted():
    words = tuple(UnknownWord(word=f"w{k}", occurrences=30 - k, records=1, example=0) for k in range(30))
    found = findings.vocabulary(Vocabulary(tokens=4000, unknown=435, records=2, words=words), papers=9)
    assert found.answer[0] == (
        "Of 4,000 words in titles and abstracts it does not know 435 (11%): 30 different ones, in 2 of 9 papers."
    )
    (rows,) = found.chart["datasets"].values()
    assert [row["word"] for row in rows] == [f"w{k}" for k in range(20)]
    all_known = findings.vocabulary(Vocabulary(tokens=4000, unknown=0, records=0, words=()), papers=9)
    assert all_known.answer == ("It knows all 4,000 words of these papers.",)
    assert all_known.chart is None


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(0, 3, "0%"), (3, 3, "100%"), (1, 3, "33%"), (1999, 2000, "over 99.9%")]
)
def test_a_counted_share_may_be_none_or_all(part, whole, said):
    assert findings.share(part, whole) == said
