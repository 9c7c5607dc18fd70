"""The texts of a record and what is folded below them, as a reader handles them."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

SECTIONS = ("all-sentences", "all-words", "the-paper", "for-experts")


def unfold(page: Page, name: str) -> Locator:
    """Open one of the folded sections."""
    section = page.locator(f"#{name}")
    section.locator("summary").click()
    expect(section).to_have_attribute("open", "")
    return section


def colour_by(page: Page, name: str) -> None:
    page.locator('[data-part="colours"] label', has_text=name).click()


def style(element: Locator, name: str) -> str:
    """One computed property."""
    value: str = element.evaluate("(e, name) => getComputedStyle(e).getPropertyValue(name)", name)
    return value
