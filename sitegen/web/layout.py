"""What every page has around its own matter: the site's name, the way to the other pages, its scripts.

All links are relative to the page and end in a file name, so that a site works under any sub-path and from disk. A
page knows its own path within the site; `Frame.to` turns the path of another file into the link.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

from sitegen.config import Site
from sitegen.version import __version__
from sitegen.web.charts.style import Palette
from sitegen.web.text.numbers import BASELINES


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place a reader can go to: its text and its address relative to the page."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One entry of the site's navigation: its text and the path of its page within the site."""

    text: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The part of a page's context that all pages share. `path` is the page's own path within the site, `palette` the
    theme's colours and their names."""

    site: Site
    palette: Palette
    path: str
    heading: str
    description: str = ""
    nav: tuple[NavItem, ...] = ()
    scripts: tuple[str, ...] = ()
    version: str = __version__

    def to(self, path: str) -> str:
        """The link from this page to the file at `path` within the site (a fragment may follow after #)."""
        file, hash_mark, fragment = path.partition("#")
        if not file:
            return path
        relative = posixpath.relpath(file, posixpath.dirname(self.path) or ".")
        return quote(relative) + hash_mark + fragment

    @property
    def canonical(self) -> str:
        """The page's address on the web, or nothing where the site has none."""
        return self.site.url + quote(self.path) if self.site.url else ""

    @property
    def baseline(self) -> str:
        """What becomes of hidden text, for readers."""
        return BASELINES[self.site.occlusion.baseline]

    @property
    def replaced(self) -> bool:
        """Whether something stands in for hidden text, which is then not taken out."""
        return self.site.occlusion.baseline != "deleted"

    @property
    def is_home(self) -> bool:
        """Whether this is the site's first page."""
        return self.path == "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page's context: `template` names the template that shows it."""

    template: ClassVar[str]
    frame: Frame
