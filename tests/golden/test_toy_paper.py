"""The toy paper of the page "How to read this": its numbers are those of the demo's model, and its story is true.

After a change of the model or of the paper, write the numbers anew, then read what the page says of them:

    SITEGEN_GOLDEN=write python -m pytest tests/golden/test_toy_paper.py
    git diff sitegen/web/pages/how_to_read/toy.json
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sitegen
from sitegen.analysis.attribution.occlusion import AdditiveGrid, probability
from sitegen.web.explanation import Explanation
from sitegen.web.pages.how_to_read import toy, walk

MODEL = Path(__file__).parents[2] / "content" / "model"
TITLE = "Who makes friends in school"
ABSTRACT = (
    "We asked forty students about their friends. The weather was warm during the whole week. "
    "We simulate all these friendships on a computer. Most friendships begin in the same class."
)
DIGITS = 5  # of a margin in the file: no percentage can tell


@pytest.fixture(scope="module")
def explained() -> Explanation:
    return sitegen.explain(MODEL, TITLE, ABSTRACT)


def numbers(explained: Explanation) -> dict[str, Any]:
    """What the file holds."""
    occlusion, alone, shapley = explained.occlusion, explained.alone, explained.shapley
    document, grid = occlusion.document, occlusion.grid
    assert isinstance(grid, AdditiveGrid)
    assert shapley is not None

    def plain(value: Any) -> Any:
        return np.round(np.asarray(value, dtype=float), DIGITS).tolist()

    def of(source: Any, *names: str) -> dict[str, Any]:
        return {name: plain(getattr(source, name)) for name in names}

    return {
        "title": TITLE,
        "abstract": ABSTRACT,
        "classes": list(explained.classes),
        "title_spans": document.title.spans.tolist(),
        "title_sentence": document.title.sentence_spans.tolist(),
        "abstract_spans": document.abstract.spans.tolist(),
        "sentences": document.abstract.sentence_spans.tolist(),
        "grid": of(grid, "title", "abstract", "bias"),
        "occlusion": of(occlusion, "margin", "sentences", "span_bands", "title_words", "abstract_words"),
        "alone": of(
            alone, "empty", "title", "abstract", "title_prefixes", "sentences", "title_words", "abstract_words"
        ),
        "shapley": of(shapley, "values", "points", "subsets"),
    }


def written(data: dict[str, Any]) -> str:
    """The file's text: one line a list."""

    def lines(values: dict[str, Any], indent: str) -> str:
        def part(value: Any) -> str:
            return lines(value, indent + " ") if isinstance(value, dict) else json.dumps(value)

        parts = [f"{indent}{json.dumps(name)}: {part(value)}" for name, value in values.items()]
        return "{\n" + ",\n".join(parts) + f"\n{indent[1:]}}}"

    return lines(data, " ") + "\n"


def flat(value: Any, name: str = "") -> dict[str, Any]:
    """Every number and text by its place."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        return {place: one for key, part in pairs for place, one in flat(part, f"{name}/{key}").items()}
    return {name: value}


def test_the_numbers_are_the_models(explained):
    expected = numbers(explained)
    if os.environ.get("SITEGEN_GOLDEN") == "write":
        Path(str(toy.FILE)).write_text(written(expected), encoding="utf-8", newline="\n")
        toy.toy_paper.cache_clear()
        return
    kept, expected = flat(json.loads(toy.FILE.read_text(encoding="utf-8"))), flat(expected)
    assert kept.keys() == expected.keys()
    differing = {
        place: (kept[place], value)
        for place, value in expected.items()
        if (abs(kept[place] - value) > 5e-5 if isinstance(value, float) else kept[place] != value)
    }
    assert differing == {}, "the model says otherwise; if it is meant: SITEGEN_GOLDEN=write"


def test_the_paper_is_the_one_that_was_scored(explained):
    paper = toy.toy_paper()
    assert (paper.record.title, paper.record.abstract) == (TITLE, ABSTRACT)
    assert paper.classes.names == explained.classes
    assert explained.occlusion.title_known.all()
    assert explained.occlusion.abstract_known.all()
    for field in ("title", "abstract"):
        kept, cut = (getattr(one.occlusion.document, field) for one in (paper, explained))
        assert kept.tokens == cut.tokens
        assert kept.sentence_ends.tolist() == cut.sentence_ends.tolist()


def test_it_is_a_toy_paper():
    document = toy.toy_paper().occlusion.document
    assert len(document.title.tokens) == 5
    lengths = np.diff([0, *document.abstract.sentence_ends.tolist()])
    assert len(lengths) == 4
    assert all(6 <= length <= 10 for length in lengths)


def test_its_story_is_as_the_page_tells_it():
    """Title: rather negative. Off-topic: next to nothing. Decisive: flips it. The last: back, not over the middle."""
    paper = toy.toy_paper()
    occlusion = paper.occlusion
    ends = occlusion.document.abstract.sentence_ends
    title = float(probability(paper.alone.title))
    row = probability(occlusion.grid.margins[-1].astype(float))
    one, off, decisive, last = (float(row[end - 1]) for end in ends)
    assert title < 0.4
    assert max(one, off) < 0.4
    assert abs(off - one) < 0.02
    assert abs(paper.shapley.points[walk.OFF_TOPIC - 1]) < 0.02
    assert decisive > 0.8
    assert 0.55 < last < decisive - 0.1
    assert paper.shapley.points.argmax() == walk.DECISIVE - 1
    without = probability(occlusion.margin - occlusion.sentences.astype(float))
    assert without[walk.DECISIVE - 1] < 0.4
    assert abs(without[walk.OFF_TOPIC - 1] - last) < 0.02
    turn = occlusion.document.abstract.tokens.index(walk.TURN)
    assert row[turn - 1] < 0.5 < row[turn]
    assert turn >= ends[walk.DECISIVE - 2]
    before, we = row[ends[walk.DECISIVE - 2] - 1 :][:2]
    assert we - before > 0.05  # the "We" of sentence 3, which is the page's example of what a picture cannot tell
