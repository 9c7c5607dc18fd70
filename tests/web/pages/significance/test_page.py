"""The page on the test: its numbers are the test's, and its words follow from them in every kind of corpus."""

from __future__ import annotations

import json
import re

import altair
import numpy as np
import pytest

from sitegen.analysis.significance import test as judging
from sitegen.analysis.significance.evidence import Mark, Why
from sitegen.web.components import Answer, Finding, Table
from sitegen.web.pages.significance.charts import alone_bins
from sitegen.web.pages.significance.data import significance_json
from sitegen.web.pages.significance.parts import ControlList, Examples, Facts, Wordings
from tests.web.pages.significance.corpora import answers, corpus, page_of, results_of, shown, text_of, verdicts_of
from tests.web.papers import HOSTILE, site

LARGE = {"records": 300, "sentences": 8}  # enough for five bins of length that each hold 100
UNTESTED = {
    "none of these papers has a label": corpus(label=[-1] * 60),
    "the model learned from every paper here that has a label": corpus(standing=[1, 2] * 30),
    "the model does not say which papers it was trained on": corpus(standing=[3] * 60),
    "there is nothing to compare with": corpus(label=[1] * 60),
    "no paper here has an abstract": corpus(records=3, sentences=0),
    "no paper that has a label, and that the model has not seen, has an abstract": corpus(placeholder=[True] * 360),
    "the papers of one class have no abstracts": corpus(placeholder=np.repeat([True, False] * 30, 6)),
}
FORBIDDEN = re.compile(r"significant|important|\bproves?\b|\bcaused?\b|sure\b|\bpush|strength|more than chance", re.I)


def part(page, kind):
    """The page's one part of a kind."""
    [found] = [one for section in page.sections for one in section.parts if isinstance(one, kind)]
    return found


def heads(page) -> dict[str, Finding | Answer]:
    return {section.head.key: section.head for section in page.sections}


def control(page, name):
    [found] = [one for one in part(page, ControlList).controls if one.name == name]
    return found


def test_the_answer_stands_first_and_is_the_tests(tmp_path):
    results = results_of(tmp_path, corpus())
    page = page_of(tmp_path, corpus())
    positive, negative = results.classes
    assert 0 < negative.test.passed < negative.test.family == 180
    assert page.answer[0] == (
        f"{positive.test.passed} of 180 sentences from “computational” papers and {negative.test.passed} of 180 from "
        "“not computational” papers are clear (◆)."
    )
    assert page.answer[2] == (
        "Of the sentences marked this way, about one in twenty at most should be no different from sentences of the "
        "other class."
    )
    assert [tile.value for tile in page.tiles] == [
        f"{positive.test.passed} of 180",
        f"{negative.test.passed} of 180",
        "0 of 30",
    ]


@pytest.mark.parametrize(("reason", "evidence"), UNTESTED.items())
def test_a_site_without_a_test_says_why_and_what_would_help(tmp_path, reason, evidence):
    page = page_of(tmp_path, evidence)
    assert page.answer[0].startswith(f"No sentence could be tested: {reason}")
    assert page.answer[-1].startswith("What would help: ") or reason == "no paper here has an abstract"
    assert (page.charts, page.tiles) == ({}, ())
    assert {"toward-positive", "enough", "examples"}.isdisjoint(heads(page))
    assert heads(page)["controls"].answer.startswith("That cannot be said here.")


def test_one_class_that_the_model_has_seen_is_said_to_be_there(tmp_path):
    page = page_of(tmp_path, corpus(standing=[1, 0] * 30))
    assert "All 30 papers that could serve are labelled “computational”." in page.answer[0]
    assert page.answer[1].endswith("none is of that class, though the model was trained on some that are.")


def test_too_few_papers_are_said_to_be_too_few(tmp_path):
    """With m sentences to compare with, the least p is 1 / (m + 1): more than .05 for all m < 19."""
    page = page_of(tmp_path, corpus(4, 9, planted=1.0))
    assert page.answer[0] == "None of 36 sentences is clear (◆): there are too few papers to tell."
    assert page.answer[1].startswith("For “computational”, sentences can be compared with 18 sentences of the other")
    assert "at least 19 are needed to compare with" in page.answer[1]
    assert page.answer[3] == "What would help: more papers with a label which the model was not trained on."
    assert page_of(tmp_path, corpus(4, 10, planted=1.0)).answer[0].startswith("20 of 20 sentences")


