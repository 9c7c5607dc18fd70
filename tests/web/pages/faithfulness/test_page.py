"""The page on faithfulness: verdicts follow from the figures by stated rules, and say so when they are bad."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sitegen.analysis.faithfulness.erasure import Bounds, Curve, CurveBounds, ErasureMetrics, Flip, MetricMean
from sitegen.analysis.faithfulness.pointing import Hits, Pointing
from sitegen.analysis.faithfulness.randomised import Randomised
from sitegen.analysis.faithfulness.report import Faithfulness, from_json
from sitegen.web.pages.faithfulness.charts import BEST, OURS, RANDOM, WORST, curve_spec, interval_spec
from sitegen.web.pages.faithfulness.checks import (
    Check,
    Outcome,
    figure,
    headline,
    pointing_outcome,
    randomised_outcome,
    together,
    way_to_best,
)
from sitegen.web.pages.faithfulness.page import Checked, checks, faithfulness_json, faithfulness_page
from sitegen.web.publish.render import Renderer
from tests.web.papers import HOSTILE, PALETTE, frame, parse, site

RENDERER = Renderer()
CLASSES = ("not computational", "computational")
HOLDS, IN_PART, FAILS, UNKNOWN = Outcome.HOLDS, Outcome.IN_PART, Outcome.FAILS, Outcome.UNKNOWN
REASONS = {
    "tokens": "No record has two words that the model reads.",
    "sentences": "No abstract has two sentences.",
    "pointing": "No hybrid documents were asked for.",
    "randomised": "No randomised model was given.",
}


def scored(value, random, best=None, worst=0.0, *, error: float | None = 0.01, records=100, bounded=100) -> MetricMean:
    bounds = None if best is None else Bounds(records=bounded, value=value, random=random, best=best, worst=worst)
    return MetricMean(records=records, value=value, random=random, error=error, bounds=bounds)


def curve(area: MetricMean, *, bounds=False) -> Curve:
    lines = {"value": (0.9, 0.5, 0.4), "random": (0.9, 0.7, 0.4)}
    found = CurveBounds(records=80, **lines, best=(0.9, 0.45, 0.4), worst=(0.9, 0.95, 0.4)) if bounds else None
    return Curve(fractions=(0.0, 0.5, 1.0), **lines, area=area, bounds=found)


def unit(kind, *, removed=None, kept=None, flip=None) -> ErasureMetrics:
    bounds = kind == "sentence"
    best = (0.25, 0.3) if bounds else (None, 0.0)
    return ErasureMetrics(
        unit=kind,
        records=100,
        segments=800,
        comprehensiveness=removed or scored(0.231, 0.12, best[0], -0.02),
        sufficiency=kept or scored(-0.01, 0.09, -0.03 if bounds else None, best[1]),
        deletion=curve(scored(0.55, 0.68), bounds=bounds),
        insertion=curve(scored(0.85, 0.72), bounds=bounds),
        flip=Flip(fraction=flip or scored(0.55, 0.72), rate=scored(0.8, 0.7)),
    )


def hits(n, of=200, low=None, high=None) -> Hits:
    return Hits(
        hits=n, rate=n / of, low=n / of - 0.05 if low is None else low, high=n / of + 0.05 if high is None else high
    )


def game(rate=0.86, **changed) -> Pointing:
    parts = {
        "hybrids": 200,
        "per_class": 3,
        "sources": (60, 50),
        "misread": 10,
        "explained": (90, 110),
        "chance": 0.5,
        "leave_one_out": hits(round(200 * rate)),
        "by_class": (hits(76, 90), hits(96, 110)),
        "shapley": hits(176),
    }
    return Pointing(**{**parts, **changed})


def random_weights(correlation=0.05, **changed) -> Randomised:
    parts = {
        "records": 90,
        "left_out": 10,
        "correlation": correlation,
        "error": 0.02,
        "by_model": (correlation - 0.01, correlation + 0.01),
        "limit": 0.2,
        "signed": 0.03,
        "place": -0.6,
        "random_place": -0.8,
        "partial": 0.1,
        "partial_records": 80,
    }
    return Randomised(**{**parts, **changed})


def result(**changed) -> Faithfulness:
    parts = {
        "records": 100,
        "seed": 0,
        "shuffles": 10,
        "baseline": "deleted",
        "tokens": unit("token"),
        "sentences": unit("sentence"),
        "pointing": game(),
        "randomised": random_weights(),
    }
    return Faithfulness(**{**parts, **changed})


NOTHING = result(tokens=None, sentences=None, pointing=None, randomised=None, reasons=REASONS)


def page_of(folder, *results, held_out=100, **changed):
    described = site(folder, classes={"positive": CLASSES[1], "negative": CLASSES[0]}, **changed)
    checked = [Checked(model=f"model {k}", result=found, held_out=held_out) for k, found in enumerate(results)]
    return faithfulness_page(
        described, frame(described, "faithfulness.html", "Do these pictures tell the truth?"), checked
    )


def text_of(page) -> str:
    return " ".join(parse(RENDERER.render(page)).text.split())


def made(found: Faithfulness) -> tuple[Check, ...]:
    return checks(found, classes=CLASSES, palette=PALETTE)


def answers(found: Faithfulness) -> dict[str, str]:
    return {check.finding.key: " ".join(check.finding.answer) for check in made(found)}


def outcomes(found: Faithfulness) -> dict[str, Outcome]:
    return {check.finding.key: check.outcome for check in made(found)}


@pytest.mark.parametrize(
    ("found", "high", "outcome"),
    [
        (scored(0.30, 0.20), True, HOLDS),
        (scored(0.22, 0.20), True, FAILS),  # two standard errors, not more
        (scored(0.30, 0.20), False, FAILS),  # the wrong way
        (scored(0.10, 0.20), False, HOLDS),
        (scored(0.31, 0.20, 0.40), True, HOLDS),  # more than half of the way
        (scored(0.29, 0.20, 0.40), True, IN_PART),
        (scored(0.10, 0.20, 0.00), False, HOLDS),
        (scored(0.11, 0.20, 0.00), False, IN_PART),
        (scored(0.30, 0.20, error=None), True, UNKNOWN),
    ],
)
def test_a_figure_must_beat_chance_and_come_near_the_best(found, high, outcome):
    assert figure(found, high=high) is outcome


def test_the_way_to_the_best():
    assert way_to_best(scored(0.3, 0.2, 0.4)) == pytest.approx(0.5)
    assert way_to_best(scored(0.1, 0.2, 0.0)) == pytest.approx(0.5)
    assert way_to_best(scored(0.3, 0.2)) is None
    assert way_to_best(scored(0.2, 0.2, 0.2)) is None


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([HOLDS, HOLDS], HOLDS),
        ([HOLDS, UNKNOWN], HOLDS),
        ([HOLDS, FAILS], IN_PART),
        ([IN_PART, HOLDS], IN_PART),
        ([FAILS, FAILS], FAILS),
        ([UNKNOWN], UNKNOWN),
        ([], UNKNOWN),
    ],
)
def test_a_question_of_several_figures(parts, whole):
    assert together(parts) is whole


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (game(0.86), HOLDS),
        (game(0.8), HOLDS),
        (game(0.78), IN_PART),
        (game(leave_one_out=hits(105, low=0.46)), FAILS),
        (game(leave_one_out=hits(180, low=0.5)), FAILS),
    ],
)
def test_the_pointing_game_must_beat_chance_beyond_doubt(found, outcome):
    assert pointing_outcome(found) is outcome


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (random_weights(0.2), HOLDS),
        (random_weights(-0.21, partial=-0.3), FAILS),
        (random_weights(0.6), IN_PART),
        (random_weights(0.6, partial=0.21), FAILS),
        (random_weights(0.6, partial=None), FAILS),
    ],
)
def test_random_weights_must_not_rank_alike(found, outcome):
    assert randomised_outcome(found) is outcome


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([HOLDS] * 5, "Yes, as far as checks can tell: all 5 held."),
        ([HOLDS, UNKNOWN], "Yes, as far as checks can tell: the one that was made held."),
        ([HOLDS, HOLDS, HOLDS, IN_PART, FAILS], "Mostly: 3 of 5 checks held, 1 in part, 1 did not."),
        ([HOLDS, FAILS], "Only in part: 1 of 2 checks held, 1 did not."),
        ([IN_PART, UNKNOWN], "Only in part: 0 of 1 checks held, 1 in part."),
        ([FAILS, FAILS], "No: none of 2 checks held."),
        ([UNKNOWN], "That is not known: none of the checks could be made."),
    ],
)
def test_the_headline_counts(found, said):
    assert headline(found) == said


def test_good_figures_are_told_with_their_numbers(tmp_path):
    assert set(outcomes(result()).values()) == {HOLDS}
    told = answers(result())
    assert told["sentences"].startswith(
        "Yes: taking out first the sentences named most important lowers the probability of the model's answer by 23.1 "
        "points on average. Random order: 12.0; the best possible: 25.0."
    )
    assert "Keeping nothing else raises it by 1.0 points" in told["sentences"]
    assert "Every order was tried on all 100 papers" in told["sentences"]
    assert "ours comes to 92% of it" in told["sentences"]
    assert "the best possible" not in told["tokens"]
    assert told["flips"].startswith("Less than by chance: on average one must take out 55% of the sentences")
    assert told["pointing"].startswith("Yes: in 86% of 200 mixed abstracts")
    assert "pointing at random hits in 50%" in told["pointing"]
    assert told["randomised"].startswith("The model:")
    text = text_of(page_of(tmp_path, result()))
    assert "Yes, as far as checks can tell: all 5 held." in text
    assert "model 0 was tried on 100 papers that it had never seen." in text


def test_bad_figures_are_told_as_such():
    bad = result(
        sentences=unit("sentence", removed=scored(0.121, 0.12, 0.3), kept=scored(0.2, 0.09), flip=scored(0.75, 0.7)),
        pointing=game(leave_one_out=hits(100, low=0.43)),
        randomised=random_weights(0.6, partial=0.5, signed=0.4),
    )
    found, told = outcomes(bad), answers(bad)
    assert (found["sentences"], found["pointing"], found["randomised"]) == (IN_PART, FAILS, FAILS)  # its areas hold
    assert told["sentences"].startswith("In part: ")
    assert told["pointing"].startswith("No: in 50%")
    assert told["randomised"].startswith("In size, too much the text")
    assert "a correlation of +0.50 is left, still more than passes" in told["randomised"]
    assert "does not come from what was learned alone: there the correlation is +0.40" in told["randomised"]


def test_agreement_by_place_alone_is_explained():
    told = answers(result(randomised=random_weights(0.6)))["randomised"]
    assert told.startswith("In size, partly the text")
    assert (
        "near an end of their abstract (correlation with the distance: −0.60 for ours, −0.80 for random weights)"
        in told
    )
    assert "+0.10 is left, which passes" in told
    assert "near an end" not in answers(result(randomised=random_weights(0.6, place=-0.1)))["randomised"]


def test_classes_that_differ_in_hits_are_told_apart():
    told = answers(result(pointing=game(by_class=(hits(50, 90), hits(105, 110)))))["pointing"]
    assert "Where the model said “computational” it hit in 95%, where it said “not computational” in 56% only." in told
    assert "only." not in answers(result())["pointing"]
    assert "only." not in answers(result(pointing=game(by_class=(None, hits(105, 110)))))["pointing"]


def test_what_is_known_of_some_papers_is_drawn_on_those_and_says_so():
    few = scored(0.231, 0.12, 0.25, bounded=60)
    reasons = {"bounds": "40 of 100 abstracts have more than 10 sentences."}
    check, *_ = made(result(sentences=unit("sentence", removed=few), reasons=reasons))
    assert "on the 60 papers where every order was tried" in check.finding.caption
    assert "Every order was tried on 60 papers: there" in " ".join(check.finding.answer)
    assert reasons["bounds"] in check.finding.answer
    assert "the best possible: 25.0" not in check.finding.answer[0]
    rows = check.finding.values.rows
    assert rows[0][:6] == ("Fall when taken out (comprehensiveness)", "100", "23.1", "12.0", "–", "–")
    assert rows[1][:6] == ("of these, every order tried", "60", "23.1", "12.0", "25.0", "0.0")


def test_what_is_missing_has_its_reason(tmp_path):
    told = answers(NOTHING)
    assert set(outcomes(NOTHING).values()) == {UNKNOWN}
    assert told["tokens"] == f"Not known. {REASONS['tokens']}"
    assert told["flips"] == f"Not known. {REASONS['sentences']}"
    assert told["pointing"] == f"Not known. {REASONS['pointing']}"
    page = page_of(tmp_path, NOTHING)
    assert page.charts == {}
    assert "That is not known: none of the checks could be made." in text_of(page)


def test_without_results_the_page_says_so(tmp_path):
    assert "No model of this site was put to the test." in text_of(page_of(tmp_path))


def test_papers_the_model_may_know_are_warned_of(tmp_path):
    assert "Only 12 of these 100 papers are known to be new" in text_of(page_of(tmp_path, result(), held_out=12))
    assert "does not say what it was trained on" in text_of(page_of(tmp_path, result(), held_out=0))
    assert "surer than it should be" not in text_of(page_of(tmp_path, result()))


def test_the_baseline_is_named(tmp_path):
    assert "What is hidden is replaced by the average word" in text_of(page_of(tmp_path, result(baseline="mean")))


def marks(spec: dict) -> list[dict]:
    """The rows of a specification's data."""
    return [row for values in spec["datasets"].values() for row in values]


