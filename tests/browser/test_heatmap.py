"""The figure of a record in a real browser: what its strips show, and how it fits its place."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from sitegen.web.text.numbers import cell_number, percent, points
from tests.browser.conftest import NewPage
from tests.browser.heatmap_page import PALETTE, TEMPLATES, Sample, sample
from tests.browser.heatmap_view import (
    cells,
    choose,
    click,
    columns,
    data,
    hover,
    middle,
    ready,
    signal,
    strip,
)

pytestmark = pytest.mark.browser


def open_page(page: Page, record: Sample, folder: Path, *, state: str = "") -> None:
    page.goto(record.write(folder) + state)
    ready(page)


def scrolls(page: Page) -> bool:
    wide: bool = page.locator(".heatmap-region").first.evaluate("e => e.scrollWidth > e.clientWidth")
    return wide


@pytest.mark.parametrize("additive", [True, False])
def test_the_drawn_cells_are_the_grid(page: Page, tmp_path: Path, additive: bool) -> None:
    record = sample(additive=additive, seed=1)
    open_page(page, record, tmp_path)
    tolerance = 1e-12 if additive else 5.1e-7
    np.testing.assert_allclose(cells(page), record.probabilities(), rtol=0, atol=tolerance)
    first = [cell["p"] for cell in data(page, "cells") if cell["x"] < 0]
    np.testing.assert_allclose(first, record.titles(), rtol=0, atol=1e-7)  # float32 margins
    choose(page, "sentences")
    ends = np.array(record.ends()) - 1
    np.testing.assert_allclose(cells(page), record.probabilities()[:, ends], rtol=0, atol=tolerance)


def test_all_strips_tell_of_the_same_record(page: Page, tmp_path: Path) -> None:
    record = sample(seed=2, turns=(40, 3, 41, 120))
    open_page(page, record, tmp_path)
    last = record.probabilities()[-1]
    assert [row["p"] for row in data(page, "curve")] == pytest.approx([record.titles()[-1], *last], abs=1e-12)
    assert [row["p"] for row in data(page, "line")] == pytest.approx([*last, last[-1]], abs=1e-12)
    (end,) = data(page, "end")
    assert end["text"] == f"{cell_number(last[-1])}%"
    ends = record.ends()
    bars = data(page, "sentences")
    assert [(bar["x"], bar["x2"]) for bar in bars] == list(zip([0, *ends[:-1]], ends, strict=True))
    assert [bar["size"] for bar in bars] == pytest.approx(record.shares().tolist(), abs=1e-7)
    assert [bar["place"] for bar in bars] == [str(k + 1) for k in range(8)]
    labels = [points(share) for share in record.shares()]
    assert [bar["label"] for bar in bars] == [f"{labels[0]}", f"{labels[1]} ◆", *labels[2:]]
    (frame,) = data(page, "last")
    assert (frame["t"], frame["x"], frame["x2"]) == (11, 0, len(last))
    words = [record.abstract[a:b] for a, b in record.spans(record.abstract)]
    named = [row["word"] for row in data(page, "turns")]
    assert named[0] == f"{words[40]} {'▲' if last[40] > last[39] else '▼'}"
    assert len(named) == 3  # there is no room for a word beside another one
    for turn in data(page, "turns"):  # the name covers none of the curve
        k = int(turn["x"])
        near = last[k - 2 : k + 3]
        above, below = (turn["side"], max(near)) == (-1, turn["p"]), (turn["side"], min(near)) == (1, turn["p"])
        assert above or below or turn["p"] > max(near) or turn["p"] < min(near) or turn["p"] == pytest.approx(last[k])
    assert any(turn["p"] != last[int(turn["x"])] for turn in data(page, "turns"))


def test_the_strips_are_aligned_and_leave_no_seams(page: Page, tmp_path: Path) -> None:
    record = sample(seed=4, words=171)
    open_page(page, record, tmp_path)
    rectangles = page.evaluate(
        """() => {
          const all = (item, out) => {
            for (const one of item.items || []) {
              if (one.marktype === 'rect' && one.items.length) out.push(one);
              all(one, out);
            }
            return out;
          };
          const marks = all({ items: [document.querySelector('.heatmap').view.scenegraph().root] }, []);
          const place = ({ x, width, datum }) => [x, x + width, datum.x, datum.x2, datum.t];
          return marks.map((mark) => mark.items.map(place));
        }"""
    )
    ends = record.ends()
    found = {end: set() for end in ends}
    for mark in rectangles:
        for _, right, _, x2, _ in mark:
            if x2 in found:
                found[x2].add(round(right, 6))
    assert all(len(places) == 1 for places in found.values()), found
    heat = [item for mark in rectangles if len(mark) > 1000 for item in mark if item[4] == 3 and item[2] >= 0]
    assert len(heat) == 171
    assert all(one[1] == other[0] and one[0] == int(one[0]) for one, other in pairwise(heat))


def test_sentences_blend_over_one_word(page: Page, tmp_path: Path) -> None:
    record = sample(seed=5)
    open_page(page, record, tmp_path, state="#columns=sentences")
    last = [cell for cell in data(page, "cells") if cell["t"] == 11 and cell["x"] >= 0]
    assert last[0]["x"] == 0
    assert all(one["x2"] == other["x"] for one, other in pairwise(last))
    values = record.probabilities()[-1, np.array(record.ends()) - 1]
    for end, before, after in zip(record.ends(), values, values[1:], strict=False):
        eased = [cell for cell in last if end - 0.5 <= cell["x"] and cell["x2"] <= end + 0.5]
        assert len(eased) == 4
        assert (eased[0]["x"], eased[-1]["x2"]) == (end - 0.5, end + 0.5)
        steps = np.diff([before, *(cell["p"] for cell in eased), after])
        assert (steps * (after - before) > 0).all()
    assert data(page, "ends") == [{"x": 0}]  # no line parts what blends


def test_no_two_numbers_touch(page: Page, tmp_path: Path) -> None:
    """Whatever the figure's width, a number of 5.8 pixels a digit leaves two of its column free, at least."""
    open_page(page, sample(words=60, sentences=3), tmp_path)
    free = page.evaluate(
        """() => {
          const { record, columns } = document.querySelector('.heatmap').figure;
          const strips = sitegen.strips(record);
          const found = [];
          for (let width = 300; width < 1500; width += 25) {
            const at = strips.scale(columns, width);
            for (const { x, number } of strips.datasets(columns, { width, numbers: true, room: 0 }).numbers) {
              const column = columns.find((one) => (one.x + one.x2) / 2 === x);
              if (column) found.push(at(column.x2) - at(column.x) - 5.8 * number.length);
            }
          }
          return found;
        }"""
    )
    assert 2 <= min(free) < 3


