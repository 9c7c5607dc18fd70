"""A whole site in a real browser, opened from disk and served under a sub-path: what readers of every page get.

The gallery has tests of its own, and so has the heatmap's own behaviour; here it is tied to what the store holds.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import NewPage
from tests.browser.heatmap_view import READY, cells, choose, columns, hover, marked
from tests.browser.kinds import KINDS, open_kind
from tests.browser.record_view import unfold
from tests.sites import HOSTILE, RECORDS

pytestmark = pytest.mark.browser

PWNED = "() => window.pwned === undefined"

# What of a page is wider than the window, so that readers would have to scroll sideways.
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  ["the page", ...[...document.querySelectorAll("main *, header *, footer *")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5)
    .map((e) => `${e.localName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)]"""


def disk(folder: Path) -> str:
    return f"{folder.as_uri()}/"


def grid(folder: Path, key: str) -> dict:
    lines = (folder / "data" / "grids.jsonl").read_text(encoding="utf-8").splitlines()
    (found,) = [g for g in map(json.loads, lines) if (g["id"], g["model"]) == (key, "First")]
    return found


def probabilities(found: dict) -> np.ndarray:
    """(T, A), from the data file that a test of the pipeline holds to the store."""
    margins = np.array(found["title"])[:, None] + np.array(found["abstract"]) + found["bias"]
    return 1 / (1 + np.exp(-margins))


# --- every page ---


def check_loads(page: Page, site_url: str, path: str) -> None:
    """No error in the console, no error of a script, no request that fails or leaves: `page` watches for these. And
    nothing is wider than the window."""
    open_kind(page, site_url, path)
    assert page.title(), path
    expect(page.locator("h1:not(.card h1)")).to_have_count(1)
    expect(page.locator("main")).to_be_visible()
    assert page.evaluate(PWNED), path
    expect(page.locator(".unzip")).to_be_hidden()
    assert page.evaluate(WIDER) == [], path


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_a_page_loads_without_a_fault(page: Page, built_site: Path, path: str) -> None:
    check_loads(page, disk(built_site), path)


def test_so_do_all_from_a_server(page: Page, served_site: str) -> None:
    for path in KINDS.values():
        check_loads(page, served_site, path)


def test_readers_get_around(page: Page, site_url: str) -> None:
    open_kind(page, site_url, "index.html")
    page.get_by_role("link", name=RECORDS[1]["title"]).click()
    page.wait_for_selector(READY)
    expect(page.locator("h1")).to_have_text(RECORDS[1]["title"])
    page.locator(".pager a[rel=next]").first.click()
    page.wait_for_selector(READY)
    expect(page.locator("h1")).to_have_text(RECORDS[2]["title"])
    asked = ("More than luck?", "Words", "Whole collection", "Can I trust this?")
    for name in ("Sentences", *asked, "Methods", "Data", "About", "Gallery"):
        navigation = page.get_by_role("navigation", name="Site")
        if not navigation.get_by_role("link", name=name, exact=True).is_visible():
            navigation.locator("summary").click()
        navigation.get_by_role("link", name=name, exact=True).click()
        expect(page.locator("nav a[aria-current=page]").first).to_have_text(name)


def test_a_ranked_sentence_leads_to_its_place(page: Page, site_url: str) -> None:
    open_kind(page, site_url, "sentences/index.html")
    quote = page.locator("a.quote").first
    text = quote.inner_text()
    quote.click()
    page.wait_for_selector(READY)
    assert " ".join(page.locator(".sentence:target").inner_text().split()) == text


@pytest.mark.parametrize("path", ["index.html", *(f"records/p{k}.html" for k in (2, 3, 4))])
def test_markup_in_a_title_is_text(page: Page, site_url: str, path: str) -> None:
    open_kind(page, site_url, path)
    assert HOSTILE in page.locator("body").inner_text()
    check_inert(page)


@pytest.mark.parametrize("path", ["words.html", "sentences/index.html", "facet/b-kind-b-85897140/typical.html"])
def test_markup_in_a_ranking_is_text(page: Page, built_site: Path, path: str) -> None:
    open_kind(page, disk(built_site), path)
    assert "<img" in (page.locator("main").text_content() or "")
    check_inert(page)


