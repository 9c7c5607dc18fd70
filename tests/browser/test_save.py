"""What readers take away from a figure: its picture, its specification, the record's numbers, a link to the view."""

from __future__ import annotations

import json
import struct
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import vl_convert
from playwright.sync_api import Locator, Page, expect

from sitegen.web.charts.heatmap import SCALES
from sitegen.web.text.numbers import percent
from tests.browser.axe import violations
from tests.browser.conftest import NewPage
from tests.browser.heatmap_page import PALETTE, Sample, sample
from tests.browser.heatmap_view import READY, choose, click, data, ready, signal
from tests.browser.kinds import open_kind
from tests.sites import HOSTILE
from tests.web.built_numbers import BuiltSite, probability
from tests.web.test_schema import valid

pytestmark = pytest.mark.browser

PAGE = "records/p1.html"
SETS = ("curve", "line", "turns", "end", "levels", "sentences", "cells", "numbers", "ends", "last")
WITHIN = 1e-6
ON_TOP = """(element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return document.elementFromPoint(x + width / 2, y + height / 2) === element;
}"""


def figure(page: Page, number: int = 0) -> Locator:
    return page.locator(".heatmap").nth(number)


def open_menu(page: Page, number: int = 0) -> Locator:
    """The open menu of a figure."""
    menu = figure(page, number).locator(".heatmap-save")
    if menu.is_hidden():
        figure(page, number).get_by_role("button", name="Save").click()
    return menu


def saved(page: Page, kind: str, number: int = 0) -> tuple[str, bytes]:
    """The name and the bytes of a file that is saved."""
    menu = open_menu(page, number)
    with page.expect_download() as download:
        menu.locator(f'[data-save="{kind}"]').click()
    name = download.value.suggested_filename
    expect(menu.get_by_role("status")).to_have_text(f"Saved as {name}")
    return name, Path(download.value.path()).read_bytes()


def texts(svg: bytes) -> list[str]:
    """The lines of text in a picture; it can be read as XML, and nothing in it can run."""
    tree = ElementTree.fromstring(svg)
    kinds = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert kinds <= {"svg", "g", "defs", "path", "line", "text", "tspan", "rect", "linearGradient", "stop", "clipPath"}
    return [line for element in tree.iter() if element.tag.endswith("}text") for line in element.itertext()]


def size(svg: bytes) -> tuple[float, float]:
    root = ElementTree.fromstring(svg)
    return float(root.attrib["width"]), float(root.attrib["height"])


def test_pictures_say_all_that_belongs_to_them(page: Page, site_url: str) -> None:
    open_kind(page, site_url, f"{PAGE}#columns=sentences&without=2,4")
    name, svg = saved(page, "svg")
    assert name == "p1-reading-of-first-without-2-4.svg"
    words = texts(svg)
    whole = page.evaluate("() => document.querySelector('.heatmap').figure.record.whole")
    label, predicted = "computational", "computational" if whole >= 0.5 else "not computational"
    for text in (
        "Simulated crowds learn to queue",
        f"{percent(whole)} probability of “computational”: First says “{predicted}”, labelled “{label}”",
        "0% not computational",
        "100% computational",
        "Tests & <trials> · made with sitegen",
        "https://example.org/some/where/records/p1.html",
    ):
        assert any(word.startswith(text) for word in words), (text, words)
    line = page.locator('[data-part="line"]').inner_text()
    assert line.startswith("Without sentences 2 and 4: ")
    assert any(word.startswith(f"{line}. The bars are of what is left") for word in words)
    assert {row["number"] for row in data(page, "numbers")} <= set(words)
    name, png = saved(page, "png")
    assert name == "p1-reading-of-first-without-2-4.png"
    width, height = size(svg)
    assert struct.unpack(">II", png[16:24]) == (2 * width, 2 * height)
    assert len(png) > 20_000  # not an empty sheet


