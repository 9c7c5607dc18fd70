"""A site that a program describes, by arguments in the place of site.toml: what `sitegen.build` makes of records and a
classifier.

The arguments become the tables of site.toml, `settings` is laid over them, and all of it is checked by config.py as
site.toml is. Relative paths are relative to the current folder. Two things differ, since there is no site's own folder:
templates and prose pages that happen to lie in the current folder are not taken up. Messages name arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sitegen.config import Model, Site, site_of
from sitegen.config.problems import problem_of, remedy_of_key
from sitegen.corpus.collection import Collection
from sitegen.corpus.frames import Origin, rows_in_memory
from sitegen.corpus.naming import ARGUMENTS
from sitegen.corpus.records import read_records
from sitegen.errors import ConfigError
from sitegen.models.registry import describe
from sitegen.models.source import Source
from sitegen.pipeline.explain import LoadedModel
from sitegen.pipeline.given_model import ModelSettings, source_of_given

CACHE = ".sitegen"  # beside the output
_IN_MEMORY = Path("in-memory")  # stands for a path while the tables are checked
_COLUMNS = ("id", "title", "abstract", "label", "facets", "positive_labels", "negative_labels", "encoding")
_NAMES = {"title": "site_title", "records": "the columns", **{f"records.{name}": name for name in _COLUMNS}}
_GIVEN = {  # what `settings` may not say, and what does
    ("models",): "classifier",
    ("records", "path"): "records",
    ("output", "folder"): "output",
    ("file",): "output",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The arguments of `sitegen.read_records`, with the same defaults."""

    title: str = "title"
    abstract: str = "abstract"
    label: str | None = None
    id: str | None = None
    facets: tuple[str, ...] = ()
    positive_labels: tuple[str, ...] = ()
    negative_labels: tuple[str, ...] = ()
    encoding: str = "utf-8"

    def tables(self) -> dict[str, Any]:
        """[records] of site.toml, but for the path."""
        return {name: getattr(self, name) for name in _COLUMNS}


def site_of_arguments(
    records: Any,
    classifier: object,
    output: Path,
    *,
    columns: Columns,
    model: ModelSettings,
    name: str | None = None,
    site_title: str | None = None,
    settings: Mapping[str, Any] | None = None,
    skip_invalid: bool = False,
) -> tuple[Site, Collection]:
    """The site, and its records as read. `name`: the model's, for readers.

    Raises ConfigError, RecordError and ModelError with problem and remedy; TypeError where records or classifier are
    nothing of the kind.
    """
    source, classes = _source(classifier, model)
    called = name or _name(source)
    tables = _laid_over(
        {
            "title": site_title or f"What {called} sees",
            "pages": output.parent / CACHE / "pages",
            "classes": {"negative": classes[0], "positive": classes[1], "rest": source.rest},
            "records": {"path": _IN_MEMORY, **columns.tables()},
            "models": [_model(source, called)],
            "output": {"folder": output, "cache": output.parent / CACHE},
        },
        settings or {},
    )
    paths = _paths(records)
    if paths:
        tables["records"]["path"] = paths
    if isinstance(records, Collection):
        _check_unnamed(columns)
        tables["records"]["facets"] = list(records.records[0].facets)
        if not any(record.title for record in records.records):
            tables["records"]["title"] = ""
    site = site_of(tables, file=Path.cwd() / "site.toml", explain=lambda _, item: _explain(item, settings or {}))
    site = site.with_memory(True, models=tuple(_with_object(one, source) for one in site.models))
    if isinstance(records, Collection):
        read_from = ", ".join(Path(file.shown).name for file in records.files)
        origin = Origin(name=f"a Collection of {len(records.records):,} records, read from {read_from}", named=False)
        return site.model_copy(update={"records": site.records.with_memory(origin, path=())}), records
    if paths:
        return site, read_records(site.records, classes=site.classes, skip_invalid=skip_invalid, naming=ARGUMENTS)
    rows = rows_in_memory(records, id=site.records.id)
    if rows is None:
        raise TypeError(
            f"build takes a DataFrame of pandas or polars, a list of dictionaries, what read_records returns, or the "
            f"path of a file of records, not {records!r:.80}"
        )
    described = site.records.with_memory(Origin(name=rows.name, named=True), path=())
    collection = read_records(described, classes=site.classes, skip_invalid=skip_invalid, naming=ARGUMENTS, rows=rows)
    return site.model_copy(update={"records": described}), collection


