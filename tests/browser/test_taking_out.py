"""Sentences taken out of a record's text by whichever model is shown: every number is that model's own, asked again."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from sitegen.analysis.attribution.masking import subset_masks
from sitegen.analysis.attribution.shapley import shapley_values
from sitegen.corpus.segment import segment
from sitegen.models.registry import load
from sitegen.web.text.numbers import percent
from tests.browser.conftest import NewPage
from tests.browser.heatmap_view import ready
from tests.browser.kinds import open_kind
from tests.browser.readings import DATA
from tests.browser.record_view import colours, expected_colours
from tests.browser.test_save import saved

pytestmark = pytest.mark.browser

PAGE = "records/p1.html"  # four sentences


class Asked:
    """A published model, asked about p1 without some of its sentences."""

    def __init__(self, site: Path, name: str) -> None:
        (folder,) = (path for path in (site / "data").glob(name) if path.is_dir())
        self.model = load(folder)
        with (site / "data" / "records.csv").open(encoding="utf-8", newline="") as stream:
            record = next(row for row in csv.DictReader(stream) if row["id"] == "p1")
        self.label = record["label"]
        self.document = segment(record["title"], record["abstract"], self.model.segmentation)

    @cached_property
    def table(self) -> np.ndarray:
        """The probability of every subset of the sentences, bit i of its number saying that sentence i is kept."""
        tokens, ranges = self.document.abstract.tokens, self.document.abstract.sentence_ranges
        texts = [
            [word for (a, b), kept in zip(ranges, mask, strict=True) if kept for word in tokens[a:b]]
            for mask in subset_masks(len(ranges))
        ]
        margins = self.model.margins([self.document.title.tokens] * len(texts), texts)
        return np.asarray(1 / (1 + np.exp(-margins)))

    def without(self, *out: int) -> float:
        """The probability without these sentences, from 1."""
        return float(self.table[len(self.table) - 1 - sum(1 << (k - 1) for k in out)])

    def shares(self, *out: int) -> list[float]:
        """Of what is left; 0 for what is out."""
        n = len(self.document.abstract.sentence_ranges)
        left = [k for k in range(n) if k + 1 not in out]
        subsets = [sum(1 << left[i] for i in range(len(left)) if s >> i & 1) for s in range(1 << len(left))]
        sizes = np.zeros(n)
        sizes[left] = shapley_values(self.table[subsets])
        return [float(size) for size in sizes]

    def told(self, *out: int) -> str:
        before, after = percent(self.without()), percent(self.without(*out))
        return f"still {after}" if after == before else f"{after} instead of {before}"

    def answer(self, *out: int) -> str:
        """As a class."""
        return "computational" if self.without(*out) >= 0.5 else "not computational"

    def said(self, *out: int) -> str:
        """The answer with its percentage, and whether it is right."""
        right = "right" if self.answer(*out) == self.label else "wrong"
        return f"{self.answer(*out)} {percent(self.without(*out))} {right}"


@pytest.fixture(scope="module")
def first(built_site: Path) -> Asked:
    return Asked(built_site, "model")


@pytest.fixture(scope="module")
def other(built_site: Path) -> Asked:
    return Asked(built_site, "model-other-*")


def switch(page: Page, k: int) -> None:
    """Show the first model, the other one, or both."""
    page.locator('[data-part="models"] label').nth(k).click()
    ready(page)


def strike(page: Page, sentence: int) -> None:
    page.locator(f"#s{sentence}").press("Delete")
    ready(page)


def panel(page: Page) -> Locator:
    """The one that is shown."""
    return page.locator('[data-part="answer"]:visible')


def part(page: Page, name: str) -> str:
    return panel(page).locator(f'[data-part="{name}"]').inner_text()


def beside_switch(page: Page) -> str:
    """The line beside the switch, on the other model's answer; "" where there is none."""
    return " ".join(page.locator(".model-switch .apart:visible").all_inner_texts())


def numbers(page: Page) -> list[str]:
    """The answers on the switch."""
    return page.locator('[data-part="models"] b').all_inner_texts()


def bars(page: Page, figure: int) -> list[float]:
    sizes: list[float] = (
        page.locator(".heatmap").nth(figure).evaluate("(root) => root.view.data('sentences').map((row) => row.size)")
    )
    return sizes


