"""A real Chromium, and pages that fail a test when anything is wrong in their console or leaves the machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from sitegen.cli.preview import server
from tests.browser.chromium import launch

LOCAL_HOSTS = {"127.0.0.1", "localhost"}
LATE = Path(__file__).with_name("late.js")  # in all pages where SITEGEN_LATE is set, as `make nightly` does
TIMEOUT = 20_000  # milliseconds: two shared cores


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests of a process: CHROMIUM's, the system's, or Playwright's own.

    Without one the tests fail: skipped, they would say that pages work which nobody has opened.
    """
    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright)
        except Error as error:
            reason = error.message.splitlines()[0]
            pytest.fail(f"no Chromium can be started ({reason}); `make test` installs one, or set CHROMIUM to its path")
        yield chromium
        chromium.close()


NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """The contexts of all pages of a process, by their options. To make one costs as much as most tests do with it, and
    a test leaves nothing in it for the next: pages keep nothing in the browser (see test_bundles.py).

    The first page of each stays open, at an address on disk: with --process-per-site all its pages from disk share one
    process then. To start a process for each costs more than most pages do.
    """
    made: dict[str, BrowserContext] = {}
    yield made
    for context in made.values():
        context.close()


@pytest.fixture
def new_page(browser: Browser, contexts: dict[str, BrowserContext]) -> Iterator[NewPage]:
    """Makes pages that are closed when the test ends (keyword arguments: Playwright's for a context, e.g. viewport).

    When the test ends it fails for any console error or warning, page error, failed request, or request that left
    file://, data:, blob: and the local server.
    """
    used: list[BrowserContext] = []
    faults: list[str] = []

    def watch(page: Page) -> None:
        def console(message: object) -> None:
            if message.type in ("error", "warning"):  # type: ignore[attr-defined]
                faults.append(f"console {message.type}: {message.text}")  # type: ignore[attr-defined]

        def request(sent: object) -> None:
            url = urlsplit(sent.url)  # type: ignore[attr-defined]
            if url.scheme not in ("file", "data", "blob") and url.hostname not in LOCAL_HOSTS:
                faults.append(f"request to {sent.url}")  # type: ignore[attr-defined]

        def failed(sent: object) -> None:
            # Going on to the next page ends what this one has not loaded yet; a file that lacks has another error.
            left = sent.failure == "net::ERR_ABORTED"  # type: ignore[attr-defined]
            if not left:
                faults.append(f"failed: {sent.url} {sent.failure}")  # type: ignore[attr-defined]

        page.on("console", console)
        page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
        page.on("request", request)
        page.on("requestfailed", failed)

    def make(**options: object) -> Page:
        key = repr(sorted(options.items()))
        if key not in contexts:
            contexts[key] = browser.new_context(**options)  # type: ignore[arg-type]
            contexts[key].set_default_timeout(TIMEOUT)
            if os.environ.get("SITEGEN_LATE"):
                contexts[key].add_init_script(path=LATE)
            contexts[key].new_page().goto("file:///")  # stays open: see `contexts`
        context = contexts[key]
        if context not in used:
            used.append(context)
            context.on("page", watch)
        return context.new_page()

    yield make
    for context in used:
        context.remove_listener("page", watch)
        for page in context.pages[1:]:  # the first one stays: see `contexts`
            page.close()
    assert faults == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One watched page, 1280 x 900."""
    return new_page(viewport={"width": 1280, "height": 900})


@pytest.fixture(scope="session")
def served_site(built_site: Path) -> Iterator[str]:
    """The address of the shared site on a server, under a sub-path; ends with a slash."""
    with server(built_site, base="/some/where/", port=0) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}/some/where/"
        running.shutdown()
        thread.join()


SAME_OVER_HTTP = {  # tests of what an address changes nothing about; from a server at night
    "test_corpus.py",
    "test_facet.py",
    "test_inside.py",
    "test_inside_data.py",
    "test_models.py",
    "test_network.py",
    "test_patterns.py",
    "test_record_text.py",
    "test_save.py",
    "test_site.py",  # which opens all kinds of pages over HTTP, too
    "test_strikeout.py",
    "test_swap.py",
    "test_try.py",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave some tests over HTTP to the night."""
    for item in items:
        if item.path.name in SAME_OVER_HTTP and "over HTTP" in item.name:
            item.add_marker(pytest.mark.nightly)


@pytest.fixture(params=["from disk", "over HTTP"])
def site_url(request: pytest.FixtureRequest, built_site: Path) -> str:
    """The address of the shared site, with a slash at its end: once from disk, once under a server's sub-path."""
    if request.param == "from disk":
        return f"{built_site.as_uri()}/"
    address: str = request.getfixturevalue("served_site")
    return address
