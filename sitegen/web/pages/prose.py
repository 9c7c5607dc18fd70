"""The user's own pages: Markdown files -> sanitised HTML in the site's frame.

A page's title is its first heading of the first level; its file name becomes its address. What Markdown may say, and
that nothing in it can run, is in web/text/markdown.py. Links may lead anywhere; images must lie beside the text, since
a site must open offline.

A folder of such files is a section: its pages have the folder in their addresses and share one entry in the navigation,
which leads to its `index.md`. That page lists the others, and each of them leads on to the next (sections.py).

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
from sitegen.web.pages.sections import Contents, Entry, contents
from sitegen.web.publish.links import Pages
from sitegen.web.text.markdown import SCHEMES, PageText, inline_tokens
from sitegen.web.text.numbers import slug

_ORDER = re.compile(r"order\s*:\s*(-?\d{1,9})")
_SUMMARY = re.compile(r"summary\s*:\s*(\S.*)")
_FIRST = "index"  # the first page of a section
_NUMBERED = re.compile(r"^(\d{1,9})-")
IMAGES = {".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"}
FAULTS = 20  # shown at once
Order = tuple[float, str]  # the number that a page has or says, and its name


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
    section: str = ""  # the folder of its page within the site; "": it stands by itself
    summary: str = ""  # a sentence on it, for the list of its section and for search engines
    headings: tuple[tuple[str, str], ...] = ()  # the id and the words of each of the second level
    references: tuple[Reference, ...] = ()  # in the order of the text

    @property
    def path(self) -> str:
        """The path of its page within the site."""
        return routes.page("prose", f"{self.section}/{self.name}" if self.section else self.name)

    @property
    def item(self) -> NavItem:
        """Its entry in a list of pages; that of a section's first page stands for the whole section."""
        return NavItem(text=self.title, path=self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProsePage(Page):
    """A page of the user's own."""

    template: ClassVar[str] = "prose.html"
    html: Markup  # the text without its title
    section: Contents | None = None  # what else there is in its section; None: it stands by itself


def _references(text: PageText) -> Iterator[Reference]:
    """The links and images of a text."""
    for line, token in inline_tokens(text.tokens):
        address = token.attrGet("href") or token.attrGet("src")
        if isinstance(address, str):
            yield Reference(address=address, line=line, loaded=token.type == "image")


def read_prose(folder: Path) -> tuple[Prose, ...]:
    """The Markdown files of `folder` as pages, in the order that their authors chose; none where there is no such
    folder. The pages of a section follow each other, its first page before all.

    A page says `order: 3` between two lines of --- at its start, or has the number in front of its name, `3-about.md`,
    where it is not shown. Pages without a number come last; those of one number follow their names. A section stands
    where its first page says, or the number of its folder. ConfigError names each file that cannot be used, and the
    line.
    """
    read: list[tuple[Order, tuple[Prose, ...]]] = [(order, (page,)) for order, page in _pages_in(folder)]
    read += [_section(inner) for inner in _section_folders(folder)]
    pages: list[Prose] = []
    for _, group in sorted(read, key=lambda found: found[0]):
        first = group[0]
        own = first.file.parent if first.section else first.file
        plain, name = _plain(own), first.section or first.name
        taken = routes.NO_SECTION if first.section else routes.RESERVED
        if plain in taken or any(name == (other.section or other.name) for other in pages):
            what = "folder" if first.section else "file"
            raise ConfigError(f'{own}: a page named "{plain}" exists already. Rename the {what}.')
        pages += group
    return tuple(pages)


def _pages_in(folder: Path, *, section: str = "") -> list[tuple[Order, Prose]]:
    """The pages of one folder, each with what orders it, in that order. ConfigError where two have one address."""
    files = sorted(folder.glob("*.md")) if folder.is_dir() else []
    read = sorted((_read(file, section=section) for file in files), key=lambda found: found[0])
    names = [page.name for _, page in read]
    for k, (_, page) in enumerate(read):
        if page.name in names[:k]:
            raise ConfigError(f'{page.file}: a page named "{_plain(page.file)}" exists already. Rename the file.')
    return read


def _section_folders(folder: Path) -> list[Path]:
    """The folders beside the pages that hold pages themselves."""
    inner = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in inner if path.is_dir() and not path.name.startswith(".") and any(path.glob("*.md"))]


