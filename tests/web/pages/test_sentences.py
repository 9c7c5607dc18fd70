"""The rankings: right order, right links, right parts of the corpus."""

from __future__ import annotations

from sitegen.web import routes
from sitegen.web.pages.sentences import sentence_pages
from sitegen.web.publish.render import Renderer
from sitegen.web.text.numbers import slug
from tests.web.every_verdict import CLASS, WRONG, corpus
from tests.web.papers import frames, paper, papers, parse, site, surveyed


def pages(description, items):
    found = sentence_pages(description, frames(description), surveyed(description, items))
    return {page.frame.path: page for page in found}


def sentences_path(facet, value):
    return routes.page("sentences-of", slug(facet), slug(value))


def test_sentences_are_ranked_by_log_odds_within_their_direction(tmp_path):
    page = pages(site(tmp_path), papers())["sentences/index.html"]
    toward, away = page.rankings
    assert (toward.toward, toward.positive, away.toward, away.positive) == ("positive", True, "negative", False)
    # simulation 2.25 + good 1.5; network .75 + we .125 twice; interview -1.25 + bad -2, interview -1.25
    assert [(row.rank, row.effect, row.text) for row in toward.sentences] == [
        (1, 3.75, "The simulation is good."),
        (2, 0.875, "We study a network."),
        (3, 0.875, "We simulate a network."),
    ]
    assert [row.effect_text for row in away.sentences] == ["−3.25", "−1.25"]
    assert away.sentences[0].label == "negative"
    assert away.sentences[1].label == ""
    assert (page.considered, page.papers, page.scope) == (6, 3, "")


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
    assert shown.text.count("No sentence pushes in this direction.") == 2


def test_how_many_of_how_many_are_more_than_chance(tmp_path):
    found = pages(site(tmp_path), corpus())
    page = found["sentences/index.html"]
    # judged: one of each labelled paper and the weak one; against: the wrong ones and the odd paper's; besides, one of
    # no effect and one without label
    assert (page.distinguishable, page.judged, page.against) == (2 * CLASS, 2 * CLASS + 1, WRONG + 1)
    assert page.considered == page.judged + page.against + 2
    shown = parse(Renderer().render(page)).text
    assert "48 of 49 sentences that push toward their own paper's label do so further than" in shown
    assert "9 push against the paper's label and are not judged." in shown
    part = found[sentences_path("subject", "odd")]
    assert (part.distinguishable, part.judged, part.against) == (1, 2, 1)
    assert "1 pushes against the paper's label and is not judged." in parse(Renderer().render(part)).text


def test_a_corpus_too_small_for_q_claims_no_more_than_p(tmp_path):
    page = pages(site(tmp_path, significance={"alpha": 0.001}), corpus())["sentences/index.html"]
    shown = parse(Renderer().render(page))
    assert (
        "48 of 49 sentences that push toward their own paper's label do so with p\u00a0≤\u00a0.05 (one in twenty"
        in shown.text
    )
    assert {node.text.strip() for node in shown.all("p", class_="limit")} == {"only sentences with p\u00a0≤\u00a0.05"}


def test_every_sentence_of_a_list_says_what_is_known_of_it(tmp_path):
    found = pages(site(tmp_path, output={"ranked": 100}), corpus())
    tree = parse(Renderer().render(found["sentences/index.html"]))
    rows = [row for table in tree.all("table") for row in table.one("tbody").all("tr")]
    passing = [row for row in rows if "data-passes" in row.attributes]
    quiet = [row for row in rows if row.attributes.get("class") == "quiet"]
    assert len(passing) == 2 * CLASS
    assert all("more than sentences of this length" in row.one(class_="judgement").text for row in passing)
    assert [row.one(class_="judgement").text for row in quiet] == [
        "not distinguishable from sentences of this length in the other class"
    ]
    others = [row.one(class_="judgement").text for row in rows if row not in passing + quiet]
    assert sorted(set(others)) == ["no gold label", "pushes against this record's label: not judged by this test"]
    assert {row.one(class_="judgement").one("a").attributes["href"] for row in rows} == {"../significance.html"}


def test_a_switch_stands_only_where_something_passes(tmp_path):
    def switches(page):
        return [node.attributes["data-limit"] for node in parse(Renderer().render(page)).all("p", class_="limit")]

    found = pages(site(tmp_path), corpus())
    assert switches(found["sentences/index.html"]) == ["positive-list", "negative-list"]
    assert switches(found[sentences_path("subject", "odd")]) == ["positive-list"]
    assert switches(found[sentences_path("subject", "open")]) == []
    refused = pages(site(tmp_path), [paper("a", "Good", "Bad.")])["sentences/index.html"]
    assert switches(refused) == []
    assert "None of these sentences can be judged against chance. Why?" in parse(Renderer().render(refused)).text


def test_the_distinguishable_below_the_lists_end_wait_for_the_switch(tmp_path):
    """The five papers without label have the strongest sentences and fill the list of five."""
    page = pages(site(tmp_path, output={"ranked": 5}), corpus(unlabelled=5))["sentences/index.html"]
    toward = page.rankings[0]
    assert [(row.rank, row.beyond, row.verdict.passes) for row in toward.sentences] == [
        *((rank, False, False) for rank in range(1, 6)),
        *((rank, True, True) for rank in range(6, 11)),
    ]
    assert toward.passing == 5
    tree = parse(Renderer().render(page)).one("table", id="positive-list")
    assert ["data-beyond" in row.attributes for row in tree.one("tbody").all("tr")] == [False] * 5 + [True] * 5


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
