"""The page on faithfulness: what to trust and every verdict follow from the figures, for good or bad."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from sitegen.analysis.faithfulness.erasure import Curve, ErasureMetrics, Flip, MetricMean, OrderCurve, OrderMean
from sitegen.analysis.faithfulness.hybrids import HybridRates, Hybrids
from sitegen.analysis.faithfulness.measures import MEASURES, WORD_MEASURES
from sitegen.analysis.faithfulness.planted import Planted, PlantedRates
from sitegen.analysis.faithfulness.randomised import Agreement, Randomised
from sitegen.analysis.faithfulness.rates import Rate
from sitegen.analysis.faithfulness.report import Faithfulness, from_json
from sitegen.analysis.faithfulness.trust import Score, Trust
from sitegen.web.pages.faithfulness.charts import OURS, Interval, curve_spec, interval_spec
from sitegen.web.pages.faithfulness.checks import (
    Check,
    Outcome,
    agreement_outcome,
    figure,
    hybrids_outcome,
    outcomes_counted,
    planted_outcome,
    together,
    way_to_best,
)
from sitegen.web.pages.faithfulness.page import Checked, checks, faithfulness_json, faithfulness_page
from sitegen.web.pages.faithfulness.trusted import trust_evidence, trust_sentence, trust_table
from sitegen.web.pages.faithfulness.wording import BEST, RANDOM, WORST
from sitegen.web.publish.render import Renderer
from tests.web.papers import HOSTILE, PALETTE, frame, parse, site

RENDERER = Renderer()
CLASSES = ("not computational", "computational")
HOLDS, IN_PART, FAILS, UNKNOWN = Outcome.HOLDS, Outcome.IN_PART, Outcome.FAILS, Outcome.UNKNOWN
REASONS = {
    "trust": "Too few papers to tell.",
    "hybrids": "No mixed abstracts were asked for.",
    "planted": "There are no neutral sentences.",
    "tokens": "No paper has two words that the model reads.",
    "sentences": "No abstract has two sentences.",
    "randomised": "No randomised model was given.",
}


def scored(value, random, best=None, worst=None, *, error: float | None = 0.01, others=(), of=MEASURES) -> MetricMean:
    """value: of the measure that the pages lead with, which comes first; others: of the rest."""
    values = [value, *(others or [value] * (len(of) - 1))]
    return MetricMean(
        by_measure=tuple(OrderMean(measure=m, value=v, error=error) for m, v in zip(of, values, strict=True)),
        random=random,
        best=best,
        worst=worst,
    )


def curve(area: MetricMean, *, bounds=False) -> Curve:
    return Curve(
        fractions=(0.0, 0.5, 1.0),
        by_measure=tuple(OrderCurve(measure=one.measure, values=(0.9, 0.5, 0.4)) for one in area.by_measure),
        random=(0.9, 0.7, 0.4),
        best=(0.9, 0.45, 0.4) if bounds else None,
        worst=(0.9, 0.95, 0.4) if bounds else None,
        area=area,
    )


def unit(kind, *, removed=None, kept=None, flip=None, left_out=0) -> ErasureMetrics:
    sentences = kind == "sentence"
    of = MEASURES if sentences else WORD_MEASURES
    return ErasureMetrics(
        unit=kind,
        records=100,
        left_out=left_out,
        segments=800,
        measures=of,
        comprehensiveness=removed
        or scored(
            0.231,
            0.12,
            *((0.25, -0.02) if sentences else ()),
            of=of,
            others=(0.22, 0.15) if sentences else (0.2,),
        ),
        sufficiency=kept or scored(-0.01, 0.09, *((-0.03, 0.3) if sentences else ()), of=of),
        deletion=curve(scored(0.55, 0.68, of=of), bounds=sentences),
        insertion=curve(scored(0.85, 0.72, of=of), bounds=sentences),
        flip=Flip(fraction=flip or scored(0.55, 0.72, of=of), rate=scored(0.8, 0.7, of=of)),
    )


def rate(value, *, low=None, high=None, documents=200) -> Rate:
    return Rate(
        documents=documents,
        value=value,
        low=max(value - 0.05, 0.0) if low is None else low,
        high=min(value + 0.05, 1.0) if high is None else high,
    )


def mixed(auc=(0.93, 0.92, 0.81), strongest=(0.95, 0.96, 0.9), by_class=None, **changed) -> Hybrids:
    parts = {
        "documents": 200,
        "per_class": 2,
        "neutral": 1,
        "sources": (60, 50),
        "disjoint": 150,
        "misread": 10,
        "explained": (90, 110),
        "chance": 0.4,
        "by_measure": tuple(
            HybridRates(
                measure=measure,
                auc=rate(a),
                strongest=rate(s),
                strongest_by_class=by_class or (rate(s), rate(s)),
                above_neutral=(rate(0.83), rate(0.86)),
            )
            for measure, a, s in zip(MEASURES, auc, strongest, strict=True)
        ),
    }
    return Hybrids(**{**parts, **changed})


def planted(negative=(0.77, 0.79, 0.59), positive=(0.87, 0.88, 0.78), **changed) -> Planted:
    parts = {
        "documents": 90,
        "available": 90,
        "by_class": (40, 50),
        "misread": 10,
        "neutral": 30,
        "chance": (0.12, 0.13),
        "by_measure": tuple(
            PlantedRates(
                measure=measure,
                above=(rate(n), rate(p)),
                on_top=(rate(0.03), rate(0.0)),
            )
            for measure, n, p in zip(MEASURES, negative, positive, strict=True)
        ),
    }
    return Planted(**{**parts, **changed})


def agreement(measure="share", correlation=0.05, **changed) -> Agreement:
    parts = {
        "measure": measure,
        "correlation": correlation,
        "error": 0.02,
        "by_model": (correlation - 0.01, correlation + 0.01),
        "signed": 0.03,
        "place": -0.6,
        "random_place": -0.8,
        "partial": 0.1,
        "partial_records": 35,
    }
    return Agreement(**{**parts, **changed})


def random_weights(correlations=(0.05, -0.02, 0.65), *, available=40, **changed) -> Randomised:
    return Randomised(
        records=38,
        left_out=2,
        available=available,
        models=2,
        limit=0.2,
        by_measure=tuple(agreement(m, r, **changed) for m, r in zip(MEASURES, correlations, strict=True)),
    )


def trust(scores=(0.87, 0.88, 0.75), trusted=("share", "read_alone"), *, hybrids=True, real=True) -> Trust:
    return Trust(
        hybrids=hybrids,
        planted=real,
        scores=tuple(
            Score(measure=m, score=s, error=0.01, behind=max(scores) - s, behind_error=0.01)
            for m, s in zip(MEASURES, scores, strict=True)
        ),
        trusted=trusted,
    )


def result(**changed) -> Faithfulness:
    parts = {
        "records": 100,
        "seed": 0,
        "shuffles": 10,
        "baseline": "deleted",
        "neutral": 30,
        "trust": trust(),
        "hybrids": mixed(),
        "planted": planted(),
        "tokens": unit("token"),
        "sentences": unit("sentence"),
        "randomised": random_weights(),
    }
    return Faithfulness(**{**parts, **changed})


MINUS = "\N{MINUS SIGN}"
NOTHING = result(trust=None, hybrids=None, planted=None, tokens=None, sentences=None, randomised=None, reasons=REASONS)


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
    assert figure(found, "share", high=high) is outcome


def test_each_measure_has_its_own_outcome():
    found = scored(0.3, 0.2, 0.32, others=(0.2, 0.1))
    assert [figure(found, measure, high=True) for measure in MEASURES] == [HOLDS, FAILS, FAILS]


def test_the_way_to_the_best():
    assert way_to_best(scored(0.3, 0.2, 0.4), "share") == pytest.approx(0.5)
    assert way_to_best(scored(0.1, 0.2, 0.0), "share") == pytest.approx(0.5)
    assert way_to_best(scored(0.3, 0.2), "share") is None
    assert way_to_best(scored(0.2, 0.2, 0.2), "share") is None


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
        (mixed(), HOLDS),
        (mixed(auc=(0.74, 0.9, 0.9)), IN_PART),
        (mixed(auc=(0.54, 0.9, 0.9)), IN_PART),  # it points right all the same
        (mixed(auc=(0.54, 0.9, 0.9), strongest=(0.44, 0.9, 0.9)), FAILS),
        (mixed(auc=(0.93, 0.5, 0.5)), HOLDS),  # the others don't count
    ],
)
def test_mixed_abstracts_must_be_sorted_beyond_doubt(found, outcome):
    assert hybrids_outcome(found) is outcome


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (planted(), HOLDS),
        (planted(negative=(0.7, 0.9, 0.9)), IN_PART),
        (planted(negative=(0.52, 0.9, 0.9)), IN_PART),
        (planted(negative=(0.52, 0.9, 0.9), positive=(0.5, 0.9, 0.9)), FAILS),
    ],
)
def test_the_papers_own_sentences_must_lie_above_in_either_class(found, outcome):
    assert planted_outcome(found) is outcome


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (agreement(correlation=0.2), HOLDS),
        (agreement(correlation=-0.21, partial=-0.3), FAILS),
        (agreement(correlation=0.6), IN_PART),
        (agreement(correlation=0.6, partial=0.21), FAILS),
        (agreement(correlation=0.6, partial=None), FAILS),
    ],
)
def test_random_weights_must_not_rank_alike(found, outcome):
    assert agreement_outcome(found, 0.2) is outcome


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([HOLDS] * 6, "All 6 checks held."),
        ([HOLDS, UNKNOWN], "The one check that was made held."),
        ([HOLDS, HOLDS, HOLDS, IN_PART, FAILS], "3 of 5 checks held, 1 in part, 1 did not."),
        ([FAILS, FAILS], "0 of 2 checks held, 2 did not."),
        ([UNKNOWN], "None of the checks could be made."),
    ],
)
def test_checks_are_counted(found, said):
    assert outcomes_counted(found) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            trust((0.88, 0.8, 0.7), ("share",)),
            "On these papers and this model, trust a sentence's share: where the right answer is known, it finds it "
            "more often than the other two.",
        ),
        (
            trust((0.7, 0.7, 0.9), ("leave_one_out",)),
            "On these papers and this model, trust leaving it out: where the right answer is known, it finds it more "
            "often than the other two.",
        ),
        (
            trust((0.87, 0.88, 0.75), ("read_alone", "share")),
            "On these papers and this model, trust a sentence's share and what it says alone alike: where the right "
            "answer is known, both find it more often than leaving it out, and about equally often.",
        ),
        (
            trust((0.9, 0.9, 0.9), MEASURES),
            "On these papers and this model, a sentence's share, what it says alone and leaving it out are equally "
            "good: where the right answer is known, all three find it about as often.",
        ),
        (
            trust((0.51, 0.5, 0.5), ()),
            "On these papers and this model, trust none of the three measures: where the right answer is known, none "
            "finds it more often than guessing would.",
        ),
        (
            trust((0.66, 0.6, 0.5), ("share",)),
            "On these papers and this model, no measure is good; the best is a sentence's share: where the right "
            "answer is known, it finds it in 66% of comparisons, and guessing in 50%.",
        ),
        (
            trust((0.66, 0.65, 0.5), ("share", "read_alone")),
            "On these papers and this model, no measure is good; the best are a sentence's share and what it says "
            "alone: where the right answer is known, they find it in 66% of comparisons at most, and guessing in 50%.",
        ),
        (None, "Which measure to trust is not known here. Too few papers to tell."),
    ],
)
def test_the_sentence_on_top_follows_from_the_numbers(tmp_path, found, said):
    about = result(trust=found, reasons={} if found else REASONS)
    assert trust_sentence(about) == said
    assert said in text_of(page_of(tmp_path, about))


def test_the_numbers_behind_the_sentence_are_told():
    (told, rule) = trust_evidence(result())
    assert "a sentence's share in 87%, what it says alone in 88% and leaving it out in 75% of cases" in told
    assert "by guessing in 50%" in told
    assert "both count half" in told
    assert "at most 3.0 percentage points, or 2 standard errors" in rule
    assert "mixed" not in trust_evidence(result(trust=trust(hybrids=False)))[0]
    assert "neutral" not in trust_evidence(result(trust=trust(real=False)))[0]
    assert trust_evidence(NOTHING) == ()


def table_of(found: Faithfulness) -> list[list[str]]:
    table = trust_table(found, CLASSES, "")
    return [[f"*{cell.text}*" if cell.best else cell.text for cell in row.cells] for row in table.rows]


def test_the_table_sets_the_measures_side_by_side():
    assert table_of(result()) == [
        ["*93%*", "95%", "87%", "77%", "*23.1*", "+0.05"],
        ["92%", "*96%*", "*88%*", "*79%*", "22.0", f"*{MINUS}0.02*"],
        ["81%", "90%", "78%", "59%", "15.0", "+0.65"],
        ["50%", "40%", "50%", "50%", "12.0", "0.00"],
    ]
    rows = trust_table(result(), CLASSES, "-2").rows
    assert [row.trusted for row in rows] == [True, True, False, False]
    assert {column.link for column in trust_table(result(), CLASSES, "-2").columns} == {
        "hybrids-2",
        "planted-2",
        "sentences-2",
        "randomised-2",
    }


def test_numbers_that_read_the_same_are_best_alike_and_what_was_not_tried_is_a_dash():
    assert [row[0] for row in table_of(result(hybrids=mixed(auc=(0.931, 0.934, 0.8))))][:2] == ["*93%*", "*93%*"]
    assert all(cell == "–" for row in table_of(NOTHING) for cell in row)


def test_good_figures_are_told_with_their_numbers(tmp_path):
    assert set(outcomes(result()).values()) == {HOLDS}
    told = answers(result())
    assert told["hybrids"].startswith(
        "Yes: in 200 mixed abstracts a sentence from papers of “computational” lies above one of “not computational” "
        "in 93% (its share), 92% (alone) and 81% (without it) of comparisons; guessing: 50%."
    )
    assert "and one neutral sentence, such as “All rights reserved.”, shuffled" in told["hybrids"]
    assert "10 papers that the model gets wrong left out" in told["hybrids"]
    assert told["planted"].startswith(
        "Yes: a paper's own sentences lie above a neutral one, in papers of “computational” in 87% (its share)"
    )
    assert "in papers of “not computational” in 77% (its share), 79% (alone) and 59% (without it)" in told["planted"]
    assert told["sentences"].startswith(
        "Yes: with the strongest sentences taken out first, the probability of the model's answer falls by 23.1 (its "
        "share), 22.0 (alone) and 15.0 (without it) percentage points on average. In random order: 12.0; the best "
        "possible: 25.0."
    )
    assert "With nothing else kept, it changes by +1.0 (its share)" in told["sentences"]
    assert f"In random order: {MINUS}9.0; the best possible: +3.0." in told["sentences"]
    assert "the best possible" not in told["tokens"]
    assert "A word has no share" in told["tokens"]
    assert told["flips"].startswith("Less than by chance. On average one must take out 55% (its share)")
    assert told["randomised"].startswith("The model:")
    text = text_of(page_of(tmp_path, result()))
    assert "by which these pages colour and rank sentences: all 6 checks held." in text
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
    assert told["sentences"].startswith("In part: ")
    assert told["hybrids"].startswith("No: in 200 mixed abstracts")
    assert told["randomised"].startswith("In size, too much the text")
    assert "a correlation of +0.50 is left, still more than passes" in told["randomised"]
    assert "does not come from what was learned alone by every measure" in told["randomised"]


def test_agreement_by_place_alone_is_explained():
    told = answers(result())["randomised"]
    assert "Of the sizes by leaving it out: both kinds of model move more with sentences near an end" in told
    assert f"(correlation with the distance: {MINUS}0.60 for ours, {MINUS}0.80 for random weights)" in told
    assert "+0.10 is left, which passes" in told
    assert "near an end" not in answers(result(randomised=random_weights(place=-0.1)))["randomised"]


def test_classes_that_differ_in_hits_are_told_apart():
    told = answers(result(hybrids=mixed(by_class=(rate(0.56), rate(0.95)))))["hybrids"]
    assert "Where the model says “computational”, a sentence's share points right in 95%, where it says “not" in told
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
    assert "none of the checks could be made." in text_of(page)


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


def marks(spec: dict) -> list[dict]:
    """The rows of a specification's data."""
    return [row for values in spec["datasets"].values() for row in values]