def test_the_specification_is_what_is_shown(page: Page, built_site: Path) -> None:
    open_kind(page, f"{built_site.as_uri()}/", f"{PAGE}#columns=sentences&open=3&without=1,4")
    name, text = saved(page, "spec")
    assert name == "p1-reading-of-first-without-1-4.vl.json"
    spec = json.loads(text)
    valid(spec)
    assert "var(--" not in text.decode()
    params = {param["name"]: param["value"] for param in spec["params"]}
    assert {name: signal(page, name) for name in SCALES} == {name: params[name] for name in SCALES}
    compiled = {one["name"]: one.get("values") for one in vl_convert.vegalite_to_vega(spec)["data"]}
    for same in ("cells", "curve", "ends", "last"):
        assert compiled[same] == data(page, same)
    bars = data(page, "sentences")
    assert [bar["size"] for bar in compiled["sentences"]] == [bar["size"] for bar in bars]
    assert compiled["struck"] == [{"x": bars[k]["x"], "x2": bars[k]["x2"]} for k in (0, 3)]
    assert "Simulated crowds learn to queue" in texts(vl_convert.vegalite_to_svg(spec).encode())


def test_words_and_numbers_are_saved_as_they_are_shown(page: Page, tmp_path: Path) -> None:
    page.goto(sample(words=80, seed=3).write(tmp_path) + "#numbers=1")
    ready(page)
    shown = {name: json.loads(saved(page, "spec")[1])["datasets"][name] for name in ("cells", "numbers")}
    assert shown == {name: data(page, name) for name in shown}
    assert len(shown["numbers"]) > 80
    page.get_by_label("numbers").uncheck()
    ready(page)
    _, text = saved(page, "spec")
    assert [row["number"] for row in json.loads(text)["datasets"]["numbers"]] == [""]


