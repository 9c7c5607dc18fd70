"""The rankings: right order, right links, right parts of the corpus."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sitegen.web import routes
from sitegen.web.pages.facet.page import FacetPage, facet_pages
from sitegen.web.pages.sentences import sentences_page
from sitegen.web.publish.render import Renderer
from sitegen.web.text.numbers import slug
from tests.web.every_verdict import CLASS, WRONG, Echo, corpus, echoes
from tests.web.papers import frames, paper, papers, parse, site, surveyed


def pages(description, items, classifier=None, *, shares=True):
    """The page of sentences, and those of facets' values, by their paths."""
    scan = surveyed(description, items, classifier, shares=shares)
    of_values = facet_pages(description, frames(description), scan, [0] * len(items))
    found = [sentences_page(description, frames(description), scan), *of_values]
    return {
        page.frame.path: page
        for page in found
        if not page.frame.path.startswith("facet/") or isinstance(page, FacetPage)
    }


def words(node):
    return " ".join(node.text.split())


def sentences_path(facet, value):
    return routes.page("facet-of", slug(facet), slug(value))


def test_sentences_are_ranked_by_log_odds_within_their_direction(tmp_path):
    page = pages(site(tmp_path), papers())["sentences/index.html"]
    toward, away = page.lists.rankings
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
    assert (page.lists.considered, page.lists.papers, page.lists.shared) == (6, 3, True)


def test_bars_are_linear_in_what_orders_the_table_and_have_one_scale(tmp_path):
    page = pages(site(tmp_path), papers())["sentences/index.html"]
    rows = [row for ranking in page.lists.rankings for row in ranking.sentences]
    assert [row.length for row in rows] == pytest.approx([abs(row.share) / 3.75 for row in rows], abs=1e-3)
    part = pages(site(tmp_path), papers())[sentences_path("subject", "Law & order")]
    assert [row.length for ranking in part.lists.rankings for row in ranking.sentences] == [
        0.269,
        1,
    ]  # of .875 and 3.25


def test_a_sentence_has_its_place_and_three_probabilities(tmp_path):
    page = pages(site(tmp_path), papers())["sentences/index.html"]
    row = page.lists.rankings[1].sentences[1]  # the third paper's one sentence: title 4.5, abstract -1.25, bias -.25
    assert (row.text, row.place) == ("An interview.", "sentence 1 of 1 · A simulation")
    assert (row.verdict.alone, row.answer_text, row.without_text) == ("18%", "95%", "98.6%")  # -1.5, 3, 4.25
    assert (row.alone, row.answer, row.without) == pytest.approx((0.1824, 0.9526, 0.9859))
    second = page.lists.rankings[0].sentences[0]
    assert (second.text, second.place) == ("The simulation is good.", "sentence 2 of 3 · A good network")
    shown = parse(Renderer().render(page)).one("ol", id="negative-list").all("li")[1]
    assert words(shown.one("p", class_="moved")) == "without it 98.6% → with it 95%"
    said = [words(node) for node in shown.all("p", class_="fine")]
    assert said == [f"its share: {row.points} points · alone it says 18%"]
    assert shown.one(class_="lane").attributes["title"] == "share −1.25 in log-odds"
    assert shown.one("a", class_="quote").attributes["href"] == "../records/third.html#s1"


def test_key_words_are_those_that_moved_the_answer_the_lists_way(tmp_path):
    found = paper("a", "Good", "The bad network is a simulation,  we find good bad network simulation.")
    page = pages(site(tmp_path), [found])["sentences/index.html"]
    row = page.lists.rankings[0].sentences[0]
    assert [part.text for part in row.stretches if part.key] == ["simulation", "good", "simulation"]  # 2.25, 1.5, 2.25
    assert "".join(part.text for part in row.stretches) == row.text
    shown = parse(Renderer().render(page)).one("a", class_="quote")
    assert [node.text for node in shown.all("b")] == ["simulation", "good", "simulation"]
    # of "bad" (-2) and "network" (.75), the second is far below the first in its own direction, and none is the other's
    away = pages(site(tmp_path), [paper("a", "", "Bad network.", "An interview, bad.")])["sentences/index.html"]
    rows = away.lists.rankings[1].sentences
    assert [[part.text for part in one.stretches if part.key] for one in rows] == [["interview", "bad"], ["Bad"]]


@pytest.mark.parametrize("publish", ["scores", "excerpts"])
def test_where_texts_are_withheld_no_word_is_told_apart(tmp_path, publish):
    description = site(tmp_path, records={"path": tmp_path / "r", "publish": publish})
    page = pages(description, papers())["sentences/index.html"]
    assert not page.lists.bold
    assert not any(part.key for one in page.lists.rankings for row in one.sentences for part in row.stretches)
    assert "bold" not in parse(Renderer().render(page)).one("main").text


