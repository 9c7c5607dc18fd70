"""Other titles and abstracts on a record's page: the lists' numbers are those of the published grids."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from sitegen.web.text.numbers import percent, points, slug
from tests.browser.axe import violations
from tests.browser.conftest import NewPage

pytestmark = pytest.mark.browser

THRESHOLD = 0.5
FOLD = "#other-titles"


def opened(page: Page, address: str, name: str = "p1") -> None:
    page.goto(f"{address}records/{name}.html")
    assert page.evaluate("window.sitegen.swaps") is None  # only who opens it loads it
    page.locator(f"{FOLD} > summary").click()
    page.wait_for_selector(f'{FOLD}[data-state="drawn"]')


def expected(site: Path, name: str, kept: str, other: str) -> list[tuple[str, str, bool, str]]:
    """Percent, change, whether it flips, and the id, from the grids that the site publishes; the largest first."""
    rows = [json.loads(line) for line in (site / "data" / "grids.jsonl").read_text().splitlines()]
    rows = [row for row in rows if row["model"] == "First"]
    (own,) = [row for row in rows if row["id"] == name]
    answers = []
    for k, row in enumerate(rows):
        if row is not own and row[f"{other}_tokens"]:
            margin = np.float32(own[kept][-1]) + np.float64(np.float32(row[other][-1]))
            p, whole = (1 / (1 + np.exp(-one)) for one in (margin + own["bias"], own["margin"]))
            flips = (p >= THRESHOLD) != (whole >= THRESHOLD)
            answers.append((abs(p - whole), -k, percent(p), points(p - whole), bool(flips), slug(row["id"])))
    return [(p, change, flips, key) for _, _, p, change, flips, key in sorted(answers, reverse=True)][:20]


def shown(page: Page, number: int) -> list[tuple[str, str, bool, str]]:
    table = page.locator(f"{FOLD} table").nth(number)
    return [
        (says, change, "⇄" in flips, Path(href).stem)
        for says, change, flips, href in table.evaluate(
            "t => [...t.tBodies[0].rows].map(r => [...[...r.cells].slice(0, 3).map(c => c.textContent),"
            " r.querySelector('a').getAttribute('href')])"
        )
    ]


def test_the_lists_are_what_the_grids_add_up_to(page: Page, built_site: Path, site_url: str) -> None:
    opened(page, site_url)
    assert shown(page, 0) == expected(built_site, "p1", "title", "abstract")
    assert shown(page, 1) == expected(built_site, "p1", "abstract", "title")
    assert page.locator(FOLD).inner_text().count("⇄") > 1  # beside the legend's
    page.locator(f"{FOLD} td a").first.click()
    expect(page.locator("h1")).to_be_visible()


def test_a_search_finds_titles_whatever_their_case(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    title = page.locator(f"{FOLD} td a").nth(2).inner_text()
    page.locator(f"{FOLD} input").fill(title.upper())
    assert set(page.locator(f"{FOLD} td a").all_inner_texts()) == {title}
    page.locator(f"{FOLD} input").fill("no title has this")
    expect(page.locator(FOLD)).to_contain_text("Nothing here matches.")


def said(page: Page, rows: list[tuple[float, float]], threshold: float = THRESHOLD) -> dict[str, str]:
    """What the script says of the first of these (title, abstract), in log-odds."""
    (title, abstract), *others = rows
    own, abstracts, titles = (
        [1 / (1 + math.exp(-a - b)) for a, b in pairs]
        for pairs in ([(title, abstract)], [(title, b) for _, b in others], [(a, abstract) for a, _ in others])
    )
    given = {"own": own[0], "abstracts": abstracts, "titles": titles, "threshold": threshold}
    told: dict[str, str] = page.evaluate("(given) => sitegen.swapSaid(given)", given)
    return told


def test_it_says_how_far_the_others_take_the_answer_and_which_field_decides(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    stands = page.locator(f"{FOLD} > p").all_inner_texts()
    assert stands[0].startswith(("The abstract matters more", "The title matters more", "Title and abstract matter"))
    lists = [expected(built_site, "p1", *fields) for fields in (("title", "abstract"), ("abstract", "title"))]
    for rows, kept in zip(lists, ("this title", "this abstract"), strict=True):
        (numbers,) = re.findall(f"{kept} gives from (.*?) to (.*?); (\\S+) ", stands[1])
        ordered = sorted((float(p.rstrip("%")), p) for p, *_ in rows)
        assert numbers[:2] == (ordered[0][1], ordered[-1][1])
        assert numbers[2] == (str(sum(flips for _, _, flips, _ in rows)) if any(row[2] for row in rows) else "none")
    found = said(page, [(1.0, 2.0), (0.5, -5.0), (0.8, 2.0), (1.2, -1.5)])
    assert found == {
        "abstracts": "With any of the other 3 abstracts, this title gives from 2% to 95%; 2 flip the answer.",
        "titles": "With any of the other 3 titles, this abstract gives from 92% to 96%; none flips the answer.",
        "decides": "The abstract matters more here: another abstract changes the answer by 50.3 points on average, "
        "another title by 1.6.",
    }
    for rows, decides in (
        ([(1.0, 1.0), (-1.0, -1.0), (-1.0, -1.2)], "Title and abstract matter about alike here: another abstract"),
        ([(9.0, 1.0), (-9.0, 1.1), (-9.0, 0.9)], "The title matters more here: another title changes the answer by"),
        ([(9.0, 9.0), (8.9, 9.1)], "Neither decides alone: hardly anything changes with another paper's"),
    ):
        assert said(page, rows)["decides"].startswith(decides)
    two = [(1.0, 2.0), (1.0, -5.0)]
    assert said(page, two)["abstracts"] == "With the other abstract, this title gives 2%; each flips the answer."
    near = [(1.0, 1.0), (1.0, 0.0)]  # 88%, and 73% with the other abstract
    assert said(page, near)["abstracts"].endswith("none flips the answer.")
    assert said(page, near, threshold=0.8)["abstracts"].endswith("each flips the answer.")


def test_without_scripts_there_is_no_fold(new_page: NewPage, built_site: Path) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{built_site.as_uri()}/records/p1.html")
    expect(page.locator(FOLD)).to_be_hidden()


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.nightly), "dark"])
def test_nothing_hinders_access_and_it_fits_a_phone(new_page: NewPage, built_site: Path, scheme: str) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    opened(page, f"{built_site.as_uri()}/")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
