"""The corpus page in a real browser: its charts draw at any width, and a paper's dot leads to the paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.kinds import open_kind

pytestmark = pytest.mark.browser

CHARTS = ["places", "fields", "calibration", "unknown"]

# The middle of the first dot in the colour of the positive class below the legend, in pixels of the page.
FIND_DOT = """(canvas) => {
  const { width, height } = canvas, scale = width / canvas.getBoundingClientRect().width;
  const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const blue = (x, y) => {
    const at = 4 * (y * width + x);
    return pixels[at + 3] && pixels[at + 2] - pixels[at] > 80;
  };
  for (let y = Math.round(60 * scale); y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      if (blue(x, y) && blue(x, y + Math.round(4 * scale))) return [x / scale, y / scale + 3];
  return null;
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_every_chart_fills_its_place(new_page: NewPage, site_url: str, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 900})
    open_kind(page, site_url, "corpus.html")
    assert page.locator("[data-chart]").evaluate_all("all => all.map((e) => e.dataset.chart)") == CHARTS
    for name in CHARTS:
        card = page.locator(f'[data-chart="{name}"]')
        canvas = card.locator("canvas")
        room, drawn = card.bounding_box(), canvas.bounding_box()
        assert room is not None
        assert drawn is not None
        assert 0.8 * room["width"] <= drawn["width"] <= room["width"]
        told = card.locator("[role=graphics-document]")
        expect(told).to_have_attribute("aria-label", str(card.get_attribute("data-description")))
    assert page.evaluate("() => document.documentElement.scrollWidth") == width


def test_a_dot_leads_to_its_paper(page: Page, site_url: str) -> None:
    open_kind(page, site_url, "corpus.html")
    canvas = page.locator('[data-chart="fields"] canvas')
    canvas.scroll_into_view_if_needed()
    spot = canvas.evaluate(FIND_DOT)
    assert spot is not None
    canvas.click(position={"x": spot[0], "y": spot[1]})
    page.wait_for_url("**/records/*.html")
    expect(page.locator(".verdict-line .pill").first).to_contain_text("computational")


def test_the_numbers_are_there_without_scripts(new_page: NewPage, site_url: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{site_url}corpus.html")
    expect(page.locator("[data-chart] noscript").first).to_be_visible()
    page.get_by_text("Table of values").first.click()
    expect(page.locator(".values td").first).to_be_visible()
    page.locator("table.confusion a").first.click()
    assert page.url.split("#")[1].startswith("called-")
