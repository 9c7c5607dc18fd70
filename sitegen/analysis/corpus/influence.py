"""The sentences and words of a corpus, ranked by what they do to the margin.

*Influence* here is an effect seen across the corpus: a sentence's share, a word's leave-one-out effect. It is not the
influence function of Koh and Liang
(2017), which asks what a training example does to a model.

Ranking is by margin, never by probability: the same effect counts for less in p where the model is sure already. Ties
are broken by the order of the records, so that a ranking is the same in every run. Effects smaller than ZERO are
rounding of float32 and are nowhere ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float64, Int

from sitegen.analysis.attribution.occlusion import ZERO, Occlusion
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.corpus.arrays import Array, read_only
from sitegen.models.protocol import Field


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

    @classmethod
    def collect(cls, records: Iterable[tuple[Occlusion, ReadAlone, Shapley | None]]) -> SentenceEffects:
        """The sentences of all records, in order; the records are numbered from 0."""
        columns: dict[str, list[Any]] = {name: [np.zeros(0)] for name in ("record", "number", *_MEASURES)}
        for k, (occlusion, alone, shapley) in enumerate(records):
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
                columns[name].append(column)
        return cls(**{name: np.concatenate(parts) for name, parts in columns.items()})

    @property
    def leading(self) -> Float64[np.ndarray, " M"]:
        """The number that sentences are ranked by, in log-odds: the share, leave-one-out where there is none."""
        values: Array = np.where(np.isnan(self.share), self.leave_one_out, self.share)
        return values

    @property
    def leading_change(self) -> Float64[np.ndarray, " M"]:
        """The same in probability."""
        values: Array = np.where(np.isnan(self.share), self.change, self.share_change)
        return values

    def ranked(self, *, toward: int, limit: int, among: Bool[np.ndarray, " M"] | None = None) -> Int[np.ndarray, " _"]:
        """The row numbers of the sentences with the largest shares toward class `toward` (1 positive, 0 negative),
        largest first.

        Only shares of that direction count, so there may be fewer than `limit`. among: the rows that may be ranked.
        """
        effect = self.leading if toward == 1 else -self.leading
        rows = np.flatnonzero((effect > ZERO) if among is None else (effect > ZERO) & among)
        return rows[np.argsort(-effect[rows], kind="stable")[:limit]]


_MEASURES = ("alone", "share", "share_change", "leave_one_out", "change")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordExample:
    """One occurrence of a word: the record's number, field, token number and effect in log-odds."""

    record: int
    field: Field
    token: int
    effect: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WordInfluence:
    """A word across the corpus: mean leave-one-out effect per occurrence in log-odds, its standard deviation, how
    often and in how many records it stands, and its strongest occurrences (one a record, in the mean's direction)."""

    word: str
    mean: float
    deviation: float
    occurrences: int
    records: int
    examples: tuple[WordExample, ...]


class WordEffects:
    """Sums over all known words of a corpus, gathered record by record; memory grows with the vocabulary."""

    def __init__(self, *, examples: int = 3) -> None:
        self._examples = examples
        self._words: dict[str, _Tally] = {}

    def add(self, record: int, occlusion: Occlusion) -> None:
        """Count the words of one record; records must come in ascending order."""
        document = occlusion.document
        fields: Sequence[tuple[Field, tuple[str, ...], Any, Any]] = (
            ("title", document.title.tokens, occlusion.title_words, occlusion.title_known),
            ("abstract", document.abstract.tokens, occlusion.abstract_words, occlusion.abstract_known),
        )
        for field, tokens, effects, known in fields:
            for k, (token, effect, is_known) in enumerate(zip(tokens, effects.tolist(), known.tolist(), strict=True)):
                if is_known:
                    self._words.setdefault(token, _Tally()).add(record, field, k, effect, self._examples)

    def all(self, *, least_records: int = 1) -> list[WordInfluence]:
        """Every word that stands in at least `least_records` records, by mean effect, most positive first."""
        words = [tally.result(word) for word, tally in self._words.items() if tally.records >= least_records]
        return sorted(words, key=lambda word: (-word.mean, word.word))


class _Tally:
    __slots__ = ("high", "last", "low", "n", "records", "squares", "total")

    def __init__(self) -> None:
        self.n = self.records = 0
        self.last = -1
        self.total = self.squares = 0.0
        self.high: list[WordExample] = []
        self.low: list[WordExample] = []

    def add(self, record: int, field: Field, token: int, effect: float, examples: int) -> None:
        self.n += 1
        self.records += record != self.last
        self.last = record
        self.total += effect
        self.squares += effect * effect
        for kept, sign in ((self.high, 1.0), (self.low, -1.0)):
            if len(kept) < examples or sign * effect > sign * kept[-1].effect:
                _insert(kept, WordExample(record=record, field=field, token=token, effect=effect), sign, examples)

    def result(self, word: str) -> WordInfluence:
        mean = self.total / self.n
        return WordInfluence(
            word=word,
            mean=mean,
            deviation=max(self.squares / self.n - mean * mean, 0.0) ** 0.5,
            occurrences=self.n,
            records=self.records,
            examples=tuple(self.high if mean >= 0 else self.low),
        )


def _insert(kept: list[WordExample], example: WordExample, sign: float, limit: int) -> None:
    """Keep the strongest occurrence of each record, at most `limit` of them, strongest first."""
    same = [k for k, other in enumerate(kept) if other.record == example.record]
    if same:
        if sign * kept[same[0]].effect >= sign * example.effect:
            return
        del kept[same[0]]
    kept.append(example)
    kept.sort(key=lambda item: (-sign * item.effect, item.record))
    del kept[limit:]
