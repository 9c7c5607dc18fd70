"""The words that set a part of the records apart: more frequent in it than in all others.

A word is ranked by the log-odds ratio of its share of the part's words to its share of the others', with the corpus as
a prior, over its standard error (z): Monroe, Colaresi and Quinn's statistic, as the negative controls use it
(significance/negative_control.py). Listed are words with z > LEAST_Z that stand in several records of the part, so that
no single text decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sitegen.analysis.significance.negative_control import association

LEAST_Z = 1.96  # beyond which chance alone would set one word in forty apart
LEAST_RECORDS = 3  # of the part, in which a word stands


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWord:
    """A word that sets a part apart. z: see above. here, there: how often it occurs in the part, and in all others.
    records: in how many records of the part."""

    word: str
    z: float
    here: int
    there: int
    records: int


def part_words(part: Sequence[Counter[str]], whole: Mapping[str, int], *, limit: int) -> tuple[PartWord, ...]:
    """The `limit` words that set a part apart most. part: of each of its records, how often each word stands in it;
    whole: of all records together.

    Takes time by the words of the part alone: the statistic of a word needs of all other words nothing but how many
    there are.
    """
    inside, records = Counter[str](), Counter[str]()
    for of_record in part:
        inside.update(of_record)
        records.update(of_record.keys())
    outside = {word: whole[word] - inside[word] for word in inside}
    if others := sum(whole.values()) - sum(inside.values()) - sum(outside.values()):
        outside[_ALL_OTHERS] = others
    z = association((outside, inside))
    kept = [word for word in inside if z.get(word, 0.0) > LEAST_Z and records[word] >= LEAST_RECORDS]
    return tuple(
        PartWord(word=word, z=z[word], here=inside[word], there=outside[word], records=records[word])
        for word in sorted(kept, key=lambda word: (-z[word], word))[:limit]
    )


_ALL_OTHERS = ""  # stands for the words that the part has not
