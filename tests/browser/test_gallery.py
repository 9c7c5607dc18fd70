"""The gallery in a real browser: search, filters, order, the state in the address, the rows as CSV; small and large."""

from __future__ import annotations

import csv
import itertools
import re
import unicodedata
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.gallery_page import choice, choose, downloaded, opened, search, shown
from tests.browser.readings import answers
from tests.sites import HOSTILE, NEGATIVE, POSITIVE, RECORDS

pytestmark = pytest.mark.browser

ALL = [record["id"] for record in RECORDS]
FACETS = ("subject", "<b>kind</b>")


@pytest.fixture(scope="module")
def rows(built_site: Path) -> list[dict[str, str]]:
    """What the gallery should know: the rows of data/records.csv."""
    with (built_site / "data" / "records.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def gallery(page: Page, built_site: Path) -> Page:
    """The gallery in the order of the source, opened from disk, its abstracts loaded."""
    return opened(page, f"{built_site.as_uri()}/", "#sort=source")


def paper(key: str) -> str:
    """A record's id as `shown` tells it."""
    return key if re.fullmatch(r"p\d+", key) else "10.1000-x-y-z-3b71648c"


def plain(text: str) -> str:
    folded = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return folded.casefold()


# --- search ---


def test_at_first_every_paper_is_shown_the_most_dramatic_first(page: Page, site_url: str, built_site: Path) -> None:
    opened(page, site_url)
    found = shown(page)
    assert sorted(found) == sorted(paper(key) for key in ALL)
    drama = [max(answers(built_site, key).steps, default=(False, 0.0)) for key in found]
    assert drama == sorted(drama, reverse=True)
    assert drama[0][0] > 0
    expect(page.locator("#found")).to_have_text(f"{len(ALL)} papers")
    assert "#" not in page.url
    choose(page, "sort by", "source")
    assert shown(page) == [paper(key) for key in ALL]
    assert page.url.endswith("#sort=source")


def test_search_finds_a_word_that_only_an_abstract_has(page: Page, site_url: str, rows: list[dict[str, str]]) -> None:
    opened(page, site_url, "#sort=source")
    page_text = plain(page.locator("main").inner_text())
    candidates = {word for row in rows for word in re.findall(r"[a-z]{6,}", plain(row["abstract"]))}
    words = sorted(word for word in candidates if word not in page_text)
    assert len(words) > 3
    for word in words[:3]:
        assert search(page, word) == [paper(row["id"]) for row in rows if word in plain(row["abstract"])]
        expect(page.locator("#found")).to_have_text(re.compile(rf"^\d of {len(ALL)} papers$"))


MEANT = {
    "p7": ["p7"],
    "SIMULATED crowds": ["p1"],
    "crowds simulated": ["p1"],  # words in any order
    "elan": ["p4"],
    "ÉLAN": ["p4"],
    "e\u0301lan": ["p4"],
    "OFFENTLICHKEIT": ["p4"],
    "cafe": ["p8"],
    "final page": ["p8"],  # written with a ligature
    "annual": [],
    "  LETTERS   of  ": ["p8"],
    "onerror": ["p3"],
    "=sum(a1": ["10.1000/x?y#z &<>"],
    "10.1000/x?y#z &<>": ["10.1000/x?y#z &<>"],
    ".*": [],
    "(untitled)": ["p9"],
    '"simulated crowds"': ["p1"],
    "“Simulated  crowds”": ["p1"],
    '"crowds simulated"': [],
    '"simulated crowds" grid': ["p1"],
    '"simulated crow': ["p1"],  # not yet closed
    "crowds.2015": ["p1"],  # another column of the source
    "": ALL,
    "   ": ALL,
}


def test_search_reads_what_is_meant(gallery: Page) -> None:
    found = {}
    for typed, meant in MEANT.items():
        found[typed] = search(gallery, typed)
        if not meant:
            expect(gallery.locator("#gallery")).to_contain_text("No paper matches")
    assert found == {typed: [paper(key) for key in meant] for typed, meant in MEANT.items()}


# --- filters ---


def values(row: dict[str, str]) -> dict[str, str]:
    predicted = row["First: predicted"]
    right = ("right" if row["label"] == predicted else "wrong") if row["label"] else ""
    facets = {name: row[name] for name in FACETS}
    return {**facets, "prediction": predicted, "label": row["label"], "right or wrong": right}


def test_a_filter_shows_what_it_says(gallery: Page, rows: list[dict[str, str]]) -> None:
    for name in (*FACETS, "prediction", "label", "right or wrong"):
        options = choice(gallery, name).locator("option")
        offered = options.evaluate_all("all => all.map((o) => [o.value, o.textContent])")
        assert offered[0] == ["", "all"]
        assert {value for value, _ in offered[1:]} == {values(row)[name] for row in rows} - {""}
        for value, text in offered[1:]:
            choose(gallery, name, value)
            wanted = [paper(row["id"]) for row in rows if values(row)[name] == value]
            assert shown(gallery) == wanted
            assert text == f"{value} ({len(wanted)})"
        choose(gallery, name, "")


def test_filters_and_search_combine(gallery: Page, rows: list[dict[str, str]]) -> None:
    pairs = itertools.product((POSITIVE, NEGATIVE), ("right", "wrong"))
    sizes = []
    for predicted, right in pairs:
        choose(gallery, "prediction", predicted)
        choose(gallery, "right or wrong", right)
        wanted = [r for r in rows if values(r)["prediction"] == predicted and values(r)["right or wrong"] == right]
        assert shown(gallery) == [paper(row["id"]) for row in wanted]
        sizes.append(len(wanted))
        for row in wanted[:1]:
            assert search(gallery, row["id"]) == [paper(row["id"])]
            assert search(gallery, "nosuchword") == []
            search(gallery, "")
    assert sum(sizes) == sum(bool(row["label"]) for row in rows)
    gallery.get_by_role("button", name="Clear").click()
    assert len(shown(gallery)) == len(rows)
    assert "#" not in gallery.url


# --- order and view ---


def test_sorting_sorts(gallery: Page, rows: list[dict[str, str]]) -> None:
    probability = {paper(row["id"]): float(row["First: probability"]) for row in rows}
    choose(gallery, "sort by", "probability-desc")
    assert [probability[key] for key in shown(gallery)] == sorted(probability.values(), reverse=True)
    choose(gallery, "sort by", "probability-asc")
    assert [probability[key] for key in shown(gallery)] == sorted(probability.values())
    choose(gallery, "sort by", "near")
    assert shown(gallery) == sorted(probability, key=lambda key: abs(probability[key] - 0.5))
    choose(gallery, "sort by", "title-asc")
    titles = gallery.locator("#gallery td.title a").all_inner_texts()
    words = [title for title in titles if title[0].isalpha()]
    assert words == sorted(words, key=plain)
    assert words[2].startswith("Élan")
    assert len(titles) == len(ALL)
    choose(gallery, "sort by", "source")
    assert shown(gallery) == [paper(key) for key in ALL]


def test_the_largest_shares_come_first(gallery: Page, built_site: Path) -> None:
    """A paper's most influential sentence is that of the largest share; papers go by its points, which they show."""
    strongest = dict.fromkeys(map(paper, ALL), (0.0, 0.0))
    with (built_site / "data" / "sentences.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["model"] == "First":
                key, share = paper(row["id"]), abs(float(row["share"]))
                strongest[key] = max(strongest[key], (share, round(abs(float(row["share_change"])), 4)))
    choose(gallery, "sort by", "change-desc")
    found = [strongest[key][1] for key in shown(gallery)]
    assert found == sorted(found, reverse=True)
    texts = gallery.locator("#gallery td.sentence .effect").all_inner_texts()
    assert all(re.fullmatch(r"[+−]?\d+\.\d points", text) for text in texts)
    points = [float(re.sub(r"[^\d.]", "", text)) for text in texts]
    assert points == sorted(points, reverse=True)


def test_cards_and_table_are_two_views_of_the_same(gallery: Page, rows: list[dict[str, str]]) -> None:
    table = gallery.locator("#gallery")
    heading = gallery.locator("#gallery thead th", has_text="Prediction")
    assert table.evaluate("e => getComputedStyle(e).display") == "block"
    gallery.get_by_label("table", exact=True).check()
    assert table.evaluate("e => getComputedStyle(e).display") == "table"
    assert shown(gallery) == [paper(key) for key in ALL]
    heading.click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    probability = {paper(row["id"]): float(row["First: probability"]) for row in rows}
    lowest = min(probability, key=lambda key: probability[key])
    expect(gallery.locator("#gallery td.title a").first).to_have_attribute("href", f"records/{lowest}.html")
    assert [probability[key] for key in shown(gallery)] == sorted(probability.values())
    gallery.get_by_label("cards", exact=True).check()
    assert table.evaluate("e => getComputedStyle(e).display") == "block"


# --- the state in the address ---


def test_the_address_keeps_the_state(new_page: NewPage, site_url: str) -> None:
    page = opened(new_page(), site_url)
    choose(page, "subject", "law")
    choose(page, "label", NEGATIVE)
    choose(page, "sort by", "probability-desc")
    page.get_by_label("table", exact=True).check()
    found = search(page, "title & é")
    found = search(page, "paper")
    assert 0 < len(found) < len(ALL)
    expect(page).to_have_url(re.compile("q=paper"))  # once its rows are seen
    again = opened(new_page(), page.url.partition("index.html")[0], "#" + page.url.partition("#")[2])
    assert shown(again) == found
    assert again.locator("#search").input_value() == "paper"
    assert choice(again, "subject").input_value() == "law"
    assert choice(again, "label").input_value() == NEGATIVE
    assert choice(again, "sort by").input_value() == "probability-desc"
    expect(again.get_by_label("table", exact=True)).to_be_checked()
    again.get_by_role("button", name="Clear").click()
    assert len(shown(again)) == len(ALL)


def test_any_search_survives_the_address(gallery: Page, new_page: NewPage, built_site: Path) -> None:
    for typed in ("a & b=c #d", "50% é+ü", HOSTILE):
        search(gallery, typed)
        gallery.locator("#search").blur()  # whoever goes on to a paper leaves the field
        again = opened(new_page(), f"{built_site.as_uri()}/", "#" + gallery.url.partition("#")[2])
        assert again.locator("#search").input_value() == typed
        assert shown(again) == shown(gallery)


def test_marks_follow_the_search_also_in_rows_that_were_away(gallery: Page) -> None:
    def marks() -> set[str]:
        return {text.lower() for text in gallery.locator("#gallery mark").all_inner_texts()}

    search(gallery, "paper")
    assert marks() == {"paper"}
    search(gallery, "crowds")  # leaves one row; the others keep what they had
    assert marks() == {"crowds"}
    assert len(search(gallery, "p")) > 1
    assert marks() == {"p"}
    assert len(search(gallery, "")) == len(ALL)
    assert marks() == set()


def test_keys_lay_out_the_page_once(gallery: Page) -> None:
    gallery.evaluate("""() => {
      window.measured = 0;
      const style = window.getComputedStyle;
      window.getComputedStyle = (...all) => (window.measured++, style(...all));
    }""")
    gallery.locator("#search").press_sequentially("crowds")
    assert shown(gallery)
    assert gallery.evaluate("() => window.measured") == 0


def test_a_search_in_the_address_reads_the_abstracts_too(page: Page, site_url: str) -> None:
    opened(page, site_url, "#q=zebra")
    assert shown(page) == ["p2"]


def test_an_address_that_makes_no_sense_shows_all(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#facet0=nothing&sort=sideways&view=film&label=%E0%A4%A")
    assert len(shown(page)) == len(ALL)
    expect(page.get_by_label("cards", exact=True)).to_be_checked()


def test_a_changed_address_changes_what_is_shown(gallery: Page) -> None:
    gallery.evaluate("() => { location.hash = '#q=zebra'; }")
    expect(gallery.locator("#gallery td.title")).to_have_count(1)
    gallery.evaluate("() => { location.hash = ''; }")
    expect(gallery.locator("#gallery td.title")).to_have_count(len(ALL))


def test_the_link_to_the_content_leaves_what_was_found(gallery: Page) -> None:
    search(gallery, "zebra")
    gallery.get_by_role("link", name="Skip to the content").press("Enter")
    gallery.wait_for_url("**#q=zebra&sort=source")
    assert shown(gallery) == ["p2"]


# --- download ---


def test_the_download_has_the_rows_found_and_no_others(gallery: Page, rows: list[dict[str, str]]) -> None:
    found = downloaded(gallery)
    assert [row["id"] for row in found] == ALL
    for row, expected in zip(found, rows, strict=True):
        told = values(expected)
        assert row["title"] == (expected["title"] or "(untitled)")
        assert [row[name] for name in FACETS] == [expected[name] for name in FACETS]
        assert (row["predicted"], row["label"], row["right"]) == (
            told["prediction"],
            told["label"],
            told["right or wrong"],
        )
        assert abs(float(row["probability"]) - float(expected["First: probability"])) < 5.1e-5
    choose(gallery, "subject", HOSTILE)
    assert [row["title"] for row in downloaded(gallery)] == [RECORDS[2]["title"]]
    choose(gallery, "subject", "law")
    choose(gallery, "sort by", "probability-desc")
    assert [paper(row["id"]) for row in downloaded(gallery)] == shown(gallery)
    search(gallery, "nosuchword")
    assert downloaded(gallery) == []
