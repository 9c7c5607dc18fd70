"""The first page: its rows, its filters, its numbers, and the lists of a large corpus."""

from __future__ import annotations

import pytest

from sitegen.web.layout import Frame
from sitegen.web.pages import gallery
from sitegen.web.pages.gallery import choices, index_page, list_pages
from sitegen.web.publish.render import Renderer
from tests.web.papers import PALETTE, frame, paper, papers, parse, site, summaries


def index(description, items):
    return index_page(description, frame(description), summaries(description, items))


def shown(page):
    return parse(Renderer().render(page))


def test_a_row_by_hand(tmp_path):
    row = index(site(tmp_path), papers()).rows[1]
    # title 2 x (-1.25 - 2), abstract -1.25 - 2 + .125 + .75, bias -.25
    assert (row.id, row.title) == ("Müller 2021", "Interview with the bad")
    assert row.href.startswith("records/muller-2021-")
    assert row.thumbnail == row.href.replace("records/", "records/thumbnails/").replace(".html", ".png")
    assert (row.label, row.predicted, row.positive, row.right) == ("negative", "negative", False, "right")
    assert (row.probability, row.percent, row.distance) == (0.0001, "under 0.1%", 0.4999)
    assert (row.sentence, row.sentence_href) == ("The interview was bad.", f"{row.href}#s1")
    assert (row.effect, row.strength, row.effect_text) == (-3.25, 3.25, "−3.25")
    assert row.facets == ("Law & order",)


def test_a_paper_whose_sentences_do_nothing_has_none(tmp_path):
    row = index(site(tmp_path), [paper("a", "Good", "Unknown.")]).rows[0]
    assert (row.sentence, row.sentence_href, row.effect, row.effect_text) == ("", "", 0.0, "")


def test_filters_count_what_they_would_leave(tmp_path):
    items = [*papers(), paper("four", "Bad", label=1, facets={"subject": "Sociology"})]
    description = site(tmp_path)
    found = {choice.name: choice.values for choice in choices(description, summaries(description, items))}
    assert found == {
        "subject": (("(none)", 1), ("Law & order", 1), ("Sociology", 2)),
        "prediction": (("positive", 2), ("negative", 2)),
        "label": (("positive", 2), ("negative", 1)),
        "right or wrong": (("right", 2), ("wrong", 1)),
    }


def test_no_filters_choice_is_the_empty_one_that_means_all(tmp_path):
    page = shown(index(site(tmp_path), papers()))
    for select in page.all("select"):
        values = [option.attributes["value"] for option in select.all("option")]
        assert len(set(values)) == len(values)
    subject = page.one("select", data_filter="facet0")
    assert [option.text for option in subject.all("option")] == [
        "all",
        "(none) (1)",
        "Law & order (1)",
        "Sociology (1)",
    ]


def test_a_filter_with_one_value_is_none(tmp_path):
    description = site(tmp_path)
    assert choices(description, summaries(description, [paper("a", "Good"), paper("b", "Good")])) == ()


def test_without_labels_and_facets_nothing_speaks_of_them(tmp_path):
    description = site(tmp_path, records={"path": tmp_path / "r.csv"})
    page = shown(index(description, [paper("a", "Good", "Bad."), paper("b", "Bad")]))
    assert [
        select.attributes.get("data-filter") for select in page.all("select") if "data-filter" in select.attributes
    ] == ["predicted"]
    assert not page.all("td", class_="label")
    assert not page.all("td", class_="facet")
    assert not page.all("table", class_="confusion")
    assert [th.text for th in page.one("table", id="gallery").all("th")] == [
        "Picture",
        "Title",
        "Prediction",
        "Most influential sentence",
    ]


def test_each_row_has_a_cell_for_each_heading(tmp_path):
    for description in (
        site(tmp_path),
        site(tmp_path, records={"path": tmp_path / "r", "facets": ["subject", "year"]}),
    ):
        table = shown(index(description, papers())).one("table", id="gallery")
        assert {len(row.all("td") + row.all("th")) for row in table.all("tr")} == {len(table.all("th"))}


@pytest.mark.parametrize(
    ("labels", "share"),
    [((1, 1, 1), "100%"), ((0, 0, 0), "0%"), ((1, 1, 0), "67%"), ((None, None, 0), "0%")],
)
def test_the_share_of_right_predictions_is_counted_exactly(tmp_path, labels, share):
    items = [paper(f"p{k}", "Good", label=label) for k, label in enumerate(labels)]
    assert index(site(tmp_path), items).tiles[2].value == share


def test_the_confusion_table_stands_as_its_headings_say(tmp_path):
    items = [
        paper("a", "Good", label=0),
        paper("b", "Good", label=0),
        paper("c", "Bad", label=1),
        paper("d", "Bad", label=0),
    ]
    page = index(site(tmp_path), items)
    assert page.confusion == ((1, 2), (1, 0))
    table = shown(page).one("table", class_="confusion")
    said, denied = [cell.text for row in table.one("thead").all("tr")[:1] for cell in row.all("th")][-2:]
    assert ("positive" in said, "negative" in denied) == (True, True)
    assert [[cell.text for cell in row.all("th") + row.all("td")] for row in table.one("tbody").all("tr")] == [
        ["positive", "0", "1"],
        ["negative", "2", "1"],
    ]
    assert [cell.text for cell in table.all("td", class_="hit")] == ["0", "1"]


def test_a_large_corpus_is_a_script_and_plain_lists(tmp_path, monkeypatch):
    monkeypatch.setattr(gallery, "SCRIPTED", 4)
    monkeypatch.setattr(gallery, "LISTED", 2)
    description = site(tmp_path)

    def frame_for(path, heading):
        return Frame(palette=PALETTE, site=description, path=path, heading=heading)

    few = summaries(description, [paper(f"p{k}", "Good") for k in range(4)])
    assert list_pages(frame_for, few) == []
    assert len(index_page(description, frame(description), few).rows) == 4

    many = summaries(description, [paper(f"p{k}", f"Good {k}") for k in range(5)])
    page = index_page(description, frame(description), many)
    assert (page.rows, page.scripted) == ((), True)
    assert [(link.text, link.href) for link in page.lists] == [
        ("1–2", "list/1.html"),
        ("3–4", "list/2.html"),
        ("5–5", "list/3.html"),
    ]
    assert not shown(page).one("table", id="gallery").all("td")
    lists = list_pages(frame_for, many)
    assert [part.frame.path for part in lists] == [link.href for link in page.lists]
    assert [link.text for part in lists for link in part.links] == [f"Good {k} (94%)" for k in range(5)]
    assert lists[0].previous is None
    assert (lists[1].previous.href, lists[1].next.href) == ("1.html", "3.html")
    assert lists[2].next is None
