"""The texts of a record in colour, by sentences and by words, and the folded tables below them, against the data."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from sitegen.web.text.numbers import QUIET_WORD, log_odds, percent, word_strength
from tests.browser.conftest import NewPage
from tests.browser.kinds import open_kind
from tests.browser.record_view import SECTIONS, all_words, colour_by, style, unfold
from tests.sites import RECORDS

pytestmark = pytest.mark.browser

PAGE = "records/p1.html"
NOTHING = "rgba(0, 0, 0, 0)"
TINTS = """(all) => all.map((e) => {
  const { backgroundColor, textDecorationLine, textDecorationStyle } = getComputedStyle(e);
  return [e.textContent, Number(e.style.getPropertyValue("--strength")), textDecorationLine, textDecorationStyle,
    backgroundColor];
})"""


def grid(folder: Path, key: str) -> dict:
    """What the first model says of a record's words."""
    lines = (folder / "data" / "grids.jsonl").read_text(encoding="utf-8").splitlines()
    (found,) = [one for one in map(json.loads, lines) if (one["id"], one["model"]) == (key, "First")]
    return found


def tinted(found: dict, field: str) -> list[tuple[str, float, str]]:
    """The words that have a colour, as they must be shown: text, strength, the line below."""
    words = zip(found[f"{field}_tokens"], found[f"{field}_words"], strict=True)
    return [
        (word, word_strength(effect), "solid" if effect > 0 else "dashed")
        for word, effect in words
        if abs(effect) >= QUIET_WORD
    ]


def disk(folder: Path) -> str:
    return f"{folder.as_uri()}/"


@pytest.mark.parametrize("key", ["p1", "p4", "p8"])
@pytest.mark.parametrize("field", ["title", "abstract"])
def test_words_have_the_colour_of_their_effect(page: Page, built_site: Path, key: str, field: str) -> None:
    open_kind(page, disk(built_site), f"records/{key}.html")
    if field == "abstract":
        colour_by(page, "words")
    shown = page.locator(f'[data-field="{field}"] .tint').evaluate_all(TINTS)
    expected = tinted(grid(built_site, key), field)
    assert len(expected) > 2
    assert len(shown) == len(expected)
    for (text, size, line, look, wash), (word, true, true_look) in zip(shown, expected, strict=True):
        assert text.casefold() == word.casefold()
        assert size == pytest.approx(true, abs=1e-3)
        assert (line, look) == ("underline", true_look)
        assert wash != NOTHING


def test_the_abstract_is_coloured_by_sentences_or_by_words(page: Page, site_url: str) -> None:
    open_kind(page, site_url, PAGE)
    sentence, key = page.locator(".sentence.positive, .sentence.negative").first, page.locator(".record-text .hint")
    before = style(sentence, "background-color")
    assert before != NOTHING
    assert page.locator(".abstract .tint").count() == 0
    expect(key).to_contain_text("the larger the sentence's share")
    colour_by(page, "words")
    assert style(sentence, "background-color") == NOTHING
    assert "▲" not in sentence.evaluate("e => getComputedStyle(e, '::before').content")
    word = page.locator(".abstract .tint").first
    assert style(word, "background-color") != NOTHING
    expect(key).to_contain_text("the more the answer changes without the word")
    expect(key).not_to_contain_text("the larger the sentence's share", use_inner_text=True)
    colour_by(page, "sentences")
    assert style(sentence, "background-color") == before
    assert (style(word, "background-color"), style(word, "text-decoration-line")) == (NOTHING, "none")
    assert page.locator('[data-field="abstract"]').inner_text() == RECORDS[0]["abstract"]


def test_the_colours_can_be_chosen_by_keyboard(page: Page, built_site: Path) -> None:
    open_kind(page, disk(built_site), PAGE)
    page.get_by_role("radio", name="sentences").last.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".abstract")).to_have_attribute("data-colours", "words")
    expect(page.locator('[data-part="colours"] input[value="words"]')).to_be_focused()


def test_unknown_words_are_marked_when_they_are_asked_for(page: Page, site_url: str) -> None:
    open_kind(page, site_url, "records/p6.html")
    words = page.locator(".word.unknown")
    assert words.count() == 7
    assert {style(word, "text-decoration-line") for word in words.all()} == {"none"}
    page.get_by_label("show unknown words (7 of").check()
    assert {style(word, "text-decoration-style") for word in words.all()} == {"dotted"}
    page.get_by_label("show unknown words").uncheck()
    assert {style(word, "text-decoration-line") for word in words.all()} == {"none"}
    open_kind(page, site_url, "records/p7.html")
    expect(page.get_by_label("show unknown words")).to_have_count(0)


def rows(page: Page) -> list[list[str]]:
    """Word, place, answer without it, the same in log-odds, and alone, of each row of the table of words."""
    found = page.locator("#words tbody tr").evaluate_all(
        """(all) => all.map((row) => {
          const [word, place, without, alone] = row.cells;
          return [word.firstChild.data, place.textContent, without.querySelector("b").textContent,
            without.querySelector("small").textContent, alone.textContent];
        })"""
    )
    return [list(map(str, row)) for row in found]


