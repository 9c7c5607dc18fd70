"""Marks, and the filters and the switch that limit lists to the sentences that have one, on a site where some do."""

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


def open_list(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector('html[data-ready="lists"]')


def found(page: Page, of: str) -> str:
    """What is said below a list: how many rows are seen, and of how many."""
    return page.locator(f"#{of} + .list-foot output").inner_text()


def marks(page: Page, of: str) -> list[str]:
    """Of every row of a list that is to be seen, its mark's name."""
    rows = page.locator(f"#{of} > li").filter(visible=True)
    return rows.evaluate_all("all => all.map((row) => row.dataset.mark)")


@pytest.mark.parametrize("width", [1280, 390])
def test_filters_limit_both_lists(new_page: NewPage, judged_site: str, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 900})
    open_list(page, judged_site + PATHS["sentences"])
    assert found(page, "positive-list") == f"10 of {LISTED}"
    assert marks(page, "positive-list") == ["none"] * 10
    page.locator("#positive-list + .list-foot button").click()
    assert found(page, "positive-list") == f"{LISTED} of {LISTED}"
    page.get_by_label("mark").select_option("passes")
    assert found(page, "positive-list") == f"{CLASS} of {CLASS}"  # those below the list's end among them
    assert marks(page, "positive-list") == ["passes marked"] * CLASS
    assert page.evaluate("() => location.hash") == "#mark=passes"
    page.get_by_role("searchbox").fill("no such word")
    assert found(page, "positive-list") == found(page, "negative-list") == "Nothing here matches."
    page.get_by_role("button", name="Clear").click()
    assert found(page, "positive-list") == f"{LISTED} of {LISTED}"
    assert page.evaluate("() => location.hash") == ""


def test_an_address_restores_the_filters(page: Page, judged_site: str) -> None:
    open_list(page, f"{judged_site}{PATHS['sentences']}#q=echo&mark=none&label=none&sort=change")
    values = page.locator(".list-tools :is(input, select)").evaluate_all("all => all.map((e) => e.value)")
    assert values == ["echo", "none", "none", "change"]
    changes = page.locator("#positive-list > li").evaluate_all("all => all.map((e) => Number(e.dataset.change))")
    assert changes == sorted(changes, reverse=True)
    shown = page.locator("#positive-list > li").filter(visible=True)
    assert all("echo" in text.lower() for text in shown.all_inner_texts())
    assert set(shown.evaluate_all("all => all.map((e) => e.dataset.label)")) == {"none"}
    page.evaluate("() => { location.hash = '#mark=no-such-mark&sort=nothing'; }")
    page.wait_for_function("() => document.querySelector('[data-filter=mark]').value === ''")
    assert found(page, "positive-list") == f"10 of {LISTED}"


def test_sentences_are_sorted_by_the_points_that_are_written(page: Page, judged_site: str) -> None:
    written = r"""all => all.map((e) => Number(/share: ([+\u2212][\d.]+|0\.0) points/.exec(e.textContent)[1]
      .replace("\u2212", "-").replace("+", "")))"""
    rows = page.locator("#negative-list > li")
    open_list(page, judged_site + PATHS["sentences"])
    by_share = rows.evaluate_all(written)
    page.evaluate("() => { location.hash = '#sort=points'; }")
    expect(page.locator(".list-tools [data-sort]")).to_have_value("points")
    by_points = rows.evaluate_all(written)
    assert by_points == sorted(by_share)
    assert by_points != by_share


def test_both_directions_are_side_by_side_where_there_is_room(page: Page, judged_site: str) -> None:
    for path in (PATHS["sentences"], "words.html"):
        for width, beside in ((1280, True), (1100, True), (1000, False), (390, False)):
            page.set_viewport_size({"width": width, "height": 900})
            open_list(page, judged_site + path)
            positive, negative = (page.locator(f"#{key}").bounding_box() for key in ("positive", "negative"))
            assert (positive["y"] == negative["y"]) == beside
            assert (positive["x"] < negative["x"]) == beside
            assert page.evaluate("() => document.documentElement.scrollWidth") == width


def test_words_are_sorted_by_what_a_reader_asks(page: Page, judged_site: str) -> None:
    open_list(page, f"{judged_site}words.html#sort=times")
    assert page.locator("[data-sort]").input_value() == "times"
    for of in ("positive-list", "negative-list"):
        times = page.locator(f"#{of} > li").evaluate_all("all => all.map((e) => Number(e.dataset.times))")
        assert times == sorted(times, reverse=True)


def test_on_paper_every_row_that_was_found_is_seen(page: Page, judged_site: str) -> None:
    open_list(page, judged_site + PATHS["sentences"])
    link = page.locator("[data-list] > li:visible a").first
    link.focus()
    page.emulate_media(media="print")
    expect(page.locator("#positive-list > li").filter(visible=True)).to_have_count(LISTED)
    expect(page.locator(".list-tools")).to_be_hidden()
    expect(link).to_be_focused()  # as it was: rows that stand in order are not put in order


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
    open_kind(page, judged_site, "records/echo0.html")
    assert page.locator("[data-limit]").count() == 0


def test_without_scripts_there_is_no_tool_and_every_row(new_page: NewPage, judged_site: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(judged_site + PATHS["record"])
    for section in page.locator("#all-sentences").all():
        section.locator("summary").click()
    expect(page.locator("[data-limit]").filter(visible=True)).to_have_count(0)
    rows = page.locator("#sentences tbody tr")
    expect(rows.filter(visible=True)).to_have_count(rows.count())
    page.goto(judged_site + PATHS["sentences"])
    expect(page.locator("[data-tools]")).to_be_hidden()
    rows = page.locator("[data-list] > li")
    assert rows.count() > LISTED
    expect(rows.filter(visible=True)).to_have_count(rows.count())


@pytest.mark.parametrize(("path", "scheme"), [(PATHS["sentences"], "light"), (PATHS["record"], "dark")])
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
    rows = page.locator("[data-list] > li").filter(visible=True)
    drawn = rows.evaluate_all(
        """all => all.map((e) => {
          const [lane, bar] = [".lane", ".bar"].map((name) => e.querySelector(name).getBoundingClientRect());
          const right = lane.right - bar.right;
          const printed = Number(e.querySelector(".lane").title.match(/[+−]\\S+/)[0].replace("−", "-"));
          return [right, bar.width / (lane.width - right), Number(e.dataset.share), printed];
        })"""
    )
    largest = max(share for _, _, share, _ in drawn)
    assert drawn
    for right, length, share, printed in drawn:
        assert right == pytest.approx(drawn[0][0], abs=0.01)
        assert abs(printed) == pytest.approx(share, abs=0.006)
        assert length == pytest.approx(share / largest, abs=0.03)


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
