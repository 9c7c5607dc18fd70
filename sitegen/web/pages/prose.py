"""The user's own pages: Markdown files -> sanitised HTML in the site's frame.

A page's title is its first heading of the first level; its file name becomes its address. What Markdown may say, and
that nothing in it can run, is in web/text/markdown.py. Links may lead anywhere; images must lie beside the text, since
a site must open offline.

What is wrong with a file is said with its line, before anything is scored or written where that can be known: a name
that is taken, an encoding, a formula. Where links lead is known once the site is written; `check_links` looks then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from markupsafe import Markup

from sitegen.errors import ConfigError, OutputError
from sitegen.web import routes
from sitegen.web.layout import Frames, NavItem, Page
from sitegen.web.publish.links import Pages
from sitegen.web.text.markdown import SCHEMES, PageText, inline_tokens
from sitegen.web.text.numbers import slug

_ORDER = re.compile(r"order\s*:\s*(-?\d{1,9})")
_NUMBERED = re.compile(r"^(\d{1,9})-")
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


def _references(text: PageText) -> Iterator[Reference]:
    """The links and images of a text."""
    for line, token in inline_tokens(text.tokens):
        address = token.attrGet("href") or token.attrGet("src")
        if isinstance(address, str):
            yield Reference(address=address, line=line, loaded=token.type == "image")


def read_prose(folder: Path) -> tuple[Prose, ...]:
    """The Markdown files of `folder` as pages, in the order that their authors chose; none where there is no such
    folder.

    A page says `order: 3` between two lines of --- at its start, or has the number in front of its name, `3-about.md`,
    where it is not shown. Pages without a number come last; those of one number follow their names. ConfigError names
    each file that cannot be used, and the line.
    """
    read = [_read(file) for file in sorted(folder.glob("*.md"))] if folder.is_dir() else []
    pages: list[Prose] = []
    for _, page in sorted(read, key=lambda found: found[0]):
        plain = _plain(page.file)
        if plain in routes.RESERVED or any(other.name == page.name for other in pages):
            raise ConfigError(f'{page.file}: a page named "{plain}" exists already. Rename the file.')
        pages.append(page)
    return tuple(pages)


def _plain(file: Path) -> str:
    """The name of a file without the number that orders it."""
    return _NUMBERED.sub("", file.stem).lower().replace(" ", "-")


def _read(file: Path) -> tuple[tuple[float, str], Prose]:
    """A page, and what orders it."""
    try:
        text = PageText(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
    numbered = _NUMBERED.match(file.stem)
    order = float(numbered[1]) if numbered else inf
    faults = list(text.faults)
    for line, setting in text.settings:
        if said := _ORDER.fullmatch(setting.strip()):
            order = float(said[1])
        elif setting.strip():
            faults.append((line, f'"{setting.strip()}" is not known here. A page may say its place: "order: 3".'))
    if faults:
        shown = [f"{file}:{line}: {problem}" for line, problem in sorted(faults)[:FAULTS]]
        raise ConfigError("\n".join([*shown, *([f"and {len(faults) - FAULTS} more"] if len(faults) > FAULTS else [])]))
    plain = _plain(file)
    page = Prose(
        file=file,
        name=slug(plain),
        title=text.title or plain.replace("-", " ").capitalize(),
        html=text.html,
        references=tuple(_references(text)),
    )
    return (order, file.name), page


def check_links(prose: Sequence[Prose], folder: Path) -> None:
    """OutputError where a link or an image of the pages leads nowhere in the site written to `folder`: it names the
    Markdown file and the line."""
    site = Pages(folder)
    faults = [
        f"{page.file}:{reference.line}: {problem}. Mend or remove it."
        for page in prose
        for reference in page.references
        if urlsplit(reference.address).scheme in {"", *SCHEMES}  # others were taken out with the address
        for problem in site.problems(page.path, reference.address, loaded=reference.loaded)
    ]
    if faults:
        more = [f"and {len(faults) - FAULTS} more"] if len(faults) > FAULTS else []
        raise OutputError("\n".join([*faults[:FAULTS], *more]))


def images(folder: Path) -> tuple[Path, ...]:
    """The image files beside the prose, which are copied into the site under their own names."""
    return tuple(sorted(file for file in folder.glob("*") if file.suffix.lower() in IMAGES)) if folder.is_dir() else ()


def nav_items(prose: Sequence[Prose]) -> tuple[NavItem, ...]:
    """Their entries in the navigation."""
    return tuple(NavItem(text=text.title, path=text.path) for text in prose)


def prose_pages(frames: Frames, prose: Sequence[Prose]) -> list[ProsePage]:
    """One page per Markdown file."""
    return [ProsePage(frame=frames("prose", page.title, page.name), html=page.html) for page in prose]
