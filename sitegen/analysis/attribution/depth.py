"""How much is asked of a model: its depth, from the whole text alone to every word.

A network that reads words one by one answers thousands of texts a second, and is asked everything. A large one answers
a few dozen, and everything would take days. So the questions are asked in this order, each depth after all before it,
and where the time is up the rest is not asked:

    whole       the whole text
    alone       each sentence by itself, the title alone, the abstract alone, nothing
    without     the text without each sentence
    shares      Shapley values of the sentences (shapley.py)
    sentences   the prefix grid: the title cut after each word, the abstract after each sentence; the title up to each
                word alone
    words       the grid after each word of the abstract; the text without each word, and without random stretches; each
                word alone

What was not asked is NaN in all arrays, in which it would stand, and so it reads everywhere else: NaN is "not known".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from sitegen.analysis.attribution.random_spans import SPANS
from sitegen.corpus.segment import Document

Depth = Literal["whole", "alone", "without", "shares", "sentences", "words"]
DEPTHS: tuple[Depth, ...] = get_args(Depth)
ALL: Depth = "words"


def reaches(depth: Depth, needed: Depth) -> bool:
    """Whether at this depth the questions of another are asked, too."""
    return DEPTHS.index(depth) >= DEPTHS.index(needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The size of a document: words of its title and abstract, and sentences."""

    title: int
    abstract: int
    sentences: int

    @classmethod
    def of(cls, document: Document) -> Size:
        """Of a document."""
        return cls(
            title=len(document.title.tokens),
            abstract=len(document.abstract.tokens),
            sentences=len(document.abstract.sentence_ends),
        )


def texts_of(size: Size, *, pairs: int) -> dict[Depth, int]:
    """About how many texts each depth adds for a document. pairs: of orders that shares are sampled by; see
    shapley.py, which reads no more than the table of all subsets."""
    t, a, s = size.title, size.abstract, size.sentences
    orders = s * -(-pairs // s) if s else 0
    sampled = 2 * orders * max(s - 3, 0) + 2 * s + 2
    spans = min(SPANS, max(a, 1)) * s
    return {
        "whole": 1,
        "alone": s + 3,
        "without": s,
        "shares": min(sampled, 1 << min(s, 30)),
        "sentences": max(t, 1) * max(s, 1) + t,
        "words": max(t, 1) * max(a, 1) - max(t, 1) * max(s, 1) + 2 * (t + a) + spans,
    }


def nothing(n: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """As many answers that are not known, (n,)."""
    return np.full(n, np.nan, dtype=np.float32)