def test_where_some_could_pass_the_page_says_how_many_would_have_to(tmp_path):
    page, results = page_of(tmp_path, corpus(planted=0.02)), results_of(tmp_path, corpus(planted=0.02))
    positive = results.classes[0]
    assert (positive.test.passed, positive.test.needed) == (0, 20)
    assert 0 < positive.furthest < 20
    assert (
        "For “computational”, at least 20 sentences would have to go further than every sentence from “not "
        f"computational” papers; {positive.furthest} do." in page.answer[1]
    )
    assert "does not mean that they are neutral" in page.answer[1]


def test_many_papers_in_which_nothing_passes_say_something_of_the_model(tmp_path):
    few, many = (page_of(tmp_path, corpus(n, 2, planted=0.0)) for n in (148, 150))
    assert "too few papers" in few.answer[0]
    assert "too few papers" not in many.answer[0]
    assert any("this model hardly tells “computational” papers from others" in line for line in many.answer)


def test_a_class_in_which_too_many_pass_without_its_words_is_warned_of(tmp_path):
    quiet, warned = (page_of(tmp_path, corpus(), asked=answers(stripped_at=at)) for at in (0.0, 9.0))
    line = "being clear partly means that the model found nothing “computational” in the sentence."
    assert not any(line in one for one in quiet.answer)
    assert f"For “not computational”, {line}" in warned.answer
    checked = control(warned, "Sentences without their class's words")
    assert checked.outcome == "fails"
    assert "50 passed (100%)" in checked.answer
    assert checked.meaning[0].startswith("Warning: more than 5% pass for “computational”.")
    assert control(quiet, "Sentences without their class's words").outcome == "holds"


def test_five_in_a_hundred_are_put_up_with(tmp_path):
    """The rate is above 5% from 3 of 50 on."""
    asked = answers()
    margins = np.zeros(100)
    for passing, outcome in ((2, "holds"), (3, "fails")):
        margins[1 : 2 * passing : 2] = 9.0
        some = type(asked)(
            **{name: getattr(asked, name) for name in asked.__slots__ if name != "stripped_margins"},
            stripped_margins=margins,
        )
        page = page_of(tmp_path, corpus(), asked=some)
        assert control(page, "Sentences without their class's words").outcome == outcome


def test_neutral_sentences_that_pass_are_named(tmp_path):
    none, all_of_them = (page_of(tmp_path, corpus(), asked=answers(at=at)) for at in (0.0, 9.0))
    assert control(none, "Neutral sentences").answer == "30 neutral sentences were put in: none passed."
    told = control(all_of_them, "Neutral sentences")
    assert (told.outcome, told.answer) == ("fails", "30 neutral sentences were put in: 30 passed.")
    assert "“Neutral 7.” (for “computational”)" in told.meaning[0]
    assert {row[2] for row in told.values.rows} == {"for “computational”"}
    assert all_of_them.tiles[-1].value == "30 of 30"


def test_a_language_without_a_list_is_told_how_to_add_one(tmp_path):
    page = page_of(tmp_path, corpus(), asked=answers(neutral=0), language="eo")
    told = control(page, "Neutral sentences")
    assert told.outcome == "unknown"
    assert "no list of neutral sentences in this site's language (“eo”)" in told.answer
    assert any('neutral = "neutral.txt"' in line for line in told.meaning)
    assert not any("neutral" in tile.caption for tile in page.tiles)
    assert any("no text at all" in fact.note for fact in part(page, Facts).facts if fact.name == "Zero")


def test_controls_say_nothing_where_nothing_passes(tmp_path):
    page = page_of(tmp_path, corpus(planted=0.0), asked=answers(at=9.0, stripped_at=9.0))
    for name in ("Neutral sentences", "Sentences without their class's words"):
        told = control(page, name)
        assert told.outcome == "unknown"
        assert any("this says nothing here" in line for line in told.meaning)


def test_few_papers_leave_few_ways_to_deal_their_labels(tmp_path):
    small, large = (control(page_of(tmp_path, corpus(n, 12)), "Labels dealt anew") for n in (18, 20))
    assert (small.outcome, large.outcome) == ("unknown", "holds")
    assert any("among 18 papers there are few ways" in line for line in small.meaning)


def test_labels_dealt_anew_give_as_many_small_p_as_expected(tmp_path):
    told = control(page_of(tmp_path, corpus()), "Labels dealt anew")
    first, second = (float(value) for value in re.findall(r"for (\d+\.\d)% of sentences", told.answer))
    assert 3 < first < 7
    assert 3 < second < 7
    assert told.answer.endswith("where 5% are expected; none was clear.")


