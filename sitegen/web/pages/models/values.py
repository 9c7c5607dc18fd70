"""Two models by the values of a facet: where do they agree, and which is right?"""

from __future__ import annotations

import numpy as np

from sitegen.web.components import Answer, Section, Table, Values
from sitegen.web.facets import Facet
from sitegen.web.pages.models.pair import Pair
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.numbers import counted_share, upper

FEWEST = 2  # values of which some record is read by both, below which there is nothing to compare
MOST = 30  # values in a table; those with the most records


def sections(facets: tuple[Facet, ...], nouns: Nouns, pair: Pair, *, key: str) -> tuple[Section, ...]:
    """A table for each facet with several values among the records that both read."""
    return tuple(
        section
        for k, facet in enumerate(facets)
        if (section := _section(facet, nouns, pair, key=f"{key}-{k}")) is not None
    )


def _section(facet: Facet, nouns: Nouns, pair: Pair, *, key: str) -> Section | None:
    values = [facet.of(a.record) for a, _ in pair.summaries]
    there = {value for of in values for value in of}
    counted = [value for value, _ in facet.counts if value in there]
    if len(counted) < FEWEST:
        return None
    answers = pair.answers
    labelled = bool(np.any(answers.label >= 0))
    names = (pair.a.model, pair.b.model)
    rows, shares, same = [], dict[str, float](), dict[str, str]()
    for value in counted[:MOST]:
        one = answers.among(np.array([value in of for of in values], dtype=bool))
        a, b = one.right
        shares[value], same[value] = one.same / one.n, f"{one.same:,} of {one.n:,}"
        right = (_share(int(a.sum()), a.size), _share(int(b.sum()), b.size)) if labelled else ()
        rows.append((value, f"{one.n:,}", counted_share(one.same, one.n), *right))
    least, most = min(shares, key=lambda value: shares[value]), max(shares, key=lambda value: shares[value])
    said = (
        f"They agree least on “{least}” ({same[least]}) and most on “{most}” ({same[most]})."
        if shares[least] != shares[most]
        else f"They agree equally often for every {facet.name}."
    )
    head = (upper(facet.name), upper(nouns.many), "Same answer", *(f"{name} right" for name in names if labelled))
    return Section(
        head=Answer(key=f"values-{key}", question=f"Does it depend on the {facet.name}?", answer=said),
        parts=(Table(label=f"Agreement by {facet.name}", values=Values(head=head, rows=tuple(rows))),),
    )


def _share(part: int, whole: int) -> str:
    return counted_share(part, whole) if whole else "–"
