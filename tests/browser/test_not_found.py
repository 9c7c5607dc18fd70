"""The page for addresses that the site lacks: it stands under any address, so it has nothing but itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sitegen.web.publish.render import Renderer
from tests.golden.test_golden import golden_pages

pytestmark = pytest.mark.browser

GROUND = "() => getComputedStyle(document.body).backgroundColor"


def test_it_stands_under_any_address(browser: Browser, served_site: str) -> None:
    with browser.new_page(color_scheme="dark") as page:  # not watched: the console tells of the answer, 404
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        address = f"{served_site}records/deep/down/nothing.html"
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404
        expect(page.locator("h1")).to_have_text("There is no such page")
        assert [url for url in asked if not url.startswith("data:")] == [address]
        expect(page.get_by_role("link")).to_have_attribute("href", "https://example.org/some/where/")
        assert page.evaluate(GROUND) == "rgb(20, 23, 29)"
        page.emulate_media(color_scheme="light")
        assert page.evaluate(GROUND) == "rgb(251, 250, 247)"


def test_without_an_address_of_the_site_it_says_how_to_get_there(page: Page, tmp_path: Path) -> None:
    shown = golden_pages(tmp_path)["404"]
    object.__setattr__(shown, "home", "")
    (tmp_path / "404.html").write_text(Renderer().render(shown), encoding="utf-8")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto((tmp_path / "404.html").as_uri())
    expect(page.locator("main")).to_contain_text("remove everything after the site's name from the address bar")
    expect(page.get_by_role("link")).to_have_count(0)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
