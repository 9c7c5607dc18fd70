"""The types of the test of significance: its input (Evidence), its result (Significance), and a sentence's Status.

The test itself, and what its numbers mean, is in `significance.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float64, Int

from sitegen.analysis.significance.strata import Position
from sitegen.corpus.arrays import Array, read_only

P_LEVEL = 0.05  # what tau stands for where a corpus is too small for q


class Standing(IntEnum):
    """Whether the model has seen a record's text."""

    HELD_OUT = 0
    TRAINING = 1
    VALIDATION = 2
    UNKNOWN = 3  # the model directory does not say what the model has seen


class Status(IntEnum):
    """The test's result for one sentence, or why it was not judged. Where several hold, the first of this order:
    NO_EFFECT, TRAINING, VALIDATION, UNLABELLED, UNKNOWN_STANDING, NO_POOL, AGAINST, and then one of the two verdicts.

    No effect is no effect, whoever reads it. Of several obstacles the one that cannot be removed is named. The two
    verdicts are by q, or by p where the corpus is too small for q: `Significance.tau_rule` says which.
    """

    DISTINGUISHABLE = 0  # pushes toward its class more than sentences of this length in the other class do
    CHANCE = 1  # not distinguishable from sentences of this length in the other class
    AGAINST = 2  # pushes against this record's label: not judged
    NO_EFFECT = 3  # |D| < ZERO
    TRAINING = 4
    VALIDATION = 5
    UNLABELLED = 6
    UNKNOWN_STANDING = 7
    NO_POOL = 8  # no held-out labelled sentence of the other class to compare with


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The input of the test: the effects of all sentences, and the facts about sentences and records that decide whom
    each is compared with.

    One row per sentence: effect (M,) leave-one-out D in log-odds; record (M,) its record's number; length (M,) in
    tokens; position (M,) as in Position. One row per record: label (N,) the gold class 1 or 0, -1 for none; standing
    (N,) as in Standing; null (N,) whether its sentences may serve as noise. ValueError for anything else.
    """

    effect: Array
    record: Array
    length: Array
    position: Array
    label: Array
    standing: Array
    null: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "effect", read_only(self.effect, np.float64, (-1,)))
        object.__setattr__(self, "label", read_only(self.label, np.int8, (-1,)))
        m, n = self.effect.size, self.label.size
        for name, dtype, size in (
            ("record", np.int32, m),
            ("length", np.int32, m),
            ("position", np.uint8, m),
            ("standing", np.uint8, n),
            ("null", np.bool_, n),
        ):
            object.__setattr__(self, name, read_only(getattr(self, name), dtype, (size,)))
        if not np.isfinite(self.effect).all():
            raise ValueError("effects must be finite")
        for name, least, most in (
            ("record", 0, n - 1),
            ("length", 0, math.inf),
            ("position", 0, max(Position)),
            ("label", -1, 1),
            ("standing", 0, max(Standing)),
        ):
            column = getattr(self, name)
            if column.size and not (least <= column.min() and column.max() <= most):
                raise ValueError(f"{name} must be from {least} to {most}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Significance:
    """The result of the test for a corpus of M sentences, in B length bins.

    status (M,): see Status. p, q (M,): for the statuses DISTINGUISHABLE and CHANCE, NaN for all others; q is NaN for
    all where not `calibrated`. bin (M,): the number of each sentence's length bin.

    edges (B - 1,): the least length, in tokens, of every bin but the first. spread (B,): s, in log-odds.
    tau (2, B): [class, bin], in log-odds; NaN where nothing passes. tau_rule: which p or q passes: "q" (q <= alpha),
    "p" (p <= P_LEVEL: the corpus is too small for q), "none" (nothing could be judged).

    pools (2, 3): [class under test, position], the sentences of the other class that serve as its noise; without
    `stratified` they are one pool, the row's sum. hypotheses: sentences judged, in whatever direction they push.
    discoveries: sentences with q <= alpha. needed, possible: see "When a corpus is too small". calibrated: whether q
    is given.
    """

    status: Array
    p: Array
    q: Array
    bin: Array
    edges: Array
    spread: Array
    tau: Array
    tau_rule: Literal["q", "p", "none"]
    pools: Array
    stratified: bool
    hypotheses: int
    discoveries: int
    needed: int
    possible: int
    calibrated: bool
    alpha: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "status", read_only(self.status, np.uint8, (-1,)))
        object.__setattr__(self, "edges", read_only(self.edges, np.int32, (-1,)))
        m, b = self.status.size, self.edges.size + 1
        for name, dtype, shape in (
            ("p", np.float64, (m,)),
            ("q", np.float64, (m,)),
            ("bin", np.int32, (m,)),
            ("spread", np.float64, (b,)),
            ("tau", np.float64, (2, b)),
            ("pools", np.int64, (2, len(Position))),
        ):
            object.__setattr__(self, name, read_only(getattr(self, name), dtype, shape))

    @property
    def counts(self) -> dict[Status, int]:
        """How many sentences have each status, all statuses included; those from TRAINING on mean "not judged"."""
        found = np.bincount(self.status, minlength=len(Status))
        return {status: int(found[status]) for status in Status}

    @property
    def distinguishable(self) -> Bool[np.ndarray, " M"]:
        """Which sentences pass, by `tau_rule`."""
        passed: Array = self.status == Status.DISTINGUISHABLE
        return passed

    def threshold(self, toward: Int[np.ndarray, " M"]) -> Float64[np.ndarray, " M"]:
        """For each sentence the tau of its length bin and of the class it is judged for. toward: (M,) that class, 1 or
        0; -1 for none.

        In log-odds; NaN where there is none.
        """
        known: Array = np.where(toward >= 0, self.tau[np.maximum(toward, 0), self.bin], np.nan)
        return known
