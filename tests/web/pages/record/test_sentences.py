"""The table of a record's sentences: three questions, three numbers, what they add up to, and where they disagree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.analysis.attribution.occlusion import occlude, probability
from sitegen.analysis.attribution.shapley import Shapley, shapley
from sitegen.analysis.significance.evidence import Standing
from sitegen.web.pages.record.sentences import disagreement, sentence_rows, together
from sitegen.web.text.numbers import log_odds, percent, points
from sitegen.web.text.verdicts import COLOUR, COLOUR_WITHOUT_SHARE, mark_key
from tests.classifiers import Bag, Joint
from tests.web.every_verdict import corpus, judged
from tests.web.papers import alone, paper, scored, shared, site
from tests.web.record_pages import OFF, cells_of, page_of, rows_of, shown


def sampled(*values, changes=None, errors=None):
    """Shapley values as a sample of orders gives them."""
    errors = np.zeros(len(values)) if errors is None else np.array(errors)
    return Shapley(
        method="sampled",
        values=np.array(values),
        points=np.array(values) / 10 if changes is None else np.array(changes),
        errors=errors,
        pairs=8,
        subsets=np.zeros(0),
    )


def test_three_questions_three_numbers(tmp_path):
    item = paper("a", "we", "Good network.", "A bad day.", "Unknown.")
    page = page_of(site(tmp_path), [item])
    # margins: .25 - .25 + 2.25 - 2 = .25
    assert [row.number for row in page.sentences] == [1, 2, 3]
    assert cells_of(page, "alone") == [percent(float(probability(margin))) for margin in (2.0, -2.25, -0.25)]
    assert cells_of(page, "without it") == [percent(float(probability(margin))) for margin in (-2.0, 2.25, 0.25)]
    shares = shared([item])[0]
    assert cells_of(page, "share") == [points(change) for change in shares.points.tolist()]
    assert [row.one("td", data_label="share").one("small").text for row in rows_of(page)] == ["+2.25", "−2.00", "0.00"]
    sizes = np.abs(shares.points)
    assert [row.bar for row in page.sentences] == np.round(sizes / sizes.max(), 3).tolist()
    foot = shown(page).one("tfoot")
    assert foot.one("td", data_label="together").text == points(float(shares.points.sum()))
    assert "from 50%, the title alone, to 56%" in foot.text


def test_order_and_bars_follow_the_points_that_the_table_shows(tmp_path):
    item = paper("a", "we", "Good one.", "Bad two.", "We three.")
    shares = sampled(1.5, -0.9, 0.1, changes=[0.02, -0.08, -0.04])
    page = page_of(site(tmp_path), [item], shares=shares)
    assert [(row.number, row.bar, row.upward) for row in page.sentences] == [
        (2, 1.0, False),
        (3, 0.5, False),
        (1, 0.25, True),
    ]
    pieces = {piece.number: piece for piece in page.pieces if piece.number}
    assert pieces[1].strength > pieces[2].strength > pieces[3].strength  # by log-odds
    assert pieces[3].positive


def test_the_table_is_ordered_by_share_and_the_colour_is_its_size(tmp_path):
    item = paper("a", "we", "Good one.", "Bad two.", "We three.")
    page = page_of(site(tmp_path), [item], shares=sampled(0.5, -0.001, -2.0))
    assert [row.number for row in page.sentences] == [3, 1, 2]
    pieces = [piece for piece in page.pieces if piece.number]
    assert [(piece.positive, piece.quiet) for piece in pieces] == [(True, False), (False, True), (False, False)]
    assert [piece.strength for piece in pieces] == [round(float(np.tanh(size / 2)), 3) for size in (0.5, 0.001, 2.0)]
    assert page.colour == COLOUR


def test_where_no_share_is_known_the_page_says_so_and_leave_one_out_leads(tmp_path):
    page = page_of(site(tmp_path), [paper("a", "we", "Good one.", "Bad two.")], shares=OFF)
    assert [row.number for row in page.sentences] == [2, 1]
    tree = shown(page)
    assert page.colour == COLOUR_WITHOUT_SHARE
    assert f"{COLOUR_WITHOUT_SHARE} (Shares were not computed here.)" in tree.text
    assert "Shares were not computed here, so the table is ordered by what leaving a sentence out changes" in tree.text
    assert not tree.all(data_label="share") + tree.all("tfoot")
    assert [piece.positive for piece in page.pieces if piece.number] == [True, False]


def test_every_mark_stands_beside_its_sentence_and_takes_no_colour(tmp_path):
    items = corpus()
    page = page_of(site(tmp_path), items)
    marks = [row.one("td", data_label="alone").all(class_="judgement") for row in rows_of(page)]
    assert [mark[0].text.strip() if mark else "" for mark in marks] == [
        "◆ clear (q\u00a0=\u00a0.03)",
        "◇ as clear, not tested",
        "",
        "",
    ]
    assert ["data-passes" in row.attributes for row in rows_of(page)] == [True, True, False, False]
    tree = shown(page)
    sentences = tree.one("p", data_field="abstract").all("span", class_="sentence")
    assert [one.attributes.get("data-symbol", "") for one in sentences] == ["◆", "", "◇", ""]
    assert [one.attributes["class"].split()[1] for one in sentences] == ["positive", "positive", "negative", "quiet"]
    row = page.sentences[0]
    assert sentences[0].attributes["title"] == (
        f"Sentence 1: alone it says {row.alone}; its share {row.share} points; without it {row.without}; ◆ clear"
    )
    assert tree.one("p", class_="limit").attributes["data-limit"] == "sentences"
    assert not tree.all("tr", class_="quiet")


@pytest.mark.parametrize("standing", [Standing.TRAINING, Standing.VALIDATION])
def test_a_paper_the_model_has_seen_has_the_other_mark(tmp_path, standing):
    items = corpus()
    known = judged(site(tmp_path), items, standing={0: standing}).of_record(0)
    page = page_of(site(tmp_path), items, verdicts=known)
    first, *others = rows_of(page)
    assert first.one("td", data_label="alone").one(class_="judgement").text.strip() == "◇ as clear, not tested"
    assert not any(row.one("td", data_label="alone").all(class_="judgement") for row in others)
    assert page.mark_key == mark_key({"◇"})
    assert "is not tested" in page.mark_key


def test_where_no_sentence_is_marked_there_is_no_switch_and_no_key(tmp_path):
    items = corpus()
    page = page_of(site(tmp_path), items, verdicts=judged(site(tmp_path), items).of_record(0)[1:2] * 4)
    tree = shown(page)
    assert not tree.all(class_="limit")
    assert page.ask_mark not in tree.text


def test_random_stretches_and_the_sentence_share_an_axis(tmp_path):
    item = paper("a", "Good", "Simulation one two.", "Bad three four.", "Nothing five six.")
    page = page_of(site(tmp_path), [item])
    occlusion = scored([item])[0]
    effects = np.array([0.0, *occlusion.sentences.tolist(), *occlusion.span_bands.ravel().tolist()])
    answers = probability(occlusion.margin - effects)
    least, most = answers.min(), answers.max()
    assert page.whole == pytest.approx((occlusion.probability - least) / (most - least), abs=1e-3)
    for row in page.sentences:
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
    assert page.whole == 0.5


def test_shares_from_a_sample_have_their_error(tmp_path):
    item = paper("a", "Good", "Simulation.", "Bad.")
    page = page_of(site(tmp_path), [item], shares=sampled(2.0, -1.5, errors=[0.25, 0.12]))
    cells = [row.one("td", data_label="share").one("small").text for row in rows_of(page)]
    assert cells == ["+2.00 ± 0.25", "−1.50 ± 0.12"]
    assert "± is their standard error" in shown(page).text
    exact = shown(page_of(site(tmp_path), [item]))
    assert "±" not in exact.text


WORDS = st.lists(st.sampled_from(["good", "bad", "network", "simulation", "we", "unknown"]), min_size=1, max_size=4)


@settings(max_examples=50, deadline=None)
@given(
    title=WORDS.map(" ".join),
    sentences=st.lists(WORDS.map(lambda words: f"{' '.join(words)}."), min_size=1, max_size=4),
    classifier=st.sampled_from([Bag(), Joint()]),
)
def test_the_shares_add_up_to_the_abstracts_step(title, sentences, classifier):
    """In points, from the title alone to the whole; "rounded" is said where the printed ones do not."""
    item = paper("a", title, *sentences)
    (occlusion,), (said,) = occlude([item.document], classifier), alone([item], classifier)
    shares = shapley([item.document], classifier)[0]
    total = together(occlusion, said, shares, replaced="")
    start = float(probability(said.title))
    assert total.points == points(occlusion.probability - start) or abs(occlusion.probability - start) < 1e-6
    assert (total.start, total.end) == (percent(start), percent(occlusion.probability))
    printed = sum(float(points(one).replace("−", "-")) for one in shares.points.tolist())
    assert total.rounded == (abs(printed - float(total.points.replace("−", "-"))) > 0.01)


def test_with_something_in_the_place_of_hidden_text_the_sum_starts_elsewhere(tmp_path):
    item = paper("a", "Good", "Simulation.", "Bad.")
    page = page_of(site(tmp_path, occlusion={"baseline": "mean"}), [item], shares=sampled(0.5, -0.2))
    p = scored([item])[0].probability
    foot = shown(page).one("tfoot").text
    assert (
        f"from {percent(p - 0.03)}, where the whole abstract is replaced by the average word, to {percent(p)}" in foot
    )
    assert "the title alone" not in foot


class Echo(Bag):
    """A bag in which a word counts once, however often it stands there: repetitions cover for each other."""

    def parts(self, field, texts):
        return super().parts(field, [sorted(set(text)) for text in texts])


def test_a_large_share_that_was_not_needed_is_told_with_a_link(tmp_path):
    item = paper("a", "We", "Simulation once.", "Simulation twice.", "A network.")
    page = page_of(site(tmp_path), [item], classifier=Echo())
    assert page.disagreement == (
        "Without any one of sentences 1 and 2 the answer hardly changes, though their shares are among the larger "
        "ones: not needed, but not unread.",
    )
    note = shown(page).one("section", aria_labelledby="sentences-heading").one("p", class_="note")
    assert note.text.endswith("unread. Why two numbers?")
    assert note.one("a").attributes["href"] == "../methods.html#shapley"
    assert not page_of(site(tmp_path), [item]).disagreement  # a plain bag counts both


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


@pytest.mark.parametrize(("baseline", "named"), [("deleted", "it is deleted, and"), ("mean", "by the average word")])
def test_what_stands_in_for_hidden_text_is_named_at_the_table(tmp_path, baseline, named):
    page = page_of(site(tmp_path, occlusion={"baseline": baseline}), [paper("a", "Good", "Simulation.", "Bad.")])
    section = shown(page).one("section", aria_labelledby="sentences-heading")
    assert named in section.one("ul", class_="hint").text
    links = [link.attributes["href"].split("#")[1] for hint in section.all(class_="hint") for link in hint.all("a")]
    assert links == ["shapley", "occlusion", "noise"]


def test_checkpoints_are_about_shares_and_explained_where_there_are_some(tmp_path):
    items = corpus()
    known = judged(site(tmp_path), items, members=(1.1, 0.9)).of_record(0)
    page = page_of(site(tmp_path), items, verdicts=known)
    first = rows_of(page)[0].one("td", class_="quoted")
    effect = log_odds(page.sentences[0].effect)
    assert first.one(class_="judgement").text.startswith(f"stable share {effect} on average over 3 checkpoints")
    assert shown(page).one("a", href="../methods.html#checkpoints").text == "Checkpoints"
