"""The switch that limits a ranked list to the sentences distinguishable from chance, on a site where some are."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from sitegen.web.publish import bundles as scripts
from tests.browser.axe import violations
from tests.browser.conftest import NewPage
from tests.browser.kinds import open_kind
from tests.sites import vega_bundle
from tests.web.every_verdict import CLASS, corpus
from tests.web.papers import site, write

pytestmark = pytest.mark.browser

LISTED = 30  # sentences a list has; the papers without label have as many, and they are stronger than all that pass
PATHS = {"sentences": "sentences/index.html", "record": "records/odd.html"}


@pytest.fixture(scope="module")
def judged_site(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a site where some sentences pass, from disk."""
    folder: Path = tmp_path_factory.mktemp("judged")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripts, "vega_bundle", vega_bundle)
        description = site(folder, output={"folder": folder / "_site", "figures": False, "ranked": LISTED})
        write(description, corpus(unlabelled=LISTED))
    return f"{description.output.folder.as_uri()}/"


def switch(page: Page, of: str) -> Locator:
    return page.locator(f'[data-limit="{of}"] input')


def seen(page: Page, of: str) -> list[bool]:
    """Of every row of a table that is to be seen, whether its sentence passes."""
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
    assert seen(page, "sentences") == [True, False, False, False]
    switch(page, "sentences").check()
    assert seen(page, "sentences") == [True]
    switch(page, "sentences").uncheck()
    assert len(seen(page, "sentences")) == 4


def test_a_list_of_which_none_passes_has_no_switch(page: Page, judged_site: str) -> None:
    for path in ("records/open0.html", "sentences/subject/open.html"):
        open_kind(page, judged_site, path)
        assert page.locator("[data-limit]").count() == 0


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_without_scripts_there_is_no_switch_and_every_row(new_page: NewPage, judged_site: str, path: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(judged_site + path)
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
    assert violations(page) == []


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_verdicts_fit_a_narrow_window(new_page: NewPage, judged_site: str, path: str) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    open_kind(page, judged_site, path)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390


def test_quiet_sentences_are_quiet(page: Page, judged_site: str) -> None:
    """In the abstract without colour, in the table muted; what passes, and what is not judged, is neither."""
    open_kind(page, judged_site, PATHS["record"])
    washes = page.locator(".abstract .sentence").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).backgroundColor)"
    )
    assert [wash == "rgba(0, 0, 0, 0)" for wash in washes] == [False, True, False, True]
    inks = page.locator("#sentences td.quoted").evaluate_all("all => all.map((e) => getComputedStyle(e).color)")
    assert inks[0] == inks[1] != inks[2] == inks[3]


def test_the_dot_stands_where_the_effect_is(page: Page, judged_site: str) -> None:
    """Places on the drawn axis, compared with the numbers that the table gives in words."""
    open_kind(page, judged_site, PATHS["record"])
    drawn = page.locator("#sentences .band").evaluate_all(
        """all => all.map((e) => {
          const dot = getComputedStyle(e, "::after"), bar = getComputedStyle(e, "::before");
          return [parseFloat(dot.left) + parseFloat(dot.width) / 2, parseFloat(bar.left)].map((x) => x / e.clientWidth);
        })"""
    )
    effects = page.locator('#sentences td[data-label="log-odds"]').all_inner_texts()
    bands = page.locator('#sentences td[data-label="random"] small').all_inner_texts()
    numbers = [float(text.replace("−", "-")) for text in effects]
    lows = [float(text.split(" to ")[0].replace("−", "-")) for text in bands]
    least, most = min([*numbers, *lows]), max(numbers)
    for (dot, bar), effect, low in zip(drawn, numbers, lows, strict=True):
        assert dot == pytest.approx((effect - least) / (most - least), abs=0.02)
        assert bar == pytest.approx((low - least) / (most - least), abs=0.02)