@pytest.fixture
def small_bins(monkeypatch):
    """Lengths are told apart in corpora that tests can afford."""
    monkeypatch.setattr(judging, "LEAST_BIN", 100)


@pytest.mark.usefixtures("small_bins")
@pytest.mark.parametrize("shape", [{}, LARGE])
def test_the_limits_are_those_of_the_test(tmp_path, shape):
    """Every clear sentence says at least what its length's limit says; 1 / (1 + exp(-x)) by hand."""
    evidence = corpus(**shape)
    page, results = page_of(tmp_path, evidence), results_of(tmp_path, evidence)
    table = part(page, Table).values
    for one in results.classes:
        rows = [row for row in table.rows if row[0] == one.toward]
        assert len(rows) == one.test.edges.size + 1 == (5 if shape else 1)
        for row, tau in zip(rows, one.test.tau.tolist(), strict=True):
            p = 100 / (1 + np.exp(-one.direction * tau))
            assert row[2] == f"at {'least' if one.y else 'most'} {p:.1f}%"
            low, high = (float(value) for value in re.findall(r"([\d.]+)%", row[3]))
            assert low <= round(p, 1) <= high
        assert sum(int(row[4].partition(" of ")[0]) for row in rows) == one.test.passed
    assert rows[0][1] == ("any" if not shape else f"up to {results.classes[1].test.edges[0] - 1} words")


def test_a_limit_beyond_all_digits_is_not_said_twice(tmp_path):
    strong = corpus()
    page = page_of(tmp_path, corpus(alone=strong.alone * 9))
    assert {row[2] for row in part(page, Table).values.rows} == {"over 99.9%", "under 0.1%"}


@pytest.mark.usefixtures("small_bins")
@pytest.mark.parametrize("shape", [{}, LARGE])
def test_the_chart_counts_every_sentence_once(tmp_path, shape):
    evidence = corpus(**shape)
    page, results = page_of(tmp_path, evidence), results_of(tmp_path, evidence)
    assert list(page.charts) == ["toward-positive", "toward-negative"]
    for one in results.classes:
        finding = heads(page)["toward-positive" if one.y else "toward-negative"]
        sums = np.array([[int(cell.replace(",", "")) for cell in row[2:]] for row in finding.values.rows]).sum(axis=0)
        assert sums.tolist() == [one.test.family, one.test.passed, one.test.null]
        altair.Chart.from_dict(finding.chart, validate=True)


def test_no_bar_has_both_kinds_where_there_is_one_limit(tmp_path):
    for seed in range(4):
        for one in results_of(tmp_path, corpus(seed=seed)).classes:
            line = one.zero + one.direction * float(one.test.tau[0])
            bins = alone_bins(one, np.zeros(0), line=line)
            assert sum(b.clear for b in bins) == one.test.passed > 0
            assert all(b.clear == 0 or b.rest == 0 for b in bins)


def test_a_chart_of_margins_that_hardly_differ_is_labelled(tmp_path):
    weak = corpus()
    chart = page_of(tmp_path, corpus(alone=weak.alone * 0.001)).charts["toward-positive"]
    [bars] = [layer for layer in chart["layer"] if layer["mark"].get("type") == "bar"]
    assert len(bars["encoding"]["x"]["axis"]["values"]) >= 1


def test_the_marks_and_the_reasons_are_counted(tmp_path):
    evidence = corpus(standing=[1] * 10 + [2] * 10 + [0] * 40, label=[0, 1] * 28 + [-1] * 4)
    page, found = page_of(tmp_path, evidence), results_of(tmp_path, evidence).verdicts.significance
    marks, reasons = (
        section.parts[0] for section in page.sections if any(isinstance(one, Wordings) for one in section.parts)
    )
    assert [row.sentences for row in marks.rows] == [
        int(np.sum(found.mark == mark)) for mark in (Mark.PASSES, Mark.REACHES, Mark.NONE)
    ]
    counted = {row.words: (row.papers, row.sentences) for row in reasons.rows}
    assert counted["the model learned from the paper"] == (10, 60)
    assert counted["the paper helped to end the training"] == (10, 60)
    assert counted["the paper has no label"] == (4, 24)
    assert "placeholders" not in counted
    assert sum(row.sentences for row in reasons.rows) == int(np.sum(found.why != Why.JUDGED))


