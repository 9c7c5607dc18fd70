"""How far is far: a test of every sentence, read alone, against the sentences of the other class's records.

The model answers every text with some number, a sentence as well. Which answers are remarkable? The test asks, of a
sentence from a record of class y:

    *Read alone, does it move the model toward class y more than nearly all sentences of the other class's records do?*

Its null hypothesis is that the sentence is drawn like a sentence of those records. That is not "neutral": sentences of
the other class may lean either way. And a sentence without a mark may still say something.

**Steps.**

1. x = d (r - zero), with r the sentence's margin read alone and d = +1 for the positive class, -1 for the negative.
   *zero* is what a sentence that says nothing gets: the median of a list of neutral sentences (negative_control.py), or
   what two empty texts get where there is no list. It decides which class a sentence speaks for, and never p.
2. The null N of class y: x of **all** sentences of labelled, held-out records of the other class.

       p = (1 + #{N >= x}) / (1 + |N|)

   Placeholders ("[No abstract available]") are no sentences and are left out of both. A sentence that points away from
   its record's class (x <= 0) has p = 1 and is counted: that it points the right way is part of the result.
3. Five bins of length where each holds LEAST_BIN sentences of N; else all lengths together. No p is below 1 / (1 + the
   bin's part of N), and at least H / (alpha (1 + that)) of H sentences must have it together, or none passes: 20 with
   one bin, 100 with five. Bins keep the error the same for all lengths (at .05 it is .044 to .052 by fifths
   of length, without them .030 to .071), but of a thousand sentences a hundred rarely are clear: with bins of 250 the
   test found none of 150 planted ones where without bins it found a fifth of them, at the same share of false ones.
   With LEAST_BIN the hundred are at most 2% of the sentences.
4. Benjamini and Hochberg's (1995) step-up procedure by class gives q; what has q <= alpha passes. tau is the smallest
   x that passes, with its interval over bootstrap samples of the records. Where nothing passes there is no tau.
5. q is given only for records that the model has not seen and that carry a gold label. What a model says of sentences
   that it learned by heart is no sample of anything: a bag of words fitted to permuted labels would pass hundreds of
   its training sentences. Without a gold label there is only the prediction, made of these very sentences. Those, and
   sentences that point away from their record's class, *reach tau* where x is at least tau, with tau of a null that
   lacks the sentences of their own record. Sentences that point away explain wrong answers.
6. Three negative controls stand beside every result (negative_control.py).

**What it cannot say.** Sentences of one record depend on each other, as though there were fewer than half as many of
them, and p-values share a null. So the procedure's error control is simulated, not proven:
tests/analysis/significance/test_simulation.py plants signal and neutral sentences and counts. The test compares the two
classes, so it finds what tells them apart to this model: nothing about causes, about what a person would mark, or about
whether the model is right. Where an empty text counts as one class, emptiness may pass for evidence of it; the controls
show how far.

A conformal p-value (Bates et al. 2023, "Testing for outliers with conformal p-values", Annals of Statistics 51), with
the class as what is tested. Their null holds inliers alone; ours holds the other class's own strong sentences as well.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float64, Int
from scipy.stats import false_discovery_control

from sitegen.analysis.significance.evidence import ClassTest, Evidence, Mark, Significance, Standing, Why
from sitegen.analysis.significance.length_bins import bins, length_edges
from sitegen.corpus.arrays import Array

__all__ = ["ALPHA", "Evidence", "Mark", "Significance", "Standing", "Why", "judge", "null_of", "outcomes", "p_values"]

ALPHA = 0.05
LEAST_BIN = 1000  # sentences of the null that every length bin must hold; see step 3
RESAMPLES = 200  # bootstrap samples of the records, for tau's interval
SENTENCES = 20_000_000  # in all these samples together, at most
INTERVAL = (0.05, 0.95)
_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
_ROUNDING = 1e-9  # p and q are fractions that often equal a level exactly; floats may miss it by a bit


@dataclass(frozen=True, slots=True, kw_only=True)
class Null:
    """What sentences of one class are compared with. edges (B - 1,): of the length bins. values: for each bin the x of
    its sentences, ascending, in log-odds beyond zero."""

    edges: Array
    values: tuple[Array, ...]

    @property
    def size(self) -> int:
        """How many sentences it has."""
        return sum(values.size for values in self.values)

    @property
    def largest(self) -> int:
        """How many the largest bin has: no p is below 1 / (1 + this)."""
        return max(values.size for values in self.values)

    @classmethod
    def of(cls, x: Float64[np.ndarray, " m"], length: Int[np.ndarray, " m"]) -> Null:
        """The null of these sentences: in five bins of length if each holds enough, else in one."""
        edges = length_edges(length)
        if edges.size and np.bincount(bins(length, edges), minlength=edges.size + 1).min() < LEAST_BIN:
            edges = edges[:0]
        which = bins(length, edges)
        return cls(edges=edges, values=tuple(np.sort(x[which == b]) for b in range(edges.size + 1)))

    def bins(self, length: Int[np.ndarray, " n"]) -> Int[np.ndarray, " n"]:
        """The number of the bin that sentences of this length, in tokens, are compared in."""
        return bins(length, self.edges)


def judge(evidence: Evidence, *, alpha: float = ALPHA, resamples: int = RESAMPLES, seed: int = 0) -> Significance:
    """The test of the module's docstring. alpha: the share of false marks that is put up with; resamples: of the
    bootstrap for tau's interval, fewer where the corpus is large, 0 for none; seed: of the same.

    Whatever is missing (labels, held-out records, a class) is a reason in `why`, not an exception; ValueError where
    alpha is not between 0 and 1. The marks do not depend on the order of records or sentences.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is a share between 0 and 1, not {alpha}")
    label, toward = evidence.label[evidence.record], evidence.toward
    p, q = np.full(label.size, np.nan), np.full(label.size, np.nan)
    tests, reached = [], np.zeros(label.size, dtype=bool)
    for y in (0, 1):
        x = evidence.beyond(y)
        family, others = evidence.eligible & (label == y), evidence.eligible & (label == 1 - y)
        null, of_y = null_of(evidence, y), toward == y
        if null.size:
            p[of_y] = _own_left_out(evidence, x, null, of_y)
            q[family] = _q_values(_family_p(evidence, y, null))
        passed = family & of_y & _at_most(q, alpha)
        cut = float(p[passed].max()) if passed.any() else 0.0
        reached |= _reached(evidence, x, null, family=family, rows=of_y & ~passed, p=p, cut=cut)
        tau = _least(x[passed], null.bins(evidence.length[passed]), null.edges.size + 1)
        low = high = np.full(tau.size, np.nan)
        if passed.any() and resamples:
            low, high = _interval(evidence, x, family, others, null, alpha=alpha, resamples=resamples, seed=seed)
        tests.append(
            ClassTest(
                family=int(family.sum()),
                passed=int(passed.sum()),
                null=null.size,
                edges=null.edges,
                tau=tau,
                tau_low=low,
                tau_high=high,
                cut=cut,
                needed=math.ceil(int(family.sum()) / (alpha * (null.largest + 1)) - _ROUNDING),
            )
        )
    why = _reasons(evidence, nulls=[test.null for test in tests])
    q = np.where(why == Why.JUDGED, q, np.nan)
    mark = np.select(
        [
            evidence.placeholder,
            (why == Why.JUDGED) & _at_most(q, alpha),
            (why != Why.JUDGED) & reached & evidence.asked,
        ],
        [int(Mark.PLACEHOLDER), int(Mark.PASSES), int(Mark.REACHES)],
        default=int(Mark.NONE),
    )
    return Significance(
        mark=mark,
        why=why,
        toward=toward,
        x=np.abs(evidence.beyond(1)),
        p=np.where(evidence.placeholder | ~evidence.asked, np.nan, p),
        q=q,
        classes=(tests[0], tests[1]),
        alpha=alpha,
    )


