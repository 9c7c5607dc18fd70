"""Does a site hold together: every link, fragment, id and asset of every page, checked from the files themselves.

`check_site` reads what a browser would read and reports what would fail: links to files that are not there, fragments
without an element, ids used twice, requests to other hosts (scripts, styles, images, what a style sheet asks for; a
link a reader may click is fine), files whose case differs only. It needs nothing but the folder, so it also checks a
site that was unpacked from an archive. Addresses that scripts put together are not seen: browser tests watch those.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FIRST = "index.html"  # what a reader opens; not from routes, since any unpacked site can be checked
_LOADS = {("link", "href"), ("object", "data"), ("form", "action")}  # beside src and poster of any element
_FOLLOWS = {("a", "href"), ("area", "href")}
_SAFE = {"", "http", "https", "mailto"}
_STYLE_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]+))\s*\)|@import\s+["']([^"']+)["']""")


@dataclass(slots=True)
class _Document:
    ids: set[str] = field(default_factory=set)
    repeated: list[str] = field(default_factory=list)
    references: list[tuple[str, bool]] = field(default_factory=list)  # address, whether the browser loads it


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.document = _Document()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        loaded = tag != "link" or ("rel", "canonical") not in attrs
        for name, value in attrs:
            if name == "id" and value:
                if value in self.document.ids:
                    self.document.repeated.append(value)
                self.document.ids.add(value)
            elif value is not None and (tag, name) in _FOLLOWS:
                self.document.references.append((value, False))
            elif value is not None and (name in ("src", "poster") or ((tag, name) in _LOADS and loaded)):
                self.document.references.append((value, True))
            elif value and name == "srcset":
                self.document.references += [(part.split()[0], True) for part in value.split(",") if part.strip()]
            elif value and name == "style":
                self._styles(value)

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style":
            self._styles(data)

    def _styles(self, text: str) -> None:
        self.document.references += [(address, True) for address in _style_addresses(text)]


def check_site(folder: Path) -> list[str]:
    """Check the site in `folder`; return one message for each fault, `page: problem`."""
    site = Pages(folder)
    faults = [] if FIRST in site.files else [f"{FIRST}: is missing"]
    lowered: dict[str, str] = {}
    for name in sorted(site.files):
        other = lowered.setdefault(name.lower(), name)
        if other != name:
            faults.append(f'{name}: differs from "{other}" in case alone')
    found = _faults_of_pages(site)
    faults += [f"{name}: {problem}" for name in sorted(found) for problem in found[name]]
    for name in sorted(file for file in site.files if file.endswith(".css")):
        for address in _style_addresses((folder / name).read_text(encoding="utf-8")):
            faults += [f"{name}: {problem}" for problem in site.problems(name, address, loaded=True)]
    return faults


def _faults_of_pages(site: Pages) -> dict[str, list[str]]:
    """What is wrong with each page. A page is read once, and only its ids are kept: those above first, to whose places
    most others lead; what leads to a page that is not read yet waits until all are."""
    found: dict[str, list[str]] = {}
    waiting: list[tuple[str, _Place]] = []
    for name in sorted((file for file in site.files if file.endswith(".html")), key=lambda name: name.count("/")):
        document = site.read(name)
        faults = [f'the id "{used}" is used twice' for used in document.repeated]
        for address, loaded in document.references:
            led = site.follow(name, address, loaded=loaded)
            if isinstance(led, _Place) and not site.has_read(led.page):
                waiting.append((name, led))
            else:
                faults += site.faults(led)
        found[name] = faults
    for name, led in waiting:
        found[name] += site.faults(led)
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """An element of a page that an address names."""

    address: str
    page: str
    id: str


class Pages:
    """The files of a site, and the ids of its pages as they are asked for, each page read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ids: dict[str, frozenset[str]] = {}
        self._same: dict[frozenset[str], frozenset[str]] = {}  # thousands of pages have the same ids
        self.files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    def read(self, name: str) -> _Document:
        """A page by its path within the site, as it is read now; its ids are kept."""
        document = _read(self._folder / name)
        ids = frozenset(document.ids)
        self._ids[name] = self._same.setdefault(ids, ids)
        return document

    def has_read(self, name: str) -> bool:
        """Whether the ids of a page are known."""
        return name in self._ids

    def problems(self, page: str, address: str, *, loaded: bool) -> list[str]:
        """The faults of an address on a page. loaded: whether the browser loads it without a click."""
        return self.faults(self.follow(page, address, loaded=loaded))

    def faults(self, led: str | _Place | None) -> list[str]:
        """What is wrong with where an address led; reads the page that it names a place of."""
        if isinstance(led, str):
            return [led]
        if led and not self.has_read(led.page):
            self.read(led.page)
        if led and led.id not in self._ids[led.page]:
            return [f'"{led.address}" names a fragment that {led.page} lacks']
        return []

    def follow(self, page: str, address: str, *, loaded: bool) -> str | _Place | None:
        """Where an address on a page leads: to a place, of which it is to be seen whether it is there; None where that
        is well; else what is wrong. loaded: as above."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return f'the address "{address}" cannot be read'
        if parts.scheme == "data" and loaded:
            return None
        if parts.scheme not in _SAFE:
            return f'the link "{address}" has a scheme that may run code'
        if parts.scheme or parts.netloc:
            return f'"{address}" is loaded from another host' if loaded else None
        target = page
        if parts.path:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))
            if parts.path.startswith("/") or target not in self.files:
                return f'"{address}" leads nowhere'
        place = "" if "=" in parts.fragment else unquote(parts.fragment)  # "record=a&range=1-3" is for scripts
        return _Place(address, target, place) if place and target.endswith(".html") else None


def _style_addresses(text: str) -> list[str]:
    """The addresses that a style sheet refers to, in order."""
    return [next(address for address in found if address) for found in _STYLE_URL.findall(text) if any(found)]


def _read(file: Path) -> _Document:
    reader = _Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    reader.close()
    return reader.document
