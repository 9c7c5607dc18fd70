"""The test of significance sorted for readers: which sentences it judged, by class, and how far each pushes.

A Significance says what became of every sentence. Pages also ask how many of how many, of which class, and what the
noise looked like; the rules for that are those of analysis/significance/test.py, and a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sitegen.analysis.corpus.influence import ZERO
from sitegen.analysis.significance.test import Evidence, Significance, Standing
from sitegen.corpus.arrays import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassResults:
    """One test over M sentences. Pairs are by class, negative first."""

    significance: Significance  # what the test gave
    evidence: Evidence  # what it was given
    names: tuple[str, str]  # the classes'
    push: Array  # (M,) toward the record's own class, in log-odds; toward the positive one without a label
    scaled: Array  # (M,) the same in spreads of sentences of that length
    judged: tuple[Array, Array]  # two of (M,): the sentences judged for each class
    noise: tuple[Array, Array]  # two of (M,): the sentences of the other class that serve as chance for each

    @classmethod
    def of(cls, significance: Significance, evidence: Evidence, *, names: tuple[str, str]) -> ClassResults:
        """Sort what `judge(evidence)` gave."""
        label, null = evidence.label[evidence.record], evidence.null[evidence.record]
        eligible = (evidence.standing[evidence.record] == Standing.HELD_OUT) & (label >= 0)
        push = np.where(label == 0, -evidence.effect, evidence.effect)
        scaled = push / significance.spread[significance.bin]
        pooled = significance.pools.sum(axis=1) > 0
        negative, positive = (eligible & (label == y) & pooled[y] for y in (0, 1))
        of_negative, of_positive = (eligible & null & (label == 1 - y) for y in (0, 1))
        return cls(
            significance=significance,
            evidence=evidence,
            names=names,
            push=push,
            scaled=scaled,
            judged=(negative, positive),
            noise=(of_negative, of_positive),
        )

    def passed(self, y: int) -> Array:
        """Which sentences of class y pass, (M,)."""
        passing: Array = self.judged[y] & self.significance.distinguishable
        return passing

    def own(self, y: int) -> Array:
        """Which of the judged sentences of class y push toward it, (M,): those that could pass."""
        return self.judged[y] & (self.push >= ZERO)

    def against(self, y: int) -> int:
        """How many of the judged sentences of class y push the other way, or nowhere."""
        return int(np.sum(self.judged[y] & (self.push < ZERO)))

    def line(self, y: int) -> float | None:
        """The smallest scaled push with which a sentence of class y passes; None where none does."""
        passing = self.scaled[self.passed(y)]
        return float(passing.min()) if passing.size else None

    def chance(self, y: int) -> Array:
        """How far the noise pushes toward class y, (m,), scaled."""
        pushes: Array = -self.scaled[self.noise[y]]
        return pushes

    def chance_reaches(self, y: int, b: int) -> float | None:
        """The furthest push toward class y of the noise of length bin b, in log-odds; None where there is none."""
        pushes = -self.push[self.noise[y] & (self.significance.bin == b)]
        return float(pushes.max()) if pushes.size and pushes.max() >= ZERO else None

    def papers(self, sentences: Array) -> int:
        """How many records the sentences chosen by a mask (M,) are of."""
        return int(np.unique(self.evidence.record[sentences]).size)

    def length_text(self, b: int) -> str:
        """The lengths of a bin in words: `up to 13 words`, `14 to 18 words`, `35 words or more`."""
        edges = self.significance.edges.tolist()
        if not edges:
            return "any length"
        if b == 0:
            return f"up to {edges[0] - 1} words"
        if b == len(edges):
            return f"{edges[-1]} words or more"
        low, high = edges[b - 1], edges[b] - 1
        return f"{low} words" if low == high else f"{low} to {high} words"
