"""The model of a site or an archive, found among its files by the hashes that were recorded of it.

A model directory is any folder that has all of its files. A model of another kind is its files (of a folder, where it
is one) and what settings.json has of its [[models]]; they are put into an empty folder as site.toml names them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from sitegen.config import Classes, Model
from sitegen.errors import OutputError
from sitegen.models.manifest import CONFIG
from sitegen.models.registry import describe, runs
from sitegen.models.source import IN_MEMORY, Source, check_trusted, source_from
from sitegen.pipeline.verify import Folder, Tree, digest_of
from sitegen.web.export.settings import SETTINGS

_CONSENT = "read it in the archive first, then add --trust to sitegen verify --rescore"


@contextmanager
def recorded_model(
    tree: Tree, told: Mapping[str, Any], wanted: Mapping[str, Any], *, given: Path | None, trust: bool
) -> Iterator[Source | None]:
    """A model of settings.json, `told`, its files checked against their recorded hashes; None where they are not there.

    given: a model directory that the user names, or the file of another model, or the folder it is in. trust: whether a
    model may run code; ModelError where it would and may not.
    """
    model = next(one for one in told["settings"]["models"] if one["name"] == wanted["name"])
    if model.get("kind") == IN_MEMORY:
        raise OutputError(
            f"{model['name']}: the model was an object in the memory of a program and is in no file, so nothing can be "
            f"computed again from files. Run that program again, and compare the two sites."
        )
    classes = told["settings"]["classes"]
    if given is not None and not model.get("kind"):
        folder = _directory(given, classes)
        if _is_the_given(folder, wanted, told["models"]):
            yield folder
            return
    files = {file["name"]: file["sha256"] for file in wanted["files"]}
    _check_inside(files)
    if given is not None and model.get("kind"):
        tree = Folder(given if given.is_dir() else given.parent)
    places = _anywhere(tree, files, of=model.get("path")) if model.get("kind") else _together(tree, files)
    if places is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as place:
        for name, found in places.items():
            _copy(tree, found, Path(place) / name)
        if not model.get("kind"):
            yield _directory(Path(place), classes)
            return
        source = _source(model, classes, Path(place), trust=trust)
        check_trusted(source, runs(source))
        if describe(source).fingerprint != wanted["fingerprint"]:
            raise OutputError(f"{wanted['name']}: the model has not the fingerprint that was recorded: it is another.")
        yield source


def _directory(folder: Path, classes: Mapping[str, Any]) -> Source:
    """A model directory, asked for what the site asked for. classes: as settings.json has them."""
    names = (str(classes["negative"]), str(classes["positive"]))
    return Source(path=folder, classes=names, rest=bool(classes.get("rest")))


def _is_the_given(given: Source, wanted: Mapping[str, Any], all_wanted: Sequence[Mapping[str, Any]]) -> bool:
    fingerprint = describe(given).fingerprint
    recorded = {model["fingerprint"]: model["name"] for model in all_wanted}
    if fingerprint not in recorded:
        listed = ", ".join(f"{one[:16]} ({name})" for one, name in recorded.items())
        raise OutputError(
            f"{given.name}: has the fingerprint {fingerprint[:16]}, and recorded is {listed}: it is another."
        )
    return bool(fingerprint == wanted["fingerprint"])


def _together(tree: Tree, files: Mapping[str, str]) -> dict[str, str] | None:
    """Where the files of a model directory are, in one folder."""
    for folder in sorted(name.removesuffix(CONFIG) for name in tree.names if name.endswith(f"/{CONFIG}")):
        if all(folder + name in tree.names and digest_of(tree, folder + name) == one for name, one in files.items()):
            return {name: folder + name for name in files}
    return None


def _anywhere(tree: Tree, files: Mapping[str, str], *, of: str | None) -> dict[str, str] | None:
    """Where files of these names are, each in whatever folder. of: the model's path: where the model is a folder, its
    files may also lie at the top of the tree, which is that folder then, whatever it is called."""
    found = {}
    for name, digest in files.items():
        inner = name.removeprefix(f"{of}/")
        ends = [one for one in sorted(tree.names) if one == inner or f"/{one}".endswith(f"/{name}")]
        ends = [one for one in ends if digest_of(tree, one) == digest]
        if not ends:
            return None
        found[name] = ends[0]
    return found


def _source(model: Mapping[str, Any], classes: Mapping[str, Any], folder: Path, *, trust: bool) -> Source:
    try:
        described, of_site = Model(**model), Classes(**classes)
    except ValueError as error:
        raise OutputError(f"{SETTINGS}: is of another version of sitegen: {error}.") from None
    _check_inside(str(one) for one in (described.path, described.seen, *described.files) if one)
    path = folder / described.path if described.path else None
    files = tuple(folder / file for file in described.files)
    seen = folder / described.seen if described.seen else None
    described = described.model_copy(update={"path": path, "files": files, "card": None, "seen": seen, "trust": trust})
    return source_from(described, classes=of_site, folder=folder, consent=_CONSENT)


def _check_inside(names: Iterable[str]) -> None:
    """Raise OutputError where one is no path within a folder."""
    for name in map(PurePosixPath, names):
        if name.is_absolute() or ".." in name.parts or "\\" in str(name):
            raise OutputError(f"{SETTINGS}: names a file of a model outside of its folder.")


def _copy(tree: Tree, name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tree.open(name) as source, target.open("wb") as out:
        while piece := source.read(1 << 20):
            out.write(piece)
