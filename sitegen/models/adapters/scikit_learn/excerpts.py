"""The words of excerpts, without cutting each excerpt into words anew.

A field's text is cut once into *runs*, stretches without blanks, and these into words (`FieldWords`). An excerpt is
most of these runs as they are, and some that are new, since where something was taken out two runs may lose a part or
grow together ("(again)" without its word is "()", "to queue." is "to."). `Removal` and the joining rule of
corpus/excerpt.py say what is left around each hidden stretch; a `Gap` has it as runs, remembered for each stretch, for
the same ones are hidden over and over. Where stretches are so near that one changes what the other joins, the
excerpt's string is cut into runs instead, which is always right.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from re import compile as pattern_of

import numpy as np

from sitegen.corpus.arrays import Array
from sitegen.corpus.excerpt import Excerpt, Removal, is_one_word, stretch_of
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


Gap = tuple[int, int, int, int]
"""What a hidden stretch leaves, (before, behind, first, last): the runs before `before` stay, and those from `behind`
on; between them stand the words first..last - 1 of the pool."""


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
        self._gaps: dict[tuple[int, int], Gap] = {}
        self._removal = Removal(field)

    def of_excerpts(self, excerpts: Sequence[Excerpt]) -> tuple[Array, Array, Array]:
        """The words of all excerpts.

        They are given as places in the pool, text after text; where those of each text end, (n,); and which of these
        texts each excerpt is, (n,).
        """
        if len(self.pool) > _POOL + self._places[-1]:
            del self.pool[self._places[-1] :]
            self._gaps.clear()
        hidden = [k for k, one in enumerate(excerpts) if one.piece is None and one.stand_in is None and not one.cut]
        others = sorted(set(range(len(excerpts))) - set(hidden))
        starts, stops, counts = self._with_gaps([excerpts[k] for k in hidden])
        more = [self._within(excerpts[k]) for k in others]
        starts = np.concatenate([starts, [begin for segments in more for begin, _ in segments]]).astype(np.intp)
        stops = np.concatenate([stops, [end for segments in more for _, end in segments]]).astype(np.intp)
        counts = np.concatenate([counts, [len(segments) for segments in more]]).astype(np.intp)
        lengths = stops - starts
        behind = np.cumsum(lengths)
        places: Array = np.repeat(starts - behind + lengths, lengths) + np.arange(int(lengths.sum()))
        ends: Array = np.append(0, behind)[np.cumsum(counts)]
        numbers: Array = np.empty(len(excerpts), dtype=np.intp)
        numbers[[*hidden, *others]] = np.arange(len(excerpts))
        return places, ends, numbers

    def _with_gaps(self, excerpts: Sequence[Excerpt]) -> tuple[Array, Array, Array]:
        """The segments of the pool that excerpts with hidden words are made of: where each begins and ends, and how
        many each excerpt has: one before and one within each gap, and one behind the last."""
        tokens = len(self.field.tokens)
        kept = np.ones((len(excerpts), tokens + 2), dtype=np.int8)
        for row, excerpt in zip(kept, excerpts, strict=True):
            row[1:-1] = excerpt.kept
        changed, places = np.nonzero(np.diff(kept, axis=1))
        rows = changed[::2]
        distinct, which = np.unique(places[::2] * (tokens + 1) + places[1::2], return_inverse=True)
        gaps = np.array([self._gap_of(*divmod(code, tokens + 1)) for code in distinct.tolist()], dtype=np.intp)
        before, behind, first, last = gaps.reshape(-1, 4)[which.reshape(-1)].T
        per_row = np.bincount(rows, minlength=len(excerpts))
        offsets = np.cumsum(2 * per_row + 1) - 2 * per_row - 1
        at = np.append(0, behind)[:-1]
        at[(np.cumsum(per_row) - per_row)[per_row > 0]] = 0
        meddling = np.zeros(len(excerpts), dtype=bool)
        meddling[rows[before < at]] = True
        starts, stops = np.zeros((2, int((2 * per_row + 1).sum())), dtype=np.intp)
        within = np.arange(len(rows)) - (np.cumsum(per_row) - per_row)[rows]
        place, fine = offsets[rows] + 2 * within, ~meddling[rows]
        of_run = np.array(self._places)
        starts[place[fine]], stops[place[fine]] = of_run[at[fine]], of_run[before[fine]]
        starts[place[fine] + 1], stops[place[fine] + 1] = first[fine], last[fine]
        tail = np.zeros(len(excerpts), dtype=np.intp)
        tail[rows] = behind  # of each row's last gap
        starts[offsets + 2 * per_row], stops[offsets + 2 * per_row] = of_run[tail], of_run[-1]
        for number in map(int, np.flatnonzero(meddling)):
            end = offsets[number] + 2 * per_row[number]
            starts[end], stops[end] = self._added(self._words.of_text(excerpts[number].text))
        return starts, stops, 2 * per_row + 1

    def _gap_of(self, first: int, behind: int) -> Gap:
        """What is left around a run of hidden tokens."""
        gap = self._gaps.get((first, behind))
        if gap is None:
            gap = self._gaps[first, behind] = self._gap(*self._removal.stretch(first, behind))
        return gap

    def _gap(self, start: int, end: int) -> Gap:
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
        stays_left, stays_right = left_whole or not has_left, right_whole or not has_right
        return left + 1 if stays_left else left, right if stays_right else right + 1, first, last

    def _within(self, excerpt: Excerpt) -> list[tuple[int, int]]:
        """The segments of the pool that an excerpt is made of which is one stretch of the text, or has stand-ins."""
        stretch = stretch_of(excerpt)
        if stretch is None:
            return [self._added(self._words.of_text(excerpt.text))]
        start, end = stretch
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
