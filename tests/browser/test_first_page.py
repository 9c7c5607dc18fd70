"""The first page above and around its gallery: the worked example, what a click narrows to, keys, marks, the way on."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.gallery_page import opened, search, shown
from tests.browser.kinds import open_kind
from tests.browser.readings import answers
from tests.sites import HOSTILE, NEGATIVE, POSITIVE, RECORDS

pytestmark = pytest.mark.browser

DONE = '#example[data-state="done"]'


@pytest.fixture
def first(page: Page, built_site: Path) -> Page:
    """The first page, opened from disk, its abstracts loaded."""
    return opened(page, f"{built_site.as_uri()}/", "#sort=source")


def narrowed(page: Page) -> list[str]:
    """The filters that hold, as their chips say."""
    return page.locator("#narrowed button").all_inner_texts()


# --- the worked example ---


def test_the_example_says_what_the_page_of_its_record_says(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    page.wait_for_selector(DONE)
    example = page.locator("#example")
    link = example.locator(".example-title")
    name = str(link.get_attribute("href")).removeprefix("records/").removesuffix(".html")
    told = answers(built_site, name)
    assert example.locator('[data-part="percent"]').inner_text() == told.printed
    most = example.locator(".example-most b").inner_text()
    number, before, after = re.fullmatch(r"At sentence (\d+) .*: (.+) before it, (.+) after\.", most).groups()  # type: ignore[union-attr]
    assert (before, after) == (told.after(int(number) - 1), told.after(int(number)))
    k = int(number) - (1 if told.titled else 2)
    assert told.steps[k] == max(told.steps)
    assert set(example.locator(".turn").all_inner_texts()) <= set(told.turns)
    quote = example.locator("q a").inner_text()
    link.click()
    page.wait_for_selector('html[data-ready="heatmap"]')
    assert page.locator('[data-part="percent"]').first.inner_text() == told.printed
    expect(page.locator(f"#s{number}")).to_contain_text(quote)


def test_the_example_is_drawn_once_and_can_be_drawn_again(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    page.wait_for_selector(DONE)
    read = "(e) => e.style.getPropertyValue('--read')"
    plot = page.locator("#example .plot")
    assert plot.evaluate(read) == ""
    page.get_by_role("button", name="Play again").click()
    page.wait_for_function(
        """(plot) => {
          const read = parseFloat(plot.style.getPropertyValue('--read'));
          const said = document.querySelector('#example [data-part="so-far"]').textContent;
          return read > 0 && read < 100 && said === "so far";
        }""",
        arg=plot.element_handle(),
    )
    page.wait_for_selector(DONE)
    assert plot.evaluate(read) == ""
    expect(page.locator("#example .ahead")).to_have_count(0)


def test_who_wants_less_motion_sees_the_end_at_once(new_page: NewPage, built_site: Path) -> None:
    page = new_page(reduced_motion="reduce")
    open_kind(page, f"{built_site.as_uri()}/", "index.html")
    expect(page.locator("#example")).to_have_attribute("data-state", "done")


def test_without_scripts_the_example_is_finished(new_page: NewPage, built_site: Path) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{built_site.as_uri()}/index.html")
    expect(page.locator("#example path.line")).to_be_visible()
    expect(page.locator("#example .turn").first).to_be_visible()
    expect(page.get_by_role("button", name="Play again")).to_be_hidden()
    assert page.locator("button[data-only]:enabled").count() == 0


# --- what one click narrows to ---


def test_chips_bars_and_cells_leave_as_many_as_they_say(first: Page, built_site: Path) -> None:
    everyone = [record["id"] for record in RECORDS]
    kinds: Counter[str] = Counter()
    for button in first.locator("button[data-only]").all():
        kind = str(button.get_attribute("data-only")).partition("=")[0]
        kinds[kind] += 1
        if kinds[kind] > 3:  # of each kind three are pressed
            continue
        text = f"{button.get_attribute('aria-label') or ''} {button.inner_text()}"
        number = int(re.findall(r"\d+", text.split("%:")[-1])[0])
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        assert len(shown(first)) == number, text
        expect(first.locator("#found")).to_have_text(f"{number} of {len(everyone)} papers")
        assert len(narrowed(first)) == str(button.get_attribute("data-only")).count("=")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "false")
        assert len(shown(first)) == len(everyone)
    assert {"right", "turned", "bar", "label"} <= kinds.keys()


def test_changed_its_mind_is_what_the_readings_say(first: Page, built_site: Path) -> None:
    everyone = shown(first)
    first.get_by_role("button", name="undecided").click()
    (said,) = narrowed(first)
    assert re.fullmatch(r"undecided \(the answer lies between \d+% and \d+%\)", said.strip())
    first.get_by_role("button", name="undecided").first.click()
    first.get_by_role("button", name="changed its mind").click()
    assert narrowed(first) == ["changed its mind"]
    expect(first.locator("#narrowed")).to_be_in_viewport()
    assert shown(first) == [name for name in everyone if answers(built_site, name).changed]


def test_a_bar_is_worked_by_keyboard_and_taken_off_by_its_chip(first: Page) -> None:
    bar = first.locator(".bars button").last
    low, high = re.findall(r"(\d+)%", str(bar.get_attribute("aria-label")))
    bar.focus()
    first.keyboard.press("Space")
    assert narrowed(first) == [f"{low}% to {high}%"]
    percents = [
        float(text)
        for text in re.findall(r"([\d.]+)%", " ".join(first.locator(".pill b + *, .verdict .pill").all_inner_texts()))
    ]
    assert all(int(low) - 0.51 <= percent <= int(high) + 0.51 for percent in percents)
    first.locator("#narrowed button").click()
    assert len(shown(first)) == len(RECORDS)
    expect(first.locator("#search")).to_be_focused()


def test_a_cell_sets_both_filters_of_the_toolbar(first: Page) -> None:
    first.locator(".confusion td.miss button").first.click()
    chosen = {first.locator(f'select[data-filter="{key}"]').input_value() for key in ("label", "predicted")}
    assert chosen == {POSITIVE, NEGATIVE}
    assert len(narrowed(first)) == 2


# --- what was found ---


def test_hits_are_marked_in_titles_and_sentences(first: Page) -> None:
    search(first, '"crowds learn" simul')
    assert first.locator("td.title mark").all_inner_texts() == ["Simul", "crowds learn"]
    search(first, "elan")
    assert first.locator("td.title mark").all_inner_texts() == ["Élan"]
    search(first, "")
    expect(first.locator("#gallery mark")).to_have_count(0)


def test_what_only_the_abstract_has_is_shown_where_it_was_found(first: Page) -> None:
    row = first.locator("#gallery tbody tr", has_text="Talking about money at home")
    unseen = next(word for word in ("zebra", "silence", "interviews") if word not in row.inner_text().lower())
    search(first, f"{unseen} talking")
    expect(first.locator("td.title .found-in mark").first).to_have_text(re.compile(unseen, re.IGNORECASE))
    assert unseen in first.locator(".found-in").inner_text().lower()
    search(first, "crowds")
    expect(first.locator(".found-in")).to_have_count(0)


def test_marks_leave_hostile_titles_text(first: Page) -> None:
    search(first, "onerror")
    assert first.locator("td.title a").all_inner_texts() == [f"Markup {HOSTILE} in a title"]
    assert first.locator("td.title mark").all_inner_texts() == ["onerror"]
    assert first.locator("#gallery img[src=x]").count() == 0


def test_a_blank_between_quotes_is_found_as_a_hyphen(first: Page) -> None:
    finds = "([typed, text]) => sitegen.search.finds(sitegen.search.terms(typed), sitegen.search.fold(text))"
    text = "An agent\u2010based model of “agent  societies”"
    found = {
        typed: first.evaluate(finds, [typed, text]) for typed in ('"agent based"', '"agent societies"', '"agent model"')
    }
    assert found == {'"agent based"': True, '"agent societies"': True, '"agent model"': False}


# --- keys ---


def test_keys_go_through_the_gallery(first: Page) -> None:
    first.keyboard.press("/")
    expect(first.locator("#search")).to_be_focused()
    first.keyboard.type("paper j/k?")
    assert first.locator("#search").input_value() == "paper j/k?"
    first.locator("#search").fill("paper")
    first.keyboard.press("Escape")
    titles = first.locator("#gallery td.title a")
    assert titles.count() > 1
    first.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    first.keyboard.press("j")
    expect(titles.nth(1)).to_be_focused()
    first.keyboard.press("k")
    expect(titles.nth(0)).to_be_focused()
    title = titles.nth(0).inner_text()
    first.keyboard.press("Enter")
    expect(first.locator("h1")).to_have_text(title)


def test_the_keys_are_shown_and_can_be_turned_off(first: Page) -> None:
    dialog = first.locator("#keys")
    expect(dialog).to_be_hidden()
    first.keyboard.press("?")
    expect(dialog).to_be_visible()
    dialog.get_by_label("use these keys").uncheck()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    first.keyboard.press("j")
    assert first.locator("#gallery a:focus").count() == 0


# --- the way on, and back ---


def test_a_reload_and_the_way_back_show_the_same(first: Page) -> None:
    first.get_by_role("button", name="changed its mind").click()
    first.get_by_label("table", exact=True).check()
    found = search(first, "the")
    assert 1 < len(found) < len(RECORDS)
    expect(first).to_have_url(re.compile("q=the"))
    first.reload()
    first.wait_for_selector('html[data-texts="ready"]', state="attached")
    assert shown(first) == found
    assert narrowed(first) == ["changed its mind"]
    first.locator("#gallery td.title a").first.click()
    first.wait_for_selector('html[data-ready="heatmap"]')
    first.go_back()
    first.wait_for_selector('html[data-texts="ready"]', state="attached")
    assert shown(first) == found
    assert first.locator("#search").input_value() == "the"
    expect(first.get_by_label("table", exact=True)).to_be_checked()


def test_from_what_was_found_arrows_go_through_it(first: Page) -> None:
    first.get_by_role("button", name="changed its mind").click()
    found = shown(first)
    assert len(found) > 2
    first.locator("#gallery td.title a").nth(1).click()
    first.wait_for_selector('html[data-trail="ready"]')
    expect(first.locator(".trail")).to_contain_text(f"Number 2 of the {len(found)} papers")
    first.locator(".pager a[rel=next]").click()
    first.wait_for_selector('html[data-trail="ready"]')
    assert f"/records/{found[2]}.html" in first.url
    first.get_by_role("link", name="Previous paper of those found").click()
    first.wait_for_selector('html[data-trail="ready"]')
    assert f"/records/{found[1]}.html" in first.url
    first.get_by_role("link", name="back to them").click()
    first.wait_for_selector('html[data-ready="gallery"]')
    assert shown(first) == found


def test_from_the_whole_gallery_arrows_go_through_the_source(first: Page) -> None:
    first.locator("#gallery td.title a").nth(1).click()
    first.wait_for_selector('html[data-ready="heatmap"]')
    assert "?" not in first.url
    assert str(first.locator(".pager a[rel=next]").get_attribute("href")).startswith("p3.html")
    expect(first.locator(".trail")).to_have_count(0)


def test_the_first_page_fits_a_telephone(new_page: NewPage, built_site: Path) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    open_kind(page, f"{built_site.as_uri()}/", "index.html")
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    plot = page.locator("#example .plot").bounding_box()
    assert plot is not None
    for label in page.locator("#example .turn").all():
        box = label.bounding_box()
        assert box is not None
        assert plot["x"] <= box["x"]
        assert box["x"] + box["width"] <= plot["x"] + plot["width"] + 1
