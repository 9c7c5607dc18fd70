"""The pointing game: does the strongest sentence come from where the class comes from?

What a sentence should weigh nobody knows; where it was taken from, one does. A *hybrid* is an abstract of
PER_CLASS sentences of records of one class and as many of the other, shuffled, under an empty title (a title belongs to
one class and would decide for all sentences). The class that the model predicts for the hybrid is explained, and it
is a hit if the sentence that pushes most toward that class came from a record of that class. Pointing at
random hits as often as there are sentences of the class: one half.

A record's class is its label where it has one, else what the model predicts. Records that the model gets wrong are
no sources: their sentences need not speak for the class they stand under.

n hybrids of 2 PER_CLASS = 6 sentences cost 7 n encodings for leave-one-out, 64 n with Shapley.

After Poerner, Schütze and Roth (2018), "Evaluating neural network explanation methods using hybrid documents and
morphosyntactic agreement". Theirs mix sentences of many classes freely; with two, equal numbers fix the chance rate.
"""

from __future__ import annotations

from dataclasses import dataclass

PER_CLASS = 3  # sentences of each class in a hybrid
HYBRIDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """How often a method pointed right: the rate with its 95% Wilson interval."""

    hits: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointing:
    """The pointing game on `hybrids` hybrids.

    chance: the rate of pointing at random. sources: records that sentences could be drawn from, [negative, positive].
    misread: records left out because the model gets them wrong. explained: hybrids by the class predicted, [negative,
    positive]. shapley: None where it was not asked for.
    """

    hybrids: int
    per_class: int
    sources: tuple[int, int]
    misread: int
    explained: tuple[int, int]
    chance: float
    leave_one_out: Hits
    shapley: Hits | None
