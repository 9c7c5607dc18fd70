"""The corpus as a whole: where in abstracts the shares are, which field decided, which words the model lacks.

A Tally reads every occlusion once and keeps a few numbers a record, one number a sentence and the unknown words, never
a grid: 100,000 records of eight sentences are about 5 MB, the words aside. Pure functions then look at these numbers.

*Position.* What sentences did, by their shares. An abstract's first and last sentence are groups of their own; those
between are put into three equal parts by the middle of their place (of two sentences between, one is early and one
late). Abstracts of one sentence are left out: there the first is the last. A long sentence has a larger share than a
short one, so each group has its mean length beside it, and its share per token.

*Field.* An additive margin is title part + abstract part + bias. How much of it is the title's alone has no answer by
itself: any constant can be moved from one part to the other. So each part is compared with its mean over the corpus
("average": the mean over the records in whose field the model reads at least one token), and a field *alone* means:
this record's part beside the other field's average. A field alone decides otherwise when that margin lies on the other
side of the threshold than the whole record's. The field whose part lies further from its average is the one that set
this record apart from the others; it depends on the corpus, as an average does.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float, Int

from sitegen.analysis.attribution.occlusion import AdditiveGrid, Occlusion
from sitegen.analysis.corpus.influence import SentenceEffects
from sitegen.corpus.arrays import Array, read_only
from sitegen.models.probabilities import log_odds, predicted

PLACES = ("first", "early", "middle", "late", "last")
"""Where in its abstract a sentence stands: the groups of `place_effects`, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownWord:
    """A word the model does not know: how often and in how many records it stands, and the first record's number."""

    word: str
    occurrences: int
    records: int
    example: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """How much of the corpus the model does not know: tokens in titles and abstracts, those unknown, the records that
    hold at least one, and the unknown words, the most frequent first."""

    tokens: int
    unknown: int
    records: int
    words: tuple[UnknownWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The two parts of every record's margin: title (N,), abstract (N,), in log-odds, and the bias. title_read (N,),
    abstract_read (N,): whether the model reads at least one token of that field."""

    title: Array
    abstract: Array
    bias: float
    title_read: Array
    abstract_read: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", read_only(self.title, np.float64, (-1,)))
        n = self.title.size
        object.__setattr__(self, "abstract", read_only(self.abstract, np.float64, (n,)))
        object.__setattr__(self, "title_read", read_only(self.title_read, np.bool_, (n,)))
        object.__setattr__(self, "abstract_read", read_only(self.abstract_read, np.bool_, (n,)))


class Tally:
    """A few numbers of each record, collected while the scores are read once; records must come in order."""

    def __init__(self) -> None:
        self._lengths = array("i")
        self._parts = (array("d"), array("d"))
        self._read = (bytearray(), bytearray())
        self._biases: set[float] = set()
        self._additive = True
        self._tokens = self._unknown = self._lacking = self._n = 0
        self._words: dict[str, _Count] = {}

    def add(self, occlusion: Occlusion) -> None:
        """Count one record."""
        document, grid, k = occlusion.document, occlusion.grid, self._n
        self._n += 1
        self._lengths.extend(end - start for start, end in document.abstract.sentence_ranges)
        if isinstance(grid, AdditiveGrid):
            self._biases.add(grid.bias)
            for column, value in zip(self._parts, (grid.title[-1], grid.abstract[-1]), strict=True):
                column.append(float(value))
        else:
            self._additive = False
        lacking = False
        fields = ((document.title, occlusion.title_known), (document.abstract, occlusion.abstract_known))
        for flags, (text, known) in zip(self._read, fields, strict=True):
            flags.append(bool(known.any()))
            self._tokens += len(text.tokens)
            for number in np.flatnonzero(~known).tolist():
                lacking = True
                self._unknown += 1
                self._words.setdefault(text.tokens[number], _Count(k)).add(k)
        self._lacking += lacking

    @property
    def lengths(self) -> Int[np.ndarray, " M"]:
        """The length of every sentence in tokens, in the order of SentenceEffects."""
        return read_only(self._lengths, np.int32, (-1,))

    @property
    def parts(self) -> Parts | None:
        """The parts of the margins; None where the model is not additive, or there are no records."""
        if not self._additive or len(self._biases) != 1:
            return None
        title, abstract = self._parts
        title_read, abstract_read = self._read
        return Parts(
            title=np.array(title),
            abstract=np.array(abstract),
            bias=next(iter(self._biases)),
            title_read=np.frombuffer(title_read, dtype=np.bool_),
            abstract_read=np.frombuffer(abstract_read, dtype=np.bool_),
        )

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that the model does not know; those of equal count in alphabetical order."""
        words = [
            UnknownWord(word=word, occurrences=count.n, records=count.records, example=count.first)
            for word, count in self._words.items()
        ]
        return Vocabulary(
            tokens=self._tokens,
            unknown=self._unknown,
            records=self._lacking,
            words=tuple(sorted(words, key=lambda word: (-word.occurrences, word.word))),
        )


@dataclass(slots=True)
class _Count:
    first: int
    n: int = 0
    records: int = 0
    last: int = field(default=-1)

    def add(self, record: int) -> None:
        self.n += 1
        self.records += record != self.last
        self.last = record


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A mean and the quartiles (25%, 75%) around it, in log-odds."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Float[np.ndarray, " n"]) -> Spread:
        """The spread of at least one value; quartiles interpolate linearly."""
        low, high = np.quantile(values, [0.25, 0.75])
        return cls(mean=float(values.mean()), low=float(low), high=float(high))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceEffect:
    """The sentences that stand at one place of their abstracts.

    Of their shares, or of their leave-one-out effects where there are no shares: size: the size; toward: the share,
    signed so that a positive one is toward the class that the model predicts for the record. tokens: mean length.
    per_token: sum of sizes / sum of lengths. All of the probability, since readers compare places, not papers.
    """

    place: str
    sentences: int
    size: Spread
    toward: Spread
    tokens: float
    per_token: float


def place_effects(
    effects: SentenceEffects, *, lengths: Int[np.ndarray, " M"], positive: Bool[np.ndarray, " N"]
) -> tuple[PlaceEffect, ...]:
    """Shares by place in the abstract, in the order of PLACES; places without a sentence are left out.

    Shares, since the question is what the sentences did. A leave-one-out effect is small wherever another sentence says
    the same, which has nothing to do with the place.

    Sentences of which nothing is known do not count. lengths: tokens of each sentence. positive: whether each record is
    predicted positive.
    """
    moved = effects.points
    if moved.size == 0:
        return ()
    place = _places(effects)
    toward = np.where(positive[effects.record], moved, -moved)
    size = np.abs(moved)
    found = []
    for number, name in enumerate(PLACES):
        rows = (place == number) & ~np.isnan(moved)
        if rows.any():
            found.append(
                PlaceEffect(
                    place=name,
                    sentences=int(rows.sum()),
                    size=Spread.of(size[rows]),
                    toward=Spread.of(toward[rows]),
                    tokens=float(lengths[rows].mean()),
                    per_token=float(size[rows].sum() / lengths[rows].sum()),
                )
            )
    return tuple(found)


def _places(effects: SentenceEffects) -> Int[np.ndarray, " M"]:
    """The place of each sentence as a number in PLACES; -1 in abstracts of one sentence."""
    total = np.bincount(effects.record)[effects.record]
    inner = total - 2
    part = 1 + (3 * (2 * effects.number.astype(np.int64) - 1)) // (2 * np.maximum(inner, 1))
    part = np.where(effects.number == 0, 0, np.where(effects.number == total - 1, len(PLACES) - 1, part))
    places: Array = np.where(total > 1, part, -1)
    return places


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Which field decided. title (N,), abstract (N,): the parts less their averages, in log-odds. average: the margin
    of an average title beside an average abstract, so that margin = average + title + abstract; cut: the margin from
    which on a record is positive.

    title_agrees (N,), abstract_agrees (N,): whether that field, beside the other's average, leads to the class that the
    whole record got.
    """

    title: Array
    abstract: Array
    average: float
    cut: float
    title_agrees: Array
    abstract_agrees: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", read_only(self.title, np.float64, (-1,)))
        n = self.title.size
        object.__setattr__(self, "abstract", read_only(self.abstract, np.float64, (n,)))
        for name in ("title_agrees", "abstract_agrees"):
            object.__setattr__(self, name, read_only(getattr(self, name), np.bool_, (n,)))

    @property
    def abstract_further(self) -> int:
        """In how many records the abstract's part lies further from its average than the title's."""
        return int((np.abs(self.abstract) > np.abs(self.title)).sum())

    @property
    def title_further(self) -> int:
        """In how many records the title's part lies further from its average than the abstract's."""
        return int((np.abs(self.title) > np.abs(self.abstract)).sum())

    def count(self, *, title: bool, abstract: bool) -> int:
        """In how many records the title alone agrees (or not) and the abstract alone agrees (or not)."""
        return int(((self.title_agrees == title) & (self.abstract_agrees == abstract)).sum())


def decisions(parts: Parts, *, positive: Bool[np.ndarray, " N"], threshold: float) -> Decisions | None:
    """Compare each record's parts with the average; None where no title, or no abstract, is read at all.

    positive: whether each record is predicted positive. threshold: from which probability on one is.
    """
    if not (parts.title_read.any() and parts.abstract_read.any()):
        return None
    mean_title = float(parts.title[parts.title_read].mean())
    mean_abstract = float(parts.abstract[parts.abstract_read].mean())
    title, abstract = parts.title - mean_title, parts.abstract - mean_abstract
    average = mean_title + mean_abstract + parts.bias
    return Decisions(
        title=title,
        abstract=abstract,
        average=average,
        cut=log_odds(threshold),
        title_agrees=predicted(average + title, threshold) == positive,
        abstract_agrees=predicted(average + abstract, threshold) == positive,
    )


def strongest(
    part: Float[np.ndarray, " N"], *, among: Bool[np.ndarray, " N"], toward: int, limit: int
) -> Sequence[int]:
    """Of the records given, those whose part of the margin (less its average) lies furthest toward class `toward` (1
    positive, 0 negative), furthest first; records on the other side of the average are left out."""
    signed = part if toward == 1 else -part
    rows = np.flatnonzero((signed > 0) & among)
    chosen: list[int] = rows[np.argsort(-signed[rows], kind="stable")[:limit]].tolist()
    return chosen
