"""Pages on paper, A4 upright: light whatever the reader's screen is, nothing cut, no controls, nothing too small."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.kinds import KINDS, open_kind

pytestmark = pytest.mark.browser

WIDTH = 680  # pixels between the margins of print.css: 210 - 2 * 15 mm
SMALLEST = 12  # pixels: 9 points
PRINTED = {name: path for name, path in KINDS.items() if not path.startswith("records/")}
PRINTED["index as a table"] = "index.html#view=table"
CHARTS = {"corpus": 4, "truth": 27}

SHOWN = """(fails) => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length && fails(e))
  .map((e) => `${e.localName}.${e.className}: ${e.textContent.trim().slice(0, 40)}`)"""

# Elements with words of their own in letters below a size, where these are no sign above the line.
SMALL = f"""(least) => ({SHOWN})((e) => !e.closest("svg, sup, .skip, [aria-hidden=true]")
  && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())
  && parseFloat(getComputedStyle(e).fontSize) < least - .1)"""

# Elements that end right of the sheet.
CUT = f"""(width) => ({SHOWN})((e) => !e.closest(".skip, .values") && e.getBoundingClientRect().right > width + 1)"""

# What charts drawn as SVG have: ground, the colours of their words, and the sizes of these.
LOOK = """(all) => ({
  grounds: [...new Set(all.map((e) => getComputedStyle(e).backgroundColor))],
  words: [...new Set(all.map((e) => e.querySelector(".role-axis-label text").getAttribute("fill")))],
  sizes: all.flatMap((e) => [...e.querySelectorAll("text")].map((t) => parseFloat(getComputedStyle(t).fontSize))),
  widths: all.map((e) => Number(e.getAttribute("width"))),
})"""
LIGHT = {"grounds": ["rgb(255, 255, 255)"], "words": ["#3c4454"]}

# Keeps that look at the end of a print, before the page is drawn for the screen again.
KEEP = f"""addEventListener("afterprint", () => {{
  window.printed = ({LOOK})([...document.querySelectorAll(".chart svg")]);
}})"""

# Bars and cells that can be clicked are what they show on paper, too.
BUTTONS = "button:not(.bars button, td button)"
CONTROLS = f"nav, {BUTTONS}, input, select, .toolbar, .dt-search, .dt-paging, .vega-embed summary, details:not([open])"


# Two frames: the first is drawn as the sheet is, whatever listens for a print has run by the second.
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"


def on_paper(page: Page, built_site: Path, path: str) -> None:
    """Open a page and wait until it is as it will be printed: its charts drawn anew, as SVG."""
    open_kind(page, f"{built_site.as_uri()}/", path)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".chart canvas")).to_have_count(0)
    page.evaluate(FRAMES)


@pytest.mark.parametrize("name", PRINTED)
def test_a_page_fits_its_sheet(new_page: NewPage, built_site: Path, name: str) -> None:
    page = new_page(color_scheme="dark", viewport={"width": WIDTH, "height": 1000})
    on_paper(page, built_site, PRINTED[name])
    assert page.evaluate(CUT, WIDTH) == []
    assert page.evaluate(SMALL, SMALLEST) == []
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("() => getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert [e for e in page.locator(CONTROLS).all() if e.is_visible()] == []
    heads = page.locator("table:visible:not(.cards) thead").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).display)"
    )
    assert set(heads) <= {"table-header-group"}


@pytest.mark.parametrize("name", CHARTS)
def test_charts_are_drawn_for_the_sheet(new_page: NewPage, built_site: Path, name: str) -> None:
    page = new_page(color_scheme="dark", viewport={"width": 390, "height": 800})  # a telephone that prints
    open_kind(page, f"{built_site.as_uri()}/", KINDS[name])
    page.emulate_media(media="print", color_scheme="dark")
    charts = page.locator(".chart svg")
    expect(charts).to_have_count(CHARTS[name])
    expect(page.locator(".chart canvas")).to_have_count(0)
    page.evaluate(FRAMES)
    found = charts.evaluate_all(LOOK)
    assert found | LIGHT == found
    assert all(0.9 * WIDTH <= width <= WIDTH for width in found["widths"])
    assert min(found["sizes"]) >= SMALLEST
    page.emulate_media(media="screen", color_scheme="dark")
    expect(page.locator(".chart canvas")).to_have_count(CHARTS[name])
    expect(page.locator(".chart .vega-embed")).to_have_count(CHARTS[name])


def test_what_is_printed_is_drawn_in_time(new_page: NewPage, built_site: Path) -> None:
    """A real print: the charts' new pictures stand in the page before it is over, though nothing waits for them."""
    page = new_page(color_scheme="dark")
    page.add_init_script(KEEP)
    open_kind(page, f"{built_site.as_uri()}/", "corpus.html")
    page.pdf(format="A4")
    printed = page.evaluate("() => window.printed")
    assert len(printed["widths"]) == CHARTS["corpus"]
    assert printed | LIGHT == printed
    expect(page.locator(".chart canvas")).to_have_count(CHARTS["corpus"])
    assert page.evaluate("() => document.documentElement.className") == "dark"
