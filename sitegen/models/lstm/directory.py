"""The folder of a two-tower LSTM: what is in it, and how it is written, described and loaded.

    config.json          see manifest.py; beside that the architecture's numbers, and the vocabulary's size and hash
    weights.safetensors  the network's numbers, named as in architecture.py
    vectors.npy          (V, D) word vectors, memory-mapped
    words.txt            the V words, one a line, in the order of their bytes
    card.md              the model card

Describing reads everything but the weights' numbers; loading imports torch, and not before. Both refuse what does not
hold together: a vocabulary other than the one declared, vectors of another size, weights of another shape.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict
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
from sitegen.models.lstm import facts
from sitegen.models.lstm.architecture import NAME, Architecture, Readout, mismatch
from sitegen.models.lstm.format import format_of, recompute_script
from sitegen.models.manifest import (
    CARD,
    CONFIG,
    KIND_OF_FOLDER,
    ArchitectureTable,
    Config,
    Manifest,
    ModelKind,
    Table,
    Texts,
    config_text,
    digests,
    manifest_of,
    read_config,
)
from sitegen.models.protocol import Classifier, Precision

WEIGHTS = "weights.safetensors"
_RESULTS = (CONFIG, WEIGHTS, MATRIX, WORDS)  # what influences results
_FILES = frozenset({*_RESULTS, CARD})
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


def describe(path: Path) -> Manifest:
    """The manifest of the folder; loads no torch."""
    return _describe(path, read_config(path, _Config))


def architecture_of(path: Path) -> Architecture:
    """The numbers that fix every weight's shape, as config.json has them."""
    return _architecture(read_config(path, _Config))


def load(path: Path, *, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """The classifier in the folder: an AdditiveClassifier, or a Classifier only where it has a joint layer.

    Raises ModelError where vectors or weights do not fit the architecture, naming the tensor.
    """
    manifest, architecture, vectors = _opened(path)
    weights = _read_weights(path / WEIGHTS, architecture)
    return _classifier(manifest, architecture, weights, vectors, precision=precision, device=device)


def load_randomised(path: Path, *, seed: int, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """The classifier in the folder as it was before any training: its architecture and vectors, fresh random weights.

    The weights are torch's own first weights, drawn by a generator seeded with `seed`; torch's global one is left as
    it was. The weights that were trained may hold anything.
    """
    manifest, architecture, vectors = _opened(path)
    from sitegen.models.lstm.network import first_weights

    weights = first_weights(architecture, seed=seed)
    return _classifier(manifest, architecture, weights, vectors, precision=precision, device=device)


KIND = ModelKind(name=NAME, describe=describe, load=load, load_randomised=load_randomised)


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
) -> Manifest:
    """Write a model directory at `output`, whole or not at all, and describe it.

    An earlier model directory there is replaced; a folder that holds anything else is refused with ModelError.
    `metrics` and `training` must be JSON; the vectors' files are copied.
    """
    wrong = mismatch({name: array.shape for name, array in weights.items()}, architecture.shapes())
    if wrong or vectors.dimension != architecture.dimension:
        raise ValueError(wrong or f"vectors of {vectors.dimension} numbers do not fit {architecture}")
    with written_whole(output, kind=KIND_OF_FOLDER, files=_FILES) as fresh:
        for name in (MATRIX, WORDS):
            shutil.copyfile(vectors.folder / name, fresh / name)
        ordered = {name: np.ascontiguousarray(array) for name, array in sorted(weights.items())}
        (fresh / WEIGHTS).write_bytes(safetensors.save(ordered))
        text = config_text(
            architecture={"type": NAME, **asdict(architecture)},
            segmentation=segmentation,
            classes=classes,
            own={"vocabulary": {"size": len(vectors), "sha256": digests(fresh, [WORDS])[WORDS]}},
            metrics=metrics,
            training=training,
            texts=texts,
        )
        (fresh / CONFIG).write_text(text, encoding="utf-8")
        (fresh / CARD).write_text(card, encoding="utf-8")
        describe(fresh)
    return describe(output)


def check_output(output: Path) -> None:
    """Raise ModelError where `save` could not write `output`: worth knowing before minutes of training."""
    check_replaceable(output, kind=KIND_OF_FOLDER, files=_FILES)


def _describe(path: Path, config: _Config) -> Manifest:
    hashes = digests(path, _RESULTS)
    if hashes[WORDS] != config.vocabulary.sha256:
        raise ModelError(
            f'{path / WORDS}: is not the word list this model was saved with: "vocabulary.sha256" of {CONFIG} differs. '
            f"Restore the file, or train the model again."
        )
    architecture = _architecture(config)
    return manifest_of(
        path,
        config,
        additive=not architecture.joint,
        files=hashes,
        size=facts.size(architecture, vocabulary=config.vocabulary.size),
        facts=facts.facts(architecture, vocabulary=config.vocabulary.size),
        notes=facts.notes(architecture),
        record_note=facts.record_note(architecture),
        softmax=True,
        probability_note=facts.probability_note(architecture),
        format=format_of(architecture, vocabulary=config.vocabulary.size),
        recompute=recompute_script(),
        network=architecture.network,
        no_network=facts.no_network(architecture),
        libraries=("torch", "numpy", "gensim"),
        not_randomised="",
    )


def _architecture(config: _Config) -> Architecture:
    return Architecture(**config.architecture.model_dump(exclude={"type"}))


def _opened(path: Path) -> tuple[Manifest, Architecture, Vectors]:
    """All of the folder but its weights, checked against each other."""
    config = read_config(path, _Config)
    manifest, architecture = _describe(path, config), _architecture(config)
    vectors = open_vectors(path)
    if vectors.dimension != architecture.dimension or len(vectors) != config.vocabulary.size:
        raise ModelError(
            f"{path / MATRIX}: has {len(vectors)} vectors of {vectors.dimension} numbers; {CONFIG} says "
            f"{config.vocabulary.size} of {architecture.dimension}. Restore the file, or train the model again."
        )
    return manifest, architecture, vectors


def _classifier(
    manifest: Manifest,
    architecture: Architecture,
    weights: Mapping[str, Array],
    vectors: Vectors,
    *,
    precision: Precision,
    device: str,
) -> Classifier:
    from sitegen.models.lstm.classifier import build_classifier

    return build_classifier(
        weights,
        architecture=architecture,
        vectors=vectors,
        segmentation=manifest.segmentation,
        precision=precision,
        device=device,
    )


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
