"""What is said above a list of sentences about their marks, in every kind of corpus."""

from __future__ import annotations

import re

import pytest

from sitegen.web.text.verdicts import NOT_NEUTRAL, clear_in_list

CASES = {
    "both": clear_in_list([("red", 3, 10), ("blue", 1, 1)], in_all=(4, 11), as_clear=2, alpha=0.05),
    "one class alone": clear_in_list([("red", 1, 10), ("blue", 0, 0)], in_all=(9, 30), as_clear=0, alpha=0.1),
    "none here": clear_in_list([("red", 0, 10), ("blue", 0, 2)], in_all=(4, 30), as_clear=1, alpha=0.05),
    "none at all": clear_in_list([("red", 0, 1), ("blue", 0, 0)], in_all=(0, 1), as_clear=0, alpha=0.05),
    "none tested": clear_in_list([("red", 0, 0), ("blue", 0, 0)], in_all=(0, 0), as_clear=0, alpha=0.05),
    "warned": clear_in_list(
        [("red", 3, 10), ("blue", 0, 9)], in_all=(3, 19), as_clear=0, alpha=0.05, warned=[("red", "blue")]
    ),
}


def test_how_many_of_how_many_by_class():
    said = CASES["both"]
    assert said[0].startswith(
        "3 of 10 tested sentences from “red” papers and 1 of 1 tested sentence from “blue” papers are clear: read by"
    )
    assert "one in twenty" in said[1]
    assert said[2] == (
        "2 sentences marked ◇ go as far as clear ones, but the test has no number for them: such a sentence may speak "
        "against its paper's label."
    )
    assert CASES["one class alone"][0].startswith("1 of 10 tested sentences from “red” papers is clear: read by")
    assert "one in ten" in CASES["one class alone"][1]


def test_where_none_is_clear_it_is_said_why_or_that_others_are():
    here, at_all = CASES["none here"], CASES["none at all"]
    assert here[:2] == ("None of 12 tested sentences is clear.", "Of all papers' 30 tested sentences 4 are.")
    assert here[2].startswith("The one sentence marked ◇ goes")
    assert at_all[0] == "The one tested sentence is not clear."
    assert "would help" in at_all[1]
    assert CASES["none tested"][0] == "No sentence here could be tested."
    assert "labels" in CASES["none tested"][1]


def test_a_class_whose_controls_pass_too_often_has_its_warning():
    assert [line for line in CASES["warned"] if "partly" in line] == [
        "For “red”, being clear partly means that the model found nothing “blue” in the sentence."
    ]
    assert not any("partly" in line for line in CASES["both"])


@pytest.mark.parametrize("said", CASES.values(), ids=CASES)
def test_the_words_claim_no_more_than_is_true(said):
    assert said[-1] == NOT_NEUTRAL
    assert not re.search(r"significan|importan|prove|cause|chance|push", " ".join(said))
    assert all(line.endswith(".") for line in said)
