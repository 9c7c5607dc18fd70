"""Charts under the page's colours: dark pages have dark charts, a change of the scheme is followed, tooltips are
readable, and classes can be told apart without colour."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.kinds import open_kind

pytestmark = pytest.mark.browser

PAGES = {
    "corpus": ("corpus.html", '[data-chart="places"]'),
    "truth": ("faithfulness.html", '[data-chart="hybrids"]'),
}

# What a chart is drawn in: its ground, and the colours of its words and lines, as its view says.
LOOK = """async (element) => {
  const svg = new DOMParser().parseFromString(await element.view.toSVG(), "image/svg+xml");
  const of = (selector, name) => [...new Set([...svg.querySelectorAll(selector)].map((e) => e.getAttribute(name)))];
  return {
    ground: of("svg > rect", "fill"),
    words: of(".role-axis-label text", "fill"),
    lines: of(".role-axis-grid line", "stroke"),
  };
}"""
THEME = """() => {
  const style = getComputedStyle(document.documentElement);
  return ["ground", "ink", "grid"].map((name) => style.getPropertyValue(`--chart-${name}`).trim());
}"""
CORNER = "(canvas) => [...canvas.getContext('2d').getImageData(1, 1, 1, 1).data].slice(0, 3)"


def brightness(colour: str) -> float:
    return sum(int(part, 16) for part in re.findall("..", colour.lstrip("#"))) / 3


def check_look(page: Page, place: str, *, dark: bool) -> None:
    ground, ink, grid = page.evaluate(THEME)
    found = page.locator(place).evaluate(LOOK)
    assert found["ground"] == [ground]
    assert found["words"] == [ink]
    assert found["lines"] in ([grid], [])
    assert (brightness(ground) < 60) == dark
    assert (brightness(ink) > 190) == dark


@pytest.mark.parametrize(("path", "place"), PAGES.values(), ids=PAGES)
def test_charts_follow_the_scheme(new_page: NewPage, built_site: Path, path: str, place: str) -> None:
    page = new_page(color_scheme="dark")
    open_kind(page, f"{built_site.as_uri()}/", path)
    check_look(page, place, dark=True)
    first = page.locator(place).evaluate_handle("(e) => e.view")
    page.emulate_media(color_scheme="light")
    page.wait_for_function("([place, view]) => document.querySelector(place).view !== view", arg=[place, first])
    check_look(page, place, dark=False)
    expect(page.locator(f"{place} .vega-embed")).to_have_count(1)


def test_the_picture_is_what_the_view_says(new_page: NewPage, built_site: Path) -> None:
    page = new_page(color_scheme="dark")
    open_kind(page, f"{built_site.as_uri()}/", "corpus.html")
    ground = page.evaluate(THEME)[0]
    assert "#" + bytes(page.locator("[data-chart] canvas").first.evaluate(CORNER)).hex() == ground


# Vega is slow at the first picture that it draws from now on.
SLOW_AT_FIRST = """() => {
  const embed = window.vegaEmbed;
  let drawn = 0;
  window.vegaEmbed = async (...all) => {
    const slow = all[0].parentElement.dataset.chart === "places" && drawn++ === 0;
    const result = await embed(...all);
    if (slow) await new Promise((done) => setTimeout(done, 400));
    return result;
  };
}"""


def test_the_last_change_wins(new_page: NewPage, built_site: Path) -> None:
    page = new_page(color_scheme="light")
    open_kind(page, f"{built_site.as_uri()}/", "corpus.html")
    page.evaluate(SLOW_AT_FIRST)
    place = '[data-chart="places"]'
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    page.wait_for_timeout(1000)
    expect(page.locator(f"{place} canvas")).to_have_count(1)
    check_look(page, place, dark=False)


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.nightly), "dark"])
def test_tooltips_are_readable(new_page: NewPage, built_site: Path, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    open_kind(page, f"{built_site.as_uri()}/", "corpus.html")
    chart = page.locator('[data-chart="places"] canvas')
    box = chart.bounding_box()
    assert box is not None
    tip = page.locator("#vg-tooltip-element")
    places = ((x / 30, y / 20) for y in range(2, 19) for x in range(2, 29))
    while not tip.is_visible():
        x, y = next(places)
        chart.hover(position={"x": x * box["width"], "y": y * box["height"]})
    expect(tip).to_be_visible()
    for element in (tip, tip.locator("td.key").first):
        ink = element.evaluate("(e) => getComputedStyle(e).color")
        ground = tip.evaluate("(e) => getComputedStyle(e).backgroundColor")
        assert ratio(ink, ground) > 4.5


def ratio(ink: str, ground: str) -> float:
    """The contrast of two CSS colours, as WCAG 2.2 has it."""

    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted([light(ink), light(ground)])
    return (bright + 0.05) / (dark + 0.05)


def test_the_saved_picture_is_named_after_the_chart(page: Page, built_site: Path) -> None:
    open_kind(page, f"{built_site.as_uri()}/", "corpus.html")
    chart = page.locator('[data-chart="calibration"]')
    chart.locator("summary").click()
    links = chart.locator(".vega-actions a")
    assert links.all_inner_texts() == ["Save as SVG", "Save as PNG"]
    assert links.evaluate_all("all => all.map((a) => a.download)") == ["calibration.svg", "calibration.png"]
