"""Marks and the switch that limits a ranked list to the sentences that have one, on a site where some do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from sitegen.web.publish import bundles as scripts
from tests.browser.axe import violations
from tests.browser.conftest import NewPage
from tests.browser.kinds import open_kind
from tests.browser.record_view import unfold
from tests.sites import vega_bundle
from tests.web.every_verdict import CLASS, Echo, corpus, echoes
from tests.web.papers import site, write

pytestmark = pytest.mark.browser

LISTED = 30  # sentences a list has; as many have an echo: larger shares than all that have a mark, and none themselves
PATHS = {"sentences": "sentences/index.html", "record": "records/odd.html"}


@pytest.fixture(scope="module")
def judged_site(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a site where some sentences have a mark, from disk."""
    folder: Path = tmp_path_factory.mktemp("judged")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripts, "vega_bundle", vega_bundle)
        description = site(folder, output={"folder": folder / "_site", "figures": False, "ranked": LISTED})
        write(description, [*corpus(unlabelled=0), *echoes(LISTED // 2)], {"bag": Echo()})
    return f"{description.output.folder.as_uri()}/"


def switch(page: Page, of: str) -> Locator:
    return page.locator(f'[data-limit="{of}"] input')


def seen(page: Page, of: str) -> list[bool]:
    """Of every row of a table that is to be seen, whether its sentence has a mark."""
    rows = page.locator(f"#{of} tbody tr").filter(visible=True)
    return rows.evaluate_all("all => all.map((row) => 'passes' in row.dataset)")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_switch_limits_a_list_that_pages(new_page: NewPage, judged_site: str, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 900})
    open_kind(page, judged_site, PATHS["sentences"])
    told = page.locator("section:has(#positive) .dt-info")
    expect(told).to_have_text(f"1 to 25 of {LISTED} rows")
    assert seen(page, "positive-list") == [False] * 25
    switch(page, "positive-list").check()
    expect(told).to_have_text(f"1 to {CLASS} of {CLASS} rows")
    assert seen(page, "positive-list") == [True] * CLASS
    expect(page.locator("section:has(#negative) .dt-info")).to_have_text(f"1 to 25 of {CLASS + 1} rows")  # its own
    page.locator("section:has(#positive) input[type=search]").fill("no such word")
    expect(page.locator("#positive-list tbody")).to_have_text("No row matches.")
    page.locator("section:has(#positive) input[type=search]").fill("")
    switch(page, "positive-list").uncheck()
    expect(told).to_have_text(f"1 to 25 of {LISTED} rows")
    assert seen(page, "positive-list") == [False] * 25


@pytest.mark.parametrize("width", [1280, 390])
def test_the_switch_limits_a_records_sentences(new_page: NewPage, judged_site: str, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 900})
    open_kind(page, judged_site, PATHS["record"])
    unfold(page, "all-sentences")
    assert seen(page, "sentences") == [True, True, False, False]
    switch(page, "sentences").check()
    assert seen(page, "sentences") == [True, True]
    switch(page, "sentences").uncheck()
    assert len(seen(page, "sentences")) == 4


def test_a_list_in_which_none_has_a_mark_has_no_switch(page: Page, judged_site: str) -> None:
    for path in ("records/echo0.html", "sentences/subject/echo.html"):
        open_kind(page, judged_site, path)
        assert page.locator("[data-limit]").count() == 0


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_without_scripts_there_is_no_switch_and_every_row(new_page: NewPage, judged_site: str, path: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(judged_site + path)
    for section in page.locator("#all-sentences").all():
        section.locator("summary").click()
    switches = page.locator("[data-limit]")
    assert switches.count()
    expect(switches.filter(visible=True)).to_have_count(0)
    rows = page.locator("table:is(#sentences, #positive-list) tbody tr")
    expect(rows.filter(visible=True)).to_have_count(rows.count())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_nothing_hinders_access_to_verdicts(new_page: NewPage, judged_site: str, path: str, scheme: str) -> None:
    page = new_page(bypass_csp=True, color_scheme=scheme, viewport={"width": 1280, "height": 900})
    open_kind(page, judged_site, path)
    for section in page.locator("details.fold").all():
        section.locator("summary").click()
    assert violations(page) == []


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_verdicts_fit_a_narrow_window(new_page: NewPage, judged_site: str, path: str) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    open_kind(page, judged_site, path)
    for section in page.locator("details.fold").all():
        section.locator("summary").click()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("width", [1280, 390])
def test_bars_begin_at_one_place_and_are_as_long_as_their_numbers(
    new_page: NewPage, judged_site: str, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 900})
    open_kind(page, judged_site, PATHS["sentences"])
    cells = page.locator("td[data-label=share]").filter(visible=True)
    drawn = cells.evaluate_all(
        """all => all.map((e) => {
          const [lane, bar] = [".lane", ".bar"].map((name) => e.querySelector(name).getBoundingClientRect());
          return [bar.left - lane.left, bar.width / lane.width, Math.abs(Number(e.dataset.order))];
        })"""
    )
    largest = max(share for _, _, share in drawn)
    for left, length, share in drawn:
        assert left == 0
        assert length == pytest.approx(share / largest, abs=0.01)


def test_no_sentence_is_greyed_out(page: Page, judged_site: str) -> None:
    """Colour is the size of the share, whatever the mark; in the table every sentence has the same ink."""
    open_kind(page, judged_site, PATHS["record"])
    washes = page.locator(".abstract .sentence").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).backgroundColor)"
    )
    assert [wash == "rgba(0, 0, 0, 0)" for wash in washes] == [False, False, False, True]
    inks = page.locator("#sentences td.quoted").evaluate_all("all => all.map((e) => getComputedStyle(e).color)")
    assert len(set(inks)) == 1


