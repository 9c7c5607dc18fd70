"""The page of patterns finds what Python finds, reads no more files than it needs, and needs no mouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from sitegen.analysis.network.patterns import cells, matches, throughout
from tests.browser.axe import violations
from tests.browser.conftest import NewPage
from tests.browser.inside_files import fields_of, network_of, value_of
from tests.sites import HOSTILE
from tests.web.export.test_patterns import states_of, steps_of, words_of

pytestmark = pytest.mark.browser

ADDRESS = "network/patterns.html"
SEARCHED = 'html[data-ready="patterns"][data-searched]:not([data-searched=""])'


@dataclass(frozen=True)
class Search:
    """What is chosen. range: known words of the text, half-open, from 0."""

    record: str
    field: str
    range: tuple[int, int]
    threshold: int
    direction: str = "both"
    before: bool = False
    after: bool = False

    def hash(self, site: Path) -> str:
        known = fields_of(site, self.record)[self.field].known  # type: ignore[index]
        parts = [f"record={self.record}&field={self.field}&threshold={self.threshold}"]
        parts.append(f"range={known[self.range[0]] + 1}-{known[self.range[1] - 1] + 1}")
        parts += [f"direction={self.direction}"] if self.direction != "both" else []
        return "#" + "&".join([*parts, *(name for name in ("before", "after") if getattr(self, name))])


FIRST = Search("p1", "abstract", (3, 6), 3)
KINDS: list[dict[str, Any]] = [  # of each the range over which most cells stay on is looked for
    {"field": "abstract", "threshold": 3},
    {"field": "abstract", "threshold": 2, "before": True},
    {"field": "abstract", "threshold": 3, "after": True},
    {"field": "abstract", "threshold": 3, "direction": "forward"},
    {"field": "title", "threshold": 3, "direction": "backward"},
    {"field": "title", "threshold": 3},
    {"field": "title", "threshold": 2, "before": True, "after": True},
    {"field": "abstract", "threshold": 1},
]


class Corpus:
    """What Python makes of the site's own files, for searches of one kind."""

    def __init__(self, site: Path, *, field: str, threshold: int, direction: str = "both", **beside: bool) -> None:
        self.papers, states = words_of(site)["papers"], states_of(site, field)
        hidden, units = network_of(site)["hidden"], states.shape[1]
        rows = {"both": range(units), "forward": range(hidden), "backward": range(hidden, units)}[direction]
        self.looked = [*rows, *(units + row for row in rows)]
        self.bounds = np.cumsum([0, *(paper[field]["text"].count("\n") // 2 for paper in self.papers)])
        self.on = cells(states, steps_of(site, field)[threshold - 1])[:, self.looked]
        self.beside = beside

    def chosen(self, start: int, end: int) -> list[int]:
        return np.flatnonzero(throughout(self.on, self.bounds, start, end, **self.beside)).tolist()

    def range_of(self, words: int, k: int) -> tuple[int, int, int]:
        """The paper, first and behind, of the range of so many words with the k-th most cells."""
        ranges = [
            (paper, start, start + words)
            for paper, (first, behind) in enumerate(pairwise(self.bounds.tolist()))
            for start in range(first, behind - words + 1)
        ]
        return sorted(ranges, key=lambda one: -len(self.chosen(*one[1:])))[k]


def searches(site: Path) -> Iterator[Search]:
    for n, kind in enumerate(KINDS):
        corpus = Corpus(site, **kind)
        paper, start, end = corpus.range_of(1 + n % 3, 3 * n % 7)
        first = int(corpus.bounds[paper])
        yield Search(corpus.papers[paper]["name"], range=(start - first, end - first), **kind)


def expected(site: Path, search: Search) -> tuple[list[int], list[dict[str, int]]]:
    """The cells that stay on, and the best runs, from the site's own files."""
    given = {name: getattr(search, name) for name in ("field", "threshold", "direction", "before", "after")}
    corpus = Corpus(site, **given)
    first = int(corpus.bounds[[paper["name"] for paper in corpus.papers].index(search.record)])
    without = (first + search.range[0], first + search.range[1])
    chosen = corpus.chosen(*without)
    found = matches(corpus.on, corpus.bounds, chosen, **corpus.beside, without=without)
    runs = [{name: getattr(one, name) for name in ("start", "end", "shared", "others")} for one in found]
    return [corpus.looked[cell] for cell in chosen], runs[:50]


def opened(page: Page, site_url: str, fragment: str = "") -> None:
    page.goto(f"{site_url}{ADDRESS}{fragment}")
    page.wait_for_selector(SEARCHED)


def cells_of(page: Page) -> list[int]:
    return [
        int(one) for one in page.locator("[data-part=units] li").evaluate_all("all => all.map((e) => e.dataset.cell)")
    ]


def runs_of(page: Page) -> list[dict[str, int]]:
    read = "all => all.map(({ dataset: { start, end, shared, others } }) => ({ start, end, shared, others }))"
    found: list[dict[str, str]] = page.locator("[data-part=results] li").evaluate_all(read)
    return [{name: int(value) for name, value in one.items()} for one in found]


def middle(element: Locator) -> tuple[float, float]:
    box = element.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_page_finds_what_python_finds(page: Page, site_url: str, built_site: Path) -> None:
    some = 0
    for search in searches(built_site):
        page.goto("about:blank")
        opened(page, site_url, search.hash(built_site))
        chosen, runs = expected(built_site, search)
        assert cells_of(page) == chosen, search
        assert runs_of(page) == runs, search
        some += len(runs) > 3
        milliseconds = page.locator("html").get_attribute("data-milliseconds")
        print(search.record, len(chosen), "cells", len(runs), "runs", milliseconds, "ms")
    assert some >= 6


def test_the_static_example_is_what_the_page_begins_with(page: Page, site_url: str) -> None:
    opened(page, site_url)
    example = page.locator("[data-part=example]")
    expect(example).to_be_hidden()
    units = example.locator(".pattern-units li").all_text_contents()
    assert [" ".join(text.split()) for text in page.locator("[data-part=units] li").all_text_contents()] == [
        " ".join(text.split()) for text in units
    ]
    shown = example.locator(".pattern-results li")
    ours = page.locator("[data-part=results] li")
    for k in range(shown.count()):
        for part in (".context", ".context b", ".hint"):
            assert ours.nth(k).locator(part).text_content() == shown.nth(k).locator(part).text_content()
        href = shown.nth(k).locator("a").get_attribute("href")
        assert ours.nth(k).locator("a").get_attribute("href") == href


def test_only_the_chosen_units_files_are_read(page: Page, site_url: str, built_site: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path.split("/network/")[-1]))
    search = FIRST
    opened(page, site_url, search.hash(built_site))
    chosen, _ = expected(built_site, search)
    network = network_of(built_site)
    units = len(states_of(built_site, "abstract")[0])
    files = {"patterns/words.js", f"patterns/all-abstract-{search.threshold}.js"}
    for cell in chosen:
        direction, number = divmod(cell % units, network["hidden"])
        name = f"abstract-{network['layers']}-{network['names'][direction]}-{number}"
        files.add(f"patterns/{name}-{search.threshold}.js")
    assert 0 < len(chosen) < units
    assert {one for one in asked if one.startswith("patterns/")} == files
    assert len(asked) == len(set(asked))


def test_the_keyboard_chooses_words_and_the_address_keeps_them(page: Page, site_url: str, built_site: Path) -> None:
    opened(page, site_url, FIRST.hash(built_site))
    text = page.locator("[data-part=text]")
    text.focus()
    page.keyboard.press("Home")
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".known.chosen")).to_have_count(3)
    assert page.locator(".known").evaluate_all("all => all.findIndex((e) => e.classList.contains('chosen'))") == 1
    page.locator("[data-part=to]").fill("7")
    page.locator("[data-part=to]").press("Enter")
    known = fields_of(built_site, "p1")["abstract"].known
    chosen = [token for token in known if known[1] <= token < 7]
    expect(page.locator(".known.chosen")).to_have_count(len(chosen))
    page.locator("input[name=threshold]").nth(0).check(force=True)
    state = parse_qs(page.evaluate("location.hash.slice(1)"))
    assert state == {"record": ["p1"], "field": ["abstract"], "range": [f"{known[1] + 1}-7"], "threshold": ["1"]}
    page.wait_for_selector(SEARCHED)
    before = (page.evaluate("location.href"), cells_of(page), runs_of(page))
    page.locator("nav a").first.click()
    page.go_back()
    page.wait_for_selector(SEARCHED)
    assert (page.evaluate("location.href"), cells_of(page), runs_of(page)) == before


