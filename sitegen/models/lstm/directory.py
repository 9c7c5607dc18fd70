"""The folder of a two-tower LSTM: what is in it, and how it is written, described and loaded.

    config.json          see config_file.py; beside that the architecture's numbers, and the vocabulary's size and hash
    weights.safetensors  the network's numbers, named as in architecture.py
    vectors.npy          (V, D) word vectors, memory-mapped
    words.txt            the V words, one a line, in the order of their bytes
    card.md              the model card

With more than two classes in config.json there is a logit for each, in that order; such a folder is described and
loaded for one of them against the others (`against_rest`).

Describing reads everything but the weights' numbers; loading imports torch, and not before. Both refuse what does not
hold together: a vocabulary other than the one declared, vectors of another size, weights of another shape.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field
from safetensors import SafetensorError, safe_open
from safetensors import numpy as safetensors

from sitegen.corpus.arrays import Array
from sitegen.corpus.folders import check_replaceable, written_whole
from sitegen.corpus.segment import Segmentation
from sitegen.corpus.vectors import MATRIX, WORDS, Vectors, open_vectors
from sitegen.errors import ModelError
from sitegen.models.config_file import ArchitectureTable, Config, Table, config_text, manifest_of, place_of, read_config
from sitegen.models.live import Counts, Form, LiveKind, LiveModel, Publisher
from sitegen.models.lstm import facts, published
from sitegen.models.lstm.architecture import NAME, Architecture, Readout, mismatch
from sitegen.models.lstm.format import format_of, recompute_script
from sitegen.models.manifest import CARD, CONFIG, KIND_OF_FOLDER, Manifest, ModelKind, Texts, digests
from sitegen.models.protocol import Classifier, Precision

WEIGHTS = "weights.safetensors"
_RESULTS = (CONFIG, WEIGHTS, MATRIX, WORDS)  # what influences results
_FILES = frozenset({*_RESULTS, CARD})
_RESTORE = "Restore the file, or train or convert the model again."
_Count = Annotated[int, Field(ge=1)]


class _Architecture(ArchitectureTable):
    type: Literal["two-tower-lstm"]
    layers: _Count
    hidden: _Count
    dimension: _Count
    directions: Annotated[int, Field(ge=1, le=2)]
    readout: Readout
    joint: Annotated[int, Field(ge=0)] = 0


class _Vocabulary(Table):
    size: _Count
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Config(Config):
    architecture: _Architecture
    vocabulary: _Vocabulary


Names = tuple[str, str]


def describe(path: Path, *, classes: Names | None = None) -> Manifest:
    """The manifest of the folder; loads no torch. classes: (negative, positive), of a folder of more than two, of which
    one is asked for against the rest."""
    return _describe(path, _config(path, classes), classes)


def load(
    path: Path, *, precision: Precision = "float32", device: str = "cpu", classes: Names | None = None
) -> Classifier:
    """The classifier in the folder: an AdditiveClassifier, or a Classifier only where it has a joint layer or more than
    two classes.

    Raises ModelError where vectors or weights do not fit the architecture, naming the tensor.
    """
    opened = _opened(path, classes)
    return opened.classifier(_read_weights(path / WEIGHTS, opened.architecture), precision=precision, device=device)


def load_randomised(
    path: Path, *, seed: int, precision: Precision = "float32", device: str = "cpu", classes: Names | None = None
) -> Classifier:
    """The classifier in the folder as it was before any training: its architecture and vectors, fresh random weights.

    The weights are torch's own first weights, drawn by a generator seeded with `seed`; torch's global one is left as
    it was. The weights that were trained may hold anything.
    """
    opened = _opened(path, classes)
    from sitegen.models.lstm.network import first_weights

    return opened.classifier(first_weights(opened.architecture, seed=seed), precision=precision, device=device)


def against_rest(classes: Names) -> ModelKind:
    """The kind of a folder of more than two classes, asked for one of them. classes: (negative, positive); the positive
    one is named as in config.json."""
    return ModelKind(
        name=NAME,
        describe=partial(describe, classes=classes),
        load=partial(load, classes=classes),
        load_randomised=partial(load_randomised, classes=classes),
    )


def live_form(path: Path, *, limit: int, counts: Counts) -> Form | str:
    """In which form the network runs in a page, of at most `limit` bytes; why in none, else."""
    return published.choose(_numbers(path, _opened(path, None)), limit=limit, counts=counts)


def live_model(path: Path, form: Form) -> LiveModel:
    """The network in such a form."""
    opened = _opened(path, None)

    def of(weights: Mapping[str, Array], vectors: Vectors) -> Publisher:
        return partial(replace(opened, vectors=vectors).classifier, weights, device="cpu")

    return published.publish(_numbers(path, opened), form, of)


KIND = ModelKind(
    name=NAME,
    describe=describe,
    load=load,
    load_randomised=load_randomised,
    against_rest=against_rest,
    live=LiveKind(choose=live_form, publish=live_model),
)


def save(
    output: Path,
    *,
    architecture: Architecture,
    segmentation: Segmentation,
    classes: tuple[str, ...],
    weights: Mapping[str, Array],
    vectors: Vectors,
    card: str,
    texts: Texts | None = None,
    metrics: Mapping[str, Any] | None = None,
    training: Mapping[str, Any] | None = None,
) -> Manifest:
    """Write a model directory at `output`, whole or not at all, and describe it.

    An earlier model directory there is replaced; a folder that holds anything else is refused with ModelError.
    classes: (negative, positive), or those of all C logits, in their order; then the manifest is that of the first one
    against the rest. `metrics` and `training` must be JSON; the vectors' files are copied.
    """
    if len(classes) != architecture.classes:
        raise ValueError(f"{len(classes)} names do not fit {architecture.classes} classes")
    wrong = mismatch({name: array.shape for name, array in weights.items()}, architecture.shapes())
    if wrong or vectors.dimension != architecture.dimension:
        raise ValueError(wrong or f"vectors of {vectors.dimension} numbers do not fit {architecture}")
    with written_whole(output, kind=KIND_OF_FOLDER, files=_FILES) as fresh:
        for name in (MATRIX, WORDS):
            shutil.copyfile(vectors.folder / name, fresh / name)
        ordered = {name: np.ascontiguousarray(array) for name, array in sorted(weights.items())}
        (fresh / WEIGHTS).write_bytes(safetensors.save(ordered))
        text = config_text(
            architecture={"type": NAME, **_stated(architecture)},
            segmentation=segmentation,
            classes=classes,
            own={"vocabulary": {"size": len(vectors), "sha256": digests(fresh, [WORDS])[WORDS]}},
            metrics=metrics,
            training=training,
            texts=texts,
        )
        (fresh / CONFIG).write_text(text, encoding="utf-8")
        (fresh / CARD).write_text(card, encoding="utf-8")
        asked = (f"not {classes[0]}", classes[0]) if len(classes) > 2 else None
        describe(fresh, classes=asked)
    return describe(output, classes=asked)


def check_output(output: Path, *, replace: bool = True) -> None:
    """Raise ModelError where `save` could not write `output`: worth knowing before minutes of training. replace:
    whether a model that is there may be lost."""
    check_replaceable(output, kind=KIND_OF_FOLDER, files=_FILES)
    if not replace and output.is_dir() and any(output.iterdir()):
        raise ModelError(f"{output}: exists already. Choose another --output, or overwrite a model with --force.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """All of a folder but its weights, checked against each other. positive: the place of the class that is asked for
    against the rest; None of two classes."""

    manifest: Manifest
    architecture: Architecture
    vectors: Vectors
    positive: int | None

    def classifier(self, weights: Mapping[str, Array], *, precision: Precision, device: str) -> Classifier:
        """The classifier with these weights; imports torch."""
        settings: dict[str, Any] = {
            "architecture": self.architecture,
            "vectors": self.vectors,
            "segmentation": self.manifest.segmentation,
            "precision": precision,
            "device": device,
        }
        if self.positive is not None:
            from sitegen.models.lstm.several import build_several

            return build_several(weights, positive=self.positive, **settings)
        from sitegen.models.lstm.classifier import build_classifier

        return build_classifier(weights, **settings)


def _numbers(path: Path, opened: _Opened) -> published.Numbers:
    return published.Numbers(
        architecture=opened.architecture,
        vectors=opened.vectors,
        weights=_read_weights(path / WEIGHTS, opened.architecture),
        segmentation=opened.manifest.segmentation,
        classes=opened.manifest.classes,
    )


def _config(path: Path, classes: Names | None) -> _Config:
    return read_config(path, _Config, several=classes is not None)


def _describe(path: Path, config: _Config, classes: Names | None) -> Manifest:
    hashes = digests(path, _RESULTS)
    if hashes[WORDS] != config.vocabulary.sha256:
        raise ModelError(
            f'{path / WORDS}: is not the word list this model was saved with: "vocabulary.sha256" of {CONFIG} differs. '
            f"{_RESTORE}"
        )
    architecture, size = _architecture(config), config.vocabulary.size
    of_several: dict[str, Any] = {"softmax": True, "recompute": recompute_script()}
    if classes is not None:
        names = config.classes
        positive = names[place_of(path, names, classes)]
        of_several = {"settings": json.dumps({"positive": positive}, ensure_ascii=False), "classes": classes}
    return manifest_of(
        path,
        config,
        additive=architecture.additive,
        files=hashes,
        size=facts.size(architecture, vocabulary=size),
        facts=facts.facts(architecture, vocabulary=size, names=config.classes),
        notes=(*facts.several(config.classes, classes), *facts.notes(architecture)),
        record_note=facts.record_note(architecture),
        probability_note=facts.probability_note(architecture),
        format=format_of(architecture, vocabulary=size),
        network=architecture.network,
        no_network=facts.no_network(architecture),
        no_live=facts.no_live(
            architecture, tokenizer=config.segmentation.tokenizer, splitter=config.segmentation.splitter
        ),
        libraries=("torch", "numpy", "gensim"),
        not_randomised="",
        **of_several,
    )


def _architecture(config: _Config) -> Architecture:
    return Architecture(**config.architecture.model_dump(exclude={"type"}), classes=len(config.classes))


def _stated(architecture: Architecture) -> dict[str, Any]:
    """The numbers that config.json states by themselves; the classes have their names there."""
    return {name: value for name, value in asdict(architecture).items() if name != "classes"}


def _opened(path: Path, classes: Names | None) -> _Opened:
    config = _config(path, classes)
    manifest, architecture = _describe(path, config, classes), _architecture(config)
    vectors = open_vectors(path, remedy=_RESTORE)
    if vectors.dimension != architecture.dimension or len(vectors) != config.vocabulary.size:
        raise ModelError(
            f"{path / MATRIX}: has {len(vectors)} vectors of {vectors.dimension} numbers; {CONFIG} says "
            f"{config.vocabulary.size} of {architecture.dimension}. {_RESTORE}"
        )
    positive = None if classes is None else place_of(path, config.classes, classes)
    return _Opened(manifest=manifest, architecture=architecture, vectors=vectors, positive=positive)


def _read_weights(file: Path, architecture: Architecture) -> dict[str, Array]:
    try:
        with safe_open(file, framework="numpy") as tensors:
            shapes = {name: tuple(tensors.get_slice(name).get_shape()) for name in tensors.keys()}  # noqa: SIM118
        wrong = mismatch(shapes, architecture.shapes())
        if wrong:
            raise ModelError(f"{file}: {wrong}. The weights do not belong to this {CONFIG}: train or convert again.")
        weights: dict[str, Array] = safetensors.load_file(file)
    except SafetensorError as error:
        raise ModelError(f"{file}: is not a whole safetensors file ({error}). Train or convert again.") from None
    return weights