def test_where_nothing_passes_no_mark_is_not_explained_by_others(tmp_path):
    marks = next(
        one
        for section in page_of(tmp_path, corpus(label=[-1] * 60)).sections
        for one in section.parts
        if isinstance(one, Wordings)
    )
    assert "often go as far" not in marks.rows[2].meaning
    assert "no mark does not mean neutral" in marks.rows[2].meaning


def test_examples_are_the_strongest_of_different_papers(tmp_path):
    evidence = corpus()
    found = results_of(tmp_path, evidence).verdicts.significance
    positive, negative = part(page_of(tmp_path, evidence), Examples).groups
    best = int(np.argmax(np.where(found.passes & (found.toward == 1), found.x, -1)))
    assert positive.passing[0].text == f"Sentence {evidence.record[best]}-{best % 6}."
    assert positive.passing[0].href == f"records/p{evidence.record[best]}.html#s{best % 6 + 1}"
    for group in (positive, negative):
        for rows in (group.passing, group.failing):
            assert len({row.title for row in rows}) == len(rows) == 3
        assert all(float(row.q.removeprefix("q = ").removeprefix("q < ")) <= 0.05 for row in group.passing)
        assert all(float(row.q.removeprefix("q = ")) > 0.05 for row in group.failing)


@pytest.mark.parametrize("evidence", [corpus(), corpus(4, 9), corpus(planted=0.02), *UNTESTED.values()])
def test_the_pages_words(tmp_path, evidence):
    page = page_of(tmp_path, evidence)
    tree = shown(page)
    words = " ".join(tree.one("main").text.split())
    assert FORBIDDEN.findall(words.replace("the surest", "")) == []
    assert "nan" not in words.lower().split()
    asked = [link.attributes["href"] for link in tree.one("nav", class_="questions").all("a")]
    assert asked == [f"#{section.head.key}" for section in page.sections]
    assert {one.removeprefix("#") for one in asked} <= {node.attributes.get("id") for node in tree.all("h2")}


def test_another_level_is_told(tmp_path):
    words = text_of(page_of(tmp_path, corpus(), alpha=0.1))
    assert "about one in ten at most" in words
    assert "q ≤ .10" in words
    assert "one in twenty" not in words


def test_no_text_becomes_markup(tmp_path):
    def hostile(text):
        classes = {"positive": f"{text}+", "negative": f"{text}-"}
        wrapped = text.replace("{", "{{").replace("}", "}}") + " {}"
        asked = answers(at=9.0, stripped_at=9.0)
        renamed = type(asked).from_json({**asked.as_json(), "neutral": [f"{text}{k}" for k in range(30)]})
        models = [{"name": text, "path": "m"}]
        changed = {"classes": classes, "title": text, "models": models}
        return shown(page_of(tmp_path, corpus(), asked=renamed, text=wrapped, **changed))

    assert hostile(HOSTILE).skeleton == hostile("x").skeleton


def test_the_data_are_the_tests_numbers(tmp_path):
    evidence = corpus(standing=[1] * 4 + [0] * 56, label=[0, 1] * 29 + [-1, -1])
    verdicts = verdicts_of(evidence, answers(at=9.0))
    found = verdicts.significance
    data = json.loads(json.dumps(significance_json(site(tmp_path), verdicts), allow_nan=False))
    assert (data["records"], data["labelled"], data["sentences"], data["alpha"]) == (60, 58, 360, 0.05)
    assert data["marks"]["passes"] == int(found.passes.sum())
    assert sum(data["marks"].values()) == 360
    assert (data["without_q"]["training"], data["without_q"]["unlabelled"]) == (24, 12)
    assert [(row["class"], row["label"]) for row in data["classes"]] == [("computational", 1), ("not computational", 0)]
    for row in data["classes"]:
        test = found.classes[row["label"]]
        assert (row["tested"], row["passed"], row["null"], row["needed"]) == (
            test.family,
            test.passed,
            test.null,
            test.needed,
        )
        assert [one["tau"] for one in row["lengths"]] == test.tau.tolist()
    assert (len(data["classes"][0]["neutral_passing"]), data["classes"][1]["neutral_passing"]) == (30, [])


def test_the_data_of_a_corpus_without_a_test_have_no_numbers_in_place_of_none(tmp_path):
    data = significance_json(site(tmp_path), verdicts_of(corpus(label=[-1] * 60), answers()))
    json.dumps(data, allow_nan=False)
    assert data["classes"][0]["lengths"] == [{"from": None, "to": None, "tau": None, "tau_low": None, "tau_high": None}]
    assert data["classes"][0]["permuted_p"] is None
