"""Shapley values over the sentences of an abstract: credit that redundant sentences share.

Leave-one-out removes one sentence from the whole abstract. Where two sentences say the same, either may go and nothing
happens, so leave-one-out gives both about 0. The Shapley value of a sentence is the mean of what it adds, v(S with it)
- v(S), over all orders in which the sentences could have come; two sentences that say the same get half each. For
readers it is the sentence's *share*.

v(S) is the margin of the whole title and the sentences S of the abstract in their order; what stands in for the others
is the baseline, and by deletion v(nothing) is the margin of the title and an empty abstract. The values add up to
v(all) - v(nothing) exactly, so they contain the step from no abstract to any: one n-th of v(i alone) - v(nothing)
belongs to sentence i. Where the model makes much of there being a text at all, every sentence has a share of that,
of which leave-one-out knows nothing. There are two methods:

*exact*     from the table of all 2^n subsets, n <= EXACT_LIMIT: 2^n texts that keep half of the words on average,
            A 2^(n - 1) words for an abstract of A tokens.
*sampled*   m pairs of orders, a random one and its reverse: what a sentence adds early and what it adds late offset
            each other. In every n pairs each sentence comes first once and last once, the rest at random, so each
            order by itself is as likely as any other, and what a sentence adds to nothing and takes from all, the two
            steps that differ most, is counted as often as it should be. m is PAIRS rounded up to a multiple of n. An
            order costs n - 1 texts beside v(nothing) and v(all); the first and last steps of all are 2 n, so there
            are at most 2 m (n - 3) + 2 n + 2 texts, again of half of the words.

The *standard error* comes from the pairs in which a sentence is neither first nor last, the other steps being exact:
half from their variance for this sentence, half from its mean over the record's sentences, since so few pairs
often miss a rare large step and would then be too sure of themselves. Measured against the exact tables of 20 abstracts
of 8 or 9 sentences under the demo model (40 repeats): the error is half of what as many independent pairs leave, so a
quarter of the texts does; beyond two standard errors lie 3.4% of the values at m = n and 4.7% at m = 4 n (by a
sentence's own variance alone 22% and 11%), beyond four 0.1%.

*Points*, for readers, are Shapley values of the probability over the same subsets: not a share turned into probability,
but the share of what happened in probability. They add up to p(all) - p(nothing), as the shares do in log-odds.

A table is no dearer than the pairs up to n = 7, so `plan_exact` never samples there. Orders are drawn from a
hash of the abstract and the seed: a record's values do not depend on the records around it.

After Shapley (1953), "A value for n-person games", and Castro, Gomez and Tejada (2009), "Polynomial calculation of the
Shapley value based on sampling"; reversed orders as in Mitchell et al. (2022), "Sampling permutations for Shapley
value estimation".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, comb
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Float64, Int

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.masking import masked_margins, sentence_masks, subset_masks
from sitegen.analysis.attribution.occlusion import ZERO
from sitegen.analysis.attribution.random_spans import text_generator
from sitegen.corpus.arrays import Array, read_only
from sitegen.corpus.segment import Document
from sitegen.models.probabilities import probability
from sitegen.models.protocol import Classifier

EXACT_LIMIT = 10  # sentences: 1,024 texts
PAIRS = 16  # at least; see above
SMALL, LARGE = 0.1, 0.25  # of a record's largest effect; see Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapley:
    """The Shapley values of one abstract's sentences.

    values (S,) float64, in log-odds. points (S,) float64, those of the probability, -1 to 1. errors (S,) float64, the
    values' standard errors, 0 where exact. pairs: m, how many pairs of orders were sampled, 0 where exact. subsets:
    (2^S,) float32, the margin of every subset where exact, bit i of the index saying that sentence i is kept; (0,)
    where sampled.
    """

    method: Literal["exact", "sampled"]
    values: Array
    points: Array
    errors: Array
    pairs: int
    subsets: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", read_only(self.values, np.float64, (-1,)))
        n = self.values.size
        object.__setattr__(self, "points", read_only(self.points, np.float64, (n,)))
        object.__setattr__(self, "errors", read_only(self.errors, np.float64, (n,)))
        size = 2**n if self.method == "exact" else 0
        object.__setattr__(self, "subsets", read_only(self.subsets, np.float32, (size,)))
        if (self.pairs == 0) != (self.method == "exact"):
            raise ValueError(f"{self.pairs} pairs of orders do not make values {self.method}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Where leave-one-out and Shapley tell different stories of one record.

    All is measured against the record's largest effect or value, M. Below SMALL x M an effect counts as none: the two
    answer different questions and may differ in small change.

    sign_conflicts: numbers of the sentences that one sees move the answer toward the positive class and the other away,
    both by more than SMALL x M, a sampled value also by more than two standard errors.
    redundant: numbers of sentences whose Shapley value is at least LARGE x M (two standard errors deducted), but which
    can go without effect: the rest of the abstract does enough. Either others say the same, or the model minds a
    sentence only where it stands first or last, as every one does in some subsets.
    """

    sign_conflicts: tuple[int, ...]
    redundant: tuple[int, ...]