def test_it_is_taken_out_for_the_model_that_is_shown(page: Page, built_site: Path, first: Asked, other: Asked) -> None:
    open_kind(page, f"{built_site.as_uri()}/", PAGE)
    of_first = colours(page)
    switch(page, 1)
    written = colours(page)
    assert part(page, "percent") == percent(other.without())
    plain = beside_switch(page), numbers(page)
    strike(page, 2)
    agrees = "agrees" if first.answer(2) == other.answer(2) else "disagrees"
    assert beside_switch(page) == f"First {agrees}: it would say {first.said(2)}."
    assert [number[2:] for number in numbers(page)] == [percent(first.without(2)), percent(other.without(2))]
    name = page.locator(".heatmap:visible > h2").inner_text()
    assert name == f"Other: {percent(other.without(2))} “computational” (whole text: {percent(other.without())})"
    expect(page.locator('[data-part="models"] input').nth(1)).to_be_checked()
    p = other.without(2)
    assert part(page, "percent") == percent(p)
    assert part(page, "line") == f"Other, without sentence 2: {other.told(2)}"
    assert panel(page).locator(".verdict-says").inner_text().startswith("Other would say")
    assert part(page, "predicted") == ("computational" if p >= 0.5 else "not computational")
    start = percent(float(other.table[0]))  # of the title alone
    assert panel(page).locator('[data-step="abstract"] [data-change]').inner_text() == f"{start} → {percent(p)}"
    assert page.locator('[data-part="shares-from"]').inner_text() == f"{start} (the title alone)"
    assert bars(page, 1) == pytest.approx(other.shares(2), abs=2e-4)
    assert colours(page) == expected_colours(other.shares(2), written, 2)
    said = page.locator('.heatmap:visible [data-say="answer"]').inner_text()
    assert said == part(page, "line")
    expect(page.locator(".heatmap:visible .heatmap-cross")).to_have_count(1)
    strike(page, 4)
    assert part(page, "percent") == percent(other.without(2, 4))
    assert re.search(r"\?by=beside-other-\w+#without=2,4$", page.url)

    switch(page, 0)  # the same is out for the first one
    assert part(page, "percent") == percent(first.without(2, 4))
    assert part(page, "line") == f"Without sentences 2 and 4: {first.told(2, 4)}"
    assert page.locator('[data-part="shares-from"]').inner_text().startswith(percent(float(first.table[0])))
    assert colours(page) == expected_colours(first.shares(2, 4), of_first, 2, 4)
    switch(page, 1)
    panel(page).get_by_role("button", name="Undo").click()
    assert part(page, "percent") == percent(p)
    panel(page).get_by_role("button", name="Put all back").click()
    ready(page)
    assert part(page, "percent") == percent(other.without())
    assert (beside_switch(page), numbers(page)) == plain
    assert page.locator(".heatmap:visible > h2").inner_text() == f"Other: {percent(other.without())} “computational”"
    assert colours(page) == written
    page.locator('[data-field="title"]').press("Delete")
    strike(page, 3)  # the other reads title and abstract at once, and was not asked about this
    assert part(page, "why").startswith("Other: The title cannot be taken out together with sentences")
    assert part(page, "line") == f"Other, without sentence 3: {other.told(3)}"
    switch(page, 0)
    page.locator('[data-field="title"]').press("Delete")
    ready(page)
    assert beside_switch(page) == f"Other says, about the whole text, {other.said()}."
    assert numbers(page)[1].endswith(f"{percent(other.without())} (whole text)")
    switch(page, 1)  # the first one knows of it, the other does not: nothing is shown as out
    expect(page.locator(".struck")).to_have_count(0)
    assert part(page, "why").startswith("Other: The title cannot be taken out")
    assert part(page, "percent") == percent(other.without())


