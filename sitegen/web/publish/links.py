"""Does a site hold together: every link, fragment, id and asset of every page, checked from the files themselves.

`check_site` reads what a browser would read and reports what would fail: links to files that are not there, fragments
without an element, ids used twice, requests to other hosts (scripts, styles, images, what a style sheet asks for; a
link a reader may click is fine), files whose case differs only. It needs nothing but the folder, so it also checks a
site that was unpacked from an archive. Addresses that scripts put together are not seen: browser tests watch those.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
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
    for name in sorted(file for file in site.files if file.endswith(".html")):
        document = site.document(name)
        faults += [f'{name}: the id "{used}" is used twice' for used in document.repeated]
        for address, loaded in document.references:
            faults += [f"{name}: {problem}" for problem in site.problems(name, address, loaded=loaded)]
    for name in sorted(file for file in site.files if file.endswith(".css")):
        for address in _style_addresses((folder / name).read_text(encoding="utf-8")):
            faults += [f"{name}: {problem}" for problem in site.problems(name, address, loaded=True)]
    return faults


class Pages:
    """The files of a site, and its pages as they are asked for, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._documents: dict[str, _Document] = {}
        self.files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    def document(self, name: str) -> _Document:
        """A page by its path within the site."""
        if name not in self._documents:
            self._documents[name] = _read(self._folder / name)
        return self._documents[name]

    def problems(self, page: str, address: str, *, loaded: bool) -> Iterator[str]:
        """The faults of an address on a page. loaded: whether the browser loads it without a click."""
        try:
            parts = urlsplit(address)
        except ValueError:
            yield f'the address "{address}" cannot be read'
            return
        if parts.scheme == "data" and loaded:
            return
        if parts.scheme not in _SAFE:
            yield f'the link "{address}" has a scheme that may run code'
            return
        if parts.scheme or parts.netloc:
            if loaded:
                yield f'"{address}" is loaded from another host'
            return
        target = page
        if parts.path:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))
            if parts.path.startswith("/") or target not in self.files:
                yield f'"{address}" leads nowhere'
                return
        place = "" if "=" in parts.fragment else unquote(parts.fragment)  # "record=a&range=1-3" is for scripts
        if place and target.endswith(".html") and place not in self.document(target).ids:
            yield f'"{address}" names a fragment that {target} lacks'


def _style_addresses(text: str) -> list[str]:
    """The addresses that a style sheet refers to, in order."""
    return [next(address for address in found if address) for found in _STYLE_URL.findall(text) if any(found)]


def _read(file: Path) -> _Document:
    reader = _Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    reader.close()
    return reader.document
