"""What the units of a network wrote, on a record's page: drawn from files once opened, on the figure's axis."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from sitegen.pipeline import build as pipeline
from sitegen.web.publish import bundles as scripts
from sitegen.web.text.numbers import log_odds
from tests.browser.axe import violations
from tests.browser.conftest import NewPage
from tests.browser.heatmap_view import choose, ready, signal
from tests.browser.inside_files import fields_of, network_of
from tests.sites import RECORDS, Recorder, make_site, vega_bundle, write_model

pytestmark = pytest.mark.browser

HIDDEN = 3  # units of each direction in tests/sites.py
BLOCKS = """() => [...document.querySelectorAll('#inside .inside-block')].map(({ drawn }) => ({
  left: drawn.left, height: drawn.height, words: drawn.words, known: drawn.known, sums: drawn.sums && [...drawn.sums],
  edges: Array.from({ length: drawn.words + 1 }, (_, word) => drawn.at(word)), boxes: drawn.boxes, bars: drawn.bars,
  rows: drawn.rows.map(({ key, kind, direction, number, units, cells, part, within }) =>
    ({ key, kind, direction, number, units, cells: [...cells], part, within })),
}))"""


def opened(page: Page, address: str, name: str = "p1") -> Locator:
    page.goto(f"{address}records/{name}.html")
    ready(page)
    page.locator("#inside > summary").click()
    page.wait_for_selector('#inside[data-state="drawn"]')
    return page.locator("#inside")


def choose_rows(page: Page, text: str) -> None:
    page.locator(".inside-controls label", has_text=text).click()


def blocks(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(BLOCKS)
    return found


def point(page: Page, block: int, row: int, word: int, *, click: bool = False) -> None:
    """Point at a cell, or at the words' bars (row -1)."""
    at = blocks(page)[block]
    box = at["bars"] if row < 0 else at["boxes"][row]
    x = at["left"] + (at["edges"][word] + at["edges"][word + 1]) / 2
    place = {"x": x, "y": box["top"] + box["height"] / 2}
    canvas = page.locator("#inside canvas").nth(block)
    if click:
        canvas.click(position=place)
    else:
        canvas.hover(position=place)


def said(page: Page) -> str:
    return page.locator(".inside-readout").inner_text()


