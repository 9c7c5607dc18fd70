"""A live preview in a browser: the page loads itself again, and says what is wrong, under its own policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cli.test_watching import shown, until
from tests.sites import make_scored_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_page_loads_again_by_itself(page: Page, tmp_path: Path, quick_bundles: None) -> None:
    with shown(make_scored_site(tmp_path)) as preview:
        address = f"http://127.0.0.1:{preview._running.server_address[1]}"  # type: ignore[attr-defined]
        until(lambda: preview.live.token != "0")
        page.goto(f"{address}/about.html")
        preview.write("pages/about.md", "# About\n\nWritten while you look.\n")
        expect(page.get_by_text("Written while you look.")).to_be_visible()
        preview.write("pages/about.md", "# About\n\nBut $\\frac{1}$.\n")
        expect(page.get_by_role("alert")).to_contain_text("about.md:3: the formula $\\frac{1}$ lacks a part")
        expect(page.get_by_text("Written while you look.")).to_be_visible()
        preview.write("pages/about.md", "# About\n\nNow $\\frac{1}{2}$.\n")
        expect(page.locator("main math")).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)
        page.goto("about:blank")  # before the server ends, which the page asks twice a second
