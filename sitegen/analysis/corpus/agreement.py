"""Two models over one corpus: how often they give the same answer, and whether they follow the same sentences.

`a` is the model that a site is by, `b` one that stands beside it. A model may read some of the records only; what is
said here is of those that both read.

*Answers.* The share of equal answers says little where nearly all records belong to one class, so Cohen's kappa (1960)
stands beside it: what remains of agreement when that of chance is taken off. Which of two models is right more often is
decided by the records on which exactly one of them is right (McNemar 1947); the exact, two-sided p-value is that of a
fair coin over these.

*Sentences.* Two models may give the same answer for other reasons. Where both cut a record into the same sentences, the
shares are compared within it: is the sentence with the largest share the same, and how alike is their order (Spearman's
rank correlation over sentences, of records with at least FEWEST)? What chance would give for the first is the mean of
1 / S over the records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64, Int
from scipy.stats import binomtest, spearmanr

from sitegen.corpus.arrays import Array, read_only

FEWEST = 4  # sentences below which the order of a record's shares is not compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers of two models to N records that both read.

    a, b (N,): whether each says the positive class; label (N,): 1, 0, or -1 without one.
    """

    a: Array
    b: Array
    label: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "a", read_only(self.a, np.bool_, (-1,)))
        for name, kind in (("b", np.bool_), ("label", np.int8)):
            object.__setattr__(self, name, read_only(getattr(self, name), kind, (self.a.size,)))

    @property
    def n(self) -> int:
        """How many records."""
        return int(self.a.size)

    @property
    def same(self) -> int:
        """How many of them get the same answer."""
        return int(np.sum(self.a == self.b))

    @property
    def kappa(self) -> float:
        """Cohen's kappa; NaN where chance alone would always agree."""
        if not self.n:
            return np.nan
        p, q = float(self.a.mean()), float(self.b.mean())
        chance = p * q + (1 - p) * (1 - q)
        return np.nan if chance == 1 else (self.same / self.n - chance) / (1 - chance)

    @property
    def right(self) -> tuple[Bool[np.ndarray, " n"], Bool[np.ndarray, " n"]]:
        """Of the records with a label, whether a is right, and whether b is."""
        labelled = self.label >= 0
        truth = self.label[labelled] == 1
        return self.a[labelled] == truth, self.b[labelled] == truth

    @property
    def table(self) -> tuple[int, int, int, int]:
        """Of the records with a label, how many both are right about, a alone, b alone, and neither."""
        a, b = self.right
        return int(np.sum(a & b)), int(np.sum(a & ~b)), int(np.sum(~a & b)), int(np.sum(~a & ~b))

    @property
    def p_value(self) -> float:
        """Of the exact McNemar test that both are right equally often; 1 where no record tells them apart."""
        _, a, b, _ = self.table
        return float(binomtest(a, a + b, 0.5).pvalue) if a + b else 1.0

    def among(self, rows: Bool[np.ndarray, " n"]) -> Answers:
        """The same of some of the records."""
        return Answers(a=self.a[rows], b=self.b[rows], label=self.label[rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesAlike:
    """How alike the shares are that two models give to the same sentences.

    records: those with the same sentences, two or more, and shares by both. same_top: in how many the sentence with
    the largest share is the same; by_chance: in how many it would be by chance, on average. ordered: of how many
    records the order was compared; middle: the median rank correlation over these, NaN where there are none.
    """

    records: int
    same_top: int
    by_chance: float
    ordered: int
    middle: float


def shares_alike(records: Sequence[tuple[Float64[np.ndarray, " S"], Float64[np.ndarray, " S"]]]) -> SharesAlike:
    """Compare the shares (or other effects) by two models, record by record; NaN where one is not known."""
    usable = [(a, b) for a, b in records if a.size > 1 and not np.isnan(a).any() and not np.isnan(b).any()]
    ranks = [rank_correlation(a, b) for a, b in usable if a.size >= FEWEST]
    known = [rank for rank in ranks if not np.isnan(rank)]
    return SharesAlike(
        records=len(usable),
        same_top=sum(int(np.argmax(np.abs(a)) == np.argmax(np.abs(b))) for a, b in usable),
        by_chance=float(sum(1 / a.size for a, _ in usable)),
        ordered=len(known),
        middle=float(np.median(known)) if known else np.nan,
    )


def rank_correlation(a: Float64[np.ndarray, " n"], b: Float64[np.ndarray, " n"]) -> float:
    """Spearman's rank correlation; NaN of fewer than two values, or where one side never varies."""
    if a.size < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return np.nan
    return float(spearmanr(a, b).statistic)


def furthest_apart(a: Float64[np.ndarray, " n"], b: Float64[np.ndarray, " n"]) -> Int[np.ndarray, " n"]:
    """The order of records by how far two probabilities are apart, the furthest first; ties by their order."""
    order: Array = np.argsort(-np.round(np.abs(a - b), 6), kind="stable")
    return order
