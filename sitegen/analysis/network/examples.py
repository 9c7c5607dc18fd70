"""What units do at words, added up paper by paper: how their states are spread, where they wrote most, at which words.

Everything here is about one layer of one field. What is looked at is the evidence that a unit of the top layer writes
at a word (written.py); units below write nothing into the answer, and there it is the step of their state. Both are
kept as steps, whole numbers of 1/127, and made evidence at the end: a unit's slope is one number.

*Examples.* The strongest alone mislead: a unit that is busy everywhere has strong examples, too. So there are four
kinds. Most for and most against the positive class, one word a paper; words in the middle, where a unit wrote more than
at QUANTILES of all words; and words at random. The last two are taken from a sample of SAMPLED words of the corpus,
drawn by seeded keys, the same words for all units of a layer.

*Words.* The mean of what a unit wrote at each word of the vocabulary, over all its places, for words of at least
`least` papers.

The first word that a direction reads of a text counts for neither the strongest examples nor these means: there every
unit leaves 0 for where it mostly is, whatever the word, and of the demo's forward units the strongest examples were
first words alone. Where a unit writes at one word only (last_step), that one counts.

Notation: m known words of a text, KH = K·H units, forward ones first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64, Int, Int8

from sitegen.analysis.network.written import STEPS, written
from sitegen.corpus.arrays import Array, read_only

MOST = 5  # examples of either direction
QUANTILES = (0.75, 0.5)  # of all words, those at which a unit wrote less than at the example
RANDOM = 2
SAMPLED = 4000
BINS = 21  # of the states from -1 to 1
ACTIVE = 0.1  # the size from which on a state counts as on
ANSWERS = 5  # words of either direction that a unit answers to

_STATES = 2 * STEPS + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Words of the corpus, some for each unit: (KH, n) each. records: -1 where there is no such word. tokens: the
    word's number among its text's. values: what the unit wrote there, in log-odds, or the step of its state."""

    records: Array
    tokens: Array
    values: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "records", read_only(self.records, np.int32, (-1, -1)))
        object.__setattr__(self, "tokens", read_only(self.tokens, np.int32, (-1, -1)))
        object.__setattr__(self, "values", read_only(self.values, np.float32, (-1, -1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredWord:
    """A word of the vocabulary, and what a unit wrote at it on average. occurrences: how often, records: in how many
    papers it stands."""

    word: str
    mean: float
    occurrences: int
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWords:
    """What the units of a layer do at words. words: how many there were. histogram (KH, BINS): of their states.
    active (KH,): the share of words at which they are on. forward and against: by unit, strongest first."""

    words: int
    histogram: Array
    active: Array
    most: Places
    least: Places
    middle: Places
    random: Places
    toward: tuple[tuple[AnsweredWord, ...], ...]
    against: tuple[tuple[AnsweredWord, ...], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "histogram", read_only(self.histogram, np.int64, (-1, BINS)))
        object.__setattr__(self, "active", read_only(self.active, np.float64, (-1,)))


class WordCollector:
    """Adds up one layer of one field, a text at a time."""

    def __init__(self, units: int, *, last_step: bool, seed: int) -> None:
        self._units, self._last_step = units, last_step
        self._keys = np.random.default_rng(seed)
        self._words = 0
        self._states = np.zeros(units * _STATES, np.int64)
        self._most, self._least = _Extremes(units), _Extremes(units)
        self._sample = _Sample(units)
        self._types = _Types(units)

    def add(self, record: int, states: Int8[np.ndarray, "m K H"], tokens: Sequence[str], places: Sequence[int]) -> None:
        """A record's text. tokens, places: its m known words, and their numbers among all; nothing where m is 0."""
        if not len(tokens):
            return
        ones = np.ones(states.shape[1:])
        steps = written(states.astype(np.float64), ones, last_step=self._last_step).reshape(len(states), -1)
        at = np.asarray(places, np.int32)
        self._words += len(at)
        offsets = np.arange(self._units) * _STATES + STEPS
        cells = (states.reshape(len(states), -1) + offsets).ravel()
        self._states += np.bincount(cells, minlength=len(self._states))
        self._sample.add(record, at, steps, self._keys.random(len(at)))
        counted = self._counted(states.shape)
        steps = steps * counted
        self._most.add(record, at, steps)
        self._least.add(record, at, -steps)
        self._types.add(tokens, steps, counted)

    def _counted(self, shape: tuple[int, ...]) -> Bool[np.ndarray, "m KH"]:
        """Which words count, for each unit: all but the first that it reads."""
        counted = np.ones(shape, bool)
        counted[0, 0] = False
        if shape[1] == 2 and not self._last_step:
            counted[-1, 1] = False
        return counted.reshape(len(counted), -1)

    def all(self, slopes: Float64[np.ndarray, " KH"], *, least: int, seed: int) -> AtWords:
        """All that was added up. slopes: of the units, ones below the top layer. least: papers of a word."""
        scale, up = slopes / STEPS, slopes >= 0
        states = self._states.reshape(self._units, _STATES)
        bins = np.arange(_STATES) * BINS // _STATES
        histogram = np.stack([states[:, bins == k].sum(axis=1) for k in range(BINS)], axis=1)
        on = np.abs(np.arange(_STATES) - STEPS) > ACTIVE * STEPS
        high, low = self._most.places(scale), self._least.places(-scale)
        toward, against = self._types.answers(scale, least)
        return AtWords(
            words=self._words,
            histogram=histogram,
            active=states[:, on].sum(axis=1) / max(self._words, 1),
            most=_either(up, high, low),
            least=_either(up, low, high),
            middle=self._sample.middle(scale),
            random=self._sample.random(scale, np.random.default_rng(seed)),
            toward=toward,
            against=against,
        )


def _either(which: Array, yes: Places, no: Places) -> Places:
    """By unit one or the other."""
    names = ("records", "tokens", "values")
    return Places(**{name: np.where(which[:, None], getattr(yes, name), getattr(no, name)) for name in names})


class _Extremes:
    """For each unit the MOST largest values, one a record."""

    def __init__(self, units: int) -> None:
        self._values = np.full((units, MOST), -np.inf)
        self._records = np.full((units, MOST), -1, np.int32)
        self._tokens = np.zeros((units, MOST), np.int32)

    def add(self, record: int, places: Array, values: Array) -> None:
        best = values.argmax(axis=0)
        value = values[best, np.arange(values.shape[1])]
        weakest = self._values.argmin(axis=1)
        units = np.flatnonzero((value > self._values[np.arange(len(weakest)), weakest]) & (value > 0))
        self._values[units, weakest[units]] = value[units]
        self._records[units, weakest[units]] = record
        self._tokens[units, weakest[units]] = places[best[units]]

    def places(self, scale: Array) -> Places:
        order = np.lexsort((self._records, -self._values), axis=1)

        def ordered(values: Array) -> Array:
            return np.take_along_axis(values, order, axis=1)

        values = np.where(self._records < 0, 0.0, self._values)
        return Places(
            records=ordered(self._records), tokens=ordered(self._tokens), values=ordered(values) * scale[:, None]
        )


class _Sample:
    """The words with the SAMPLED smallest keys: a sample of all, however many come."""

    def __init__(self, units: int) -> None:
        self._keys, self._records, self._tokens = np.zeros(0), np.zeros(0, np.int32), np.zeros(0, np.int32)
        self._steps = np.zeros((0, units), np.int16)
        self._limit = np.inf

    def add(self, record: int, places: Array, steps: Array, keys: Array) -> None:
        kept = keys < self._limit
        self._keys = np.concatenate([self._keys, keys[kept]])
        self._records = np.concatenate([self._records, np.full(kept.sum(), record, np.int32)])
        self._tokens = np.concatenate([self._tokens, places[kept]])
        self._steps = np.concatenate([self._steps, steps[kept].astype(np.int16)])
        if len(self._keys) > SAMPLED:
            self._limit = np.partition(self._keys, SAMPLED)[SAMPLED]
            held = self._keys < self._limit
            self._keys, self._records = self._keys[held], self._records[held]
            self._tokens, self._steps = self._tokens[held], self._steps[held]

    def middle(self, scale: Array) -> Places:
        """By unit the words at which it wrote more, either way, than at each of QUANTILES of the sample."""
        order = np.argsort(np.abs(self._steps), axis=0, kind="stable")
        rows = [min(int(quantile * len(order)), len(order) - 1) for quantile in QUANTILES] if len(order) else []
        return self._at(order[rows].T if rows else np.zeros((len(scale), 0), np.intp), scale)

    def random(self, scale: Array, rng: np.random.Generator) -> Places:
        """By unit a few words of the sample, whatever it wrote there."""
        count = min(RANDOM, len(self._keys))
        rows = [rng.choice(len(self._keys), count, replace=False) for _ in range(len(scale))] if count else []
        return self._at(np.array(rows, np.intp).reshape(len(scale), count), scale)

    def _at(self, rows: Int[np.ndarray, "KH n"], scale: Array) -> Places:
        values = self._steps[rows, np.arange(len(scale))[:, None]] * scale[:, None]
        return Places(records=self._records[rows], tokens=self._tokens[rows], values=values)


class _Types:
    """By word of the vocabulary what units wrote at it, how often it counts for each, and in how many records it is."""

    def __init__(self, units: int) -> None:
        self._number: dict[str, int] = {}
        self._sums = np.zeros((1024, units), np.float32)
        self._times = np.zeros((1024, units), np.int32)
        self._counts = np.zeros((1024, 2), np.int64)  # how often, in how many records

    def add(self, tokens: Sequence[str], steps: Array, counted: Array) -> None:
        numbers = [self._number.setdefault(token, len(self._number)) for token in tokens]
        while len(self._number) > len(self._sums):
            for name in ("_sums", "_times", "_counts"):
                setattr(self, name, np.concatenate([getattr(self, name), np.zeros_like(getattr(self, name))]))
        types, which, times = np.unique(numbers, return_inverse=True, return_counts=True)
        share = np.zeros((len(types), len(tokens)), np.float32)
        share[which, np.arange(len(tokens))] = 1.0
        self._sums[types] += share @ steps.astype(np.float32)
        self._times[types] += (share @ counted.astype(np.float32)).astype(np.int32)
        self._counts[types] += np.stack([times, np.ones_like(times)], axis=1)

    def answers(
        self, scale: Array, least: int
    ) -> tuple[tuple[tuple[AnsweredWord, ...], ...], tuple[tuple[AnsweredWord, ...], ...]]:
        """By unit the words at which it wrote most for the positive class, and most against it."""
        words = list(self._number)
        enough = np.flatnonzero(self._counts[: len(words), 1] >= least)
        means = self._sums[enough] / np.maximum(self._times[enough], 1) * scale

        def strongest(sign: int) -> tuple[tuple[AnsweredWord, ...], ...]:
            order = np.argsort(-sign * means, axis=0, kind="stable")[:ANSWERS]
            return tuple(
                tuple(
                    AnsweredWord(
                        word=words[enough[row]],
                        mean=float(means[row, unit]),
                        occurrences=int(self._counts[enough[row], 0]),
                        records=int(self._counts[enough[row], 1]),
                    )
                    for row in order[:, unit]
                    if sign * means[row, unit] > 0
                )
                for unit in range(len(scale))
            )

        return strongest(1), strongest(-1)
