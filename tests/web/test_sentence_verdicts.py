"""What is said of a sentence: the words, whether it passes, whether it is quiet, how far checkpoints agree on it."""

from __future__ import annotations

import pytest

from sitegen.analysis.significance.evidence import Standing
from tests.web.every_verdict import CLASS, corpus, judged
from tests.web.papers import paper, papers, site

CHANCE = "not distinguishable from sentences of this length in the other class"
REFUSED = {
    Standing.TRAINING: ("training", "not calibrated: training record"),
    Standing.VALIDATION: ("validation", "not calibrated: validation record"),
    Standing.UNKNOWN: ("unknown_standing", "not calibrated: whether the model has seen this record is not known"),
}


def told(verdict):
    return verdict.status, verdict.text, verdict.short, verdict.passes, verdict.quiet


def test_the_words_for_every_verdict(tmp_path):
    items = corpus()
    found = judged(site(tmp_path), items)
    passing, weak, against, nothing = found.of_record(0)
    m = CLASS + 8  # sentences of the negative class; p = 1 / 33 and 60 hypotheses, of which 48 pass: q = .04
    pushes = "pushes toward positive more than sentences of this length in the other class do (q = .04)"
    assert m == 32
    assert told(passing) == ("distinguishable", pushes, "q = .04", True, False)
    assert told(weak) == ("chance", CHANCE, "no more than chance", False, True)
    assert told(against) == (
        "against",
        "pushes against this record's label: not judged by this test",
        "not judged",
        False,
        False,
    )
    assert told(nothing) == ("no_effect", "has no effect on the model's answer", "no effect", False, True)
    (unlabelled,) = found.of_record(len(items) - 1)
    assert told(unlabelled) == ("unlabelled", "no gold label", "no label", False, False)
    negative, wrong = found.of_record(CLASS)
    assert negative.text.startswith("pushes toward negative more than")
    assert (wrong.status, wrong.passes, wrong.quiet) == ("against", False, False)
    assert not any(verdict.by_p for verdict in found.of_record(0))


@pytest.mark.parametrize("standing", REFUSED, ids=lambda standing: standing.name)
def test_what_the_model_has_seen_is_refused_and_keeps_its_colour(tmp_path, standing):
    found = judged(site(tmp_path), corpus(), standing={1: standing})
    (verdict,) = found.of_record(1)
    assert told(verdict) == (*REFUSED[standing], "not calibrated", False, False)
    assert found.of_record(2)[0].passes


def test_without_the_other_class_there_is_nothing_to_compare_with(tmp_path):
    found = judged(site(tmp_path), [item for item in corpus() if item.record.label != 0])
    assert {verdict.status for verdict in found.of_record(1)} == {"no_pool"}
    assert found.of_record(1)[0].text.startswith("nothing to compare with")


def test_a_corpus_too_small_for_q_is_told_p_and_no_more(tmp_path):
    strict = judged(site(tmp_path, significance={"alpha": 0.001}), corpus())
    passing, weak, *_ = strict.of_record(0)
    assert told(passing)[2:] == ("p = .03", True, False)
    assert passing.text.endswith("(p = .03)")
    assert (passing.by_p, weak.status, weak.quiet) == (True, "chance", True)
    few = judged(site(tmp_path), papers())
    assert {(verdict.by_p, verdict.passes) for k in range(3) for verdict in few.of_record(k)} == {(True, False)}


def test_records_have_their_own_rows(tmp_path):
    items = corpus(unlabelled=2)
    found = judged(site(tmp_path), items)
    sizes = [len(item.document.abstract.sentence_ends) for item in items]
    assert [len(found.of_record(k)) for k in range(len(items))] == sizes
    rows = [found.of_row(row) for row in range(sum(sizes))]
    assert [verdict for k in range(len(items)) for verdict in found.of_record(k)] == rows


def test_a_record_without_sentences_has_no_judgement(tmp_path):
    odd, *others = corpus()
    found = judged(site(tmp_path), [odd, paper("bare", "Good"), *others])
    assert [len(found.of_record(k)) for k in range(3)] == [4, 0, 1]
    assert found.of_record(2)[0].passes


def test_one_checkpoint_says_nothing_of_stability(tmp_path):
    verdict = judged(site(tmp_path), corpus()).of_record(0)[0]
    assert (verdict.across, verdict.stable) == ("", False)


def test_checkpoints_that_agree_make_a_large_effect_stable(tmp_path):
    """2.25 by 1, 1.1 and .9: deviation .225, so 2.25 ± 4.303 * .225 / sqrt(3)."""
    found = judged(site(tmp_path), corpus(), members=(1.1, 0.9))
    passing, weak, against, _ = found.of_record(0)
    assert passing.across == "+2.25 on average over 3 checkpoints (95% interval +1.69 to +2.81), 3 of 3 agree in sign"
    assert passing.stable
    assert not weak.stable  # as sure, and too small
    assert against.across.startswith("−1.25 on average over 3 checkpoints")


def test_checkpoints_that_differ_do_not(tmp_path):
    verdict = judged(site(tmp_path), corpus(), members=(1.0, -0.6)).of_record(0)[0]
    assert verdict.across.endswith("2 of 3 agree in sign")
    assert verdict.across.startswith("+1.05 on average")
    assert not verdict.stable


def test_papers_that_may_not_serve_as_chance_do_not(tmp_path):
    """Without the eight sentences that push the wrong way, nothing exceeds the weak one."""
    items = corpus()
    null = {"column": "kind", "values": ["typical"], "reason": ""}
    for item in items:
        wrong = item.record.label == 0 and len(item.document.abstract.sentence_ends) > 1
        item.record.metadata["kind"] = "odd" if wrong else "typical"
    weak = judged(site(tmp_path, significance={"null": null}), items).of_record(0)[1]
    assert weak.passes
