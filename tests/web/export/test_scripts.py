"""Values as scripts."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from sitegen.web.export.scripts import assignment

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
