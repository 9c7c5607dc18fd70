"""The phrases about a sentence's mark: they stand in one file, say no more than the test, and no page has its own."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import sitegen
from sitegen.analysis.significance.evidence import Mark, Why
from sitegen.web.publish.render import templates_folder
from sitegen.web.text import verdicts
from sitegen.web.text.nouns import PAPERS, Nouns

PACKAGE = Path(sitegen.__file__).parent
PROSE = {"significance.html", "methods.html"}  # what the test is, told at length
PHRASE = re.compile(
    r"as clear\b|only clear|\bclear sentences|no q is given|moves the model|at most should be|too few papers"
    r"|more than chance|distinguishable|stands? out\b|not judged"
)
NEVER = re.compile(r"significant|important|\bproves?\b|\bcaused?\b|\bsure\b|\btrue\b|\bpush|strength\b|chance", re.I)
NAMES = {"toward": "art", "other": "science"}


def strings(code: str) -> str:
    """The strings of a module that are no docstrings."""
    tree = ast.parse(code)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return "\n".join(node.value for node in constants if id(node) not in told)


def explained(mark, why, *, warns=False) -> str:
    return verdicts.explained(mark, why, alpha=0.05, warns=warns, **NAMES)


def test_templates_have_no_phrase_of_their_own():
    files = [file for file in templates_folder().rglob("*.html") if file.name not in PROSE]
    assert len(files) > 15
    for file in files:
        markup = re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert PHRASE.findall(markup) == [], file.name


def test_code_has_no_phrase_of_its_own():
    own = PACKAGE / "web" / "pages" / "significance"
    files = [*(PACKAGE / "web").rglob("*.py"), *(PACKAGE / "cli").rglob("*.py")]
    for file in files:
        if own not in file.parents and file != Path(verdicts.__file__) and file.name != "routes.py":
            assert PHRASE.findall(strings(file.read_text(encoding="utf-8"))) == [], file.name


def test_no_phrase_says_more_than_the_test():
    assert NEVER.findall(strings(Path(verdicts.__file__).read_text(encoding="utf-8"))) == []


def test_a_sentence_that_passes_is_explained_by_the_comparison_and_its_error():
    assert explained(Mark.PASSES, Why.JUDGED) == (
        "Read by itself, this sentence moves the model toward “art” more than nearly all sentences from “science” "
        "papers do. Of the sentences marked this way, about one in twenty at most should be no different from "
        "sentences of the other class."
    )
    warned = explained(Mark.PASSES, Why.JUDGED, warns=True)
    assert warned.endswith("Partly, this means that the model found nothing “science” in it.")


@pytest.mark.parametrize("why", [why for why in Why if why is not Why.JUDGED])
def test_a_sentence_that_goes_as_far_without_a_q_says_why(why):
    told = explained(Mark.REACHES, why)
    assert told.startswith("Read by itself, this sentence moves the model toward “art” as far as the marked ones (◆)")
    assert told.endswith(PAPERS.say(verdicts.WHY[why]))
    assert "at most should be" not in told


def test_a_sentence_without_a_mark_is_not_spoken_of():
    assert {explained(Mark.NONE, why, warns=True) for why in Why} == {
        "",
        PAPERS.say(verdicts.WHY[Why.PLACEHOLDER]),
    }
    assert (verdicts.SYMBOLS[Mark.NONE], verdicts.WORDS[Mark.NONE]) == ("", "")
    assert len({verdicts.SYMBOLS[mark] for mark in (Mark.PASSES, Mark.REACHES, Mark.NONE)}) == 3


def test_every_reason_has_its_words():
    reasons = [why for why in Why if why is not Why.JUDGED]
    assert list(verdicts.WHY) == list(verdicts.WHY_IN_SHORT) == list(verdicts.WHY_AT_LENGTH) == reasons
    assert len(set(verdicts.WHY_IN_SHORT.values())) == len(reasons)


@pytest.mark.parametrize("some", [True, False])
def test_no_mark_does_not_mean_neutral(some):
    told = {mark: meaning for mark, _, meaning in verdicts.meanings(alpha=0.05, some=some)}
    assert "does not mean neutral" in told[Mark.NONE]
    assert ("often go as far" in told[Mark.NONE]) == some


@pytest.mark.parametrize(
    ("alpha", "words"), [(0.05, "one in twenty"), (0.1, "one in ten"), (0.03, "3 in a hundred"), (0.025, "2.5 in a")]
)
def test_a_level_as_a_count(alpha, words):
    assert words in verdicts.expected(alpha)


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
    assert verdicts.level_text(value) == text


@pytest.mark.parametrize(
    ("q", "text"),
    [
        (float("nan"), ""),
        (0.0001, "q < .001"),
        (0.0312, "q = .03"),
        (0.05, "q = .05"),
        (0.0499, "q = .05"),
        (0.0531, "q = .053"),
        (0.0501, "q = .0501"),
        (0.05000000001, "q = .05000000"),
        (0.061, "q = .06"),
        (1.0, "q = 1"),
    ],
)
def test_a_q_beyond_the_level_does_not_look_like_the_level(q, text):
    assert verdicts.q_text(q, alpha=0.05) == text


def test_the_line_of_a_terminal():
    assert verdicts.corpus_line(passing=1204, judged=2000) == "1,204 of 2,000 tested are clear"
    assert verdicts.corpus_line(passing=0, judged=0) == "none could be tested"


def test_every_phrase_has_the_sites_word_for_a_record():
    tweets = Nouns(one="tweet", many="tweets", text="text", titled=False)
    phrases = [*verdicts.WHY.values(), *verdicts.WHY_IN_SHORT.values(), *verdicts.WHY_AT_LENGTH.values()]
    for phrase in [*phrases, verdicts.CLEAR, verdicts.TOO_FEW]:
        assert not re.search(r"paper|abstract|[{}]", tweets.say(phrase))
