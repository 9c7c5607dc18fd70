"""The tables that a page cuts texts by: what they hold, and that a library which decides otherwise is refused."""

from __future__ import annotations

import json

import pytest

from sitegen.corpus.cutting import cutting_tables, not_in_a_page
from sitegen.corpus.sentences import ABBREVIATIONS, punkt
from sitegen.errors import ModelError


def test_tables_are_those_of_the_splitter_and_small() -> None:
    tables = cutting_tables("nupunkt")
    assert set(tables["abbreviations"].split()) == punkt().parameters.abbrev_types >= ABBREVIATIONS
    assert {(a, b) for a, words in tables["pairs"].items() for b in words.split()} == punkt().parameters.collocations
    assert tables["digits"].startswith("²³¹")
    assert len(json.dumps(tables, separators=(",", ":"))) < 25_000


def test_a_library_that_looks_at_capitals_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(punkt().parameters.ortho_context, "word", 2)
    with pytest.raises(ModelError, match="has to learn it"):
        cutting_tables("nupunkt")


def test_what_a_page_cannot_cut_says_why() -> None:
    assert not_in_a_page("words", "nupunkt") == ""
    assert "“nltk”" in not_in_a_page("nltk", "nupunkt")
    assert "“other”" in not_in_a_page("words", "other")
    with pytest.raises(ModelError, match="cannot be written"):
        cutting_tables("other")
