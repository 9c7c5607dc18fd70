"""A model on disk: a folder of plain files, none of which can run code.

    config.json          what the model is: architecture, segmentation, classes, texts it saw, metrics
    weights.safetensors  the network's numbers, named as in architecture.py
    vectors.npy          (V, D) word vectors, memory-mapped
    words.txt            the V words, one a line, in the order of their bytes
    card.md              the model card, for people

How texts are cut belongs here, since a model must be fed what it was trained on. So do the hashes of the texts it
was trained, stopped and tested on: significance may only be claimed for texts it has not seen, and ids can be
renumbered where texts cannot.

`describe` reads everything but the weights' numbers and needs no torch, so that pages can be rendered without it;
`load` needs it and imports it then, and so does `load_randomised`, for the model as it was before training. All refuse
what does not hold together: keys of config.json, a vocabulary other than the one declared, weights of another shape.
The fingerprint is the SHA-256 of the bytes of all files that influence results (all but the card); scores are kept
under it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors import numpy as safetensors

from sitegen.corpus.arrays import Array
from sitegen.corpus.folders import check_replaceable, written_whole
from sitegen.corpus.segment import Segmentation, splitter_names, tokenizer_names
from sitegen.corpus.vectors import MATRIX, WORDS, Vectors, open_vectors
from sitegen.errors import ModelError
from sitegen.models.lstm.architecture import KIND, Architecture, Readout, mismatch
from sitegen.models.protocol import Classifier

if TYPE_CHECKING:
    from sitegen.models.lstm.classifier import Precision

FORMAT = 1
_KIND_OF_FOLDER = "model directory"
CONFIG, WEIGHTS, CARD = "config.json", "weights.safetensors", "card.md"
_RESULTS = (CONFIG, WEIGHTS, MATRIX, WORDS)
_FILES = frozenset({*_RESULTS, CARD})
_Count = Annotated[int, Field(ge=1)]
_Hashes = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Hashes of the texts of each part, as `text_hash` of records.py makes them."""

    train: _Hashes = ()
    validation: _Hashes = ()
    test: _Hashes = ()

    @property
    def seen(self) -> frozenset[str]:
        """Texts that shaped the model: trained on, or used to decide when to stop."""
        return frozenset(self.train) | frozenset(self.validation)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDescription:
    """What config.json says of a model, the size of its vocabulary and the fingerprint of its files.

    classes: (negative, positive). metrics: part ("test") -> measures. training: options and counts, as written.
    fingerprint: SHA-256, hex, over the bytes of all files that influence results.
    """

    path: Path
    architecture: Architecture
    segmentation: Segmentation
    classes: tuple[str, str]
    texts: Texts
    metrics: Mapping[str, Any]
    training: Mapping[str, Any]
    vocabulary: int
    fingerprint: str

    @property
    def card(self) -> str:
        """The model card, Markdown; empty where there is none."""
        file = self.path / CARD
        return file.read_text(encoding="utf-8") if file.is_file() else ""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Architecture(_Table):
    type: Literal["two-tower-lstm"]
    layers: _Count
    hidden: _Count
    dimension: _Count
    directions: Annotated[int, Field(ge=1, le=2)]
    readout: Readout
    joint: Annotated[int, Field(ge=0)] = 0


class _Segmentation(_Table):
    tokenizer: str
    splitter: str
    strip_title: bool


class _Texts(_Table):
    train: list[str] = []
    validation: list[str] = []
    test: list[str] = []


class _Vocabulary(_Table):
    size: _Count
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Config(_Table):
    format: Literal[1]
    architecture: _Architecture
    segmentation: _Segmentation
    classes: list[Annotated[str, Field(min_length=1)]]
    texts: _Texts = _Texts()
    metrics: dict[str, JsonValue] = {}
    vocabulary: _Vocabulary
    training: dict[str, JsonValue] = {}


