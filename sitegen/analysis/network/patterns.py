"""Patterns of states: where else in a corpus the units stay on that stay on over some words of one text.

The rule is that of LSTMVis (Strobelt, Gehrmann, Pfister and Rush, IEEE TVCG 24, 2018), as its server has it:

1. A unit is on at a word where its state is at least the threshold. Chosen are the units that are on at every word of
   a range; if wanted, only those of them that are off at the word right before it, or right after it.
2. Counted is at every word of the corpus how many of the n chosen units are on. For k = n, n - 1, ... 1 a *run* is a
   longest stretch of words with at least k of them on, if it has LEAST words. With k it stops once there are
   CANDIDATES runs.
3. Of each run: *intersection*, how many of the chosen units are on at all its words (and off beside it, if wanted);
   *union*, how many units are chosen or do the same. So union - n units do it that were not chosen: the others.
4. Best is the largest intersection, then the smallest union, then the longest run.

*Where ours departs, and why.* States have a sign, and a unit that stays far below 0 is as busy as one far above it. So
each unit counts as two, one that is on and one that is negative (state <= -threshold); they are called *cells* here.
LSTMVis knows this as a step before: its signed_to_unsigned.py makes two columns of one. Its corpus is one long text,
ours is many: a run ends where its text ends, and beside a text's ends nothing is on (LSTMVis drops runs at the ends of
the corpus). A run that shares words with the range itself is left out, since it answers nothing, and so are runs with
intersection 0. LSTMVis cuts its candidates to 1,000 (10,000 in its careful mode), of equals whichever comes first in a
set of Python's; we keep all runs of the last k, so that none is lost by chance. Runs that are equal in all three
numbers stand in the corpus's order. Thresholds are three, the same for all searches, so that what is on can be kept in
files.

States are whole numbers, in steps of 1/127, as they are kept (written.py). Notation: W known words of all texts, one
after the other; U units, C = 2·U cells; bounds: where each text begins among the words, and last W.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int, Int8

from sitegen.corpus.arrays import Array

SHARES = (0.05, 0.15, 0.30)  # of the units that are on or negative at a word, on average, at each threshold
LEAST = 2  # words of a run
CANDIDATES = 1000  # runs that are enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One run: words start to end - 1 of the corpus. shared: the intersection. others: the union less the chosen."""

    start: int
    end: int
    shared: int
    others: int

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Best first."""
        return (-self.shared, self.others, self.start - self.end, self.start)


def thresholds(states: Int8[np.ndarray, "W U"]) -> tuple[int, ...]:
    """For each of SHARES the threshold, in steps of 1/127, at which about so many states count, the highest first."""
    sizes = np.abs(states.astype(np.int16))
    return tuple(max(1, round(float(np.quantile(sizes, 1 - share)))) for share in SHARES)


def cells(states: Int8[np.ndarray, "W U"], threshold: int) -> Bool[np.ndarray, "W 2*U"]:
    """Which cells are on: first whether each unit is on, then whether it is negative."""
    return np.concatenate([states >= threshold, states <= -threshold], axis=1)


def throughout(
    on: Bool[np.ndarray, "W C"],
    bounds: Int[np.ndarray, " texts"],
    start: int,
    end: int,
    *,
    before: bool = False,
    after: bool = False,
) -> Bool[np.ndarray, " C"]:
    """Which cells are on at all words from start to end - 1; before, after: and off right before them, right after."""
    wanted = [on[start:end]]
    if before and start not in bounds:
        wanted.append(~on[start - 1 : start])
    if after and end not in bounds:
        wanted.append(~on[end : end + 1])
    kept: Array = np.logical_and.reduce(np.concatenate(wanted), axis=0)
    return kept


def matches(
    on: Bool[np.ndarray, "W C"],
    bounds: Int[np.ndarray, " texts"],
    chosen: Sequence[int],
    *,
    before: bool = False,
    after: bool = False,
    without: tuple[int, int] = (0, 0),
) -> list[Match]:
    """All runs, best first. chosen: numbers of cells. before, after: as of `throughout`. without: the range, whose
    words no run may share."""
    wanted = np.zeros(on.shape[1], dtype=bool)
    wanted[list(chosen)] = True
    found = []
    for start, end in _candidates(on[:, wanted].sum(axis=1), bounds, len(chosen)):
        if start < without[1] and end > without[0]:
            continue
        same = throughout(on, bounds, start, end, before=before, after=after)
        shared = int((same & wanted).sum())
        if shared:
            found.append(Match(start=start, end=end, shared=shared, others=int(same.sum()) - shared))
    return sorted(found, key=lambda match: match.order)


def _candidates(counts: Int[np.ndarray, " W"], bounds: Int[np.ndarray, " texts"], most: int) -> set[tuple[int, int]]:
    found = set[tuple[int, int]]()
    for least in range(most, 0, -1):
        found.update((start, end) for start, end in _runs(counts >= least, bounds) if end - start >= LEAST)
        if len(found) >= CANDIDATES:
            break
    return found


def _runs(there: Bool[np.ndarray, " W"], bounds: Int[np.ndarray, " texts"]) -> Iterator[tuple[int, int]]:
    """The longest stretches of words that are there, within texts."""
    border = np.zeros(len(there) + 1, dtype=bool)
    border[bounds] = True
    first = there & (border[:-1] | ~np.concatenate([[False], there[:-1]]))
    last = there & (border[1:] | ~np.concatenate([there[1:], [False]]))
    yield from zip(np.flatnonzero(first).tolist(), (np.flatnonzero(last) + 1).tolist(), strict=True)
