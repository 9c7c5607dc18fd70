"""The sentences of a corpus by all three measures, ranked by what they do to the margin: by their share.

*Influence* here is an effect seen across the corpus. It is not the influence function of Koh and Liang (2017), which
asks what a training example does to a model.

Ranking is by margin, never by probability: the same effect counts for less in p where the model is sure already. Ties
are broken by the order of the records, so that a ranking is the same in every run. Effects smaller than ZERO are
rounding of float32 and are nowhere ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float64, Int

from sitegen.analysis.attribution.occlusion import ZERO, Occlusion
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.corpus.arrays import Array, read_only

DIGITS = 6  # behind the point, by which effects are ranked


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceEffects:
    """Every sentence of a corpus by all three measures: one row a sentence.

    record (M,): its record's number; number (M,): its place in the abstract from 0. alone (M,): the margin read alone.
    share (M,): the Shapley value in log-odds, share_change (M,) that of the probability; NaN where a record has none.
    leave_one_out (M,) in log-odds, change (M,) the same in probability.
    """

    record: Array
    number: Array
    alone: Array
    share: Array
    share_change: Array
    leave_one_out: Array
    change: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "record", read_only(self.record, np.int32, (-1,)))
        m = self.record.size
        object.__setattr__(self, "number", read_only(self.number, np.int32, (m,)))
        for name in _MEASURES:
            object.__setattr__(self, name, read_only(getattr(self, name), np.float64, (m,)))

    @property
    def shared(self) -> bool:
        """Whether any sentence has a share: all of a site's have one, or, where they are turned off, none; of answers
        that were given for some texts alone (adapters/scores) some."""
        return not self.share.size or not bool(np.isnan(self.share).all())

    @property
    def leading(self) -> Float64[np.ndarray, " M"]:
        """The number that sentences are ranked by, in log-odds, (M,): the share, leave-one-out where there is none."""
        values: Array = np.where(np.isnan(self.share), self.leave_one_out, self.share)
        return values

    @property
    def points(self) -> Float64[np.ndarray, " M"]:
        """The same of the probability, (M,): for readers."""
        values: Array = np.where(np.isnan(self.share), self.change, self.share_change)
        return values

    def ranked(self, *, toward: int, limit: int, among: Bool[np.ndarray, " M"] | None = None) -> Int[np.ndarray, " _"]:
        """The row numbers of the sentences with the largest shares toward class `toward` (1 positive, 0 negative),
        largest first.

        Only shares of that direction count, so there may be fewer than `limit`. among: the rows that may be ranked.
        """
        effect = self.leading if toward == 1 else -self.leading
        rows = np.flatnonzero((effect > ZERO) if among is None else (effect > ZERO) & among)
        order = np.argsort(-np.round(effect[rows], DIGITS), kind="stable")  # what differs by rounding alone is a tie
        return rows[order[:limit]]


class EffectsCollector:
    """Collects the sentences of records, which must come in the order of their numbers; some may be left out."""

    def __init__(self) -> None:
        self._columns: dict[str, list[Any]] = {name: [np.zeros(0)] for name in ("record", "number", *_MEASURES)}

    def add(self, k: int, occlusion: Occlusion, alone: ReadAlone, shapley: Shapley | None) -> None:
        """The sentences of record k."""
        n = occlusion.sentences.size
        none = np.full(n, np.nan)
        values = {
            "record": np.full(n, k),
            "number": np.arange(n),
            "alone": alone.sentences,
            "share": none if shapley is None else shapley.values,
            "share_change": none if shapley is None else shapley.points,
            "leave_one_out": occlusion.sentences,
            "change": occlusion.change(occlusion.sentences),
        }
        for name, column in values.items():
            self._columns[name].append(column)

    def all(self) -> SentenceEffects:
        """Every sentence that was added."""
        return SentenceEffects(**{name: np.concatenate(parts) for name, parts in self._columns.items()})


_MEASURES = ("alone", "share", "share_change", "leave_one_out", "change")