def test_beside_each_other_both_say_what_is_left(page: Page, built_site: Path, first: Asked, other: Asked) -> None:
    open_kind(page, f"{built_site.as_uri()}/", f"{PAGE}#without=2,4")
    switch(page, 2)
    both = page.locator(".both-answers")

    def told(*out: int) -> str:
        pairs = zip(("First", "Other"), (first, other), strict=True)
        return ", ".join(f"{name} {percent(one.without())} → {percent(one.without(*out))}" for name, one in pairs)

    line = both.locator('[data-part="line"]')
    expect(line).to_have_text(f"Without sentences 2 and 4: {told(2, 4)}")
    answers = both.locator(".verdict-says > span")
    expect(answers).to_have_text([f"First would say {first.said(2, 4)}", f"Other would say {other.said(2, 4)}"])
    assert beside_switch(page) == ""
    for name, one in {".figure-name": first, ".heatmap:not([data-model=First]) > h2": other}.items():
        heading = f"{percent(one.without(2, 4))} “computational” (whole text: {percent(one.without())})"
        expect(page.locator(name)).to_contain_text(heading)
    expect(page.locator(".heatmap-cross")).to_have_count(4)
    for k, one in enumerate((first, other)):
        assert bars(page, k) == pytest.approx(one.shares(2, 4), abs=2e-4)
    name, text = saved(page, "record", 1)
    taken = json.loads(text)["taken_out"]
    assert name.endswith("-numbers-of-other-without-2-4.json")
    assert taken["probability"] == pytest.approx(other.without(2, 4), abs=1e-4)
    assert taken["line"] == f"Other, without sentences 2 and 4: {other.told(2, 4)}"
    page.reload()
    ready(page)
    expect(line).to_have_text(f"Without sentences 2 and 4: {told(2, 4)}")
    page.emulate_media(media="print")
    expect(page.locator(".struck, .heatmap-cross")).to_have_count(0)
    page.emulate_media(media="screen")
    both.get_by_role("button", name="Put all back").click()
    expect(answers).to_have_text([f"First says {first.said()}", f"Other says {other.said()}"])
    expect(both.locator('[data-part="quote"]')).to_be_hidden()
    switch(page, 0)
    expect(both).to_be_hidden()
    plain = page.context.new_page()
    open_kind(plain, f"{built_site.as_uri()}/", PAGE)
    assert colours(page) == colours(plain)  # those of the whole text, though the page came without two sentences


def test_on_a_phone_it_is_said_once_and_covers_no_picture(new_page: NewPage, built_site: Path) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    open_kind(page, f"{built_site.as_uri()}/", PAGE)
    switch(page, 2)
    strike(page, 2)
    quote = page.locator(".both-answers .verdict-quote")
    expect(quote).to_be_visible()
    expect(page.locator(".heatmap-readout:visible")).to_have_count(0)
    gaps = page.locator(".heatmap").evaluate_all(
        """(roots) => roots.map((root) => root.querySelector(".heatmap-controls").getBoundingClientRect().top
        - root.querySelector(".heatmap-panel").getBoundingClientRect().bottom)"""
    )
    assert all(0 <= gap < 20 for gap in gaps)
    page.locator("canvas").first.click(position={"x": 100, "y": 150})
    told = page.locator(".heatmap-readout:visible")
    expect(told).to_have_count(1)
    box, edge = told.bounding_box(), quote.bounding_box()
    assert box["y"] + box["height"] <= edge["y"] + 1


def changed(page: Page, site: Path, change: Callable[[str], str]) -> None:
    """Have p1 arrive as another page."""
    html = change((site / PAGE).read_text(encoding="utf-8"))
    page.route("**/p1.html*", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))


def test_nothing_goes_where_a_model_cuts_the_text_otherwise(
    page: Page, served_site: str, built_site: Path, first: Asked
) -> None:
    def apart(html: str) -> str:
        head, figure, tail = html.rpartition('"strike":')
        return f"{head}{figure}null{tail[tail.index('}') + 1 :]}".replace(" data-same>", ">")

    changed(page, built_site, apart)
    open_kind(page, served_site, PAGE)
    strike(page, 2)
    switch(page, 1)
    expect(page.locator(".struck")).to_have_count(0)
    assert part(page, "why").startswith("Other cuts the abstract into other sentences")
    assert {kind for kind, _ in colours(page)} == {"quiet"}
    strike(page, 3)
    expect(page.locator(".struck")).to_have_count(0)
    switch(page, 0)
    strike(page, 3)
    assert part(page, "percent") == percent(first.without(3))


def test_a_model_without_a_figure_is_asked_too(page: Page, served_site: str, built_site: Path, other: Asked) -> None:
    def undrawn(html: str) -> str:
        data = json.loads(DATA.findall(html)[1])
        numbers = json.dumps({name: data[name] for name in ("path", "sentences", "strike")})
        html = re.sub(r'<template data-by="[^"]+" data-figure>.*?</template>', "", html, flags=re.DOTALL)
        return html.replace(
            "</template>", f'<script type="application/json" data-part="data">{numbers}</script></template>'
        )

    changed(page, built_site, undrawn)
    open_kind(page, served_site, PAGE)
    switch(page, 1)
    written = colours(page)
    strike(page, 1)
    strike(page, 3)
    assert part(page, "percent") == percent(other.without(1, 3))
    assert part(page, "line") == f"Other, without sentences 1 and 3: {other.told(1, 3)}"
    assert colours(page) == expected_colours(other.shares(1, 3), written, 1, 3)
