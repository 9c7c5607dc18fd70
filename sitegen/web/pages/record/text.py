"""The record's two texts in their colours: the title by its words, the abstract by its sentences.

The colour of a word is its leave-one-out effect in log-odds, that of a sentence its share of the probability, or what
that changes without the sentence where shares are not known, and the page says so; a sentence's mark stands behind it.
The abstract's words can be coloured, too: by a script, from the page's data (templates/assets/text.js).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.corpus.segment import SegmentedText
from sitegen.web.pages.record.sentences import SentenceRow
from sitegen.web.text.numbers import QUIET_WORD, percent, word_strength

STOPS, STARTS = "the model reads no further", "the model reads from here on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a text as it is shown: a word of the title, a sentence of the abstract, or text between them.

    The pieces' texts, one after the other, are the text exactly.
    """

    text: str
    number: int = 0  # of the word or the sentence, from 1; 0 of what is none
    unread: bool = False  # whether the model is not given it: the title that an abstract repeats
    positive: bool = False  # whether it moves the answer toward the positive class
    quiet: bool = True  # whether its effect is too small for a colour
    strength: float = 0.0  # of the colour, 0 to 1
    symbol: str = ""  # of a sentence's mark; "" without one
    hint: str = ""  # its numbers and its mark in words
    edge: int = -1  # how many characters of it stand before the place where the model begins or stops reading; -1: none
    edge_told: str = ""  # what happens there


def title_pieces(occlusion: Occlusion, alone: ReadAlone) -> tuple[Piece, ...]:
    """The title cut at its words, nothing left out."""
    title, words = occlusion.document.title, []
    effects, said = occlusion.title_words.tolist(), probability(alone.title_words.astype(float)).tolist()
    for k, (start, end) in enumerate(title.spans.tolist()):
        without = percent(float(probability(occlusion.margin - effects[k])))
        words.append(
            Piece(
                text=title.text[start:end],
                number=k + 1,
                positive=effects[k] > 0,
                quiet=abs(effects[k]) < QUIET_WORD,
                strength=word_strength(effects[k]),
                hint=f"“{title.text[start:end]}”: alone it says {percent(said[k])}; without it {without}",
            )
        )
    return _all_of(title, title.spans.tolist(), words)


def abstract_pieces(
    abstract: SegmentedText, rows: Sequence[SentenceRow], *, read: tuple[int, int] | None = None
) -> tuple[Piece, ...]:
    """The abstract cut at its sentences, nothing left out; rows: of the sentences, in their order. read: the words
    [first, behind) that the model reads, where it does not read all."""
    spans = abstract.sentence_spans.tolist()
    sentences = [
        Piece(
            text=abstract.text[start:end],
            number=row.number,
            positive=row.positive,
            quiet=row.quiet,
            strength=row.strength,
            symbol=row.verdict.symbol,
            hint=_hint(row),
        )
        for row, (start, end) in zip(rows, spans, strict=True)
    ]
    pieces = _all_of(abstract, spans, sentences)
    return pieces if read is None else _with_edge(pieces, abstract, *read)


def _all_of(text: SegmentedText, spans: Iterable[tuple[int, int]], pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces at these spans with all that stands before, between and behind them."""
    cut, at = [], text.start
    if text.start:
        cut.append(Piece(text=text.text[: text.start], unread=True))
    for piece, (start, end) in zip(pieces, spans, strict=True):
        if start > at:
            cut.append(Piece(text=text.text[at:start]))
        cut.append(piece)
        at = end
    if at < len(text.text):
        cut.append(Piece(text=text.text[at:]))
    return tuple(cut)


def _with_edge(pieces: Sequence[Piece], abstract: SegmentedText, first: int, behind: int) -> tuple[Piece, ...]:
    """The pieces, with the place marked in one of them where the model stops reading, or begins."""
    if first:
        at, told = int(abstract.spans[first, 0]), STARTS
    else:
        at, told = int(abstract.spans[behind - 1, 1]) if behind else abstract.start, STOPS
    marked, start = list(pieces), 0
    for k, piece in enumerate(pieces):
        here = at - start
        if 0 <= here < len(piece.text) or (here == len(piece.text) and told == STOPS):
            marked[k] = replace(piece, edge=here, edge_told=told)
            break
        start += len(piece.text)
    return tuple(marked)


def _hint(row: SentenceRow) -> str:
    parts = [f"alone it says {row.alone}"]
    if row.share:
        parts.append(f"its share {row.share} points")
    parts.append(f"without it {row.without}")
    if row.verdict.symbol:
        parts.append(f"{row.verdict.symbol} {row.verdict.word}")
    return f"Sentence {row.number}: {'; '.join(parts)}"
