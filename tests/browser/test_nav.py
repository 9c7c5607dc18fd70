"""The navigation on a telephone: one line, in which the page that is open is in sight."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["index.html", "data/index.html"])
def test_on_a_telephone_it_is_one_line_and_the_open_page_is_seen(
    new_page: NewPage, built_site: Path, path: str
) -> None:
    page = new_page(viewport={"width": 390, "height": 700}, java_script_enabled=False)
    page.goto(f"{built_site.as_uri()}/{path}")
    nav = page.locator(".masthead nav a")
    tops = nav.evaluate_all("all => all.map((link) => Math.round(link.getBoundingClientRect().top))")
    assert len(set(tops)) == 1
    current = page.locator('.masthead [aria-current="page"]')
    expect(current).to_be_in_viewport(ratio=1)
    last = page.locator(".masthead nav a").last
    last.focus()  # by the keyboard every entry is reached, and seen
    expect(last).to_be_in_viewport()
    expect(current).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
