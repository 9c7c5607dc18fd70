"""The page where readers try the model: a record's text says there what its page says, and no other text does harm."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.sites import HOSTILE, RECORDS

pytestmark = pytest.mark.browser

TEXTS = {record["id"]: record for record in RECORDS}
COMPARED = ("p1", "p8", "p9", "p12")  # markup apart, no record is like another
FOLDS = ("#all-sentences", "#all-words")

# All that the figure of a page is drawn from, as plain values. Infinite and missing numbers are null.
FIGURE = """() => {
  const { record } = document.querySelector(".heatmap").figure;
  const list = (values) => values && Array.from(values);
  const upTo = (n) => Array.from({ length: n }, (_, k) => k);
  const field = ({ count, effects, alone, spans, known }) =>
    ({ effects: list(effects), alone, spans: list(spans), known: upTo(count).map(known) });
  return {
    cells: upTo(record.rows).map((row) => upTo(record.words + 1).map((word) => record.probability(row, word - 1))),
    title: field(record.title), abstract: field(record.abstract),
    path: record.path, turns: record.turns, effects: list(record.effects), shares: list(record.shares),
    sentences: record.sentences.map(({ first, end, alone, without }) => ({ first, end, alone, without })),
    spans: list(record.sentenceSpans),
  };
}"""
SHOWN = """() => ({
  percent: document.querySelector('[data-part="percent"]').textContent,
  predicted: document.querySelector('[data-part="predicted"]').textContent,
  of: document.querySelector('[data-part="percent-of"]').textContent,
  path: [...document.querySelector('.path').querySelectorAll('li:not([hidden])')].map((e) => e.textContent.trim()),
  start: document.querySelector('.path figcaption').textContent,
  sentences: [...document.querySelectorAll("[data-sentence]")]
    .map((e) => [e.textContent, e.className.includes("quiet")]),
})"""


def opened(page: Page, site: str, fragment: str = "") -> Page:
    page.goto("about:blank")
    page.goto(f"{site}try.html{fragment}")
    return answered(page)


def answered(page: Page) -> Page:
    """Wait until the text that stands there is answered whole, and drawn."""
    page.wait_for_selector('[data-part="typed"][data-state="answered"][data-whole]')
    page.wait_for_selector('html[data-ready="heatmap"]')
    return page


def write(page: Page, *, title: str | None = None, abstract: str | None = None) -> Page:
    for name, text in (("title", title), ("abstract", abstract)):
        if text is not None:
            page.fill(f'[data-write="{name}"]', text)
    return answered(page)


def close(one: Any, other: Any, *, tolerance: float = 2e-5) -> bool:
    """Whether two plain values are the same but for the digits that float32 lacks."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(close(one[key], other[key], tolerance=tolerance) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(close(a, b, tolerance=tolerance) for a, b in zip(one, other, strict=True))
    if isinstance(one, float) or isinstance(other, float):
        return bool(np.isclose(one, other, atol=tolerance, rtol=tolerance))
    return bool(one == other)


def test_a_text_says_what_the_page_of_its_record_says(page: Page, new_page: NewPage, site_url: str) -> None:
    other = new_page(viewport={"width": 1280, "height": 900})
    opened(page, site_url)
    for fold in FOLDS:  # what they show is asked for while they are open
        page.click(f"{fold} summary")
    for key in COMPARED if site_url.startswith("file") else COMPARED[:1]:
        page.select_option('[data-part="example"]', key)
        answered(page)
        assert urlsplit(page.url).fragment == f"record={key}"
        other.goto(f"{site_url}records/{key}.html")
        other.wait_for_selector('html[data-ready="heatmap"]')
        here, there = page.evaluate(FIGURE), other.evaluate(FIGURE)
        for name in there:
            assert close(here[name], there[name]), (key, name, here[name], there[name])
        mine, theirs = page.evaluate(SHOWN), other.evaluate(SHOWN)
        assert mine == theirs, key


def test_the_page_of_a_record_leads_to_its_text(page: Page, built_site: Path) -> None:
    page.goto(f"{built_site.as_uri()}/records/p2.html")
    page.click("text=Change a word in this paper")
    answered(page)
    assert page.input_value('[data-write="title"]') == TEXTS["p2"]["title"]
    assert page.input_value('[data-write="abstract"]') == TEXTS["p2"]["abstract"]
    page.goto(f"{built_site.as_uri()}/index.html")
    page.click(".hero >> text=Try your own")
    answered(page)


