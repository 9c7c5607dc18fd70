"""The page of words: right order, enough papers a word."""

from __future__ import annotations

from sitegen.analysis.corpus.influence import WordEffects
from sitegen.web.layout import Frame
from sitegen.web.pages.words import LEAST_RECORDS, words_page
from sitegen.web.publish.render import Renderer
from tests.web.papers import PALETTE, paper, papers, parse, scored, site, summaries


def words(description, items):
    effects = WordEffects()
    for k, occlusion in enumerate(scored(items)):
        effects.add(k, occlusion)
    frame = Frame(palette=PALETTE, site=description, path="words.html", heading="Words")
    ranked = effects.all()
    return words_page(description, frame, summaries(description, items), ranked, vocabulary=len(ranked))


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
    assert (page.vocabulary, page.least_records) == (6, 1)


def test_in_a_larger_corpus_a_word_needs_some_papers(tmp_path):
    items = [
        paper(f"a{k}", "Good", "Simulation." if k < LEAST_RECORDS - 1 else "Bad.") for k in range(10 * LEAST_RECORDS)
    ]
    page = words(site(tmp_path), items)
    assert page.least_records == LEAST_RECORDS
    assert [row.word for ranking in page.rankings for row in ranking.words] == ["good", "bad"]
    assert page.vocabulary == 3


def test_no_words_to_rank_is_said(tmp_path):
    assert parse(Renderer().render(words(site(tmp_path), [paper("b", "")]))).text.count("No word pushes") == 2
