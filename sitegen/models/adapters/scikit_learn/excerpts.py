"""The words of excerpts, without cutting each excerpt into words anew.

A field's text is cut once into *runs*, stretches without blanks, and these into words (`FieldWords`). An excerpt is
most of these runs as they are, and some that are new, since where something was taken out two runs may lose a part or
grow together ("(again)" without its word is "()", "to queue." is "to."). `removed_with` and the joining rule of
corpus/excerpt.py say what is left around each hidden stretch; `_Gap` has it as runs, remembered for each stretch, for
the same ones are hidden over and over. Where stretches are so near that one changes what the other joins, the
excerpt's string is cut into runs instead, which is always right.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from re import compile as pattern_of

import numpy as np

from sitegen.corpus.arrays import Array
from sitegen.corpus.excerpt import Excerpt, is_one_word, removed_with, stretch_of
from sitegen.corpus.segment import SegmentedText

_RUN = pattern_of(r"\S+")
_POOL = 50_000  # words at which a field's pool is begun anew


class Words:
    """Numbers for words, and the words of each run of characters that was met, as numbers."""

    def __init__(self, cut: Callable[[str], list[str]]) -> None:
        self._cut = cut
        self._numbers: dict[str, int] = {}
        self._of_run: dict[str, tuple[int, ...]] = {}
        self.names: list[str] = []

    def of_run(self, run: str) -> tuple[int, ...]:
        """The words of one run. Raises ValueError for a pattern that finds empty words."""
        known = self._of_run.get(run)
        if known is None:
            known = self._of_run[run] = tuple(self._number(word) for word in self._cut(run))
        return known

    def of_text(self, text: str) -> list[int]:
        """The words of a whole text."""
        return [word for run in text.split() for word in self.of_run(run)]

    def _number(self, word: str) -> int:
        if not word:
            raise ValueError("the pattern finds empty words")
        number = self._numbers.setdefault(word, len(self.names))
        if number == len(self.names):
            self.names.append(word)
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """What a hidden stretch leaves: the runs before `before` stay, and those from `behind` on; between them stand the
    words first..last of the pool."""

    before: int
    behind: int
    first: int
    last: int


class FieldWords:
    """One field's words, and those of excerpts of it. `pool` are all words that excerpts are put together from: first
    the field's own, run by run, then those of runs that came about by hiding something."""

    def __init__(self, field: SegmentedText, words: Words) -> None:
        self.field, self._words = field, words
        self._text = field.text
        matches = list(_RUN.finditer(self._text, field.start))
        self._starts = [match.start() for match in matches]
        self._ends = [match.end() for match in matches]
        self.pool: list[int] = []
        self._places = [0]  # in the pool, where each run's words begin
        for match in matches:
            self.pool += words.of_run(match.group())
            self._places.append(len(self.pool))
        self._gaps: dict[tuple[int, int], _Gap] = {}

    def of_excerpts(self, excerpts: Sequence[Excerpt]) -> tuple[Array, Array]:
        """The words of all excerpts, one after the other, and where those of each end, (n,)."""
        if len(self.pool) > _POOL + self._places[-1]:
            del self.pool[self._places[-1] :]
            self._gaps.clear()
        begins, ends, counts = list[int](), list[int](), list[int]()
        hidden = [k for k, one in enumerate(excerpts) if one.stand_in is None and stretch_of(one) is None]
        runs = self._hidden_runs([excerpts[k] for k in hidden])
        of_hidden = dict(zip(hidden, runs, strict=True))
        for number, excerpt in enumerate(excerpts):
            segments = None
            if number in of_hidden:
                segments = self._around(of_hidden[number])
            elif excerpt.stand_in is None or excerpt.kept.all():
                stretch = stretch_of(excerpt)
                segments = self._within(*stretch) if stretch is not None else None
            if segments is None:
                segments = [self._added(self._words.of_text(excerpt.text))]
            for begin, end in segments:
                begins.append(begin)
                ends.append(end)
            counts.append(len(segments))
        starts, stops = np.array(begins, dtype=np.intp), np.array(ends, dtype=np.intp)
        lengths = stops - starts
        behind = np.cumsum(lengths)
        places = np.repeat(starts - behind + lengths, lengths) + np.arange(int(lengths.sum()))
        words: Array = np.array(self.pool, dtype=np.intp)[places]
        row_ends: Array = np.append(0, behind)[np.cumsum(counts)] if counts else np.zeros(0, dtype=np.intp)
        return words, row_ends

    def _hidden_runs(self, excerpts: Sequence[Excerpt]) -> list[list[tuple[int, int]]]:
        """The runs of hidden tokens of each excerpt, as half-open ranges."""
        if not excerpts:
            return []
        kept = np.ones((len(excerpts), len(self.field.tokens) + 2), dtype=np.int8)
        for row, excerpt in zip(kept, excerpts, strict=True):
            row[1:-1] = excerpt.kept
        rows, places = np.nonzero(np.diff(kept, axis=1))
        runs: list[list[tuple[int, int]]] = [[] for _ in excerpts]
        for row, first, behind in zip(rows[::2].tolist(), places[::2].tolist(), places[1::2].tolist(), strict=True):
            runs[row].append((first, behind))
        return runs

    def _around(self, hidden: Sequence[tuple[int, int]]) -> list[tuple[int, int]] | None:
        """The stretches of the pool that are left; None where gaps meddle with each other."""
        segments, at = list[tuple[int, int]](), 0
        for stretch in hidden:
            gap = self._gaps.get(stretch)
            if gap is None:
                gap = self._gaps[stretch] = self._gap(*removed_with(self.field, *stretch))
            if gap.before < at:
                return None
            segments.append((self._places[at], self._places[gap.before]))
            if gap.last > gap.first:
                segments.append((gap.first, gap.last))
            at = gap.behind
        segments.append((self._places[at], self._places[-1]))
        return segments

    def _gap(self, start: int, end: int) -> _Gap:
        """What is left around the hidden text[start:end]; see `_joined` of corpus/excerpt.py."""
        text, starts, ends = self._text, self._starts, self._ends
        left, right = bisect_left(starts, start) - 1, bisect_right(ends, end)
        has_left, has_right = left >= 0, right < len(starts)
        before = text[starts[left] : min(ends[left], start)] if has_left else ""
        behind = text[max(starts[right], end) : ends[right]] if has_right else ""
        left_whole, right_whole = has_left and ends[left] <= start, has_right and starts[right] >= end
        apart = True
        if before and behind:
            blanks = ends[left] < start and starts[right] > end
            apart = blanks or is_one_word(before, behind)
        made: list[str] = []
        if not apart:
            made, left_whole, right_whole = [before + behind], False, False
        else:
            made += [before] if has_left and not left_whole else []
            made += [behind] if has_right and not right_whole else []
        first, last = self._added([word for run in made for word in self._words.of_run(run)])
        return _Gap(
            before=left + 1 if left_whole or not has_left else left,
            behind=right if right_whole or not has_right else right + 1,
            first=first,
            last=last,
        )

    def _within(self, start: int, end: int) -> list[tuple[int, int]]:
        """The words of text[start:end]."""
        first, behind = bisect_left(self._starts, start), bisect_right(self._ends, end)
        if first > behind:  # within one run
            return [self._added(self._words.of_text(self._text[start:end]))]
        segments = []
        if first and self._ends[first - 1] > start:
            segments.append(self._added(list(self._words.of_run(self._text[start : self._ends[first - 1]]))))
        segments.append((self._places[first], self._places[behind]))
        if behind < len(self._starts) and self._starts[behind] < end:
            segments.append(self._added(list(self._words.of_run(self._text[self._starts[behind] : end]))))
        return segments

    def _added(self, words: Sequence[int]) -> tuple[int, int]:
        first = len(self.pool)
        self.pool += words
        return first, len(self.pool)
