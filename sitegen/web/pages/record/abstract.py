"""The abstract in its colours: the colour of a sentence is the size of its share, and its mark stands behind it.

Where a record has no shares the colour is by leave-one-out, and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sitegen.corpus.segment import SegmentedText
from sitegen.web.pages.record.sentences import SentenceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the abstract as it is shown: a sentence (number >= 1), or text between sentences (number 0).

    The pieces' texts, one after the other, are the abstract exactly.
    """

    text: str
    number: int = 0
    unread: bool = False  # whether the model is not given it: the repeated title
    positive: bool = False  # whether the sentence moves the answer toward the positive class
    quiet: bool = True  # whether its effect is too small for a colour
    strength: float = 0.0  # of the colour, 0 to 1
    symbol: str = ""  # of its mark; "" without one
    hint: str = ""  # its three numbers and its mark in words


def pieces(abstract: SegmentedText, rows: Sequence[SentenceRow]) -> tuple[Piece, ...]:
    """The abstract cut at its sentences, nothing left out; rows: of the sentences, in their order."""
    cut, at = [], 0
    if abstract.start:
        cut.append(Piece(text=abstract.text[: abstract.start], unread=True))
        at = abstract.start
    for row, (start, end) in zip(rows, abstract.sentence_spans.tolist(), strict=True):
        if start > at:
            cut.append(Piece(text=abstract.text[at:start]))
        cut.append(
            Piece(
                text=abstract.text[start:end],
                number=row.number,
                positive=row.positive,
                quiet=row.quiet,
                strength=row.strength,
                symbol=row.verdict.symbol,
                hint=_hint(row),
            )
        )
        at = end
    if at < len(abstract.text):
        cut.append(Piece(text=abstract.text[at:]))
    return tuple(cut)


def _hint(row: SentenceRow) -> str:
    parts = [f"alone it says {row.alone}"]
    if row.share:
        parts.append(f"its share {row.share} points")
    parts.append(f"without it {row.without}")
    if row.verdict.symbol:
        parts.append(f"{row.verdict.symbol} {row.verdict.word}")
    return f"Sentence {row.number}: {'; '.join(parts)}"
