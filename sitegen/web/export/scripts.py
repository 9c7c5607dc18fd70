"""Values for the browser as classic scripts that assign: the only form that a page opened from disk can load.

Each is plain JSON in ASCII behind an assignment, and cannot end a script element early. Which page hands which values
to its scripts is said where the page is made (`ScriptValue`, layout.py).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import RULES


def assignment(name: str, value: Any) -> str:
    """A script that assigns `value` to `window.sitegen.<name>`."""
    return f'"use strict";\nwindow.sitegen = window.sitegen || {{}};\nwindow.sitegen.{name} = {_json(value)};\n'


def constants(nouns: Nouns = PAPERS) -> str:
    """The script `constants.js`: by what rules numbers are written, and what the site calls a record."""
    return assignment("constants", RULES) + assignment("nouns", asdict(nouns))


def entry(name: str, key: str, value: Any) -> str:
    """A script that sets `window.sitegen.<name>[key]`, which other scripts set for other keys."""
    place = f"window.sitegen.{name}"
    return (
        f'"use strict";\nwindow.sitegen = window.sitegen || {{}};\n'
        f"{place} = {place} || {{}};\n{place}[{_json(key)}] = {_json(value)};\n"
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=False).replace("<", "\\u003c")
