"""Columns whose cells hold several values, such as the keywords of a paper: "networks; agents; crowds".

A cell is cut into values only where somebody has said that it holds several, never because it looks so:

    a bibliography   its authors, keywords, subjects and types, which the reader has joined, and a tag that the settings
                     name and that a work had more than once
    JSON             a column in which a list stands
    site.toml        records.separators, which names the character for any other column; "" takes a column as one text

The cell itself stays as it is: pages of records and the data show what the source says.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sitegen.config import Records
from sitegen.corpus.collection import Record

NAMED = 10  # values that a message lists
Limit = Mapping[str, Sequence[str]]  # by facet, values of which a record needs one


def limit_text(limit: Limit) -> str:
    """A limit as a clause about records, to follow "whose"."""
    return " and whose ".join(
        f"{facet} is {' or '.join(f'“{one}”' for one in values)}" for facet, values in limit.items()
    )


def with_values(
    records: Sequence[Record], separators: Mapping[str, Mapping[str, str]], settings: Records
) -> Iterable[Record]:
    """The records with the single values of their facets. separators: by source, what its reader knows of columns."""
    for record in records:
        known = {**separators.get(record.source, {}), **settings.separators}
        values = {
            name: values_of(cell, separator) for name, cell in record.facets.items() if (separator := known.get(name))
        }
        yield replace(record, values=values) if values else record


def values_of(cell: str, separator: str) -> tuple[str, ...]:
    """The distinct values in a cell, in their order, without blanks around them."""
    return tuple(dict.fromkeys(value for part in cell.split(separator) if (value := " ".join(part.split()))))


def alternatives(given: str, values: Sequence[str]) -> str:
    """What could have been meant, or the values there are, in a sentence or two."""
    folded = {value.casefold(): value for value in reversed(values)}
    near = difflib.get_close_matches(given.casefold(), list(folded), n=1)
    if near:
        return f'Did you mean "{folded[near[0]]}"?'
    listed = ", ".join(f'"{value}"' for value in values[:NAMED])
    more = f", and {len(values) - NAMED:,} more" if len(values) > NAMED else ""
    return f"Its values are {listed}{more}. Name one of them." if values else "No record has any. Name another column."