@pytest.fixture(scope="module")
def deep_site(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A site of a model of two layers that looks at the last word only; its address."""
    folder = tmp_path_factory.mktemp("deep")
    write_model(folder / "model", layers=2, readout="last-step")
    site = make_site(folder, models={"First": "model"}, records=RECORDS[:3])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripts, "vega_bundle", vega_bundle)
        pipeline.build(site, reporter=Recorder())
    return f"{site.output.folder.as_uri()}/"


def test_nothing_is_loaded_before_it_is_opened_and_then_the_sums_are_the_answer(page: Page, site_url: str) -> None:
    loaded: list[str] = []
    page.on("request", lambda sent: loaded.append(sent.url.rpartition("/")[2]))
    page.goto(f"{site_url}records/p1.html")
    ready(page)
    expect(page.locator("#inside > summary")).to_be_visible()
    assert not {"network.js", "p1.js", "p1.png", "inside-data.js", "inside-view.js"} & set(loaded)
    page.locator("#inside > summary").click()
    page.wait_for_selector('#inside[data-state="drawn"]')
    assert {"network.js", "p1.js"} <= set(loaded)
    assert "p1.png" not in loaded
    check = page.evaluate("() => document.getElementById('inside').shown.check")
    assert check["total"] == pytest.approx(check["margin"], abs=1e-5)
    assert check["total"] == pytest.approx(check["bias"] + check["title"] + check["abstract"], abs=1e-12)
    assert check["cells"] == pytest.approx(check["margin"], abs=check["error"] * 2 * HIDDEN * 40)
    percent = f"{100 / (1 + math.exp(-check['total'])):.0f}%"
    expect(page.locator(".inside-check")).to_contain_text(f"together {log_odds(check['total'])} log-odds, {percent}")
    margin = f"{check['margin']:+.5f}".replace("-", "−")
    expect(page.locator(".inside-check")).to_contain_text(f"the answer above is {margin}, ")


@pytest.mark.parametrize("name", ["p1", "p4", "p8"])
def test_rows_and_columns_are_pythons_numbers(page: Page, built_site: Path, name: str) -> None:
    opened(page, f"{built_site.as_uri()}/", name)
    choose_rows(page, "all units")
    for found, (field, wanted) in zip(blocks(page), fields_of(built_site, name).items(), strict=True):
        assert found["known"] == wanted.known, field
        assert np.allclose(found["sums"], wanted.words)
        assert sorted(row["units"] for row in found["rows"]) == [[unit] for unit in range(2 * HIDDEN)]
        for row in found["rows"]:
            (unit,) = row["units"]
            assert np.allclose(row["cells"], wanted.evidence[unit], atol=1e-12)
            assert row["part"] == pytest.approx(wanted.units[unit])


def test_the_readout_of_a_cell_is_what_python_computes(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    choose_rows(page, "all units")
    found, wanted = blocks(page)[1], fields_of(built_site, "p1")["abstract"]
    for k in (0, HIDDEN + 1):
        unit, word = found["rows"][k]["units"][0], 4
        direction, number = divmod(unit, HIDDEN)
        point(page, 1, k, word)
        value = wanted.evidence[unit, wanted.known.index(word)]
        name = f"A1{'→←'[direction]}{number}"
        way = ("forward", "backward")[direction]
        assert f": here {name} (unit {number} of layer 1, which reads the abstract {way}) wrote" in said(page)
        assert f"wrote {log_odds(value)}; all 6 units {log_odds(wanted.words[word])} log-odds." in said(page)
        assert f"Its part of the answer: {log_odds(wanted.units[unit])} of the abstract's" in said(page)
    expect(page.locator(".inside-status")).to_be_empty()  # to those who hear the page a moving pointer says nothing
    point(page, 1, -1, 4)
    assert f": here all 6 units {log_odds(wanted.words[4])} log-odds." in said(page)
    assert page.locator(".marked").all_inner_texts() == [
        page.evaluate("() => document.querySelector('.heatmap').figure.record.abstract.word(4)")
    ]
    page.mouse.move(2, 2)
    expect(page.locator(".inside-readout")).to_contain_text("Point anywhere")


def test_a_unit_that_is_chosen_leads_to_its_page_where_units_have_pages(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    choose_rows(page, "all units")
    page.evaluate("() => { sitegen.network.unit_page = 'network/units/{}.html'; }")
    unit = blocks(page)[0]["rows"][1]["units"][0]
    direction, number = divmod(unit, HIDDEN)
    point(page, 0, 1, 2, click=True)
    link = page.locator(".inside-readout a")
    way = ("forward", "backward")[direction]
    expect(link).to_have_attribute("href", f"../network/units/title-1-{way}-{number}.html")
    page.evaluate("() => { sitegen.network.unit_page = ''; }")
    point(page, 0, 2, 2)
    expect(link).to_have_count(0)


def test_words_have_the_figures_places_whatever_it_shows(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")

    def apart() -> float:
        """How far words of the abstract are from their places in the figure, at most, in pixels of the page."""
        distance: float = page.evaluate(
            """() => {
              const { view, figure } = document.querySelector('.heatmap');
              const at = sitegen.strips(figure.record).scale(figure.columns, figure.size.width);
              const edge = (canvas) => canvas.getBoundingClientRect().left;
              const stage = document.querySelector('.heatmap-stage canvas');
              const start = edge(stage) + view.origin()[0] + view.padding().left;
              const { drawn } = document.querySelectorAll('#inside .inside-block')[1];
              const own = edge(drawn.canvas) + drawn.left;
              const apart = (_, word) => Math.abs(start + at(word) - own - drawn.at(word));
              return Math.max(...Array.from({ length: drawn.words + 1 }, apart));
            }"""
        )
        return distance

    assert apart() < 1
    choose(page, "sentences")
    assert apart() < 1
    wide = signal(page, "width")
    page.set_viewport_size({"width": 800, "height": 900})
    page.wait_for_function("(wide) => document.querySelector('.heatmap').view.signal('width') < wide", arg=wide)
    ready(page)
    assert apart() < 1
    choose(page, "words")
    narrow = signal(page, "width")
    page.locator('.heatmap [data-part="numbers"]').check()
    page.wait_for_function("(narrow) => document.querySelector('.heatmap').view.signal('width') > narrow", arg=narrow)
    ready(page)
    page.evaluate("() => { document.querySelector('.heatmap-region').scrollLeft = 200; }")
    page.wait_for_function("() => document.querySelectorAll('.inside-region')[1].scrollLeft === 200")
    assert apart() < 1


def test_a_band_opens_into_units_whose_rows_add_up_to_it(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    bands = network_of(built_site)["fields"]["abstract"]["blocks"][0]["bands"]
    before = blocks(page)[1]["rows"]
    assert [row["kind"] for row in before] == ["band"] * len(before)
    k = max(range(len(bands)), key=lambda number: len(bands[number]))
    point(page, 1, k, 2, click=True)
    rows = blocks(page)[1]["rows"]
    inner = [row for row in rows if row["within"]]
    assert sorted(row["number"] for row in inner) == sorted(bands[k])
    assert np.allclose(np.sum([row["cells"] for row in inner], axis=0), rows[k]["cells"])
    assert sum(row["part"] for row in inner) == pytest.approx(rows[k]["part"])
    point(page, 1, k, 2, click=True)
    assert blocks(page)[1]["rows"] == before


def test_by_size_the_largest_part_stands_first(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    choose_rows(page, "all units")
    choose_rows(page, "by size")
    for found in blocks(page):
        for direction in (0, 1):
            sizes = [abs(row["part"]) for row in found["rows"] if row["direction"] == direction]
            assert sizes == sorted(sizes, reverse=True)


def test_the_keyboard_moves_opens_and_leaves(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    page.mouse.move(0, 0)
    page.locator(".inside-region").nth(1).focus()
    page.keyboard.press("ArrowDown")  # begins at the word at which most was written
    found = blocks(page)[1]
    most = int(np.argmax(np.abs(found["sums"])))
    word = page.evaluate(f"() => document.querySelector('.heatmap').figure.record.abstract.word({most})")
    assert said(page).startswith(f"“{word}”: here ")
    expect(page.locator(".inside-status")).to_contain_text(f"“{word}”")
    page.keyboard.press("Enter")
    assert len(blocks(page)[1]["rows"]) == len(found["rows"]) + len(found["rows"][0]["units"])
    page.keyboard.press("ArrowDown")
    assert "A1→" in said(page)
    page.keyboard.press("Escape")
    expect(page.locator(".inside-readout")).to_contain_text("Point anywhere")


def test_a_field_without_a_known_word_has_no_columns(page: Page, built_site: Path) -> None:
    fold = opened(page, f"{built_site.as_uri()}/", "p5")
    assert fold.locator(".inside-block h3").all_inner_texts()[0].startswith("Title")
    assert fold.locator(".inside-block").count() == 1
    expect(fold.locator(".note")).to_contain_text("There is no abstract: the network reads an empty text there")


def test_a_network_of_two_layers_that_looks_at_the_last_word(page: Page, deep_site: str) -> None:
    fold = opened(page, deep_site)
    expect(fold.locator(".note")).to_contain_text("uses the last word alone")
    check = page.evaluate("() => document.getElementById('inside').shown.check")
    assert check["total"] == pytest.approx(check["margin"], abs=1e-5)
    choose_rows(page, "all units")
    for found in blocks(page):
        backward = np.array([row["cells"] for row in found["rows"] if row["direction"] == 1])
        assert not backward[:, :-1].any()
        assert backward[:, -1].any()
    fold.get_by_role("button", name="Lower layers").click()
    page.wait_for_selector('#inside[data-lower="drawn"]')
    assert [text.split(":")[0] for text in fold.locator("h3").all_inner_texts()[2:]] == [
        "Title layer 1",
        "Abstract layer 1",
    ]
    lower = blocks(page)[3]
    assert lower["sums"] is None
    states = page.evaluate(
        "async () => Array.from((await sitegen.insideData('../', 'p1', 1)).abstract.states)",
    )
    states = np.reshape(states, (2 * HIDDEN, -1)) / 127
    for row in lower["rows"]:
        of_unit = states[row["units"][0]]
        steps = np.diff(of_unit, prepend=0) if row["direction"] == 0 else -np.diff(of_unit, append=0)
        assert np.allclose(row["cells"], steps)
    point(page, 3, 0, 1)
    assert "movement, not evidence" in said(page)
    x = lower["left"] + (lower["edges"][2] + lower["edges"][3]) / 2
    canvas = page.locator("#inside canvas").nth(3)
    canvas.hover(position={"x": x, "y": lower["boxes"][0]["top"] - 8})  # a heading: a word of no unit
    assert "movement" not in said(page)
    page.set_viewport_size({"width": 390, "height": 844})
    choose(page, "words")
    page.get_by_label("numbers").check()
    ready(page)
    page.locator('.heatmap [data-part="region"]').evaluate("(region) => (region.scrollLeft = 40)")
    expect(page.locator(".inside-region").nth(3)).to_have_js_property("scrollLeft", 40)


@pytest.mark.parametrize("lack", ["DecompressionStream", "a file"])
def test_where_the_page_cannot_draw_the_picture_stands(page: Page, built_site: Path, lack: str, tmp_path: Path) -> None:
    if lack == "DecompressionStream":
        page.add_init_script("delete window.DecompressionStream")
        address = f"{built_site.as_uri()}/records/p1.html"
    else:  # the page as one file
        from sitegen.web.publish.single_file import single_file

        file = tmp_path / "p1.html"
        file.write_text(single_file(built_site, "records/p1.html", url=""), encoding="utf-8")
        address = file.as_uri()
    page.goto(address)
    ready(page)
    page.locator("#inside > summary").click()
    expect(page.locator("#inside")).to_have_attribute("data-state", "picture")
    picture = page.locator(".inside-picture")
    expect(picture).to_be_visible()
    page.wait_for_function("() => document.querySelector('.inside-picture').naturalWidth > 0")
    expect(page.locator(".inside-told")).to_contain_text("It adds up")
    assert not page.locator("#inside canvas").count()


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.nightly), "dark"])
def test_nothing_hinders_access_and_it_fits_a_phone(new_page: NewPage, built_site: Path, scheme: str) -> None:
    page = new_page(bypass_csp=True, color_scheme=scheme, viewport={"width": 390, "height": 844})
    page.goto(f"{built_site.as_uri()}/records/p1.html")
    ready(page)
    before = page.evaluate("() => document.documentElement.scrollWidth")
    page.locator("#inside > summary").click()
    page.wait_for_selector('#inside[data-state="drawn"]')
    assert page.evaluate("() => document.documentElement.scrollWidth") == before
    assert violations(page) == []


def test_on_paper_there_is_the_sentence_alone(page: Page, built_site: Path) -> None:
    fold = opened(page, f"{built_site.as_uri()}/")
    page.emulate_media(media="print")
    expect(fold.locator(".inside-told")).to_be_visible()
    for hidden in (".inside-stage", ".inside-controls", ".inside-readout", ".inside-check", ".hint"):
        expect(fold.locator(hidden)).to_be_hidden()