def test_a_picture_is_light_and_as_wide_as_its_words(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(color_scheme="dark", viewport={"width": 390, "height": 844})
    record = sample(title_words=60, seed=5)
    page.goto(record.write(tmp_path))
    ready(page)
    _, svg = saved(page, "svg")
    ground = ElementTree.fromstring(svg).find("{*}rect")
    assert ground is not None
    assert ground.attrib["fill"] == "#ffffff"
    assert PALETTE.chart_ink.encode() in svg
    lines, words = texts(svg), record.title.split()
    first = next(k for k, line in enumerate(lines) if line.startswith(" ".join(words[:5])))
    assert lines[first + 2].endswith(" …")  # three lines, and no more
    title = " ".join(lines[first : first + 3]).removesuffix(" …").split()
    assert title == words[: len(title)]
    assert 900 < size(svg)[0] < 1200


@cache
def built(folder: Path) -> BuiltSite:
    return BuiltSite(folder)


def close(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(np.asarray(found, dtype=float), np.asarray(expected, dtype=float), rtol=0, atol=WITHIN)


@pytest.mark.parametrize("path", ["p1", "p5", "p8", "p9"])
def test_the_numbers_are_those_of_the_store(page: Page, built_site: Path, path: str) -> None:
    """As the data files have them: of records with and without title and abstract, with letters of all kinds."""
    open_kind(page, f"{built_site.as_uri()}/", f"records/{path}.html")
    name, text = saved(page, "record")
    assert name == f"{path}-numbers-of-first.json"
    file, site = json.loads(text), built(built_site)
    record, grid, rows = site.page_of[f"{path}.html"], site.grids[path], site.sentences[path]
    assert (file["id"], file["site"], file["model"]) == (path, "Tests & <trials>", "First")
    assert file["address"] == f"https://example.org/some/where/records/{path}.html"
    assert file["taken_out"] is None
    assert file["label"] == record["label"]
    assert file["predicted"] == file["classes"]["positive" if file["probability"] >= file["threshold"] else "negative"]
    close(file["margin"], grid["margin"])
    close(file["probability"], float(record["First: probability"]))
    path_names = {"empty": "empty", "title": "title alone", "abstract": "abstract alone", "whole": "margin"}
    for key, column in path_names.items():
        close(file["path"][key], probability(site.margin(record, column)))
    for field in ("title", "abstract"):
        words, source = file[field]["words"], record[field]
        assert file[field]["text"] == source
        assert [word["word"] for word in words] == [source[word["start"] : word["end"]] for word in words]
        assert [word["word"].lower() for word in words] == grid[f"{field}_tokens"]
        assert [int(word["known"]) for word in words] == grid[f"{field}_known"]
        close([word["leave_one_out"] for word in words], grid[f"{field}_words"])
        close([word["alone_probability"] for word in words], [probability(z) for z in grid[f"{field}_words_alone"]])
        close([word["without"] for word in words], [probability(grid["margin"] - z) for z in grid[f"{field}_words"]])
    sentences = file["abstract"]["sentences"]
    assert [(one["start"], one["end"], one["text"]) for one in sentences] == [
        (int(row["start"]), int(row["end"]), row["text"]) for row in rows
    ]
    for key in ("alone_probability", "share_change", "leave_one_out", "without"):
        close([one[key] for one in sentences], [float(row[key]) for row in rows])
    ends = [sum(word["sentence"] <= k for word in file["abstract"]["words"]) for k in range(1, len(sentences) + 1)]
    assert ends == grid["sentence_ends"]
    close(
        file["grid"]["probability"],
        [[probability(a + b + grid["bias"]) for b in grid["abstract"]] for a in grid["title"]],
    )
    if sentences:
        close(file["grid"]["title_alone"][-1], file["path"]["title"])


def test_the_numbers_say_what_was_taken_out(page: Page, built_site: Path) -> None:
    open_kind(page, f"{built_site.as_uri()}/", f"{PAGE}#without=2,t")
    name, text = saved(page, "record")
    assert name == "p1-numbers-of-first-without-2-title.json"
    out = json.loads(text)["taken_out"]
    assert (out["title"], out["sentences"]) == (True, [2])
    assert percent(out["probability"]) == page.locator('[data-part="percent"]').inner_text()
    assert out["predicted"] == page.locator('[data-part="predicted"]').inner_text()
    assert out["line"] == page.locator('[data-part="line"]').inner_text()
    bars = [bar["size"] for bar in data(page, "sentences")]
    assert out["share_change"][1] is None
    close([share or 0 for share in out["share_change"]], bars)


def test_numbers_of_a_model_that_reads_both_at_once(page: Page, tmp_path: Path) -> None:
    record = sample(additive=False, words=40, sentences=3)
    page.goto(record.write(tmp_path))
    ready(page)
    grid = json.loads(saved(page, "record")[1])["grid"]
    close(grid["probability"], record.probabilities())
    close(grid["title_alone"], record.titles())


def view(page: Page) -> dict[str, Any]:
    """All that a reader sees of the figure and the answer."""
    return {
        **{name: data(page, name) for name in SETS},
        "columns": figure(page).get_attribute("data-drawn"),
        "numbers box": page.get_by_label("numbers").is_checked(),
        "frames": page.locator(".heatmap-frame").evaluate_all("all => all.map((e) => e.getAttribute('style'))"),
        "struck": page.locator(".struck").all_inner_texts(),
        "crosses": page.locator(".heatmap-cross").evaluate_all("all => all.map((e) => e.getAttribute('style'))"),
        "answer": page.locator(".verdict-panel").inner_text().replace("Undo", ""),
        "readout": page.locator('[data-part="readout"]').inner_text(),
        "path": page.locator("[data-change]").all_inner_texts(),
    }


def test_a_link_reopens_exactly_this_view(new_page: NewPage, site_url: str) -> None:
    size = {"width": 1280, "height": 900}
    page = new_page(viewport=size)
    open_kind(page, site_url, PAGE)
    before = view(page)
    choose(page, "sentences")
    last = page.evaluate("() => document.querySelector('.heatmap').figure.record.sentences[1].end - 1")
    click(page, 2, last)  # the cell stays in the readout, and its sentence opens
    page.get_by_label("numbers").uncheck()
    ready(page)
    page.locator("#s3").press("Delete")
    page.locator('[data-field="title"]').press("Delete")
    ready(page)
    page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    open_menu(page).get_by_role("button", name="Copy a link to this view").click()
    expect(page.locator('[data-part="saved"]')).to_have_text(
        "Link copied: it opens the figure as it is now, with what is taken out."
    )
    expect(page.get_by_label("Link to this view")).to_be_hidden()
    link = page.evaluate("() => window.copied")
    assert link.partition("#")[2] == f"columns=sentences&numbers=0&cell=3.{last + 1}&open=2&without=3,t"
    figure(page).get_by_role("button", name="Save").click()
    page.mouse.move(2, 2)
    left = view(page)
    other = new_page(viewport=size)
    other.goto(link)
    ready(other)
    found = view(other)
    assert found == left
    assert all(found[name] != before[name] for name in ("cells", "columns", "struck", "answer", "readout"))


def test_a_link_can_be_had_where_the_clipboard_is_refused(page: Page, built_site: Path) -> None:
    open_kind(page, f"{built_site.as_uri()}/", f"{PAGE}#without=3")
    page.evaluate(
        "() => { navigator.clipboard.writeText = async () => { throw new Error('refused'); };"
        " document.execCommand = () => false; }"
    )
    menu = open_menu(page)
    menu.get_by_role("button", name="Copy a link to this view").click()
    field = menu.get_by_label("Link to this view")
    expect(field).to_have_value(page.url)
    expect(field).to_be_focused()
    assert field.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)") == page.url
    expect(menu.get_by_role("status")).to_have_text("Copy the link from the field.")
    page.evaluate("() => { document.execCommand = () => true; }")
    menu.get_by_role("button", name="Copy a link to this view").click()
    expect(field).to_be_hidden()
    expect(menu.get_by_role("status")).to_contain_text("Link copied")


def test_the_menu_is_worked_by_keyboard(page: Page, tmp_path: Path) -> None:
    page.goto(sample().write(tmp_path))
    ready(page)
    button, menu = figure(page).get_by_role("button", name="Save"), page.get_by_role("group", name="Save")
    expect(menu).to_be_hidden()
    page.get_by_label("numbers").focus()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    names = []
    for _ in range(5):
        page.keyboard.press("Tab")
        names.append(page.evaluate("() => document.activeElement.textContent"))
    assert names == menu.get_by_role("button").all_inner_texts()
    page.keyboard.press("Shift+Tab")
    with page.expect_download() as download:
        page.keyboard.press("Space")
    assert download.value.suggested_filename == "r1-numbers-of-model-1.json"
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def apart(one: Any, other: Any) -> bool:
    """Whether two boxes do not overlap."""
    beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    return beside or one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]


