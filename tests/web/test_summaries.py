"""The rankings: right order, right links, right parts of the corpus."""

from __future__ import annotations

import pytest

from sitegen.analysis.influence import WordEffects
from sitegen.web.effects import strength
from sitegen.web.frame import Frame
from sitegen.web.render import Renderer
from sitegen.web.summaries import LEAST_RECORDS, sentence_pages, sentences_path, words_page
from tests.web.papers import paper, papers, parse, readings, scored, site, surveyed


def pages(description, items):
    def frame_for(path, heading):
        return Frame(site=description, path=path, heading=heading)

    return {page.frame.path: page for page in sentence_pages(description, frame_for, surveyed(description, items))}


def words(description, items):
    effects = WordEffects()
    for k, occlusion in enumerate(scored(items)):
        effects.add(k, occlusion)
    frame = Frame(site=description, path="words.html", heading="Words")
    ranked = effects.all()
    return words_page(description, frame, readings(description, items), ranked, vocabulary=len(ranked))


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
    assert parse(Renderer().render(words(site(tmp_path), [paper("b", "")]))).text.count("No word pushes") == 2


def test_facet_values_that_differ_in_case_have_pages_of_their_own(tmp_path):
    items = [
        paper(value, "Good", "Bad.", facets={"subject": value}) for value in ("Law", "law", "LAW", "a/b", "a b", "..")
    ]
    paths = pages(site(tmp_path), items)
    assert len({path.lower() for path in paths}) == 1 + 6
    assert all(path.count("/") == 2 for path in list(paths)[1:])


def test_words_are_ranked_by_mean(tmp_path):
    page = words(site(tmp_path), papers())
    toward, away = page.rankings
    assert [row.word for row in toward.words] == ["simulation", "good", "network", "we"]
    assert [row.word for row in away.words] == ["bad", "interview"]
    first = toward.words[0]
    assert (first.mean, first.mean_text, first.deviation_text) == (3.375, "+3.38", "1.12")
    assert (first.occurrences, first.records) == (2, 2)
    assert [(link.text, link.href) for link in first.examples] == [
        ("A simulation (+4.50)", "records/third.html"),
        ("A good network (+2.25)", "records/smith-2020.html"),
    ]
    assert (page.vocabulary, page.least_records, page.csv) == (6, 1, "data/words.csv")


def test_in_a_larger_corpus_a_word_needs_some_papers(tmp_path):
    items = [
        paper(f"a{k}", "Good", "Simulation." if k < LEAST_RECORDS - 1 else "Bad.") for k in range(10 * LEAST_RECORDS)
    ]
    page = words(site(tmp_path), items)
    assert page.least_records == LEAST_RECORDS
    assert [row.word for ranking in page.rankings for row in ranking.words] == ["good", "bad"]
    assert page.vocabulary == 3


@pytest.mark.parametrize(("effect", "shown"), [(0, 0), (1, 0.462), (-1, 0.462), (50, 1)])
def test_strength_is_the_distance_from_undecided(effect, shown):
    assert strength(effect) == shown
