"""`[[models]] only`: a model that is asked about some of the records alone, those that have a value of a facet.

A record has a value as readers see it (web/facets.py): of a facet of several values any of the record's counts, in
whatever capitals; of a facet of one value it is the cell as it is. A site's first model reads every record.
"""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.config import Model, Site
from sitegen.corpus.records import Record
from sitegen.corpus.values import alternatives
from sitegen.errors import ConfigError
from sitegen.pipeline.checks import shown
from sitegen.web.facets import Facet, facets_of


def reads(site: Site, model: Model, records: Sequence[Record]) -> tuple[bool, ...]:
    """Whether the model is asked about each of the site's records; ConfigError where a value, or all of them together,
    is that of no record."""
    chosen = [True] * len(records)
    for facet in facets_of(model.only, records):
        wanted = {_value(site, model, facet, given) for given in model.only[facet.name]}
        chosen = [so_far and not wanted.isdisjoint(facet.of(one)) for so_far, one in zip(chosen, records, strict=True)]
    if model.only and not any(chosen):
        raise ConfigError(
            f'{shown(site)}: "models.only": no record has all that the model "{model.name}" is limited to. Leave out a '
            f"facet, or name other values."
        )
    return tuple(chosen)


def read_by(site: Site, model: Model, records: Sequence[Record]) -> list[Record]:
    """The records that the model is asked about."""
    return [record for record, asked in zip(records, reads(site, model, records), strict=True) if asked]


def _value(site: Site, model: Model, facet: Facet, given: str) -> str:
    """A value as records have it."""
    value = facet.spelt.get(given.casefold(), given)
    values = [name for name, _ in facet.counts]
    if value in values:
        return value
    raise ConfigError(
        f'{shown(site)}: "models.only" of the model "{model.name}": no record has the {facet.name} "{given}". '
        f"{alternatives(given, values)}"
    )
