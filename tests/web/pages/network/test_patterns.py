"""What the page of patterns says: of runs, of words in their context, and of which papers."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from sitegen.analysis.network.patterns import Match
from sitegen.web.export.patterns import FieldText
from sitegen.web.pages.network.pattern_example import CONTEXT, LONG, in_context, says


@pytest.mark.parametrize(
    ("match", "chosen", "text"),
    [
        ((0, 2, 1, 0), 1, "the chosen unit and no others, over 2 words"),
        ((0, 2, 12, 1), 12, "all 12 units and 1 other, over 2 words"),
        ((5, 9, 3, 1200), 12, "3 of the 12 units and 1,200 others, over 4 words"),
    ],
)
def test_what_is_on_is_said_in_words(match: tuple[int, int, int, int], chosen: int, text: str) -> None:
    start, end, shared, others = match
    assert says(Match(start=start, end=end, shared=shared, others=others), chosen) == text


def text_of(words: int) -> FieldText:
    """Words w0, w1, ... with an unknown one behind each fifth."""
    pieces = ["("]
    for k in range(words):
        pieces += [f"w{k}", " ? " if k % 5 == 4 else " "]
    pieces[-1] = ".)"
    return FieldText(pieces=tuple(pieces), tokens=tuple(range(words)), sentences=(words,), written=np.zeros(words))


def test_a_run_stands_in_its_context_as_it_was_written() -> None:
    text = text_of(40)
    for start in range(40):
        for end in range(start + 1, min(41, start + LONG + 1)):
            before, run, after = in_context(text, start, end)
            whole = before.removeprefix("… ") + run + after.removesuffix(" …")
            assert whole in "".join(text.pieces)
            assert run.split()[0] == f"w{start}"
            assert run.split()[-1] == f"w{end - 1}"
            assert len(re.findall(r"w\d+", before)) == min(CONTEXT, start)
            assert len(re.findall(r"w\d+", after)) == min(CONTEXT, 40 - end)
            assert before.startswith("… ") == (start > CONTEXT)
            assert after.endswith(" …") == (end + CONTEXT < 40)


def test_of_a_long_run_the_first_and_the_last_words_are_shown() -> None:
    _, run, _ = in_context(text_of(40), 2, 2 + LONG + 1)
    assert re.findall(r"w\d+|…", run) == [
        *(f"w{k}" for k in range(2, 2 + LONG // 2)),
        "…",
        *(f"w{k}" for k in range(3 + LONG // 2, 3 + LONG)),
    ]


def test_the_page_says_what_is_searched(built_site: Path) -> None:
    page = (built_site / "network" / "patterns.html").read_text(encoding="utf-8")
    assert "at every word of all papers" in page
    assert "one of the 6 numbers, 3 for reading forward and 3 for reading backward," in page
    assert len(re.findall(r"<td class=\"number\">0\.\d\d</td>", page)) == 6
