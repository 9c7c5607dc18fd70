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
            "Mostly the abstract: in 3 of 3 papers (100%) the abstract moves the answer further from the average than "
            "the title does.",
        ),
        (
            [1, 3, 1, 3, 3],
            "Both: in 3 of 5 papers (60%) the title moves the answer further from the average than the abstract does.",
        ),
        (
            [3, -3, 1],
            "Mostly the title: in 2 of 3 papers (67%) the title moves the answer further from the average than the "
            "abstract does.",
        ),
    ],
)
def test_the_field_that_lies_further_decided(title, said):
    assert answered(decided(title, [-2] * len(title))).answer[0] == said


def test_a_field_alone_may_say_otherwise():
    title_agrees, abstract_agrees = [True, True, False, False, False], [True, False, True, True, False]
    found = answered(decided([1] * 5, [2] * 5, title_agrees=title_agrees, abstract_agrees=abstract_agrees))
    assert found.answer[1] == (
        "With an average abstract instead of its own, 3 of them would get another answer; with an average title, 2. "
        "In 1 (20%) title and abstract each lead to the model's answer."
    )
    assert [row[1:] for row in found.values.rows] == [("1", "1"), ("2", "1")]


def test_what_half_of_the_texts_do_is_said_in_points_from_50_percent():
    found = answered(decided([-0.1, np.log(3), 2.0], [-np.log(9)] * 3))  # 50% to 75% is the middle, and 50% to 10%
    assert found.answer[2] == (
        "From 50%, half of the abstracts would move the answer by 40.0 points or more, half of the titles by 25.0, "
        "each in place of an average one."
    )
    assert not any("log-odds" in text for text in found.answer)


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


def test_axes_say_what_a_text_makes_of_50_percent():
    far = decided([-11.0, 0.0, 11.0], [-2.2, 0.0, 2.2])
    svg = drawn(fields_spec(far, dots(3), classes=CLASSES, palette=PALETTE))
    for label in ("50%", "99.3%", "&gt;99.9%", "&lt;0.1%", "88%", "12%"):
        assert f">{label}</text>" in svg
    assert "100%" not in svg


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