def test_an_answer_that_was_not_asked_is_not_said(tmp_path):
    description = site(tmp_path)
    scan = surveyed(description, papers())
    none = np.full_like(scan.effects.change, np.nan)
    unasked = replace(scan, effects=replace(scan.effects, leave_one_out=none, change=none))
    page = sentences_page(description, frames(description), unasked)
    first = page.lists.rankings[0].sentences[0]
    assert (first.without, first.change, first.without_text) == (-1, -1, "")
    shown = parse(Renderer().render(page)).one("ol", id="positive-list").all("p", class_="moved")
    assert words(shown[0]) == f"its share: {first.points} points"


def test_rows_have_what_they_are_filtered_and_sorted_by(tmp_path):
    page = pages(site(tmp_path), papers())["sentences/index.html"]
    assert [(option.key, option.text) for option in page.lists.labels] == [
        ("1", "positive"),
        ("0", "negative"),
        ("none", "no label"),
    ]
    tree = parse(Renderer().render(page))
    rows = tree.one("ol", id="negative-list").all("li")
    assert [row.attributes["data-label"] for row in rows] == ["0", "none"]
    assert [float(row.attributes["data-share"]) for row in rows] == [3.25, 1.25]
    assert [float(row.attributes["data-alone"]) for row in rows] == pytest.approx(
        [1 - row.alone for row in page.lists.rankings[1].sentences]
    )
    offered = [node.attributes["value"] for node in tree.one("select", data_sort="").all("option")]
    assert all(f"data-{key}" in row.attributes for key in offered for row in rows)
    unlabelled = pages(site(tmp_path), [paper("a", "Good", "Good.")])["sentences/index.html"]
    assert not parse(Renderer().render(unlabelled)).all("select", data_filter="label")


def test_shares_order_the_lists_where_leave_one_out_would_not(tmp_path):
    """The echo is heard in both sentences together: without either, all of it is gone."""
    items = [*papers(), *echoes(1)]
    page = pages(site(tmp_path), items, Echo())["sentences/index.html"]
    first, second = page.lists.rankings[0].sentences[:2]
    assert [(row.share_text, row.verdict.alone) for row in (first, second)] == [("+4.12", "47%"), ("+4.00", "44%")]
    assert (first.without_text, second.without_text) == ("94%", "95%")  # 2 x 1.5 - .25, and the .125 of "we"


def test_without_shares_leave_one_out_orders_the_lists_and_the_page_says_so(tmp_path):
    page = pages(site(tmp_path), papers(), shares=False)["sentences/index.html"]
    assert not page.lists.shared
    assert [row.share for row in page.lists.rankings[0].sentences] == [3.75, 0.875, 0.875]
    shown = parse(Renderer().render(page))
    assert "because this site was built without shares" in shown.text
    assert words(shown.all("p", class_="fine")[0]).startswith("alone it says")
    assert shown.all(class_="lane")[0].attributes["title"] == "leave-one-out +3.75 in log-odds"
    assert "share first" not in shown.text
    assert "these count for most" not in shown.text
    assert "the answer changes most without these." in shown.one("p", class_="lead").text


def test_every_sentence_is_linked_to_its_place(tmp_path):
    found = pages(site(tmp_path), papers())
    assert found["sentences/index.html"].lists.rankings[0].sentences[0].href == "../records/smith-2020.html#s2"
    path = sentences_path("subject", "Sociology")
    assert found[path].lists.rankings[0].sentences[0].href == "../../records/smith-2020.html#s2"


def test_one_page_per_facet_value(tmp_path):
    found = pages(site(tmp_path), papers())
    assert len(found) == 3  # an empty value has none
    page = found[sentences_path("subject", "Law & order")]
    assert (page.facet, page.value) == ("subject", "Law & order")
    assert (page.lists.considered, page.lists.papers) == (2, 1)
    assert [row.text for ranking in page.lists.rankings for row in ranking.sentences] == [
        "We simulate a network.",
        "The interview was bad.",
    ]
    assert [link.text for link in page.others] == ["Law & order", "Sociology"]
    shown = parse(Renderer().render(page)).one("nav", class_="facets")
    assert [node.text for node in shown.all("a", aria_current="page")] == ["Law & order"]
    (links,) = found["sentences/index.html"].facets
    assert [link.text for link in links.links] == ["Law & order", "Sociology"]
    assert (links.all.text, links.all.href) == ("subject", "../facet/subject/index.html")


