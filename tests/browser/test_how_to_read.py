"""The page "How to read this" as its readers work it: the walk, the cells in words, sentences taken out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from sitegen.analysis.attribution.occlusion import probability
from sitegen.web.pages.how_to_read.toy import toy_paper
from sitegen.web.pages.how_to_read.walk import DECISIVE, TURN, cell_rows, steps
from sitegen.web.text.numbers import percent
from tests.browser.conftest import NewPage
from tests.browser.heatmap_view import cells, choose, marked, readout, ready
from tests.browser.kinds import KINDS, open_kind

pytestmark = pytest.mark.browser

TOY = toy_paper()
WHOLE = percent(TOY.occlusion.probability)
WITHOUT = percent(float(probability(TOY.occlusion.margin - float(TOY.occlusion.sentences[DECISIVE - 1]))))


@pytest.fixture
def opened(page: Page, built_site: Path) -> Page:
    open_kind(page, f"{built_site.as_uri()}/", KINDS["how to read"])
    return page


def step(page: Page, k: int) -> Locator:
    return page.locator(".walk-steps li").nth(k)


def test_the_figure_draws_the_numbers_of_the_words(opened: Page) -> None:
    choose(opened, "sentences")
    drawn = cells(opened)
    told = [[cell.percent for cell in row.cells[1:]] for row in cell_rows(TOY)]
    assert np.vectorize(percent)(drawn).tolist() == told


@pytest.mark.parametrize("width", [1000, 1280])
def test_what_one_may_do_is_said_whole_and_moves_nothing(opened: Page, width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 900})
    box, said = opened.locator(".heatmap-readout"), opened.locator('[data-say="answer"]')
    assert said.evaluate("(e) => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]") == [0, 0]
    height = box.evaluate("(e) => e.offsetHeight")
    step(opened, 0).get_by_role("button").click()
    assert box.evaluate("(e) => e.offsetHeight") == height


def test_each_step_shows_its_cell(opened: Page) -> None:
    for k, one in enumerate(steps(TOY)):
        if not one.cell:
            continue
        step(opened, k).get_by_role("button").click()
        expect(step(opened, k)).to_have_attribute("aria-current", "step")
        expect(opened.locator(".walk-steps [aria-current]")).to_have_count(1)
        assert readout(opened, "answer").split(" ")[0] == one.percent
        assert opened.evaluate("() => location.hash") == f"#cell={one.cell}"
        assert one.percent in opened.locator('[data-part="status"]').inner_text()
        expect(opened.locator(".heatmap-panel")).to_be_in_viewport(ratio=1)
    step(opened, 3).get_by_role("button").click()
    assert marked(opened) == ["school", TURN]


def test_the_cells_in_words_are_reached_by_keyboard_and_show_their_cell(opened: Page) -> None:
    opened.locator("#cells summary").focus()
    opened.keyboard.press("Enter")
    told = [cell for row in cell_rows(TOY) for cell in row.cells]
    items = opened.locator("#cells li")
    expect(items).to_have_count(len(told))
    buttons = items.get_by_role("button")
    opened.keyboard.press("Tab")
    expect(buttons.first).to_be_focused()
    for k in (0, 6, 23):
        buttons.nth(k).focus()
        opened.keyboard.press("Enter")
        assert readout(opened, "answer").split(" ")[0] == told[k].percent
        row, word = told[k].place.split(".")
        title, abstract = readout(opened, "read").removeprefix("Read: title up to ").split(", ")[:2]
        assert title.strip("“”").split()[-1].lower() == TOY.occlusion.document.title.tokens[int(row) - 1]
        read = TOY.occlusion.document.abstract.tokens[int(word) - 1] if int(word) else "none of the abstract"
        assert abstract.lower().strip("”").endswith(read)


def test_taking_out_the_decisive_sentence_turns_the_answer(opened: Page) -> None:
    shown, says = opened.locator('[data-part="percent"]'), opened.locator('[data-part="predicted"]')
    expect(shown).to_have_text(WHOLE)
    expect(says).to_have_text("computational")
    opened.locator("#s3").click()
    expect(shown).to_have_text(WITHOUT)
    expect(says).to_have_text("not computational")
    expect(opened.locator('[data-part="line"]')).to_have_text(f"Without sentence 3: {WITHOUT} instead of {WHOLE}")
    step(opened, 5).get_by_role("button").click()  # of the text as written
    expect(shown).to_have_text(WHOLE)
    for _ in range(2):
        step(opened, len(steps(TOY)) - 1).get_by_role("button").click()
        expect(shown).to_have_text(WITHOUT)
    expect(opened.locator(".verdict-line")).to_be_in_viewport(ratio=1)


def test_a_link_opens_a_cell_of_it(page: Page, built_site: Path) -> None:
    one = steps(TOY)[4]
    open_kind(page, f"{built_site.as_uri()}/", f"{KINDS['how to read']}#cell={one.cell}")
    ready(page)
    assert readout(page, "answer").split(" ")[0] == one.percent


def test_without_scripts_all_is_told(new_page: NewPage, built_site: Path) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{built_site.as_uri()}/{KINDS['how to read']}")
    for k, one in enumerate(steps(TOY)):
        expect(step(page, k)).to_have_text(f"{one.where}: {one.percent}. {one.text}")
    expect(page.locator(".try")).to_be_hidden()
    page.locator("#cells summary").click()
    told = [cell.text for row in cell_rows(TOY) for cell in row.cells]
    assert page.locator("#cells li").all_inner_texts() == told
    assert page.get_by_role("button").count() == 0


def test_records_and_the_gallery_lead_to_it(page: Page, built_site: Path) -> None:
    site = f"{built_site.as_uri()}/"
    for kind, name in (("record", "How do I read this?"), ("index", "How to read it")):
        open_kind(page, site, KINDS[kind])
        page.get_by_role("link", name=name).click()
        page.wait_for_selector('html[data-ready="heatmap"]')
        expect(page.locator("h1")).to_have_text("How to read this")
