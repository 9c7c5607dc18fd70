"""Pointing at the figure and at the text, by pointer, finger and keyboard; and the address that keeps what is shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from sitegen.web.text.numbers import percent, points
from tests.browser.conftest import NewPage
from tests.browser.heatmap_page import Sample, sample
from tests.browser.heatmap_view import (
    cells,
    choose,
    click,
    columns,
    data,
    hover,
    marked,
    middle,
    on_sentence,
    readout,
    ready,
)

pytestmark = pytest.mark.browser


def open_page(page: Page, record: Sample, folder: Path, *, state: str = "") -> None:
    page.goto(record.write(folder) + state)
    ready(page)


def logistic(margin: float) -> float:
    return float(1 / (1 + np.exp(-margin)))


def said_of_sentence(record: Sample, s: int) -> str:
    """What the readout says of a sentence."""
    n = len(record.sentences)
    alone, effect = logistic(record.effects(n, salt=7)[s]), record.effects(n, salt=5)[s]
    mark = " ◆ clear" if s == 1 else ""
    return (
        f"Sentence {s + 1}: alone it says {percent(alone)}{mark}; its share {points(record.shares()[s])} points; "
        f"without it {percent(logistic(record.whole - effect))}"
    )


def test_pointing_at_a_cell_marks_the_text_and_tells_its_numbers(page: Page, tmp_path: Path) -> None:
    record = sample(seed=3)
    open_page(page, record, tmp_path)
    hover(page, 4, 60)
    p = record.probabilities()
    title, words = record.title.split(), [record.abstract[a:b] for a, b in record.spans(record.abstract)]
    assert marked(page) == [title[4], words[60]]
    change = points(p[4, 60] - p[4, 59])
    assert readout(page, "answer") == (
        f"{percent(p[4, 60])} computational ({change} points, after {percent(p[4, 59])} with the word before)"
    )
    sentence = next(k for k, end in enumerate(record.ends()) if end > 60)
    assert readout(page, "piece") == said_of_sentence(record, sentence)
    assert title[4] in readout(page, "read")
    assert words[60] in readout(page, "read")
    hover(page, 2, -1)
    assert readout(page, "answer") == f"{percent(record.titles()[2])} computational"
    assert "none of the abstract" in readout(page, "read")
    assert readout(page, "piece") == ""
    page.mouse.move(5, 5)
    assert marked(page) == []
    assert readout(page, "answer").startswith("At the left the title alone")


def test_in_sentences_a_cell_is_a_sentence(page: Page, tmp_path: Path) -> None:
    record = sample(seed=4)
    open_page(page, record, tmp_path, state="#columns=sentences")
    end = record.ends()[2] - 1
    hover(page, 11, end)
    assert marked(page) == [record.title.split()[11], record.sentences[2]]
    p = record.probabilities()[-1]
    before = record.ends()[1] - 1
    assert f"after {percent(p[before])} with the sentence before" in readout(page, "answer")


def test_pointing_at_the_text_shows_its_place_and_its_numbers(page: Page, tmp_path: Path) -> None:
    record = sample(seed=5)
    open_page(page, record, tmp_path)
    words = len(record.spans(record.abstract))
    page.locator('[data-of="abstract"]').nth(30).hover()
    effect, alone = record.effects(words, salt=0)[30], record.effects(words, salt=1)[30]
    text = page.locator('[data-of="abstract"]').nth(30).inner_text()
    assert readout(page, "answer") == (
        f"“{text}” alone: {percent(logistic(alone))}; without this word the answer is "
        f"{percent(logistic(record.whole - effect))} (with it {percent(logistic(record.whole))})"
    )
    frame = page.locator('[data-part="column"]').bounding_box()
    canvas = page.locator("canvas").bounding_box()
    assert frame
    assert canvas
    x, _ = middle(page, 0, 30)
    assert frame["x"] <= canvas["x"] + x <= frame["x"] + frame["width"]
    page.locator('[data-of="title"]').nth(3).hover()
    expect(page.locator('[data-part="row"]')).to_be_visible()
    expect(page.locator('[data-part="column"]')).to_be_hidden()
    assert readout(page, "read") == "Word 4 of the title"
    page.locator("#s2").focus()
    p = record.probabilities()[-1]
    ends = record.ends()
    assert readout(page, "answer") == (
        f"{percent(p[ends[1] - 1])} computational after sentence 2 "
        f"({points(p[ends[1] - 1] - p[ends[0] - 1])} points, after {percent(p[ends[0] - 1])} before it)"
    )
    assert readout(page, "piece") == said_of_sentence(record, 1)


def test_the_ruler_and_the_bars_tell_of_their_sentence(page: Page, tmp_path: Path) -> None:
    record = sample(seed=6)
    open_page(page, record, tmp_path)
    for strip in ("ruler", "shares"):
        x, y = on_sentence(page, strip, 4)
        page.locator("canvas").hover(position={"x": x, "y": y})
        assert readout(page, "piece") == said_of_sentence(record, 4)
        assert marked(page) == [record.sentences[4]]


def test_a_word_the_model_does_not_know_is_said_to_be_so(page: Page, tmp_path: Path) -> None:
    record = Sample(title="Known gnomon", sentences=("One gnomon.", "Two."), unknown=frozenset({"gnomon"}))
    open_page(page, record, tmp_path)
    page.locator(".unknown").first.hover()
    assert readout(page, "answer") == "“gnomon” is not in the model's vocabulary: it skips the word."


def test_the_readout_covers_and_moves_nothing(page: Page, tmp_path: Path) -> None:
    record = sample(seed=3)
    open_page(page, record, tmp_path)
    top = page.locator('[data-field="abstract"]').evaluate("e => Math.round(e.getBoundingClientRect().top)")
    for word in (0, 50, 120):
        hover(page, 7, word)
        found = page.locator('[data-field="abstract"]').evaluate("e => Math.round(e.getBoundingClientRect().top)")
        assert found == top
    assert page.locator(".heatmap-tooltip, #vg-tooltip-element").count() == 0


def test_a_cell_that_was_clicked_stays(page: Page, tmp_path: Path) -> None:
    record = sample(seed=7)
    open_page(page, record, tmp_path)
    click(page, 3, 25)
    assert page.url.endswith("#cell=4.26")
    kept = readout(page, "answer")
    hover(page, 8, 90)
    assert readout(page, "answer") != kept
    page.mouse.move(5, 5)
    assert readout(page, "answer") == kept
    page.locator(".heatmap-region").focus()
    page.keyboard.press("Escape")
    assert "#" not in page.url
    assert marked(page) == []


def test_the_keyboard_moves_from_cell_to_cell(page: Page, tmp_path: Path) -> None:
    record = sample(seed=8)
    open_page(page, record, tmp_path)
    page.locator(".heatmap-region").focus()
    status = page.locator('[data-part="status"]')
    page.keyboard.press("ArrowUp")
    p = record.probabilities()
    last = p.shape[1] - 1
    expect(status).to_contain_text(f"{percent(p[11, last])} computational")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(status).to_contain_text(f"{percent(p[10, last - 1])} computational")
    assert page.url.endswith(f"#cell=11.{last}")
    page.keyboard.press("Home")
    expect(status).to_contain_text(f"{percent(record.titles()[10])} computational")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(status).to_contain_text(f"{percent(p[11, 0])} computational")
    page.keyboard.press("End")
    expect(status).to_contain_text(f"{percent(p[11, last])} computational")


def test_a_finger_leaves_what_it_touched(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, device_scale_factor=2)
    record = sample(seed=5)
    open_page(page, record, tmp_path)
    page.locator(".heatmap-region").scroll_into_view_if_needed()
    x, y = middle(page, 6, 80)
    canvas = page.locator("canvas").bounding_box()
    assert canvas
    page.touchscreen.tap(canvas["x"] + x, canvas["y"] + y)
    shown = page.locator('[data-say="answer"] b').inner_text()
    assert shown in {percent(p) for p in record.probabilities()[6, 78:83]}
    box = page.locator(".heatmap-readout").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 844 + 1
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_the_address_opens_the_same_view(page: Page, new_page: NewPage, tmp_path: Path) -> None:
    record = sample(seed=9)
    open_page(page, record, tmp_path)
    choose(page, "sentences")
    click(page, 11, record.ends()[3] - 1)
    page.get_by_label("numbers").uncheck()
    ready(page)
    page.locator("#s6").press("Delete")
    ready(page)
    assert page.url.partition("#")[2] == f"columns=sentences&numbers=0&cell=12.{record.ends()[3]}&open=4&without=6"
    other = new_page(viewport={"width": 1280, "height": 900})
    other.goto(page.url)
    ready(other)
    assert columns(other) == columns(page)
    assert data(other, "sentences") == data(page, "sentences")
    np.testing.assert_array_equal(cells(other), cells(page))
    page.mouse.move(5, 5)
    page.evaluate("() => document.activeElement.blur()")
    assert readout(other, "answer") == readout(page, "answer")
    assert other.url.partition("#")[2] == page.url.partition("#")[2]
    assert other.locator(".sentence.struck").count() == 1


@pytest.mark.parametrize(
    "state", ["#columns=7&numbers=x&cell=99.999&open=40,0,x&without=99,z", "#cell=0.0", "#=&&", "#%", "#columns"]
)
def test_nonsense_in_the_address_means_nothing(page: Page, tmp_path: Path, state: str) -> None:
    record = sample(seed=2)
    open_page(page, record, tmp_path, state=state)
    assert page.locator(".heatmap").get_attribute("data-drawn") == "words"
    assert page.locator(".struck").count() == 0
    assert marked(page) == []


def test_a_place_of_the_text_stays_in_the_address(page: Page, tmp_path: Path) -> None:
    open_page(page, sample(seed=2), tmp_path, state="#s3")
    page.set_viewport_size({"width": 900, "height": 900})
    page.wait_for_timeout(400)
    ready(page)
    assert page.url.endswith("#s3")