def test_a_mark_stands_behind_its_sentence_and_outside_of_the_text(page: Page, judged_site: str) -> None:
    open_kind(page, judged_site, PATHS["record"])
    marks = page.locator(".abstract .sentence").evaluate_all(
        "all => all.map((e) => getComputedStyle(e, '::after').content.replace(/[^◆◇]/g, ''))"
    )
    assert marks == ["◆", "", "◇", ""]
    assert not set("◆◇") & set(page.locator('[data-field="abstract"]').inner_text())


def test_dots_and_steps_stand_where_the_numbers_are(page: Page, judged_site: str) -> None:
    """Places on the drawn axes, compared with the numbers that stand beside them."""
    open_kind(page, judged_site, PATHS["record"])
    unfold(page, "for-experts")
    drawn = page.locator("#log-odds .band").evaluate_all(
        """all => all.map((e) => {
          const dot = getComputedStyle(e, "::after");
          return (parseFloat(dot.left) + parseFloat(dot.width) / 2) / e.clientWidth;
        })"""
    )
    told = page.locator('#log-odds td[data-label="leave-one-out"]').all_inner_texts()
    order = [-float(text.split()[-1].replace("−", "-")) for text in told]  # the larger the effect, the less is left
    assert sorted(range(4), key=drawn.__getitem__) == sorted(range(4), key=order.__getitem__)
    steps = page.locator(".path li").evaluate_all(
        """all => all.map((e) => {
          const track = e.querySelector(".track").getBoundingClientRect();
          const arrow = e.querySelector(".arrow").getBoundingClientRect();
          const ends = [arrow.left, arrow.right].map((x) => (x - track.left) / track.width);
          return [ends, e.querySelector("[data-change]").textContent];
        })"""
    )
    assert len(steps) == 2
    for ends, told in steps:
        percents = [float(text) for text in re.findall(r"[\d.]+(?=%)", told)]
        assert [100 * end for end in ends] == pytest.approx(sorted(percents), abs=1.5)
