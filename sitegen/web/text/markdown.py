"""Markdown -> sanitised HTML: CommonMark with tables, and on pages of prose footnotes and formulas, too.

The text may have been pasted from anywhere: raw HTML is rendered as text, and what comes out of the Markdown library is
sanitised again, so that nothing of it can run. Of attributes that a page refers to, ids, only those of footnotes pass,
which the library counts, and of headings, which begin with `section-`: no text can choose one that the site uses.

A formula, `$x^2$` within a line or `$$x^2$$` by itself, is written as MathML, which browsers show without a script and
screen readers read; its LaTeX stays with it as the alternative text. What cannot be read is refused and not guessed at.
So are macros, by which a line of text could grow into gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

LONGEST = 2000  # characters of a formula
DEEPEST = 60  # elements of a formula within each other
_PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}

_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "blockquote", "pre", "hr", "br", "ul", "ol", "li", "dl", "dt", "dd"),
    *("a", "abbr", "b", "code", "del", "em", "i", "img", "s", "strong", "sub", "sup"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "th": {"style"},
    "td": {"style"},
    "ol": {"start"},
}
_OF_PAGES = {"section", "div"}  # footnotes; a formula by itself
_MATHML = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle", "mphantom", "mpadded"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"),
}
_OF_MATHML = {
    "math": {"display", "alttext"},
    "mo": {"stretchy", "fence", "minsize", "maxsize", "movablelimits", "accent", "form", "separator"},
    "mi": {"mathvariant"},
    "mfrac": {"linethickness"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mspace": {"width", "height", "depth"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"columnalign", "displaystyle"},
    "mtd": {"columnalign"},
}
SCHEMES = {"http", "https", "mailto"}
_NOTE_ID = re.compile(r"fn(ref)?\d+(:\d+)?")
_HEADING_ID = re.compile(r"section-[\w-]*")
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_MACRO = re.compile(r"\\((new|renew|provide)command|def|let|newenvironment|DeclareMathOperator)(?![A-Za-z])")
_NOTES = "sitegen-notes"  # in the environment of a text: the label and the line of each footnote's own text
_MARKS = "sitegen-marks"  # those of each mark of a footnote that has none
_MARK = re.compile(r"\[\^([^\s\[\]^]+)\]")

_TOO_DEEP = "is nested too deeply. Make it simpler."

Faults = list[tuple[int, str]]  # each a line, from 1, and what is wrong with it and the remedy


def markdown(text: str, *, below: int = 0) -> Markup:
    """Markdown (CommonMark with tables) as HTML that carries no script, style or frame.

    `below` is the level of the heading that the text stands under: its own headings begin one level deeper.
    """
    library = _library()
    tokens = library.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + below, 6)}"
    return _cleaned(library.renderer.render(tokens, library.options, {}))


class PageText:
    """A page of prose, parsed.

    settings: the lines between two --- at its very start, each with its number from 1. title: its first heading of the
    first level as plain text, "" where there is none. tokens: all the rest. headings: the ids and the words of those of
    the second level. faults: what cannot be shown.
    """

    def __init__(self, text: str) -> None:
        self._library = _library_of_pages()
        self._environment: dict[str, Any] = {}
        tokens = self._library.parse(text, self._environment)
        self.settings: list[tuple[int, str]] = []
        if tokens and tokens[0].type == "front_matter":
            self.settings = list(enumerate(tokens.pop(0).content.split("\n"), start=2))
        at = next((k for k, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"), None)
        self.title, self.tokens, self.faults = "", tokens, Faults()
        if at is not None:
            heading = tokens[at + 1].children or ()
            self.title = _words_of(tokens[at + 1])
            self.tokens = [*tokens[:at], *tokens[at + 3 :]]
            if any(child.type == "footnote_ref" for child in heading):
                problem = "a footnote in the page's title has no place to stand. Refer to it in the text."
                self.faults.append(((tokens[at].map or [0])[0] + 1, problem))
        self.headings = list(_name_headings(self.tokens))
        self.faults += [*_lost_notes(self._environment), *_set_formulas(self.tokens)]
        self.faults.sort()

    @property
    def html(self) -> Markup:
        """The text without its title, sanitised; of a text without faults."""
        return _cleaned(self._library.renderer.render(self.tokens, self._library.options, self._environment), page=True)


def inline_tokens(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """What stands within the lines of a text, each with its line, from 1. A paragraph knows its first line; its line
    breaks lead to the others."""
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        for child in token.children or ():
            line += child.type.endswith("break")
            yield line, child
            line += child.content.count("\n")


def _words_of(token: Token) -> str:
    """What stands within a heading, as plain text."""
    return "".join(" " if child.type.endswith("break") else child.content for child in token.children or ())


def _name_headings(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Give each heading an id made of its words, so that a link can lead there; yields the id and the words of those of
    the second level."""
    taken = set[str]()
    for token, within in pairwise(tokens):
        if token.type == "heading_open":
            words = _words_of(within)
            plain = name = "section-" + re.sub(r"[\W_]+", "-", words.casefold()).strip("-")
            further = 1
            while name in taken:
                further += 1
                name = f"{plain}-{further}"
            taken.add(name)
            token.attrSet("id", name)
            if token.tag == "h2":
                yield name, words


