"""The sentences of a corpus by all three measures, ranked by what they do to the margin: by their share.

*Influence* here is an effect seen across the corpus. It is not the influence function of Koh and Liang (2017), which
asks what a training example does to a model.

Ranking is by margin, never by probability: the same effect counts for less in p where the model is sure already. Ties
are broken by the order of the records, so that a ranking is the same in every run. Effects smaller than ZERO are
rounding of float32 and are nowhere ranked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Int

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

    leading (M,): the number that sentences are ranked by, in log-odds: the share, leave-one-out where there is none;
    points (M,): the same of the probability, for readers. shared: whether any sentence has a share: all of a site's
    have one, or, where they are turned off, none; of answers that were given for some texts (adapters/scores) some.
    """

    record: Array
    number: Array
    alone: Array
    share: Array
    share_change: Array
    leave_one_out: Array
    change: Array
    leading: Array = field(init=False)
    points: Array = field(init=False)
    shared: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "record", read_only(self.record, np.int32, (-1,)))
        m = self.record.size
        object.__setattr__(self, "number", read_only(self.number, np.int32, (m,)))
        for name in _MEASURES:
            object.__setattr__(self, name, read_only(getattr(self, name), np.float64, (m,)))
        lacking = np.isnan(self.share)
        leading, points = np.where(lacking, (self.leave_one_out, self.change), (self.share, self.share_change))
        object.__setattr__(self, "leading", read_only(leading, np.float64, (m,)))
        object.__setattr__(self, "points", read_only(points, np.float64, (m,)))
        object.__setattr__(self, "shared", not m or not bool(lacking.all()))

    def ranked(self, *, toward: int, limit: int, among: Int[np.ndarray, " R"] | None = None) -> Int[np.ndarray, " _"]:
        """The row numbers of the sentences with the largest shares toward class `toward` (1 positive, 0 negative),
        largest first.

        Only shares of that direction count, so there may be fewer than `limit`. among: the numbers of the rows that may
        be ranked, ascending; all where it is None.
        """
        rows = np.arange(self.record.size) if among is None else among
        effect = self.leading[rows] if toward == 1 else -self.leading[rows]
        rows, effect = rows[effect > ZERO], effect[effect > ZERO]
        order = np.argsort(-np.round(effect, DIGITS), kind="stable")  # what differs by rounding alone is a tie
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
