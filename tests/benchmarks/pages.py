"""What a reader's browser does with the demo site's pages, opened from disk.

*interactive*   from the navigation's start until the page's scripts have drawn and answer, in a new context, so that no
                page finds another's scripts compiled; the median of nine.
*size*          of the record pages, as they lie on disk.

With SITEGEN_OTHER_SITE, the folder of the demo site as another version built it, both are measured by turns and
compared.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from sitegen.config import load_site
from sitegen.pipeline import build as pipeline
from sitegen.web.inputs import Silent
from tests.benchmarks.rows import Row, at_most, measured
from tests.browser.chromium import launch

SITE = Path(__file__).resolve().parents[2] / "content" / "site.toml"
OTHER = "SITEGEN_OTHER_SITE"
OPENED = 9
WIDTH, HEIGHT = 1280, 900
LIMIT = 45.0  # kB, of a record page
SLOWER = 1.3  # times the other site's
PAGES = {"record": "records/sociology-07.html", "gallery": "index.html", "page of charts": "faithfulness.html"}
READY = """() => new Promise((resolve) => {
  const root = document.documentElement;
  const look = () => root.dataset.ready && (watch.disconnect(), resolve(performance.now()));
  const watch = new MutationObserver(look);
  watch.observe(root, { attributes: true });
  look();
})"""


def interactive(browser: Browser, address: str) -> float:
    """Milliseconds from the navigation's start until the page says that it is ready."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    page = context.new_page()
    page.goto(address, wait_until="commit")
    taken: float = page.evaluate(READY)
    context.close()
    return taken


def rows() -> Iterator[Row]:
    """The rows, in the order in which they are measured."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        ours = Path(folder) / "_site"
        pipeline.build(load_site(SITE).written_to(ours), reporter=Silent())
        other = Path(os.environ[OTHER]).resolve() if OTHER in os.environ else None
        browser = launch(playwright)
        for name, path in PAGES.items():
            yield _interactive(browser, name, path, ours=ours, other=other)
        browser.close()
        largest = max((ours / "records").glob("*.html"), key=lambda page: page.stat().st_size)
        size = largest.stat().st_size / 1000
        name = "demo: the largest record page"
        yield at_most(name, unit="kB", ours=size, other=None, ratio=size, goal=LIMIT)


def _interactive(browser: Browser, name: str, path: str, *, ours: Path, other: Path | None) -> Row:
    sites = [site for site in (ours, other) if site]
    times: dict[Path, list[float]] = {site: [] for site in sites}
    for _ in range(OPENED):
        for site in sites:
            times[site].append(interactive(browser, (site / path).as_uri()))
    mine, *others = (statistics.median(times[site]) for site in sites)
    title = f"interactive: {name}"
    if not others:
        return measured(title, unit="ms", ours=mine)
    return at_most(title, unit="ms", ours=mine, other=others[0], ratio=mine / others[0], goal=SLOWER)
