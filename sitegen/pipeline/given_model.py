"""A model as a script or a notebook gives it, whatever its kind: a path, or an object in memory.

    a folder               of sitegen's own, or of transformers: its config.json says which
    a file                 a scikit-learn pipeline, in skops's format or a pickle
    "mymodel.py:name"      an object in a Python file
    an object              that keeps the contract (models/adapters/contract.py), or a fitted scikit-learn pipeline
    a LoadedModel          what load_model made of one of these

The settings are those of site.toml's [[models]], by the same names. A model directory of sitegen's own says all of this
by itself; for it they are refused, as site.toml refuses them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sitegen.errors import ModelError
from sitegen.models.adapters.in_memory import is_a_model
from sitegen.models.manifest import CONFIG
from sitegen.models.source import ARGUMENT_CONSENT, ARGUMENT_PLACE, IN_MEMORY, Held, Source

TRANSFORMERS = "transformers"  # the kind of a folder that this library wrote
_OBJECT = re.compile(r"(?P<file>.+\.py):(?P<name>\w+)")
_OWN = {"classes", "files"}  # settings that a Source holds in another form
_OF_ALL = {"classes", "rest", "device", "consent"}  # settings that a model directory has as well
_PIPELINES = {".skops", ".joblib", ".pkl", ".pickle"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """How a model is to be used: the keys of [[models]] by the same names and with the same defaults.

    classes: (negative, positive); None: those of a model directory, else "negative" and "positive". rest: as in
    [classes], whether the negative one is all but the positive. consent: how whoever gives it would let it run code.
    """

    classes: tuple[str, str] | None = None
    rest: bool = False
    join: str | None = None
    words: str = "words"
    splitter: str = "nupunkt"
    strip_title: bool = False
    files: Sequence[str | Path] = ()
    version: str = ""
    pieces: int | None = None
    device: str = ""
    trust: bool = False
    consent: str = ARGUMENT_CONSENT


def source_of_given(given: object, settings: ModelSettings, *, caller: str) -> Source:
    """The Source of what `caller`, a public function, was given.

    Raises ModelError where the model cannot be used so, TypeError where `given` is no model at all.
    """
    if isinstance(given, str | Path):
        return _of_path(str(given), settings)
    if not is_a_model(given):
        raise TypeError(
            f"{caller} takes what load_model returns, or the path of a model, or an object with a method "
            f"margins(texts) or probabilities(texts), or a fitted scikit-learn pipeline, not {given!r:.80}"
        )
    return _source(IN_MEMORY, None, settings, held=Held(given))


def _of_path(given: str, settings: ModelSettings) -> Source:
    if named := _OBJECT.fullmatch(given):
        file = Path(named["file"]).expanduser().absolute()
        return _source("python", Path(f"{file}:{named['name']}"), settings)
    path = Path(given).expanduser()
    if path.is_file() and (path.suffix.lower() in _PIPELINES or _begins_as_pipeline(path)):
        return _source("scikit-learn", path.absolute(), settings)
    if path.is_file():
        raise ModelError(
            f"{path}: is no model that sitegen knows. Give a model directory, a file of a scikit-learn pipeline (skops "
            f'or joblib), an object in a Python file ("mymodel.py:classifier"), or the object itself.'
        )
    if _is_of_transformers(path):
        return _source(TRANSFORMERS, path.absolute(), settings)
    own = [field.name for field in fields(settings) if getattr(settings, field.name) != field.default]
    if set(own) - _OF_ALL:
        raise ModelError(
            f"{path}: {sorted(set(own) - _OF_ALL)[0]} is for models of other kinds; a model directory says such "
            f"things by itself. Leave it out."
        )
    classes = _classes(settings)
    return Source(
        path=path,
        classes=classes,
        rest=settings.rest,
        device=settings.device,
        consent=settings.consent,
        place=ARGUMENT_PLACE,
    )


def _source(kind: str, path: Path | None, settings: ModelSettings, held: Held | None = None) -> Source:
    return Source(
        kind=kind,
        path=path,
        held=held,
        folder=Path.cwd(),
        classes=_classes(settings),
        files=tuple(Path(file).expanduser().absolute() for file in settings.files),
        **{field.name: getattr(settings, field.name) for field in fields(settings) if field.name not in _OWN},
        place=ARGUMENT_PLACE,
    )


def _classes(settings: ModelSettings) -> tuple[str, str]:
    """(negative, positive); ModelError where they are not two names."""
    classes = settings.classes or ("negative", "positive")
    if isinstance(classes, str) or len(classes) != 2 or classes[0].casefold() == classes[1].casefold():
        raise ModelError(f"classes: are {classes!r}; they must be two different names, (negative, positive).")
    return classes[0], classes[1]


def _is_of_transformers(folder: Path) -> bool:
    """Whether its config.json is one of transformers', and none of sitegen's."""
    try:
        told: Any = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and "architecture" not in told and bool({"architectures", "model_type"} & told.keys())


def _begins_as_pipeline(file: Path) -> bool:
    """Whether a file without a telling suffix begins as a zip (skops) or a pickle (joblib) does."""
    with file.open("rb") as stream:
        return stream.read(4).startswith((b"PK\x03\x04", b"\x80"))
