"""An object in a file of the user's is a model: what it must and may have, and what is said where it fails."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.corpus.segment import segment
from sitegen.errors import ModelError
from sitegen.models.adapters.contract import LEAST
from sitegen.models.registry import describe, load, load_randomised
from sitegen.models.source import Source
from tests.models.adapters.programs import FULL, LETTERS

TITLE, ABSTRACT = "On agents", "All agents simulate! They go home."


def source(tmp_path: Path, program: str = FULL, *, attribute: str = "classifier", **options: object) -> Source:
    file = tmp_path / "mymodel.py"
    file.write_text(program, encoding="utf-8")
    path = file.with_name(f"mymodel.py:{attribute}")
    return Source(kind="python", path=path, folder=tmp_path, trust=True, **options)  # type: ignore[arg-type]


def margin(asked: Source, title: str = TITLE, abstract: str = ABSTRACT) -> float:
    classifier = load(asked)
    (occlusion,) = occlude([segment(title, abstract, classifier.segmentation)], classifier)
    return occlusion.margin


@pytest.mark.parametrize("attribute", ["classifier", "make", "build"])
def test_an_object_a_class_and_a_function_that_makes_one(tmp_path: Path, attribute: str) -> None:
    assert margin(source(tmp_path, attribute=attribute)) == pytest.approx(1 + 1 + 2 - 1 - 0.5 - 0.2)


def test_it_says_of_itself_what_no_file_says(tmp_path: Path) -> None:
    manifest = describe(source(tmp_path, attribute="full"))
    assert manifest.facts == (("Kind", "loud letters", ""), ("Size", "6", ""))
    assert manifest.texts.seen == {"0" * 16}
    assert manifest.not_randomised == ""
    assert (manifest.kind, manifest.reads, manifest.additive, manifest.card) == ("python", "texts", False, "")
    assert manifest.segmentation.tokenizer == "the model's own"
    plain = describe(source(tmp_path))
    assert plain.facts == (("Kind", "a program in Python", "classifier of mymodel.py"),)
    assert "random weights" in plain.not_randomised


def test_its_words_are_the_words_of_the_pages(tmp_path: Path) -> None:
    document = segment(TITLE, ABSTRACT, load(source(tmp_path, attribute="full")).segmentation)
    assert document.abstract.tokens == ("all", "agents", "simulate!", "they", "go", "home.")
    assert document.abstract.sentence_ends.tolist() == [3, 6]


def test_random_weights_are_its_own(tmp_path: Path) -> None:
    full = source(tmp_path, attribute="full")
    first, second = (load_randomised(full, seed=seed) for seed in (1, 2))
    documents = [segment(TITLE, ABSTRACT, first.segmentation)]
    assert occlude(documents, first)[0].margin != occlude(documents, second)[0].margin
    with pytest.raises(ModelError, match="does not say how it would be with random weights"):
        load_randomised(source(tmp_path), seed=1)


def test_probabilities_become_log_odds_with_bounds(tmp_path: Path) -> None:
    likely = source(tmp_path, attribute="likely", join=" ")
    assert margin(likely) == pytest.approx(-math.log(LEAST), rel=1e-6)
    assert margin(likely, "On", "All.") == pytest.approx(math.log(3))
    assert any("0.0000001%" in note for note in describe(likely).notes)


def test_the_fingerprint_changes_with_whatever_the_answer_depends_on(tmp_path: Path) -> None:
    asked = source(tmp_path)
    others = [
        source(tmp_path, attribute="build"),
        source(tmp_path, attribute="full"),
        *(
            replace(asked, **change)  # type: ignore[arg-type]
            for change in ({"join": " "}, {"version": "2"}, {"strip_title": True}, {"words": "nltk"})
        ),
    ]
    prints = [describe(one).fingerprint for one in (asked, *others)]
    prints.append(describe(source(tmp_path, FULL.replace("state 1", "state 2"), attribute="full")).fingerprint)
    assert len(set(prints)) == len(prints)


def test_nothing_is_run_without_consent(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    asked = replace(source(tmp_path, f"open({str(mark)!r}, 'w')\n" + LETTERS), trust=False)
    for ask in (describe, load, lambda one: load_randomised(one, seed=1)):
        with pytest.raises(ModelError) as problem:
            ask(asked)  # type: ignore[operator]
        said = str(problem.value)
        assert f'runs {tmp_path / "mymodel.py"} and takes "classifier" from it' in said
        assert "Nothing was run" in said
        assert "trust = true" in said
    assert not mark.exists()
    describe(replace(asked, trust=True))
    assert mark.exists()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("mymodel.py", "names no object. Write the file, a colon"),
        ("other.py:classifier", "there is no such file"),
        ("mymodel.py:nothing", 'has nothing that is called "nothing"'),
        ("mymodel.py:WEIGHTS", r"is of the type dict and has no method margins\(texts\) or probabilities\(texts\)"),
    ],
)
def test_a_path_that_leads_to_no_model_is_refused(tmp_path: Path, path: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        describe(replace(source(tmp_path), path=tmp_path / path))


BROKEN = {
    "raise ValueError('no')": r"raised ValueError: no \(.*mymodel\.py:\d+, in margins\)",
    "raise KeyError": r"raised KeyError \(.*mymodel\.py:3, in margins\)",
    "return ['x'] * len(texts)": "no list of numbers",
    "return [1.0]": r"answered 2 texts with numbers of shape \(1,\)",
    "return [float('nan')] * len(texts)": "numbers that are not finite",
}


def test_a_file_that_is_no_python_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"raised SyntaxError: [^(]+ \(.*mymodel\.py:2\)\. Correct"):
        load(source(tmp_path, "x = 1\ndef margins(:\n"))


@pytest.mark.parametrize("body", BROKEN)
def test_what_goes_wrong_in_it_is_said_of_it(tmp_path: Path, body: str) -> None:
    program = f"class M:\n    def margins(self, texts):\n        {body}\nclassifier = M()\n"
    classifier = load(source(tmp_path, program))
    document = segment("", "Two words.", classifier.segmentation)
    with pytest.raises(ModelError, match=BROKEN[body]):
        occlude([document], classifier)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("def probabilities(self, texts): return [1.5] * len(texts)", "the probability 1.5"),
        ("def margins(self, texts): return np.zeros(len(texts))\n    def words(self, text): return [(0, 99)]", "0..99"),
        ("def margins(self, texts): return np.zeros(len(texts))\n    batch = 0", "batch is 0"),
        (
            "def margins(self, texts): return np.zeros(len(texts))\n    def facts(self): return 3",
            "facts\\(\\) returned",
        ),
    ],
)
def test_what_it_may_have_is_checked(tmp_path: Path, lines: str, said: str) -> None:
    asked = source(tmp_path, f"import numpy as np\nclass M:\n    {lines}\nclassifier = M()\n")

    def used() -> None:
        describe(asked)
        margin(asked)

    with pytest.raises(ModelError, match=said):
        used()


def test_it_is_given_no_more_texts_at_once_than_it_wants(tmp_path: Path) -> None:
    program = (
        "class M:\n    batch = 3\n    def margins(self, texts):\n        return [float(len(texts))] * len(texts)\n"
    )
    classifier = load(source(tmp_path, program + "classifier = M()\n"))
    (occlusion,) = occlude([segment("One two", "Three four five six.", classifier.segmentation)], classifier)
    assert np.ravel(occlusion.grid.margins).tolist() == [3.0] * 6 + [2.0] * 2
