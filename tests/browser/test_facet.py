"""The pages of a facet's values in a browser: numbers read back, the way to the gallery and back, narrow windows."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.kinds import KINDS, open_kind

pytestmark = pytest.mark.browser

VALUE, INDEX = KINDS["value of a facet"], KINDS["facet"]


def test_the_comparison_and_the_pages_agree(page: Page, site_url: str) -> None:
    open_kind(page, site_url, INDEX)
    rows = page.locator("table.compared tbody tr")
    told = {
        row.locator("td").first.inner_text().rstrip(" *"): row.locator("td").all_inner_texts() for row in rows.all()
    }
    assert len(told) > 1
    hrefs = rows.locator("a").evaluate_all("all => all.map((e) => [e.textContent, e.href])")
    for value, href in hrefs:
        page.goto(href)
        page.wait_for_selector('html[data-ready="lists"]')
        assert page.locator("h1").inner_text().split("\n")[0].startswith(value[:1].upper() + value[1:])
        tiles = page.locator(".tiles strong").all_inner_texts()
        _, papers, positive, *_, mean = told[value]
        assert tiles[0] == papers
        assert tiles[1] == f"{positive.split(' ')[0]} of {papers}"
        assert tiles[2] == mean
        assert page.locator(".papers-of li").count() == int(papers)


def test_a_few_rows_have_no_pager_and_their_heads_say_what_they_do(page: Page, built_site: Path) -> None:
    open_kind(page, f"{built_site.as_uri()}/", INDEX)
    expect(page.locator(".dt-paging, .dt-search, .dt-info")).to_have_count(0)
    head = page.locator("table.compared thead").evaluate("head => head.outerHTML")
    assert ": sort by it" in head
    assert "Activate" not in head


def test_a_column_sorts_the_values(page: Page, site_url: str) -> None:
    open_kind(page, site_url, INDEX)
    head = page.locator("table.compared thead th").last
    head.click()
    values = page.locator("table.compared tbody td:last-child").evaluate_all(
        "all => all.map((e) => Number(e.dataset.order))"
    )
    assert values in (sorted(values), sorted(values, reverse=True))


def test_the_gallery_shows_the_same_papers(page: Page, site_url: str) -> None:
    open_kind(page, site_url, VALUE)
    here = set(page.locator(".papers-of a").all_inner_texts())
    page.get_by_role("link", name="in the gallery").first.click()
    page.wait_for_selector('html[data-ready="gallery"]')
    assert set(page.locator("#gallery td.title a").all_inner_texts()) == here
    page.get_by_role("link", name="subject", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Compared by subject")


def test_a_record_leads_to_the_page_of_its_value(page: Page, site_url: str) -> None:
    open_kind(page, site_url, VALUE)
    page.locator(".papers-of a").first.click()
    page.wait_for_selector('html[data-ready="heatmap"]')
    page.locator("#the-paper summary").click()
    page.locator("#the-paper .metadata a").first.click()
    page.wait_for_selector('html[data-ready="lists"]')
    assert page.url.partition("/facet/")[2]


def test_without_scripts_all_is_there(new_page: NewPage, built_site: Path) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{built_site.as_uri()}/{VALUE}")
    rows = page.locator("[data-list] > li")
    assert rows.count()
    expect(rows.filter(visible=True)).to_have_count(rows.count())
    page.goto(f"{built_site.as_uri()}/{INDEX}")
    expect(page.locator("table.compared tbody tr").last).to_be_visible()


def test_a_word_is_not_found_by_the_titles_of_its_examples(page: Page, site_url: str) -> None:
    open_kind(page, site_url, KINDS["words"])
    rows = page.locator("[data-list] > li").filter(visible=True)
    title = page.locator("[data-list] .examples a").first.inner_text().split()[0].strip("…").lower()
    page.locator("[data-tools] input").fill(title)
    assert all(title in " ".join(row.locator(".word, .forms").all_inner_texts()) for row in rows.all())
    word = page.locator("[data-list] .word").nth(1).text_content() or ""
    page.locator("[data-tools] input").fill(word)
    expect(rows.locator(".word", has_text=word).first).to_be_visible()
