"""The columns of records.csv: one row a record, with what the source says of it and what each model says.

A column of the source whose name is taken here (many sources have a `page`) is called `page (source)`, so that no name
comes twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from sitegen.analysis.attribution.occlusion import Occlusion, predicted
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.config import Model, Site
from sitegen.web.export.columns import Column, ScoredRecord, number


def record_columns(site: Site, metadata: Iterable[str]) -> tuple[Column[ScoredRecord], ...]:
    """The columns of records.csv: the source's own, then each model's answer. metadata: names of the source's columns
    that site.toml does not name."""
    names = site.classes.names
    own: tuple[Column[ScoredRecord], ...] = (
        Column(name="id", meaning="the {one}'s id", value=lambda row: row.record.id),
        Column(name="title", meaning="its title", value=lambda row: row.record.title),
        Column(name="abstract", meaning="its abstract, empty where it has none", value=lambda row: row.record.abstract),
        Column(
            name="label",
            meaning="the label in the source (gold label); empty where there is none",
            value=lambda row: "" if row.record.label is None else names[row.record.label],
        ),
    )
    if site.records.publish == "scores":
        own = tuple(column for column in own if column.name != "abstract")
    answers = [column for model in site.models for column in _answer(site, model)]
    page: Column[ScoredRecord] = Column(
        name="page", meaning="the {one}'s page within the site", value=lambda row: row.summary.page
    )
    taken = {column.name for column in (*own, *answers, page)}
    facets = [_facet(name, taken) for name in site.records.facets]
    extra = [_metadata(name, taken) for name in metadata]
    return (*own, *facets, *extra, *answers, page)


def _answer(site: Site, model: Model) -> Iterator[Column[ScoredRecord]]:
    """One model's answer to a record; empty cells where it does not read the record."""
    classes, name = site.classes, model.name
    columns: tuple[tuple[str, str, Callable[[Occlusion, ReadAlone], Any]], ...] = (
        ("margin", "margin of the whole {one} in log-odds", lambda whole, _: number(whole.margin)),
        ("empty", "margin of two empty texts, in log-odds", lambda _, alone: number(alone.empty)),
        (
            "title alone",
            "margin of the title without an abstract, in log-odds",
            lambda _, alone: number(alone.title),
        ),
        (
            "abstract alone",
            "margin of the abstract without a title, in log-odds",
            lambda _, alone: number(alone.abstract),
        ),
        ("probability", f"probability of “{classes.positive}”", lambda whole, _: number(whole.probability)),
        (
            "predicted",
            f"the class predicted: “{classes.positive}” from {classes.threshold} on",
            lambda whole, _: classes.names[predicted(whole.margin, classes.threshold)],
        ),
    )
    for suffix, meaning, value in columns:
        yield Column(
            name=f"{name}: {suffix}",
            meaning=f"{meaning}; empty where the model does not read the {{one}}" if model.only else meaning,
            value=partial(_said, name, value),
        )


def _said(model: str, value: Callable[[Occlusion, ReadAlone], Any], row: ScoredRecord) -> Any:
    """What a model says of a record; "" where it does not read it."""
    return value(row.occlusions[model], row.alone[model]) if model in row.occlusions else ""


def _facet(name: str, taken: set[str]) -> Column[ScoredRecord]:
    return Column(
        name=_free(name, taken),
        meaning="as in the source; a facet, which groups the {many}",
        value=lambda row: row.record.facets.get(name, ""),
    )


def _metadata(name: str, taken: set[str]) -> Column[ScoredRecord]:
    return Column(
        name=_free(name, taken), meaning="as in the source", value=lambda row: row.record.metadata.get(name, "")
    )


def _free(name: str, taken: set[str]) -> str:
    """A name for a column of the source that is not in `taken`, to which it is added."""
    while name in taken:
        name += " (source)"
    taken.add(name)
    return name
