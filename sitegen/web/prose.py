"""The user's own pages: Markdown files -> sanitised HTML in the site's frame.

A page's title is its first heading; its file name becomes its address. The text is the user's, yet it may have been
pasted from anywhere: raw HTML is rendered as text, and what comes out of the Markdown library is sanitised again, so
that a page cannot carry a script. Links may lead anywhere; images must lie beside the text, since a site must open
offline.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from sitegen.errors import ConfigError
from sitegen.web.frame import Frame, Page
from sitegen.web.wording import slug

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


RESERVED = {"index", "methods", "404"}


def markdown(text: str) -> Markup:
    """Markdown (CommonMark with tables) as HTML that carries no script, style or frame."""
    html = (
        MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["table", "strikethrough"]).render(text)
    )
    return Markup(
        nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None, url_schemes={"http", "https", "mailto"})
    )


def read_prose(folder: Path) -> tuple[Prose, ...]:
    """The Markdown files of `folder` in the order of their names (a number and a hyphen in front order them and are
    not shown); none where there is no such folder. ConfigError names a file that cannot be used."""
    pages: list[Prose] = []
    for file in sorted(folder.glob("*.md")) if folder.is_dir() else []:
        name = slug(re.sub(r"^\d+-", "", file.stem).lower().replace(" ", "-"))
        if name in RESERVED or any(page.name == name for page in pages):
            raise ConfigError(f'{file}: a page named "{name}" exists already. Rename the file.')
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise ConfigError(f"{file}: not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
        heading = re.search(r"^#\s+(.+?)\s*#*\s*$", text, flags=re.MULTILINE)
        title = heading[1] if heading else name.replace("-", " ").capitalize()
        body = text[: heading.start()] + text[heading.end() :] if heading else text
        pages.append(Prose(name=name, title=title, html=markdown(body)))
    return tuple(pages)


def images(folder: Path) -> tuple[Path, ...]:
    """The image files beside the prose, which are copied into the site under their own names."""
    return tuple(sorted(file for file in folder.glob("*") if file.suffix.lower() in IMAGES)) if folder.is_dir() else ()


def prose_pages(frame_for: Callable[[str, str], Frame], prose: tuple[Prose, ...]) -> list[ProsePage]:
    """One page per Markdown file."""
    return [ProsePage(frame=frame_for(page.path, page.title), html=page.html) for page in prose]