def test_dots_are_the_figures(tmp_path):
    page = page_of(tmp_path, result())
    rows = {(row["line"].split("|")[0], row["order"]): row["value"] for row in marks(page.charts["sentences"])}
    assert rows["taken out", OURS] == 0.231
    assert rows["taken out", RANDOM] == 0.12
    assert rows["taken out", BEST] == 0.25
    assert rows["kept alone", WORST] == 0.3
    assert {order for _, order in ((row["line"], row["order"]) for row in marks(page.charts["tokens"]))} == {
        OURS,
        RANDOM,
    }
    assert all(row["value"] <= 1 for row in marks(page.charts["flips"]))


def test_curves_hold_every_point():
    curves = {OURS: (0.9, 0.5, 0.4), RANDOM: (0.9, 0.7, 0.4)}
    spec = curve_spec((0.0, 0.5, 1.0), curves, palette=PALETTE, axis="x", answer="y")
    assert [(row["order"], row["x"], row["y"]) for row in marks(spec)] == [
        *((OURS, x, y) for x, y in ((0, 0.9), (0.5, 0.5), (1, 0.4))),
        *((RANDOM, x, y) for x, y in ((0, 0.9), (0.5, 0.7), (1, 0.4))),
    ]
    assert spec["encoding"]["y"]["scale"] == {"domain": [0, 1]}


