"""`[[models]] only`: a model that is asked about some of the records alone, those that have a value of a facet.

A record has a value as readers see it (web/facets.py): of a facet of several values any of the record's counts, in
whatever capitals; of a facet of one value it is the cell as it is. A site's first model reads every record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sitegen.config import Model, Records, Site
from sitegen.corpus.collection import Collection, Record
from sitegen.corpus.values import Limit, alternatives
from sitegen.errors import ConfigError, RecordError
from sitegen.pipeline.checks import shown
from sitegen.web.facets import Facet, facets_of


def reads(site: Site, model: Model, records: Sequence[Record]) -> tuple[bool, ...]:
    """Whether the model is asked about each of the site's records; ConfigError where a value, or all of them together,
    is that of no record."""
    try:
        return matching(model.only, records)
    except ValueError as error:
        raise ConfigError(f'{shown(site)}: "models.only" of the model "{model.name}": {error}') from None


def matching(limit: Limit, records: Sequence[Record]) -> tuple[bool, ...]:
    """Whether each record has, of each facet of the limit, one of the values. ValueError with the problem and the
    remedy where a value, or all together, is that of no record."""
    chosen = [True] * len(records)
    for facet in facets_of(limit, records):
        wanted = {_value(facet, given) for given in limit[facet.name]}
        chosen = [so_far and not wanted.isdisjoint(facet.of(one)) for so_far, one in zip(chosen, records, strict=True)]
    if limit and not any(chosen):
        raise ValueError("no record has all of these values. Leave out a facet, or name other values.")
    return tuple(chosen)


def read_by(site: Site, model: Model, records: Sequence[Record]) -> list[Record]:
    """The records that the model is asked about."""
    return [record for record, asked in zip(records, reads(site, model, records), strict=True) if asked]


def _value(facet: Facet, given: str) -> str:
    """A value as records have it."""
    value = facet.spelt.get(given.casefold(), given)
    values = [name for name, _ in facet.counts]
    if value in values:
        return value
    raise ValueError(f'no record has the {facet.name} "{given}". {alternatives(given, values)}')


def limit_of(options: Sequence[str], settings: Records) -> Limit:
    """What a command line says by --only COLUMN=VALUE, once or several times; a ConfigError where it cannot mean it."""
    limit: dict[str, tuple[str, ...]] = {}
    for option in options:
        column, _, value = (part.strip() for part in option.partition("="))
        if not column or not value:
            raise ConfigError(f'--only "{option}": is not COLUMN=VALUE. Write --only subject=sociology, say.')
        if column in (settings.title, settings.abstract):
            raise ConfigError(f'--only "{option}": "{column}" is the column of a text. Name a column of values.')
        limit[column] = (*limit.get(column, ()), value)
    return limit


def with_facets(settings: Records, limit: Limit) -> Records:
    """The settings by which the columns of a limit are read as facets."""
    return settings.model_copy(update={"facets": tuple(dict.fromkeys([*settings.facets, *limit]))})


def only_those(limit: Limit, collection: Collection, settings: Records) -> Collection:
    """The records of a command line's limit; RecordError where there are none."""
    try:
        chosen = matching(limit, collection.records)
    except ValueError as error:
        raise RecordError(f"{settings.files}: --only: {error}") from None
    kept = tuple(record for record, here in zip(collection.records, chosen, strict=True) if here)
    return replace(collection, records=kept)
