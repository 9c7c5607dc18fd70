"""The user's own pages: Markdown files -> sanitised HTML in the site's frame.

A page's title is its first heading of the first level; its file name becomes its address. The text is the user's, yet
it may have been pasted from anywhere: raw HTML is rendered as text, and what comes out of the Markdown library is
sanitised again, so that a page cannot carry a script. Links may lead anywhere; images must lie beside the text, since a
site must open offline.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from sitegen.errors import ConfigError
from sitegen.web.layout import Frame, Page
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
IMAGES = {".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """One Markdown file: its page's name and title, and its sanitised HTML."""

    name: str
    title: str
    html: Markup

    @property
    def path(self) -> str:
        """The path of its page within the site."""
        return f"{self.name}.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProsePage(Page):
    """A page of the user's own."""

    template: ClassVar[str] = "prose.html"
    html: Markup


RESERVED = {"index", "words", "methods", "404"}  # pages that every site has beside the prose


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
    tokens = library.parse(text)
    at = next((k for k, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"), None)
    if at is None:
        return "", _html(library, tokens)
    title = "".join(" " if child.type.endswith("break") else child.content for child in tokens[at + 1].children or ())
    return title, _html(library, [*tokens[:at], *tokens[at + 3 :]])


def _library() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["table", "strikethrough"])


def _html(library: MarkdownIt, tokens: list[Token]) -> Markup:
    html = library.renderer.render(tokens, library.options, {})
    return Markup(
        nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None, url_schemes={"http", "https", "mailto"})
    )


def read_prose(folder: Path) -> tuple[Prose, ...]:
    """The Markdown files of `folder` in the order of their names (a number and a hyphen in front order them and are
    not shown); none where there is no such folder. ConfigError names a file that cannot be used."""
    pages: list[Prose] = []
    for file in sorted(folder.glob("*.md")) if folder.is_dir() else []:
        plain = re.sub(r"^\d+-", "", file.stem).lower().replace(" ", "-")
        name = slug(plain)
        if plain in RESERVED or any(page.name == name for page in pages):
            raise ConfigError(f'{file}: a page named "{plain}" exists already. Rename the file.')
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise ConfigError(f"{file}: not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
        title, html = titled_markdown(text)
        pages.append(Prose(name=name, title=title or plain.replace("-", " ").capitalize(), html=html))
    return tuple(pages)


def images(folder: Path) -> tuple[Path, ...]:
    """The image files beside the prose, which are copied into the site under their own names."""
    return tuple(sorted(file for file in folder.glob("*") if file.suffix.lower() in IMAGES)) if folder.is_dir() else ()


def prose_pages(frame_for: Callable[[str, str], Frame], prose: tuple[Prose, ...]) -> list[ProsePage]:
    """One page per Markdown file."""
    return [ProsePage(frame=frame_for(page.path, page.title), html=page.html) for page in prose]
