"""A facet of several values a paper in a real browser: one keyword picked, the papers that have it shown."""

from __future__ import annotations

import csv

import pytest
from playwright.sync_api import Page, expect

from sitegen.config import load_site
from sitegen.pipeline import build as pipeline
from tests.browser.gallery_page import choice, choose, downloaded, opened, search, shown
from tests.sites import RECORDS, Recorder, write_site

pytestmark = pytest.mark.browser

YEARS = ("999", "2019", "2003", "2019")
PAPERS = [
    {
        "id": f"p{k}",
        "title": f"Paper {k}",
        "abstract": RECORDS[k % 2]["abstract"],
        "keywords": "; ".join(["Queues", *(["agents"] if k % 2 else ["Agents"]), *(f"own {k}-{n}" for n in range(20))])
        if k
        else "",
        "year": YEARS[k],
    }
    for k in range(4)
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a site whose papers have keywords."""
    folder = tmp_path_factory.mktemp("keywords")
    file = write_site(folder, label=False, facets=False)
    text = file.read_text().replace("facets = []", 'facets = ["keywords", "year"]\nseparators = {keywords = ";"}')
    file.write_text(text)
    with (folder / "records.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(PAPERS[0]))
        writer.writeheader()
        writer.writerows(PAPERS)
    pipeline.build(load_site(file), reporter=Recorder())
    return f"{(folder / '_site').as_uri()}/"


def offered(page: Page, name: str) -> list[str]:
    return choice(page, name).locator("option").all_inner_texts()


def test_one_keyword_is_picked_and_its_papers_are_shown(page: Page, address: str) -> None:
    opened(page, address, "#sort=source")
    options = offered(page, "keywords")
    assert options[:3] == ["all", "agents (3)", "Queues (3)"]
    assert options[-2:] == ["(none) (1)", "and 12 more: type one into the search"]
    assert offered(page, "year") == ["all", "999 (1)", "2003 (1)", "2019 (2)"]
    choose(page, "keywords", "agents")
    assert shown(page) == ["p1", "p2", "p3"]
    expect(page.locator("#found")).to_have_text("3 of 4 papers")
    assert downloaded(page)[0]["keywords"].startswith("Queues; agents; own 1-0; ")
    choose(page, "year", "2019")
    assert shown(page) == ["p1", "p3"]
    opened(page, address, page.url[page.url.index("#") :])
    assert shown(page) == ["p1", "p3"]
    choose(page, "year", "")
    choose(page, "keywords", "own 2-7")
    assert shown(page) == ["p2"]
    choose(page, "keywords", "(none)")
    assert shown(page) == ["p0"]
    page.get_by_role("button", name="Clear").click()
    assert search(page, "own 3-19") == ["p3"]  # one of those that the filter does not list
