"""What a telephone shows: nothing is cut off, a finger hits what it aims at, tables stand in columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage
from tests.browser.kinds import KINDS, open_kind

pytestmark = pytest.mark.browser
WIDTH = 390
LOOKED_AT = ("index", "record", "sentences", "words", "facet", "models", "try", "network", "methods")
# Links in running text are as high as their lines let them be; bars of the histogram are as broad as it is, and have
# the table below for another; a table's whole head orders it, not its sign alone.
SMALL = """() => [...document.querySelectorAll("a[href], button, summary, input, select, textarea")]
  .filter((one) => one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }))
  .filter((one) => one.closest("label") || getComputedStyle(one).opacity !== "0")
  .filter((one) => !one.closest(".bars") && !one.matches(".skip, .brand"))
  .map((one) => [one, ...[one, one.closest("label") ?? one].map((box) => box.getBoundingClientRect())])
  .filter(([one, own, label]) => own.width && Math.max(own.height, label.height) < 24)
  .map(([one]) => one.outerHTML.slice(0, 90))"""


def phone(new_page: NewPage, site: Path, kind: str) -> Page:
    page = new_page(viewport={"width": WIDTH, "height": 844})
    open_kind(page, f"{site.as_uri()}/", KINDS[kind])
    return page


@pytest.mark.parametrize("kind", LOOKED_AT)
def test_nothing_is_cut_off_or_too_small_for_a_finger(new_page: NewPage, built_site: Path, kind: str) -> None:
    page = phone(new_page, built_site, kind)
    assert page.evaluate("document.documentElement.scrollWidth") == WIDTH
    assert page.evaluate(SMALL) == []


def test_a_record_has_no_empty_room_and_two_models_stand_in_columns(new_page: NewPage, built_site: Path) -> None:
    page = phone(new_page, built_site, "record")
    boxes = [page.locator(f".heatmap-{name}").first.bounding_box() for name in ("readout", "controls")]
    readout, controls = (box for box in boxes if box)
    assert 0 <= controls["y"] - readout["y"] - readout["height"] < 20
    page.locator(".beside > summary").first.click()
    row = page.locator(".both tbody tr").first
    for number in (2, 3):  # a question after the other: the first model's answer, the other's beside it
        cells = row.locator("td[data-label]").nth(2 * number - 3), row.locator("td[data-label]").nth(2 * number - 2)
        first, other = (cell.bounding_box() for cell in cells)
        assert first
        assert other
        assert (first["x"], other["y"]) == (16, first["y"])
        assert other["x"] > WIDTH / 2


def test_the_readout_stands_over_the_picture_only_while_it_says_something(new_page: NewPage, built_site: Path) -> None:
    page = phone(new_page, built_site, "how to read")
    readout, picture = page.locator(".heatmap-readout"), page.locator(".heatmap-region")
    below = page.locator(".heatmap-controls")
    where = "(e) => [getComputedStyle(e).position, e.getBoundingClientRect().height, e.scrollHeight - e.clientHeight]"
    assert readout.evaluate(where)[::2] == ["static", 0]
    picture.focus()
    page.keyboard.press("ArrowLeft")
    assert readout.evaluate(where)[0] == "sticky"
    _, height, _ = readout.evaluate(where)
    place = below.evaluate("(e) => e.getBoundingClientRect().top + scrollY")
    page.keyboard.press("Escape")
    assert readout.evaluate(where) == ["static", height, 0]
    assert below.evaluate("(e) => e.getBoundingClientRect().top + scrollY") == place
