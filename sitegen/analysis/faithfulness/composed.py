"""Abstracts that nobody wrote, put together from sentences of others: what the checks with a known answer are made of.

A *piece* is a stretch of tokens that stands as one sentence in a text, with what it says alone; that does not change
with the text around it. Neutral sentences are pieces, too, each as one, however a model would cut it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sitegen.analysis.attribution.read_alone import excerpts_alone
from sitegen.analysis.faithfulness.measures import Measured
from sitegen.corpus.arrays import Array
from sitegen.corpus.excerpt import cut_out
from sitegen.corpus.segment import Document, SegmentedText, segment
from sitegen.models.probabilities import predicted
from sitegen.models.protocol import Classifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One sentence of a text: its tokens first..behind - 1, its characters start..end - 1, and its margin read
    alone."""

    source: SegmentedText
    first: int
    behind: int
    start: int
    end: int
    alone: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The records whose sentences may be used. by_class: those that the model gets right and that have sentences, of
    the negative class and of the positive. misread: how many it gets wrong."""

    by_class: tuple[tuple[Measured, ...], tuple[Measured, ...]]
    misread: int

    @property
    def counts(self) -> tuple[int, int]:
        """How many records of the negative class, and of the positive."""
        negative, positive = self.by_class
        return len(negative), len(positive)


def sources(records: Sequence[Measured], labels: Sequence[int | None], *, threshold: float) -> Sources:
    """The records by their class: the label where there is one, else what the model predicts.

    Records that the model gets wrong are left out: their sentences need not speak for the class they stand under.
    """
    by_class: tuple[list[Measured], list[Measured]] = ([], [])
    misread = 0
    for record, label in zip(records, labels, strict=True):
        answer = int(predicted(record.occlusion.margin, threshold))
        if label is not None and label != answer:
            misread += 1
        elif record.occlusion.sentences.size:
            by_class[answer].append(record)
    return Sources(by_class=(tuple(by_class[0]), tuple(by_class[1])), misread=misread)


def pieces(record: Measured) -> list[Piece]:
    """The sentences of a record's abstract."""
    text = record.occlusion.document.abstract
    places = zip(text.sentence_ranges, text.sentence_spans.tolist(), record.alone.tolist(), strict=True)
    return [
        Piece(source=text, first=first, behind=behind, start=start, end=end, alone=alone)
        for (first, behind), (start, end), alone in places
    ]


def neutral_pieces(neutral: Sequence[str], classifier: Classifier) -> list[Piece]:
    """Each neutral sentence that has a token, as one piece."""
    texts = [segment("", sentence, classifier.segmentation).abstract for sentence in neutral]
    texts = [text for text in texts if text.tokens]
    known = [classifier.known(text.tokens).any() for text in texts]
    read = [cut_out(text, 0, len(text.tokens) if some else 0) for text, some in zip(texts, known, strict=True)]
    return [
        Piece(
            source=text,
            first=0,
            behind=len(text.tokens),
            start=int(text.sentence_spans[0, 0]),
            end=int(text.sentence_spans[-1, 1]),
            alone=alone,
        )
        for text, alone in zip(texts, excerpts_alone(read, classifier).tolist(), strict=True)
    ]


def zero_alone(neutral: Sequence[Piece], classifier: Classifier) -> float:
    """What stands for nothing said where sentences are read alone: the median of the neutral ones, or what the model
    says to an empty text where there are none."""
    if neutral:
        return float(np.median([piece.alone for piece in neutral]))
    return float(excerpts_alone([cut_out(joined([]), 0, 0)], classifier)[0])


def joined(sentences: Sequence[Piece]) -> SegmentedText:
    """Pieces of other texts as one text, a blank between them."""
    tokens: list[str] = []
    spans = [np.zeros((0, 2), dtype=np.int32)]
    starts = np.cumsum([0, *(piece.end - piece.start + 1 for piece in sentences)])
    for piece, at in zip(sentences, starts[:-1].tolist(), strict=True):
        tokens += piece.source.tokens[piece.first : piece.behind]
        spans.append(piece.source.spans[piece.first : piece.behind] - piece.start + at)
    return SegmentedText(
        text=" ".join(piece.source.text[piece.start : piece.end] for piece in sentences),
        tokens=tuple(tokens),
        spans=np.concatenate(spans),
        sentence_spans=np.array([(a, b - 1) for a, b in pairwise(starts)], dtype=np.int32).reshape(-1, 2),
        sentence_ends=_ends(sentences),
    )


def document(title: SegmentedText, sentences: Sequence[Piece]) -> Document:
    """A record of this title whose abstract is these sentences."""
    return Document(title=title, abstract=joined(sentences))


def _ends(sentences: Sequence[Piece]) -> Array:
    ends: Array = np.cumsum([piece.behind - piece.first for piece in sentences]).astype(np.int32)
    return ends