def check_inert(page: Page) -> None:
    page.wait_for_timeout(50)
    assert page.evaluate(PWNED)
    assert page.locator("img[src=x]").count() == 0
    names = page.locator("body *").evaluate_all("all => [...new Set(all.map(e => e.localName))]")
    assert not {"i", "font", "iframe", "object"} & set(names)
    assert page.locator("b b, th b, dt b, .sentence b").count() == 0


def test_markup_in_metadata_and_facets_is_text(page: Page, built_site: Path) -> None:
    open_kind(page, disk(built_site), "records/p3.html")
    metadata = unfold(page, "the-paper").locator(".metadata").inner_text()
    assert metadata.count(HOSTILE) == 2
    assert "<b>kind</b>" in metadata
    assert "<b>bold</b> & mean it" in page.locator('[data-field="abstract"]').inner_text()


# --- the record page ---


def test_the_heatmap_shows_what_the_store_holds(page: Page, site_url: str, built_site: Path) -> None:
    found = grid(built_site, "p2")
    expected = probabilities(found)
    assert np.ptp(expected) > 0.2
    open_kind(page, site_url, "records/p2.html")
    np.testing.assert_allclose(cells(page), expected, rtol=0, atol=1e-6)
    choose(page, "sentences")
    ends = np.array(found["sentence_ends"]) - 1
    np.testing.assert_allclose(cells(page), expected[:, ends], rtol=0, atol=1e-6)


ODD = ("p1", "p4", "p8", "p12")  # of which something is missing, or repeated, or odd; the others at night


@pytest.mark.parametrize(
    "key",
    [
        key if key in ODD else pytest.param(key, marks=pytest.mark.nightly)
        for key in (record["id"] for record in RECORDS)
        if key.startswith("p")
    ],
)
def test_every_records_heatmap_is_its_own(page: Page, built_site: Path, key: str) -> None:
    found = grid(built_site, key)
    open_kind(page, disk(built_site), f"records/{key}.html")
    if page.locator(".heatmap").get_attribute("data-drawn") == "sentences":
        choose(page, "words")
    np.testing.assert_allclose(cells(page), probabilities(found), rtol=0, atol=1e-6)


def test_pointing_at_a_cell_marks_its_words(page: Page, site_url: str) -> None:
    open_kind(page, site_url, "records/p1.html")
    hover(page, 0, 3)
    assert marked(page) == ["Simulated", "of"]
    choose(page, "sentences")
    second = next(one["word"] for one in columns(page) if one["sentence"] == 1)
    hover(page, 2, second)
    assert marked(page) == ["learn", "Each agent follows two rules and forgets the rest."]


def test_what_matters_comes_first(page: Page, new_page: NewPage, built_site: Path) -> None:
    """Everything down to the figure is seen at once; on a phone the picture begins in the first screen."""
    open_kind(page, disk(built_site), "records/p1.html")
    box = page.locator(".heatmap-panel").bounding_box()
    assert box
    assert box["y"] + box["height"] < 700
    phone = new_page(viewport={"width": 390, "height": 844})
    open_kind(phone, disk(built_site), "records/p1.html")
    box = phone.locator(".heatmap-panel").bounding_box()
    assert box
    assert box["y"] < 500


def test_the_page_tells_every_models_verdict(page: Page, built_site: Path) -> None:
    open_kind(page, disk(built_site), "records/p1.html")
    rows = unfold(page, "the-paper").locator(".effects tbody tr")
    expect(rows).to_have_count(2)
    first = rows.first.locator(".number").inner_text()
    expect(page.locator('.verdict-panel [data-part="percent"]')).to_have_text(first)


def test_links_in_metadata_are_links(page: Page, built_site: Path) -> None:
    open_kind(page, disk(built_site), "records/p1.html")
    unfold(page, "the-paper")
    expect(page.get_by_role("link", name="10.1234/crowds.2015")).to_have_attribute(
        "href", "https://doi.org/10.1234/crowds.2015"
    )
    open_kind(page, disk(built_site), "records/p12.html")
    unfold(page, "the-paper")
    address = "https://example.org/a?b=c&d=e"
    expect(page.get_by_role("link", name=address)).to_have_attribute("href", address)


# --- without scripts, on paper, alone ---


