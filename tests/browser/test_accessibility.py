"""What axe-core finds on every kind of page, in light and in dark: nothing; and what it cannot see."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import NewPage
from tests.browser.kinds import KINDS, open_kind

pytestmark = pytest.mark.browser


DARK = pytest.param("dark", marks=pytest.mark.nightly)  # test_site.py holds the colours of dark pages to axe's rules


AT_NIGHT = ("hostile record", "long record", "check")  # made of the same parts as other pages


@pytest.mark.parametrize("scheme", ["light", DARK])
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=name, marks=[pytest.mark.nightly] if name in AT_NIGHT else [])
        for name, path in KINDS.items()
    ],
)
def test_nothing_hinders_access(new_page: NewPage, built_site: Path, path: str, scheme: str) -> None:
    page = new_page(bypass_csp=True, color_scheme=scheme, viewport={"width": 1280, "height": 900})
    open_kind(page, f"{built_site.as_uri()}/", path)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.nightly), "dark"])
def test_nothing_hinders_access_to_the_gallery_as_a_table(new_page: NewPage, built_site: Path, scheme: str) -> None:
    page = new_page(bypass_csp=True, color_scheme=scheme, viewport={"width": 390, "height": 844})
    open_kind(page, f"{built_site.as_uri()}/", "index.html#view=table&q=paper")
    assert violations(page) == []


def test_axe_would_find_something(new_page: NewPage, built_site: Path) -> None:
    page = new_page(bypass_csp=True)
    open_kind(page, f"{built_site.as_uri()}/", "records/p1.html")
    page.evaluate("() => { document.querySelector('h1').style.color = '#eee'; }")
    assert [violation for violation in violations(page) if violation.startswith("color-contrast")]


def test_the_keyboard_reaches_content_first(page: Page, built_site: Path) -> None:
    open_kind(page, f"{built_site.as_uri()}/", "records/p1.html")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("() => location.hash") == "#main"


def test_the_keyboard_reaches_the_figure_within_five_tabs(page: Page, built_site: Path) -> None:
    open_kind(page, f"{built_site.as_uri()}/", "records/p1.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the figure")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    figure = page.locator(".heatmap-region")
    expect(figure).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator('[data-part="status"]')).to_contain_text("computational")


def test_the_gallery_can_be_worked_by_keyboard(page: Page, built_site: Path) -> None:
    open_kind(page, f"{built_site.as_uri()}/", "index.html")
    page.locator("#search").focus()
    page.keyboard.type("crowds")
    rows = page.locator("#gallery tbody td.title a")
    expect(rows).to_have_count(1)
    rows.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Simulated crowds learn to queue")


def test_signs_are_told_by_more_than_colour(page: Page, built_site: Path) -> None:
    open_kind(page, f"{built_site.as_uri()}/", "records/p1.html")
    marks = page.locator(".abstract .sentence").evaluate_all(
        "all => all.map((e) => [e.className, getComputedStyle(e, '::before').content])"
    )
    assert len(marks) == 4
    for classes, content in marks:
        assert ("▲" in content) == ("positive" in classes)
        assert ("▼" in content) == ("negative" in classes)
