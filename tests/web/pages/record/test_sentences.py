"""The table of a record's sentences: three questions, three numbers, what they add up to, and where they disagree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.analysis.attribution.occlusion import occlude, probability
from sitegen.analysis.attribution.shapley import shapley
from sitegen.analysis.significance.evidence import Standing
from sitegen.web.pages.record.sentences import together
from sitegen.web.text.numbers import percent, points
from sitegen.web.text.verdicts import COLOUR, COLOUR_WITHOUT_SHARE, mark_key
from tests.classifiers import Bag, Joint
from tests.web.every_verdict import corpus, judged
from tests.web.papers import alone, paper, scored, shared, site
from tests.web.record_pages import OFF, cells_of, page_of, rows_of, sampled, shown


def test_three_questions_three_numbers(tmp_path):
    item = paper("a", "we", "Good network.", "A bad day.", "Unknown.")
    page = page_of(site(tmp_path), [item])
    # margins: .25 - .25 + 2.25 - 2 = .25
    assert [row.number for row in page.sentences] == [1, 2, 3]
    assert cells_of(page, "alone") == [percent(float(probability(margin))) for margin in (2.0, -2.25, -0.25)]
    assert cells_of(page, "without it") == [percent(float(probability(margin))) for margin in (-2.0, 2.25, 0.25)]
    shares = shared([item])[0]
    assert cells_of(page, "share") == [points(change) for change in shares.points.tolist()]
    sizes = np.abs(shares.points)
    assert [row.bar for row in page.sentences] == np.round(sizes / sizes.max(), 3).tolist()
    foot = shown(page).one("table", id="sentences").one("tfoot")
    assert foot.one("td", data_label="together").text == points(float(shares.points.sum()))
    assert "from 50%, the title alone, to 56%" in foot.text


def test_order_and_bars_follow_the_points_that_the_table_shows(tmp_path):
    item = paper("a", "we", "Good one.", "Bad two.", "We three.")
    shares = sampled(1.5, -0.9, 0.1, changes=[0.02, -0.08, -0.04])
    page = page_of(site(tmp_path), [item], shares=shares)
    assert [(row.number, row.bar, row.positive) for row in page.sentences] == [
        (2, 1.0, False),
        (3, 0.5, False),
        (1, 0.25, True),
    ]
    pieces = {piece.number: piece for piece in page.pieces if piece.number}
    assert [(pieces[k].positive, pieces[k].strength) for k in (1, 2, 3)] == [(True, 0.05), (False, 0.2), (False, 0.1)]


def test_the_table_is_ordered_by_share_and_the_colour_is_its_size(tmp_path):
    item = paper("a", "we", "Good one.", "Bad two.", "We three.")
    page = page_of(site(tmp_path), [item], shares=sampled(0.5, -0.001, -2.0, changes=[0.05, -0.0001, -0.5]))
    assert [row.number for row in page.sentences] == [3, 1, 2]
    pieces = [piece for piece in page.pieces if piece.number]
    assert [(piece.positive, piece.quiet) for piece in pieces] == [(True, False), (False, True), (False, False)]
    assert [piece.strength for piece in pieces] == [0.125, 0.0, 1.0]
    assert page.colour == COLOUR
    key = shown(page).one("section", class_="record-text").one("p", class_="hint").text
    assert f"its part, in points, of the way from {page.together.start} (the title alone) to the answer." in key


def test_where_no_share_is_known_the_page_says_so_and_leave_one_out_leads(tmp_path):
    page = page_of(site(tmp_path), [paper("a", "we", "Good one.", "Bad two.")], shares=OFF)
    assert [row.number for row in page.sentences] == [2, 1]
    tree = shown(page)
    assert page.colour == COLOUR_WITHOUT_SHARE
    assert f"{COLOUR_WITHOUT_SHARE} (Shares were not computed here.)" in tree.text
    section = tree.one("details", id="all-sentences")
    assert section.one("summary").text == "All 2 sentences: what each says alone, the answer without it"
    assert "The largest changes stand first, and the bars show them: shares were not" in section.text
    assert all(row.one("td", data_label="without it").all("span", class_="bar") for row in rows_of(page))
    assert not tree.all(data_label="share") + tree.all("tfoot")
    assert [piece.positive for piece in page.pieces if piece.number] == [True, False]


def test_every_mark_stands_beside_its_sentence_and_takes_no_colour(tmp_path):
    items = corpus()
    page = page_of(site(tmp_path), items)
    marks = [row.one("td", data_label="alone").all(class_="judgement") for row in rows_of(page)]
    assert [mark[0].text.strip() if mark else "" for mark in marks] == [
        "◆ clear (q\u00a0=\u00a0.03)",
        "◇ as clear, not judged",
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


@pytest.mark.parametrize(
    ("standing", "why"),
    [
        (Standing.TRAINING, "the model learned from the paper"),
        (Standing.VALIDATION, "the paper helped to end the training"),
    ],
)
def test_a_paper_the_model_has_seen_has_the_other_mark(tmp_path, standing, why):
    items = corpus()
    known = judged(site(tmp_path), items, standing={0: standing}).of_record(0)
    page = page_of(site(tmp_path), items, verdicts=known)
    first, *others = rows_of(page)
    assert first.one("td", data_label="alone").one(class_="judgement").text.strip() == "◇ as clear, not judged"
    assert not any(row.one("td", data_label="alone").all(class_="judgement") for row in others)
    ((whose, key),) = page.mark_keys
    assert (whose, key) == ("first", mark_key({"◇"}, why={why}))
    assert key.endswith(f"but is not judged: {why}.")


def test_where_no_sentence_is_marked_there_is_no_switch_and_no_key(tmp_path):
    items = corpus()
    page = page_of(site(tmp_path), items, verdicts=judged(site(tmp_path), items).of_record(0)[1:2] * 4)
    tree = shown(page)
    assert not tree.all(class_="limit")
    assert page.ask_mark not in tree.text


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


@pytest.mark.parametrize(("baseline", "named"), [("deleted", "it is deleted, and"), ("mean", "by the average word")])
def test_what_stands_in_for_hidden_text_is_named_at_the_table(tmp_path, baseline, named):
    page = page_of(site(tmp_path, occlusion={"baseline": baseline}), [paper("a", "Good", "Simulation.", "Bad.")])
    hint = shown(page).one("details", id="all-sentences").one("ul", class_="hint")
    assert named in hint.text
    assert [link.attributes["href"].split("#")[1] for link in hint.all("a")] == ["shapley", "occlusion"]


@pytest.mark.parametrize(
    ("sentences", "summary"), [(1, "The one sentence: what it"), (2, "All 2 sentences: what each")]
)
def test_the_table_is_folded_and_says_what_is_in_it(tmp_path, sentences, summary):
    tree = shown(page_of(site(tmp_path), [paper("a", "Good", *["Simulation."] * sentences)]))
    fold = tree.one("details", id="all-sentences")
    assert "open" not in fold.attributes
    assert fold.one("summary").text.startswith(summary)
    assert fold.one("summary").text.endswith(" alone, its share, the answer without it")
    assert not fold.one("table").all("small")  # log-odds are for experts


def test_without_sentences_there_is_no_table(tmp_path):
    tree = shown(page_of(site(tmp_path), [paper("a", "Good")]))
    assert not tree.all("details", id="all-sentences") + tree.all("table", id="log-odds")
    assert not tree.all("fieldset", data_part="colours")