def test_what_is_written_is_answered_kept_and_given_back(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#record=p1")
    before = page.inner_text('[data-part="percent"]')
    write(page, abstract="Forty families were visited at home. Quux is in the kitchen, and Interviews!")
    assert page.inner_text('[data-part="percent"]') != before
    counts = page.inner_text('[data-part="count"]')
    assert counts.startswith("5 words in the title, 13 in the abstract; 2 sentences; 2 words the model does not know")
    assert page.locator("[data-field] .unknown").all_inner_texts() == ["queue", "Quux"]
    kept = parse_qs(urlsplit(page.url).fragment)
    assert kept["title"] == [TEXTS["p1"]["title"]]
    assert kept["abstract"][0].endswith("Interviews!")
    said, address = page.evaluate(SHOWN), page.url
    page.evaluate("document.querySelector('.skip').click()")  # to a place of the page
    expect(page).to_have_url(address)
    page.reload()
    assert answered(page).evaluate(SHOWN) == said

    opened(page, f"{built_site.as_uri()}/", "#record=p1")
    write(page, title="Forty families")
    page.click('[data-part="back"]')
    assert answered(page).inner_text('[data-part="percent"]') == before
    assert urlsplit(page.url).fragment == "record=p1"
    page.click('[data-part="clear"]')
    page.wait_for_selector('[data-part="map"]', state="hidden")
    assert urlsplit(page.url).fragment == ""


def test_only_the_last_of_many_keys_is_answered(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#record=p1")
    first = int(page.get_attribute('[data-part="typed"]', "data-asked") or 0)
    page.locator('[data-write="abstract"]').press_sequentially(" Rules are read twice.", delay=10)
    page.wait_for_timeout(250)
    page.locator('[data-write="abstract"]').press_sequentially(" Agents", delay=1)
    answered(page)
    text = f"{TEXTS['p1']['abstract']} Rules are read twice. Agents"
    assert page.evaluate("sitegen.typed.page.state().cut.abstract.text") == text
    assert int(page.get_attribute('[data-part="typed"]', "data-asked") or 0) <= first + 3
    assert page.locator('[data-field="abstract"]').text_content() == text


def test_a_sentence_is_taken_out_by_a_click_and_back_with_the_next_key(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#record=p1")
    whole = page.inner_text('[data-part="percent"]')
    page.click("#s2")
    without = page.evaluate(FIGURE)["sentences"][1]["without"]
    assert page.inner_text('[data-part="percent"]') == f"{100 * without:.0f}%"
    assert "would say" in page.inner_text(".verdict-says")
    page.keyboard.press("Control+z")
    assert page.inner_text('[data-part="percent"]') == whole
    page.click("#s2")
    write(page, abstract=f"{TEXTS['p1']['abstract']} ")
    assert page.locator(".struck").count() == 0
    assert page.inner_text('[data-part="percent"]') == whole


ODD = (
    HOSTILE,
    "<b>bold</b> & --> agents. <script>window.pwned = 1</script> Then rules.",
    "\u202eעברית. العربية\u202c 🎓👩‍👩‍👧 e\u0301 ﬁ İ ß. 𝔄nna 3.14 e.g. this\x0b\x1c. \u0000 Rules",
    "\ud83d lone. Agents \udc00 are",
    "\n\n  \t",
    ". . . ! ? …",
    "qqq quux qat. Qux.",
)


def test_odd_texts_stay_text(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#title=%3Cb%3Ea&abstract=b")
    for text in ODD:
        page.evaluate(
            "text => { for (const box of document.querySelectorAll('textarea')) { box.value = text;"
            " box.dispatchEvent(new Event('input')); } }",
            text,
        )
        answered(page)
        written = page.input_value('[data-write="abstract"]')
        assert page.evaluate("sitegen.typed.page.state().cut.abstract.text") == written
        if page.is_visible('[data-part="texts"]'):
            assert page.locator('[data-field="abstract"]').text_content() == written
    assert page.locator(".typed :is(img, b.bold, script)").count() == 0
    assert page.evaluate("window.pwned") is None


def test_a_long_text_is_refused_at_once_and_freezes_nothing(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#record=p1")
    address = page.url
    took = page.evaluate(
        """() => {
          const box = document.querySelector('[data-write="abstract"]');
          box.value = "Agents follow rules. ".repeat(33334);
          const since = performance.now();
          box.dispatchEvent(new Event("input"));
          return new Promise((resolve) => setTimeout(() => resolve(performance.now() - since), 200));
        }"""
    )
    page.wait_for_selector('[data-state="refused"]')
    assert took < 2000
    assert page.inner_text('[data-part="count"]').startswith(
        "This is 100,007 words; at most 2,000 words are read here."
    )
    assert page.url == address
    write(page, abstract="Agents follow rules. " * 140)
    assert page.is_visible('[data-part="coarse"]')
    assert page.evaluate('document.querySelector(".heatmap").figure.mode') == "sentences"
    assert len(page.evaluate(FIGURE)["sentences"]) == 140


def test_a_text_is_saved_as_a_page_without_scripts(
    page: Page, new_page: NewPage, built_site: Path, tmp_path: Path
) -> None:
    fragment = f"#title={quote(HOSTILE)}&abstract={quote('We simulate agents 🎓. Rules <b>follow</b>.')}"
    opened(page, f"{built_site.as_uri()}/", fragment)
    with page.expect_download() as download:
        page.click('[data-part="keep"]')
    assert download.value.suggested_filename == "my-abstract.html"
    file = tmp_path / "saved.html"
    download.value.save_as(file)
    html = file.read_text(encoding="utf-8")
    assert "<script" not in html
    assert re.findall(r"<[^>]*\s(?:src|href)=.([a-z]+)", html) == ["data"]
    saved = new_page(viewport={"width": 1280, "height": 900})
    saved.goto(file.as_uri())
    expect(saved.locator("h1")).to_have_text(HOSTILE)
    assert page.inner_text('[data-part="percent"]') in saved.inner_text("body")
    assert saved.locator("tbody tr").count() == 2
    assert saved.evaluate("document.images[0].complete && document.images[0].naturalWidth") > 500
