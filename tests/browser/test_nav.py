"""The navigation: one line where there is room, two on a telephone, and what else there is behind "More"."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import NewPage
from tests.browser.kinds import KINDS, open_kind

pytestmark = pytest.mark.browser
BOXES = "all => all.map((one) => { const { top, height } = one.getBoundingClientRect(); return [top, height]; })"


def lines(page: Page) -> int:
    """How many lines the entries take that are always seen; each must be high enough for a finger."""
    boxes = page.locator(".masthead nav > ul > li > a, .more summary").evaluate_all(BOXES)
    assert min(height for _, height in boxes) >= 24
    return len({round(top) for top, _ in boxes})


def test_it_is_one_line_and_asks_in_a_readers_words(page: Page, built_site: Path) -> None:
    open_kind(page, f"{built_site.as_uri()}/", KINDS["how to read"])
    assert lines(page) == 1
    assert page.locator(".masthead").bounding_box()["height"] < 60  # beside the site's name
    expect(page.locator('.masthead [aria-current="page"]')).to_have_text("How to read")
    names = page.locator(".masthead nav a").all_text_contents()
    assert {"More than luck?", "Whole collection", "Can I trust this?"} <= set(names)


def test_without_scripts_a_telephone_shows_all_entries(new_page: NewPage, built_site: Path) -> None:
    page = new_page(viewport={"width": 390, "height": 700}, java_script_enabled=False)
    page.goto(f"{built_site.as_uri()}/data/index.html")
    assert lines(page) <= 3
    more = page.locator(".more summary")
    expect(more).to_have_text("More: Data")  # the open page's entry is folded, and still seen
    expect(more).to_be_in_viewport(ratio=1)
    current = page.locator('.masthead nav [aria-current="page"]')
    expect(current).to_be_hidden()
    more.focus()
    page.keyboard.press("Enter")
    for link in page.locator(".masthead nav a").all():
        expect(link).to_be_in_viewport(ratio=1)
    page.keyboard.press("Tab")
    expect(page.locator(".more a").first).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_unfolded_nothing_hinders_access(new_page: NewPage, built_site: Path, width: int, scheme: str) -> None:
    page = new_page(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 844})
    open_kind(page, f"{built_site.as_uri()}/", "corpus.html")
    page.locator(".more summary").click()
    assert violations(page) == []


def test_it_folds_again_by_escape_and_by_a_click_beside_it(page: Page, built_site: Path) -> None:
    open_kind(page, f"{built_site.as_uri()}/", "words.html")
    more, last = page.locator(".more summary"), page.locator(".more a").last
    more.click()
    last.focus()
    page.keyboard.press("Escape")
    expect(last).to_be_hidden()
    expect(more).to_be_focused()
    more.click()
    expect(last).to_be_visible()
    page.locator("h1").click()
    expect(last).to_be_hidden()
