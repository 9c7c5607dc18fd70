"""The static figure's data: the same numbers as the page's, with sentences as columns."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import probability
from sitegen.web.pages.record.static import record_figure
from sitegen.web.text.numbers import cell_number, percent, points
from tests.classifiers import Bag, Joint
from tests.web.papers import HOSTILE, PALETTE, alone, paper, scored, shared

CLASSES = ("not computational", "computational")


def drawn(item, classifier=None, *, symbols=(), shares=True):
    """The figure of one paper, and what it is made of."""
    (occlusion,), (said,) = scored([item], classifier), alone([item], classifier)
    shapley = shared([item], classifier)[0] if shares else None
    figure = record_figure(
        occlusion, said, shapley, symbols=symbols, classes=CLASSES, threshold=0.5, source="A model", palette=PALETTE
    )
    return figure, occlusion, said, shapley


PAPER = paper("a", "A good network", "We study good networks here.", "The simulation is bad.", "It says nothing.")


@pytest.mark.parametrize("classifier", [Bag(), Joint()], ids=["additive", "joint"])
def test_the_cells_are_the_grid_at_sentence_ends(classifier):
    figure, occlusion, said, _ = drawn(PAPER, classifier)
    ends = occlusion.document.abstract.sentence_ends.tolist()
    expected = probability(occlusion.grid.margins[:, np.array(ends) - 1])
    cells = [cell for cell in figure["datasets"]["cells"] if cell["x"] >= 0]
    assert [cell["p"] for cell in cells] == pytest.approx(expected.ravel().tolist(), abs=1e-4)
    assert [(cell["x"], cell["x2"]) for cell in cells[:3]] == list(zip([0, *ends[:-1]], ends, strict=True))
    title = [cell["p"] for cell in figure["datasets"]["cells"] if cell["x"] < 0]
    assert title[-1] == pytest.approx(float(probability(said.title)), abs=1e-4)
    for n, prefix in enumerate((["a"], ["a", "good"])[-len(title) + 1 :] if len(title) > 1 else (), 1):
        exact = float(probability(classifier.margins([prefix], [[]])[0]))
        assert title[n - 1] == pytest.approx(exact, abs=1e-4)


def test_the_curve_is_the_last_row_by_word():
    figure, occlusion, said, _ = drawn(PAPER)
    curve = [row["p"] for row in figure["datasets"]["curve"]]
    assert curve[0] == pytest.approx(float(probability(said.title)), abs=1e-4)
    assert curve[1:] == pytest.approx(probability(occlusion.grid.margins[-1]).tolist(), abs=1e-4)
    assert figure["datasets"]["end"][0]["text"] == percent(occlusion.probability)


def test_the_bars_are_the_shares_with_their_marks():
    figure, _, _, shapley = drawn(PAPER, symbols=("◆", "", ""))
    bars = figure["datasets"]["sentences"]
    assert [bar["size"] for bar in bars] == pytest.approx(shapley.points.tolist(), abs=1e-4)
    assert [bar["label"] for bar in bars] == [
        f"{points(share)}{symbol}" for share, symbol in zip(shapley.points, (" ◆", "", ""), strict=True)
    ]
    scales = {param["name"]: param["value"] for param in figure["params"]}
    assert scales["least"] == pytest.approx(min(0, shapley.points.min()), abs=1e-4)  # room is left above, not below
    assert scales["most"] >= max(0, shapley.points.max()) - 1e-4
    assert scales["most"] - scales["least"] >= 0.2 - 1e-9


def test_of_one_sentence_the_words_are_named_in_the_place_of_its_number():
    figure, *_ = drawn(paper("a", "A good network", "We study good networks here."))
    start, *named = figure["datasets"]["first"]
    assert start["text"] == "title"
    assert [row["text"] for row in named] == ["We", "study", "good", "networks", "here"]
    assert [row["x"] for row in named] == pytest.approx([0.5, 1.5, 2.5, 3.5, 4.5], abs=0.01)
    assert [row["place"] for row in figure["datasets"]["sentences"]] == [""]
    assert figure["datasets"]["captions"][0]["text"] == "word"
    several, *_ = drawn(PAPER)
    assert [row["text"] for row in several["datasets"]["first"]] == ["title"]
    assert several["datasets"]["captions"][0]["text"] == "sentence"


def test_without_shares_the_bars_are_what_absence_changes():
    figure, occlusion, _, _ = drawn(PAPER, shares=False)
    changes = occlusion.change(occlusion.sentences).tolist()
    assert [bar["size"] for bar in figure["datasets"]["sentences"]] == pytest.approx(changes, abs=1e-4)
    assert "what its absence changes" in figure["title"]["subtitle"]


def test_numbers_are_those_of_their_cells():
    figure, *_ = drawn(PAPER)
    cells = {(cell["t"], (cell["x"] + cell["x2"]) / 2): cell["p"] for cell in figure["datasets"]["cells"]}
    numbers = figure["datasets"]["numbers"]
    assert len(numbers) >= 9
    for one in numbers:
        p = cells[one["t"] - 0.5, one["x"]]
        assert one["p"] == p
        assert one["number"] in {cell_number(p), cell_number(p + 5e-5), cell_number(p - 5e-5)}


@pytest.mark.parametrize(
    ("item", "rows", "columns"),
    [(paper("a", "A title"), 2, 1), (paper("a", "", "No title."), 1, 1), (paper("a", ""), 1, 1)],
    ids=["no abstract", "no title", "nothing"],
)
def test_what_lacks_is_said(item, rows, columns):
    figure, *_ = drawn(item)
    scales = {param["name"]: param["value"] for param in figure["params"]}
    assert scales["rows"] == rows
    assert len({cell["x"] for cell in figure["datasets"]["cells"] if cell["x"] >= 0}) == columns
    text = str(figure["datasets"]["rows"]) + str(figure["datasets"]["captions"])
    assert ("(no title)" in text) == (not item.record.title)
    assert ("(no abstract)" in text) == (not item.record.abstract)


def test_hostile_words_stay_whole():
    figure, *_ = drawn(paper("a", HOSTILE, HOSTILE))
    assert any("img" in row["word"] for row in figure["datasets"]["rows"])
