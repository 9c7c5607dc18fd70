"""All kinds of model, and the three things that are done with a model whatever its kind.

A kind is a module that makes a `ModelKind` (a model directory, see manifest.py) or a `SourceKind` (any other model, see
source.py) and a line below. Nothing else knows which kinds there are: `architecture.type` of a folder's config.json
names the one, `kind` in site.toml the other, and the kind does the rest. Kinds that other packages bring are entry
points of the group "sitegen.models"; one is imported when a model names it, and not before.

Whoever asks gives a Path, which is a model directory, or a Source. Of a source that runs code nothing is asked before
the user has consented: `_trusted` is the one place where that is seen to.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

from sitegen.errors import ModelError
from sitegen.models.adapters import in_memory, python
from sitegen.models.adapters.command import kind as command
from sitegen.models.adapters.scikit_learn import kind as scikit_learn
from sitegen.models.adapters.scores import kind as scores
from sitegen.models.adapters.transformers import kind as transformers
from sitegen.models.config_file import has_several_classes, read_kind
from sitegen.models.devices import checked_device
from sitegen.models.live import Counts, Form, LiveKind, LiveModel
from sitegen.models.lstm import directory as two_tower
from sitegen.models.manifest import CONFIG, Manifest, ModelKind
from sitegen.models.protocol import Classifier, Precision
from sitegen.models.source import Source, SourceKind, check_trusted

GROUP = "sitegen.models"  # of entry points

KINDS: dict[str, ModelKind] = {
    kind.name: kind
    for kind in (
        two_tower.KIND,
        # one line for each further kind of model directory
    )
}
SOURCE_KINDS: dict[str, SourceKind] = {
    kind.name: kind
    for kind in (
        python.KIND,
        scikit_learn.KIND,
        command.KIND,
        scores.KIND,
        transformers.KIND,
        # one line for each further kind that site.toml can name
    )
}


def describe(model: Path | Source) -> Manifest:
    """The manifest of a model; loads no library that runs one, where that can be helped.

    Reads every file that influences results once, for the fingerprint. Raises ModelError naming the file, the key, the
    problem, the remedy.
    """
    source, path = _asked(model)
    return _kind(model, path).describe(path) if source is None else _trusted(source).describe(source)


def load(model: Path | Source, *, precision: Precision = "float32", device: str = "") -> Classifier:
    """The classifier: an AdditiveClassifier where its manifest says so.

    `device` is torch's name of where it runs; without one it is what site.toml says, and else the processor. Raises
    ModelError like `describe`, where there is no such device, and where its files do not fit each other, naming what
    does not fit.
    """
    source, path = _asked(model)
    device = _device(model, device)
    if source is None:
        return _kind(model, path).load(path, precision=precision, device=device)
    return _trusted(source).load(source, precision=precision, device=device)


def load_randomised(
    model: Path | Source, *, seed: int, precision: Precision = "float32", device: str = ""
) -> Classifier:
    """The classifier as it was before any training: all but its weights, which are random.

    Raises ModelError like `load`, and where such a model cannot be made: its manifest's `not_randomised` says why.
    """
    source, path = _asked(model)
    device = _device(model, device)
    if source is None:
        kind = _kind(model, path)
        if kind.load_randomised is None:
            raise ModelError(f"{path}: {kind.describe(path).not_randomised}")
        return kind.load_randomised(path, seed=seed, precision=precision, device=device)
    of_source = _trusted(source)
    if of_source.load_randomised is None:
        raise ModelError(f"{source.name}: {of_source.describe(source).not_randomised}")
    return of_source.load_randomised(source, seed=seed, precision=precision, device=device)


def live_form(model: Path | Source, *, limit: int, counts: Counts) -> Form | str:
    """In which form the model runs in a page, of at most `limit` bytes; a sentence why in none, else. For models whose
    manifest has no `no_live`. counts: how often the site's texts have each word."""
    kind, asked = _live(model)
    return kind.choose(asked, limit=limit, counts=counts)


def live_model(model: Path | Source, form: Form) -> LiveModel:
    """The model in such a form."""
    kind, asked = _live(model)
    return kind.publish(asked, form)


def _live(model: Path | Source) -> tuple[LiveKind, Path | Source]:
    source, path = _asked(model)
    kind, asked = (_kind(model, path).live, path) if source is None else (_trusted(source).live, source)
    assert kind is not None  # the manifest says so
    return kind, asked


def runs(source: Source) -> str:
    """What code that is not sitegen's a source would run, as a clause; "" where none. Runs nothing itself."""
    return _source_kind(source).runs(source) if source.kind else ""


def kind_at(path: Path) -> str:
    """The kind of source whose model a path is that of; "" where it is of none."""
    return next((kind.name for kind in SOURCE_KINDS.values() if kind.holds(path)), "")


def _device(model: Path | Source, device: str) -> str:
    """Where a model runs."""
    return checked_device(device or (model.device if isinstance(model, Source) else ""))


def _asked(model: Path | Source) -> tuple[Source | None, Path]:
    """The source, None for a model directory, and the directory's path."""
    if isinstance(model, Path):
        return None, model
    if not model.kind:
        assert model.path is not None  # config.py has seen to it
        return None, model.path
    return model, Path()


def _trusted(source: Source) -> SourceKind:
    """The kind of a source that may be used."""
    kind = _source_kind(source)
    check_trusted(source, kind.runs(source))
    return kind


def _source_kind(source: Source) -> SourceKind:
    if source.held:
        return in_memory.KIND
    if source.kind in SOURCE_KINDS:
        return SOURCE_KINDS[source.kind]
    kind = _brought(source.kind)
    if not isinstance(kind, SourceKind):
        known = ", ".join(f'"{name}"' for name in [*SOURCE_KINDS, *_others()])
        raise ModelError(
            f'{source.name}: kind = "{source.kind}" {source.place} is not known. Use one of: '
            f"{known}; or leave it out for a model directory, as sitegen train writes one."
        )
    return kind


def _kind(model: Path | Source, path: Path) -> ModelKind:
    """The kind of a model directory; of one of more than two classes, where a site asks for one of them, the kind that
    does."""
    name = read_kind(path)
    kind = KINDS[name] if name in KINDS else _brought(name)
    if not isinstance(kind, ModelKind):
        raise ModelError(
            f'{path / CONFIG}: "architecture.type": "{name}" is not a kind of model that this sitegen knows. '
            f"Use one of: {', '.join(KINDS)}."
        )
    if isinstance(model, Source) and model.rest and kind.against_rest and has_several_classes(path):
        return kind.against_rest(model.classes)
    return kind


def _others() -> list[str]:
    """The names of the kinds that other packages bring, of either sort."""
    return sorted({point.name for point in entry_points(group=GROUP)})


def _brought(name: str) -> object:
    """What another package brings as the kind of that name; None where there is none. Imports that package."""
    for point in entry_points(group=GROUP, name=name):
        try:
            return point.load()
        except Exception as error:
            raise ModelError(
                f'The kind of model "{name}" comes from {point.value}, which cannot be imported ({error}). Install '
                f"that package again, or correct it."
            ) from error
    return None