def test_long_texts_start_with_sentences(page: Page, tmp_path: Path) -> None:
    record = sample(title_words=12, words=600, sentences=30)
    open_page(page, record, tmp_path)
    assert page.locator(".heatmap").get_attribute("data-drawn") == "sentences"
    assert cells(page).shape == (12, 30)
    choose(page, "words")
    assert cells(page).shape == (12, len(record.spans(record.abstract)))
    expect(page.get_by_label("numbers")).to_be_disabled()
    assert not scrolls(page)


def test_a_sentence_opens_and_closes(page: Page, tmp_path: Path) -> None:
    record = sample(seed=6)
    open_page(page, record, tmp_path, state="#columns=sentences")
    ends = record.ends()
    click(page, 11, ends[2] - 1)
    shown = columns(page)
    assert [one["word"] for one in shown if one["sentence"] == 2] == list(range(ends[1], ends[2]))
    assert len(shown) == 1 + 7 + ends[2] - ends[1]
    assert "open=3" in page.url
    inside = [one for one in shown if one["sentence"] == 2]
    np.testing.assert_allclose(
        cells(page)[5, 2 : 2 + len(inside)], record.probabilities()[5, ends[1] : ends[2]], atol=1e-12
    )
    page.locator(".heatmap-region").focus()
    page.keyboard.press("Enter")
    ready(page)
    assert len(columns(page)) == 9
    assert "open=" not in page.url


