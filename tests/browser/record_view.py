"""The texts of a record and what is folded below them, as a reader handles them."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from sitegen.web.text.numbers import QUIET, strength

SECTIONS = ("all-sentences", "all-words", "the-paper", "for-experts")


def unfold(page: Page, name: str) -> Locator:
    """Open one of the folded sections."""
    section = page.locator(f"#{name}")
    section.locator("summary").click()
    expect(section).to_have_attribute("open", "")
    return section


def all_words(page: Page) -> Locator:
    """The section of all words, once its table has them: a page is told of what was opened a moment later."""
    section = unfold(page, "all-words")
    expect(section.locator("[data-sort] button")).not_to_have_count(0)
    return section


def colour_by(page: Page, name: str) -> None:
    page.locator('[data-part="colours"] label', has_text=name).click()


def style(element: Locator, name: str) -> str:
    """One computed property."""
    value: str = element.evaluate("(e, name) => getComputedStyle(e).getPropertyValue(name)", name)
    return value


def colours(page: Page) -> list[tuple[str, float]]:
    """Of every sentence in the text: the kind of its colour, and how strong it is."""
    found = page.locator(".sentence").evaluate_all(
        """all => all.map((e) => [["positive", "negative", "quiet"].filter((one) => e.classList.contains(one)).join(),
          Number(e.style.getPropertyValue("--strength"))])"""
    )
    return [(kind, round(size, 2)) for kind, size in found]


def expected_colours(shares: list[float], written: list[tuple[str, float]], *out: int) -> list[tuple[str, float]]:
    """The same by shares of the probability. out: the sentences, from 1, that are taken out: as they were written."""
    kinds = ["quiet" if abs(share) < QUIET else "positive" if share > 0 else "negative" for share in shares]
    left = [(kind, round(strength(share), 2)) for kind, share in zip(kinds, shares, strict=True)]
    return [written[k] if k + 1 in out else left[k] for k in range(len(left))]
