"""Orders of removal: which sentence goes first, and the best and worst that any order could do.

The margins v(S) of all 2^n subsets of a record's n sentences lie in a table: entry S, bit i of S set where sentence i
is kept. Removing sentences one after the other walks down through the table, from the full set to the empty one,
each step dropping one bit; every order is one such *walk* of n + 1 subsets, and every walk one order.

Read upwards the same subsets are an insertion: keeping first what was removed last. So the n! deletion orders and
the n! insertion orders visit the same walks, and one search serves both.

*best and worst order*: the walk whose values have the smallest, or the largest, sum. The mean over k of m(without the
first k) is such a sum but for its constant end points, and so is the area under a deletion curve. The subsets are
nested as those of any order are: picking the best subset of each size by itself would give a bound that no order
need reach. Found by dynamic programming over subsets in 2^n n steps, instead of n! walks: the cheapest way to S comes
from the cheapest of the n - |S| subsets with one sentence more.

*earliest and latest flip*: the fewest removals after which some order, and every order, has changed the class. Each is
its own optimum: the order that lowers the mean most need not be the one that flips first.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from jaxtyping import Bool, Float, Float64, Int

from sitegen.analysis.attribution.masking import subset_masks
from sitegen.corpus.arrays import Array, read_only

Order = Int[np.ndarray, " n"]


def ranked(effects: Float[np.ndarray, " n"]) -> Order:
    """Segments by their signed effect toward a class, the largest first; of equals the first comes first."""
    order: Array = np.argsort(-effects, kind="stable")
    return order


def walk(order: Order) -> Int[np.ndarray, " n_plus_1"]:
    """The n + 1 subsets that remain as the segments are removed in this order, full set first."""
    removed = np.concatenate([[0], np.cumsum(1 << order.astype(np.int64))])
    subsets: Array = (1 << len(order)) - 1 - removed
    return subsets


def extreme_order(values: Float64[np.ndarray, " subsets"], *, largest: bool) -> Order:
    """The order of removal whose walk through a table of 2^n values has the largest, or the smallest, sum."""
    n = _size(values)
    signed = values if largest else -values
    total, came_by = signed.astype(np.float64), np.zeros(len(values), dtype=np.int64)
    for level in reversed(_levels(n)[:-1]):
        grown = level[:, None] | (1 << np.arange(n))  # (m, n): S with sentence i put back
        ways = np.where(grown == level[:, None], -np.inf, total[grown])
        came_by[level] = ways.argmax(axis=1)
        total[level] += ways.max(axis=1)
    order, subset = np.zeros(n, dtype=np.int64), 0
    for k in reversed(range(n)):
        order[k] = came_by[subset]
        subset |= 1 << int(order[k])
    return order


def flip_bounds(changed: Bool[np.ndarray, " subsets"]) -> tuple[int | None, int | None]:
    """After how many removals the class has changed: in the best order, and in the worst.

    None where it does not change at all. changed: for each subset whether its class differs from the full set's.
    """
    n = _size(changed)
    stays = ~changed
    earliest = latest = None
    for size in reversed(range(n)):  # of what is left
        level = _levels(n)[size]
        if earliest is None and changed[level].any():
            earliest = n - size
        if latest is None:
            grown = level[:, None] | (1 << np.arange(n))
            reached = ((grown != level[:, None]) & stays[grown]).any(axis=1)
            stays[level] &= reached  # from here on: kept its class along some whole walk
            if not stays[level].any():
                latest = n - size
    return earliest, latest


@cache
def _levels(n: int) -> tuple[Int[np.ndarray, " _"], ...]:
    """The subsets of each size 0..n."""
    sizes = subset_masks(n).sum(axis=1)
    return tuple(read_only(np.flatnonzero(sizes == size), np.int64) for size in range(n + 1))


def _size(table: Array) -> int:
    n = len(table).bit_length() - 1
    if len(table) != 1 << n:
        raise ValueError(f"a table of all subsets has a power of two of entries, not {len(table)}")
    return n
