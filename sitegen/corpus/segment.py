"""Record -> Document: the tokens a model reads and the sentences a person sees, with their places in the text.

Nothing is rewritten: every token and every sentence is a half-open range of code points of the text as it was
given, so that a page can mark them in what the author wrote. Tokens are found by `tokens.py`, sentences by
`sentences.py`, which also says why that library was chosen. This module joins the two by three rules:

- A title is one sentence, whatever stops it has.
- Some databases export an abstract with its title in front. Where `strip_title` is set, the model is given such an
  abstract without it. The text and the places stay those of the whole abstract.
- Each sentence has at least one token. A piece without any ("* * *") joins the sentence before it; where there is none
  before it, the sentence after it. A text without tokens has no sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sitegen.corpus.arrays import read_only
from sitegen.corpus.sentences import Span, splitter, splitter_names, trimmed
from sitegen.corpus.texts import title_end
from sitegen.corpus.tokens import Tokenizer, tokenizer, tokenizer_names

__all__ = [
    "NO_TEXT",
    "Document",
    "Segmentation",
    "SegmentedText",
    "segment",
    "splitter_names",
    "tokenizer_names",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmentation:
    """How a model's texts are cut, as its directory says: a model must be given what it was trained on.

    tokenizer, splitter: names from tokens.py and sentences.py. strip_title: whether a title in front of the abstract is
    left out. own: the tokenizer of a model that says itself what its words are, [start, end) of each in a text; it goes
    before the one that is named.
    """

    tokenizer: str = "words"
    splitter: str = "nupunkt"
    strip_title: bool = True
    own: Callable[[str], Sequence[Span]] | None = None

    def tokenize(self) -> Tokenizer:
        """The tokenizer; ModelError as `tokenizer` raises it."""
        own = self.own
        if own is None:
            return tokenizer(self.tokenizer)
        return lambda text, start, end: [(start + a, start + b) for a, b in own(text[start:end])]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentedText:
    """One field of a record (its title or its abstract), cut into tokens and sentences.

    tokens: n lower-cased tokens. spans: (n, 2) int32, each token's [start, end) in `text`, in code points.
    sentence_spans: (S, 2) int32, likewise for sentences. sentence_ends: (S,) int32, how many tokens the text has up
    to and including each sentence, strictly increasing: every sentence has at least one token, the last end is n.
    start: where the part that the model is given begins, in code points; before it stands a repeated title.
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


NO_TEXT = SegmentedText(
    text="",
    tokens=(),
    spans=np.zeros((0, 2), dtype=np.int32),
    sentence_spans=np.zeros((0, 2), dtype=np.int32),
    sentence_ends=np.zeros(0, dtype=np.int32),
)
"""A field in which nothing stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A record segmented for one model."""

    title: SegmentedText
    abstract: SegmentedText


def segment(title: str, abstract: str, segmentation: Segmentation) -> Document:
    """Cut a record's two texts as the model wants them.

    Raises ModelError where the tokenizer or the splitter is unknown, or its library is not installed.
    """
    split, tokenize = splitter(segmentation.splitter), segmentation.tokenize()
    start = title_end(title, abstract) if segmentation.strip_title else 0
    whole = trimmed(title, 0, len(title))
    return Document(
        title=_segmented(title, [whole], tokenize=tokenize),
        abstract=_segmented(
            abstract,
            split(abstract, start, len(abstract)),
            tokenize=tokenize,
            start=start,
        ),
    )


def _segmented(text: str, sentences: list[Span], *, tokenize: Tokenizer, start: int = 0) -> SegmentedText:
    """A field cut into its sentences; a sentence without a token is joined to a neighbour."""
    spans: list[Span] = []
    kept: list[Span] = []
    ends: list[int] = []
    waiting: int | None = None
    for begin, end in sentences:
        tokens = tokenize(text, begin, end)
        if tokens:
            spans += tokens
            kept.append((begin if waiting is None else waiting, end))
            ends.append(len(spans))
            waiting = None
        elif kept:
            kept[-1] = (kept[-1][0], end)
        elif waiting is None:
            waiting = begin
    return SegmentedText(
        text=text,
        tokens=tuple(text[a:b].lower() for a, b in spans),
        spans=np.array(spans, dtype=np.int32).reshape(-1, 2),
        sentence_spans=np.array(kept, dtype=np.int32).reshape(-1, 2),
        sentence_ends=np.array(ends, dtype=np.int32),
        start=start,
    )
