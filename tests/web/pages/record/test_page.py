"""A record's page: its words are right, its text is whole, and no text of a record becomes markup."""

from __future__ import annotations

import json

import pytest

from tests.classifiers import Bag, Joint
from tests.web.papers import HOSTILE, paper, papers, site
from tests.web.record_pages import page_of, shown


def test_the_verdict_and_its_reasons(tmp_path):
    page = page_of(site(tmp_path), [paper("a", "we", "Good network.", "A bad day.", "Unknown.", label=0)])
    # .25 + 2.25 - 2 - .25 = .25; without the first -2, without the second 2.25
    verdict = page.answer
    assert (verdict.predicted, verdict.percent, verdict.label, verdict.right) == ("positive", "56%", "negative", False)
    assert (verdict.label_number, verdict.percent_of) == ("0", "probability of “positive”, a close call")
    assert page.story[0] == (
        "With the title alone the model says 50%; the abstract raises it to 56%; its sentences pull both ways, most of "
        "all 1 (+42.4 points; without it 12%), the other way 2 (−36.2 points)."
    )
    assert page.story[1] == ("What misled it: sentence 1 (alone 88%); and the title, which alone says 50%.")
    tree = shown(page)
    panel = tree.one("section", class_="verdict-panel")
    assert panel.one("strong").text == "positive"
    assert panel.one("span", class_="wrong").text == "wrong"
    assert panel.one("b", data_part="percent").text == "56%"
    assert "probability of “positive”, a close call; labelled negative" in panel.text
    assert [node.text for node in panel.all("p", class_="story")] == list(page.story)


def test_the_threshold_decides(tmp_path):
    item = paper("a", "we", "Good.")  # 1.5: 82%
    high = page_of(site(tmp_path, classes={"threshold": 0.9}), [item])
    assert (high.answer.predicted, high.answer.percent) == ("negative", "82%")
    assert high.answer.percent_of == "probability of “positive” (it says so from 90% on), a close call"
    assert high.path.threshold == 0.9
    near = page_of(site(tmp_path, classes={"threshold": 0.825}), [item])  # not "from 82% on", which the answer has
    assert (near.answer.predicted, near.answer.percent) == ("negative", "82%")
    assert "(it says so from 82.5% on)" in near.answer.percent_of
    usual = page_of(site(tmp_path), [item])
    assert (usual.answer.predicted, usual.answer.percent_of) == ("positive", "probability of “positive”")


NONE, UNREAD = "There is no", "The model knows no word of the"
ODD = {
    "no abstract": (paper("a", "Good network"), f"{NONE} abstract. The title raises the answer from 44%, before"),
    "no title": (paper("a", "", "Good network."), f"{NONE} title. The abstract raises the answer from 44%, before"),
    "neither": (paper("a", ""), f"{NONE} title, and there is no abstract: 44% is what the model says before it reads"),
    "one sentence": (paper("a", "Good", "Bad."), "With the title alone the model says 94%; the abstract, one sentence"),
    "unknown abstract": (paper("a", "Good", "Zz y."), f"{UNREAD} abstract. The title raises the answer from 44%"),
    "unknown title": (paper("a", "Zzz", "Good."), f"{UNREAD} title. The abstract raises the answer from 44%"),
    "all unknown": (paper("a", "Zzz", "Yyy."), f"{UNREAD} title, and the model knows no word of the abstract: 44% is"),
}


@pytest.mark.parametrize("classifier", [Bag(), Joint()], ids=["additive", "joint"])
@pytest.mark.parametrize("case", ODD)
def test_odd_records_have_their_page(tmp_path, case, classifier):
    item, begins = ODD[case]
    page = page_of(site(tmp_path), [item], classifier=classifier, figure=True)
    tree = shown(page)
    assert not page.notes
    if isinstance(classifier, Bag):
        assert page.story[0].startswith(begins)
    heading = tree.one("h1")
    assert heading.text == item.record.title if item.record.title else "(untitled)" in heading.text
    assert heading.one(data_field="title").text == item.record.title
    assert tree.one("p", data_field="abstract").text == item.record.abstract
    assert json.loads(tree.one("script", data_part="data").text) == page.heatmap.data