def test_a_drag_chooses_words(page: Page, site_url: str, built_site: Path) -> None:
    opened(page, site_url, FIRST.hash(built_site))
    words = page.locator(".known")
    (from_x, from_y), (to_x, to_y) = middle(words.nth(2)), middle(words.nth(5))
    page.mouse.move(from_x, from_y)
    page.mouse.down()
    page.mouse.move(to_x, to_y - 20, steps=4)  # among its lines
    page.mouse.up()
    chosen = words.evaluate_all("all => all.flatMap((e, k) => (e.classList.contains('chosen') ? [k] : []))")
    assert chosen == [2, 3, 4, 5]
    page.wait_for_selector(SEARCHED)
    assert runs_of(page) == expected(built_site, Search("p1", "abstract", (2, 6), 3))[1]


def test_taps_choose_words_on_a_phone(new_page: NewPage, built_site: Path) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce")
    opened(page, f"{built_site.as_uri()}/", FIRST.hash(built_site))
    page.locator("[data-part=text]").evaluate("(element) => element.scrollIntoView({ block: 'center' })")
    for word, count in ((1, 1), (4, 4), (6, 1)):
        page.touchscreen.tap(*middle(page.locator(".known").nth(word)))
        expect(page.locator(".known.chosen")).to_have_count(count)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_unit_that_is_left_out_is_not_looked_for(page: Page, site_url: str, built_site: Path) -> None:
    opened(page, site_url, FIRST.hash(built_site))
    cells_before = cells_of(page)
    box = page.locator("[data-part=units] input").first
    box.press("Space")
    expect(box).to_be_focused()
    page.wait_for_selector(SEARCHED)
    assert cells_of(page) == cells_before
    assert f"off={cells_before[0]}" in page.evaluate("location.hash")
    assert max(run["shared"] for run in runs_of(page)) == len(cells_before) - 1


