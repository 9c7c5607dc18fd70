"""A verdict's phrases: they stand in one file, and no page has words about chance of its own."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import sitegen
from sitegen.analysis.significance.evidence import Status
from sitegen.web.publish.render import templates_folder
from sitegen.web.text import verdicts

PACKAGE = Path(sitegen.__file__).parent
PROSE = {"significance.html", "methods.html"}  # what the test is, told at length
PHRASE = re.compile(
    r"distinguishable from|more than chance|compared with chance|against chance|not calibrated|may be chance"
    r"|(?:are|is|none is) not judged|stands? out\b"
)


def strings(code: str) -> str:
    """The strings of a module that are no docstrings."""
    tree = ast.parse(code)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return "\n".join(node.value for node in constants if id(node) not in told)


def test_templates_have_no_phrase_of_their_own():
    files = [file for file in templates_folder().rglob("*.html") if file.name not in PROSE]
    assert len(files) > 15
    for file in files:
        markup = re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert PHRASE.findall(markup) == [], file.name


def test_code_has_no_phrase_of_its_own():
    prose = {PACKAGE / "web" / "pages" / "significance" / "answers.py", PACKAGE / "web" / "export" / "sentences.py"}
    files = [*(PACKAGE / "web").rglob("*.py"), *(PACKAGE / "cli").rglob("*.py")]
    for file in files:
        if file not in prose and file != Path(verdicts.__file__):
            assert PHRASE.findall(strings(file.read_text(encoding="utf-8"))) == [], file.name


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_words(status):
    assert verdicts.verdict(status, toward="art", p=0.02, q=0.04)
    assert verdicts.short(status, p=0.02, q=0.04)
    assert (status in verdicts.REFUSAL_REASONS) == (status in verdicts.REFUSALS)


def test_without_q_no_more_is_said_than_p():
    by_p = [
        verdicts.stand_out(by_p=True),
        verdicts.limit_label(by_p=True),
        verdicts.record_line(judged=3, passing=1, against=0, by_p=True),
    ]
    assert all("p" in line and "chance" not in line and "stand" not in line for line in by_p)
    assert {verdicts.luck(status, by_p=True) for status in Status} == {""}


def test_what_is_not_known_of_a_record_is_not_said():
    assert verdicts.record_line(judged=0, passing=0, against=0, by_p=False) == ""
    assert verdicts.refused_line(set()) == ""
    assert verdicts.refused_line({"no gold label"}) == (
        "Whether these effects are more than chance is not said (no gold label)."
    )