def _section(folder: Path) -> tuple[Order, tuple[Prose, ...]]:
    """The pages of a section, the first before the others, and what orders the section."""
    if deeper := _section_folders(folder):
        raise ConfigError(f"{deeper[0]}: stands in a section, which has no sections of its own. Move it up one folder.")
    read = _pages_in(folder, section=slug(_plain(folder)))
    first = next(((order, page) for order, page in read if page.name == _FIRST), None)
    if first is None:
        raise ConfigError(
            f"{folder}: a folder of pages needs a first page, {_FIRST}.md. Add it, or move the folder away."
        )
    (order, _), page = first
    numbered = _NUMBERED.match(folder.name)
    place = float(numbered[1]) if numbered and order == inf else order
    return (place, folder.name), (page, *(other for _, other in read if other is not page))


def _plain(path: Path) -> str:
    """The name of a file or a folder without the number that orders it."""
    return _NUMBERED.sub("", path.name.removesuffix(".md")).lower().replace(" ", "-")


def _read(file: Path, *, section: str) -> tuple[Order, Prose]:
    """A page, and what orders it."""
    try:
        text = PageText(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
    numbered = _NUMBERED.match(file.stem)
    order, summary = float(numbered[1]) if numbered else inf, ""
    faults = list(text.faults)
    for line, setting in text.settings:
        if said := _ORDER.fullmatch(setting.strip()):
            order = float(said[1])
        elif said := _SUMMARY.fullmatch(setting.strip()):
            summary = said[1]
        elif setting.strip():
            known = 'A page may say its place, "order: 3", and "summary: What it is about."'
            faults.append((line, f'"{setting.strip()}" is not known here. {known}'))
    if faults:
        shown = [f"{file}:{line}: {problem}" for line, problem in sorted(faults)[:FAULTS]]
        raise ConfigError("\n".join([*shown, *([f"and {len(faults) - FAULTS} more"] if len(faults) > FAULTS else [])]))
    plain = _plain(file)
    page = Prose(
        file=file,
        name=_FIRST if section and plain == _FIRST else slug(plain),
        title=text.title or plain.replace("-", " ").capitalize(),
        html=text.html,
        section=section,
        summary=summary,
        headings=tuple(text.headings),
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


def images(folder: Path) -> dict[str, Path]:
    """The image files beside the prose, by their paths within the site, where they keep their names."""
    found = {"": folder, **{f"{slug(_plain(inner))}/": inner for inner in _section_folders(folder)}}
    return {
        f"{place}{file.name}": file
        for place, inner in found.items()
        if inner.is_dir()
        for file in sorted(inner.glob("*"))
        if file.suffix.lower() in IMAGES
    }


def nav_items(prose: Sequence[Prose]) -> tuple[NavItem, ...]:
    """Their entries in the navigation: one for a page that stands by itself, one for a section."""
    return tuple(page.item for page in prose if not page.section or page.name == _FIRST)


def prose_pages(frames: Frames, prose: Sequence[Prose]) -> list[ProsePage]:
    """One page per Markdown file."""
    made = []
    for text in prose:
        name = f"{text.section}/{text.name}" if text.section else text.name
        frame = frames("prose", text.title, name, description=text.summary)
        beside = [
            Entry(text=one.title, path=one.path, summary=one.summary) for one in prose if one.section == text.section
        ]
        section = contents(frame, beside, headings=text.headings) if text.section else None
        made.append(ProsePage(frame=frame, html=text.html, section=section))
    return made