def test_what_is_changed_while_a_text_is_loaded_is_looked_for_in_that_text(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", FIRST.hash(built_site))
    page.evaluate("""() => {
      const { insideData } = sitegen;
      sitegen.insideData = async (...given) => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        return insideData(...given);
      };
    }""")
    page.select_option("[data-part=record]", "p2")
    page.locator("input[name=threshold]").nth(0).check(force=True)
    expect(page.locator("[data-part=words]")).to_contain_text("Forty families")
    page.wait_for_selector(SEARCHED)
    page.get_by_role("link", name="Skip to the content").press("Enter")
    page.wait_for_url("**#record=p2&*&threshold=1")
    expect(page.locator("[data-part=words]")).to_contain_text("Forty families")


def test_results_lead_to_the_sentence_with_the_words(page: Page, site_url: str, built_site: Path) -> None:
    opened(page, site_url, FIRST.hash(built_site))
    item = page.locator("[data-part=results] li").first
    words = str(item.locator("b").text_content())
    item.locator("a").click()
    sentence = page.locator(page.evaluate("location.hash"))
    expect(sentence).to_be_visible()
    assert words.split()[0] in str(sentence.text_content())


def test_hostile_titles_and_texts_are_text(page: Page, site_url: str, built_site: Path) -> None:
    opened(page, site_url, "#record=p3&field=abstract&range=4-6&threshold=3")
    expect(page.locator("[data-part=words]")).to_contain_text(HOSTILE)
    expect(page.locator("[data-part=record] option:checked")).to_have_text(f"Markup {HOSTILE} in a title")
    assert page.locator("[data-part=tool] img").count() == 0
    assert page.evaluate("window.pwned") is None


@pytest.mark.parametrize(
    ("fragment", "says"),
    [
        ("#record=nobody&field=abstract&range=1-2", "not among those"),
        ("#record=p6&field=abstract&range=1-2", "knows no word"),
        ("#record=p5&field=abstract&range=x-y&threshold=9", ""),
        ("#record=p1&range=90-99&field=nonsense&off=a,b", ""),
    ],
)
def test_odd_addresses_do_no_harm(page: Page, built_site: Path, fragment: str, says: str) -> None:
    opened(page, f"{built_site.as_uri()}/", fragment)
    expect(page.locator("[data-part=status]")).to_contain_text(says)


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.nightly), "dark"])
def test_nothing_hinders_access_with_results(new_page: NewPage, built_site: Path, scheme: str) -> None:
    page = new_page(bypass_csp=True, color_scheme=scheme, viewport={"width": 390, "height": 844})
    opened(page, f"{built_site.as_uri()}/", FIRST.hash(built_site))
    assert violations(page) == []


def test_without_scripts_the_example_is_read(new_page: NewPage, built_site: Path) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{built_site.as_uri()}/{ADDRESS}")
    expect(page.locator("[data-part=tool]")).to_be_hidden()
    expect(page.locator("[data-part=example] .pattern-results li")).to_have_count(5)


SYNTHETIC = """([words, lengths, units, chosen]) => {
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const bounds = [0];
  for (const length of lengths) bounds.push(bounds[bounds.length - 1] + length);
  const width = Math.ceil(words / 8);
  const all = new Uint8Array(2 * units * width);
  for (let cell = 0; cell < 2 * units; cell += 1) {
    for (let word = 0, on = false; word < words; word += 1) {
      if (random() < (on ? 0.1 : 0.0175)) on = !on;
      if (on) all[cell * width + (word >> 3)] |= 1 << (word & 7);
    }
  }
  const cells = Array.from({ length: chosen }, (_, k) => 7 * k);
  const planes = new Map(cells.map((cell) => [cell, all.subarray(cell * width, (cell + 1) * width)]));
  const sides = { before: false, after: false, without: [0, 5] };
  const given = { bounds, units, chosen: cells, planes, all, rows: [0, units], ...sides };
  const times = [];
  let found = 0;
  for (let k = 0; k < 5; k += 1) {
    const began = performance.now();
    found = sitegen.patternSearch.find({ ...given, least: 2, candidates: 1000, limit: 50 }).length;
    times.push(performance.now() - began);
  }
  return { found, times };
}"""


def test_a_search_of_a_large_corpus_is_reported(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    result: Any = page.evaluate(SYNTHETIC, [800 * 170, [170] * 800, 256, 20])
    print("800 papers of 170 words, 20 of 256 units:", result)
    assert result["found"] > 0


def test_what_the_page_knows_from_the_start_is_small(built_site: Path) -> None:
    assert len(str(value_of(built_site / "assets" / "patterns-data.js"))) < 1000
