"""How big must a change be to matter: a test of every sentence's effect against the other class's sentences.

Hide a sentence and the margin moves by D, its leave-one-out effect. Every sentence moves it by something; which moves
are more than noise? There is no noise to look at directly: the model is deterministic, and a text is written once.
What can be seen is how far sentences push toward a class in records where that class is *wrong*.

**Assumption.** In a record of class y, pushes toward the *other* class are noise of the same kind as the noise that
pushes toward y. So the records of the other class show how far a sentence can push toward y by chance.

**Steps.**

1. Judged are the sentences of records that have a gold label and that the model has not seen, neither in training nor
   in validation: a model knows its training labels, and its pushes there are no sample of anything. The label must be
   the gold one, not the prediction: a prediction is made of these very effects, which then agree with it by
   construction.
2. d_y is +1 for class 1 and -1 for class 0; T_i = d_y D_i / s(length of i), where s is the spread of D within (up to)
   five length bins, of both classes together (`strata.py`). A poor s costs power, not validity: it is the same for
   both classes.
3. The null pool of class y: d_y D_j / s(length of j) over the judged sentences j of the records of the other class;
   m of them. A site may keep records out of the pools (`null`), since a few records whose text is of one class and
   whose label is of the other fill the far end of a small pool and hide much. They must be chosen by what is known
   of the records: chosen by their effects, the pool is no longer what chance does.

       p_i = (1 + #{null >= T_i}) / (m + 1)

   There is a pool a class and a position (first, middle, last) where every one of the six has at least 200 sentences,
   else one a class.
4. Benjamini and Hochberg's (1995) step-up procedure over all the judged sentences of the corpus gives q. A sentence
   that does not push toward its own class counts in the number of hypotheses, with p = 1: whether it pushes that way
   is part of the result, and leaving it out, or letting it be a discovery nobody is shown, would make the share of
   false ones among those shown larger than stated.
5. tau of a class and length bin: the smallest |D| toward the own class with q <= alpha. "A change must exceed tau."
   With pools by position it is the smallest of the three positions: to exceed it is necessary, not sufficient.

**When a corpus is too small.** No p is below 1 / (m + 1), and the procedure rejects k hypotheses of H only if the
k-th smallest p is at most alpha k / H. So k >= H / (alpha (m + 1)) sentences must pass together or none does: `needed`
(about 20 with one pool a class, classes of a size). At most as many can pass as push toward their own class:
`possible`. Pools of different size have different least p: so the pools are taken together from the largest on, one
more each time, and q can be had if possible >= needed for one of these choices. Where it cannot, no effect, however
strong, could have q <= alpha; then there is no q at all but p, and tau is the smallest |D| toward the own class with
p <= .05: one sentence in twenty passes that by chance. `possible` is a bound, not a promise: a sentence of the least p
exceeds its whole pool. Where q is given and nothing passes, the corpus may still be too small for its effects.

**What it cannot say.** It judges sentences one class against the other, so it finds what tells the classes apart to
this model: nothing about causes, about what a person would mark, or about whether the model is right. Sentences that
push against the label are not judged (they explain wrong predictions: read them). Sentences of one record are not
independent, so pools are worth fewer sentences than they count. A redundant sentence has a small D and does not pass.
A class that pushes in every sentence a little has many discoveries, each of them small: look at tau.

tests/analysis/significance/test_simulation.py holds the error rates to account on corpora of a bag-of-words model in
which it is known which sentences were made to matter.

A conformal p-value (Bates et al. 2023, "Testing for outliers with conformal p-values", Annals of Statistics 51), with
the class as what is tested; p-values that share a pool depend on each other positively, which the procedure allows.
Their pools are clean, ours hold the other class's own strong sentences, at the harmless end: with a share a of them p
is too small by 1 / (1 - a), and the procedure's own slack is the same factor where the classes are alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float64, Int, Integer
from scipy.stats import false_discovery_control

from sitegen.analysis.attribution.occlusion import ZERO
from sitegen.analysis.significance.evidence import P_LEVEL, Evidence, Significance, Standing, Status
from sitegen.analysis.significance.strata import Position, bins, length_edges, scale, spreads
from sitegen.corpus.arrays import Array

__all__ = ["LEAST_STRATUM", "P_LEVEL", "Evidence", "Significance", "Standing", "Status", "judge", "scale"]

LEAST_STRATUM = 200  # sentences every pool must have before pools are split by position
_ROUNDING = 1e-9  # p and q are fractions that often equal a level exactly; floats may miss it by a bit


def judge(evidence: Evidence, *, alpha: float = 0.10) -> Significance:
    """The test of the module's docstring; alpha: the share of false discoveries that is put up with.

    Whatever is missing (labels, held-out records, a class) is a refusal in `status`, not an exception; ValueError
    where alpha is not between 0 and 1. The result does not depend on the order of records or sentences.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is a share between 0 and 1, not {alpha}")
    label, standing = evidence.label[evidence.record], evidence.standing[evidence.record]
    eligible = (standing == Standing.HELD_OUT) & (label >= 0)
    noise = eligible & evidence.null[evidence.record]

    edges = length_edges(evidence.length[eligible] if eligible.any() else evidence.length)
    bin = bins(evidence.length, edges)
    measured = eligible if eligible.any() else np.ones(label.size, dtype=bool)
    spread = spreads(evidence.effect[measured], bin[measured], count=edges.size + 1)
    push = np.where(label == 1, evidence.effect, -evidence.effect)  # toward the own class, in log-odds

    pools = np.array([[np.sum(noise & (label == 1 - y) & (evidence.position == s)) for s in Position] for y in (0, 1)])
    stratified = bool((pools >= LEAST_STRATUM).all())
    stratum = evidence.position if stratified else np.zeros_like(evidence.position)

    p = np.full(label.size, np.nan)
    sizes, own_direction = [], []
    for y in (0, 1):
        for s in np.unique(stratum):
            rows = np.flatnonzero(eligible & (label == y) & (stratum == s))
            others = noise & (label == 1 - y) & (stratum == s)
            if rows.size and others.any():
                pool = np.sort(-push[others] / spread[bin[others]])
                p[rows] = _exceedance(push[rows] / spread[bin[rows]], pool)
                sizes.append(pool.size)
                own_direction.append(int(np.sum(push[rows] >= ZERO)))
    judged = ~np.isnan(p)
    own = judged & (push >= ZERO)
    hypotheses = int(judged.sum())

    needed, possible = _reach(sizes, own_direction, hypotheses=hypotheses, alpha=alpha)
    calibrated = hypotheses > 0 and needed <= possible
    q = np.full(label.size, np.nan)
    if calibrated:
        q[judged] = false_discovery_control(np.where(own, p, 1.0)[judged], method="bh")
    passed = own & _at_most(q if calibrated else p, alpha if calibrated else P_LEVEL)
    return Significance(
        status=_statuses(evidence, judged=judged, own=own, passed=passed),
        p=np.where(own, p, np.nan),
        q=np.where(own, q, np.nan),
        bin=bin,
        edges=edges,
        spread=spread,
        tau=_tau(push, label=label, bin=bin, passed=passed, count=edges.size + 1),
        tau_rule="q" if calibrated else "p" if hypotheses else "none",
        pools=pools,
        stratified=stratified,
        hypotheses=hypotheses,
        discoveries=int(passed.sum()) if calibrated else 0,
        needed=needed,
        possible=possible,
        calibrated=calibrated,
        alpha=alpha,
    )


