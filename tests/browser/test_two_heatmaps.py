"""Two heatmaps of one record on a page, one a model: each draws its own, and both point at the one text."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from sitegen.web.text.numbers import percent
from tests.browser.heatmap_page import Sample, sample
from tests.browser.heatmap_view import READY, marked, middle

pytestmark = pytest.mark.browser

VIEWS = "() => [...document.querySelectorAll('.heatmap')].map((root) => root.view.data('cells').map(({p}) => p))"


class Letters(Sample):
    """A record whose model reads letters."""

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\S", text)]


def test_two_models_stand_on_one_page(page: Page, tmp_path: Path) -> None:
    """Each heatmap draws its own numbers; what is pointed at in one leaves the other as it is."""
    one, other = sample(seed=6), sample(seed=7)
    page.goto(one.write(tmp_path, other))
    page.wait_for_selector(READY)
    assert page.locator(".heatmap").evaluate_all("all => all.map((root) => root.dataset.model)") == [
        "Model 1",
        "Model 2",
    ]
    for drawn, record in zip(page.evaluate(VIEWS), (one, other), strict=True):
        every = np.column_stack([record.titles(), record.probabilities()])
        np.testing.assert_allclose(drawn, every.ravel(), rtol=0, atol=1e-7)  # float32 margins
    words = len(one.spans(one.title)) + len(one.spans(one.abstract))
    assert page.locator(".word").count() == words  # once, though two point at them
    first, second = page.locator(".heatmap").nth(0), page.locator(".heatmap").nth(1)
    x, y = middle(page, 4, 52)
    second.locator("canvas").hover(position={"x": x, "y": y})
    assert marked(page) == [one.title.split()[4], page.locator('[data-of="abstract"]').nth(52).inner_text()]
    expect(second.locator('[data-part="row"]')).to_be_visible()
    expect(first.locator('[data-part="row"]')).to_be_hidden()
    told = second.locator('[data-say="answer"]')
    expect(told).to_contain_text(f"{percent(other.probabilities()[4, 52])} computational")
    expect(first.locator('[data-say="answer"]')).to_contain_text("Point anywhere")
    page.mouse.move(5, 5)
    assert marked(page) == []
    page.locator("#s3").hover()  # the text is both models': each frames its column
    expect(page.locator('[data-part="column"]:visible')).to_have_count(2)
    second.locator(".heatmap-controls label", has_text="sentences").click()
    page.wait_for_selector('.heatmap[data-drawn="sentences"]')
    page.wait_for_selector(READY)
    second.get_by_label("numbers").uncheck()
    page.wait_for_selector(READY)
    assert first.get_attribute("data-drawn") == "words"
    assert first.get_by_label("words").is_checked()
    assert "#" not in page.url  # the address is the first one's


def test_models_may_read_other_words_of_a_text(page: Page, tmp_path: Path) -> None:
    """Two words and a stop, or six letters and a stop: both cuts of the text can be pointed at."""
    coarse, fine = Sample(title="ab", sentences=("cd ef.",)), Letters(title="ab", sentences=("cd ef.",))
    page.goto(coarse.write(tmp_path, fine))
    page.wait_for_selector(READY)
    assert page.locator('[data-field="abstract"]').inner_text() == "cd ef."
    page.locator(".heatmap").nth(1).locator(".heatmap-region").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert marked(page) == ["b", "f"]
    page.locator(".heatmap").nth(0).locator(".heatmap-region").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert marked(page) == ["ab", "ef"]
