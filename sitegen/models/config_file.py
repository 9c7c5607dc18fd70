"""config.json of a model directory: its keys, how it is read and checked, and how it is written.

The keys that every kind has are here (`Config`); a kind declares a subclass with its own `architecture` and keys. What
is made of them is a Manifest (manifest.py). Whatever is wrong is said at once, with the file, the key and the remedy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from sitegen.corpus.segment import Segmentation, splitter_names, tokenizer_names
from sitegen.errors import ModelError
from sitegen.models.manifest import AGAINST_REST, CONFIG, SET_POSITIVE, Fact, Manifest, Reads, Texts

FORMAT = 1


class Table(BaseModel):
    """A table of config.json: no key but those declared, no value of another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ArchitectureTable(Table):
    """`architecture`: the kind's name. A kind declares a subclass with `type` as its own name, and further keys."""

    type: str


class _SegmentationTable(Table):
    tokenizer: str
    splitter: str
    strip_title: bool


class _TextsTable(Table):
    train: list[str] = []
    validation: list[str] = []
    test: list[str] = []


class Config(Table):
    """The keys of config.json that every kind has. A kind declares a subclass with its own `architecture` and keys."""

    format: Literal[1]
    architecture: ArchitectureTable
    segmentation: _SegmentationTable
    classes: list[Annotated[str, Field(min_length=1)]]
    texts: _TextsTable = _TextsTable()
    metrics: dict[str, JsonValue] = {}
    training: dict[str, JsonValue] = {}


class _KindTable(BaseModel):
    type: str


class _KindOnly(BaseModel):
    architecture: _KindTable
    classes: Any = None


C = TypeVar("C", bound=Config)


def read_kind(path: Path) -> str:
    """The kind that the folder's config.json names; ModelError where there is no such file or it names none."""
    return _validated(path / CONFIG, _read_json(path), _KindOnly).architecture.type


def has_several_classes(path: Path) -> bool:
    """Whether the folder's config.json names more than two classes."""
    names = _validated(path / CONFIG, _read_json(path), _KindOnly).classes
    return isinstance(names, list) and len(names) > 2


def place_of(path: Path, names: Sequence[str], classes: tuple[str, str]) -> int:
    """Which of a folder's classes is the site's positive one. classes: (negative, positive), the site's names.
    ModelError where none is called so."""
    folded = [name.strip().casefold() for name in names]
    if classes[1].strip().casefold() not in folded:
        raise ModelError(
            f'{path / CONFIG}: "classes" names {len(names)} classes ({", ".join(names)}), none of which is '
            f"“{classes[1]}”. {SET_POSITIVE}."
        )
    return folded.index(classes[1].strip().casefold())


def read_config(path: Path, config: type[C], *, several: bool = False) -> C:
    """The folder's config.json as a kind declares it. several: whether it may name more than two classes. Raises
    ModelError with all problems at once."""
    file = path / CONFIG
    read = _validated(file, _read_json(path), config)
    number = len(read.classes)
    if len(set(read.classes)) != number or number < 2 or (number > 2 and not several):
        remedy = (
            AGAINST_REST
            if number > 2 and len(set(read.classes)) == number
            else "Train a model that tells one class from the rest"
        )
        raise ModelError(
            f'{file}: "classes" names {number} classes ({", ".join(read.classes)}); sitegen explains '
            f"models of two different classes, [negative, positive]. {remedy}."
        )
    for key, names in (("tokenizer", tokenizer_names()), ("splitter", splitter_names())):
        name = getattr(read.segmentation, key)
        if name not in names:
            known = ", ".join(names)
            raise ModelError(f'{file}: "segmentation.{key}": "{name}" is not known. Use one of: {known}.')
    return read


def manifest_of(
    path: Path,
    config: Config,
    *,
    additive: bool,
    files: Mapping[str, str],
    size: str,
    facts: Sequence[Fact],
    reads: Reads = "tokens",
    classes: tuple[str, str] | None = None,
    **wording: Any,
) -> Manifest:
    """The manifest of a folder whose config.json was read. files: what `digests` says of those that influence results.
    classes: (negative, positive), where config.json names more than two. `wording` are those fields that have a
    default."""
    return Manifest(
        path=path,
        kind=config.architecture.type,
        additive=additive,
        reads=reads,
        segmentation=Segmentation(**config.segmentation.model_dump()),
        classes=classes or (config.classes[0], config.classes[1]),
        texts=Texts(**{part: tuple(hashes) for part, hashes in config.texts.model_dump().items()}),
        metrics=MappingProxyType(config.metrics),
        training=MappingProxyType(config.training),
        files=MappingProxyType(dict(files)),
        size=size,
        facts=tuple(facts),
        **wording,
    )


def config_text(
    *,
    architecture: Mapping[str, Any],
    segmentation: Segmentation,
    classes: Sequence[str],
    own: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = None,
    training: Mapping[str, Any] | None = None,
    texts: Texts | None = None,
) -> str:
    """config.json as text. architecture: "type", the kind, comes first. own: further keys of the kind; they, `metrics`
    and `training` must be JSON, else ValueError."""
    config = {
        "format": FORMAT,
        "architecture": dict(architecture),
        "segmentation": {key: getattr(segmentation, key) for key in _SegmentationTable.model_fields},
        "classes": list(classes),
        **(own or {}),
        "metrics": dict(metrics or {}),
        "training": dict(training or {}),
        "texts": {part: sorted(hashes) for part, hashes in asdict(texts or Texts()).items()},
    }
    return json.dumps(config, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _read_json(path: Path) -> Any:
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
    return data


M = TypeVar("M", bound=BaseModel)


def _validated(file: Path, data: Any, model: type[M]) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise ModelError("\n".join(_explain(file, item) for item in error.errors())) from None


def _explain(file: Path, item: Any) -> str:
    key = ".".join(str(part) for part in item["loc"]) or "the file"
    match item["type"]:
        case "missing":
            return f'{file}: "{key}" is missing. Restore it, or train the model again.'
        case "extra_forbidden":
            return f'{file}: "{key}" is not a known key. Remove it.'
        case _:
            return f'{file}: "{key}": {item["msg"]} (found: {item["input"]!r:.80}). Correct it.'