def test_numbers_come_and_go_and_row_labels_stay(page: Page, tmp_path: Path) -> None:
    record = sample(seed=7)
    open_page(page, record, tmp_path)
    numbers = page.get_by_label("numbers")
    expect(numbers).not_to_be_checked()
    assert [row["number"] for row in data(page, "numbers")] == [""]
    numbers.check()
    ready(page)
    shown = {(row["t"], row["x"]): row["number"] for row in data(page, "numbers")}
    p = record.probabilities()
    assert {(t, x): text for (t, x), text in shown.items() if x > 0} == {
        (t + 0.5, a + 0.5): cell_number(p[t, a]) for t in range(12) for a in range(p.shape[1])
    }
    assert "numbers=1" in page.url
    assert scrolls(page)
    label = page.locator(".heatmap-label.row").first
    before = label.bounding_box()
    page.locator(".heatmap-region").evaluate("e => { e.scrollLeft = 900; }")
    assert label.bounding_box() == before
    choose(page, "sentences")
    expect(numbers).to_be_checked()
    numbers.uncheck()
    ready(page)
    assert [row["number"] for row in data(page, "numbers")] == [""]
    assert "numbers=0" in page.url


@pytest.mark.parametrize("width", [390, pytest.param(700, marks=pytest.mark.nightly), 1920])
def test_the_figure_fits_its_place(new_page: NewPage, tmp_path: Path, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 844})
    open_page(page, sample(seed=8), tmp_path)
    assert not scrolls(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    choose(page, "sentences")
    assert not scrolls(page)


def test_a_change_of_width_fits_the_picture_anew(page: Page, tmp_path: Path) -> None:
    open_page(page, sample(), tmp_path)
    wide = signal(page, "width")
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_function("(wide) => document.querySelector('.heatmap').view.signal('width') < wide", arg=wide)
    ready(page)
    assert not scrolls(page)


def test_on_a_narrow_screen_the_largest_share_keeps_its_label(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    record = sample(words=300, sentences=10, seed=3)
    open_page(page, record, tmp_path)
    bars = data(page, "sentences")
    largest = max(bars, key=lambda bar: abs(bar["size"]))
    assert largest["label"]
    assert any(not bar["label"] for bar in bars)


def test_the_picture_has_the_colours_of_the_ramp(page: Page, tmp_path: Path) -> None:
    record = sample(seed=2)
    open_page(page, record, tmp_path, state="#columns=sentences&numbers=0")
    word = record.ends()[3] - 1
    x, y = middle(page, 2, word)
    colour = page.evaluate(
        """([x, y]) => { const c = document.querySelector('canvas'), s = c.width / c.clientWidth;
        return [...c.getContext('2d').getImageData(x * s, y * s, 1, 1).data].slice(0, 3); }""",
        [x, y],
    )
    ends = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in PALETTE.ramp])
    expected = [np.interp(record.probabilities()[2, word], [0, 0.5, 1], ends[:, k]) for k in range(3)]
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