def p_values(x: Float64[np.ndarray, " n"], length: Int[np.ndarray, " n"], null: Null) -> Float64[np.ndarray, " n"]:
    """(1 + how many of the null of that length are at least x) / (1 + how many there are)."""
    p = np.ones(x.size)
    which = null.bins(length)
    for b, values in enumerate(null.values):
        here = which == b
        p[here] = (1 + values.size - np.searchsorted(values, x[here], side="left")) / (1 + values.size)
    return p


def null_of(evidence: Evidence, y: int) -> Null:
    """What sentences are compared with that speak for class y: those of the other class's held-out records."""
    others = evidence.eligible & (evidence.label[evidence.record] == 1 - y)
    return Null.of(evidence.beyond(y)[others], evidence.length[others])


def outcomes(evidence: Evidence, *, alpha: float) -> list[tuple[Array, int]]:
    """For each class the p of all sentences of its records, none without a null, and how many of them pass: `judge`
    without all else."""
    nulls = [null_of(evidence, y) for y in (0, 1)]
    ps = [_family_p(evidence, y, null) if null.size else np.zeros(0) for y, null in enumerate(nulls)]
    return [(p, int(_at_most(_q_values(p), alpha).sum())) for p in ps]


def _family_p(evidence: Evidence, y: int, null: Null) -> Float64[np.ndarray, " k"]:
    """The p of all sentences of class y's records that are tested; 1 for those that point away."""
    family = evidence.eligible & (evidence.label[evidence.record] == y)
    x = evidence.beyond(y)[family]
    return np.where(x > 0, p_values(x, evidence.length[family], null), 1.0)


