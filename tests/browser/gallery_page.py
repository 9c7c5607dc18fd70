"""The gallery as a reader handles it: opened, searched, filtered, downloaded."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.browser.kinds import open_kind


def opened(page: Page, address: str, state: str = "") -> Page:
    open_kind(page, address, f"index.html{state}")
    page.wait_for_selector('html[data-texts="ready"]', state="attached")
    return page


def shown(page: Page) -> list[str]:
    """The ids of the papers shown, in their order, by what their links lead to."""
    names = page.locator("#gallery tbody td.title a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    return [re.sub(r"records/|\.html", "", name) for name in names]


def search(page: Page, text: str) -> list[str]:
    page.locator("#search").fill(text)
    return shown(page)


def choice(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name, exact=True)


def choose(page: Page, name: str, value: str) -> None:
    choice(page, name).select_option(value)


def downloaded(page: Page) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download these as CSV").click()
    assert download.value.suggested_filename == "papers.csv"
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))
