"""The page of words: right order, both measures, forms together, enough papers a word."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import probability
from sitegen.web.pages.words import LEAST_RECORDS, ORDERS, words_page
from sitegen.web.publish.render import Renderer
from sitegen.web.text.numbers import percent
from tests.classifiers import READ, Bag
from tests.web.papers import frame, paper, papers, parse, site, surveyed

SIMULATION = [  # the answers about smith-2020 and third without "simulation" and with it
    tuple(float(probability(margin)) for margin in margins) for margins in ((6.625, 8.875), (-1.5, 3.0))
]


def words(description, items, classifier=None):
    scan = surveyed(description, items, classifier)
    return words_page(
        description, frame(description, "words.html", "Words"), scan.summaries, scan.words, empty=Bag.bias
    )


class Needless(Bag):
    """Says of every word what Bag says, and hears the first "good" of an abstract alone: no "good" is needed twice."""

    def parts(self, field, texts):
        once = [[t for k, t in enumerate(text) if t != "good" or "good" not in text[:k]] for text in texts]
        return super().parts(field, once if field == "abstract" else texts)


def test_words_are_ranked_by_what_they_say_alone(tmp_path):
    page = words(site(tmp_path), papers())
    toward, away = page.rankings
    assert [row.word for row in toward.words] == ["simulation", "good", "network", "we"]
    assert [row.word for row in away.words] == ["bad", "interview"]
    first = toward.words[0]
    # alone: once 2.25 and, in a title, 4.5, beyond the -.25 of no text at all
    assert (first.alone, first.alone_text, first.percent) == (3.375, "+3.38", "96%")
    assert first.leave_one_out_text == "+3.38 ± 1.12"
    by_hand = np.mean([answer - without for without, answer in SIMULATION])
    assert first.change == pytest.approx(by_hand, abs=1e-6)
    assert first.missing == f"the answer falls by {100 * by_hand:.1f} points"
    assert away.words[0].missing.startswith("the answer rises by ")
    assert (first.occurrences, first.records, first.forms) == (2, 2, "")
    assert [(one.link.text, one.link.href, one.without, one.answer) for one in first.examples] == [
        ("A simulation", "records/third.html", *map(percent, SIMULATION[1])),
        ("A good network", "records/smith-2020.html", *map(percent, SIMULATION[0])),
    ]
    assert page.example == first.examples[0]
    assert (page.vocabulary, page.least_records, page.nothing, page.grouped) == (6, 1, "44%", False)


def test_bars_are_linear_and_have_one_scale(tmp_path):
    page = words(site(tmp_path), papers())
    rows = [row for ranking in page.rankings for row in ranking.words]
    assert max(row.length for row in rows) == 1
    assert [row.length for row in rows] == pytest.approx([abs(row.alone) / 3.375 for row in rows], abs=1e-3)


def test_what_is_not_needed_still_ranks_by_what_it_says(tmp_path):
    items = [paper("a", "We", "Good good network.", "Good."), paper("b", "We", "Network.")]
    toward = words(site(tmp_path), items, Needless()).rankings[0]
    assert [(row.word, row.alone, row.missing) for row in toward.words[:2]] == [
        ("good", 1.5, "the answer hardly changes"),
        ("network", 0.75, f"the answer falls by {toward.words[1].change * 100:.1f} points"),
    ]
    assert toward.words[0].change == 0 < toward.words[1].change
    assert [len(row.examples) for row in toward.words[:2]] == [0, 2]  # an absence that changes nothing is no example


def test_each_list_has_the_first_words_of_either_order(tmp_path):
    items = [paper("a", "", "Good good network.", "We."), paper("b", "", "Network.")]
    toward = words(site(tmp_path, output={"ranked": 1}), items, Needless()).rankings[0]
    assert [(row.rank, row.word) for row in toward.words] == [(1, "good"), (2, "network")]
    rows = parse(Renderer().render(words(site(tmp_path), items))).one("ol", id="positive-list").all("li")
    orders = [[float(row.attributes[f"data-{option.key}"]) for option in ORDERS] for row in rows]
    assert [len(order) for order in orders] == [3] * len(rows)
    assert [order[0] for order in orders] == sorted((order[0] for order in orders), reverse=True)


def test_forms_of_a_word_stand_together_with_their_numbers(tmp_path, monkeypatch):
    monkeypatch.setitem(READ, "networks", 0.5)
    items = [paper("a", "", "A network of networks.", "Good."), paper("b", "", "Networks.")]
    page = words(site(tmp_path), items)
    row = page.rankings[0].words[1]
    assert (row.word, row.forms) == ("network", "networks 2, network 1")
    assert (row.occurrences, row.records, row.alone) == (3, 2, round((0.75 + 2 * 0.5) / 3, 4))
    assert (page.vocabulary, page.grouped) == (3, True)
    assert "Forms of one word stand together" in parse(Renderer().render(page)).text


def test_in_a_larger_corpus_a_word_needs_some_papers(tmp_path):
    items = [
        paper(f"a{k}", "Good", "Simulation." if k < LEAST_RECORDS - 1 else "Bad.") for k in range(10 * LEAST_RECORDS)
    ]
    page = words(site(tmp_path), items)
    assert page.least_records == LEAST_RECORDS
    assert [row.word for ranking in page.rankings for row in ranking.words] == ["good", "bad"]
    assert page.vocabulary == 3


def test_no_words_to_rank_is_said(tmp_path):
    assert parse(Renderer().render(words(site(tmp_path), [paper("b", "")]))).text.count("No word speaks") == 2
