"""Other titles and abstracts on a record's page: the lists' numbers are those of the published grids."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from sitegen.web.text.numbers import percent, points, slug
from tests.browser.axe import violations
from tests.browser.conftest import NewPage

pytestmark = pytest.mark.browser

THRESHOLD = 0.5
FOLD = "#other-titles"


def opened(page: Page, address: str, name: str = "p1") -> None:
    page.goto(f"{address}records/{name}.html")
    assert page.evaluate("window.sitegen.swaps") is None  # only who opens it loads it
    page.locator(f"{FOLD} > summary").click()
    page.wait_for_selector(f'{FOLD}[data-state="drawn"]')


def expected(site: Path, name: str, kept: str, other: str) -> list[tuple[str, str, bool, str]]:
    """Percent, change, whether it flips, and the id, from the grids that the site publishes; the largest first."""
    rows = [json.loads(line) for line in (site / "data" / "grids.jsonl").read_text().splitlines()]
    rows = [row for row in rows if row["model"] == "First"]
    (own,) = [row for row in rows if row["id"] == name]
    answers = []
    for k, row in enumerate(rows):
        if row is not own and row[f"{other}_tokens"]:
            margin = np.float32(own[kept][-1]) + np.float64(np.float32(row[other][-1]))
            p, whole = (1 / (1 + np.exp(-one)) for one in (margin + own["bias"], own["margin"]))
            flips = (p >= THRESHOLD) != (whole >= THRESHOLD)
            answers.append((abs(p - whole), -k, percent(p), points(p - whole), bool(flips), slug(row["id"])))
    return [(p, change, flips, key) for _, _, p, change, flips, key in sorted(answers, reverse=True)][:20]


def shown(page: Page, number: int) -> list[tuple[str, str, bool, str]]:
    table = page.locator(f"{FOLD} table").nth(number)
    return [
        (says, change, "⇄" in flips, Path(href).stem)
        for says, change, flips, href in table.evaluate(
            "t => [...t.tBodies[0].rows].map(r => [...[...r.cells].slice(0, 3).map(c => c.textContent),"
            " r.querySelector('a').getAttribute('href')])"
        )
    ]


def test_the_lists_are_what_the_grids_add_up_to(page: Page, built_site: Path, site_url: str) -> None:
    opened(page, site_url)
    assert shown(page, 0) == expected(built_site, "p1", "title", "abstract")
    assert shown(page, 1) == expected(built_site, "p1", "abstract", "title")
    assert page.locator(FOLD).inner_text().count("⇄") > 1  # beside the legend's
    page.locator(f"{FOLD} td a").first.click()
    expect(page.locator("h1")).to_be_visible()


def test_a_search_finds_titles_whatever_their_case(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    title = page.locator(f"{FOLD} td a").nth(2).inner_text()
    page.locator(f"{FOLD} input").fill(title.upper())
    assert set(page.locator(f"{FOLD} td a").all_inner_texts()) == {title}
    page.locator(f"{FOLD} input").fill("no title has this")
    expect(page.locator(FOLD)).to_contain_text("Nothing here matches.")


def test_where_a_file_lacks_and_without_scripts_the_sentences_stand(new_page: NewPage, built_site: Path) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{built_site.as_uri()}/records/p1.html")
    page.locator(f"{FOLD} > summary").click()
    expect(page.locator(FOLD)).to_contain_text("this title gives")


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.nightly), "dark"])
def test_nothing_hinders_access_and_it_fits_a_phone(new_page: NewPage, built_site: Path, scheme: str) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    opened(page, f"{built_site.as_uri()}/")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
