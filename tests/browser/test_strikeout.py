"""Sentences and the title taken out by the reader: text, answer, path and bars follow, exactly; and back again."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from sitegen.analysis.attribution.shapley import shapley_values
from sitegen.web.text.numbers import percent, points
from tests.browser.heatmap_page import sample
from tests.browser.heatmap_view import data, middle, on_sentence, readout, ready
from tests.browser.kinds import open_kind
from tests.browser.record_view import colours, expected_colours
from tests.web.built_numbers import decoded

pytestmark = pytest.mark.browser

PAGE = "records/p1.html"  # four sentences


class Record:
    """What the page of p1 knows of all subsets of its sentences."""

    def __init__(self, page: Page) -> None:
        text = page.locator('[data-part="data"]').text_content()
        assert text
        self.data: dict[str, Any] = json.loads(text)
        strike = self.data["strike"]
        self.table = strike["scale"] * np.frombuffer(b64decode(strike["margins"]), dtype="<i2")
        self.effects = np.array(decoded(self.data["sentences"]["without"]))

    def answer(self, *struck: int, title: bool = False) -> float:
        """The probability without these sentences, from 1."""
        subset = (1 << self.effects.size) - 1 - sum(1 << (k - 1) for k in struck)
        margin = self.table[subset]
        if len(struck) == 1:
            margin = self.data["path"]["whole"] - self.effects[struck[0] - 1]
        elif not struck:
            margin = self.data["path"]["abstract" if title else "whole"]
            title = False
        return float(1 / (1 + np.exp(-margin - title * self.data["strike"]["untitled"])))

    def shares(self, *struck: int) -> list[float]:
        """The sizes of the bars without these sentences, 0 for those."""
        n = self.effects.size
        left = [k for k in range(n) if k + 1 not in struck]
        subsets = [sum(1 << left[i] for i in range(len(left)) if s >> i & 1) for s in range(1 << len(left))]
        values = shapley_values(1 / (1 + np.exp(-self.table[subsets])))
        sizes = np.zeros(n)
        sizes[left] = values
        return [float(size) for size in sizes]


def opened(page: Page, url: str, state: str = "") -> Record:
    open_kind(page, url, PAGE + state)
    return Record(page)


def shown(page: Page) -> tuple[str, str, str]:
    """Probability, class, and whether that is right."""
    parts = [page.locator(f'.verdict-panel [data-part="{name}"]') for name in ("percent", "predicted", "verdict")]
    percentage, predicted, verdict = (part.inner_text() for part in parts)
    return percentage, predicted, verdict


def expected(record: Record, p: float, label: str) -> tuple[str, str, str]:
    predicted = record.data["classes"][int(p >= record.data["threshold"])]
    return percent(p), predicted, "right" if predicted == label else "wrong"


def step(page: Page, name: str) -> str:
    return page.locator(f'[data-step="{name}"] [data-change]').inner_text()


def test_no_word_is_named_over_what_is_taken_out(page: Page, built_site: Path) -> None:
    record = opened(page, f"{built_site.as_uri()}/")
    ends = record.data["abstract"]["ends"]

    def named() -> dict[str, float]:
        return {row["word"]: row["x"] for row in data(page, "turns") if row["word"]}

    before = named()
    sentences = {next(s for s, end in enumerate(ends) if x < end) + 1 for x in before.values()}
    assert before
    for sentence in sentences:
        page.locator(f"#s{sentence}").press("Delete")
        ready(page)
    assert named() == {}
    page.locator('[data-part="reset"]').click()
    ready(page)
    assert named() == before


def test_all_follows_a_sentence_that_is_taken_out(page: Page, site_url: str) -> None:
    record = opened(page, site_url)
    label = page.locator(".verdict-answer b").inner_text()
    before, written = shown(page), colours(page)
    assert before == expected(record, record.answer(), label)
    title = 1 / (1 + np.exp(-record.data["path"]["title"]))
    page.locator("#s2 .word").nth(1).click()
    ready(page)
    p = record.answer(2)
    assert shown(page) == expected(record, p, label)
    assert step(page, "abstract") == f"{percent(title)} → {percent(p)}"
    marker = page.locator('[data-part="marker"]').evaluate("e => Number(e.style.getPropertyValue('--place'))")
    assert marker == pytest.approx(p, abs=1e-6)
    assert [bar["size"] for bar in data(page, "sentences")] == pytest.approx(record.shares(2), abs=2e-4)
    expect(page.locator(".sentence.struck")).to_have_count(1)
    expect(page.locator("#s2")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".heatmap-cross")).to_have_count(1)
    line = page.locator('[data-part="line"]').inner_text()
    told = percent(p)
    assert line == f"Without sentence 2: {f'still {told}' if told == before[0] else f'{told} instead of {before[0]}'}"
    assert page.url.endswith("#without=2")
    assert colours(page) == expected_colours(record.shares(2), written, 2)
    expect(page.locator('[data-part="says"]')).to_have_text("would say")
    veils = page.locator(".heatmap-veil")
    expect(veils).to_have_count(2)  # over curve and heatmap, which are of the text as written
    expect(veils.first).to_have_text("the text as written")
    page.locator("#s4 .word").nth(1).click()
    ready(page)
    assert shown(page) == expected(record, record.answer(2, 4), label)
    assert colours(page) == expected_colours(record.shares(2, 4), written, 2, 4)
    assert [bar["size"] for bar in data(page, "sentences")] == pytest.approx(record.shares(2, 4), abs=2e-4)
    assert page.url.endswith("#without=2,4")
    page.get_by_role("button", name="Undo").click()
    ready(page)
    assert shown(page) == expected(record, p, label)
    page.keyboard.press("Control+z")
    ready(page)
    assert shown(page) == before
    expect(page.locator(".struck")).to_have_count(0)
    expect(page.locator(".verdict-quote")).to_be_hidden()
    expect(page.locator('[data-part="says"]')).to_have_text("says")
    expect(veils).to_have_count(0)
    assert colours(page) == written
    assert "#" not in page.url


def test_sentences_are_taken_out_in_the_figure_and_by_keyboard(page: Page, built_site: Path) -> None:
    record = opened(page, f"{built_site.as_uri()}/")
    for strip, sentence in (("ruler", 0), ("shares", 2)):
        x, y = on_sentence(page, strip, sentence)
        page.locator("canvas").click(position={"x": x, "y": y})
        ready(page)
    assert shown(page)[0] == percent(record.answer(1, 3))
    page.locator("#s4").focus()
    page.keyboard.press("Delete")
    ready(page)
    assert shown(page)[0] == percent(record.answer(1, 3, 4))
    page.keyboard.press("Enter")  # and back again
    ready(page)
    assert shown(page)[0] == percent(record.answer(1, 3))
    page.get_by_role("button", name="Put all back").click()
    ready(page)
    assert shown(page)[0] == percent(record.answer())
    page.locator(".heatmap-region").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    ready(page)
    assert page.url.endswith("&without=1")
    assert shown(page)[0] == percent(record.answer(1))


def test_the_title_is_taken_out(page: Page, built_site: Path) -> None:
    record = opened(page, f"{built_site.as_uri()}/")
    page.locator('[data-field="title"]').focus()
    page.keyboard.press("Delete")
    ready(page)
    p = record.answer(title=True)
    assert shown(page)[0] == percent(p)
    assert step(page, "title") == "taken out"
    assert page.locator('[data-part="line"]').inner_text().startswith("Without the title: ")
    assert page.url.endswith("#without=t")
    page.locator("#s1").press("Delete")
    ready(page)
    assert shown(page)[0] == percent(record.answer(1, title=True))
    assert page.url.endswith("#without=1,t")
    page.reload()
    ready(page)
    assert shown(page)[0] == percent(record.answer(1, title=True))
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()  # it came with the address
    page.get_by_role("button", name="Put all back").click()
    ready(page)
    assert shown(page)[0] == percent(record.answer())


def test_the_line_can_be_copied(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#without=3")
    page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    page.get_by_role("button", name="Copy the line").click()
    assert page.evaluate("() => window.copied") == page.locator('[data-part="line"]').inner_text()


def test_where_the_clipboard_is_refused_the_place_is_kept_and_nothing_false_said(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#without=3")
    page.evaluate("() => Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    button = page.locator('.verdict-panel [data-part="copy"]')
    button.press("Enter")
    expect(button).to_have_text("Copied")
    expect(button).to_be_focused()
    page.evaluate("() => { document.execCommand = () => false; }")
    button.press("Enter")
    expect(button).to_contain_text("Not copied")
    page.locator('.verdict-panel [data-part="reset"]').press("Enter")  # and is gone
    expect(page.locator(".verdict-line")).to_be_focused()


def test_a_title_that_is_not_there_cannot_be_taken_out(page: Page, built_site: Path) -> None:
    open_kind(page, f"{built_site.as_uri()}/", "records/p9.html#without=2,t")
    assert page.locator('[data-part="line"]').inner_text().startswith("Without sentence 2: ")
    for key in ("Home", "Delete"):
        page.locator('.heatmap [data-part="region"]').press(key)
    ready(page)
    assert page.locator('[data-part="line"]').inner_text().startswith("Without sentence 2: ")
    assert page.url.endswith("#cell=1.0&without=2")


def test_a_cell_of_the_title_alone_is_nothing_where_there_is_no_abstract(page: Page, built_site: Path) -> None:
    open_kind(page, f"{built_site.as_uri()}/", "records/p5.html#cell=1.0")
    expect(page.locator(".heatmap")).to_have_attribute("data-drawn", "words")


def test_selecting_text_takes_nothing_out(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    box = page.locator("#s1").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 12)
    page.mouse.up()
    assert page.evaluate("() => String(getSelection()).length") > 3
    expect(page.locator(".struck")).to_have_count(0)


def test_of_many_sentences_one_goes_at_a_time(page: Page, tmp_path: Path) -> None:
    record = sample(words=200, sentences=12, seed=4)
    page.goto(record.write(tmp_path))
    ready(page)
    page.locator("#s3").press("Delete")
    ready(page)
    page.locator("#s5").press("Delete")
    ready(page)
    assert page.locator(".struck").all_inner_texts() == [record.sentences[4]]
    assert page.url.endswith("#without=5")


def test_without_scripts_nothing_looks_like_a_button(new_page: Any, built_site: Path) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{built_site.as_uri()}/{PAGE}")
    expect(page.locator("main [role=button]")).to_have_count(0)
    expect(page.locator(".verdict-quote")).to_be_hidden()


def test_a_cell_is_no_button(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    x, y = middle(page, 1, 5)
    page.locator("canvas").click(position={"x": x, "y": y})
    expect(page.locator(".struck")).to_have_count(0)


def test_what_is_pointed_at_is_told_of_what_is_left(page: Page, built_site: Path) -> None:
    """Sentences by their shares of what is left; cells and words as of the text as written, which is said."""
    record = opened(page, f"{built_site.as_uri()}/", "#without=2")
    assert readout(page, "answer") == page.locator('[data-part="line"]').inner_text()  # nothing is pointed at
    page.locator("#s1 .word").first.hover()
    told = f"its share of what is left {points(record.shares(2)[0])} points; without it, too, "
    assert f"{told}{percent(record.answer(1, 2))}" in readout(page, "piece")
    page.locator("#s2 .word").first.hover()
    assert readout(page, "piece").endswith(f"; taken out; with it back {percent(record.answer())}")
    assert readout(page, "answer").startswith("As written: ")


def test_a_double_click_selects_a_word_and_takes_nothing_out(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    page.locator("#s1 .word").nth(2).dblclick()
    assert page.evaluate("() => String(getSelection()).trim().length") > 1
    expect(page.locator(".struck")).to_have_count(0)
    page.locator("#s2").press("Delete")
    page.evaluate("""() => {
      document.querySelector('.heatmap').out.strikes.possible = ({ title }) => (title ? "That is not known." : "");
    }""")
    page.locator('[data-field="title"] .word').first.dblclick()  # whose first click could change nothing
    expect(page.locator(".struck")).to_have_count(1)


def test_what_was_clicked_stays_under_the_pointer(new_page: Any, built_site: Path) -> None:
    page = new_page(viewport={"width": 1280, "height": 700})
    opened(page, f"{built_site.as_uri()}/")
    word = page.locator("#s3 .word").nth(1)
    word.scroll_into_view_if_needed()
    before = word.bounding_box()
    word.click()
    ready(page)
    assert word.bounding_box() == pytest.approx(before, abs=1)


def test_the_keyboard_hears_what_came_of_it(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    page.locator("#s3").focus()
    for _ in range(2):  # the key is held down
        page.keyboard.down(" ")
    page.keyboard.up(" ")
    ready(page)
    expect(page.locator("#s3.struck")).to_have_count(1)
    line = page.locator('[data-part="line"]').inner_text()
    expect(page.locator('[data-part="status"]')).to_have_text(line)
    page.keyboard.press("Control+Shift+Z")
    expect(page.locator("#s3.struck")).to_have_count(1)


def test_a_place_of_the_text_keeps_the_view_and_another_view_is_opened(page: Page, built_site: Path) -> None:
    record = opened(page, f"{built_site.as_uri()}/", "#without=3")
    page.evaluate("() => { location.hash = 's1'; }")
    page.wait_for_url("**#without=3")
    assert shown(page)[0] == percent(record.answer(3))
    page.evaluate("() => { location.hash = 'without=1'; }")
    page.wait_for_function("() => document.querySelector('#s1.struck')")
    ready(page)
    assert shown(page)[0] == percent(record.answer(1))


def test_paper_has_the_text_as_written(page: Page, built_site: Path) -> None:
    record = opened(page, f"{built_site.as_uri()}/", "#without=2,t")
    page.emulate_media(media="print")
    expect(page.locator(".struck")).to_have_count(0)
    assert shown(page)[0] == percent(record.answer())
    page.emulate_media(media="screen")
    expect(page.locator(".struck")).to_have_count(2)
    assert shown(page)[0] == percent(record.answer(2, title=True))
    assert page.url.endswith("#without=2,t")


def test_the_key_and_the_path_say_what_is_left(page: Page, built_site: Path) -> None:
    record = opened(page, f"{built_site.as_uri()}/", "#without=1,2,3,4,t")
    empty = percent(float(1 / (1 + np.exp(-record.data["path"]["empty"]))))
    assert [step(page, name) for name in ("title", "abstract")] == ["taken out", "taken out"]
    assert page.locator('[data-part="shares-from"]').inner_text() == f"{empty} (before it reads anything)"
    expect(page.locator(".heatmap-cross")).to_have_count(5)  # the title's column, too
    page.get_by_role("button", name="Put all back").click()
    ready(page)
    assert page.locator('[data-part="shares-from"]').inner_text().endswith("(the title alone)")


def test_on_a_phone_the_outcome_is_in_sight(new_page: Any, built_site: Path) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    opened(page, f"{built_site.as_uri()}/")
    page.locator("#s4").scroll_into_view_if_needed()
    page.locator("#s4 .word").nth(1).click()
    expect(page.locator('[data-part="line"]')).to_be_in_viewport()
    expect(page.get_by_role("button", name="Undo")).to_be_in_viewport()