def test_of_several_values_a_paper_the_frequent_ones_have_a_page(tmp_path):
    description = site(tmp_path, records={"path": tmp_path / "r", "facets": ["keywords"]})
    items = [
        replace(found, record=replace(found.record, facets={"keywords": "x"}, values={"keywords": values}))
        for found, values in zip(papers(), (("Law", "once"), ("law", "Games"), ("Law", "games")), strict=True)
    ]
    found = pages(description, items)
    assert len(found) == 3
    page = found[sentences_path("keywords", "Games")]
    assert page.lists.papers == 2
    (links,) = found["sentences/index.html"].facets
    assert [link.text for link in links.links] == ["Law", "Games"]
    shown = parse(Renderer().render(found["sentences/index.html"])).one("nav", class_="facets")
    assert "(the most frequent of 3)" in shown.text


def test_without_facets_there_is_one_page_and_no_choice(tmp_path):
    description = site(tmp_path, records={"path": tmp_path / "r.csv"})
    (page,) = pages(description, papers()).values()
    assert not parse(Renderer().render(page)).all("nav", class_="facets")


def test_no_more_than_asked_for(tmp_path):
    page = pages(site(tmp_path, output={"ranked": 1}), papers())["sentences/index.html"]
    assert [len(ranking.sentences) for ranking in page.lists.rankings] == [1, 1]


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
    rows = [row for found in tree.all("ol", class_="ranked") for row in found.all("li")]
    marked = [row for row in rows if row.attributes["data-mark"] != "none"]
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
    page = sentences_page(description, frames(description), turned)
    first = page.lists.rankings[1].sentences[0]
    assert (first.share, first.other_way) == (-9, "positive")
    assert "Alone it speaks for “positive”" in parse(Renderer().render(page)).text
    assert not any(row.other_way for ranking in page.lists.rankings for row in ranking.sentences[1:])


def test_a_filter_by_mark_stands_only_where_something_has_one(tmp_path):
    def filters(page):
        return len(parse(Renderer().render(page)).all("select", data_filter="mark"))

    found = pages(site(tmp_path), corpus())
    assert filters(found["sentences/index.html"]) == 1
    assert filters(pages(site(tmp_path), papers())["sentences/index.html"]) == 0


def test_marked_sentences_below_the_lists_end_wait_for_the_filter(tmp_path):
    """The sentences with the echo have the largest shares, no mark, and fill the list of four."""
    description = site(tmp_path, output={"ranked": 4})
    page = pages(description, [*corpus(unlabelled=0), *echoes(2)], Echo())["sentences/index.html"]
    toward = page.lists.rankings[0]
    assert [(row.rank, row.beyond, row.verdict.passes) for row in toward.sentences] == [
        *((rank, False, False) for rank in range(1, 5)),
        *((rank, True, True) for rank in range(5, 9)),
    ]
    assert toward.passing == 4
    tree = parse(Renderer().render(page)).one("ol", id="positive-list")
    assert ["data-beyond" in row.attributes for row in tree.all("li")] == [False] * 4 + [True] * 4


COPYRIGHT = "Network © {} by the good society of letters."


def test_near_duplicates_are_shown_once_the_strongest_with_their_number(tmp_path):
    items = [
        paper("a", "Good", COPYRIGHT.format(2016), "A simulation of nobody."),
        paper("b", "Good", COPYRIGHT.format(2017), facets={"subject": "Law"}),
        paper("c", "Good", COPYRIGHT.format(2018).replace("letters", "letters simulation"), "Bad weather."),
    ]
    found = pages(site(tmp_path), items)
    toward = found["sentences/index.html"].lists.rankings[0]
    assert [(row.href.split("/")[-1], row.alike) for row in toward.sentences] == [("c.html#s1", 3), ("a.html#s2", 1)]
    badges = parse(Renderer().render(found["sentences/index.html"])).all(class_="alike")
    assert [badge.text for badge in badges] == ["the strongest of 3 nearly alike"]
    (alone,) = found[sentences_path("subject", "Law")].lists.rankings[0].sentences
    assert (alone.alike, alone.text) == (1, COPYRIGHT.format(2017))


def test_facet_values_that_differ_in_case_have_pages_of_their_own(tmp_path):
    items = [
        paper(value, "Good", "Bad.", facets={"subject": value}) for value in ("Law", "law", "LAW", "a/b", "a b", "..")
    ]
    paths = pages(site(tmp_path), items)
    assert len({path.lower() for path in paths}) == 1 + 6
    assert all(path.count("/") == 2 for path in list(paths)[1:])
