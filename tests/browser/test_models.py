"""Two models on a record's page and in the gallery, as a reader switches between them; values read back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.kinds import open_kind

pytestmark = pytest.mark.browser


# The models of this small site mark no sentence: the keys of their marks, as pages have them.
MARKED = """(other) => document.querySelector(".record-text > .hint").insertAdjacentHTML("beforeend",
  `<i class="given-key" data-marks-of="first">own</i><i class="given-key" data-marks-of="${other}" hidden>other</i>`)"""


def grids(folder: Path, key: str) -> dict[str, dict]:
    """What each model said of a record, by its name."""
    lines = (folder / "data" / "grids.jsonl").read_text(encoding="utf-8").splitlines()
    return {grid["model"]: grid for grid in map(json.loads, lines) if grid["id"] == key}


def test_a_reader_switches_between_models(page: Page, site_url: str, built_site: Path) -> None:
    said = grids(built_site, "p1")
    open_kind(page, site_url, "records/p1.html")
    switch = page.locator('[data-part="models"]')
    labels = switch.locator("label")
    names = list(said)
    expect(labels).to_have_count(3)
    first, second = page.locator(".heatmap").first, page.locator(".heatmap").nth(1)
    panels = page.locator('[data-part="answer"]')
    expect(panels).to_have_count(1)
    expect(second).to_have_count(0)
    before = page.locator("#s1").get_attribute("style")
    whose = page.get_by_text(f"Colours and marks by {names[0]}")
    expect(whose).to_be_hidden()
    other = page.locator("[data-beside]").get_attribute("data-beside")
    page.evaluate(MARKED, other)
    keys = page.locator(".given-key")

    labels.nth(1).click()  # the other model alone
    expect(panels.nth(0)).to_be_hidden()
    expect(first).to_be_hidden()
    expect(panels.nth(1).locator('[data-part="percent"]')).to_be_visible()
    expect(panels.nth(1)).to_contain_text(f"{names[1]} says")
    expect(second).to_have_attribute("data-drawn", re.compile("words|sentences"))
    rows = page.locator("[data-beside] tr[data-number]")
    style = page.locator("#s1").get_attribute("style")
    assert style == f"--strength: {rows.first.get_attribute('data-strength')};"
    whole = second.evaluate("(root) => root.figure.record.margin")
    assert abs(whole - said[names[1]]["margin"]) < 1e-5
    assert "by=beside" in page.url
    expect(keys.filter(visible=True)).to_have_text(["other"])

    labels.nth(2).click()  # both
    expect(first).to_be_visible()
    expect(second).to_be_visible()
    expect(panels.nth(0)).to_be_hidden()
    assert page.locator("#s1").get_attribute("style").rstrip(";") == before
    expect(whose).to_be_visible()
    expect(keys.filter(visible=True)).to_have_text(["own"])
    widths = [
        root.evaluate("(root) => [root.figure.size.width, root.getBoundingClientRect().left]")
        for root in (first, second)
    ]
    assert widths[0] == widths[1]  # one axis

    assert page.locator(".heatmap-status").all_text_contents() == ["", ""]  # nothing was taken out or put back
    page.reload()  # the choice is in the address
    page.wait_for_selector("html[data-ready]")
    expect(labels.nth(2).locator("input")).to_be_checked()
    expect(second).to_be_visible()
    labels.nth(0).click()
    expect(panels.nth(0)).to_be_visible()
    expect(second).to_be_hidden()
    assert "by=" not in page.url


def test_the_gallery_narrows_to_where_models_disagree(page: Page, site_url: str, built_site: Path) -> None:
    open_kind(page, site_url, "index.html")
    chip = page.locator('[data-only="differ0=1"]')
    number = int(re.search(r"\d+", chip.inner_text()).group())
    chip.click()
    rows = page.locator("#gallery tbody tr")
    expect(rows).to_have_count(number)
    expect(page.locator("#gallery .differs")).to_have_count(number)
    assert page.url.endswith("#differ0=1")
    differing = set()
    for line in (built_site / "data/grids.jsonl").read_text(encoding="utf-8").splitlines():
        grid = json.loads(line)
        differing.add((grid["id"], grid["margin"] >= 0))
    ids = [key for key, _ in differing]
    assert len({key for key in ids if ids.count(key) == 2}) == number


def test_a_disagreement_opens_both_figures(page: Page, site_url: str) -> None:
    open_kind(page, site_url, "models.html")
    link = page.locator(".disagreements h3 a").first
    assert "#beside-" in link.get_attribute("href")
    link.click()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".heatmap:visible")).to_have_count(2)
    expect(page.locator('[data-part="models"] input[value^="both"]')).to_be_checked()
