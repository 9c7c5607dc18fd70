"""Which field decided: the answer, its numbers, and the chart of all papers."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sitegen.analysis.corpus.overview import Decisions
from sitegen.config import Classes
from sitegen.web.pages.corpus import fields
from sitegen.web.pages.corpus.fields import Dot, fields_spec
from tests.web.pages.corpus.charts import CLASSES, drawn, rows
from tests.web.papers import PALETTE


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


def answered(found, *, additive=True):
    size = 0 if found is None else found.title.size
    dots = [Dot(title="A paper", percent="50%", href="records/a.html", predicted="computational")] * size
    classes = Classes(negative=CLASSES[0], positive=CLASSES[1])
    return fields.fields(found, additive=additive, dots=dots, classes=classes, palette=PALETTE)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (
            [1, 1, 1],
            "Mostly the abstract: read alone, the abstract lies further from the average than the title does "
            "in 3 of 3 papers (100%).",
        ),
        (
            [1, 3, 1, 3, 3],
            "Both: read alone, the title lies further from the average than the abstract does in 3 of 5 papers (60%).",
        ),
        (
            [3, -3, 1],
            "Mostly the title: read alone, the title lies further from the average than the abstract does "
            "in 2 of 3 papers (67%).",
        ),
    ],
)
def test_the_field_that_lies_further_decided(title, said):
    assert answered(decided(title, [-2] * len(title))).answer[0] == said


def test_a_field_alone_may_say_otherwise():
    title_agrees, abstract_agrees = [True, True, False, False, False], [True, False, True, True, False]
    found = answered(decided([1] * 5, [2] * 5, title_agrees=title_agrees, abstract_agrees=abstract_agrees))
    assert found.answer[1] == (
        "Its title beside an average abstract would have led to another answer in 3 of them, its abstract beside an "
        "average title in 2. Both lead to the model's answer in 1 (20%)."
    )
    assert [row[1:] for row in found.values.rows] == [("1", "1"), ("2", "1")]


def test_fields_that_cannot_be_parted_have_no_picture():
    joint, unread = answered(None, additive=False), answered(None)
    assert joint.answer[0].startswith("This model reads title and abstract together")
    assert unread.answer[0].startswith("The model can read no title here")
    assert joint.chart is None
    assert unread.chart is None


def scattered(n: int) -> Decisions:
    rng = np.random.default_rng(11)
    yes = np.ones(n, dtype=bool)
    return Decisions(
        title=rng.normal(size=n),
        abstract=rng.normal(size=n) * 2,
        average=-0.5,
        cut=0.25,
        title_agrees=yes,
        abstract_agrees=yes,
    )


def dots(n: int) -> list[Dot]:
    return [
        Dot(title=f"<b>{k}</b>", percent="50%", href=f"records/{k}.html", predicted=CLASSES[k % 2]) for k in range(n)
    ]


SPEC = fields_spec(scattered(30), dots(30), classes=CLASSES, palette=PALETTE)


def test_each_paper_is_a_dot_on_the_side_of_its_answer():
    found = scattered(30)
    drawn(SPEC)
    papers = rows(SPEC, href=0)
    assert [row["x"] for row in papers] == pytest.approx(found.title, abs=1e-4)
    assert [row["y"] for row in papers] == pytest.approx(found.abstract, abs=1e-4)
    assert papers[3]["href"] == "records/3.html"
    line = next(data for data in SPEC["datasets"].values() if len(data) == 2)
    assert [row["x"] + row["y"] for row in line] == pytest.approx([0.75, 0.75])  # cut - average


def test_many_papers_are_counted_in_squares():
    few, many = scattered(fields.MOST_POINTS), scattered(100_000)
    assert rows(fields_spec(few, dots(fields.MOST_POINTS), classes=CLASSES, palette=PALETTE), href=0)
    spec = fields_spec(many, [], classes=CLASSES, palette=PALETTE)
    squares = rows(spec, papers=0)
    assert sum(row["papers"] for row in squares) == 100_000
    assert len(json.dumps(spec)) < 120_000
    row = max(squares, key=lambda row: row["papers"])
    inside = (many.title >= row["x"]) & (many.title < row["x2"])
    inside &= (many.abstract >= row["y"]) & (many.abstract < row["y2"])
    assert row["papers"] == pytest.approx(int(inside.sum()), abs=5)  # edges are rounded


def test_papers_that_are_all_alike_can_be_drawn():
    zeros, yes = np.zeros(3), np.ones(3, dtype=bool)
    alike = Decisions(title=zeros, abstract=zeros, average=0.0, cut=0.0, title_agrees=yes, abstract_agrees=yes)
    spec = fields_spec(alike, dots(3), classes=CLASSES, palette=PALETTE)
    assert [
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in spec["layer"]
        if "scale" in layer["encoding"].get("x", {})
    ] == [[-1.0, 1.0]]
