"""The heatmap in a real browser: what it draws, and how picture and text point at each other."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from sitegen.web.text.numbers import percent
from tests.browser.conftest import NewPage
from tests.browser.heatmap_page import PALETTE, TEMPLATES, Sample, sample
from tests.browser.heatmap_view import READY, cells, choose, hover, marked, middle, signal

pytestmark = pytest.mark.browser


def open_page(page: Page, record: Sample, folder: Path) -> None:
    page.goto(record.write(folder))
    page.wait_for_selector(READY)


@pytest.mark.parametrize("additive", [True, False])
def test_the_drawn_cells_are_the_grid(page: Page, tmp_path: Path, additive: bool) -> None:
    record = sample(additive=additive, seed=1)
    open_page(page, record, tmp_path)
    tolerance = 1e-12 if additive else 5.1e-5
    ends = np.array(record.ends()) - 1
    np.testing.assert_allclose(cells(page), record.probabilities()[:, ends], rtol=0, atol=tolerance)
    choose(page, "words")
    np.testing.assert_allclose(cells(page), record.probabilities(), rtol=0, atol=tolerance)


def test_the_picture_has_the_colours_of_the_ramp(page: Page, tmp_path: Path) -> None:
    record = sample(seed=2)
    open_page(page, record, tmp_path)
    p = cells(page)[2, 3]
    x, y = middle(page, 2, 3)
    across = signal(page, "x_step")
    assert isinstance(across, int | float)
    colour = page.evaluate(  # beside the number, which stands in the cell's middle
        """([x, y]) => { const c = document.querySelector('canvas'), s = c.width / c.clientWidth;
        return [...c.getContext('2d').getImageData(x * s, y * s, 1, 1).data].slice(0, 3); }""",
        [x - across / 2 + 4, y],
    )
    ends = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in PALETTE.ramp])
    expected = [np.interp(p, [0, 0.5, 1], ends[:, k]) for k in range(3)]
    np.testing.assert_allclose(colour, expected, atol=1.01)


def test_the_legend_shows_the_one_ramp(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(color_scheme="dark")  # where white is not the colour of anything else
    open_page(page, sample(), tmp_path)
    shown = page.locator(".heatmap-ramp").evaluate("e => getComputedStyle(e).backgroundImage")
    rgb = [tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5)) for colour in PALETTE.ramp]
    assert [tuple(map(int, found)) for found in re.findall(r"rgb\((\d+), (\d+), (\d+)\)", shown)] == rgb


def test_the_style_sheet_has_no_colours_of_its_own() -> None:
    css = (TEMPLATES / "assets" / "heatmap.css").read_text(encoding="utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", css)


def test_pointing_at_a_cell_marks_the_text_and_tells_its_numbers(page: Page, tmp_path: Path) -> None:
    record = sample(seed=3)
    open_page(page, record, tmp_path)
    hover(page, 4, 2)
    title = record.title.split()
    assert marked(page) == [title[4], record.sentences[2]]
    p = cells(page)
    tooltip = page.locator(".heatmap-tooltip")
    expect(tooltip).to_contain_text(f"{percent(p[4, 2])} computational")
    change = f"{100 * (p[4, 2] - p[4, 1]):+.1f}".replace("-", "−")
    expect(tooltip).to_contain_text(f"{change} percentage points since the sentence before")
    expect(tooltip).to_contain_text(f"Title read: {' '.join(title[:5])}")
    expect(tooltip).to_contain_text(f"would predict: {'computational' if p[4, 2] >= 0.5 else 'not computational'}")
    expect(tooltip).to_contain_text(record.sentences[2][-20:])
    frame = box(page.locator('[data-part="column"]'))
    x, _ = middle(page, 4, 2)
    assert abs(frame["x"] + frame["width"] / 2 - (box(page.locator("canvas"))["x"] + x)) < 1
    page.mouse.move(5, 5)
    expect(tooltip).to_be_hidden()
    assert marked(page) == []


def box(locator: Locator) -> dict:
    found = locator.bounding_box()
    assert found
    return dict(found)


def test_pointing_at_a_word_column_marks_that_word(page: Page, tmp_path: Path) -> None:
    record = sample(seed=3)
    open_page(page, record, tmp_path)
    choose(page, "words")
    hover(page, 11, 100)
    start, end = record.spans(record.abstract)[100]
    assert marked(page) == [record.title.split()[11], record.abstract[start:end]]


def test_pointing_at_the_text_frames_its_column(page: Page, tmp_path: Path) -> None:
    record = sample(seed=3)
    open_page(page, record, tmp_path)
    choose(page, "words")
    page.locator('[data-of="abstract"][data-word="57"]').hover()
    frame = page.locator('[data-part="column"]')
    x, _ = middle(page, 0, 57)
    canvas = box(page.locator("canvas"))
    assert abs(box(frame)["x"] + box(frame)["width"] / 2 - (canvas["x"] + x)) < 1
    page.locator('[data-of="title"][data-word="3"]').hover()
    expect(frame).to_be_hidden()
    _, y = middle(page, 3, 0)
    row = box(page.locator('[data-part="row"]'))
    assert abs(row["y"] + row["height"] / 2 - (canvas["y"] + y)) < 1


def test_focusing_a_sentence_frames_all_its_words_and_says_so(page: Page, tmp_path: Path) -> None:
    record = sample(seed=3)
    open_page(page, record, tmp_path)
    choose(page, "words")
    page.locator("#s3").focus()
    first, last = record.ends()[1], record.ends()[2]
    step = signal(page, "x_step")
    assert isinstance(step, int | float)
    assert abs(box(page.locator('[data-part="column"]'))["width"] - ((last - first) * step + 4)) < 1
    expect(page.locator(".heatmap-status")).to_contain_text("computational")


def test_arrow_keys_move_the_cell_and_tell_it(page: Page, tmp_path: Path) -> None:
    record = sample(seed=4)
    open_page(page, record, tmp_path)
    p = cells(page)
    page.locator(".heatmap-region").focus()
    status = page.locator(".heatmap-status")
    page.keyboard.press("ArrowRight")
    expect(status).to_contain_text(f"sentence 8 of 8: {percent(p[11, 7])} computational")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    expect(status).to_contain_text(
        f"(word 11 of 12), abstract up to sentence 7 of 8: {percent(p[10, 6])} computational"
    )
    assert marked(page) == [record.title.split()[10], record.sentences[6]]
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    expect(status).to_contain_text("sentence 1 of 8")
    page.keyboard.press("Escape")
    assert marked(page) == []


def test_numbers_can_be_turned_off_and_on(page: Page, tmp_path: Path) -> None:
    open_page(page, sample(), tmp_path)
    numbers = page.get_by_label("numbers")
    expect(numbers).to_be_checked()
    numbers.uncheck()
    page.wait_for_selector(READY)
    assert signal(page, "numbers") is False
    choose(page, "words")
    expect(numbers).not_to_be_checked()
    narrow = signal(page, "x_step")
    numbers.check()
    page.wait_for_selector(READY)
    assert (narrow, signal(page, "x_step"), signal(page, "numbers")) == (5, 28, True)
    region = page.locator(".heatmap-region")
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")


def test_very_wide_word_grids_offer_no_numbers_and_stay_whole(page: Page, tmp_path: Path) -> None:
    record = sample(words=764, sentences=30)
    open_page(page, record, tmp_path)
    choose(page, "words")
    expect(page.get_by_label("numbers")).to_be_disabled()
    assert cells(page).shape == (12, len(record.spans(record.abstract)))


def test_unknown_words_are_marked_as_such(page: Page, tmp_path: Path) -> None:
    record = Sample(title="Known gnomon", sentences=("One gnomon.", "Two."), unknown=frozenset({"gnomon"}))
    open_page(page, record, tmp_path)
    assert page.locator(".unknown").all_inner_texts() == ["gnomon", "gnomon"]
    expect(page.locator(".unknown").first).to_have_attribute("title", re.compile("does not know"))


HOSTILE = "</script><img src=x onerror=alert(1)> & 𝔘nicode 🎓 ﬁn"


def test_hostile_and_astral_text_stays_text(page: Page, tmp_path: Path) -> None:
    record = Sample(title=HOSTILE, sentences=("𝔄 first 🎓 sentence <b>.", f"{HOSTILE}."))
    open_page(page, record, tmp_path)
    assert page.locator("main img, main b").count() == 0
    assert page.locator('[data-field="title"]').inner_text() == HOSTILE
    assert page.locator('[data-field="abstract"]').inner_text() == record.abstract
    words = [record.abstract[a:b] for a, b in record.spans(record.abstract)]
    assert page.locator('[data-of="abstract"]').all_inner_texts() == words
    hover(page, len(record.spans(HOSTILE)) - 1, 1)
    expect(page.locator(".heatmap-tooltip")).to_contain_text("🎓 ﬁn")
    assert page.locator(".heatmap-tooltip img").count() == 0


@pytest.mark.parametrize(
    ("record", "shape"),
    [
        (Sample(title="A title without abstract", sentences=()), (4, 1)),
        (Sample(title="Word", sentences=("Word",)), (1, 1)),
        (Sample(title="", sentences=("No title.", "At all.")), (1, 2)),
        (Sample(title="", sentences=()), (1, 1)),
        (sample(title_words=55, words=60, sentences=3), (55, 3)),
    ],
    ids=["no abstract", "one word", "no title", "nothing", "long title"],
)
def test_records_of_any_shape_are_drawn(page: Page, tmp_path: Path, record: Sample, shape: tuple[int, int]) -> None:
    open_page(page, record, tmp_path)
    assert cells(page).shape == shape
    expect(page.locator('[data-part="columns"]')).to_be_visible(visible=shape[1] > 1)
    hover(page, shape[0] - 1, shape[1] - 1)
    expect(page.locator(".heatmap-tooltip")).to_contain_text("computational")


def test_a_narrow_screen_shows_all_sentences_and_answers_to_touch(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, device_scale_factor=2)
    open_page(page, sample(seed=5), tmp_path)
    region = page.locator(".heatmap-region")
    assert region.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    x, y = middle(page, 6, 7)
    region.scroll_into_view_if_needed()
    canvas = box(page.locator("canvas"))
    page.touchscreen.tap(canvas["x"] + x, canvas["y"] + y)
    tooltip = page.locator(".heatmap-tooltip")
    expect(tooltip).to_be_visible()
    place = box(tooltip)
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 390
    page.locator(".heatmap-how").tap()
    expect(tooltip).to_be_hidden()


def test_a_change_of_width_fits_the_picture_anew(page: Page, tmp_path: Path) -> None:
    open_page(page, sample(), tmp_path)
    wide = signal(page, "x_step")
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_timeout(400)
    page.wait_for_selector(READY)
    narrow = signal(page, "x_step")
    assert isinstance(wide, int | float)
    assert isinstance(narrow, int | float)
    assert 28 <= narrow < wide
    assert page.locator(".heatmap-region").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_dark_pages_have_dark_charts(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(color_scheme="dark")
    open_page(page, sample(), tmp_path)
    corner = "() => [...document.querySelector('canvas').getContext('2d').getImageData(1, 1, 1, 1).data]"
    dark = page.evaluate(corner)
    page.emulate_media(color_scheme="light")
    page.wait_for_timeout(100)
    page.wait_for_selector(READY)
    assert sum(dark[:3]) < 200
    assert page.evaluate(corner)[:3] == [255, 255, 255]


def test_the_figure_stands_where_scripts_do_not_run_and_in_print(new_page: NewPage, tmp_path: Path) -> None:
    figure = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='40' height='30'/>"
    record = sample(figure=figure)
    url = record.write(tmp_path)
    page = new_page(java_script_enabled=False)
    page.goto(url)
    expect(page.locator(".heatmap-figure")).to_be_visible()
    expect(page.locator(".heatmap-controls")).to_be_hidden()
    page.locator(".heatmap-table summary").click()
    assert page.locator(".heatmap-table tbody tr").count() == 8
    page = new_page()
    page.goto(url)
    page.wait_for_selector(READY)
    expect(page.locator(".heatmap-figure")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".heatmap-figure")).to_be_visible()
    expect(page.locator(".heatmap-region")).to_be_hidden()


def test_the_menu_exports_and_sends_nothing_away(page: Page, tmp_path: Path) -> None:
    open_page(page, sample(), tmp_path)
    page.locator(".vega-embed summary").click()
    assert page.locator(".vega-actions a").all_inner_texts() == ["Save as SVG", "Save as PNG"]


def test_nothing_hinders_access(new_page: NewPage, tmp_path: Path) -> None:
    for scheme in ("light", "dark"):
        page = new_page(bypass_csp=True, color_scheme=scheme)
        open_page(page, sample(unknown=frozenset({"networks"})), tmp_path)
        results = Axe().run(page, options={"preload": False})  # preloading would request the style sheets again
        assert results.violations_count == 0, results.generate_report()


def test_a_picture_that_cannot_be_drawn_leaves_the_figure(browser: Browser, tmp_path: Path) -> None:
    figure = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='40' height='30'/>"
    url = sample(figure=figure).write(tmp_path)
    (tmp_path / "heatmap-spec.js").write_text("window.sitegen = {};", encoding="utf-8")
    with browser.new_page() as page:  # not watched: the error is meant to be in the console
        page.goto(url)
        expect(page.locator(".heatmap-figure")).to_be_visible()
        expect(page.locator(".heatmap-region")).to_be_hidden()
