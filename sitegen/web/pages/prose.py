"""The user's own pages: Markdown files -> sanitised HTML in the site's frame.

A page's title is its first heading of the first level; its file name becomes its address. The text is the user's, yet
it may have been pasted from anywhere: raw HTML is rendered as text, and what comes out of the Markdown library is
sanitised again, so that a page cannot carry a script. Links may lead anywhere; images must lie beside the text, since a
site must open offline.

What is wrong with a file is said with its line, before anything is scored or written where that can be known: a name
that is taken, an encoding, a footnote. Where links lead is known once the site is written; `check_links` looks then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from sitegen.errors import ConfigError, OutputError
from sitegen.web import routes
from sitegen.web.layout import Frames, Page
from sitegen.web.publish.links import Pages
from sitegen.web.text.numbers import slug

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
_SCHEMES = {"http", "https", "mailto"}
_FOOTNOTE = re.compile(r"^\[\^[^\]\s]+\](?=:)", flags=re.MULTILINE)  # where the text of a footnote stands
IMAGES = {".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"}
FAULTS = 20  # shown at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A link or an image of a Markdown file."""

    address: str
    line: int  # of the file, from 1
    loaded: bool  # an image, which the browser loads by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """One Markdown file as a page."""

    file: Path
    name: str  # of the page's file, without suffix
    title: str
    html: Markup  # sanitised
    references: tuple[Reference, ...] = ()  # in the order of the text

    @property
    def path(self) -> str:
        """The path of its page within the site."""
        return routes.page("prose", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProsePage(Page):
    """A page of the user's own."""

    template: ClassVar[str] = "prose.html"
    html: Markup  # the text without its title


def markdown(text: str, *, below: int = 0) -> Markup:
    """Markdown (CommonMark with tables) as HTML that carries no script, style or frame.

    `below` is the level of the heading that the text stands under: its own headings begin one level deeper.
    """
    library = _library()
    tokens = library.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + below, 6)}"
    return _html(library, tokens)


def titled_markdown(text: str) -> tuple[str, Markup]:
    """The first heading of the first level as plain text ("" where there is none), and the HTML of all the rest."""
    library = _library()
    return _titled(library, library.parse(text))


def _titled(library: MarkdownIt, tokens: list[Token]) -> tuple[str, Markup]:
    at = next((k for k, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"), None)
    if at is None:
        return "", _html(library, tokens)
    title = "".join(" " if child.type.endswith("break") else child.content for child in tokens[at + 1].children or ())
    return title, _html(library, [*tokens[:at], *tokens[at + 3 :]])


def _library() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["table", "strikethrough"])


def _html(library: MarkdownIt, tokens: list[Token]) -> Markup:
    html = library.renderer.render(tokens, library.options, {})
    return Markup(nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None, url_schemes=_SCHEMES))


def _references(tokens: Sequence[Token]) -> Iterator[Reference]:
    """The links and images of a text. A paragraph knows its first line; its line breaks lead to the others."""
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        for child in token.children or ():
            line += child.type.endswith("break")
            address = child.attrGet("href") or child.attrGet("src")
            if isinstance(address, str):
                yield Reference(address=address, line=line, loaded=child.type == "image")


def _footnotes(tokens: Sequence[Token], references: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """The texts of footnotes, which this Markdown lacks, each by its line and its mark. Those of a single word are read
    as addresses of links, the others as paragraphs."""
    for label, reference in references.items():
        if label.startswith("^"):
            yield reference["map"][0] + 1, f"[{label.lower()}]"
    for token in tokens:
        if token.type == "inline" and token.map:
            for mark in _FOOTNOTE.finditer(token.content):
                yield token.map[0] + 1 + token.content.count("\n", 0, mark.start()), mark[0]


def read_prose(folder: Path) -> tuple[Prose, ...]:
    """The Markdown files of `folder` in the order of their names (a number and a hyphen in front order them and are
    not shown); none where there is no such folder. ConfigError names a file that cannot be used."""
    pages: list[Prose] = []
    for file in sorted(folder.glob("*.md")) if folder.is_dir() else []:
        plain = re.sub(r"^\d+-", "", file.stem).lower().replace(" ", "-")
        name = slug(plain)
        if plain in routes.RESERVED or any(page.name == name for page in pages):
            raise ConfigError(f'{file}: a page named "{plain}" exists already. Rename the file.')
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise ConfigError(f"{file}: not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
        library, environment = _library(), dict[str, Any]()
        tokens = library.parse(text, environment)
        if notes := sorted(_footnotes(tokens, environment.get("references", {}))):
            raise ConfigError(
                "\n".join(
                    f"{file}:{line}: footnotes such as {mark} are not supported. Put the note into the text."
                    for line, mark in notes[:FAULTS]
                )
            )
        title, html = _titled(library, tokens)
        pages.append(
            Prose(
                file=file,
                name=name,
                title=title or plain.replace("-", " ").capitalize(),
                html=html,
                references=tuple(_references(tokens)),
            )
        )
    return tuple(pages)


def check_links(prose: Sequence[Prose], folder: Path) -> None:
    """OutputError where a link or an image of the pages leads nowhere in the site written to `folder`: it names the
    Markdown file and the line."""
    site = Pages(folder)
    faults = [
        f"{page.file}:{reference.line}: {problem}. Mend or remove it."
        for page in prose
        for reference in page.references
        if urlsplit(reference.address).scheme in {"", *_SCHEMES}  # others were taken out with the address
        for problem in site.problems(page.path, reference.address, loaded=reference.loaded)
    ]
    if faults:
        more = [f"and {len(faults) - FAULTS} more"] if len(faults) > FAULTS else []
        raise OutputError("\n".join([*faults[:FAULTS], *more]))


def images(folder: Path) -> tuple[Path, ...]:
    """The image files beside the prose, which are copied into the site under their own names."""
    return tuple(sorted(file for file in folder.glob("*") if file.suffix.lower() in IMAGES)) if folder.is_dir() else ()


def prose_pages(frames: Frames, prose: Sequence[Prose]) -> list[ProsePage]:
    """One page per Markdown file."""
    return [ProsePage(frame=frames("prose", page.title, page.name), html=page.html) for page in prose]
