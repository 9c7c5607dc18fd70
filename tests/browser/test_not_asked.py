"""Record pages of a model that was not asked everything: what is there works, and what is not known is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.pipeline.test_plan import built, written

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A site for each of two depths."""
    folder = tmp_path_factory.mktemp("asked")
    made = {}
    for depth in ("shares", "sentences"):
        site = written(folder / depth, f'depth = "{depth}"', figures=True)
        built(site)
        made[depth] = site.output.folder
    return made


def opened(page: Page, folder: Path, name: str = "records/long.html") -> None:
    page.goto((folder / name).as_uri())


def test_a_figure_by_sentences_says_what_is_known(page: Page, sites: dict[str, Path]) -> None:
    opened(page, sites["sentences"])
    page.wait_for_selector('html[data-ready="heatmap"]')
    expect(page.locator("#map-heading")).to_have_text("How the answer forms, sentence by sentence")
    assert page.locator('.heatmap [data-part="columns"]').is_hidden()
    assert page.locator(".heatmap").get_attribute("data-drawn") == "sentences"
    region = page.locator('.heatmap [data-part="region"]')
    region.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    answer = page.locator('[data-say="answer"]').inner_text()
    assert re.search(r"\d% .* with the sentence before", answer)
    page.keyboard.press("Enter")  # opens no words: nothing is known of them
    page.wait_for_selector('html[data-ready="heatmap"]')
    assert page.evaluate("document.querySelector('.heatmap').figure.columns.length") == 1 + 9
    steps = page.evaluate(
        """() => {
          const { record } = document.querySelector('.heatmap').figure;
          const at = ({ end }) => sitegen.numbers.percent(record.probability(record.rows - 1, end - 1));
          return record.sentences.map(at);
        }"""
    )
    told = page.locator(".heatmap-table tbody tr td:nth-child(2)").all_text_contents()
    assert len(told) == 9
    assert steps == told


def test_sentences_can_be_taken_out_all_the_same(page: Page, sites: dict[str, Path]) -> None:
    opened(page, sites["sentences"])
    page.wait_for_selector('html[data-ready="heatmap"]')
    page.locator('[data-sentence="0"]').click()
    line = page.locator('[data-part="line"]').inner_text()
    without = page.locator("#sentences tbody tr", has=page.locator('a[href="#s1"]')).locator(
        "[data-label='without it']"
    )
    assert line.split(": ")[1].split(" ")[0 if "still" not in line else 1] == without.text_content().strip()  # type: ignore[union-attr]
    assert page.locator("#words").count() == 0
    assert page.locator('[data-part="colours"]').count() == 0


def test_without_a_figure_the_page_is_whole(page: Page, sites: dict[str, Path]) -> None:
    opened(page, sites["shares"])
    assert page.locator(".heatmap").count() == 0
    expect(page.locator(".note", has_text="so there is no figure")).to_be_visible()
    page.locator("#all-sentences summary").click()
    assert page.locator("#sentences tbody tr").count() == 9
    assert "NaN" not in page.content()
    page.locator("a", has_text="What was asked").click()
    expect(page.locator("#asked")).to_be_in_viewport()
    opened(page, sites["shares"], "index.html")
    page.wait_for_selector(".card, .papers")
    assert "NaN" not in page.content()
