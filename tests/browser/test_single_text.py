"""The page of a record that is a single text, in a browser: no title is spoken of, whatever the reader does."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sitegen.pipeline import build as pipeline
from sitegen.web.publish import bundles
from tests.browser.record_view import all_words
from tests.sites import Recorder, vega_bundle
from tests.tweets import write_tweets


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site of tweets."""
    folder = tmp_path_factory.mktemp("tweets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "vega_bundle", vega_bundle)
        pipeline.build(write_tweets(folder), reporter=Recorder())
    return folder / "_site"


@pytest.fixture
def opened(page: Page, site: Path) -> Page:
    """The page of a tweet of three sentences."""
    (file,) = site.glob("records/a-walk-*.html")
    page.goto(file.as_uri())
    page.wait_for_selector(".heatmap-region canvas, .heatmap-region svg")
    return page


def test_the_figure_reads_the_text_alone(opened):
    region = opened.locator(".heatmap-region")
    region.focus()
    for _ in range(3):
        region.press("ArrowRight")
    readout = opened.locator(".heatmap-readout")
    expect(readout).to_contain_text("Read: text up to “")
    region.press("Home")
    expect(readout).to_contain_text("Read: nothing")
    expect(readout).not_to_contain_text("title")


def test_sentences_can_be_taken_out(opened):
    opened.locator("#s3").focus()
    opened.keyboard.press("Delete")
    expect(opened.locator('[data-part="line"]')).to_contain_text("Without sentence 3: ")
    for number in (1, 2):
        opened.locator(f"#s{number}").focus()
        opened.keyboard.press("Delete")
    expect(opened.locator('[data-part="line"]')).to_contain_text("Without the text: ")


def test_all_words_are_words_of_the_text(opened):
    all_words(opened)
    places = opened.locator("#words tbody td:nth-child(2)").all_text_contents()
    assert len(places) == 24
    assert all(place.startswith("text, word ") for place in places)


def test_the_gallery_finds_a_tweet_by_its_words(page, site):
    page.goto((site / "index.html").as_uri())
    page.wait_for_selector("html[data-texts=ready]")
    page.fill("#search", "rain again")
    expect(page.locator("#found")).to_have_text("2 of 20 tweets")
    page.select_option("#sort", "title-asc")
    expect(page.locator("#gallery tbody tr").first).to_contain_text("A walk in the rain")
