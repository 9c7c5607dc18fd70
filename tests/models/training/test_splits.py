"""No paper is in two parts, every part has its share of each class, and a seed is a split."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.models.training.splits import Split, group, split
from tests.effort import examples


def dealt(groups: list[int], labels: list[int], *, seed: int = 0) -> Split:
    return split(groups, labels, validation=0.1, test=0.2, rng=np.random.default_rng(seed))


@settings(max_examples=examples(80), deadline=None)
@given(keys=st.lists(st.lists(st.integers(0, 12), max_size=3), max_size=30), seed=st.integers(0, 5))
def test_records_that_share_a_key_are_in_one_part(keys: list[list[int]], seed: int) -> None:
    labels = [len(its_keys) % 2 for its_keys in keys]
    parts = dealt(group(keys), labels, seed=seed)
    part_of = {i: name for name in ("train", "validation", "test") for i in getattr(parts, name)}
    assert sorted(part_of) == list(range(len(keys)))
    assert len(parts.train) + len(parts.validation) + len(parts.test) == len(keys)
    for i, one in enumerate(keys):
        for j, other in enumerate(keys):
            if set(one) & set(other):
                assert part_of[i] == part_of[j]


def test_ties_reach_through_others_and_nothing_else_ties() -> None:
    assert group([["a"], ["b"], ["a", "b"], [], ["c"], []]) == [0, 0, 0, 3, 4, 5]


@pytest.mark.parametrize("seed", range(3))
def test_parts_have_their_shares_of_each_class(seed: int) -> None:
    labels = [1] * 300 + [0] * 700
    parts = dealt(list(range(1000)), labels, seed=seed)
    assert sum(labels[i] for i in parts.test) == 60
    assert sum(labels[i] for i in parts.validation) == 30
    assert (len(parts.test), len(parts.validation), len(parts.train)) == (200, 100, 700)


def test_a_seed_is_a_split() -> None:
    labels = [i % 2 for i in range(100)]
    assert dealt(list(range(100)), labels, seed=1) == dealt(list(range(100)), labels, seed=1)
    assert dealt(list(range(100)), labels, seed=1) != dealt(list(range(100)), labels, seed=2)
