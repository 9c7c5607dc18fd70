"""All kinds of model, and the three things that are done with a model on disk whatever its kind.

A new kind is a module that makes a `ModelKind` (see manifest.py) and a line in KINDS. Nothing else knows which kinds
there are: `architecture.type` of a folder's config.json names the kind, and the kind does the rest.
"""

from __future__ import annotations

from pathlib import Path

from sitegen.errors import ModelError
from sitegen.models.lstm import directory as two_tower
from sitegen.models.manifest import CONFIG, Manifest, ModelKind, read_kind
from sitegen.models.protocol import Classifier, Precision

KINDS: dict[str, ModelKind] = {
    kind.name: kind
    for kind in (
        two_tower.KIND,
        # one line for each further kind
    )
}


def describe(path: Path) -> Manifest:
    """The manifest of the model directory at `path`; loads no library that runs a model.

    Reads every file that influences results once, for the fingerprint. Raises ModelError naming the file, the key, the
    problem, the remedy.
    """
    return _kind(path).describe(path)


def load(path: Path, *, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """The classifier at `path`: an AdditiveClassifier where its manifest says so.

    `device` is torch's name of where it runs. Raises ModelError like `describe`, and where its files do not fit each
    other, naming what does not fit.
    """
    return _kind(path).load(path, precision=precision, device=device)


def load_randomised(path: Path, *, seed: int, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """The classifier at `path` as it was before any training: all but its weights, which are random.

    Raises ModelError like `load`, and where such a model cannot be made: its manifest's `not_randomised` says why.
    """
    kind = _kind(path)
    if kind.load_randomised is None:
        raise ModelError(f"{path}: {kind.describe(path).not_randomised}")
    return kind.load_randomised(path, seed=seed, precision=precision, device=device)


def _kind(path: Path) -> ModelKind:
    name = read_kind(path)
    if name not in KINDS:
        raise ModelError(
            f'{path / CONFIG}: "architecture.type": "{name}" is not a kind of model that this sitegen knows. '
            f"Use one of: {', '.join(KINDS)}."
        )
    return KINDS[name]
