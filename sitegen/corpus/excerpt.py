"""A field of a record with something left out, as tokens and as the string that is left.

Models are given many texts that nobody wrote: an abstract without a sentence, a title cut after a word. A model that
reads tokens needs to know which tokens are left. A model that is given whole strings needs more: capitals, punctuation
and white space, which no list of lower-cased tokens has. An `Excerpt` serves both. It is a sequence of tokens, and
`text` is the same excerpt as a string, made when somebody wants it:

- *whole*: the field as it was written, from where reading begins (`SegmentedText.start`).
- *cut after a token*: all that was written up to the end of that token; up to the end of its sentence, full stop
  included, where it is the sentence's last.
- *tokens hidden*: each run of hidden tokens goes with all that was written between them, and a sentence all of whose
  tokens are hidden goes with its punctuation. Other punctuation stays. With the hidden goes the white space before it
  ("a b, c" without b is "a, c"), where there is none that behind it, but two words are never joined into one. What
  is left at the beginning or the end of the text begins or ends without white space.
- *cut out*: a stretch of tokens by itself, from its first character to its last; a whole sentence with all of its
  punctuation.
- *tokens replaced*: the stand-in takes the place of each hidden token, and all else stays as it was written.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np

from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import SegmentedText
from sitegen.corpus.sentences import Span


class Excerpt(Sequence[str]):
    """The rest of a field when something is left out: a sequence of tokens that can be a string.

    field: what it was made of. kept: (n,) bool, which of the field's tokens are left. cut: whether the others were cut
    off at the end rather than hidden. stand_in: what replaces each hidden token, None where it is deleted. piece: the
    stretch of the field's text that it is, where it was cut out.
    """

    __slots__ = ("_text", "_tokens", "cut", "field", "kept", "piece", "stand_in")

    def __init__(
        self,
        field: SegmentedText,
        tokens: Sequence[str],
        *,
        kept: Array,
        cut: bool = False,
        stand_in: str | None = None,
        piece: Span | None = None,
    ) -> None:
        """tokens: what a model over tokens is given, stand-ins included; it may lack tokens that the model skips."""
        self.field, self.kept, self.cut, self.stand_in, self.piece = field, kept, cut, stand_in, piece
        self._tokens = tokens
        self._text: str | None = None

    def __len__(self) -> int:
        return len(self._tokens)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tokens)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        return self._tokens[place]

    @property
    def text(self) -> str:
        """The excerpt as a string; see the module's docstring."""
        if self._text is None:
            self._text = _written(self)
        return self._text


def uncut(field: SegmentedText) -> Excerpt:
    """A field as it was written."""
    return Excerpt(field, field.tokens, kept=np.ones(len(field.tokens), dtype=bool))


def cut_after(field: SegmentedText, count: int) -> Excerpt:
    """The first `count` tokens of a field and what was written before and between them."""
    return Excerpt(field, field.tokens[:count], kept=np.arange(len(field.tokens)) < count, cut=True)


def cut_out(field: SegmentedText, first: int, behind: int) -> Excerpt:
    """The tokens first..behind - 1 of a field by themselves; none of them is an empty text."""
    kept = np.zeros(len(field.tokens), dtype=bool)
    kept[first:behind] = True
    start = end = 0
    if behind > first:
        start, end = int(field.spans[first, 0]), int(field.spans[behind - 1, 1])
        opening, closing = (int(k) for k in np.searchsorted(field.sentence_ends, [first, behind - 1], side="right"))
        if first == (field.sentence_ends[opening - 1] if opening else 0) and behind == field.sentence_ends[closing]:
            start, end = int(field.sentence_spans[opening, 0]), int(field.sentence_spans[closing, 1])
    return Excerpt(field, field.tokens[first:behind], kept=kept, piece=(start, end))


def stretch_of(excerpt: Excerpt) -> Span | None:
    """The one stretch of its field's text that an excerpt is; None where something within is hidden."""
    field = excerpt.field
    if excerpt.piece is not None:
        return excerpt.piece
    if excerpt.kept.all():
        return field.start, len(field.text)
    return (field.start, _end(field, int(excerpt.kept.sum()))) if excerpt.cut else None


def _hidden_runs(kept: Array) -> list[tuple[int, int]]:
    """The runs of hidden tokens, each as a half-open range."""
    changes = np.flatnonzero(np.diff(np.concatenate([[True], kept, [True]])))
    return [(first, behind) for first, behind in changes.reshape(-1, 2).tolist()]


def _written(excerpt: Excerpt) -> str:
    field, stretch = excerpt.field, stretch_of(excerpt)
    if stretch is not None:
        return field.text[slice(*stretch)]
    if excerpt.stand_in is None:
        removal = Removal(field)
        removed = [removal.stretch(first, behind) for first, behind in _hidden_runs(excerpt.kept)]
        return _joined(_around(field, removed))
    hidden: list[Span] = [(a, b) for a, b in field.spans[~excerpt.kept].tolist()]
    return excerpt.stand_in.join(_around(field, hidden))


def _end(field: SegmentedText, count: int) -> int:
    """Where the text ends that is cut after so many tokens."""
    if not count:
        return field.start
    sentence = int(np.searchsorted(field.sentence_ends, count))
    last = field.sentence_ends[sentence] == count
    return int(field.sentence_spans[sentence, 1] if last else field.spans[count - 1, 1])


class Removal:
    """The stretch of a field's text that goes with each run of hidden tokens."""

    def __init__(self, field: SegmentedText) -> None:
        self._spans, self._sentences = field.spans.tolist(), field.sentence_spans.tolist()
        self._ends = field.sentence_ends.tolist()
        self._starts = [0, *self._ends[:-1]]

    def stretch(self, first: int, behind: int) -> Span:
        """Of the tokens first..behind - 1."""
        starts, ends = self._starts, self._ends
        start, end = self._spans[first][0], self._spans[behind - 1][1]
        opening, closing = bisect_left(starts, first), bisect_left(ends, behind)
        if opening < len(starts) and starts[opening] == first and ends[opening] <= behind:
            start = self._sentences[opening][0]
        if ends[closing] == behind and starts[closing] >= first:
            end = self._sentences[closing][1]
        return start, end


def _around(field: SegmentedText, stretches: Sequence[Span]) -> list[str]:
    """The text before, between and after stretches of it."""
    starts = [field.start, *(end for _, end in stretches)]
    ends = [*(start for start, _ in stretches), len(field.text)]
    return [field.text[start:end] for start, end in zip(starts, ends, strict=True)]


def _joined(pieces: Sequence[str]) -> str:
    """The pieces around hidden stretches as one text; there is one piece more than stretches."""
    whole = pieces[0]
    for piece in pieces[1:]:
        before, behind = whole.rstrip(), piece.lstrip()
        if not before or not behind:
            whole = before or behind
        elif before != whole:
            whole = whole + piece if is_one_word(before, piece) else before + piece
        elif behind != piece:
            whole = whole + piece if is_one_word(whole, behind) else whole + behind
        else:
            whole = f"{whole} {piece}" if is_one_word(whole, piece) else whole + piece
    return whole


def is_one_word(before: str, behind: str) -> bool:
    """Whether the two would be read as one word if nothing stood between them."""
    return before[-1].isalnum() and behind[0].isalnum()