def _q_values(p: Float64[np.ndarray, " k"]) -> Float64[np.ndarray, " k"]:
    """By Benjamini and Hochberg; of none, none."""
    values: Array = false_discovery_control(p, method="bh") if p.size else p
    return values


def _own_left_out(
    evidence: Evidence, x: Float64[np.ndarray, " M"], null: Null, rows: Bool[np.ndarray, " M"]
) -> Float64[np.ndarray, " k"]:
    """The p of some sentences; where a sentence's own record is of the other class, none of that record's sentences
    counts as being as far. The size of the null stays: sentences are compared at the same least p."""
    p, away = p_values(x[rows], evidence.length[rows], null), _in_null(evidence)[rows]
    sizes = 1 + np.array([values.size for values in null.values])
    own = _as_far_of_own(evidence, x, null)[rows][away]
    p[away] -= own / sizes[null.bins(evidence.length[rows][away])]
    return p


def _in_null(evidence: Evidence) -> Bool[np.ndarray, " M"]:
    """The sentences that point away from their record's class and are part of what they are compared with."""
    away: Array = evidence.eligible & (evidence.label[evidence.record] != evidence.toward)
    return away


def _as_far_of_own(evidence: Evidence, x: Float64[np.ndarray, " M"], null: Null) -> Int[np.ndarray, " M"]:
    """How many eligible sentences of its own record and its bin of length are at least as far as each one, itself
    among them; 0 for those that are not eligible."""
    rows = np.flatnonzero(evidence.eligible)
    record, bin, values = evidence.record[rows], null.bins(evidence.length[rows]), x[rows]
    order = np.lexsort((-values, bin, record))
    record, bin, values = record[order], bin[order], values[order]
    starts_group = np.ones(rows.size, dtype=bool)
    starts_group[1:] = (record[1:] != record[:-1]) | (bin[1:] != bin[:-1])
    starts_tie = starts_group.copy()
    starts_tie[1:] |= values[1:] != values[:-1]
    ties = np.flatnonzero(starts_tie)
    behind = np.append(ties[1:], rows.size)  # of each run of equal values
    first = np.flatnonzero(starts_group)[np.cumsum(starts_group) - 1]
    counts = np.zeros(x.size, dtype=np.int64)
    counts[rows[order]] = behind[np.cumsum(starts_tie) - 1] - first
    return counts


def _reached(
    evidence: Evidence,
    x: Float64[np.ndarray, " M"],
    null: Null,
    *,
    family: Bool[np.ndarray, " M"],
    rows: Bool[np.ndarray, " M"],
    p: Float64[np.ndarray, " M"],
    cut: float,
) -> Bool[np.ndarray, " M"]:
    """Which of `rows` go at least as far as the smallest x of their length that would pass if the sentences of their
    own record were not in the null. p: their own, with these left out; cut: the largest p that passes.

    Only a sentence whose own p is at most `cut` can: what passes lies above the same part of the null. Of a large
    corpus that leaves few.
    """
    reached = np.zeros(x.size, dtype=bool)
    which, in_null = null.bins(evidence.length), _in_null(evidence)
    near = rows & (x > 0) & _at_most(p, cut)
    for b, values in enumerate(null.values):
        allowed = math.floor(cut * (1 + values.size) + _ROUNDING) - 1  # of the null at least as far as one that passes
        if allowed < 0:
            continue
        passing = np.sort(x[family & (which == b)])
        here = near & (which == b)
        outside, inside = np.flatnonzero(here & ~in_null), np.flatnonzero(here & in_null)
        reached[outside] = x[outside] >= _beyond(passing, _left_above(values, (), allowed=allowed))
        own = np.flatnonzero(evidence.eligible & (which == b) & np.isin(evidence.record, evidence.record[inside]))
        own = own[np.lexsort((-x[own], evidence.record[own]))]
        starts, ends = (np.searchsorted(evidence.record[own], evidence.record[inside], side=s) for s in _SIDES)
        for row, start, end in zip(inside.tolist(), starts.tolist(), ends.tolist(), strict=True):
            above = _left_above(values, x[own[start:end]].tolist(), allowed=allowed)
            reached[row] = x[row] >= _beyond(passing, above)
    return reached