def test_what_is_compared_with_is_a_line_or_a_band():
    def kinds(compared):
        rows = [("all", 0.8, 0.7, 0.9)]
        spec = interval_spec(
            rows, palette=PALETTE, compared=compared, says="chance", title="hits", limits=(0, 1), percent=True
        )
        return spec["layer"][0]["mark"]["type"]

    assert kinds((0.5, 0.5)) == "rule"
    assert kinds((0.4, 0.6)) == "rect"


def test_every_chart_has_its_place_its_description_and_its_values(tmp_path):
    page = page_of(tmp_path, result(), result())
    tree = parse(RENDERER.render(page))
    cards = tree.all("div", class_="chart-card")
    assert sorted(card.attributes["data-chart"] for card in cards) == sorted(page.charts)
    assert len(cards) == 18
    assert all(card.attributes["data-description"] for card in cards)
    assert len(tree.all("details", class_="values")) == 18
    ids = [node.attributes["id"] for node in tree if "id" in node.attributes]
    assert len(set(ids)) == len(ids)
    links = [node.attributes["href"] for panel in tree.all("ul", class_="checks") for node in panel.all("a")]
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert max(len(json.dumps(chart)) for chart in page.charts.values()) < 8_000


def test_models_are_named_where_there_are_several(tmp_path):
    def headings(*results):
        return [node.text for node in parse(RENDERER.render(page_of(tmp_path, *results))).all("h2", class_="headline")]

    assert headings(result()) == ["Yes, as far as checks can tell: all 5 held."]
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