def _library() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["table", "strikethrough"])


def _library_of_pages() -> MarkdownIt:
    library = _library().use(front_matter_plugin).use(footnote_plugin, inline=False)
    library.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    library.core.ruler.before("footnote_tail", _NOTES, _find_notes)
    library.add_render_rule("footnote_ref", _reference)
    library.add_render_rule("footnote_anchor", _way_back)
    library.add_render_rule("footnote_block_open", lambda *_: '<section class="footnotes"><ol>\n')
    for kind in ("math_inline", "math_inline_double", "math_block"):
        library.add_render_rule(kind, lambda _self, tokens, k, *_: tokens[k].meta["mathml"])
    return library


def _cleaned(html: str, *, page: bool = False) -> Markup:
    """Without whatever is not listed above; page: with what pages of prose may have more."""
    tags, attributes = _TAGS, _ATTRIBUTES
    if page:
        tags = _TAGS | _OF_PAGES | _MATHML
        ours = {"a": {"href", "title", "id"}, "li": {"id"}, "section": {"class"}, "div": {"class"}}
        attributes = {**_ATTRIBUTES, **_OF_MATHML, **ours, **{tag: {"id"} for tag in _HEADINGS}}
    return Markup(
        nh3.clean(
            html, tags=tags, attributes=attributes, attribute_filter=_ours, link_rel=None, url_schemes=set(SCHEMES)
        )
    )


