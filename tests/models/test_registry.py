"""A kind of model is one object in the registry, and whoever loads a model need not know which kind it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from sitegen.errors import ModelError
from sitegen.models.devices import checked_device
from sitegen.models.manifest import CARD, CONFIG, ModelKind, Texts
from sitegen.models.protocol import AdditiveClassifier, Classifier
from sitegen.models.registry import describe, load, load_randomised
from sitegen.models.source import source_of
from tests.models.kinds import BAG, LETTERS, register, without_reason, write
from tests.sites import make_site

CLASSES = ("no", "yes")


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, BAG, LETTERS)


def test_a_manifest_is_of_the_folders_kind(tmp_path: Path) -> None:
    texts = Texts(train=("aa",), test=("bb",))
    manifest = describe(write(tmp_path / "m", BAG, classes=CLASSES, texts=texts, bias=0.5))
    assert (manifest.kind, manifest.additive, manifest.reads) == ("bag-of-words", True, "tokens")
    assert (manifest.classes, manifest.texts, manifest.size) == (CLASSES, texts, "a bag of 7 words")
    assert manifest.facts[0] == ("Kind", "a bag of words", "order does not matter")
    assert manifest.card == ""
    (tmp_path / "m" / CARD).write_text("# Card\n")
    assert describe(tmp_path / "m").card == "# Card\n"
    assert describe(tmp_path / "m").fingerprint == manifest.fingerprint
    other = describe(write(tmp_path / "n", LETTERS, classes=CLASSES))
    assert (other.kind, other.additive, other.reads) == ("letters", False, "texts")


def test_a_model_is_loaded_by_its_kind(tmp_path: Path) -> None:
    bag, letters = (load(write(tmp_path / kind.name, kind, classes=CLASSES, **own)) for kind, own in MODELS)
    assert isinstance(bag, AdditiveClassifier)
    assert bag.margins([["simulate"]], [["home"]]).tolist() == [3.5]
    assert isinstance(letters, Classifier)
    assert not letters.additive


MODELS: tuple[tuple[ModelKind, dict[str, float]], ...] = ((BAG, {"bias": 0.5}), (LETTERS, {}))


def test_random_weights_are_there_or_the_reason_why_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = write(tmp_path / "letters", LETTERS, classes=CLASSES)
    assert isinstance(load_randomised(letters, seed=1), Classifier)
    bag = write(tmp_path / "bag", BAG, classes=CLASSES, bias=0.5)
    with pytest.raises(ModelError, match=r"bag: A bag of words has no first weights"):
        load_randomised(bag, seed=1)
    register(monkeypatch, without_reason(LETTERS))
    with pytest.raises(ModelError, match=r"letters: This kind of model cannot be made with random weights"):
        load_randomised(letters, seed=1)


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        (
            {"architecture": {"type": "oracle"}},
            r'config\.json: "architecture\.type": "oracle" is not a kind of model that this sitegen knows\. '
            r"Use one of: two-tower-lstm, bag-of-words, letters\.$",
        ),
        ({"architecture": {}}, r'config\.json: "architecture\.type" is missing\.'),
        ({"architecture": {"type": 3}}, r'config\.json: "architecture\.type": .*found: 3'),
        ({}, r'config\.json: "architecture" is missing\.'),
        ([], r'config\.json: "the file": '),
        ({"format": 2}, r'config\.json: "format" is 2; this sitegen reads 1\. Update sitegen\.'),
    ],
)
def test_a_folder_of_no_known_kind_is_refused(tmp_path: Path, config: object, problem: str) -> None:
    (tmp_path / CONFIG).write_text(json.dumps(config))
    for read in (describe, load):
        with pytest.raises(ModelError, match=problem):
            read(tmp_path)


def test_a_kinds_own_keys_are_checked_with_the_others(tmp_path: Path) -> None:
    folder = write(tmp_path / "m", BAG, classes=CLASSES, bias="high", layers=2)
    config = json.loads((folder / CONFIG).read_text())
    del config["classes"]
    (folder / CONFIG).write_text(json.dumps(config))
    with pytest.raises(ModelError) as problem:
        describe(folder)
    lines = str(problem.value).splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        '"architecture.bias"',
        '"architecture.layers" is not a known key. Remove it.',
        '"classes" is missing. Restore it, or train the model again.',
    ]
    (folder / "weights.json").unlink()
    write(tmp_path / "n", BAG, classes=CLASSES, bias=0.5)


def test_a_device_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site(tmp_path)
    model = site.models[0].model_copy(update={"device": "cuda"})
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ModelError, match=r'device = "cuda" .* torch finds no such device on this machine'):
        load(source_of(site, model))
    with pytest.raises(ModelError, match='device = "cuda"'):
        load_randomised(source_of(site, model), seed=1)
    assert load(source_of(site, model), device="cpu").additive
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert (checked_device("cuda"), checked_device(""), checked_device("cpu")) == ("cuda", "cpu", "cpu")