def shapley(
    documents: Sequence[Document],
    classifier: Classifier,
    *,
    limit: int = EXACT_LIMIT,
    pairs: int = PAIRS,
    baseline: Baseline = DELETED,
    seed: int = 0,
) -> list[Shapley]:
    """The Shapley values of every document's sentences, in order.

    Exact for abstracts of at most `limit` sentences, sampled by at least `pairs` pairs of orders for the others. The
    masks of all documents are in memory together, up to 2^n A bytes a document. Raises ConfigError for a baseline that
    the model cannot read.
    """
    if not 0 <= limit <= EXACT_LIMIT:
        raise ValueError(f"limit must be from 0 to {EXACT_LIMIT}, not {limit}")
    if pairs < 1:
        raise ValueError(f"pairs must be at least 1, not {pairs}")
    counts = [len(document.abstract.sentence_ends) for document in documents]
    orders = [
        None if n <= limit else _orders(document, n=n, pairs=pairs, seed=seed)
        for document, n in zip(documents, counts, strict=True)
    ]
    subsets = [
        subset_masks(n) if sampled is None else _chains(sampled) for n, sampled in zip(counts, orders, strict=True)
    ]
    margins = masked_margins(
        documents,
        classifier,
        [(None, sentence_masks(document, keep)) for document, keep in zip(documents, subsets, strict=True)],
        baseline=baseline,
    )
    return [
        exact_shapley(values) if sampled is None else _sampled(values, sampled)
        for values, sampled in zip(margins, orders, strict=True)
    ]


def plan_exact(sentences: Sequence[int], tokens: Sequence[int], *, words: int, pairs: int = PAIRS) -> int:
    """The most sentences, at most EXACT_LIMIT, up to which all abstracts of a corpus may have exact values.

    sentences, tokens: of each abstract. words: how many words all exact values together may read; an abstract reads
    A 2^(n - 1). A count and no clock, so that every machine decides alike. Where the table is no dearer than `pairs`
    pairs of orders, it is planned whatever the budget: sampling would save nothing.
    """
    n, a = np.asarray(sentences, dtype=np.int64), np.asarray(tokens, dtype=np.int64)
    limit = 0
    for candidate in range(1, EXACT_LIMIT + 1):
        within = n[n <= candidate]
        cost = int(np.sum(a[n <= candidate] << np.maximum(within - 1, 0)))
        if cost <= words:
            limit = candidate
    return max(limit, least_exact(pairs))


def least_exact(pairs: int) -> int:
    """Up to how many sentences a table is no dearer than so many pairs of orders, whatever there is time for."""
    return max((n for n in range(EXACT_LIMIT + 1) if 1 << n <= _sampled_texts(n, pairs)), default=0)


def _sampled_texts(n: int, pairs: int) -> int:
    """How many texts sampled values of n sentences take at most."""
    m = n * ceil(pairs / max(n, 1))
    return min(1 << n, 2 * m * (n - 3) + 2 * n + 2) if n > 2 else 1 << n


