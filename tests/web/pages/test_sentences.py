"""The rankings: right order, right links, right parts of the corpus."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sitegen.web import routes
from sitegen.web.pages.sentences import sentence_pages
from sitegen.web.publish.render import Renderer
from sitegen.web.text.numbers import slug
from tests.web.every_verdict import CLASS, WRONG, Echo, corpus, echoes
from tests.web.papers import frames, paper, papers, parse, site, surveyed


def pages(description, items, classifier=None, *, shares=True):
    found = sentence_pages(description, frames(description), surveyed(description, items, classifier, shares=shares))
    return {page.frame.path: page for page in found}


def sentences_path(facet, value):
    return routes.page("sentences-of", slug(facet), slug(value))


def test_sentences_are_ranked_by_log_odds_within_their_direction(tmp_path):
    page = pages(site(tmp_path), papers())["sentences/index.html"]
    toward, away = page.rankings
    assert (toward.toward, toward.positive, away.toward, away.positive) == ("positive", True, "negative", False)
    # simulation 2.25 + good 1.5; network .75 + we .125 twice; interview -1.25 + bad -2, interview -1.25
    assert [(row.rank, row.share, row.text) for row in toward.sentences] == [
        (1, 3.75, "The simulation is good."),
        (2, 0.875, "We study a network."),
        (3, 0.875, "We simulate a network."),
    ]
    assert [row.share_text for row in away.sentences] == ["−3.25", "−1.25"]
    assert away.sentences[0].label == "negative"
    assert away.sentences[1].label == ""
    assert (page.considered, page.papers, page.scope, page.shared) == (6, 3, "", True)


def test_bars_are_linear_in_what_orders_the_table_and_have_one_scale(tmp_path):
    page = pages(site(tmp_path), papers())["sentences/index.html"]
    rows = [row for ranking in page.rankings for row in ranking.sentences]
    assert [row.length for row in rows] == pytest.approx([abs(row.share) / 3.75 for row in rows], abs=1e-3)
    part = pages(site(tmp_path), papers())[sentences_path("subject", "Law & order")]
    assert [row.length for ranking in part.rankings for row in ranking.sentences] == [0.269, 1]  # of .875 and 3.25


def test_a_sentence_has_its_place_and_three_probabilities(tmp_path):
    page = pages(site(tmp_path), papers())["sentences/index.html"]
    row = page.rankings[1].sentences[1]  # the third paper's one sentence: title 4.5, abstract -1.25, bias -.25
    assert (row.text, row.place) == ("An interview.", "sentence 1 of 1 · A simulation")
    assert (row.verdict.alone, row.answer_text, row.without_text) == ("18%", "95%", "98.6%")  # -1.5, 3, 4.25
    assert (row.alone, row.answer, row.without) == pytest.approx((0.1824, 0.9526, 0.9859))
    second = page.rankings[0].sentences[0]
    assert (second.text, second.place) == ("The simulation is good.", "sentence 2 of 3 · A good network")
    (shown, _) = parse(Renderer().render(page)).all("table")
    assert [node.text for node in shown.one("thead").all("th")] == [
        "Rank",
        "Sentence",
        "Share, log-odds",
        "Alone it says",
        "Paper's answer",
        "Without it",
    ]


def test_shares_order_the_lists_where_leave_one_out_would_not(tmp_path):
    """The echo is heard in both sentences together: without either, all of it is gone."""
    items = [*papers(), *echoes(1)]
    page = pages(site(tmp_path), items, Echo())["sentences/index.html"]
    first, second = page.rankings[0].sentences[:2]
    assert [(row.share_text, row.verdict.alone) for row in (first, second)] == [("+4.12", "47%"), ("+4.00", "44%")]
    assert (first.without_text, second.without_text) == ("94%", "95%")  # 2 x 1.5 - .25, and the .125 of "we"


def test_without_shares_leave_one_out_orders_the_lists_and_the_page_says_so(tmp_path):
    page = pages(site(tmp_path), papers(), shares=False)["sentences/index.html"]
    assert not page.shared
    assert [row.share for row in page.rankings[0].sentences] == [3.75, 0.875, 0.875]
    shown = parse(Renderer().render(page))
    assert "because this site was built without shares" in shown.text
    assert [table.one("thead").all("th")[2].text for table in shown.all("table")] == ["Leave-one-out, log-odds"] * 2
    assert "share first" not in shown.text


def test_every_sentence_is_linked_to_its_place(tmp_path):
    found = pages(site(tmp_path), papers())
    assert found["sentences/index.html"].rankings[0].sentences[0].href == "../records/smith-2020.html#s2"
    path = sentences_path("subject", "Sociology")
    assert found[path].rankings[0].sentences[0].href == "../../records/smith-2020.html#s2"


def test_one_page_per_facet_value(tmp_path):
    found = pages(site(tmp_path), papers())
    assert len(found) == 3  # an empty value has none
    page = found[sentences_path("subject", "Law & order")]
    assert page.scope == "subject: Law & order"
    assert (page.considered, page.papers) == (2, 1)
    assert [row.text for ranking in page.rankings for row in ranking.sentences] == [
        "We simulate a network.",
        "The interview was bad.",
    ]
    (links,) = page.facets
    assert [link.text for link in links.links] == ["Law & order", "Sociology"]
    shown = parse(Renderer().render(page))
    assert [node.text for node in shown.one("nav", class_="facets").all("a", aria_current="page")] == ["Law & order"]


def test_of_several_values_a_paper_the_frequent_ones_have_a_page(tmp_path):
    description = site(tmp_path, records={"path": tmp_path / "r", "facets": ["keywords"]})
    items = [
        replace(found, record=replace(found.record, facets={"keywords": "x"}, values={"keywords": values}))
        for found, values in zip(papers(), (("Law", "once"), ("law", "Games"), ("Law", "games")), strict=True)
    ]
    found = pages(description, items)
    assert len(found) == 3
    page = found[sentences_path("keywords", "Games")]
    assert page.papers == 2
    (links,) = page.facets
    assert [link.text for link in links.links] == ["Law", "Games"]
    shown = parse(Renderer().render(page)).one("nav", class_="facets")
    assert "(the most frequent of 3)" in shown.text


def test_without_facets_there_is_one_page_and_no_choice(tmp_path):
    description = site(tmp_path, records={"path": tmp_path / "r.csv"})
    (page,) = pages(description, papers()).values()
    assert not parse(Renderer().render(page)).all("nav", class_="facets")


def test_no_more_than_asked_for(tmp_path):
    page = pages(site(tmp_path, output={"ranked": 1}), papers())["sentences/index.html"]
    assert [len(ranking.sentences) for ranking in page.rankings] == [1, 1]


def test_nothing_to_rank_is_said(tmp_path):
    found = pages(site(tmp_path), [paper("a", "Good", "Unknown words."), paper("b", "")])
    shown = parse(Renderer().render(found["sentences/index.html"]))
    assert shown.text.count("No sentence moved an answer this way.") == 2


def test_how_many_of_how_many_are_clear(tmp_path):
    found = pages(site(tmp_path), corpus())
    shown = parse(Renderer().render(found["sentences/index.html"])).text
    assert (
        f"{CLASS} of {CLASS + 3} tested sentences from “positive” papers and {CLASS} of {CLASS + WRONG} tested "
        "sentences from “negative” papers are clear: read by itself" in shown
    )
    assert "2 sentences marked ◇ go as far as clear ones, but the test has no number for them" in shown
    assert "A sentence without a mark is not neutral" in shown
    odd = parse(Renderer().render(found[sentences_path("subject", "odd")])).text
    assert "1 of 4 tested sentences from “positive” papers is clear" in odd
    untested = parse(Renderer().render(found[sentences_path("subject", "open")])).text
    assert "No sentence here could be tested." in untested


def test_where_none_is_clear_the_page_says_why_and_what_would_help(tmp_path):
    few = parse(Renderer().render(pages(site(tmp_path), papers())["sentences/index.html"])).text
    assert "None of 5 tested sentences is clear. Either there are too few papers to tell, or" in few
    assert "would help to tell" in few
    found = pages(site(tmp_path), [*corpus(), *echoes(1, label=1)], Echo())
    part = parse(Renderer().render(found[sentences_path("subject", "echo")])).text
    assert "None of 2 tested sentences is clear. Of all papers' 61 tested sentences 48 are." in part


def test_every_sentence_with_a_mark_shows_it_and_no_other(tmp_path):
    found = pages(site(tmp_path, output={"ranked": 100}), corpus())
    tree = parse(Renderer().render(found["sentences/index.html"]))
    rows = [row for table in tree.all("table") for row in table.one("tbody").all("tr")]
    marked = [row for row in rows if "data-passes" in row.attributes]
    said = [row.one(class_="judgement").text for row in marked]
    assert len([text for text in said if text.startswith("◆ clear")]) == 2 * CLASS
    assert [text for text in said if not text.startswith("◆")] == ["◇ as clear, not judged"] * 2
    assert not [row for row in rows if row not in marked and row.all(class_="judgement")]
    assert {row.one(class_="judgement").one("a").attributes["href"] for row in marked} == {"../significance.html"}
    assert {row.attributes.get("class", "") for row in rows} == {""}  # no row is greyed out


def test_a_mark_for_the_other_class_is_told_apart(tmp_path):
    """A clear sentence whose share was turned around by the others of its paper."""
    description = site(tmp_path)
    scan = surveyed(description, corpus())
    row = int(np.flatnonzero(scan.verdicts.significance.passes)[0])  # of the positive class
    share = scan.effects.share.copy()
    share[row] = -9
    turned = replace(scan, effects=replace(scan.effects, share=share))
    page = next(sentence_pages(description, frames(description), turned))
    first = page.rankings[1].sentences[0]
    assert (first.share, first.other_way) == (-9, "positive")
    assert "Alone it speaks for “positive”" in parse(Renderer().render(page)).text
    assert not any(row.other_way for ranking in page.rankings for row in ranking.sentences[1:])


def test_a_switch_stands_only_where_something_has_a_mark(tmp_path):
    def switches(page):
        return [node.attributes["data-limit"] for node in parse(Renderer().render(page)).all("p", class_="limit")]

    found = pages(site(tmp_path), corpus())
    assert switches(found["sentences/index.html"]) == ["positive-list", "negative-list"]
    assert switches(found[sentences_path("subject", "one")]) == ["positive-list"]
    assert switches(pages(site(tmp_path), papers())["sentences/index.html"]) == []


def test_marked_sentences_below_the_lists_end_wait_for_the_switch(tmp_path):
    """The sentences with the echo have the largest shares, no mark, and fill the list of four."""
    description = site(tmp_path, output={"ranked": 4})
    page = pages(description, [*corpus(unlabelled=0), *echoes(2)], Echo())["sentences/index.html"]
    toward = page.rankings[0]
    assert [(row.rank, row.beyond, row.verdict.passes) for row in toward.sentences] == [
        *((rank, False, False) for rank in range(1, 5)),
        *((rank, True, True) for rank in range(5, 9)),
    ]
    assert toward.passing == 4
    tree = parse(Renderer().render(page)).one("table", id="positive-list")
    assert ["data-beyond" in row.attributes for row in tree.one("tbody").all("tr")] == [False] * 4 + [True] * 4


COPYRIGHT = "Network © {} by the good society of letters."


def test_near_duplicates_are_shown_once_the_strongest_with_their_number(tmp_path):
    items = [
        paper("a", "Good", COPYRIGHT.format(2016), "A simulation of nobody."),
        paper("b", "Good", COPYRIGHT.format(2017), facets={"subject": "Law"}),
        paper("c", "Good", COPYRIGHT.format(2018).replace("letters", "letters simulation"), "Bad weather."),
    ]
    found = pages(site(tmp_path), items)
    toward = found["sentences/index.html"].rankings[0]
    assert [(row.href.split("/")[-1], row.alike) for row in toward.sentences] == [("c.html#s1", 3), ("a.html#s2", 1)]
    badges = parse(Renderer().render(found["sentences/index.html"])).all(class_="alike")
    assert [badge.text for badge in badges] == ["the strongest of 3 nearly alike"]
    (alone,) = found[sentences_path("subject", "Law")].rankings[0].sentences
    assert (alone.alike, alone.text) == (1, COPYRIGHT.format(2017))


def test_facet_values_that_differ_in_case_have_pages_of_their_own(tmp_path):
    items = [
        paper(value, "Good", "Bad.", facets={"subject": value}) for value in ("Law", "law", "LAW", "a/b", "a b", "..")
    ]
    paths = pages(site(tmp_path), items)
    assert len({path.lower() for path in paths}) == 1 + 6
    assert all(path.count("/") == 2 for path in list(paths)[1:])
