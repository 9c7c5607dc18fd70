"""The worked example: which record it is, what it says, and what it keeps to itself."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import FullGrid
from sitegen.analysis.significance.evidence import Standing
from sitegen.web.pages.example import HEIGHT, LETTER, LINE, WIDTH, chosen, example
from sitegen.web.pages.gallery import index_page
from sitegen.web.publish.render import Renderer
from sitegen.web.scan import scan_records
from tests.classifiers import Bag
from tests.web.papers import Watcher, frame, inputs, paper, parse, site, surveyed

WRONG = paper("wrong", "Good", "Bad and bad and bad and bad.", label=1)  # 94% -> 0.5%
RIGHT = paper("right", "Good", "Bad and bad.", "Nothing more.", label=0)  # 94% -> 22%
STILL = paper("still", "Good", "Nothing here.", label=1)


def made(folder, items, **changed):
    description = site(folder, **changed)
    given = inputs(description, items, {"bag": Bag()})
    scan = scan_records(given, reporter=Watcher())
    given = scan.release.inputs(given, [summary.record for summary in scan.summaries])
    return given, scan, frame(description)


def test_a_record_that_is_answered_rightly_is_chosen_and_a_new_one_first(tmp_path):
    summaries = surveyed(site(tmp_path), [WRONG, RIGHT, STILL, RIGHT]).summaries
    new, old = Standing.HELD_OUT, Standing.TRAINING
    assert chosen(summaries, [new, new, new, new]) == 1
    assert chosen(summaries, [new, old, new, new]) == 3
    assert chosen(summaries[:1], [new]) == 0
    assert chosen(summaries[2:3], [new]) is None


def test_its_numbers_by_hand(tmp_path):
    given, scan, page = made(tmp_path, [WRONG, RIGHT])
    found = example(given, page, scan.summaries)
    assert (found.title, found.href, found.percent, found.right) == ("Good", "records/right.html", "22%", "right")
    assert (found.number, found.before, found.after, found.changes) == (1, "94%", "22%", True)
    assert (found.sentence, found.sentence_href) == ("Bad and bad.", "records/right.html#s1")
    places = [tuple(map(float, point.split())) for point in found.points.split(",")]
    assert places[0] == (0.0, 0.9399)
    assert places[-1][0] == 100.0
    assert places[-1][1] == pytest.approx(0.2227, abs=1e-4)
    assert [place for place, _ in places] == sorted(place for place, _ in places)
    assert {word.text for word in found.words} == {"Bad", "bad"}
    assert [stretch.most for stretch in found.stretches] == [True, False]
    assert found.stretches[0].left == 4.0
    assert found.title_named == (found.stretches[0].width >= 12)
    assert found.stretches[-1].left + found.stretches[-1].width == pytest.approx(100, abs=0.02)


def test_labels_keep_to_the_plot_and_apart(tmp_path):
    words = ["good", "bad", "simulation", "interview", "network", "bad", "good", "interview", "simulation", "bad"]
    items = [paper("a", "We", f"{' '.join(words)}.", f"{' '.join(reversed(words))}.", label=0)]
    given, scan, page = made(tmp_path, items)
    labels = example(given, page, scan.summaries).words
    assert len(labels) > 1
    for k, one in enumerate(labels):
        left, right = edges(one)
        assert left >= 0
        assert right <= 100
        assert 0 <= one.top <= 100 - 100 * LINE / HEIGHT
        for other in labels[:k]:
            before, behind = edges(other)
            assert abs(one.top - other.top) > 100 * LINE / HEIGHT or right < before or behind < left


def edges(label):
    """How far a label reaches, in percent of a telephone's plot."""
    width = 100 * len(label.text) * LETTER / WIDTH
    left = label.at - {"before": width, "over": width / 2, "after": 0}[label.side]
    return left, left + width


@pytest.mark.parametrize("publish", ["scores", "excerpts"])
def test_what_is_withheld_is_not_in_it(tmp_path, publish):
    text = "Good and simulation and a network that nobody may read in full here."
    items = [paper("a", "Bad", text, "We end.", label=1)]
    records = {"path": tmp_path / "r.csv", "publish": publish, "excerpt_words": 2}
    given, scan, page = made(tmp_path, items, records=records)
    found = example(given, page, scan.summaries)
    said = {word.text for word in found.words}
    assert said <= ({"Good"} if publish == "excerpts" else set())
    assert found.sentence == ("" if publish == "scores" else "Good and …")
    html = Renderer().render(index_page(given, page, scan))
    assert not re.search(r"simulation|nobody", html)


def test_a_curve_that_is_known_at_sentence_ends_alone_has_no_words(tmp_path):
    given, scan, page = made(tmp_path, [RIGHT])
    occlusion = given.occlusions(0)["bag"]
    cells = np.full(occlusion.grid.shape, np.nan)
    ends = occlusion.document.abstract.sentence_ends - 1
    cells[:, ends] = occlusion.grid.margins[:, ends]
    by_sentences = replace(occlusion, grid=FullGrid(margins=cells))
    given = replace(given, occlusions=lambda k: {"bag": by_sentences})
    found = example(given, page, scan.summaries)
    assert found.words == ()
    assert len(found.points.split(",")) == 2 + len(ends)
    assert "nan" not in found.line


def test_without_one_the_page_shows_its_numbers(tmp_path):
    given, scan, page = made(tmp_path, [STILL])
    shown = parse(Renderer().render(index_page(given, page, scan)))
    assert not shown.all(id="example")
    assert shown.one("ul", class_="tiles").all("li")
