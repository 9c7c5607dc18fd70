"""What tells the web of a site that has an address there: sitemap.xml for search engines, feed.xml for subscribers, and
assets/og.png, which others show beside a link.

The sitemap (sitemaps.org 0.9) has all pages but the one for missing pages and the plain lists, which repeat the
gallery. The feed (Atom, RFC 4287) has what a reader would subscribe to: the author's own pages, then the papers, the
last of the records first, since new ones are mostly added there. It has titles and answers and no text of a paper.

No page knows when it was written, since the same inputs give the same bytes: every date is the one that is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from sitegen.config import Site
from sitegen.version import __version__
from sitegen.web import routes
from sitegen.web.charts.preview import preview_spec
from sitegen.web.charts.style import Palette
from sitegen.web.layout import NavItem
from sitegen.web.publish.figures import draw_png
from sitegen.web.publish.staging import Output
from sitegen.web.summary import RecordSummary
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.numbers import percent

SITEMAP_LIMIT = 50_000  # addresses that one sitemap may hold
ENTRIES = 100  # papers in the feed

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ATOM = "http://www.w3.org/2005/Atom"
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One page of the site as its feed shows it: its title, its path within the site, and a sentence on it."""

    title: str
    path: str
    summary: str = ""


def announce(
    output: Output,
    site: Site,
    prose: Sequence[NavItem],
    summaries: Sequence[RecordSummary],
    *,
    palette: Palette,
    date: int,
    cache: Path,
) -> None:
    """Write the feed, the preview and the sitemap of a site whose pages are written."""
    latest = list(reversed(summaries[-ENTRIES:]))
    told = [Entry(title=one.title, path=one.page, summary=_answer(site, one)) for one in latest]
    output.write(routes.FEED, feed(site, [*(Entry(title=own.text, path=own.path) for own in prose), *told], date=date))
    labels = [summary.record.label for summary in summaries]
    spec = preview_spec(
        [summary.probability for summary in summaries],
        labels=labels if any(label is not None for label in labels) else None,
        classes=site.classes.names,
        palette=palette,
        threshold=site.classes.threshold,
        title=site.title,
        subtitle=site.subtitle,
        nouns=Nouns.of(site),
    )
    output.write(routes.asset(routes.PREVIEW), draw_png(spec, cache=cache))
    for path, text in sitemaps(site, output.written):
        output.write(path, text)


def _answer(site: Site, summary: RecordSummary) -> str:
    return f"The model finds “{site.classes.positive}” {percent(summary.probability)} likely."


def sitemaps(site: Site, files: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The sitemap of the pages among `files`, as (path, XML); of very many pages several, and an index of these."""
    missing, lists = routes.page("not-found"), routes.page("list", "").removesuffix(".html")
    pages = sorted(file for file in files if file.endswith(".html") and file != missing and not file.startswith(lists))
    parts = [pages[k : k + SITEMAP_LIMIT] for k in range(0, len(pages), SITEMAP_LIMIT)]
    if len(parts) <= 1:
        yield routes.SITEMAP, _sitemap("urlset", "url", [site.address(page) for page in pages])
        return
    names = [routes.SITEMAP.replace(".", f"-{number}.") for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield name, _sitemap("urlset", "url", [site.address(page) for page in part])
    yield routes.SITEMAP, _sitemap("sitemapindex", "sitemap", [site.address(name) for name in names])


def feed(site: Site, entries: Sequence[Entry], *, date: int) -> str:
    """The site's feed: `entries` in the order given, all of one date, in seconds since 1970."""
    updated = datetime.fromtimestamp(date, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": site.language})

    def add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
        element = ET.SubElement(parent, tag, attributes)
        element.text = _allowed(text) or None
        return element

    add(root, "id", site.url)
    add(root, "title", site.title)
    if site.subtitle or site.description:
        add(root, "subtitle", site.subtitle or site.description)
    add(root, "updated", updated)
    add(root, "link", rel="self", type="application/atom+xml", href=site.address(routes.FEED))
    add(root, "link", rel="alternate", type="text/html", href=site.url)
    add(root, "generator", "sitegen", version=__version__)
    for author in site.authors or (site.title,):
        add(add(root, "author"), "name", author)
    if site.license:
        add(root, "rights", site.license)
    for entry in entries:
        element, address = add(root, "entry"), site.address(entry.path)
        add(element, "id", address)
        add(element, "title", entry.title)
        add(element, "updated", updated)
        add(element, "link", rel="alternate", type="text/html", href=address)
        if entry.summary:
            add(element, "summary", entry.summary)
    return _xml(root)


def _sitemap(root: str, child: str, addresses: Iterable[str]) -> str:
    element = ET.Element(root, {"xmlns": _SITEMAP})
    for address in addresses:
        ET.SubElement(ET.SubElement(element, child), "loc").text = address
    return _xml(element)


def _allowed(text: str) -> str:
    """The text without the characters that XML has no way to write."""
    return _UNWRITABLE.sub("", text)


def _xml(root: ET.Element) -> str:
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