def _left_above(values: Float64[np.ndarray, " n"], without: Sequence[float], *, allowed: int) -> float:
    """The largest of ascending values but for `allowed` larger ones, once some are taken out; -inf where none is left.
    without: these, each one of the values, largest first."""
    place = allowed + 1
    for value in without:
        if place > values.size or value < values[-place]:
            break
        place += 1
    return float(values[-place]) if place <= values.size else -math.inf


def _beyond(values: Float64[np.ndarray, " n"], bound: float) -> float:
    """The smallest of ascending values that lies beyond a bound; inf where none does."""
    place = int(np.searchsorted(values, bound, side="right"))
    return float(values[place]) if place < values.size else math.inf


def _at_most(values: Float64[np.ndarray, " M"], level: float) -> Bool[np.ndarray, " M"]:
    """Where a q is at most `level`; NaN is not."""
    below: Array = values <= level * (1 + _ROUNDING)
    return below


def _reasons(evidence: Evidence, *, nulls: Sequence[int]) -> Int[np.ndarray, " M"]:
    """The Why of every sentence; the order of the choices is the one that Why states."""
    label, standing = evidence.label[evidence.record], evidence.standing[evidence.record]
    choices = [
        (evidence.placeholder, Why.PLACEHOLDER),
        (~evidence.asked, Why.NOT_ASKED),
        (standing == Standing.TRAINING, Why.TRAINING),
        (standing == Standing.VALIDATION, Why.VALIDATION),
        (label < 0, Why.UNLABELLED),
        (standing == Standing.UNKNOWN, Why.UNKNOWN_STANDING),
        (np.where(label == 1, nulls[1], nulls[0]) == 0, Why.NO_NULL),
        (evidence.toward != label, Why.AWAY),
    ]
    return np.select([where for where, _ in choices], [int(why) for _, why in choices], default=int(Why.JUDGED))


def _least(x: Float64[np.ndarray, " k"], bin: Int[np.ndarray, " k"], count: int) -> Float64[np.ndarray, " {count}"]:
    """The smallest x in each of `count` bins; NaN where there is none."""
    least = np.full(count, np.inf)
    np.minimum.at(least, bin, x)
    return np.where(np.isfinite(least), least, np.nan)


def _interval(
    evidence: Evidence,
    x: Float64[np.ndarray, " M"],
    family: Bool[np.ndarray, " M"],
    others: Bool[np.ndarray, " M"],
    null: Null,
    *,
    alpha: float,
    resamples: int,
    seed: int,
) -> tuple[Float64[np.ndarray, " B"], Float64[np.ndarray, " B"]]:
    """The ends of tau's interval by bin, over samples of the records with replacement; bins and zero stay."""
    records = np.unique(evidence.record[family | others])
    sentences = int(np.sum(family) + np.sum(others))
    rounds = min(resamples, max(20, SENTENCES // max(sentences, 1)))
    rng = np.random.default_rng([seed, records.size])
    count = null.edges.size + 1
    of_family, of_null = np.flatnonzero(family & (x > 0)), np.flatnonzero(others)
    of_null = of_null[np.argsort(-x[of_null], kind="stable")]  # largest first
    bin_family, bin_null = (null.bins(evidence.length[rows]) for rows in (of_family, of_null))
    by_bin = [of_null[bin_null == b] for b in range(count)]
    above = [  # for each sentence of the family how many of its bin's null are at least as far
        np.searchsorted(-x[by_bin[b]], -x[of_family[bin_family == b]], side="right") for b in range(count)
    ]
    taus = np.full((rounds, count), np.nan)
    for k in range(rounds):
        drawn = np.bincount(rng.integers(records.size, size=records.size), minlength=records.size)
        weight = np.zeros(evidence.label.size, dtype=np.int64)
        weight[records] = drawn
        p = np.ones(of_family.size)
        for b in range(count):
            running = np.concatenate([[0], np.cumsum(weight[evidence.record[by_bin[b]]])])
            p[bin_family == b] = (1 + running[above[b]]) / (1 + running[-1])
        own = weight[evidence.record[of_family]]
        total = int(weight[evidence.record[family]].sum())
        order = np.argsort(p, kind="stable")
        reach = np.flatnonzero(p[order] * total <= alpha * np.cumsum(own[order]) * (1 + _ROUNDING))
        if reach.size:
            passed = (p <= p[order[reach[-1]]]) & (own > 0)
            taus[k] = _least(x[of_family[passed]], bin_family[passed], count)
    enough = np.isfinite(taus).sum(axis=0) * 2 >= rounds
    low, high = np.full(count, np.nan), np.full(count, np.nan)
    low[enough], high[enough] = np.nanquantile(taus[:, enough], INTERVAL, axis=0) if enough.any() else (0, 0)
    return low, high
