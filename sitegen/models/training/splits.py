"""Training, validation and test parts in which no paper occurs twice.

Bibliographic exports repeat papers: under other ids, with a corrected abstract, as preprint and article. A paper
in two parts makes the test part easier than new papers are. So records are first tied into groups, two records
being of one group where their normalised titles or their normalised abstracts are equal (and not empty), directly or
through others; then whole groups are dealt to the parts, at random and class by class, so that every part has
about the same share of positives.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.cluster.hierarchy import DisjointSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Which records are in which part: record numbers, ascending; no number in two parts."""

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]


def group(keys: Sequence[Sequence[Hashable]]) -> list[int]:
    """For each record the number of its group: that of the first record it is tied to.

    keys: what each record may share with others; records with an equal key are tied.
    """
    tied = DisjointSet(range(len(keys)))
    holder: dict[Hashable, int] = {}  # the first record with a key
    for i, own in enumerate(keys):
        for key in own:
            tied.merge(holder.setdefault(key, i), i)
    first: dict[int, int] = {}  # of each group its first record
    return [first.setdefault(tied[i], i) for i in range(len(keys))]


def split(
    groups: Sequence[int], labels: Sequence[int], *, validation: float, test: float, rng: np.random.Generator
) -> Split:
    """Deal groups to the parts until each has its share of the records of each class.

    `validation` and `test` are shares of all records; the rest is for training. A group counts as positive where
    any of its records is.
    """
    members: dict[int, list[int]] = {}
    for i, number in enumerate(groups):
        members.setdefault(number, []).append(i)
    parts: Mapping[str, list[int]] = {"test": [], "validation": [], "train": []}
    for positive in (False, True):
        of_class = [ids for ids in members.values() if any(labels[i] for i in ids) == positive]
        total = sum(len(ids) for ids in of_class)
        for_test, held_out = round(test * total), round((test + validation) * total)
        dealt = 0
        for k in rng.permutation(len(of_class)):
            part = "test" if dealt < for_test else "validation" if dealt < held_out else "train"
            parts[part].extend(of_class[int(k)])
            dealt += len(of_class[int(k)])
    numbers: dict[str, Any] = {name: tuple(sorted(ids)) for name, ids in parts.items()}
    return Split(**numbers)