def test_dots_are_the_figures_and_carry_their_text(tmp_path):
    page = page_of(tmp_path, result())
    rows = {(row["name"], row["order"]): (row["value"], row["text"]) for row in marks(page.charts["sentences"])}
    assert rows["its share", OURS] == (23.1, "23.1")
    assert rows["without it", OURS] == (15.0, "15.0")
    assert rows["its share", RANDOM] == (12.0, "12.0")
    assert rows["alone", BEST] == (25.0, "25.0")
    assert rows["alone", WORST] == (-2.0, f"{MINUS}2.0")
    assert {order for _, order in ((row["name"], row["order"]) for row in marks(page.charts["tokens"]))} == {
        OURS,
        RANDOM,
    }
    assert all(row["value"] <= 1 for row in marks(page.charts["flips"]))


def test_intervals_carry_the_texts_of_the_page(tmp_path):
    page = page_of(tmp_path, result())
    rows = {row["name"]: row for row in marks(page.charts["hybrids"]) if "name" in row}
    assert (rows["its share"]["text"], rows["its share"]["between"]) == ("93%", "88% to 98%")
    rows = {(row["name"], row["group"]): row["text"] for row in marks(page.charts["planted"]) if "name" in row}
    assert rows["without it", "not computational"] == "59%"
    assert rows["without it", "computational"] == "78%"


