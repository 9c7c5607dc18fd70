"""Refuse, before anything is computed, a site.toml that does not fit its records or its models' manifests."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.analysis.attribution.baselines import BASELINES, Baseline
from sitegen.config import Site
from sitegen.corpus.records import Record
from sitegen.errors import ConfigError
from sitegen.models.manifest import Manifest
from sitegen.models.registry import describe
from sitegen.web.inputs import Reporter

EXAMPLES = 10  # values of a column that a message names


def baseline(site: Site) -> Baseline:
    """The baseline that the site names; ConfigError where there is none of that name."""
    name = site.occlusion.baseline
    if name not in BASELINES:
        known = ", ".join(f'"{one}"' for one in BASELINES)
        raise ConfigError(f'{site.file}: "occlusion.baseline": "{name}" is not known. Use one of: {known}.')
    return BASELINES[name]


def check_null(site: Site, records: Sequence[Record]) -> None:
    """ConfigError where no record could serve as noise: a misspelt name would leave nothing to compare with."""
    null = site.significance.null
    if null is None or not records:
        return
    columns = {name: None for record in records for name in (*record.facets, *record.metadata)}
    if null.column not in columns:
        raise ConfigError(
            f'{site.file}: "significance.null.column": {site.records.path.name} has no facet or metadata column '
            f'"{null.column}". Use one of: {", ".join(columns) or "(there is none)"}.'
        )
    values = {record.facets.get(null.column, record.metadata.get(null.column, "")) for record in records}
    if not values & set(null.values):
        some = ", ".join(f'"{value}"' for value in sorted(values)[:EXAMPLES])
        raise ConfigError(
            f'{site.file}: "significance.null.values": no record has one of them in column "{null.column}", '
            f"which holds {some}{', ...' if len(values) > EXAMPLES else ''}. Use values that it holds."
        )


def manifests(site: Site, reporter: Reporter) -> list[Manifest]:
    """The manifest of each model of the site; ConfigError where one's classes are the site's, the other way round."""
    described = [describe(model.path) for model in site.models]
    names = tuple(name.casefold() for name in site.classes.names)
    for model, manifest in zip(site.models, described, strict=True):
        trained = tuple(name.casefold() for name in manifest.classes)
        if trained == names[::-1]:
            raise ConfigError(
                f'{site.file}: "classes": the model "{model.name}" was trained with "{manifest.classes[1]}" as the '
                f"positive class. Exchange classes.positive and classes.negative."
            )
        if trained != names:
            reporter.note(
                f'The model "{model.name}" calls its classes "{manifest.classes[1]}" (positive) and '
                f'"{manifest.classes[0]}"; the pages call them "{site.classes.positive}" and '
                f'"{site.classes.negative}".'
            )
    return described
