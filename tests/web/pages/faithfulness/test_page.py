"""The page on faithfulness: what to trust and every verdict follow from the figures, for good or bad."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from sitegen.analysis.faithfulness.report import from_json
from sitegen.web.pages.faithfulness.page import Checked, faithfulness_json, faithfulness_page
from sitegen.web.pages.faithfulness.trusted import trust_sentence
from tests.web.pages.faithfulness.results import (
    FAILS,
    HOLDS,
    IN_PART,
    MINUS,
    NOTHING,
    REASONS,
    RENDERER,
    UNKNOWN,
    answers,
    made,
    mixed,
    outcomes,
    page_of,
    planted,
    random_weights,
    rate,
    result,
    scored,
    text_of,
    unit,
)
from tests.web.papers import HOSTILE, frame, parse, site


def test_good_figures_are_told_with_their_numbers(tmp_path):
    assert set(outcomes(result()).values()) == {HOLDS}
    told = answers(result())
    assert told["hybrids"].startswith(
        "Yes. Of two sentences, one from “computational” and one from “not computational” papers, the first is the one "
        "that counts more for “computational” in 93% (its share), 92% (alone) and 81% (without it) of pairs; by "
        "guessing in 50%. They stand in 200 mixed abstracts."
    )
    assert "and one neutral sentence, such as “All rights reserved.”, shuffled" in told["hybrids"]
    assert "10 papers that the model gets wrong left out" in told["hybrids"]
    assert told["planted"].startswith(
        "Yes. A paper's own sentence counts for more than a neutral one that was put beside it, in “computational” "
        "papers in 87% (its share)"
    )
    assert "in “not computational” papers in 77% (its share), 79% (alone) and 59% (without it)" in told["planted"]
    assert told["sentences"].startswith(
        "Yes. When the strongest sentences are taken out, the probability of the model's answer falls by 23.1 (its "
        "share), 22.0 (alone) and 15.0 (without it) percentage points on average. In random order: 12.0; in the best "
        "possible order: 25.0."
    )
    assert "When only the strongest sentences are kept, it changes by +1.0 (its share)" in told["sentences"]
    assert f"In random order: {MINUS}9.0; in the best possible order: +3.0." in told["sentences"]
    assert "the best possible" not in told["tokens"]
    assert "A word has no share" in told["tokens"]
    assert told["flips"].startswith("Less than in random order. On average 55% (its share)")
    assert "of the sentences must be taken out, the strongest first, before the answer changes" in told["flips"]
    assert told["randomised"].startswith("No. A model with random weights")
    text = text_of(page_of(tmp_path, result()))
    assert "All 6 checks held, judged by the share, which colours and ranks sentences on these pages:" in text
    assert "model 0 was tried on 100 papers that it had never seen;" in text


def test_bad_figures_are_told_as_such():
    bad = result(
        sentences=unit("sentence", removed=scored(0.121, 0.12, 0.3), kept=scored(0.2, 0.09), flip=scored(0.75, 0.7)),
        hybrids=mixed(auc=(0.5, 0.9, 0.9), strongest=(0.4, 0.9, 0.9)),
        planted=planted(negative=(0.5, 0.6, 0.7)),
        randomised=random_weights((0.6, 0.1, 0.1), partial=0.5, signed=0.4),
    )
    found, told = outcomes(bad), answers(bad)
    assert (found["sentences"], found["hybrids"], found["randomised"]) == (IN_PART, FAILS, FAILS)  # its areas hold
    assert found["planted"] is IN_PART
    assert told["sentences"].startswith("In part. ")
    assert told["hybrids"].startswith("No. Of two sentences")
    assert told["randomised"].startswith("Yes, too much of it. ")
    assert "alike to a degree of +0.50, still more than passes" in told["randomised"]
    assert "does not come from learning alone by every measure" in told["randomised"]


def test_agreement_by_place_alone_is_explained():
    told = answers(result())["randomised"]
    assert "As to leaving it out, both models' answers move more with sentences near the beginning or the end" in told
    assert f"(correlation with the distance from there: {MINUS}0.60 for ours, {MINUS}0.80 for random weights)" in told
    assert "to a degree of +0.10, which passes" in told
    assert "near the beginning" not in answers(result(randomised=random_weights(place=-0.1)))["randomised"]


def test_classes_that_differ_in_hits_are_told_apart():
    told = answers(result(hybrids=mixed(by_class=(rate(0.56), rate(0.95)))))["hybrids"]
    assert "Where the model says “computational”, a sentence's share points at a sentence of that class in 95%" in told
    assert "only." not in answers(result())["hybrids"]
    assert "only." not in answers(result(hybrids=mixed(by_class=(None, rate(0.95)))))["hybrids"]


def test_why_a_check_rests_on_fewer_papers_is_said():
    told = answers(
        result(
            sentences=unit("sentence", left_out=7),
            planted=planted(available=300),
            randomised=random_weights(available=90),
        )
    )
    assert "7 papers with more sentences left out: too many orders" in told["sentences"]
    assert "(10 papers that the model gets wrong left out; of 300; more would take long)" in told["planted"]
    assert "38 papers (of 90; more would take long), 2 models" in told["randomised"]
    assert "2 papers with nothing to rank left out" in told["randomised"]
    assert "would take long" not in " ".join(answers(result()).values())


def test_what_is_missing_has_its_reason(tmp_path):
    told = answers(NOTHING)
    assert set(outcomes(NOTHING).values()) == {UNKNOWN}
    assert told["tokens"] == f"Not known. {REASONS['tokens']}"
    assert told["flips"] == f"Not known. {REASONS['sentences']}"
    assert told["hybrids"] == f"Not known. {REASONS['hybrids']}"
    assert told["planted"] == f"Not known. {REASONS['planted']}"
    page = page_of(tmp_path, NOTHING)
    assert page.charts == {}
    assert "None of the checks could be made" in text_of(page)


def test_without_neutral_sentences_none_is_spoken_of_in_mixed_abstracts():
    bare = mixed(neutral=0, chance=0.5)
    bare = replace(bare, by_measure=tuple(replace(one, above_neutral=None) for one in bare.by_measure))
    check, *_ = made(result(hybrids=bare))
    assert "neutral" not in " ".join(check.finding.answer)
    assert [picture.key for picture in check.pictures] == ["hybrids-strongest"]


def test_points_are_no_percent_and_rates_are():
    """Differences of probability are percentage points; what is counted is percent."""
    for check in made(result()):
        said = " ".join(check.finding.answer)
        assert not re.search(r"\d% points|points%|\d points of percent", said)
        values = check.finding.values
        for head, *cells in values.rows:
            percents = [cell.endswith("%") for cell in cells[1:] if cell not in ("–", "") and not cell.startswith("±")]
            if "points" in head:
                assert not any(percents), head
            elif check.finding.key != "randomised":
                assert all(percents), (head, cells)


def test_without_results_the_page_says_so(tmp_path):
    assert "No model of this site was put to the test." in text_of(page_of(tmp_path))


def test_papers_the_model_may_know_are_warned_of(tmp_path):
    assert "Only 12 of these 100 papers are known to be new" in text_of(page_of(tmp_path, result(), held_out=12))
    assert "does not say what it was trained on" in text_of(page_of(tmp_path, result(), held_out=0))
    assert "surer than it should be" not in text_of(page_of(tmp_path, result()))


def test_the_baseline_is_named(tmp_path):
    assert "what is hidden is replaced by the average word" in text_of(page_of(tmp_path, result(baseline="mean")))


def test_every_chart_has_its_place_its_description_and_its_values(tmp_path):
    page = page_of(tmp_path, result(), result())
    tree = parse(RENDERER.render(page))
    cards = tree.all("div", class_="chart")
    assert sorted(card.attributes["data-chart"] for card in cards) == sorted(page.charts)
    assert len(cards) == 26
    assert all(card.attributes["data-description"] for card in cards)
    assert len(tree.all("details", class_="values")) == 26
    ids = [node.attributes["id"] for node in tree if "id" in node.attributes]
    assert len(set(ids)) == len(ids)
    links = [
        node.attributes["href"]
        for panel in (*tree.all("ul", class_="checks"), *tree.all("table", class_="measures"))
        for node in panel.all("a")
    ]
    assert len(links) == 2 * (6 + 6)
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert max(len(json.dumps(chart)) for chart in page.charts.values()) < 9_000


def test_models_are_named_where_there_are_several(tmp_path):
    def headings(*results):
        return [node.text for node in parse(RENDERER.render(page_of(tmp_path, *results))).all("h2", class_="headline")]

    assert headings(result()) == [trust_sentence(result())]
    assert [text.split(":")[0] for text in headings(result(), NOTHING)] == ["model 0", "model 1"]


def test_no_text_becomes_markup(tmp_path):
    def hostile(text):
        described = site(tmp_path, classes={"positive": f"{text}+", "negative": f"{text}-"}, title=text)
        found = [Checked(model=text, result=replace(NOTHING, reasons=dict.fromkeys(REASONS, text)), held_out=0)]
        found.append(Checked(model=f"{text}2", result=result(), held_out=100))
        return parse(RENDERER.render(faithfulness_page(described, frame(described, "faithfulness.html"), found)))

    assert hostile(HOSTILE).skeleton == hostile("x").skeleton


def test_the_data_read_back_to_the_results():
    checked = [Checked(model="one", result=result(), held_out=90), Checked(model="two", result=NOTHING, held_out=0)]
    data = json.loads(json.dumps(faithfulness_json(checked)))
    assert list(data) == ["one", "two"]
    assert data["one"]["held_out"] == 90
    assert [from_json(item) for item in data.values()] == [result(), NOTHING]
