"""What the page has for experts: log-odds, errors, random stretches, checkpoints, and where measures disagree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import probability
from sitegen.web.pages.record.sentences import disagreement, sentence_rows
from sitegen.web.text.numbers import log_odds, percent
from tests.classifiers import Bag, Joint
from tests.web.every_verdict import corpus, judged
from tests.web.papers import alone, paper, scored, shared, site
from tests.web.record_pages import OFF, expert_cells_of, page_of, sampled, shown


@pytest.mark.parametrize("classifier", [Bag(), Joint()], ids=["additive", "joint"])
def test_the_path_in_log_odds_is_what_the_model_itself_says(tmp_path, classifier):
    page = page_of(site(tmp_path), [paper("a", "Good", "Bad network.", "Bad.")], classifier=classifier)
    title, abstract = ["good"], ["bad", "network", "bad"]
    margins = [
        float(classifier.margins([one], [other])[0])
        for one, other in (([], []), (title, []), ([], abstract), (title, abstract))
    ]
    names = ("nothing", "the title alone", "the abstract without its title", "title and abstract")
    rows = shown(page).one("table", class_="readings").one("tbody").all("tr")
    assert [[cell.text for cell in row.all("td")] for row in rows] == [
        [name, percent(float(probability(margin))), log_odds(margin)]
        for name, margin in zip(names, margins, strict=True)
    ]


@pytest.mark.parametrize(
    ("item", "names"),
    [
        (paper("a", "Good"), ["nothing", "the title alone"]),
        (paper("a", "", "Good."), ["nothing", "the abstract"]),
        (paper("a", "Zzz", "Good."), ["nothing", "the abstract"]),
        (paper("a", "Zzz", "Yyy."), ["nothing"]),
    ],
)
def test_what_the_model_did_not_read_is_no_reading(tmp_path, item, names):
    assert [reading.name for reading in page_of(site(tmp_path), [item]).experts.readings] == names


def test_sentences_stand_in_the_order_of_the_text_with_their_log_odds(tmp_path):
    item = paper("a", "we", "Unknown.", "Bad two.", "Good one.")
    page = page_of(site(tmp_path), [item])
    assert [row.number for row in page.sentences] != [1, 2, 3]
    # read alone: the bag's -.25 and the sentence's words
    assert expert_cells_of(page, "sentence") == ["1", "2", "3"]
    assert expert_cells_of(page, "alone") == ["−0.25", "−2.25", "+1.25"]
    assert expert_cells_of(page, "share") == ["0.00", "−2.00", "+1.50"]
    assert expert_cells_of(page, "leave-one-out") == ["0.00", "−2.00", "+1.50"]
    assert [log_odds(value) for value in shared([item])[0].values] == expert_cells_of(page, "share")


def test_without_shares_there_is_no_column_of_them(tmp_path):
    tree = shown(page_of(site(tmp_path), [paper("a", "we", "Good one.", "Bad two.")], shares=OFF))
    heads = [node.text for node in tree.one("table", id="log-odds").all("th")]
    assert heads == ["No.", "Alone", "Leave-one-out", "Random stretches"]
    assert "ordered by the share" not in tree.one("details", id="for-experts").text


def test_random_stretches_and_the_sentence_share_an_axis(tmp_path):
    item = paper("a", "Good", "Simulation one two.", "Bad three four.", "Nothing five six.")
    page = page_of(site(tmp_path), [item])
    occlusion = scored([item])[0]
    effects = np.array([0.0, *occlusion.sentences.tolist(), *occlusion.span_bands.ravel().tolist()])
    answers = probability(occlusion.margin - effects)
    least, most = answers.min(), answers.max()
    assert page.experts.whole == pytest.approx((occlusion.probability - least) / (most - least), abs=1e-3)
    for row in page.experts.rows:
        effect, (low, high) = occlusion.sentences[row.number - 1], occlusion.span_bands[row.number - 1].tolist()
        ends = probability(occlusion.margin - np.array([high, low, effect]))
        places = (row.band.low, row.band.high, row.band.dot)
        assert [least + place * (most - least) for place in places] == pytest.approx(ends.tolist(), abs=1e-3)
        assert row.band.outside == (not low <= effect <= high)
        assert row.band.text == " to ".join(dict.fromkeys(percent(p) for p in ends[:2].tolist()))


@pytest.mark.parametrize(("effect", "outside"), [(-0.6, True), (-0.5, False), (0.0, False), (0.25, False), (0.5, True)])
def test_beyond_the_stretches_is_beyond_either_end(tmp_path, effect, outside):
    items = corpus()
    given = {"sentences": np.array([effect], np.float32), "span_bands": np.array([[-0.5, 0.25]], np.float32)}
    occlusion = replace(scored(items[1:2])[0], **given)
    (row,) = sentence_rows(occlusion, alone(items[1:2])[0], judged(site(tmp_path), items).of_record(1), None)
    assert row.band.outside == outside


def test_an_axis_of_nothing_has_its_dot_in_the_middle(tmp_path):
    page = page_of(site(tmp_path), [paper("a", "Good", "Unknown.", "Nothing.")])
    assert {(row.band.low, row.band.high, row.band.dot, row.band.outside) for row in page.sentences} == {
        (0.5, 0.5, 0.5, False)
    }
    assert page.experts.whole == 0.5


def test_shares_from_a_sample_have_their_error(tmp_path):
    item = paper("a", "Good", "Simulation.", "Bad.")
    page = page_of(site(tmp_path), [item], shares=sampled(2.0, -1.5, errors=[0.25, 0.12]))
    assert expert_cells_of(page, "share") == ["+2.00 ± 0.25", "−1.50 ± 0.12"]
    assert "± is their standard error" in shown(page).text
    exact = shown(page_of(site(tmp_path), [item]))
    assert "±" not in exact.text


class Echo(Bag):
    """A bag in which a word counts once, however often it stands there: repetitions cover for each other."""

    def parts(self, field, texts):
        return super().parts(field, [sorted(set(text)) for text in texts])


def test_a_large_share_that_was_not_needed_is_told_with_a_link(tmp_path):
    item = paper("a", "We", "Simulation once.", "Simulation twice.", "A network.")
    page = page_of(site(tmp_path), [item], classifier=Echo())
    assert page.experts.disagreement == (
        "Without any one of sentences 1 and 2 the answer hardly changes, though their shares are among the larger "
        "ones: not needed, but not unread.",
    )
    note = shown(page).one("details", id="for-experts").all("p", class_="note")[0]
    assert note.text.endswith("unread. Why two numbers?")
    assert note.one("a").attributes["href"] == "../methods.html#shapley"
    assert not page_of(site(tmp_path), [item]).experts.disagreement  # a plain bag counts both


@pytest.mark.parametrize(
    ("effects", "shares", "said"),
    [
        ([2.0, -1.0], sampled(2.0, 1.0), "Sentence 2 pulls one way by its share and the other way when taken out"),
        ([1.0, -1.0], sampled(-1.0, 1.0), "Sentences 1 and 2 pull one way by their shares and the other way when"),
        ([0.0, 2.0], sampled(1.0, 2.0), "Without sentence 1 the answer hardly changes, though its share is among"),
        ([2.0, 0.1], sampled(2.0, 0.1, changes=[0.4, -0.002]), "Sentence 2 has a small share whose direction depends"),
    ],
)
def test_what_seems_to_contradict_itself_is_named(effects, shares, said):
    item = paper("a", "Good", *(f"Sentence {k}." for k in range(len(effects))))
    occlusion = replace(scored([item])[0], sentences=np.array(effects, dtype=np.float32))
    found = disagreement(occlusion, shares)
    assert len(found) == 1
    assert found[0].startswith(said)


def test_other_orders_are_no_contradiction():
    """Leave-one-out ranks as it will: the table is ordered by share, and says so."""
    item = paper("a", "Good", *(f"Sentence {k}." for k in range(4)))
    occlusion = replace(scored([item])[0], sentences=np.array([3.0, 2.0, 1.0, 0.5], dtype=np.float32))
    assert disagreement(occlusion, sampled(0.5, 1.0, 2.0, 3.0)) == ()


def test_checkpoints_are_about_shares_and_explained_where_there_are_some(tmp_path):
    items = corpus()
    known = judged(site(tmp_path), items, members=(1.1, 0.9)).of_record(0)
    page = page_of(site(tmp_path), items, verdicts=known)
    effect = page.experts.rows[0].share_log_odds
    assert expert_cells_of(page, "checkpoints")[0].startswith(f"stable share {effect} on average over 3 checkpoints")
    assert shown(page).one("a", href="../methods.html#checkpoints").text == "Checkpoints"
