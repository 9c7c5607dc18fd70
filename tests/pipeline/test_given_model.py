"""A model as a script gives it: every kind, by its path or as an object, to load_model and explain."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sitegen
from sitegen.errors import ModelError
from sitegen.models import registry
from sitegen.models.adapters import in_memory
from sitegen.models.source import IN_MEMORY, Held, SourceKind
from tests.models.adapters.pipelines import fitted, saved
from tests.sites import NEGATIVE, POSITIVE, RECORDS, write_model

TITLE, ABSTRACT = RECORDS[1]["title"], RECORDS[1]["abstract"]
CLASSES = (NEGATIVE, POSITIVE)
CODE = '''
class Counting:
    """Every "a" speaks for the positive class, every "e" against it."""

    def margins(self, texts):
        return [text["title"].count("a") + text["abstract"].count("a") - text["abstract"].count("e") for text in texts]

classifier = Counting()
'''


class Counting:
    """The object of CODE."""

    def margins(self, texts: list[dict[str, str]]) -> list[int]:
        return [text["title"].count("a") + text["abstract"].count("a") - text["abstract"].count("e") for text in texts]


class Vowels:
    """Probabilities, of joined texts, with words and facts of its own."""

    batch = 3

    def __init__(self) -> None:
        self.given: list[Any] = []

    def probabilities(self, texts: list[str]) -> list[float]:
        self.given += texts
        return [(1 + text.count("a")) / (2 + text.count("a") + text.count("e")) for text in texts]

    def facts(self) -> dict[str, str]:
        return {"Size": "two vowels"}

    def words(self, text: str) -> list[tuple[int, int]]:
        return [(k, k + 1) for k, letter in enumerate(text) if letter.isalpha()]


def numbers(explanation: Any) -> list[float]:
    """Whatever an explanation says of a text, in log-odds."""
    occlusion = explanation.occlusion
    parts = [occlusion.grid.margins.ravel(), occlusion.sentences, occlusion.abstract_words, explanation.shapley.values]
    return np.concatenate([*parts, explanation.alone.sentences]).tolist()  # type: ignore[no-any-return]


def test_an_object_is_explained_as_the_same_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(CODE, encoding="utf-8")
    here = sitegen.explain(Counting(), TITLE, ABSTRACT)
    assert here.occlusion.margin == (TITLE + ABSTRACT).count("a") - ABSTRACT.count("e")
    assert here.occlusion.grid.margins.shape == (
        len(here.occlusion.document.title.tokens),
        len(here.occlusion.document.abstract.tokens),
    )
    name = f"{tmp_path / 'mine.py'}:classifier"
    assert numbers(sitegen.explain(name, TITLE, ABSTRACT, trust=True)) == numbers(here)
    with pytest.raises(ModelError, match=r"runs .*mine\.py .*Nothing was run\. If you trust it, pass trust=True\."):
        sitegen.explain(name, TITLE, ABSTRACT)
    with pytest.raises(ModelError, match=r'has nothing that is called "other"'):
        sitegen.explain(name.replace("classifier", "other"), TITLE, trust=True)
    with pytest.raises(ModelError, match=r"nowhere\.py: there is no such file\. Correct \"path\" among the arguments"):
        sitegen.explain(str(tmp_path / "nowhere.py:classifier"), TITLE, trust=True)


def test_a_pipeline_is_explained_in_memory_as_in_its_file(tmp_path: Path) -> None:
    pipeline = fitted()
    here = sitegen.explain(pipeline, TITLE, ABSTRACT, classes=CLASSES)
    whole = pipeline.decision_function([f"{TITLE} {ABSTRACT}"])[0]
    sign = 1 if pipeline.classes_[1] == POSITIVE else -1
    assert here.occlusion.margin == pytest.approx(sign * whole)
    assert here.predicted == (POSITIVE if sign * whole >= 0 else NEGATIVE)
    skops = saved(tmp_path, pipeline, "model.skops").path
    plain = saved(tmp_path, pipeline, "model.joblib").path
    bare = saved(tmp_path, pipeline, "model").path  # no suffix: its first bytes tell
    assert numbers(sitegen.explain(skops, TITLE, ABSTRACT, classes=CLASSES)) == pytest.approx(numbers(here))
    for path in (str(plain), bare):
        with pytest.raises(ModelError, match=r"which can run anything .* pass trust=True"):
            sitegen.load_model(path, classes=CLASSES)
        again = sitegen.explain(path, TITLE, ABSTRACT, classes=CLASSES, trust=True)
        assert numbers(again) == pytest.approx(numbers(here))
    loaded = sitegen.load_model(pipeline, classes=CLASSES, join="\n")
    assert repr(loaded) == f"LoadedModel(the Pipeline in memory: {POSITIVE!r} against {NEGATIVE!r}, not additive)"
    assert sitegen.explain(loaded, TITLE, ABSTRACT).occlusion.margin == pytest.approx(here.occlusion.margin)
    assert repr(sitegen.load_model(skops)).startswith(f"LoadedModel({str(skops)!r}: 'positive' against 'negative'")


def test_the_settings_of_a_model_reach_it() -> None:
    model = Vowels()
    explanation = sitegen.explain(model, TITLE, ABSTRACT, join=" // ", classes=("no", "yes"))
    assert f"{TITLE} // {ABSTRACT}" in model.given
    assert explanation.classes == ("no", "yes")
    assert "“yes”" in explanation.answer
    letters = [letter for letter in ABSTRACT if letter.isalpha()]
    assert len(explanation.occlusion.document.abstract.tokens) == len(letters)
    repeated = sitegen.explain(Counting(), TITLE, f"{TITLE}. {ABSTRACT}", strip_title=True)
    assert numbers(repeated) == numbers(sitegen.explain(Counting(), TITLE, ABSTRACT))
    other = sitegen.load_model(Counting(), words="nltk", splitter="nupunkt").manifest.segmentation
    assert other.tokenizer == "nltk"
    with pytest.raises(ModelError, match=r'words = "letters" among the arguments is not known'):
        sitegen.load_model(Counting(), words="letters")
    with pytest.raises(ModelError, match="must be two different names"):
        sitegen.load_model(Counting(), classes=("same", "Same"))


def test_a_model_directory_says_all_by_itself_but_what_its_classes_are_called(tmp_path: Path) -> None:
    write_model(tmp_path / "model")
    assert sitegen.load_model(str(tmp_path / "model")).classes == CLASSES
    assert sitegen.explain(tmp_path / "model", TITLE, classes=("no", "yes")).predicted in ("no", "yes")
    with pytest.raises(ModelError, match=r"join is for models of other kinds"):
        sitegen.load_model(tmp_path / "model", join=" ")
    loaded = sitegen.load_model(tmp_path / "model")
    assert sitegen.load_model(loaded) is loaded
    with pytest.raises(ModelError, match=r"is loaded already"):
        sitegen.explain(loaded, TITLE, trust=True)


def test_a_folder_of_transformers_goes_to_that_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def described(source: Any) -> Any:
        seen.append(source)
        return in_memory.KIND.describe(replace(source, held=Held(Counting())))

    def loaded(source: Any, **options: Any) -> Any:
        return in_memory.KIND.load(replace(source, held=Held(Counting())))

    kind = replace(registry.SOURCE_KINDS["transformers"], describe=described, load=loaded)
    monkeypatch.setitem(registry.SOURCE_KINDS, "transformers", kind)
    for told in ({"architectures": ["BertForSequenceClassification"]}, {"model_type": "bert"}):
        (tmp_path / "config.json").write_text(json.dumps(told), encoding="utf-8")
        sitegen.explain(tmp_path, TITLE, ABSTRACT, classes=CLASSES)
    assert [(one.kind, one.path, one.classes) for one in seen] == 2 * [("transformers", tmp_path, CLASSES)]
    (tmp_path / "config.json").write_text('{"architecture": {"type": "odd"}, "model_type": "x"}', encoding="utf-8")
    with pytest.raises(ModelError, match='"odd" is not a kind of model'):
        sitegen.load_model(tmp_path)


def test_a_kind_knows_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def described(source: Any) -> Any:
        return replace(in_memory.KIND.describe(replace(source, held=Held(Counting()))), kind=source.kind)

    own = SourceKind(
        name="own",
        describe=described,
        load=lambda source, **_: in_memory.KIND.load(replace(source, held=Held(Counting()))),
        holds=lambda path: path.suffix == ".own",
    )
    (tmp_path / "model.own").write_text("mine", encoding="utf-8")
    with pytest.raises(ModelError, match="is no model that sitegen knows"):
        sitegen.load_model(tmp_path / "model.own")
    monkeypatch.setitem(registry.SOURCE_KINDS, "own", own)
    assert sitegen.load_model(tmp_path / "model.own").manifest.kind == "own"


@pytest.mark.parametrize("given", [Counting, 3, None, [Counting()], lambda texts: [0.0 for _ in texts]])
def test_what_is_no_model_is_refused_with_what_is(given: object) -> None:
    with pytest.raises(TypeError, match=r"^explain takes .*margins\(texts\).* scikit-learn pipeline, not "):
        sitegen.explain(given, TITLE)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no model", encoding="utf-8")
    with pytest.raises(ModelError, match=r"notes\.txt: is no model that sitegen knows"):
        sitegen.load_model(tmp_path / "notes.txt")


def test_a_model_in_memory_says_that_it_is_in_no_file_and_whether_its_state_is_known() -> None:
    manifest = sitegen.load_model(Counting()).manifest
    assert manifest.kind == IN_MEMORY
    assert (dict(manifest.files), manifest.volatile, manifest.texts.seen) == ({}, True, frozenset())
    assert manifest.facts == (("Kind", "an object in memory", f"{__name__}.Counting"),)
    assert "cannot be made again from files alone, and nothing tells its state." in manifest.notes[0]
    assert not sitegen.load_model(Counting(), version="2").manifest.volatile
    told = Counting()
    told.fingerprint = "third"  # type: ignore[attr-defined]
    told.seen = ["0" * 16]  # type: ignore[attr-defined]
    of_told = sitegen.load_model(told).manifest
    assert (of_told.volatile, of_told.texts.seen) == (False, {"0" * 16})
    assert "by its own word its state is “third”" in of_told.notes[0]
    assert len({manifest.fingerprint, of_told.fingerprint, sitegen.load_model(Vowels()).manifest.fingerprint}) == 3
    assert Held(told) != Held(told)
    pipeline = sitegen.load_model(fitted(), classes=CLASSES)
    assert "sklearn.pipeline.Pipeline" in pipeline.manifest.notes[0]
    assert pipeline.manifest.libraries == ("scikit-learn",)


def test_one_that_is_not_additive_shows_itself_in_a_notebook() -> None:
    explanation = sitegen.explain(fitted(), TITLE, ABSTRACT, classes=CLASSES)
    page = explanation._repr_html_()
    assert page.count("<img") == 1
    assert page.count("<tr>") == 1 + len(explanation.sentences)
    svg = explanation.figure()
    assert svg.startswith("<svg")
    assert f"100% {POSITIVE}" in svg