def test_the_menu_covers_nothing(new_page: NewPage, built_site: Path) -> None:
    for width, height in ((390, 844), (800, 900), (1280, 900)):
        page = new_page(viewport={"width": width, "height": height}, has_touch=width == 390)
        open_kind(page, f"{built_site.as_uri()}/", PAGE)
        menu = open_menu(page)
        head = [figure(page).locator(name).bounding_box() for name in ("h2", ".heatmap-legend", ".heatmap-controls")]
        assert all(apart(one, other) for one, other in combinations([*head, menu.bounding_box()], 2))
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        for button in [figure(page).get_by_role("button", name="Save"), *menu.get_by_role("button").all()]:
            button.scroll_into_view_if_needed()
            box = button.bounding_box()
            assert box
            assert apart(box, page.locator(".heatmap-panel").bounding_box())
            assert apart(box, page.locator(".heatmap-readout").bounding_box())
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert button.evaluate(ON_TOP)
        expect(page.locator(".vega-embed summary, .vega-actions")).to_have_count(0)
        page.emulate_media(media="print")
        expect(menu).to_be_hidden()


def test_the_menu_hinders_no_access_and_needs_scripts(new_page: NewPage, tmp_path: Path) -> None:
    url = sample().write(tmp_path)
    page = new_page(bypass_csp=True, color_scheme="dark")
    page.goto(url)
    ready(page)
    saved(page, "spec")
    assert violations(page) == []
    page = new_page(java_script_enabled=False)
    page.goto(url)
    expect(page.get_by_role("button")).to_have_count(0)


def test_each_figure_of_a_page_saves_itself(page: Page, tmp_path: Path) -> None:
    one, other = sample(seed=6, words=40, sentences=3), sample(seed=7, words=40, sentences=3)
    page.goto(one.write(tmp_path, other))
    page.wait_for_selector(READY)
    page.locator("#s2").press("Delete")  # the first one's
    ready(page)
    name, text = saved(page, "spec", 1)
    assert name == "r1-reading-of-model-2.vl.json"
    cells = [cell["p"] for cell in json.loads(text)["datasets"]["cells"]]
    close(cells, np.column_stack([other.titles(), other.probabilities()]).ravel())
    expect(figure(page, 0).locator(".heatmap-save")).to_be_hidden()
    expect(open_menu(page, 1).get_by_role("button", name="Copy a link")).to_have_count(0)
    name, text = saved(page, "spec", 0)
    assert name == "r1-reading-of-model-1-without-2.vl.json"
    cells = [cell["p"] for cell in json.loads(text)["datasets"]["cells"]]
    close(cells, np.column_stack([one.titles(), one.probabilities()]).ravel())


def test_hostile_words_are_words_in_a_picture(page: Page, tmp_path: Path) -> None:
    page.goto(Sample(title=f"A {HOSTILE} title", sentences=(f"One {HOSTILE}.", "Two.")).write(tmp_path))
    ready(page)
    _, svg = saved(page, "svg")
    assert f"A {HOSTILE} title" in texts(svg)
