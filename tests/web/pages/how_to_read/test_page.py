"""The page "How to read this": its words say the numbers of its picture, on whatever site it stands."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import probability
from sitegen.errors import ConfigError
from sitegen.web.layout import Drawing
from sitegen.web.pages.how_to_read.page import how_to_read_page, pages
from sitegen.web.pages.how_to_read.toy import toy_paper
from sitegen.web.pages.how_to_read.walk import cell_rows, steps
from sitegen.web.pages.prose import read_prose
from sitegen.web.publish.render import Renderer
from sitegen.web.text.numbers import percent, points
from tests.classifiers import Bag
from tests.web.papers import Node, frames, inputs, papers, parse, site

OTHER = {"positive": "relevant", "negative": "irrelevant", "threshold": 0.8}
TOY = toy_paper()
PERCENT = re.compile(r"\d+%")


def page_of(folder, *, drawing=None, **changed):
    description = site(folder, **changed)
    return how_to_read_page(description, frames(description)("how-to-read", "How to read this"), drawing=drawing)


def shown(page) -> Node:
    return parse(Renderer().render(page))


def told(node: Node) -> str:
    return " ".join(node.text.split())


def answers() -> np.ndarray:
    """The toy paper's grid: the title alone, then one column a word."""
    occlusion, alone = TOY.occlusion, TOY.alone
    title = occlusion.grid.title.astype(float)
    first = title - title[-1] + alone.title
    return np.column_stack([probability(first), probability(occlusion.grid.margins.astype(float))])


def test_each_cell_is_told_in_words_with_its_number():
    grid, ends = answers(), [0, *TOY.occlusion.document.abstract.sentence_ends.tolist()]
    rows = cell_rows(TOY)
    assert [len(row.cells) for row in rows] == [5] * 5
    for t, row in enumerate(rows):
        assert row.title == " ".join(["Who", "makes", "friends", "in", "school"][: t + 1])
        for s, cell in enumerate(row.cells):
            assert cell.place == f"{t + 1}.{ends[s]}"
            assert cell.percent == percent(grid[t, ends[s]])
            assert PERCENT.findall(cell.text) == [cell.percent]
            assert (f"“{row.title}”" in cell.text) == (t < 4)
    parts = ["nothing of the abstract", "the first sentence", "the first two", "the first three", "the whole abstract"]
    for part, cell in zip(parts, rows[0].cells, strict=True):
        assert part in cell.text


def test_each_step_has_the_number_of_the_cell_it_names():
    grid = answers()
    walk = steps(TOY)
    for step in walk[:-1]:
        row, word = map(int, step.cell.split("."))
        assert step.percent == percent(grid[row - 1, word])
    last = walk[-1]
    without = percent(float(probability(TOY.occlusion.margin - float(TOY.occlusion.sentences[2]))))
    assert (last.takes_out, last.cell, last.percent) == (3, "", without)
    assert PERCENT.findall(last.text) == [without, percent(TOY.occlusion.probability)]
    turn = walk[3]
    word = int(turn.cell.split(".")[1])
    assert PERCENT.findall(turn.text) == [percent(grid[4, word - 1])]
    assert TOY.occlusion.document.abstract.tokens[word - 1] in turn.text


def test_the_page_prints_those_cells_and_steps_and_no_others(tmp_path):
    tree = shown(page_of(tmp_path))
    walk = tree.one("section", class_="walk-steps").all("li")
    assert [told(node) for node in walk] == [f"{one.where}: {one.percent}. {one.text}" for one in steps(TOY)]
    assert [node.attributes.get("data-cell", "") for node in walk] == [step.cell for step in steps(TOY)]
    cells = tree.one("details", id="cells").all("li")
    assert [told(node) for node in cells] == [cell.text for row in cell_rows(TOY) for cell in row.cells]


def test_the_shares_lead_from_the_title_to_the_whole(tmp_path):
    rows = shown(page_of(tmp_path)).one("table", class_="shares").all("td")
    first, *shares, last = [told(node) for node in rows]
    assert first == percent(float(probability(TOY.alone.title)))
    assert last == percent(TOY.occlusion.probability)
    assert shares == [f"{points(float(share))} points" for share in TOY.shapley.points]
    assert float(probability(TOY.alone.title)) + TOY.shapley.points.sum() == pytest.approx(
        TOY.occlusion.probability, abs=1e-4
    )


@pytest.mark.parametrize("baseline", ["deleted", "mean"])
def test_it_is_the_same_on_a_site_with_other_classes_but_for_the_note_that_says_so(tmp_path, baseline):
    own = {"positive": "computational", "negative": "not computational"}
    here = shown(page_of(tmp_path, classes=own))
    there = shown(page_of(tmp_path, classes=OTHER, occlusion={"baseline": baseline}))
    notes = [tree.one("header", class_="how-intro").one("p", class_="note") for tree in (here, there)]
    assert "The papers of this site are asked the same." in told(notes[0])
    assert "classes of their own: “relevant” and “irrelevant”" in told(notes[1])
    for tree in (here, there):
        assert told(tree.one("section", class_="verdict-panel").one("strong")) == "computational"
        assert "an invented paper, read by the example model that comes with sitegen" in told(tree)
    for note in notes:
        note.children.clear()
    assert told(there.one("main")) == told(here.one("main"))


def test_no_sentence_of_it_has_a_mark(tmp_path):
    tree = shown(page_of(tmp_path))
    assert not [node for node in tree if "data-symbol" in node.attributes]
    assert "The invented paper has no marks" in told(tree)


def test_it_has_a_static_figure_where_the_site_has(tmp_path):
    assert not shown(page_of(tmp_path)).all("img", class_="heatmap-figure")
    output = {"folder": tmp_path / "_site", "cache": tmp_path / "cache", "figures": True}
    description = site(tmp_path, output=output)
    (page,) = pages(inputs(description, papers(), {"bag": Bag()}), None, frames(description))
    assert isinstance(page.drawing, Drawing)
    assert shown(page).one("img", class_="heatmap-figure").attributes["src"] == page.drawing.path


def test_no_prose_page_may_take_its_address(tmp_path):
    (tmp_path / "How to read.md").write_text("# Mine\n", encoding="utf-8")
    with pytest.raises(ConfigError, match='a page named "how-to-read" exists already'):
        read_prose(tmp_path)
