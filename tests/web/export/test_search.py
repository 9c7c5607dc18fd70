"""The scripts that the browser's search reads."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.web.export.search import assignment, folded, rows_script, texts_script
from sitegen.web.pages.gallery import rows
from tests.web.papers import HOSTILE, frame, paper, papers, site, summaries

text = st.text(st.characters(exclude_categories=["Cs"]))


def value_of(script: str, name: str):
    """What a script assigns; it must be the one statement that a browser would run."""
    lines = script.splitlines()
    assert lines[:2] == ['"use strict";', "window.sitegen = window.sitegen || {};"]
    assert len(lines) == 3
    return json.loads(lines[2].removeprefix(f"window.sitegen.{name} = ").removesuffix(";"))


@given(st.recursive(text, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3)))
def test_an_assignment_is_ascii_ends_no_script_and_gives_the_value_back(value):
    script = assignment("name", value)
    assert script.isascii()
    assert "<" not in script
    assert value_of(script, "name") == value


def test_rows_are_arrays_under_their_names(tmp_path):
    description = site(tmp_path)
    all_rows = rows(description, frame(description), summaries(description, papers()))
    told = value_of(rows_script(all_rows), "rows")
    first = dict(zip(told["fields"], told["values"][0], strict=True))
    assert len(told["values"]) == 3
    assert {name: first[name] for name in ("id", "title", "href", "facets", "right")} == {
        "id": "smith-2020",
        "title": "A good network",
        "href": "records/smith-2020.html",
        "facets": ["Sociology"],
        "right": "right",
    }


def test_texts_are_the_abstracts_folded_in_order(tmp_path):
    items = [paper("a", "Good", "Théorie  ÉCONOMIQUE."), paper("b", "Good"), paper("c", "Good", HOSTILE)]
    assert value_of(texts_script(summaries(site(tmp_path), items)), "texts")[:2] == ["theorie economique.", ""]


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("Müller", "muller"),
        ("ﬁnance", "finance"),
        ("a\u00a0b\n c", "a b c"),
        ("İstanbul", "istanbul"),
        ("हिन्दी", "हनद"),  # vowel signs are marks, which gallery.js takes off as well
        ("²", "2"),
    ],
)
def test_folding(written, sought):
    assert folded(written) == sought


@given(text)
def test_folding_leaves_no_mark_and_no_double_blank(text):
    result = folded(text)
    assert "  " not in result
    assert result == result.strip()
    # lower case may bring a mark back (none is known that NFKD would not have taken apart before)
    assert not any(unicodedata.category(c).startswith("M") for c in result)
