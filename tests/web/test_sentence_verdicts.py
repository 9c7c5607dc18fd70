"""What is said of a sentence: what it says alone, its mark and the words, how far checkpoints agree on it."""

from __future__ import annotations

import pytest

from sitegen.analysis.significance.evidence import Mark, Standing
from tests.web.every_verdict import CLASS, corpus, judged
from tests.web.papers import paper, papers, site

REASONS = {
    Standing.TRAINING: "The model learned from this paper",
    Standing.VALIDATION: "This paper helped to decide",
    Standing.UNKNOWN: "Whether the model has seen this paper is not known",
}


def told(verdict):
    return verdict.mark, verdict.symbol, verdict.word, verdict.q, verdict.alone, verdict.toward


def test_every_mark_has_its_words(tmp_path):
    items = corpus()
    found = judged(site(tmp_path), items)
    passing, weak, against, nothing = found.of_record(0)
    # p = 1 / 33 for 24 of a family of 27: q = .034; alone 2.25, .125 and -1.25 beyond -.25
    assert told(passing) == ("passes", "◆", "clear", "q = .03", "88%", 1)
    assert passing.text.startswith(
        "Read by itself, this sentence moves the model toward “positive” more than nearly all"
    )
    assert told(weak)[:3] == ("none", "", "")
    assert (weak.text, weak.alone, weak.toward) == ("", "47%", 1)
    assert told(against) == ("reaches", "◇", "as clear, not judged", "", "18%", 0)
    assert "It speaks against its paper's label" in against.text
    assert told(nothing) == ("none", "", "", "", "44%", 0)
    (unlabelled,) = found.of_record(len(items) - 1)
    assert (unlabelled.mark, unlabelled.passes, unlabelled.marked) == ("reaches", False, True)
    assert "This paper has no label" in unlabelled.text
    negative, wrong = found.of_record(CLASS)
    assert (negative.mark, negative.toward, wrong.mark, wrong.toward) == ("passes", 0, "none", 1)


def test_a_records_marks_are_known_by_number_and_the_strongest_of_them(tmp_path):
    items = [*corpus(), paper("bare", "Good")]
    found = judged(site(tmp_path), items)
    assert [found.mark(0, number).name.lower() for number in range(4)] == [v.mark for v in found.of_record(0)]
    assert found.strongest_mark(0) is Mark.PASSES
    assert found.strongest_mark(len(items) - 2) is Mark.REACHES  # without label
    assert found.strongest_mark(len(items) - 1) is Mark.NONE  # without sentences
    assert judged(site(tmp_path), papers()).strongest_mark(0) is Mark.NONE


@pytest.mark.parametrize("standing", REASONS, ids=lambda standing: standing.name)
def test_what_the_model_has_seen_has_no_q_and_says_why(tmp_path, standing):
    found = judged(site(tmp_path), corpus(), standing={1: standing})
    (verdict,) = found.of_record(1)
    assert told(verdict)[:4] == ("reaches", "◇", "as clear, not judged", "")
    assert REASONS[standing] in verdict.text
    assert found.of_record(2)[0].passes


def test_without_the_other_class_there_is_nothing_to_compare_with(tmp_path):
    found = judged(site(tmp_path), [item for item in corpus() if item.record.label != 0])
    assert {(verdict.mark, verdict.q, verdict.text) for verdict in found.of_record(1)} == {("none", "", "")}


def test_in_a_corpus_too_small_nothing_is_clear(tmp_path):
    for found in (judged(site(tmp_path, significance={"alpha": 0.001}), corpus()), judged(site(tmp_path), papers())):
        assert not any(verdict.marked for k in range(3) for verdict in found.of_record(k))


def test_records_have_their_own_rows(tmp_path):
    items = corpus(unlabelled=2)
    found = judged(site(tmp_path), items)
    sizes = [len(item.document.abstract.sentence_ends) for item in items]
    assert [len(found.of_record(k)) for k in range(len(items))] == sizes
    rows = [found.of_row(row) for row in range(sum(sizes))]
    assert [verdict for k in range(len(items)) for verdict in found.of_record(k)] == rows


def test_a_record_without_sentences_has_no_verdict(tmp_path):
    odd, *others = corpus()
    found = judged(site(tmp_path), [odd, paper("bare", "Good"), *others])
    assert [len(found.of_record(k)) for k in range(3)] == [4, 0, 1]
    assert found.of_record(2)[0].passes


def test_one_checkpoint_says_nothing_of_stability(tmp_path):
    verdict = judged(site(tmp_path), corpus()).of_record(0)[0]
    assert (verdict.across, verdict.stable) == ("", False)


def test_checkpoints_that_agree_make_a_share_stable(tmp_path):
    """2.25 by 1, 1.1 and .9: deviation .225, so 2.25 ± 4.303 * .225 / sqrt(3)."""
    found = judged(site(tmp_path), corpus(), members=(1.1, 0.9))
    passing, weak, against, _ = found.of_record(0)
    assert passing.across == "+2.25 on average over 3 checkpoints (95% interval +1.69 to +2.81), 3 of 3 agree in sign"
    assert passing.stable
    assert weak.stable  # small, and as sure
    assert against.across.startswith("−1.25 on average over 3 checkpoints")


def test_checkpoints_that_differ_do_not(tmp_path):
    verdict = judged(site(tmp_path), corpus(), members=(1.0, -0.6)).of_record(0)[0]
    assert verdict.across.endswith("2 of 3 agree in sign")
    assert verdict.across.startswith("+1.05 on average")
    assert not verdict.stable
