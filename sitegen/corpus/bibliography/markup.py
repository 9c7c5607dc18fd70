"""Markup in titles and abstracts -> the text a person reads.

Databases hand on what publishers sent: `<i>`, `<sub>`, JATS (`<jats:p>`), MathML, entities, and all of these escaped
once or twice more (`&amp;lt;i&amp;gt;`). Only elements that are known by name are taken for markup, so that "p < .05",
"<unk>" and "a<b and c>d" stay; what they hold stays, too. A heading of a structured abstract becomes "Methods: ..." in
a new line; one that only says "Abstract" is left out. What is raised and is a number says so: m<sup>2</sup> is m^2.
"""

from __future__ import annotations

import html
import re

_INLINE = (
    "a b big bold cite code em email ext-link fn font i inf italic monospace q roman s sans-serif sc scp small span "
    "strike strong sub sup tt u underline uri var xref inline-formula tex-math named-content styled-content style"
)
_BLOCKS = (
    "abstract abstracttext article blockquote body br dd def-list div dl dt h1 h2 h3 h4 h5 h6 hr label li list "
    "list-item ol p para sec section simple-para sup-list table td title tr ul disp-formula formula"
)
_INLINE_NAMES, _BLOCK_NAMES = frozenset(_INLINE.split()), frozenset(_BLOCKS.split())
_ELEMENT = re.compile(r"</?(?P<prefix>jats:|mml:)?(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?:\s+[\w:.-]+\s*=[^<>]*|\s*)/?>")
_COMMENT = re.compile(r"<!--.*?-->|<!\[CDATA\[|\]\]>", flags=re.DOTALL)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_HEADING = re.compile(
    r"<(jats:)?(title|label|h[1-6])(?:\s[^<>]*)?>\s*([^<>]{0,200}?)[\s:.]*</(jats:)?\2\s*>", re.IGNORECASE
)
_RAISED = re.compile(r"(?<=[\w)])<sup>\s*([-−–+]?\d{1,4})\s*</sup>", flags=re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BEHIND_HEADING = "\x1f"  # what follows goes on in the same line
_TIMES_ESCAPED = 3


def plain_text(text: str) -> str:
    """The text without markup, entities resolved; runs of blanks are one, a line break is left where a block begins."""
    if "<" in text or "&" in text:
        for _ in range(_TIMES_ESCAPED):
            before = text
            text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
            if text == before:
                break
        text = _COMMENT.sub("", text)
        text = _HEADING.sub(_heading, text)
        text = _RAISED.sub(r"^\1", text)
        text = re.sub(rf"{_BEHIND_HEADING}\s*", " ", _ELEMENT.sub(_without, text))
    lines = (" ".join(line.split()) for line in re.split(r"[\r\n]+", _CONTROL.sub("", text)))
    return "\n".join(filter(None, lines))


def one_line(text: str) -> str:
    """The text without markup, in one line."""
    return " ".join(plain_text(text).split())


def _heading(match: re.Match[str]) -> str:
    words = match[3].strip()
    return "\n" if words.casefold() in {"", "abstract", "summary"} else f"\n{words}:{_BEHIND_HEADING}"


def _without(match: re.Match[str]) -> str:
    name = match["name"].casefold()
    if name in _INLINE_NAMES or match["prefix"] == "mml:":
        return ""
    return "\n" if name in _BLOCK_NAMES or match["prefix"] else match[0]
