"""The types of the test: its input (Evidence), its result (Significance), and each sentence's Mark.

The test itself, and what its numbers mean, is in `test.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from jaxtyping import Bool, Float64, Int

from sitegen.corpus.arrays import Array, read_only


class Standing(IntEnum):
    """Whether the model has seen a record's text."""

    HELD_OUT = 0
    TRAINING = 1
    VALIDATION = 2
    UNKNOWN = 3  # the model directory does not say what the model has seen


class Mark(IntEnum):
    """What the test says of one sentence read alone."""

    NONE = 0  # not more than sentences of the other class's records often do: it may still say something
    PASSES = 1  # q <= alpha: it moves the model toward its record's class more than nearly all of those do
    REACHES = 2  # as far as those that pass, where no q can be given; `Why` says why
    PLACEHOLDER = 3  # no sentence of the author's ("[No abstract available]"): left out


class Why(IntEnum):
    """Why a sentence has no q. Where several hold, the first of this order, but for JUDGED."""

    JUDGED = 0  # it has one
    PLACEHOLDER = 1
    TRAINING = 2
    VALIDATION = 3
    UNLABELLED = 4
    UNKNOWN_STANDING = 5
    NO_NULL = 6  # no held-out labelled record of the other class to compare with
    AWAY = 7  # it points away from its record's class: counted, with p = 1
    NOT_ASKED = 8  # what it says alone is not known: left out, as a placeholder is


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The input of the test: what all sentences say alone, and the facts about sentences and records that decide whom
    each is compared with.

    One row per sentence: alone (M,) the margin r read alone, in log-odds; record (M,) its record's number; length (M,)
    in tokens; placeholder (M,) whether it is no sentence of the author's; asked (M,) whether what it says alone is
    known, `alone` being `zero` where it is not. One row per record: label (N,) the gold class
    1 or 0, -1 for none; standing (N,) as in Standing. zero: the margin that says nothing either way, in log-odds.
    ValueError for anything else.
    """

    alone: Array
    record: Array
    length: Array
    placeholder: Array
    label: Array
    standing: Array
    zero: float
    asked: Array = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))  # none given: all

    def __post_init__(self) -> None:
        object.__setattr__(self, "alone", read_only(self.alone, np.float64, (-1,)))
        object.__setattr__(self, "label", read_only(self.label, np.int8, (-1,)))
        m, n = self.alone.size, self.label.size
        if not self.asked.size:
            object.__setattr__(self, "asked", np.ones(m, dtype=np.bool_))
        for name, dtype, size in (
            ("record", np.int32, m),
            ("length", np.int32, m),
            ("placeholder", np.bool_, m),
            ("asked", np.bool_, m),
            ("standing", np.uint8, n),
        ):
            object.__setattr__(self, name, read_only(getattr(self, name), dtype, (size,)))
        if not (np.isfinite(self.alone).all() and math.isfinite(self.zero)):
            raise ValueError("margins must be finite")
        for name, least, most in (
            ("record", 0, n - 1),
            ("length", 0, math.inf),
            ("label", -1, 1),
            ("standing", 0, max(Standing)),
        ):
            column = getattr(self, name)
            if column.size and not (least <= column.min() and column.max() <= most):
                raise ValueError(f"{name} must be from {least} to {most}")

    @property
    def toward(self) -> Int[np.ndarray, " M"]:
        """The class that each sentence, read alone, speaks for: 1 or 0, (M,)."""
        classes: Array = (self.alone > self.zero).astype(np.int8)
        return classes

    def beyond(self, y: int) -> Float64[np.ndarray, " M"]:
        """How far each sentence, read alone, moves the model toward class y, in log-odds beyond zero, (M,)."""
        x: Array = (self.alone - self.zero) * (1 if y else -1)
        return x

    @property
    def eligible(self) -> Bool[np.ndarray, " M"]:
        """The sentences of labelled records that the model has not seen, (M,): the family of both classes, and each
        other's null."""
        return self.eligible_of(np.arange(self.record.size))

    def eligible_of(self, rows: Int[np.ndarray, " R"]) -> Bool[np.ndarray, " R"]:
        """Which of some sentences are, by the numbers of their rows, (R,)."""
        record = self.record[rows]
        held_out = (self.standing[record] == Standing.HELD_OUT) & (self.label[record] >= 0)
        eligible: Array = held_out & ~self.placeholder[rows] & self.asked[rows]
        return eligible


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTest:
    """The test for one class.

    family: how many sentences were tested, those that point away among them; passed: how many have q <= alpha. null:
    the sentences of the other class's records that they are compared with. edges (B - 1,): the least length, in
    tokens, of every length bin but the first. tau (B,): in each bin the smallest x, in log-odds beyond zero, that
    passes; NaN where none does. tau_low, tau_high (B,): 5% and 95% of tau over bootstrap samples of the papers, NaN
    where fewer than half of them have one. cut: the largest p that passes, 0 where none does. needed: at least so many
    sentences must have the least p possible together, or none passes.
    """

    family: int
    passed: int
    null: int
    edges: Array
    tau: Array
    tau_low: Array
    tau_high: Array
    cut: float
    needed: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "edges", read_only(self.edges, np.int32, (-1,)))
        for name in ("tau", "tau_low", "tau_high"):
            object.__setattr__(self, name, read_only(getattr(self, name), np.float64, (self.edges.size + 1,)))

    def reaches(self, x: Float64[np.ndarray, " n"], length: Int[np.ndarray, " n"]) -> Bool[np.ndarray, " n"]:
        """Which texts go as far as the tau of their length. x: in log-odds beyond zero; length: in tokens."""
        far: Array = x >= self.tau[np.searchsorted(self.edges, length, side="right")]
        return far


@dataclass(frozen=True, slots=True, kw_only=True)
class Significance:
    """The result of the test for a corpus of M sentences.

    mark, why (M,): see Mark and Why. toward (M,): the class, 1 or 0, that each speaks for. x (M,): how far, in log-odds
    beyond zero, never negative. p (M,): against the null of the class that it speaks for, none of whose sentences that
    are of its own record counts as being as far, while the size of the null stays; NaN without a null. q (M,): NaN for
    all whose `why` is not JUDGED. classes: the tests of the negative and the positive class. alpha: the level of q.
    """

    mark: Array
    why: Array
    toward: Array
    x: Array
    p: Array
    q: Array
    classes: tuple[ClassTest, ClassTest]
    alpha: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "mark", read_only(self.mark, np.uint8, (-1,)))
        m = self.mark.size
        for name, dtype in (
            ("why", np.uint8),
            ("toward", np.int8),
            ("x", np.float64),
            ("p", np.float64),
            ("q", np.float64),
        ):
            object.__setattr__(self, name, read_only(getattr(self, name), dtype, (m,)))

    @property
    def passes(self) -> Bool[np.ndarray, " M"]:
        """The sentences with q <= alpha, (M,)."""
        passing: Array = self.mark == Mark.PASSES
        return passing

    @property
    def marked(self) -> Bool[np.ndarray, " M"]:
        """Those and the ones that go as far without a q, (M,)."""
        strong: Array = self.passes | (self.mark == Mark.REACHES)
        return strong

    @property
    def judged(self) -> Bool[np.ndarray, " M"]:
        """The sentences that have a q, (M,)."""
        with_q: Array = self.why == Why.JUDGED
        return with_q