def _exceedance(pushes: Float64[np.ndarray, " n"], pool: Float64[np.ndarray, " m"]) -> Float64[np.ndarray, " n"]:
    """The p of each push: (1 + how many values of `pool` are at least as large) / (m + 1). pool: (m,), ascending."""
    at_least = pool.size - np.searchsorted(pool, pushes, side="left")
    p: Array = (1 + at_least) / (pool.size + 1)
    return p


def _reach(sizes: Sequence[int], own_direction: Sequence[int], *, hypotheses: int, alpha: float) -> tuple[int, int]:
    """(needed, possible): how many sentences must pass together, and how many can; (0, 0) where none is judged.

    sizes: of each pool; own_direction: the sentences it judges that push toward their class. Of the k largest pools
    taken together, for every k: the choice that needs fewest of those that are possible, else the one that lacks least.
    """
    choices, together = [], 0
    for size, own in sorted(zip(sizes, own_direction, strict=True), reverse=True):
        together += own
        choices.append((math.ceil(hypotheses / (alpha * (size + 1)) - _ROUNDING), together))
    if enough := [(needed, possible) for needed, possible in choices if needed <= possible]:
        return min(enough, key=lambda choice: (choice[0], -choice[1]))
    return max(choices, key=lambda choice: choice[1] / choice[0], default=(0, 0))


def _at_most(values: Float64[np.ndarray, " M"], level: float) -> Bool[np.ndarray, " M"]:
    """Where a p or q is at most `level`; NaN is not."""
    below: Array = values <= level * (1 + _ROUNDING)
    return below


def _statuses(
    evidence: Evidence, *, judged: Bool[np.ndarray, " M"], own: Bool[np.ndarray, " M"], passed: Bool[np.ndarray, " M"]
) -> Integer[np.ndarray, " M"]:
    """The Status of every sentence; the order of the choices is the one that Status states."""
    label, standing = evidence.label[evidence.record], evidence.standing[evidence.record]
    choices = [
        (np.abs(evidence.effect) < ZERO, Status.NO_EFFECT),
        (standing == Standing.TRAINING, Status.TRAINING),
        (standing == Standing.VALIDATION, Status.VALIDATION),
        (label < 0, Status.UNLABELLED),
        (standing == Standing.UNKNOWN, Status.UNKNOWN_STANDING),
        (~judged, Status.NO_POOL),
        (~own, Status.AGAINST),
        (passed, Status.DISTINGUISHABLE),
    ]
    return np.select([where for where, _ in choices], [int(status) for _, status in choices], default=Status.CHANCE)


def _tau(
    push: Float64[np.ndarray, " M"],
    *,
    label: Int[np.ndarray, " M"],
    bin: Int[np.ndarray, " M"],
    passed: Bool[np.ndarray, " M"],
    count: int,
) -> Float64[np.ndarray, "2 {count}"]:
    """For each class and length bin the smallest push that passes, in log-odds; NaN where none does."""
    least = np.full((2, count), np.inf)
    np.minimum.at(least, (label[passed], bin[passed]), push[passed])
    return np.where(np.isfinite(least), least, np.nan)
