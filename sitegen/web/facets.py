"""Facets as readers choose among their values: which there are, in which order, and which papers have each.

A facet of one value a paper (a subject, a year) lists its values by name, those that are numbers by number and first. A
facet of several values a paper (keywords) lists the most frequent first: it may have thousands, most of which a single
paper has, so that filters and pages show the first ones and say how many there are beside. Such values are written by
many hands; those that differ in capitals alone are one, spelt as most papers spell it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sitegen.corpus.collection import Record

OFFERED = 50  # values of a filter, of a facet of several values a paper
PAGES = 30  # pages of values of such a facet
_NUMBER = re.compile(r"\d{1,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One facet over all papers.

    name: its column. several: whether a paper may have more than one value of it. counts: each value and how many
    papers have it, in the order for readers. spelt: the spelling of each value of several, by its casefolded form.
    """

    name: str
    several: bool
    counts: tuple[tuple[str, int], ...]
    spelt: Mapping[str, str]

    @property
    def paged(self) -> tuple[str, ...]:
        """The values that have a page of their own: all; of a facet of several values a paper the most frequent ones
        that more than one paper has."""
        if not self.several:
            return tuple(value for value, _ in self.counts)
        return tuple(value for value, papers in self.counts[:PAGES] if papers > 1)

    def has_page(self, value: str) -> bool:
        """Whether one of its values has a page of its own."""
        return not self.several or value in self.paged

    def of(self, record: Record) -> tuple[str, ...]:
        """The values that a record has, as readers see them."""
        return _spelt(record.values_of(self.name), self.spelt)


def facets_of(names: Iterable[str], records: Sequence[Record]) -> tuple[Facet, ...]:
    """The facets of a site's records, in the order of `names`."""
    return tuple(_facet(name, records) for name in names)


def _facet(name: str, records: Sequence[Record]) -> Facet:
    several = any(name in record.values for record in records)
    spelt: dict[str, str] = {}
    if several:
        written = Counter(value for record in records for value in record.values_of(name))
        for value, _ in sorted(written.items(), key=lambda item: (-item[1], item[0])):
            spelt.setdefault(value.casefold(), value)
    counts = Counter(value for record in records for value in _spelt(record.values_of(name), spelt))
    order = _by_frequency if several else _by_name
    return Facet(name=name, several=several, counts=tuple(sorted(counts.items(), key=order)), spelt=spelt)


def _spelt(values: Iterable[str], spelt: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spelt.get(value.casefold(), value) for value in values))


def _by_frequency(item: tuple[str, int]) -> tuple[int, str, str]:
    return -item[1], item[0].casefold(), item[0]


def _by_name(item: tuple[str, int]) -> tuple[bool, int, str]:
    number = _NUMBER.fullmatch(item[0])
    return not number, int(item[0]) if number else 0, item[0]