def test_without_scripts_the_gallery_shows_every_row(new_page: NewPage, site_url: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site_url + "index.html")
    rows = page.locator("#gallery tbody tr")
    expect(rows).to_have_count(len(RECORDS))
    for k in range(len(RECORDS)):
        expect(rows.nth(k).locator(".title a")).to_be_visible()
    expect(page.locator("#toolbar")).to_be_hidden()
    assert page.locator("#histogram .bars button").count() > 1
    expect(page.locator("#example .line")).to_be_visible()
    page.get_by_role("link", name=RECORDS[0]["title"]).click()
    expect(page.locator("h1")).to_have_text(RECORDS[0]["title"])


def test_without_scripts_a_record_has_text_table_and_figure(new_page: NewPage, site_url: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{site_url}records/p1.html")
    assert page.locator('[data-field="abstract"]').inner_text() == RECORDS[0]["abstract"]
    expect(page.locator("#sentences-heading")).to_be_visible()
    page.locator(".heatmap-table summary").click()
    expect(page.locator(".heatmap-table tbody tr").last).to_be_visible()
    box = page.locator(".heatmap-figure").bounding_box()
    assert box
    assert box["width"] > 100
    assert box["height"] > 30
    expect(page.locator(".heatmap-controls")).to_be_hidden()


def test_without_scripts_rankings_are_whole(new_page: NewPage, built_site: Path) -> None:
    page = new_page(java_script_enabled=False)
    for path in ("sentences/index.html", "words.html"):
        page.goto(disk(built_site) + path)
        rows = page.locator("[data-list] > li")
        assert rows.count() > 15
        expect(rows.last).to_be_visible()


def test_on_paper_the_figure_takes_the_place_of_the_heatmap(page: Page, site_url: str) -> None:
    open_kind(page, site_url, "records/p1.html")
    figure = page.locator(".heatmap-figure")
    expect(figure).to_be_hidden()
    page.emulate_media(media="print")
    expect(figure).to_be_visible()
    assert figure.evaluate("e => e.complete && e.naturalWidth > 100")
    for gone in (".heatmap-region", ".heatmap-controls", ".masthead nav", ".pager >> nth=0"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator(".abstract")).to_be_visible()


def test_alone_the_page_asks_to_be_extracted(browser: Browser, built_site: Path, tmp_path: Path) -> None:
    shutil.copy(built_site / "index.html", tmp_path)
    with browser.new_page() as page:  # not watched: that files are missing is what is tested
        page.goto((tmp_path / "index.html").as_uri())
        expect(page.get_by_text("extract the whole archive first")).to_be_visible()


# --- narrow and wide, light and dark ---


def test_no_page_is_wider_than_a_telephone(new_page: NewPage, built_site: Path) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    wide = {}
    for name, path in KINDS.items():
        open_kind(page, disk(built_site), path)
        wide[name] = page.evaluate(WIDER)
    assert {name: found for name, found in wide.items() if found} == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_nor_is_the_gallery_as_a_table(new_page: NewPage, built_site: Path, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 844})
    open_kind(page, disk(built_site), "index.html")
    page.get_by_label("table", exact=True).check()
    assert page.evaluate(WIDER) == []


def luminance(colour: str) -> float:
    return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3


BY_DAY = ("index", "record", "try", "models", "clear sentences", "truth", "network", "facet")  # the others at night


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=name, marks=[] if name in BY_DAY else [pytest.mark.nightly])
        for name, path in KINDS.items()
    ],
)
def test_dark_readers_get_dark_pages(new_page: NewPage, built_site: Path, path: str) -> None:
    """Their words can be read, too: as axe-core measures it, which a page's own policy would not let in."""
    page = new_page(bypass_csp=True, color_scheme="dark", viewport={"width": 1280, "height": 900})
    open_kind(page, disk(built_site), path)
    colours = page.evaluate("() => { const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]; }")
    assert luminance(colours[0]) < 60
    assert luminance(colours[1]) > 180
    canvas = page.locator(".heatmap canvas")
    if canvas.count():
        corner = canvas.evaluate("e => [...e.getContext('2d').getImageData(1, 1, 1, 1).data].slice(0, 3)")
        assert sum(corner) / 3 < 80
    if page.locator("table.dataTable").count():
        assert page.evaluate("() => document.documentElement.classList.contains('dark')")
    assert violations(page, colours=True) == []