def test_a_record_without_label_and_metadata_speaks_of_none(tmp_path):
    tree = shown(page_of(site(tmp_path), [paper("a", "Good", "Bad.")]))
    assert "labelled" not in tree.text
    assert [node.text for node in tree.all("dt")] == ["id"]
    assert "Other models" not in tree.text
    assert not tree.all("a", rel="prev")


@pytest.mark.parametrize(
    ("value", "href"),
    [
        ("https://example.org/a?b=c&d", "https://example.org/a?b=c&d"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("10.1000/182", "https://doi.org/10.1000/182"),
        ("doi: 10.1000/a<b>#c?d%e", "https://doi.org/10.1000/a%3Cb%3E%23c%3Fd%25e"),
        ("10.1002/(SICI)1097-4571(199806)49:8;1-#", "https://doi.org/10.1002/(SICI)1097-4571(199806)49:8;1-%23"),
        ("javascript:alert(1)", ""),
        ("JAVASCRIPT:alert('https://example.org')", ""),
        ("data:text/html,<b>", ""),
        ("see https://example.org", ""),
        ("https://", ""),
        ("http://[", ""),
        ("https://exa\u2100mple.org/", ""),
        ("https://example.org/ x", ""),
        ("10.5 / 3", ""),
        ("2020", ""),
    ],
)
def test_addresses_and_dois_are_links_and_nothing_else_is(tmp_path, value, href):
    page = page_of(site(tmp_path), [paper("a", "Good", metadata={"where": value})])
    assert [item.href for item in page.metadata if item.name == "where"] == [href]
    links = [node.attributes["href"] for node in shown(page).one("dl").all("a")]
    assert links == ([href] if href else [])


def test_metadata_come_in_order_and_without_blanks(tmp_path):
    item = paper("a", "Good", facets={"subject": "Law"}, metadata={"year": "2020", "doi": "", "z": "1", "b": "2"})
    page = page_of(site(tmp_path), [item])
    assert [(item.name, item.value) for item in page.metadata] == [
        ("id", "a"),
        ("subject", "Law"),
        ("year", "2020"),
        ("z", "1"),
        ("b", "2"),
    ]


def test_neighbours_and_other_models(tmp_path):
    page = page_of(
        site(tmp_path), papers(), 1, predictions=[("bag", 2.0), ("other", -2.0)], notes=("Seen in training.",)
    )
    assert (page.previous.text, page.previous.href) == ("A good network", "smith-2020.html")
    assert (page.next.text, page.next.href) == ("A simulation", "third.html")
    assert [(row.model, row.predicted, row.percent) for row in page.predictions] == [
        ("bag", "positive", "88%"),
        ("other", "negative", "12%"),
    ]
    assert page.notes[-1] == "Seen in training."
    assert page.heatmap.figure == ""
    figure = page_of(site(tmp_path), papers(), 0, figure=True)
    assert figure.heatmap.figure == "figures/smith-2020.svg"
    assert shown(figure).one("img", class_="heatmap-figure").attributes["src"] == "figures/smith-2020.svg"


def hostile_page(tmp_path, text):
    """A page where `text` stands wherever a record or a site description can put text."""
    description = site(
        tmp_path,
        title=text,
        authors=[text],
        license=text,
        classes={"positive": f"{text}+", "negative": f"{text}-"},
        models=[{"name": text, "path": "a"}, {"name": f"{text}2", "path": "b"}],
    )
    values = {"facets": {f"{text}f": text}, "metadata": {f"{text}m": text, f"{text}n": f"{text} x"}}
    items = [paper(text, f"{text} good", f"{text} good.", f"Bad {text}.", label=1, **values)]
    items += [paper(text + "2", text)]
    return page_of(
        description, items, notes=(text,), figure=True, predictions=[(text, 1.0), (f"{text}2", -1.0)]
    ), items[0].record


def test_no_text_becomes_markup(tmp_path):
    page, record = hostile_page(tmp_path, HOSTILE)
    plain, _ = hostile_page(tmp_path, "x")
    tree = shown(page)
    assert tree.skeleton == shown(plain).skeleton
    assert tree.one("h1").text == record.title
    assert tree.one("p", data_field="abstract").text == record.abstract
    assert [node.text for node in tree.all("dt")] == ["id", *record.facets, *record.metadata]
    assert [node.text for node in tree.all("dd")] == [record.id, *record.facets.values(), *record.metadata.values()]
    assert json.loads(tree.one("script", data_part="data").text) == page.heatmap.data
