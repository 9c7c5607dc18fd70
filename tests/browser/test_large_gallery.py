"""The gallery of 2,500 papers in a real browser: scripted rows, plain lists without scripts, a telephone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import large
from tests.browser.conftest import NewPage
from tests.browser.gallery_page import choose, downloaded, opened, search
from tests.sites import HOSTILE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def large_site(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the large site."""
    return f"{large.write_large(tmp_path_factory.mktemp('large')).as_uri()}/"


def test_the_scripted_table_of_2500_rows(page: Page, large_site: str) -> None:
    """One test, since the site takes seconds to write: markup is text, and all that a small gallery does works."""
    opened(page, large_site, "#sort=source")
    found, titles = page.locator("#found"), page.locator("#gallery td.title a")
    expect(found).to_have_text("2,500 papers")
    assert titles.count() == 24
    assert titles.nth(large.HOSTILE_AT).inner_text() == HOSTILE
    hostile = page.locator("#gallery tbody tr").nth(large.HOSTILE_AT)
    assert hostile.inner_text().count(HOSTILE) == 3  # title, facet, sentence
    inert(page)
    assert page.locator("#gallery thead th").all_inner_texts()[4] == "<b>subject</b>"
    assert page.locator("#gallery tbody tr").nth(1).locator("td").count() == 7
    expect(page.locator("#gallery tbody tr").nth(1).locator(".label")).to_contain_text("good")

    search(page, large.WORD)
    expect(found).to_have_text("1 of 2,500 papers")
    expect(titles).to_have_text(re.compile(f"of paper {large.WORD_AT}$"))
    search(page, "elan paper 1234")
    expect(titles).to_have_text(re.compile("of paper 1234$"))
    search(page, "")

    choose(page, "<b>subject</b>", HOSTILE)
    assert titles.all_inner_texts() == [HOSTILE]
    assert [row["<b>subject</b>"] for row in downloaded(page)] == [HOSTILE]
    choose(page, "<b>subject</b>", "subject 2")
    expect(found).to_have_text("833 of 2,500 papers")
    assert len(downloaded(page)) == 833
    page.get_by_role("button", name="Clear").click()
    choose(page, "sort by", "source")

    choose(page, "sort by", "probability-desc")
    percents = [float(text) for text in re.findall(r"([\d.]+)%", page.locator("#gallery tbody").inner_text())]
    assert percents[0] >= percents[-1] > 90
    choose(page, "sort by", "title-asc")
    page.get_by_label("table", exact=True).check()
    inert(page)
    choose(page, "sort by", "source")

    page.get_by_role("navigation", name="pagination").get_by_text("105", exact=True).click()
    expect(titles).to_have_count(2500 - 104 * 24)
    expect(titles.last).to_have_text(re.compile("of paper 2499$"))
    inert(page)
    page.reload()
    page.wait_for_selector('html[data-texts="ready"]', state="attached")
    expect(titles.last).to_have_text(re.compile("of paper 2499$"))
    search(page, "elan good paper 0")
    titles.first.click()
    page.wait_for_selector('html[data-ready="heatmap"]')
    expect(page.locator("h1")).to_have_text("Élan good of paper 0")
    page.goto(f"{large_site}records/r{large.HOSTILE_AT:04}.html")
    page.wait_for_selector('html[data-ready="heatmap"]')
    expect(page.locator("h1")).to_have_text(HOSTILE)
    inert(page)


def inert(page: Page) -> None:
    page.wait_for_timeout(50)
    assert page.evaluate("() => window.pwned === undefined")
    assert page.locator("img[src=x], #gallery b b, th b").count() == 0


def test_without_scripts_lists_lead_to_all_2500_records(new_page: NewPage, large_site: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{large_site}index.html")
    expect(page.locator("noscript a")).to_have_count(5)
    page.locator("noscript a").first.click()
    links = page.locator(".plain-list a")
    expect(links).to_have_count(500)
    expect(links.nth(large.HOSTILE_AT)).to_contain_text(HOSTILE)
    assert page.locator("main img").count() == 0
    hrefs = set(links.evaluate_all("all => all.map((a) => a.getAttribute('href'))"))
    page.locator(".pager a[rel=next]").click()
    hrefs |= set(page.locator(".plain-list a").evaluate_all("all => all.map((a) => a.getAttribute('href'))"))
    assert len(hrefs) == 1000
    links.first.click()
    expect(page.locator("h1")).to_have_text(re.compile("of paper 500$"))


def test_the_large_site_fits_a_telephone(new_page: NewPage, large_site: str) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    opened(page, large_site)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    page.goto(f"{large_site}list/1.html")
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
