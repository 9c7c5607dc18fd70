"""What a record's page says of its sentences: how sure, how large a share, beside what random stretches do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sitegen.analysis.attribution.shapley import Shapley
from sitegen.analysis.significance.evidence import Standing
from sitegen.web.pages.record.effects import chance_line, disagreement, sentence_effects
from sitegen.web.text.numbers import log_odds
from tests.classifiers import Bag
from tests.web.every_verdict import corpus, judged
from tests.web.papers import paper, scored, site
from tests.web.record_pages import page_of, rows_of, shown

NO_SUBSETS = np.zeros(0)


def sampled(*values, errors=None):
    """Shapley values as a sample of orders gives them."""
    errors = np.zeros(len(values)) if errors is None else np.array(errors)
    return Shapley(method="sampled", values=np.array(values), errors=errors, pairs=8, subsets=NO_SUBSETS)


@pytest.mark.parametrize("title", ["Simulation simulation good", "Simulation we"])
def test_what_hardly_moves_the_answer_is_no_reason(tmp_path, title):
    """From beyond 99.9% to beyond 99.9%; and from 99.1% to 99.0%, which would be written but is a tenth of a point."""
    page = page_of(site(tmp_path), [paper("a", title, "We.", "We.", "Unknown.")])
    assert page.headline == ("No single sentence decides: whichever is taken out, the answer stays nearly the same.",)


def test_every_sentence_says_whether_it_is_more_than_chance(tmp_path):
    page = page_of(site(tmp_path), corpus())
    assert page.chance == (
        "1 of the 2 sentences that push toward the paper's label does so further than sentences of this length do by "
        "chance; 1 pushes against it and is not judged."
    )
    assert page.headline[0].endswith("from 98% to 84%, more than chance explains.")
    found = [
        (row.attributes.get("class", ""), "data-passes" in row.attributes, row.one(class_="judgement").text)
        for row in rows_of(page)
    ]
    assert found == [
        (
            "",
            True,
            "pushes toward positive more than sentences of this length in the other class do (q\u00a0=\u00a0.04)",
        ),
        ("", False, "pushes against this record's label: not judged by this test"),
        ("quiet", False, "not distinguishable from sentences of this length in the other class"),
        ("quiet", False, "has no effect on the model's answer"),
    ]
    tree = shown(page)
    marks = tree.one("p", data_field="abstract").all("span", class_="sentence")
    assert [mark.attributes["class"].split()[1] for mark in marks] == ["positive", "quiet", "negative", "quiet"]
    assert [mark.attributes["title"].split("; ")[1] for mark in marks] == [
        "q = .04",
        "no more than chance",
        "not judged",
        "no effect",
    ]
    assert tree.one("p", class_="limit").attributes["data-limit"] == "sentences"


def test_where_no_sentence_passes_there_is_no_switch(tmp_path):
    items = corpus()
    page = page_of(site(tmp_path), items, verdicts=judged(site(tmp_path), items).of_record(0)[1:2] * 4)
    assert page.chance == (
        "None of the 4 sentences that push toward the paper's label does so further than sentences of this length do "
        "by chance."
    )
    assert page.headline[0].endswith(", which may be chance.")
    assert not shown(page).all(class_="limit")


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ([0], "The one sentence that pushes toward the paper's label does so further than"),
        ([1], "The one sentence that pushes toward the paper's label does not do so further than"),
        ([0, 0, 1, 2, 2], "2 of the 3 sentences that push toward the paper's label do so further than"),
        ([2, 3], "Every sentence with an effect pushes against the paper's label, so none is judged."),
        ([3], ""),
    ],
)
def test_how_many_of_how_many(tmp_path, chosen, told):
    known = judged(site(tmp_path), corpus()).of_record(0)
    line = chance_line([known[k] for k in chosen])
    assert line.startswith(told) if told else line == ""
    assert ("; 2 push against it and are not judged." in line) == (chosen.count(2) == 2)


def test_a_corpus_too_small_for_q_claims_no_more_than_p(tmp_path):
    page = page_of(site(tmp_path, significance={"alpha": 0.001}), corpus())
    assert page.chance.startswith(
        "1 of the 2 sentences that push toward the paper's label does so with p\u00a0≤\u00a0.05;"
    )
    assert "chance" not in " ".join(page.headline)
    assert shown(page).one("p", class_="limit").text.strip() == "only sentences with p\u00a0≤\u00a0.05"


@pytest.mark.parametrize(
    ("standing", "label", "reason"),
    [
        (Standing.TRAINING, 1, "not calibrated: training record"),
        (Standing.VALIDATION, 1, "not calibrated: validation record"),
        (Standing.HELD_OUT, None, "no gold label"),
    ],
)
def test_a_record_that_cannot_be_judged_says_so_once(tmp_path, standing, label, reason):
    items = corpus()
    items[0] = paper("a", "Good", "Good network.", "A bad day.", label=label)
    known = judged(site(tmp_path), items, standing={0: standing}).of_record(0)
    page = page_of(site(tmp_path), items, verdicts=known)
    tree = shown(page)
    panel = tree.one("section", class_="verdict-panel")
    assert f"Whether these effects are more than chance is not said ({reason}). Why?" in panel.text
    assert tree.text.count(reason) == 1
    assert page.chance == ""
    assert not tree.all(class_="judgement") + tree.all(class_="limit") + tree.all("tr", class_="quiet")
    assert len(tree.one("p", data_field="abstract").all(class_="positive")) == 1  # nobody said it were chance


def test_random_stretches_and_the_sentence_share_an_axis(tmp_path):
    (item,) = [paper("a", "Good", "Simulation one two.", "Bad three four.", "Nothing five six.")]
    page = page_of(site(tmp_path), [item])
    occlusion = scored([item])[0]
    ends = [0.0, *occlusion.sentences.tolist(), *occlusion.span_bands.ravel().tolist()]
    least, most = min(ends), max(ends)
    assert (least, most) == (-2.0, 2.25)
    assert page.zero == pytest.approx(2 / 4.25, abs=1e-3)
    for row in page.sentences:
        low, high = occlusion.span_bands[row.number - 1].tolist()
        band = row.band
        assert [least + place * (most - least) for place in (band.low, band.high, band.dot)] == pytest.approx(
            [low, high, row.effect], abs=0.01
        )
        assert band.outside == (not low <= row.effect <= high)
        assert band.text == f"{log_odds(low)} to {log_odds(high)}"
    first = rows_of(page)[0].one(class_="band")
    assert "--dot: 1.0" in first.attributes["style"]
    assert "positive" in first.attributes["class"]


@pytest.mark.parametrize(("effect", "outside"), [(-0.6, True), (-0.5, False), (0.0, False), (0.25, False), (0.5, True)])
def test_beyond_the_stretches_is_beyond_either_end(tmp_path, effect, outside):
    items = corpus()
    occlusion = scored(items[1:2])[0]
    given = {"sentences": np.array([effect], np.float32), "span_bands": np.array([[-0.5, 0.25]], np.float32)}
    (row,) = sentence_effects(replace(occlusion, **given), judged(site(tmp_path), items).of_record(1), None)
    assert row.band.outside == outside


def test_an_axis_of_nothing_has_its_dot_in_the_middle(tmp_path):
    page = page_of(site(tmp_path), [paper("a", "Good", "Unknown.", "Nothing.")])
    assert {(row.band.low, row.band.high, row.band.dot, row.band.outside) for row in page.sentences} == {
        (0.5, 0.5, 0.5, False)
    }
    assert page.zero == 0.5


def test_shares_from_a_sample_have_their_error(tmp_path):
    item = paper("a", "Good", "Simulation.", "Bad.")
    page = page_of(site(tmp_path), [item], shared=sampled(2.0, -1.5, errors=[0.25, 0.12]))
    cells = [row.one("td", data_label="share").text for row in rows_of(page)]
    assert cells == ["+2.00 ± 0.25", "−1.50 ± 0.12"]
    exact = page_of(site(tmp_path), [item])
    assert [row.one("td", data_label="share").text for row in rows_of(exact)] == ["+2.25", "−2.00"]


class Echo(Bag):
    """A bag in which a word counts once, however often it stands there: repetitions cover for each other."""

    def parts(self, field, texts):
        return super().parts(field, [sorted(set(text)) for text in texts])


def test_where_effect_and_share_tell_two_stories_it_is_said_with_a_link(tmp_path):
    item = paper("a", "We", "Simulation once.", "Simulation twice.", "A network.")
    page = page_of(site(tmp_path), [item], classifier=Echo())
    assert page.disagreement == (
        "Sentences 1 and 2 can go without effect, and yet have a large share: not needed, but not unread. Others say "
        "the same, or the model hears them only where they stand first or last.",
    )
    section = shown(page).one("section", aria_labelledby="sentences-heading")
    note = section.one("p", class_="note")
    assert note.text.endswith("last. Why two numbers?")
    assert note.one("a").attributes["href"] == "../methods.html#shapley"
    assert not page_of(site(tmp_path), [item]).disagreement  # a plain bag counts both


@pytest.mark.parametrize(
    ("effects", "values", "said"),
    [
        ([2.0, -1.0], [2.0, 1.0], "Sentence 2 pushes one way in the whole abstract and the other way on average"),
        ([1.0, -1.0], [-1.0, 1.0], "Sentences 1 and 2 push one way in the whole abstract and the other way on"),
        ([3.0, 2.0, 1.0, 0.5], [0.5, 1.0, 2.0, 3.0], "Effects and shares rank these sentences differently"),
    ],
)
def test_signs_and_ranks_that_disagree_are_named(effects, values, said):
    item = paper("a", "Good", *(f"Sentence {k}." for k in range(len(effects))))
    occlusion = replace(scored([item])[0], sentences=np.array(effects, dtype=np.float32))
    found = disagreement(occlusion, sampled(*values))
    assert len(found) == 1
    assert found[0].startswith(said)


@pytest.mark.parametrize(("baseline", "named"), [("deleted", "it is deleted, and"), ("mean", "by the average word")])
def test_what_stands_in_for_hidden_text_is_named_at_the_table(tmp_path, baseline, named):
    page = page_of(site(tmp_path, occlusion={"baseline": baseline}), [paper("a", "Good", "Simulation.", "Bad.")])
    hint = shown(page).one("section", aria_labelledby="sentences-heading").all("p", class_="hint")[0]
    assert named in hint.text
    assert [link.attributes["href"].split("#")[1] for link in hint.all("a")] == ["occlusion", "shapley", "noise"]


def test_checkpoints_are_explained_where_there_are_some(tmp_path):
    items = corpus()
    known = judged(site(tmp_path), items, members=(1.1, 0.9)).of_record(0)
    tree = shown(page_of(site(tmp_path), items, verdicts=known))
    first = tree.one("table", id="sentences").one("tbody").all("tr")[0]
    assert first.all(class_="judgement")[1].text.startswith("stable +2.25 on average over 3 checkpoints")
    assert tree.one("a", href="../methods.html#checkpoints").text == "Checkpoints"
