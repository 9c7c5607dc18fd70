"""The index the browser searches, as classic scripts that assign: the only form that a page opened from disk can load.

`assets/index.js` holds the gallery's rows where they do not stand in the page; `assets/texts.js` holds the abstracts,
loaded after the page is shown, so that the search finds words that no row shows. Both are plain JSON in ASCII
behind an assignment, and cannot end a script element early.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from sitegen.web.pages.gallery import Row
from sitegen.web.summary import RecordSummary

_ROW = (
    "id",
    "title",
    "href",
    "thumbnail",
    "facets",
    "label",
    "predicted",
    "positive",
    "probability",
    "percent",
    "right",
    "sentence",
    "sentence_href",
    "effect",
    "effect_text",
    "change_text",
)


def assignment(name: str, value: Any) -> str:
    """A script that assigns `value` to `window.sitegen.<name>`."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=False).replace("<", "\\u003c")
    return f'"use strict";\nwindow.sitegen = window.sitegen || {{}};\nwindow.sitegen.{name} = {text};\n'


def rows_script(rows: Sequence[Row]) -> str:
    """The gallery's rows as arrays, with the names of their places in front."""
    return assignment("rows", {"fields": _ROW, "values": [[getattr(row, name) for name in _ROW] for row in rows]})


def texts_script(summaries: Iterable[RecordSummary]) -> str:
    """The abstracts in the order of the rows, folded: what the search looks through beside the rows."""
    return assignment("texts", [folded(summary.record.abstract) for summary in summaries])


def folded(text: str) -> str:
    """Lower case, without accents, with single blanks; gallery.js folds what a reader types in the same way."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.category(c).startswith("M"))
    return " ".join(plain.lower().split())
