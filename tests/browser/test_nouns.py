"""What scripts write about records has the site's word for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sitegen.config import load_site
from sitegen.pipeline import build as pipeline
from sitegen.web.publish import bundles
from tests.sites import Recorder, vega_bundle, write_site


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first page of a site whose records are hypotheses."""
    folder = tmp_path_factory.mktemp("hypotheses")
    file = write_site(folder)
    named = file.read_text(encoding="utf-8").replace("[records]", '[records]\nnoun = ["hypothesis", "hypotheses"]')
    file.write_text(named, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "vega_bundle", vega_bundle)
        pipeline.build(load_site(file), reporter=Recorder())
    return folder / "_site" / "index.html"


@pytest.fixture
def opened(page: Page, gallery: Path) -> Page:
    """It, ready."""
    page.goto(gallery.as_uri())
    page.wait_for_selector("html[data-ready=gallery]")
    return page


def test_the_gallery_counts_them_by_their_name(opened):
    expect(opened.locator("#found")).to_have_text("12 hypotheses")
    opened.fill("#search", "crowds")
    expect(opened.locator("#found")).to_have_text("1 of 12 hypotheses")


def test_a_search_that_finds_nothing_names_them(opened):
    opened.fill("#search", "nowhere to be found")
    expect(opened.locator("#gallery tbody")).to_have_text("No hypothesis matches. Clear the search or a filter.")


def test_what_was_found_is_saved_under_their_name(opened):
    with opened.expect_download() as saved:
        opened.click("#download")
    assert saved.value.suggested_filename == "hypotheses.csv"


def test_the_chart_counts_them(opened):
    bars = opened.locator("#histogram .bars button")
    assert all("hypothes" in text for text in bars.evaluate_all("all => all.map((e) => e.ariaLabel)"))
