"""Two pairs of colours: the ramp's for classes and probabilities, the effects' for what moves an answer. And signs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.kinds import open_kind

pytestmark = pytest.mark.browser

SIGNS = {"positive": "▲", "negative": "▼"}

# The colours of a theme as the browser writes them.
THEME = """(names) => names.map((name) => {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
})"""


def colours(element: Locator, name: str = "color") -> set[str]:
    """The computed values of a property, without how transparent they are."""
    found = element.evaluate_all("(all, name) => all.map((e) => getComputedStyle(e)[name])", name)
    return {re.sub(r"\s*[,/]\s*[\d.]+%?\)$", ")", one) if "/" in one else one for one in found}


def theme(page: Page, *names: str) -> list[str]:
    values: list[str] = page.evaluate(THEME, list(names))
    return values


@pytest.mark.parametrize(
    ("path", "scheme"), [("sentences/index.html", "light"), ("words.html", "dark"), ("corpus.html", "light")]
)
def test_effects_have_colours_of_their_own(new_page: NewPage, built_site: Path, path: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    open_kind(page, f"{built_site.as_uri()}/", path)
    for side, sign in SIGNS.items():
        ink, fill = theme(page, f"effect-{side}-ink", f"effect-{side}")
        heads = page.locator(f".effect-{side}")
        assert heads.count()
        assert colours(heads) == {ink}
        assert all(text.startswith(sign) for text in heads.all_text_contents())
        bars = page.locator(f".bar.{side}")
        assert bars.count()
        assert colours(bars, "backgroundColor") == {fill}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_classes_keep_the_ramps_colours(new_page: NewPage, built_site: Path, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    open_kind(page, f"{built_site.as_uri()}/", "index.html")
    for side in SIGNS:
        ink, effect = theme(page, f"{side}-ink", f"effect-{side}-ink")
        assert colours(page.locator(f"#gallery .pill.{side}")) == {ink}
        assert colours(page.locator(f"#gallery .effect-{side}")) == {effect}
    minus = page.locator("#gallery .effect", has_text="−")
    plus = page.locator("#gallery .effect", has_text="+")
    assert minus.count()
    assert plus.count()
    assert set(minus.evaluate_all("all => all.map((e) => e.className)")) == {"effect effect-negative"}
    assert set(plus.evaluate_all("all => all.map((e) => e.className)")) == {"effect effect-positive"}


@pytest.mark.parametrize(("view", "scripts"), [("cards", True), ("table", True), ("table", False)])
def test_pictures_have_the_sign_of_their_class(new_page: NewPage, built_site: Path, view: str, scripts: bool) -> None:
    page = new_page(java_script_enabled=scripts)
    address = f"{built_site.as_uri()}/"
    if scripts:
        open_kind(page, address, f"index.html#view={view}")
    else:
        page.goto(f"{address}index.html")
    rows = page.locator("#gallery tbody tr")
    seen = set()
    for row in rows.all():
        pill = str(row.locator(".pill").get_attribute("class"))
        picture, sign = row.locator(".picture img"), row.locator(".picture .sign")
        side = pill.removeprefix("pill ")
        assert sign.evaluate("(e) => getComputedStyle(e, '::before').content") == f'"{SIGNS[side]}"'
        expect(sign).to_be_visible()
        inside, around = sign.bounding_box(), picture.bounding_box()
        assert inside is not None
        assert around is not None
        right, bottom = inside["x"] + inside["width"], inside["y"] + inside["height"]
        assert around["x"] + around["width"] / 2 < inside["x"] < right < around["x"] + around["width"]
        assert around["y"] < inside["y"] < bottom < around["y"] + around["height"]
        assert sign.evaluate("(e) => e.closest('[aria-hidden=true]') !== null")  # the pill says it
        seen.add(side)
    assert seen == set(SIGNS)
