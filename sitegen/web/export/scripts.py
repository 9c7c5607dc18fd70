"""Values for the browser as classic scripts that assign: the only form that a page opened from disk can load.

Each is plain JSON in ASCII behind an assignment, and cannot end a script element early. Which page hands which values
to its scripts is said where the page is made (`ScriptValue`, layout.py).
"""

from __future__ import annotations

import json
from typing import Any


def assignment(name: str, value: Any) -> str:
    """A script that assigns `value` to `window.sitegen.<name>`."""
    return f'"use strict";\nwindow.sitegen = window.sitegen || {{}};\nwindow.sitegen.{name} = {_json(value)};\n'


def entry(name: str, key: str, value: Any) -> str:
    """A script that sets `window.sitegen.<name>[key]`, which other scripts set for other keys."""
    place = f"window.sitegen.{name}"
    return (
        f'"use strict";\nwindow.sitegen = window.sitegen || {{}};\n'
        f"{place} = {place} || {{}};\n{place}[{_json(key)}] = {_json(value)};\n"
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=False).replace("<", "\\u003c")
