"""What one record came to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sitegen.analysis.significance.evidence import Standing
from sitegen.web.summary import Accuracy, Confusion, accuracy_by_standing, read
from tests.web.papers import paper, papers, scored, shared, site, summaries


def test_a_reading_by_hand(tmp_path):
    (summary,) = summaries(site(tmp_path), [paper("a", "Good", "A bad network.", "We simulate.", label=0)])
    # title 2 x 1.5, abstract -2 + .75 + .125, bias -.25
    assert summary.probability == pytest.approx(1 / (1 + 2.718281828459045**-1.625))
    assert (summary.predicted, summary.right) == (1, False)
    assert (summary.top.number, summary.top.text, summary.top.effect) == (0, "A bad network.", -1.25)
    # the share of the probability: before and after "We simulate."
    p = [1 / (1 + 2.718281828459045**-z) for z in (2.75, 1.5, 2.875, 1.625)]
    assert summary.top.change == pytest.approx((p[1] - p[0] + p[3] - p[2]) / 2)
    assert summary.top.shared
    assert (summary.page, summary.sentence(0)) == ("records/a.html", "records/a.html#s1")
    assert (summary.thumbnail, summary.figure) == ("records/thumbnails/a.png", "records/figures/a.svg")
    assert [summary.record.abstract[a:b] for a, b in summary.sentences] == ["A bad network.", "We simulate."]


def test_the_top_sentence_is_first_in_its_papers_table(tmp_path):
    # the two orders differ: in log-odds the first sentence is larger, in points the second
    given = site(tmp_path)
    item = paper("a", "Good simulation", "Good one.", "Bad two.")
    (scores,) = scored([item])
    shares = replace(shared([item])[0], values=np.array([1.5, -0.9]), points=np.array([0.02, -0.08]))
    top = read(item.record, scores, shares, classes=given.classes).top
    assert (top.number, top.effect, top.change) == (1, -0.9, -0.08)


def test_the_threshold_itself_is_positive(tmp_path):
    (even,) = summaries(site(tmp_path), [paper("a", "we")])  # 2 x .125 - .25 = 0
    assert even.probability == 0.5
    assert even.predicted == 1
    (even,) = summaries(site(tmp_path, classes={"threshold": 0.51}), [paper("a", "we")])
    assert even.predicted == 0


def test_what_does_nothing_is_no_top_sentence(tmp_path):
    unknown, none, untitled = summaries(
        site(tmp_path), [paper("a", "Good", "Unknown words alone."), paper("b", "Good"), paper("c", "", "Good.")]
    )
    assert unknown.top is None
    assert none.top is None
    assert none.sentences == ()
    assert unknown.right is None
    assert untitled.title == "(untitled)"


def test_names_are_safe_and_differ(tmp_path):
    ids = ["A", "a", "../etc/passwd", "con", "a/b", "a\\b", "é", "x" * 300]
    names = [summary.name for summary in summaries(site(tmp_path), [paper(id, "Good") for id in ids])]
    assert len({name.lower() for name in names}) == len(ids)
    assert not any("/" in name or "\\" in name or name.startswith(".") or len(name) > 80 for name in names)


def test_the_confusion_counts_the_labelled(tmp_path):
    confusion = Confusion.of(summaries(site(tmp_path), [*papers(), paper("d", "Good", label=0)]))
    assert confusion.cells == ((1, 1), (0, 1))
    assert (confusion.total, confusion.right) == (3, 2)
    assert Confusion.of([]).total == 0


def test_accuracy_is_counted_apart_for_each_standing(tmp_path):
    description = site(tmp_path)
    items = [paper(f"p{k}", "Good", label=label) for k, label in enumerate((1, 0, 1, None, 1))]
    standings = [Standing.TRAINING, Standing.HELD_OUT, Standing.TRAINING, Standing.UNKNOWN, Standing.HELD_OUT]
    found = accuracy_by_standing(summaries(description, items), standings)
    assert found == {
        Standing.HELD_OUT: Accuracy(labelled=2, right=1),
        Standing.TRAINING: Accuracy(labelled=2, right=2),
    }
    assert list(found) == [Standing.HELD_OUT, Standing.TRAINING]
