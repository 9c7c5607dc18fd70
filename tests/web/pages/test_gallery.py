"""The first page: its rows, its filters, its numbers, and the lists of a large corpus."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sitegen.analysis.significance.evidence import Standing
from sitegen.web.facets import OFFERED
from sitegen.web.pages import gallery
from sitegen.web.pages.gallery import index_page, list_pages
from sitegen.web.publish.render import Renderer
from tests.classifiers import Bag
from tests.web.every_verdict import CLASS, corpus
from tests.web.papers import frame, frames, inputs, paper, papers, parse, site, summaries, surveyed


def index(description, items, *, shares=True):
    given = inputs(description, items, {"bag": Bag()}, shares=shares)
    return index_page(given, frame(description), surveyed(description, items, shares=shares))


def filters(description, items):
    """The values of each filter, by its name."""
    return {choice.name: choice.values for choice in index(description, items).choices}


def values(page):
    """What the page hands to its scripts, by name."""
    return {value.name: value.value for value in page.values}


def tagged(id, *values):
    """A paper with keywords."""
    found = paper(id, "Good", facets={"keywords": "; ".join(values)})
    return replace(found, record=replace(found.record, values={"keywords": values}))


def shown(page):
    return parse(Renderer().render(page))


def test_a_row_by_hand(tmp_path):
    row = index(site(tmp_path), papers()).rows[1]
    # title 2 x (-1.25 - 2), abstract -1.25 - 2 + .125 + .75, bias -.25
    assert (row.id, row.title) == ("Müller 2021", "Interview with the bad")
    assert row.href.startswith("records/muller-2021-")
    assert row.thumbnail == row.href.replace("records/", "records/thumbnails/").replace(".html", ".png")
    assert (row.label, row.predicted, row.positive, row.right) == ("negative", "negative", False, "right")
    assert (row.probability, row.percent) == (0.0001, "under 0.1%")
    assert (row.sentence, row.sentence_href) == ("The interview was bad.", f"{row.href}#s1")
    assert (row.change_text, row.mark, row.clear) == ("−0.2", "", "no mark")
    assert row.change == round(surveyed(site(tmp_path), papers()).effects.share_change[3], 4)
    assert row.facets == (("Law & order",),)


def test_a_paper_whose_sentences_do_nothing_has_none(tmp_path):
    row = index(site(tmp_path), [paper("a", "Good", "Unknown.")]).rows[0]
    assert (row.sentence, row.sentence_href, row.change, row.change_text, row.mark) == ("", "", 0.0, "", "")


def test_the_most_influential_sentence_has_its_share_and_its_mark(tmp_path):
    page = index(site(tmp_path), corpus())
    rows = {row.id: row for row in page.rows}
    assert (rows["odd"].mark, rows["odd"].clear) == ("◆ clear", "◆ clear")
    assert (rows["open0"].mark, rows["open0"].clear) == ("◇ as clear, not judged", "◇ as clear, not judged")
    found = shown(page)
    cell = found.one("table", id="gallery").all("td", class_="sentence")[0]
    assert cell.one(class_="effect").text == f"{rows['odd'].change_text} points"
    assert cell.one(class_="mark").text == "◆ clear"
    assert found.one("table", id="gallery").all("th")[-1].text == "Most influential sentence (largest share)"
    assert "largest share of a sentence first" in found.one("select", id="sort").text


def test_without_shares_the_gallery_names_the_measure_it_goes_by(tmp_path):
    page = index(site(tmp_path), papers(), shares=False)
    found = shown(page)
    assert page.measure == "leave-one-out"
    assert page.rows[1].change == round(surveyed(site(tmp_path), papers()).effects.change[3], 4)
    assert found.one("table", id="gallery").all("th")[-1].text.endswith("(largest leave-one-out)")
    assert "share" not in found.one("section", class_="gallery").text


def test_papers_can_be_filtered_by_their_clearest_sentence(tmp_path):
    """Of `corpus` every paper has a clear sentence but the one without label."""
    items = [*corpus(), paper("weak", "We", "We.", label=1)]
    assert filters(site(tmp_path), items)["clearest sentence"] == (
        ("◆ clear", 2 * CLASS),
        ("◇ as clear, not judged", 1),
        ("no mark", 1),
    )
    assert "clearest sentence" not in filters(site(tmp_path), papers())


def test_filters_count_what_they_would_leave(tmp_path):
    items = [*papers(), paper("four", "Bad", label=1, facets={"subject": "Sociology"})]
    description = site(tmp_path)
    assert filters(description, items) == {
        "subject": (("Law & order", 1), ("Sociology", 2), ("(none)", 1)),
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
        "Law & order (1)",
        "Sociology (1)",
        "(none) (1)",
    ]


def test_a_filter_of_many_values_offers_the_most_frequent_and_counts_the_others(tmp_path):
    description = site(tmp_path, records={"path": tmp_path / "r", "facets": ["keywords"]})
    items = [
        tagged(f"p{k}", "common", *(["often"] if k % 2 else []), *(f"k{k}-{n}" for n in range(20))) for k in range(5)
    ]
    (choice, *_) = index(description, items).choices
    assert choice.values[:3] == (("common", 5), ("often", 2), ("k0-0", 1))
    assert len(choice.values) == OFFERED
    options = shown(index(description, items)).one("select", data_filter="facet0").all("option")
    assert options[-1].text == f"and {102 - OFFERED} more: type one into the search"
    assert "disabled" in options[-1].attributes
    (cell, *_) = shown(index(description, items)).all("td", class_="facet")
    assert cell.text.startswith("common; k0-0; k0-1; ")


def test_a_filter_with_one_value_is_none(tmp_path):
    description = site(tmp_path)
    assert filters(description, [paper("a", "Good"), paper("b", "Good")]) == {}


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
        "Largest step as it is read",
        "Most influential sentence (largest share)",
    ]


def test_the_lead_promises_no_more_than_was_asked(tmp_path):
    description = site(tmp_path)
    made, found = inputs(description, papers(), {"bag": Bag()}), surveyed(description, papers())
    unasked = replace(
        found.effects,
        share=np.full_like(found.effects.share, np.nan),
        leave_one_out=np.full_like(found.effects.leave_one_out, np.nan),
    )
    leads = [
        index_page(made, frame(description), scan).lead.partition(". ")[2]
        for scan in (found, replace(found, words=()), replace(found, words=(), effects=unasked))
    ]
    assert leads == [
        "See which words and sentences made it say “positive”, or not.",
        "See which sentences made it say “positive”, or not.",
        "See which of them it calls “positive”.",
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
    assert [[way.count for way in row] for row in page.glance.confusion] == [[1, 2], [1, 0]]
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

    few = [paper(f"p{k}", "Good") for k in range(4)]
    assert list_pages(frames(description), summaries(description, few)) == []
    assert len(index(description, few).rows) == 4

    many = [paper(f"p{k}", f"Good {k}") for k in range(5)]
    page = index(description, many)
    assert page.rows == ()
    assert len(values(page)["rows"]["values"]) == 5
    assert [(link.text, link.href) for link in page.lists] == [
        ("1–2", "list/1.html"),
        ("3–4", "list/2.html"),
        ("5–5", "list/3.html"),
    ]
    assert not shown(page).one("table", id="gallery").all("td")
    lists = list_pages(frames(description), summaries(description, many))
    assert [part.frame.path for part in lists] == [link.href for link in page.lists]
    assert [link.text for part in lists for link in part.links] == [f"Good {k} (94%)" for k in range(5)]
    assert lists[0].previous is None
    assert (lists[1].previous.href, lists[1].next.href) == ("1.html", "3.html")
    assert lists[2].next is None


def test_the_script_knows_each_row_by_the_names_of_its_fields(tmp_path):
    rows = values(index(site(tmp_path), papers()))["rows"]
    first = dict(zip(rows["fields"], rows["values"][0], strict=True))
    assert len(rows["values"]) == 3
    assert {name: first[name] for name in ("id", "title", "href", "facets", "right")} == {
        "id": "smith-2020",
        "title": "A good network",
        "href": "records/smith-2020.html",
        "facets": (("Sociology",),),
        "right": "right",
    }


def test_the_script_has_the_abstracts_in_the_order_of_the_rows_as_they_are(tmp_path):
    items = [paper("a", "Good", "Théorie  ÉCONOMIQUE."), paper("b", "Good")]
    assert values(index(site(tmp_path), items))["texts"] == [["Théorie  ÉCONOMIQUE.", ""], ["", ""]]


def test_the_search_reads_the_other_columns_too(tmp_path):
    items = [paper("a", "Good", "We.", metadata={"authors": "Ada Smith; B. Jones", "doi": "", "year": "2020"})]
    page = index(site(tmp_path), items)
    assert values(page)["texts"] == [["We.", "Ada Smith; B. Jones\n2020"]]
    assert page.searched == "titles, abstracts, ids and all else"


NEW, TRAINED, DECIDED, UNKNOWN = Standing.HELD_OUT, Standing.TRAINING, Standing.VALIDATION, Standing.UNKNOWN


@pytest.mark.parametrize(
    ("standings", "said"),
    [
        ((NEW, NEW, NEW, NEW), [("50%", "of 4 labels predicted right in papers new to the model")]),
        (
            (TRAINED, NEW, TRAINED, DECIDED),
            [
                ("0%", "of 1 label predicted right in papers new to the model"),
                ("100%", "of 2 labels predicted right in papers the model was trained on"),
                ("0%", "of 1 label predicted right in papers that decided when its training stopped"),
            ],
        ),
        (
            (TRAINED,) * 4,
            [
                (
                    "50%",
                    "of 4 labels predicted right in papers the model was trained on; "
                    "none here is known to be new to it",
                )
            ],
        ),
        ((UNKNOWN,) * 4, [("50%", "of 4 labels predicted right in papers that may not be new to the model")]),
    ],
)
def test_how_often_it_is_right_is_said_of_new_papers_first(tmp_path, standings, said):
    items = [paper(f"p{k}", "Good", label=label) for k, label in enumerate((1, 0, 1, 0))]
    description = site(tmp_path)
    given = replace(inputs(description, items, {"bag": Bag()}), standing={"bag": standings})
    page = index_page(given, frame(description), surveyed(description, items))
    assert [(tile.value, tile.caption) for tile in page.tiles[2:]] == said
