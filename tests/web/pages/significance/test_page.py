"""The page on chance: its numbers are the test's, and its words follow from them in every kind of corpus."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from sitegen.analysis.corpus.influence import SentenceEffects
from sitegen.analysis.significance.strata import positions
from sitegen.analysis.significance.test import Evidence, Standing, Status, judge
from sitegen.corpus.records import Record
from sitegen.web.pages.significance import by_class as sorting
from sitegen.web.pages.significance.charts import push_bins, push_spec
from sitegen.web.pages.significance.data import significance_json
from sitegen.web.pages.significance.page import significance_page
from sitegen.web.publish.render import Renderer
from sitegen.web.summary import RecordSummary
from sitegen.web.text.verdicts import AGAINST, CHANCE, chance_text, distinguishable, level_text, verdict
from tests.web.papers import HOSTILE, PALETTE, frame, parse, site

CLASSES = {"positive": "computational", "negative": "not computational"}
NAMES = ("not computational", "computational")
RENDERER = Renderer()
NONE = float("nan")


def corpus(records=60, sentences=6, *, planted=0.3, seed=0, **changed) -> Evidence:
    """Records of alternating classes; a share of sentences, lengths 5 to 40, pushes strongly toward its class."""
    rng = np.random.default_rng(seed)
    record = np.repeat(np.arange(records), sentences)
    label = np.arange(records) % 2
    effect = rng.normal(0, 0.1, record.size)
    strong = rng.random(record.size) < planted
    effect[strong] += np.where(label[record] == 1, 3.0, -3.0)[strong]
    columns = {
        "effect": effect,
        "record": record,
        "length": rng.integers(5, 41, record.size),
        "position": positions(record),
        "label": label,
        "standing": np.zeros(records),
        "null": np.ones(records),
    }
    return Evidence(**{name: np.asarray(value) for name, value in {**columns, **changed}.items()})


def of_few() -> Evidence:
    """Eight records, each with one strong sentence: too few to pass together, so no sentence could get a small q."""
    toward = np.where(np.arange(8) % 2 == 1, 1, -1)
    return corpus(8, 5, effect=np.outer(toward, [3, -0.1, -0.2, -0.15, -0.05]).ravel())


def sources(evidence: Evidence, text="Sentence {}.") -> tuple[SentenceEffects, list[RecordSummary]]:
    """Effects and summaries of `evidence`: abstracts of numbered sentences."""
    number = np.arange(evidence.record.size) - np.searchsorted(evidence.record, evidence.record)
    effects = SentenceEffects(
        record=evidence.record, number=number, effect=evidence.effect, change=np.tanh(evidence.effect / 2) / 2
    )
    summaries = []
    for k, label in enumerate(evidence.label.tolist()):
        parts = [text.format(n + 1) for n in range(int(np.sum(evidence.record == k)))]
        starts = np.cumsum([0, *(len(part) + 1 for part in parts)])
        record = Record(
            id=f"p{k}",
            title=text.format(k),
            abstract=" ".join(parts),
            label=None if label < 0 else label,
            facets={},
            metadata={},
            source="records.csv",
            line=k + 2,
        )
        spans = tuple((int(a), int(a) + len(part)) for a, part in zip(starts, parts, strict=False))
        summaries.append(
            RecordSummary(record=record, name=f"p{k}", probability=0.5, predicted=1, top=None, sentences=spans)
        )
    return effects, summaries


def page_of(folder, evidence, *, text="Sentence {}.", **changed):
    described = site(folder, **{"classes": CLASSES, **changed})
    effects, summaries = sources(evidence, text)
    return significance_page(
        described,
        frame(described, "significance.html", "How big must a change be to matter?"),
        significance=judge(evidence),
        evidence=evidence,
        effects=effects,
        summaries=summaries,
    )


def shown(page):
    return parse(RENDERER.render(page))


def text_of(page) -> str:
    return " ".join(shown(page).text.split())


@pytest.mark.parametrize(
    "evidence",
    [
        corpus(),
        of_few(),
        corpus(standing=[1] * 10 + [2] * 10 + [0] * 40),
        corpus(label=[-1] * 20 + [1, 0] * 20),
        corpus(null=[False] * 20 + [True] * 40),
        corpus(450, 3),  # pools large enough for strata
    ],
    ids=["plain", "few", "seen", "unlabelled", "kept out", "strata"],
)
def test_sorted_sentences_are_those_the_test_used(evidence):
    found = judge(evidence)
    assert found.stratified == (evidence.label.size == 450)
    tested = sorting.ClassResults.of(found, evidence, names=NAMES)
    assert sum(int(judged.sum()) for judged in tested.judged) == found.hypotheses
    assert [int(noise.sum()) for noise in tested.noise] == found.pools.sum(axis=1).tolist()
    assert sum(int(tested.passed(y).sum()) for y in (0, 1)) == int(found.distinguishable.sum())
    for y in (0, 1):
        line = tested.line(y)
        if line is not None and not found.stratified:  # what is at least as far passes, and p comes from this noise
            assert np.array_equal(tested.passed(y), tested.judged[y] & (tested.scaled >= line))
            weakest = tested.passed(y) & (tested.scaled == line)
            assert found.p[weakest][0] == pytest.approx(
                (1 + np.sum(tested.chance(y) >= line)) / (found.pools[y].sum() + 1)
            )


def test_the_page_counts_what_the_test_found(tmp_path):
    evidence = corpus()
    found = judge(evidence)
    assert found.calibrated
    assert found.discoveries > 50
    page = page_of(tmp_path, evidence)
    label = evidence.label[evidence.record]
    own = [int(np.sum(np.where(y == 1, evidence.effect, -evidence.effect)[label == y] > 0)) for y in (1, 0)]
    told = f"{found.discoveries} of the {sum(own)} sentences that push toward their paper's label stand out"
    assert page.answer[0].startswith(told)
    passed = [int(np.sum(found.distinguishable & (label == y))) for y in (1, 0)]
    assert [tile.value for tile in page.tiles[:2]] == [f"{n} of {of}" for n, of in zip(passed, own, strict=True)]
    for finding, n, of, against in zip(
        page.findings, passed, own, [np.sum(label == y) for y in (1, 0)] - np.array(own), strict=True
    ):
        assert finding.answer[0].startswith(f"{n} of {of} sentences of papers labelled")
        assert finding.answer[-1].startswith(f"{against} further sentences of these papers push toward")
    assert sum(row.sentences for row in page.wordings) == 360
    assert {row.wording: row.sentences for row in page.wordings}[AGAINST] == found.counts[Status.AGAINST]
    assert "None was refused" in text_of(page)


def test_thresholds_are_tau_in_log_odds_and_in_points_at_the_middle(tmp_path):
    evidence = corpus()
    found = judge(evidence)
    page = page_of(tmp_path, evidence)
    edges = found.edges.tolist()
    assert [row.length for row in page.lengths][:2] == [
        f"up to {edges[0] - 1} words",
        f"{edges[0]} to {edges[1] - 1} words",
    ]
    assert page.lengths[-1].length == f"{edges[-1]} words or more"
    for b, row in enumerate(page.lengths):
        for cell, y in zip(row.thresholds, (1, 0), strict=True):
            tau = found.tau[y, b]
            assert cell.effect == f"{tau:.2f}"
            assert float(cell.points) == pytest.approx(100 * (1 / (1 + np.exp(-tau)) - 0.5), abs=0.05)


def test_where_nothing_passes_the_table_says_how_far_chance_reaches(tmp_path):
    evidence = corpus(planted=0)
    page = page_of(tmp_path, evidence)
    own = int(np.sum(evidence.effect * (2 * evidence.label[evidence.record] - 1) > 0))
    assert page.answer[0] == f"None of the {own} sentences that push toward their paper's label stands out from chance."
    assert "the smallest q is" in page.answer[1]
    found = judge(evidence)
    rows = (evidence.label[evidence.record] == 0) & (found.bin == 0)
    cell = page.lengths[0].thresholds[0]
    assert (cell.effect, cell.chance) == ("", f"{evidence.effect[rows].max():.2f}")
    assert f"none chance reaches {cell.chance}" in text_of(page)
    assert not page.examples[0].passed


def test_a_corpus_too_small_for_q_says_so_and_gives_p(tmp_path):
    found = judge(of_few())
    assert found.tau_rule == "p"
    page = page_of(tmp_path, of_few())
    assert (
        f"at least {found.needed} would have to stand out together, and at most {found.possible} can" in page.answer[0]
    )
    text = text_of(page)
    assert "So no q is given, but p" in text
    assert "one sentence in twenty exceeds it by chance" in text
    assert "(p = …)" in text
    assert "(q = …)" not in text
    assert page.findings[0].answer[0].endswith(("has p ≤ .05.", "have p ≤ .05."))
    assert "stand out." not in text


def test_without_anything_to_judge_the_reason_is_all(tmp_path):
    page = page_of(tmp_path, corpus(standing=[Standing.TRAINING] * 30 + [Standing.VALIDATION] * 30))
    assert page.answer[0].startswith("That cannot be said here")
    assert (page.tiles, page.findings, page.examples, page.charts) == ((), (), (), {})
    assert [(row.wording, row.papers, row.sentences) for row in page.refusals] == [
        ("not calibrated: training record", 30, 180),
        ("not calibrated: validation record", 30, 180),
    ]
    assert not shown(page).all("table", class_="thresholds")


def test_a_corpus_of_nothing_has_a_page(tmp_path):
    empty = {name: np.zeros(0) for name in ("effect", "record", "length", "position", "label", "standing", "null")}
    assert "no sentence of these papers could be judged" in text_of(page_of(tmp_path, Evidence(**empty)))


def test_papers_kept_out_of_the_noise_are_counted_with_the_reason(tmp_path):
    null = {"column": "kind", "values": ["typical", "plain"], "reason": "The others mislead."}
    evidence = corpus(null=[False] * 7 + [True] * 53)
    told = page_of(tmp_path, evidence, significance={"null": null}).null
    assert told[0] == (
        "Chance is measured in papers whose “kind” is “typical” or “plain”. 7 other papers of 60 are kept out of it."
    )
    assert told[1] == "The others mislead."
    assert page_of(tmp_path, corpus(), significance={"null": null}).null == ()


def test_examples_are_the_strongest_one_a_record_and_lead_to_their_place(tmp_path):
    evidence = corpus()
    found = judge(evidence)
    page = page_of(tmp_path, evidence)
    toward = page.examples[0]
    rows = np.flatnonzero(found.distinguishable & (evidence.label[evidence.record] == 1))
    best = rows[np.argmax(evidence.effect[rows])]
    number = best - evidence.record[best] * 6 + 1
    first = toward.passed[0]
    assert (first.text, first.href) == (f"Sentence {number}.", f"records/p{evidence.record[best]}.html#s{number}")
    assert first.effect == f"+{evidence.effect[best]:.2f}"
    assert first.chance.startswith("q ")
    assert len({quoted.title for quoted in toward.passed}) == 3
    assert all(quoted.effect.startswith("−") for quoted in page.examples[1].passed)


def test_bars_are_split_at_the_line_and_hold_every_sentence():
    own, noise = np.array([-50.0, -1, 0, 0.5, 2, 2.5, 9]), np.array([-3.0, 0, 0, 1.99])
    bins = push_bins(own, noise, threshold=2.0)
    assert (sum(b.judged for b in bins), sum(b.noise for b in bins)) == (7, 4)
    assert sum(b.judged for b in bins if b.passes) == 3
    assert sum(b.noise for b in bins if b.passes) == 0
    assert next(b.low for b in bins if b.passes) == pytest.approx(2.0)
    spec = push_spec(bins, threshold=2.0, toward="a", positive=True, palette=PALETTE, passes="stands out")
    bars = next(iter(values for values in spec["datasets"].values() if "sentences" in values[0]))
    assert sum(bar["share"] for bar in bars) == pytest.approx(100, abs=1e-3)
    assert {bar["kind"] for bar in bars if bar["from"] >= 1.9999} == {"stands out"}
    assert not any(b.passes for b in push_bins(own, noise, threshold=None))


def test_every_chart_has_its_place_its_description_and_its_values(tmp_path):
    page = page_of(tmp_path, corpus())
    tree = shown(page)
    cards = tree.all("div", class_="chart-card")
    assert (
        [card.attributes["data-chart"] for card in cards] == list(page.charts) == ["toward-positive", "toward-negative"]
    )
    assert all(card.attributes["data-description"] for card in cards)
    assert len(tree.all("details", class_="values")) == 2
    assert len(json.dumps(page.charts["toward-positive"])) < 12_000


def test_every_entry_of_the_contents_leads_to_a_heading(tmp_path):
    for evidence in (corpus(), of_few(), corpus(label=[-1] * 60)):
        tree = shown(page_of(tmp_path, evidence))
        wanted = [node.attributes["href"].removeprefix("#") for node in tree.one("nav", class_="questions").all("a")]
        ids = [node.attributes["id"] for node in tree if "id" in node.attributes]
        assert len(set(ids)) == len(ids)
        assert set(wanted) <= set(ids)


def test_no_text_becomes_markup(tmp_path):
    def hostile(text):
        null = {"column": text, "values": [text], "reason": text}
        classes = {"positive": f"{text}+", "negative": f"{text}-"}
        evidence = corpus(null=[False] * 7 + [True] * 53)
        wrapped = text.replace("{", "{{").replace("}", "}}") + " {}"
        models = [{"name": text, "path": "m"}]
        return shown(
            page_of(
                tmp_path,
                evidence,
                text=wrapped,
                classes=classes,
                significance={"null": null},
                title=text,
                models=models,
            )
        )

    assert hostile(HOSTILE).skeleton == hostile("x").skeleton


def test_the_data_are_the_tests_numbers(tmp_path):
    evidence = corpus(standing=[1] * 4 + [0] * 56, label=[1, 0] * 29 + [-1, -1])
    found = judge(evidence)
    data = json.loads(
        json.dumps(significance_json(site(tmp_path, classes=CLASSES), significance=found, evidence=evidence))
    )
    assert (data["hypotheses"], data["discoveries"], data["needed"], data["possible"]) == (
        found.hypotheses,
        found.discoveries,
        found.needed,
        found.possible,
    )
    assert data["refused"]["training"] == 24
    assert data["refused"]["unlabelled"] == 12
    assert sum(data["statuses"].values()) == data["sentences"] == 360
    assert (data["rule"], data["records"], data["labelled"]) == ("q <= 0.1", 60, 58)
    assert [(row["class"], row["label"]) for row in data["classes"]] == [("computational", 1), ("not computational", 0)]
    for row in data["classes"]:
        y = row["label"]
        assert sum(row["noise"].values()) == found.pools[y].sum()
        assert sum(item["judged"] for item in row["lengths"]) == row["judged"]
        assert [item["tau"] for item in row["lengths"]] == [None if np.isnan(t) else t for t in found.tau[y].tolist()]
    assert data["lengths"][0]["from"] is None
    assert data["lengths"][0]["to"] == found.edges[0] - 1
    assert data["lengths"][1]["from"] == found.edges[0]
    assert data["lengths"][-1]["to"] is None


def test_the_data_of_a_corpus_that_cannot_be_judged_have_no_rule(tmp_path):
    evidence = corpus(label=[-1] * 60)
    data = significance_json(site(tmp_path), significance=judge(evidence), evidence=evidence)
    assert (data["rule"], data["hypotheses"], data["classes"][0]["lengths"][0]["tau"]) == (None, 0, None)
    json.dumps(data, allow_nan=False)


def test_the_wordings():
    said = {status: verdict(status, toward="art", p=NONE, q=NONE) for status in Status}
    assert verdict(Status.DISTINGUISHABLE, toward="art", p=0.001, q=0.03) == (
        "pushes toward art more than sentences of this length in the other class do (q = .03)"
    )
    assert verdict(Status.DISTINGUISHABLE, toward="art", p=0.03, q=NONE).endswith("(p = .03)")
    assert said[Status.CHANCE] == CHANCE == "not distinguishable from sentences of this length in the other class"
    assert said[Status.AGAINST] == "pushes against this record's label: not judged by this test"
    assert said[Status.TRAINING] == "not calibrated: training record"
    assert said[Status.UNLABELLED] == "no gold label"
    assert len(set(said.values())) == len(Status)
    assert distinguishable("art") == said[Status.DISTINGUISHABLE]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.03, ".03"),
        (0.1, ".10"),
        (0.104, ".104"),
        (0.0999, ".10"),
        (0.004, ".004"),
        (0.05, ".05"),
        (0.5, ".50"),
        (1, "1"),
    ],
)
def test_levels(value, text):
    assert level_text(value) == text


def test_a_very_small_share_is_not_zero():
    assert chance_text(p=NONE, q=0.0001) == "q < .001"
    assert chance_text(p=NONE, q=NONE) == ""


def test_a_changed_alpha_is_told(tmp_path):
    evidence = corpus()
    effects, summaries = sources(evidence)
    described = site(tmp_path, classes=CLASSES)
    page = significance_page(
        described,
        frame(described, "significance.html"),
        significance=replace(judge(evidence, alpha=0.05)),
        evidence=evidence,
        effects=effects,
        summaries=summaries,
    )
    assert (page.alpha, page.by_luck) == ("5%", "5 in a hundred")
    assert any("q ≤ .05" in fact.note for fact in page.facts)


def test_a_sentence_at_the_line_is_on_its_right_whatever_rounding_does():
    for line in np.random.default_rng(0).uniform(0.1, 80, 200).tolist():
        bins = push_bins([line, np.nextafter(line, 0)], [0.0], threshold=line)
        assert [sum(b.judged for b in bins if b.passes == passes) for passes in (True, False)] == [1, 1]
