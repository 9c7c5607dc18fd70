"""The frame of every page around its contents: the site's name, the navigation, the scripts.

All links are relative to the page and end in a file name, so that a site works under any sub-path and from disk. A
page knows its own path within the site; `Frame.to` turns the path of another file into the link. Which paths there
are, and which scripts a page needs, is in `routes`.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, ClassVar
from urllib.parse import quote

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.config import Site
from sitegen.version import __version__
from sitegen.web import routes
from sitegen.web.charts.style import PREVIEW_SIZE, Palette
from sitegen.web.text.addresses import address_of
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.withheld import withheld, withheld_of_lists


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

    @property
    def folder(self) -> str:
        """The folder for whose pages the entry stands, where its page is the first of one; "": for its page alone."""
        folder, _, name = self.path.rpartition("/")
        return folder if name == routes.page(routes.HOME) else ""


# What a line of the navigation holds, in characters of its entries, with two for the room behind each. LINE is the most
# beside a short name of the site in a window of 1,280 pixels. Of entries that need more, the first ones stand in the
# line, up to FIRST, which is two lines on a telephone, and the others behind "More".
LINE, FIRST = 100, 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The part of a page's context that all pages share."""

    site: Site
    palette: Palette  # the theme's colours by name, for charts drawn in the page, and what readers call them
    path: str  # the page's own path within the site
    heading: str  # what the browser's tab says, and most pages' own heading
    description: str = ""  # for search engines
    route: str = ""  # the name of the page's route
    nav: tuple[NavItem, ...] = ()  # the entries of the navigation
    scripts: tuple[str, ...] = ()  # the files in assets/ that run on the page, in this order
    styles: tuple[str, ...] = ()  # the page's style sheets in assets/ beside those of every page
    compiles: bool = False  # whether its policy allows WebAssembly and a worker of its own
    lacking: tuple[str, ...] = ()  # the routes that the site has no pages of
    version: str = __version__  # sitegen's

    def to(self, path: str) -> str:
        """The link from this page to the file at `path` within the site (a fragment may follow after #)."""
        file, hash_mark, fragment = path.partition("#")
        if not file:
            return path
        relative = posixpath.relpath(file, posixpath.dirname(self.path) or ".")
        return quote(relative) + hash_mark + fragment

    def link(self, name: str, *parts: str) -> str:
        """The link from this page to another, by the name of its route."""
        return self.to(routes.page(name, *parts))

    def link_if(self, name: str) -> str:
        """The same; "" where the site has no such page."""
        return "" if name in self.lacking else self.link(name)

    def asset(self, name: str) -> str:
        """The link from this page to a file in assets/."""
        return self.to(routes.asset(name))

    def data(self, name: str) -> str:
        """The link from this page to a data file."""
        return self.to(routes.data(name))

    def current(self, item: NavItem) -> str:
        """How an entry of the navigation is marked: "page" on its page, "true" on others of its folder, "" elsewhere;
        the values of aria-current."""
        if item.path == self.path:
            return "page"
        return "true" if item.folder and self.path.startswith(f"{item.folder}/") else ""

    @property
    def nav_line(self) -> tuple[NavItem, ...]:
        """The entries of the navigation that are always seen: all, where they fit into a line, else the first ones."""
        taken = list(accumulate(len(item.text) + 2 for item in self.nav))
        if not taken or taken[-1] <= LINE:
            return self.nav
        return self.nav[: max(1, bisect_right(taken, FIRST))]

    @property
    def nav_more(self) -> tuple[NavItem, ...]:
        """The other entries, which a reader unfolds; () where there are none."""
        return self.nav[len(self.nav_line) :]

    @property
    def nav_here(self) -> NavItem | None:
        """The one of the folded entries that stands for this page; None where none does."""
        return next((item for item in self.nav_more if self.current(item)), None)

    @property
    def nouns(self) -> Nouns:
        """What the site calls a record."""
        return Nouns.of(self.site)

    @property
    def root(self) -> str:
        """The link from this page to the site's own folder, with a slash at its end."""
        return f"{posixpath.relpath('.', posixpath.dirname(self.path) or '.')}/"

    @property
    def home(self) -> str:
        """The link from this page to the site's first page."""
        return self.link(routes.HOME)

    @property
    def logo(self) -> str:
        """The link from this page to the picture beside the site's name; "" where there is none."""
        return self.to(routes.logo(self.site.logo.suffix)) if self.site.logo else ""

    @property
    def notices(self) -> str:
        """The link from this page to the licences of the libraries in its scripts."""
        return self.asset(routes.NOTICES)

    @property
    def source(self) -> Link | None:
        """Where the records come from, as site.toml says; its address is "" where that is no address."""
        return Link(text=self.site.source, href=address_of(self.site.source)) if self.site.source else None

    @property
    def comment(self) -> str:
        """The link by which a reader comments on this page: a mail about it, or the issue tracker; "" where the site
        names no contact."""
        contact = self.site.contact
        if "@" not in contact or "://" in contact:
            return contact
        about = self.site.title if self.is_home else f"{self.heading} ({self.site.title})"
        return f"mailto:{quote(contact, safe='@+')}?subject={quote(' '.join(about.split()), safe='')}"

    @property
    def canonical(self) -> str:
        """The page's address on the web, or nothing where the site has none."""
        return self.site.address(self.path) if self.site.url else ""

    @property
    def preview(self) -> str:
        """The address on the web of the picture that others show beside a link to the site; for sites that have one."""
        return self.site.address(routes.asset(routes.PREVIEW))

    @property
    def preview_size(self) -> tuple[int, int]:
        """The width and height of that picture in pixels."""
        return PREVIEW_SIZE

    @property
    def about(self) -> str:
        """What others show below a link to the page: its description, else the site's."""
        return self.description or self.site.description or self.site.subtitle

    @property
    def feed(self) -> str:
        """The link from this page to the site's feed, which sites have that have an address on the web."""
        return self.to(routes.FEED)

    @property
    def baseline(self) -> str:
        """How the site's removal baseline is described to readers."""
        return BASELINES[self.site.occlusion.baseline].wording

    @property
    def replaced(self) -> bool:
        """Whether hidden text is replaced by something, rather than deleted."""
        return BASELINES[self.site.occlusion.baseline].replaces

    @property
    def withheld_of_lists(self) -> str:
        """The same on pages that list words and sentences of the whole corpus."""
        return withheld_of_lists(self.site.records)

    @property
    def withheld(self) -> str:
        """What is not published of the records' texts; "" where all is."""
        return withheld(self.site.records)

    @property
    def is_home(self) -> bool:
        """Whether this is the site's first page."""
        return self.path == routes.page(routes.HOME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """Makes the frame of each page of one site."""

    site: Site
    palette: Palette  # the theme's colours, for thumbnails and figures; pages have them by name
    prose: tuple[NavItem, ...] = ()  # the user's own pages and sections, which stand last in the navigation
    lacking: frozenset[str] = frozenset()  # the routes that this site has no pages of

    def __call__(self, name: str, heading: str, *parts: str, description: str = "") -> Frame:
        """The frame of a page by the name of its route; `parts` tell it apart from others of its kind."""
        route = routes.ROUTES[name]
        return Frame(
            site=self.site,
            palette=self.palette.live,
            path=route.at(*parts),
            heading=heading,
            description=description,
            route=name,
            nav=self.nav,
            scripts=route.scripts,
            styles=route.styles,
            compiles=route.compiles,
            lacking=tuple(sorted(self.lacking)),
        )

    @property
    def nav(self) -> tuple[NavItem, ...]:
        """The entries of the navigation: those that site.toml names, in its order and words, else all there are."""
        entries = nav_entries(self.prose)
        there = {name: item for name, item in entries.items() if name not in self.lacking}
        if self.site.nav is None:
            return tuple(there.values())
        return tuple(
            replace(there[entry.page], text=entry.text or there[entry.page].text)
            for entry in self.site.nav
            if entry.page in there
        )


def nav_entries(prose: Iterable[NavItem]) -> dict[str, NavItem]:
    """The entries that a navigation can have, by the names that site.toml has for their pages: those of the routes, and
    of the user's own pages and sections, whose files' and folders' names they are."""
    made = {route.name: NavItem(text=route.nav, path=route.path) for route in routes.ROUTES.values() if route.nav}
    return {**made, **{item.folder or item.path.removesuffix(".html"): item for item in prose}}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptValue:
    """A value that a page hands to its scripts: `window.sitegen.<name>`, assigned by the script `asset`."""

    asset: str
    name: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A static figure of a page: its path within the site, and the Vega-Lite specification that is drawn."""

    path: str
    spec: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page's context: `template` names the template that shows it."""

    template: ClassVar[str]
    frame: Frame
    values: tuple[ScriptValue, ...] = ()  # what its scripts read, each in a file of its own
    drawing: Drawing | None = None  # its static figure; those of records are drawn by processes (record_files.py)

    @property
    def charts(self) -> Mapping[str, dict[str, Any]] | None:
        """A page of charts gives their specifications here, by the key of their place on the page."""
        return None

    @property
    def all_values(self) -> tuple[ScriptValue, ...]:
        """The values that the page's scripts read, the charts' specifications among them."""
        if self.charts is None:
            return self.values
        charts = ScriptValue(asset=routes.charts_script(self.frame.route), name="charts", value=self.charts)
        return (*self.values, charts)
