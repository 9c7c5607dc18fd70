"""One page of each kind of the site that `tests.sites.build_shared` builds, and when it is ready."""

from __future__ import annotations

from playwright.sync_api import Page

KINDS = {
    "index": "index.html",
    "how to read": "how-to-read.html",
    "try": "try.html",
    "record": "records/p1.html",
    "hostile record": "records/p3.html",
    "record without abstract": "records/p5.html",
    "record without title": "records/p9.html",
    "long record": "records/p12.html",
    "sentences": "sentences/index.html",
    "value of a facet": "facet/subject/law.html",
    "facet": "facet/subject/index.html",
    "words": "words.html",
    "corpus": "corpus.html",
    "clear sentences": "significance.html",
    "truth": "faithfulness.html",
    "network": "network/index.html",
    "unit": "network/units/abstract-1-forward-0.html",
    "patterns": "network/patterns.html",
    "models": "models.html",
    "methods": "methods.html",
    "data": "data/index.html",
    "format": "data/format.html",
    "check": "check.html",
    "prose": "about.html",
    "not found": "404.html",
}
_READY = {
    "index": "gallery",
    "how-to-read": "heatmap",
    "try": "heatmap",
    "records": "heatmap",
    "facet/subject/index.html": "tables",
    "facet": "lists",
    "sentences": "lists",
    "words": "lists",
    "network/index.html": "tables",
    "corpus": "charts",
    "significance": "charts",
    "faithfulness": "charts",
    "models": "charts",
    "network/patterns.html": "patterns",
}


def open_kind(page: Page, site_url: str, path: str) -> None:
    """Open the page at `path` of the site at `site_url` and wait until its scripts have done their work."""
    page.goto(site_url + path)
    ready = _READY.get(path, _READY.get(path.partition("/")[0].removesuffix(".html")))
    if ready:
        page.wait_for_selector(f'html[data-ready="{ready}"]')