def _ours(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute; None where only ours may stand there and it is none of those."""
    if name == "id":
        return value if (_HEADING_ID if tag in _HEADINGS else _NOTE_ID).fullmatch(value) else None
    if name == "class":
        return value if value in ("footnotes", "formula") else None
    return value


# --- footnotes ---


def _find_notes(state: StateCore) -> None:
    """Keep where the text of each footnote stands, before the library gathers them at the end, and the marks that it
    has left as they were: of them, a bracket that was escaped is still a token of its own."""
    state.env[_NOTES] = [
        (token.meta["label"], (after.map or [0])[0] + 1)
        for token, after in zip(state.tokens, state.tokens[1:], strict=False)
        if token.type == "footnote_reference_open"
    ]
    state.env[_MARKS] = [
        (mark, line)
        for line, token in inline_tokens(state.tokens)
        if token.type == "text"
        for mark in _MARK.findall(token.content)
    ]


def _lost_notes(environment: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """The footnotes that would not be shown: nothing refers to them, or another has the same mark. And the marks that
    would be shown as they are written: no footnote is called so."""
    used = {note.get("label") for note in environment.get("footnotes", {}).get("list", {}).values()}
    seen = set[str]()
    for label, line in environment.get(_NOTES, ()):
        if label in seen:
            yield line, f"two footnotes are called [^{label}]. Give each a mark of its own."
        elif label not in used:
            yield line, f"nothing in the text refers to the footnote [^{label}]. Refer to it, or remove it."
        seen.add(label)
    for mark, line in environment.get(_MARKS, ()):
        remedy = f"Add it, on a line that begins with [^{mark}]: (or write \\[ where a bracket is meant)."
        yield line, f"the footnote [^{mark}] has no text. {remedy}"


def _number(token: Token) -> tuple[str, str]:
    """The number of a footnote, and what the place has in its id that refers to it: a further place says which."""
    number = str(token.meta["id"] + 1)
    return number, f"{number}:{token.meta['subId']}" if token.meta["subId"] > 0 else number


def _reference(_self: Any, tokens: Sequence[Token], k: int, *_: Any) -> str:
    number, place = _number(tokens[k])
    return f'<sup><a href="#fn{number}" id="fnref{place}" title="Footnote {number}">{number}</a></sup>'


def _way_back(_self: Any, tokens: Sequence[Token], k: int, *_: Any) -> str:
    return f' <a href="#fnref{_number(tokens[k])[1]}" title="Back to the text">↩︎</a>'


# --- formulas ---


def _set_formulas(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Give each formula its MathML; yields the faults of those that cannot be read."""
    blocks = [((token.map or [0])[0] + 1, token) for token in tokens if token.type == "math_block"]
    within = [(line, token) for line, token in inline_tokens(tokens) if token.type.startswith("math_inline")]
    for line, token in (*blocks, *within):
        try:
            mathml = formula(token.content.strip(), display=token.type != "math_inline")
        except ValueError as error:
            short = " ".join(token.content.split())
            short = short if len(short) <= 60 else f"{short[:60]}…"
            yield line, f"the formula ${short}$ {error}"
        else:
            token.meta["mathml"] = f'<div class="formula">{mathml}</div>\n' if token.type == "math_block" else mathml


def formula(latex: str, *, display: bool) -> str:
    """A formula in LaTeX's words as MathML, which is well-formed and escaped. display: it stands by itself.

    ValueError ends the sentence that begins with the formula, remedy and all.
    """
    from latex2mathml.converter import convert_to_element  # takes 0.1 s to load, and most sites have no formula

    escape = "Write \\$ where a dollar is meant."
    if len(latex) > LONGEST:
        raise ValueError(f"has more than {LONGEST:,} characters. Cut it into several. {escape}")
    if macro := _MACRO.search(latex):
        raise ValueError(f"defines a macro ({macro[0]}), which formulas here cannot. Write out what it stands for.")
    try:
        math: ET.Element = convert_to_element(latex, display="block" if display else "inline")
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except Exception as error:  # the library has a class for each fault, and others slip through
        reason = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__.removesuffix("Error")).lower()
        raise ValueError(f"cannot be read ({reason}). Mend it. {escape}") from None
    level = [math]
    for _ in range(DEEPEST):
        level = [below for node in level for below in node]
    if level:
        raise ValueError(_TOO_DEEP)
    for node in math.iter():
        node.text = unescape(node.text) if node.text else node.text  # the library has numbers of characters there
        if node.text and re.fullmatch(r"\\[A-Za-z]+", node.text) and node.tag != "mtext":
            raise ValueError(f"has the command {node.text}, which is not known. Write it in another way. {escape}")
        if len(node) != _PARTS.get(node.tag, len(node)):
            raise ValueError(f"lacks a part, as both are needed in \\frac{{a}}{{b}}. Add it. {escape}")
        if node.tag not in _MATHML:
            raise ValueError(f"has what makes a <{node.tag}>, which pages do not show. Write it in another way.")
    math.attrib.pop("xmlns", None)
    math.set("alttext", latex)
    return ET.tostring(math, encoding="unicode", short_empty_elements=False)
