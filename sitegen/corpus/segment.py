"""Record -> Document: the tokens a model reads and the sentences a person sees, with their places in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sitegen.corpus.arrays import read_only


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmentation:
    """How a model directory wants text cut: it must be fed what it was trained on."""

    tokenizer: str = "words"
    splitter: str = ""
    strip_title: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentedText:
    """One field of a record (its title or its abstract), cut into tokens and sentences.

    tokens: n lower-cased tokens. spans: (n, 2) int32, each token's [start, end) in `text`, in code points.
    sentence_spans: (S, 2) int32, likewise for sentences. sentence_ends: (S,) int32, how many tokens the text has up
    to and including each sentence, strictly increasing: every sentence has at least one token, the last end is n.
    `start` is where reading begins: text before it (a title repeated in front of the abstract) is not read.
    """

    text: str
    tokens: tuple[str, ...]
    spans: np.ndarray[Any, Any]
    sentence_spans: np.ndarray[Any, Any]
    sentence_ends: np.ndarray[Any, Any]
    start: int = 0

    def __post_init__(self) -> None:
        n = len(self.tokens)
        object.__setattr__(self, "spans", read_only(self.spans, np.int32, (n, 2)))
        object.__setattr__(self, "sentence_spans", read_only(self.sentence_spans, np.int32, (-1, 2)))
        s = len(self.sentence_spans)
        object.__setattr__(self, "sentence_ends", read_only(self.sentence_ends, np.int32, (s,)))
        if n and (s == 0 or self.sentence_ends[-1] != n):
            raise ValueError("the last sentence must end with the last token")

    @property
    def sentence_ranges(self) -> list[tuple[int, int]]:
        """Each sentence as the half-open range of its token numbers."""
        ends = [int(end) for end in self.sentence_ends]
        return list(zip([0, *ends[:-1]], ends, strict=True)) if ends else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A record segmented for one model."""

    title: SegmentedText
    abstract: SegmentedText
