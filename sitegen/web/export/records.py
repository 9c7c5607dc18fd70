"""The columns of records.csv: one row a record, with what the source says of it and what each model says.

A column of the source whose name is taken here (many sources have a `page`) is called `page (source)`, so that no name
comes twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sitegen.analysis.attribution.occlusion import predicted
from sitegen.config import Site
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
            meaning="gold label; empty where the source has none",
            value=lambda row: "" if row.record.label is None else names[row.record.label],
        ),
    )
    if site.records.publish == "scores":
        own = tuple(column for column in own if column.name != "abstract")
    answers = [column for model in site.models for column in _answer(site, model.name)]
    page: Column[ScoredRecord] = Column(
        name="page", meaning="the {one}'s page within the site", value=lambda row: row.summary.page
    )
    taken = {column.name for column in (*own, *answers, page)}
    facets = [_facet(name, taken) for name in site.records.facets]
    extra = [_metadata(name, taken) for name in metadata]
    return (*own, *facets, *extra, *answers, page)


def _answer(site: Site, model: str) -> Iterator[Column[ScoredRecord]]:
    """One model's answer to a record."""
    classes = site.classes
    yield Column(
        name=f"{model}: margin",
        meaning="margin of the whole {one} in log-odds",
        value=lambda row: number(row.occlusions[model].margin),
    )
    yield Column(
        name=f"{model}: empty",
        meaning="margin of two empty texts, in log-odds",
        value=lambda row: number(row.alone[model].empty),
    )
    yield Column(
        name=f"{model}: title alone",
        meaning="margin of the title without an abstract, in log-odds",
        value=lambda row: number(row.alone[model].title),
    )
    yield Column(
        name=f"{model}: abstract alone",
        meaning="margin of the abstract without a title, in log-odds",
        value=lambda row: number(row.alone[model].abstract),
    )
    yield Column(
        name=f"{model}: probability",
        meaning=f"probability of “{classes.positive}”",
        value=lambda row: number(row.occlusions[model].probability),
    )
    yield Column(
        name=f"{model}: predicted",
        meaning=f"the class predicted: “{classes.positive}” from {classes.threshold} on",
        value=lambda row: classes.names[predicted(row.occlusions[model].margin, classes.threshold)],
    )


def _facet(name: str, taken: set[str]) -> Column[ScoredRecord]:
    return Column(
        name=_free(name, taken), meaning="facet, as in the source", value=lambda row: row.record.facets.get(name, "")
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