def test_curves_hold_every_point():
    curves = {"its share": (0.9, 0.5, 0.4), RANDOM: (0.9, 0.7, 0.4)}
    texts = {"its share": ("90%", "50%", "40%"), RANDOM: ("90%", "70%", "40%")}
    spec = curve_spec((0.0, 0.5, 1.0), curves, texts, palette=PALETTE, axis="x", answer="y")
    assert [(row["order"], row["x"], row["y"], row["text"]) for row in marks(spec)] == [
        *(("its share", x, y, t) for x, y, t in ((0, 0.9, "90%"), (0.5, 0.5, "50%"), (1, 0.4, "40%"))),
        *((RANDOM, x, y, t) for x, y, t in ((0, 0.9, "90%"), (0.5, 0.7, "70%"), (1, 0.4, "40%"))),
    ]
    assert spec["encoding"]["y"]["scale"] == {"domain": [0, 1]}


def test_what_is_compared_with_is_a_line_or_a_band():
    row = Interval(name="all", group="", value=0.8, low=0.7, high=0.9, text="80%", between="70% to 90%")

    def kinds(band):
        spec = interval_spec([row], palette=PALETTE, compared=0.5, band=band, says="guessing", title="hits")
        return spec["layer"][0]["mark"]["type"]

    assert (kinds(0.0), kinds(0.1)) == ("rule", "rect")


def test_every_chart_has_its_place_its_description_and_its_values(tmp_path):
    page = page_of(tmp_path, result(), result())
    tree = parse(RENDERER.render(page))
    cards = tree.all("div", class_="chart-card")
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