def test_dark_pages_have_dark_charts(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(color_scheme="dark")
    open_page(page, sample(), tmp_path)
    corner = "() => [...document.querySelector('canvas').getContext('2d').getImageData(1, 1, 1, 1).data]"
    assert sum(page.evaluate(corner)[:3]) < 200
    first = page.locator(".heatmap").evaluate_handle("(e) => e.view")
    page.emulate_media(color_scheme="light")
    page.wait_for_function("(view) => document.querySelector('.heatmap').view !== view", arg=first)
    ready(page)
    assert page.evaluate(corner)[:3] == [255, 255, 255]


HOSTILE = "</script><img src=x onerror=alert(1)> & 𝔘nicode 🎓 ﬁn"


def test_hostile_and_astral_text_stays_text(page: Page, tmp_path: Path) -> None:
    record = Sample(title=HOSTILE, sentences=("𝔄 first 🎓 sentence <b>.", f"{HOSTILE}."))
    open_page(page, record, tmp_path)
    assert page.locator("main img, main b b").count() == 0
    assert page.locator('[data-field="title"]').inner_text() == HOSTILE
    assert page.locator('[data-field="abstract"]').inner_text() == record.abstract
    words = [record.abstract[a:b] for a, b in record.spans(record.abstract)]
    assert page.locator('[data-of="abstract"]').all_inner_texts() == words
    hover(page, len(record.spans(HOSTILE)) - 1, len(words) - 1)
    expect(page.locator('[data-say="read"]')).to_contain_text("🎓 ﬁn")
    assert page.locator(".heatmap-readout img").count() == 0


@pytest.mark.parametrize(
    ("record", "shape"),
    [
        (Sample(title="A title without abstract", sentences=()), (4, 1)),
        (Sample(title="Word", sentences=("Word",)), (1, 1)),
        (Sample(title="", sentences=("No title.", "At all.")), (1, 6)),
        (Sample(title="", sentences=()), (1, 1)),
        (sample(title_words=55, words=60, sentences=3), (55, 60)),
    ],
    ids=["no abstract", "one word", "no title", "nothing", "long title"],
)
def test_records_of_any_shape_are_drawn(page: Page, tmp_path: Path, record: Sample, shape: tuple[int, int]) -> None:
    open_page(page, record, tmp_path)
    assert page.locator(".heatmap").get_attribute("data-drawn") == "words"
    if record.sentences:
        assert cells(page).shape == shape
    else:
        assert len(data(page, "cells")) == shape[0]
    expect(page.locator('[data-part="columns"]')).to_be_visible(visible=len(record.sentences) > 1)
    hover(page, shape[0] - 1, shape[1] - 1 if record.sentences else 0)
    expect(page.locator('[data-say="answer"]')).to_contain_text(percent(record.probabilities()[-1, -1]))


def test_the_figure_stands_where_scripts_do_not_run_and_in_print(new_page: NewPage, tmp_path: Path) -> None:
    figure = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='40' height='30'/>"
    url = sample(figure=figure).write(tmp_path)
    page = new_page(java_script_enabled=False)
    page.goto(url)
    expect(page.locator(".heatmap-figure")).to_be_visible()
    for scripted in (".heatmap-controls", ".heatmap-readout", ".heatmap-gutter"):
        expect(page.locator(scripted)).to_be_hidden()
    page.locator(".heatmap-table summary").click()
    assert page.locator(".heatmap-table tbody tr").count() == 8
    page = new_page()
    page.goto(url)
    ready(page)
    expect(page.locator(".heatmap-figure")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".heatmap-figure")).to_be_visible()
    for gone in (".heatmap-region", ".heatmap-legend", ".heatmap-readout"):
        expect(page.locator(gone)).to_be_hidden()


def test_a_figure_without_a_static_one_is_printed_as_it_is(page: Page, tmp_path: Path) -> None:
    open_page(page, sample(), tmp_path)
    page.emulate_media(media="print")
    expect(page.locator(".heatmap-region")).to_be_visible()
    top, bottom = strip(page, "shares")
    assert bottom > top


def test_nothing_hinders_access(new_page: NewPage, tmp_path: Path) -> None:
    for scheme in ("light", "dark"):
        page = new_page(bypass_csp=True, color_scheme=scheme)
        open_page(page, sample(unknown=frozenset({"networks"})), tmp_path)
        results = Axe().run(page, options={"preload": False})  # preloading would request the style sheets again
        assert results.violations_count == 0, results.generate_report()


def test_a_picture_that_cannot_be_drawn_leaves_the_figure(browser: Browser, tmp_path: Path) -> None:
    figure = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='40' height='30'/>"
    url = sample(figure=figure).write(tmp_path)
    script = (tmp_path / "heatmap-spec.js").read_text(encoding="utf-8")
    (tmp_path / "heatmap-spec.js").write_text(script.replace('"type":"linear"', '"type":"no such"'), encoding="utf-8")
    with browser.new_page() as page:  # not watched: the error is meant to be in the console
        page.goto(url)
        expect(page.locator(".heatmap-figure")).to_be_visible()
        expect(page.locator(".heatmap-region")).to_be_hidden()