def describe(path: Path) -> ModelDescription:
    """What the model directory at `path` holds; loads no torch.

    Reads every file once, for the fingerprint. Raises ModelError naming the file, the key, the problem, the remedy.
    """
    config = _read_config(path)
    digests = {name: _digest(path / name) for name in _RESULTS}
    if digests[WORDS] != config.vocabulary.sha256:
        raise ModelError(
            f'{path / WORDS}: is not the word list this model was saved with: "vocabulary.sha256" of {CONFIG} differs. '
            f"Restore the file, or train the model again."
        )
    table = config.architecture.model_dump()
    del table["type"]
    return ModelDescription(
        path=path,
        architecture=Architecture(**table),
        segmentation=Segmentation(**config.segmentation.model_dump()),
        classes=(config.classes[0], config.classes[1]),
        texts=Texts(**{part: tuple(hashes) for part, hashes in config.texts.model_dump().items()}),
        metrics=MappingProxyType(config.metrics),
        training=MappingProxyType(config.training),
        vocabulary=config.vocabulary.size,
        fingerprint=hashlib.sha256("\n".join(f"{name} {digests[name]}" for name in _RESULTS).encode()).hexdigest(),
    )


def load(path: Path, *, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """The classifier at `path`: an AdditiveClassifier, or a Classifier only where it has a joint layer.

    `device` is torch's name of where the network runs. Raises ModelError like `describe`, and where vectors or weights
    do not fit the architecture, naming the tensor.
    """
    description, vectors = _opened(path)
    weights = _read_weights(path / WEIGHTS, description.architecture)
    return _classifier(description, weights, vectors, precision=precision, device=device)


def load_randomised(path: Path, *, seed: int, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """The classifier at `path` as it was before any training: its architecture and vectors, fresh random weights.

    The weights are torch's own first weights, drawn by a generator seeded with `seed`; torch's global one is left as
    it was. Raises ModelError like `load`, though the weights that were trained may hold anything.
    """
    description, vectors = _opened(path)
    import torch

    from sitegen.models.lstm.classifier import TwoTower

    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        network = TwoTower(description.architecture)
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    return _classifier(description, weights, vectors, precision=precision, device=device)


def _opened(path: Path) -> tuple[ModelDescription, Vectors]:
    description = describe(path)
    architecture = description.architecture
    vectors = open_vectors(path)
    if vectors.dimension != architecture.dimension or len(vectors) != description.vocabulary:
        raise ModelError(
            f"{path / MATRIX}: has {len(vectors)} vectors of {vectors.dimension} numbers; {CONFIG} says "
            f"{description.vocabulary} of {architecture.dimension}. Restore the file, or train the model again."
        )
    return description, vectors


def _classifier(
    description: ModelDescription,
    weights: Mapping[str, Array],
    vectors: Vectors,
    *,
    precision: Precision,
    device: str,
) -> Classifier:
    from sitegen.models.lstm.classifier import build_classifier

    return build_classifier(
        weights,
        architecture=description.architecture,
        vectors=vectors,
        segmentation=description.segmentation,
        precision=precision,
        device=device,
    )


def save(
    output: Path,
    *,
    architecture: Architecture,
    segmentation: Segmentation,
    classes: tuple[str, str],
    weights: Mapping[str, Array],
    vectors: Vectors,
    card: str,
    texts: Texts | None = None,
    metrics: Mapping[str, Any] | None = None,
    training: Mapping[str, Any] | None = None,
) -> ModelDescription:
    """Write a model directory at `output`, whole or not at all, and describe it.

    An earlier model directory there is replaced; a folder that holds anything else is refused with ModelError.
    `metrics` and `training` must be JSON; the vectors' files are copied.
    """
    wrong = mismatch({name: array.shape for name, array in weights.items()}, architecture.shapes())
    if wrong or vectors.dimension != architecture.dimension:
        raise ValueError(wrong or f"vectors of {vectors.dimension} numbers do not fit {architecture}")
    with written_whole(output, kind=_KIND_OF_FOLDER, files=_FILES) as fresh:
        for name in (MATRIX, WORDS):
            shutil.copyfile(vectors.folder / name, fresh / name)
        ordered = {name: np.ascontiguousarray(array) for name, array in sorted(weights.items())}
        (fresh / WEIGHTS).write_bytes(safetensors.save(ordered))
        config = {
            "format": FORMAT,
            "architecture": {"type": KIND, **asdict(architecture)},
            "segmentation": asdict(segmentation),
            "classes": list(classes),
            "vocabulary": {"size": len(vectors), "sha256": _digest(fresh / WORDS)},
            "metrics": dict(metrics or {}),
            "training": dict(training or {}),
            "texts": {part: sorted(hashes) for part, hashes in asdict(texts or Texts()).items()},
        }
        text = json.dumps(config, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        (fresh / CONFIG).write_text(text, encoding="utf-8")
        (fresh / CARD).write_text(card, encoding="utf-8")
        describe(fresh)
    return describe(output)


def check_output(output: Path) -> None:
    """Raise ModelError where `save` could not write `output`: worth asking before minutes of training."""
    check_replaceable(output, kind=_KIND_OF_FOLDER, files=_FILES)


def _read_config(path: Path) -> _Config:
    file = path / CONFIG
    if not path.is_dir():
        raise ModelError(f"{path}: there is no such folder. Give a model directory, as sitegen train writes one.")
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(
            f"{file}: there is no such file. Give a model directory, as sitegen train writes it."
        ) from None
    except ValueError as error:
        raise ModelError(f"{file}: is not valid JSON ({error}). Restore the file, or train the model again.") from None
    if isinstance(data, dict) and data.get("format") not in (FORMAT, None):
        raise ModelError(f'{file}: "format" is {data["format"]!r}; this sitegen reads {FORMAT}. Update sitegen.')
    try:
        config = _Config.model_validate(data)
    except ValidationError as error:
        raise ModelError("\n".join(_explain(file, item) for item in error.errors())) from None
    if len(config.classes) != 2 or len(set(config.classes)) != 2:
        raise ModelError(
            f'{file}: "classes" names {len(config.classes)} classes ({", ".join(config.classes)}); sitegen explains '
            f"models of two different classes, [negative, positive]. Train a model that tells one class from the rest."
        )
    for key, names in (("tokenizer", tokenizer_names()), ("splitter", splitter_names())):
        name = getattr(config.segmentation, key)
        if name not in names:
            known = ", ".join(names)
            raise ModelError(f'{file}: "segmentation.{key}": "{name}" is not known. Use one of: {known}.')
    return config


def _explain(file: Path, item: Any) -> str:
    key = ".".join(str(part) for part in item["loc"]) or "the file"
    match item["type"]:
        case "missing":
            return f'{file}: "{key}" is missing. Restore it, or train the model again.'
        case "extra_forbidden":
            return f'{file}: "{key}" is not a known key. Remove it.'
        case _:
            return f'{file}: "{key}": {item["msg"]} (found: {item["input"]!r:.80}). Correct it.'


def _read_weights(file: Path, architecture: Architecture) -> dict[str, Array]:
    try:
        with safe_open(file, framework="numpy") as tensors:
            found = {name: tuple(tensors.get_slice(name).get_shape()) for name in tensors.keys()}  # noqa: SIM118
        wrong = mismatch(found, architecture.shapes())
        if wrong:
            raise ModelError(f"{file}: {wrong}. The weights do not belong to this {CONFIG}: train or convert again.")
        weights: dict[str, Array] = safetensors.load_file(file)
    except SafetensorError as error:
        raise ModelError(f"{file}: is not a whole safetensors file ({error}). Train or convert again.") from None
    return weights


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise ModelError(f"{file}: there is no such file. Restore it, or train the model again.") from None
