"""A record's page where the texts are not published, or only in part: it draws, and what is withheld is nowhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.heatmap_view import ready
from tests.browser.record_view import all_words
from tests.browser.test_save import saved
from tests.released import SENTENCES, WORDS, words_of

pytestmark = pytest.mark.browser

NUMBERED = {"all": "kept", "excerpts": "kept", "scores": "word 4"}  # the fourth word, and one that only `all` has
LATER = {"all": "cargo", "excerpts": "word 10", "scores": "word 10"}


def only_published(text: str, words: int) -> None:
    """No word of the record that stands in none of its excerpts is in the text."""
    published = {word for one in SENTENCES for word in words_of(one)[:words]} | {"ledgers", "of", "ships"}
    withheld = {word for one in SENTENCES for word in words_of(one) if len(word) > 5} - published
    assert withheld & set(words_of(text)) == set()


@pytest.mark.parametrize(("mode", "words"), [("all", 99), ("excerpts", WORDS), ("scores", 0)])
def test_the_page_of_a_record(page: Page, released: dict[str, Path], mode: str, words: int) -> None:
    page.goto((released[mode] / "records" / "ships.html").as_uri())
    ready(page)
    first = page.locator('[data-sentence="0"]')

    first.locator("[data-word]").nth(3).hover()
    expect(page.locator('[data-say="answer"]')).to_contain_text(NUMBERED[mode])
    first.locator("[data-word]").nth(9).hover()
    expect(page.locator('[data-say="answer"]')).to_contain_text(LATER[mode])
    said = [readout(page)]
    for x in (0.3, 0.6, 0.9):
        page.mouse.move(*at(page, x))
        said.append(readout(page))
    only_published(" ".join(said), words)

    page.locator('[data-sentence="1"]').click()
    expect(page.locator('[data-sentence="1"]')).to_have_class(re.compile(r"\bstruck\b"))
    assert "Without sentence 2" in str(page.locator('[data-say="answer"]').text_content())

    section = all_words(page)
    known = {"all": 48, "excerpts": 12, "scores": 0}[mode]
    expect(section.locator("tbody tr")).to_have_count(known + 3)
    only_published(str(page.locator("body").inner_text()), words)

    name, data = saved(page, "record")
    assert name.startswith("ships-numbers")
    only_published(data.decode(), words)
    abstract = json.loads(data)["abstract"]
    assert [word["alone_probability"] is None for word in abstract["words"]].count(False) == known
    only_published(saved(page, "svg")[1].decode(), words)


def readout(page: Page) -> str:
    """All that the figure says of what is pointed at."""
    return " ".join(page.locator("[data-say]").all_text_contents())


def at(page: Page, part: float) -> tuple[float, float]:
    """A place in the figure, so far to the right."""
    box = page.locator('[data-part="region"]').bounding_box()
    assert box
    return box["x"] + part * box["width"], box["y"] + 80
