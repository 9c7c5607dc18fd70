"""What a reader's browser does with the first page of 3,000 papers of 150 words, opened from disk.

*ready*         from the navigation's start until the gallery is drawn and answers; the median of five, each in a new
                context.
*a key*         from the key's first listener in the page until its last one has ended, which draw the rows, once the
                abstracts are loaded and made ready; measured in the page, the largest of all keys of KEYS.
*other titles*  on a record's page, from the click on that fold until its lists stand there; the median of five.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.pages import HEIGHT, WIDTH, interactive
from tests.benchmarks.rows import Row, at_most
from tests.browser.chromium import launch
from tests.browser.large import write_large

PAPERS, WORDS = 3000, 150
OPENED = 5
KEYS = 'network word12 "word7 word14"'
READY, KEY, FOLD = 1000.0, 50.0, 100.0  # milliseconds, at most
TIMED = """() => {
  window.taken = [];
  let start = 0;
  window.addEventListener("keydown", () => (start = performance.now()), true);
  window.addEventListener("input", () => window.taken.push(performance.now() - start)); // behind the field's own
}"""
UNFOLD = """() => new Promise((resolve) => {
  const fold = document.getElementById("other-titles");
  const start = performance.now();
  new MutationObserver(() => fold.dataset.state === "drawn" && resolve(performance.now() - start))
    .observe(fold, { attributes: true });
  fold.open = true;
})"""


def rows() -> Iterator[Row]:
    """The rows, in the order in which they are measured."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = write_large(Path(folder), PAPERS, filler=WORDS)
        browser = launch(playwright)
        index, record = (site / "index.html").as_uri(), (site / "records" / "r0500.html").as_uri()
        ready = statistics.median(interactive(browser, index) for _ in range(OPENED))
        yield _row("ready", ready, READY)
        taken = keys(browser, index)
        yield _row("a key in the search, the median", statistics.median(taken), KEY)
        yield _row("a key in the search, the slowest", max(taken), KEY)
        yield _row("other titles are shown", statistics.median(unfolded(browser, record) for _ in range(OPENED)), FOLD)
        browser.close()


def keys(browser: Browser, address: str) -> list[float]:
    """Milliseconds of script that each key of KEYS takes."""
    page = _opened(browser, address)
    page.wait_for_selector('html[data-texts="ready"]', state="attached")
    page.wait_for_timeout(1000)  # the texts are made ready for a search in idle time, which is no key's work
    page.locator("#search").focus()
    page.evaluate(TIMED)
    for key in KEYS:
        page.keyboard.press(key if key != " " else "Space")
        page.wait_for_timeout(150)
    taken: list[float] = page.evaluate("() => window.taken")
    page.context.close()
    assert len(taken) == len(KEYS)
    return taken


def unfolded(browser: Browser, address: str) -> float:
    """Milliseconds until a record's fold on other titles is drawn."""
    page = _opened(browser, address)
    page.wait_for_selector("html[data-ready]")
    taken: float = page.evaluate(UNFOLD)
    page.context.close()
    return taken


def _opened(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
    page.goto(address)
    return page


def _row(name: str, taken: float, goal: float) -> Row:
    return at_most(f"{PAPERS:,} papers: {name}", unit="ms", ours=taken, other=None, ratio=taken, goal=goal)