def agreement(leave_one_out: Float[np.ndarray, " S"], shapley: Shapley) -> Agreement:
    """Where the leave-one-out effects of a record's sentences, (S,) in log-odds, do not bear out its Shapley values."""
    effects, values = np.asarray(leave_one_out, dtype=np.float64), shapley.values
    if effects.shape != values.shape:
        raise ValueError(f"{effects.size} effects do not fit {values.size} Shapley values")
    largest = float(np.max(np.abs([effects, values]), initial=0.0))
    small = max(SMALL * largest, ZERO)
    sure = np.abs(values) - 2 * shapley.errors
    conflicts = (np.minimum(np.abs(effects), np.abs(values)) > small) & (sure > 0) & (effects * values < 0)
    redundant = (np.abs(effects) <= small) & (sure >= LARGE * largest) & (sure > small)
    return Agreement(
        sign_conflicts=tuple(np.flatnonzero(conflicts).tolist()),
        redundant=tuple(np.flatnonzero(redundant).tolist()),
    )


def exact_shapley(margins: Float[np.ndarray, " subsets"]) -> Shapley:
    """The Shapley values of n sentences from the margins of all their subsets, (2^n,), in log-odds."""
    table = np.asarray(margins, dtype=np.float64)
    values = shapley_values(table)
    return Shapley(
        method="exact",
        values=values,
        points=shapley_values(probability(table)),
        errors=np.zeros(values.size),
        pairs=0,
        subsets=table,
    )


def shapley_values(table: Float64[np.ndarray, " subsets"]) -> Float64[np.ndarray, " n"]:
    """The definition, from a table of all subsets: for each sentence what it adds to each subset without it, summed
    with the weight |S|! (n - 1 - |S|)! / n!."""
    n = table.size.bit_length() - 1
    number = np.arange(table.size)
    size = subset_masks(n).sum(axis=1)
    weight = np.array([1 / (n * comb(n - 1, s)) for s in range(n)])
    values = np.zeros(n)
    for i in range(n):
        without = number[number >> i & 1 == 0]
        values[i] = np.sum(weight[size[without]] * (table[without | 1 << i] - table[without]))
    return values


def _orders(document: Document, *, n: int, pairs: int, seed: int) -> Int[np.ndarray, "m 2 n"]:
    """Random orders, each with its reverse; in every n of them each sentence comes first once and last once."""
    generator = text_generator(document.abstract.tokens, seed=seed)
    forward = []
    for _ in range(ceil(pairs / n)):
        ends = generator.permutation(n)
        for first, last in zip(ends, np.roll(ends, -1), strict=True):
            between = generator.permutation(np.setdiff1d(ends, [first, last]))
            forward.append([first, *between, last][:n])
    orders = np.array(forward)
    return np.stack([orders, orders[:, ::-1]], axis=1)


def _chains(orders: Int[np.ndarray, "m 2 n"]) -> Bool[np.ndarray, "k n"]:
    """For each order its n + 1 subsets, from the empty one to the whole, each with one sentence more than the one
    before."""
    place = np.argsort(orders, axis=-1)  # of each sentence in its order
    n = orders.shape[-1]
    chains: Array = place[:, :, None, :] < np.arange(n + 1)[:, None]
    return chains.reshape(-1, n)


def _sampled(margins: Float64[np.ndarray, " k"], orders: Int[np.ndarray, "m 2 n"]) -> Shapley:
    """For each sentence the mean over the pairs of orders of what it adds, and the standard error of that mean."""
    m, _, n = orders.shape
    place = np.argsort(orders, axis=-1)
    chains = margins.reshape(m, 2, n + 1)
    added, points = (
        np.take_along_axis(np.diff(values, axis=-1), place, axis=-1).mean(axis=1)
        for values in (chains, probability(chains))
    )
    between = (place[:, 0] > 0) & (place[:, 0] < n - 1)
    count = between.sum(axis=0)
    mean = np.sum(added, axis=0, where=between) / np.maximum(count, 1)
    own = np.sum((added - mean) ** 2, axis=0, where=between) / np.maximum(count - 1, 1)
    return Shapley(
        method="sampled",
        values=added.mean(axis=0),
        points=points.mean(axis=0),
        errors=np.sqrt(count * (own + own.mean()) / 2) / m,
        pairs=m,
        subsets=np.zeros(0),
    )