@pytest.mark.parametrize("key", ["p1", "p4", "p6", "p9"])
def test_the_table_of_words_has_them_all(page: Page, built_site: Path, key: str) -> None:
    open_kind(page, disk(built_site), f"records/{key}.html")
    if not page.locator("#all-words").count():
        assert key == "p6"
        return
    static = rows(page)
    all_words(page)
    found = grid(built_site, key)
    margins = np.array(found["title"])[-1] + np.array(found["abstract"])[-1] + found["bias"]
    expected = []
    for field in ("title", "abstract"):
        numbers = zip(found[f"{field}_words"], found[f"{field}_words_alone"], strict=True)
        for k, (effect, alone) in enumerate(numbers, 1):
            without = percent(1 / (1 + np.exp(effect - margins)))
            said = percent(1 / (1 + np.exp(-alone)))
            expected.append((abs(effect), [f"{field}, word {k}", without, log_odds(effect), said]))
    expected.sort(key=lambda row: -row[0])
    shown = rows(page)
    assert [row[1:] for row in shown] == [row for _, row in expected]
    assert shown[: len(static)] == static
    assert page.locator("#words-heading").inner_text() == f"All {len(expected)} words"


def test_the_heads_order_the_words(page: Page, site_url: str, built_site: Path) -> None:
    open_kind(page, site_url, PAGE)
    heads = page.locator("#words th")
    expect(page.locator("#words button")).to_have_count(0)
    all_words(page)
    found = grid(built_site, "p1")
    effects, alone = ([*found[f"title_words{name}"], *found[f"abstract_words{name}"]] for name in ("", "_alone"))
    places = [f"{field}, word {k + 1}" for field in ("title", "abstract") for k in range(len(found[f"{field}_words"]))]

    def press(name: str, order: str, key: list[float]) -> None:
        button = page.locator("#words button", has_text=name)
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_be_focused()
        states = heads.evaluate_all("all => all.map((e) => e.getAttribute('aria-sort'))")
        assert [state for state in states if state] == [order]
        expect(button.locator("xpath=..")).to_have_attribute("aria-sort", order)
        by = sorted(range(len(key)), key=lambda k: key[k])
        assert [row[1] for row in rows(page)] == [places[k] for k in by]

    size = [-abs(effect) for effect in effects]
    expect(heads.nth(2)).to_have_attribute("aria-sort", "other")
    press("Without this word", "ascending", [-effect for effect in effects])  # the largest effect leaves the least
    press("Without this word", "descending", list(effects))
    press("Without this word", "other", size)
    press("Where", "ascending", list(range(len(places))))
    press("Where", "descending", [-k for k in range(len(places))])
    press("Alone it says", "descending", [-said for said in alone])
    press("Alone it says", "ascending", list(alone))


@pytest.mark.parametrize("name", SECTIONS)
def test_sections_are_folded_and_open_by_keyboard(page: Page, built_site: Path, name: str) -> None:
    open_kind(page, disk(built_site), PAGE)
    section = page.locator(f"#{name}")
    expect(section.locator(":is(table, dl)").first).to_be_hidden()
    section.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(section.locator(":is(table, dl)").first).to_be_visible()


def test_a_fragment_opens_the_section_that_it_leads_into(page: Page, site_url: str) -> None:
    open_kind(page, site_url, f"{PAGE}#log-odds")
    expect(page.locator("#log-odds")).to_be_in_viewport()
    assert page.locator("details.fold[open]").count() == 1
    # This browser opens it by itself; told of a fragment that it has not followed, it shows what others are given.
    page.evaluate(
        """() => { history.replaceState(null, "", "#sentences");
                   dispatchEvent(new HashChangeEvent("hashchange", {newURL: location.href})); }"""
    )
    expect(page.locator("#sentences")).to_be_in_viewport()
    expect(page.locator("#for-experts")).to_have_attribute("open", "")


def test_a_row_leads_to_its_sentence(page: Page, site_url: str) -> None:
    open_kind(page, site_url, PAGE)
    unfold(page, "all-sentences").get_by_role("link", name="3", exact=True).click()
    expect(page.locator(".sentence:target")).to_have_attribute("data-mark", "3")
    expect(page.locator("#s3")).to_be_in_viewport()


def test_without_scripts_all_of_it_is_there(new_page: NewPage, site_url: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site_url + PAGE)
    expect(page.locator(".text-controls")).to_be_hidden()
    assert page.locator('[data-field="title"] .tint').count() > 2
    assert style(page.locator(".sentence.positive, .sentence.negative").first, "background-color") != NOTHING
    for name in SECTIONS:
        unfold(page, name)
        expect(page.locator(f"#{name} :is(table, dl)").first).to_be_visible()
    expect(page.locator("#sentences tbody tr")).to_have_count(4)
    heading = re.search(r"^The (\d+) strongest of \d+ words$", page.locator("#words-heading").inner_text())
    assert heading
    expect(page.locator("#words tbody tr")).to_have_count(int(heading[1]))
    expect(page.locator("#words button")).to_have_count(0)


def test_on_paper_the_table_of_sentences_stands_open_alone(page: Page, built_site: Path) -> None:
    open_kind(page, disk(built_site), PAGE)
    page.emulate_media(media="print")
    expect(page.locator("#sentences")).to_be_visible()
    assert page.locator("#sentences tbody tr").last.evaluate("e => e.getBoundingClientRect().height") > 5
    for gone in (".text-controls", "#all-words", "#the-paper", "#for-experts"):
        expect(page.locator(gone)).to_be_hidden()
    page.emulate_media(media="screen")
    unfold(page, "for-experts")  # what a reader has opened is printed
    page.emulate_media(media="print")
    expect(page.locator("#log-odds")).to_be_visible()


def test_tables_of_sentences_are_cards_on_a_phone(new_page: NewPage, built_site: Path) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    open_kind(page, disk(built_site), PAGE)
    for name in SECTIONS:
        unfold(page, name)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    for table in ("#sentences", "#log-odds"):
        assert style(page.locator(f"{table} tbody tr").first, "display") == "flex"
        before = page.locator(f'{table} [data-label="alone"]').first.evaluate(
            "e => getComputedStyle(e, '::before').content"
        )
        assert "alone" in before
