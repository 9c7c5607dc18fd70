"""A model as a script or a notebook gives it, whatever its kind: a path, or an object in memory.

    a folder               of sitegen's own, or of transformers: its config.json says which
    a file                 a scikit-learn pipeline, in skops's format or a pickle
    "mymodel.py:name"      an object in a Python file
    an object              that keeps the contract (models/adapters/contract.py), or a fitted scikit-learn pipeline
    a LoadedModel          what load_model made of one of these

What a path is, each kind says for itself (`holds`, see models/source.py).

The settings are those of site.toml's [[models]], by the same names. A model directory of sitegen's own says all of this
by itself; for it they are refused, as site.toml refuses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from sitegen.errors import ModelError
from sitegen.models.adapters.in_memory import is_a_model
from sitegen.models.registry import kind_at
from sitegen.models.source import ARGUMENT_CONSENT, ARGUMENT_PLACE, IN_MEMORY, Held, Source

_OWN = {"classes", "files"}  # settings that a Source holds in another form
_OF_ALL = {"classes", "rest", "device", "consent"}  # settings that a model directory has as well


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
    path = Path(given).expanduser()
    if kind := kind_at(path):
        return _source(kind, path.absolute(), settings)
    if path.is_file():
        raise ModelError(
            f"{path}: is no model that sitegen knows. Give a model directory, a file of a scikit-learn pipeline (skops "
            f'or joblib), an object in a Python file ("mymodel.py:classifier"), or the object itself.'
        )
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