def _source(classifier: object, settings: ModelSettings) -> tuple[Source, tuple[str, str]]:
    """Where the model is, and what its classes are called."""
    if isinstance(classifier, LoadedModel):
        if settings != ModelSettings():
            raise ConfigError(f"{classifier!r}: is loaded already. Give the model's settings to load_model.")
        return classifier.source, classifier.classes
    source = source_of_given(classifier, settings, caller="build")
    return source, settings.classes or describe(source).classes


def _name(source: Source) -> str:
    """What readers call a model that nobody named: its class, or its file without suffix."""
    if source.held:
        return source.held.name
    assert source.path is not None
    return source.path.name.rpartition(":")[2] if source.kind == "python" else source.path.stem


def _model(source: Source, name: str) -> dict[str, Any]:
    """[[models]] of site.toml. The kind of an object cannot stand there; `_with_object` puts it in."""
    if not source.kind:
        return {"name": name, "path": source.path}
    keys = [field.name for field in fields(ModelSettings) if field.name in Model.model_fields]
    settings = {key: getattr(source, key) for key in keys}
    return {"name": name, "kind": source.kind, "path": source.path or _IN_MEMORY, **settings}


def _with_object(model: Any, source: Source) -> Any:
    return model.with_memory(source.held, path=None) if source.held else model


def _paths(records: Any) -> list[Path]:
    """The files of records, where that is what was given."""
    given = [records] if isinstance(records, str | Path) else records
    named = isinstance(given, Sequence) and all(isinstance(one, str | Path) for one in given)
    return [Path(one).expanduser() for one in given] if named else []


def _check_unnamed(columns: Columns) -> None:
    """ConfigError where columns are named of what has been read already."""
    named = [name for name in _COLUMNS if getattr(columns, name) != getattr(Columns(), name)]
    if named:
        raise ConfigError(f"{named[0]}: the records were read already. Give it to read_records.")


def _laid_over(tables: dict[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The tables with the settings in the place of their values."""
    for keys, argument in _GIVEN.items():
        found: Any = settings
        for key in keys:
            found = found.get(key) if isinstance(found, Mapping) else None
        if found is not None:
            raise ConfigError(f"{_place(keys)}: is the argument {argument}. Give it there.")
    whole = dict(tables)
    for key, value in settings.items():
        table = whole.get(key)
        whole[key] = {**table, **value} if isinstance(table, dict) and isinstance(value, Mapping) else value
    return whole


def _place(keys: Iterable[object]) -> str:
    return "settings" + "".join(f"[{key!r}]" for key in keys)


def _in_settings(table: Sequence[object]) -> str:
    """Where the keys of a table stand in `settings`: those of [[models]] cannot."""
    if tuple(table) == ("models",):
        return ""
    return f"in {_place(table)}" if table else "in settings itself"


def _explain(item: dict[str, Any], settings: Mapping[str, Any]) -> str:
    """An error of pydantic's in a line that names the argument, or the key of `settings`."""
    keys = item["loc"]
    told: Any = settings
    for key in keys:
        told = told.get(key) if isinstance(told, Mapping) else None
    dotted = ".".join(map(str, keys))
    told = told if keys else None
    place = _place(keys) if told is not None else _NAMES.get(dotted, _NAMES.get(dotted.rpartition(".")[0], dotted))
    place = "classes" if told is None and dotted.startswith("classes") else place
    if item["type"] == "extra_forbidden":
        return f"{place}: is not a known key. {remedy_of_key(keys, Site, _in_settings)}"
    if item["type"] == "value_error":
        problem = re.sub(r"\brecords\.(\w+)", r"\1", str(item["ctx"]["error"]))
        return f"{place or 'the arguments'}: {problem}."
    return f"{place}: {problem_of(item)}."
