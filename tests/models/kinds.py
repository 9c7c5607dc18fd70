"""Two kinds of model that sitegen does not know, and how little each takes: both are linear, neither is a network.

`BAG` is given tokens and adds up: a weight a word, the title counts double. `LETTERS` is given whole strings and hears
capitals and exclamation marks besides, title and abstract multiplied, so it does not add up; it can be made with random
weights. A model of either is a folder with config.json and weights.json; tests register a kind for themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from sitegen.corpus.segment import Segmentation
from sitegen.models import registry
from sitegen.models.adapters.whole_texts import WholeTexts
from sitegen.models.config_file import ArchitectureTable, Config, config_text, manifest_of, read_config
from sitegen.models.manifest import CONFIG, Manifest, ModelKind, Texts, digests
from sitegen.models.protocol import Classifier, Text

WEIGHTS = "weights.json"
WORDS = {"simulate": 2.0, "agents": 1.0, "rules": 0.5, "networks": 1.5, "interviews": -1.5, "home": -1.0, "money": -0.5}


class BagArchitecture(ArchitectureTable):
    type: Literal["bag-of-words"]
    bias: float


class BagConfig(Config):
    architecture: BagArchitecture


class Bag:
    """margin = 2 sum of weights of the title's words + sum of weights of the abstract's + bias."""

    additive = True

    def __init__(self, weights: Mapping[str, float], *, bias: float, segmentation: Segmentation) -> None:
        self.weights, self.bias, self.segmentation = weights, bias, segmentation

    def known(self, tokens: Sequence[str]) -> np.ndarray:
        return np.array([token in self.weights for token in tokens], dtype=bool)

    def _each(self, field: str, tokens: Sequence[str]) -> np.ndarray:
        return (2.0 if field == "title" else 1.0) * np.array([self.weights.get(token, 0.0) for token in tokens])

    def margins(self, titles: Any, abstracts: Any) -> np.ndarray:
        return self.parts("title", titles) + self.parts("abstract", abstracts) + self.bias

    def parts(self, field: Any, texts: Any) -> np.ndarray:
        return np.array([self._each(field, text).sum() for text in texts], dtype=np.float64)

    def prefix_parts(self, field: Any, texts: Any) -> list[np.ndarray]:
        return [np.cumsum(self._each(field, text)) if len(text) else np.zeros(1) for text in texts]

    def without_parts(self, field: Any, texts: Any, ranges: Any) -> list[np.ndarray]:
        return [
            np.array([values.sum() - values[a:b].sum() for a, b in of_text], dtype=np.float64)
            for values, of_text in zip((self._each(field, text) for text in texts), ranges, strict=True)
        ]

    def kept_parts(self, field: Any, texts: Any, masks: Any) -> list[np.ndarray]:
        return [mask @ self._each(field, text).reshape(-1) for text, mask in zip(texts, masks, strict=True)]


def describe_bag(path: Path) -> Manifest:
    config = read_config(path, BagConfig)
    count = len(json.loads((path / WEIGHTS).read_text()))
    return manifest_of(
        path,
        config,
        additive=True,
        files=digests(path, [CONFIG, WEIGHTS]),
        size=f"a bag of {count} words",
        facts=[("Kind", "a bag of words", "order does not matter"), ("Vocabulary", f"{count} words", "")],
        format="# Its files\n\nA weight a word: `weights.json` has them by the words, `config.json` has the bias.\n",
        not_randomised="A bag of words has no first weights that training would start from.",
    )


def load_bag(path: Path, *, precision: str, device: str) -> Classifier:
    weights, config = json.loads((path / WEIGHTS).read_text()), read_config(path, BagConfig)
    return Bag(weights, bias=config.architecture.bias, segmentation=describe_bag(path).segmentation)


BAG = ModelKind(name="bag-of-words", describe=describe_bag, load=load_bag)


class Letters:
    """Weights of words as they are written, capitals by themselves, and exclamation marks; fields multiplied."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights

    def margins(self, texts: Sequence[Text]) -> np.ndarray:
        return np.array([self._sum(text.abstract) * (1 + 0.1 * self._sum(text.title)) for text in texts])

    def _sum(self, text: str) -> float:
        words = sum(self.weights.get(word, 0.0) for word in re.findall(r"\w+", text))
        return words - 0.05 * sum(map(str.isupper, text)) - 0.5 * text.count("!") + 0.01 * len(text)


class LettersConfig(Config):
    architecture: ArchitectureTable


def describe_letters(path: Path) -> Manifest:
    return manifest_of(
        path,
        read_config(path, LettersConfig),
        additive=False,
        reads="texts",
        files=digests(path, [CONFIG, WEIGHTS]),
        size="letters and words",
        facts=[("Kind", "letters and words of the text as it was written", "")],
        libraries=("pytest",),
        not_randomised="",
    )


def load_letters(path: Path, *, precision: str, device: str) -> Classifier:
    return WholeTexts(
        Letters(json.loads((path / WEIGHTS).read_text())), segmentation=describe_letters(path).segmentation
    )


def load_random_letters(path: Path, *, seed: int, precision: str, device: str) -> Classifier:
    drawn = np.random.default_rng(seed).normal(size=len(WORDS))
    weights = dict(zip(WORDS, drawn.tolist(), strict=True))
    return WholeTexts(Letters(weights), segmentation=describe_letters(path).segmentation)


LETTERS = ModelKind(name="letters", describe=describe_letters, load=load_letters, load_randomised=load_random_letters)


def register(patch: pytest.MonkeyPatch, *kinds: ModelKind) -> None:
    """Let the registry know kinds for the length of a test."""
    for kind in kinds:
        patch.setitem(registry.KINDS, kind.name, kind)


def write(folder: Path, kind: ModelKind, *, classes: tuple[str, str], texts: Texts | None = None, **own: Any) -> Path:
    """A model directory of one of the two kinds."""
    folder.mkdir(parents=True)
    text = config_text(
        architecture={"type": kind.name, **own}, segmentation=Segmentation(), classes=classes, texts=texts
    )
    (folder / CONFIG).write_text(text, encoding="utf-8")
    (folder / WEIGHTS).write_text(json.dumps(WORDS), encoding="utf-8")
    return folder


def without_reason(kind: ModelKind) -> ModelKind:
    """The kind with a manifest that leaves the reason to the default, and with no random weights."""
    default = Manifest.__dataclass_fields__["not_randomised"].default
    return replace(
        kind, describe=lambda path: replace(kind.describe(path), not_randomised=default), load_randomised=None
    )
