"""Document + classifier -> Occlusion: what a model makes of a text as it grows, and of the text with a piece missing.

Two questions are asked of every record, and both answers are margins (log-odds of the positive class):

*prefix grid*   z[i, j], the title cut after token i and the abstract after token j. Rows and columns count every
                token, known or not; after a token that the model skips the value is that of the column before.
                Sentence columns are the token columns at sentence ends.
*leave-one-out* D = z(whole) - z(whole without the segment): signed, positive pushes toward the positive class. The
                rest is re-joined (baseline "deleted"), for every sentence of the abstract and every token of both
                fields.

An additive classifier (margin = title part + abstract part + bias) is asked about one field at a time: T + A
encodings instead of T x A, and the grid is kept as its two vectors. Any other classifier gets the full grid, in
batches; cells that differ in skipped tokens alone are evaluated once.

Probabilities are never stored: p = 1 / (1 + exp(-z)) is the softmax of two logits whose difference is z.

After Zeiler and Fergus (2014), "Visualizing and understanding convolutional networks", section 4.2, and Li, Monroe
and Jurafsky (2016), "Understanding neural networks through representation erasure", here with deletion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from sitegen.corpus.arrays import Array, read_only
from sitegen.corpus.segment import Document
from sitegen.models.classifier import AdditiveClassifier, Classifier, Range, Tokens, probability

__all__ = ["AdditiveGrid", "FullGrid", "Occlusion", "PrefixGrid", "occlude", "probability"]

Margins = Float[np.ndarray, "..."]
CELLS_PER_CALL = 4096  # cells of a full grid handed to a classifier at once: bounds memory, not results


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditiveGrid:
    """A prefix grid as its two margin vectors: title (T,), abstract (A,) and bias, T, A >= 1, in log-odds."""

    title: Array
    abstract: Array
    bias: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", read_only(self.title, np.float32, (-1,)))
        object.__setattr__(self, "abstract", read_only(self.abstract, np.float32, (-1,)))
        if not (self.title.size and self.abstract.size):
            raise ValueError("an empty text has one empty prefix: T and A are at least 1")

    @property
    def shape(self) -> tuple[int, int]:
        """(T, A)."""
        return (self.title.size, self.abstract.size)

    @property
    def margins(self) -> Float[np.ndarray, "T A"]:
        """All cells, in log-odds."""
        cells: Array = self.title[:, None].astype(np.float64) + self.abstract[None, :] + self.bias
        return cells


@dataclass(frozen=True, slots=True, kw_only=True)
class FullGrid:
    """A prefix grid cell by cell: margins (T, A), T, A >= 1, in log-odds."""

    margins: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "margins", read_only(self.margins, np.float32, (-1, -1)))
        if not self.margins.size:
            raise ValueError("an empty text has one empty prefix: T and A are at least 1")

    @property
    def shape(self) -> tuple[int, int]:
        """(T, A)."""
        return (self.margins.shape[0], self.margins.shape[1])


PrefixGrid = AdditiveGrid | FullGrid


@dataclass(frozen=True, slots=True, kw_only=True)
class Occlusion:
    """What one model makes of one document.

    title_known (n,), abstract_known (m,): which tokens the model reads. margin: of the whole record, in log-odds;
    the grid's last cell. sentences (S,), title_words (n,), abstract_words (m,): leave-one-out effects in log-odds.
    """

    document: Document
    title_known: Array
    abstract_known: Array
    margin: float
    grid: PrefixGrid
    sentences: Array
    title_words: Array
    abstract_words: Array

    def __post_init__(self) -> None:
        n, m = len(self.document.title.tokens), len(self.document.abstract.tokens)
        s = len(self.document.abstract.sentence_ends)
        for name, dtype, shape in (
            ("title_known", np.bool_, (n,)),
            ("abstract_known", np.bool_, (m,)),
            ("sentences", np.float32, (s,)),
            ("title_words", np.float32, (n,)),
            ("abstract_words", np.float32, (m,)),
        ):
            object.__setattr__(self, name, read_only(getattr(self, name), dtype, shape))
        if self.grid.shape != (max(n, 1), max(m, 1)):
            raise ValueError(f"the grid is {self.grid.shape}, the texts have {n} and {m} tokens")

    @property
    def probability(self) -> float:
        """Probability of the positive class for the whole record."""
        return float(probability(self.margin))

    def change(self, effects: Margins) -> Margins:
        """Leave-one-out effects (log-odds) as changes of this record's probability, p(whole) - p(without)."""
        changes: Array = self.probability - probability(self.margin - np.asarray(effects, np.float64))
        return changes


def occlude(
    documents: Sequence[Document],
    classifier: Classifier,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Occlusion]:
    """The Occlusion of every document, in order; `progress` is told how many documents were finished.

    Results do not depend on which documents are given together (float32: up to about 2e-7).
    """
    if classifier.additive:
        assert isinstance(classifier, AdditiveClassifier)
        results = _additive(documents, classifier)
        progress(len(documents))
        return results
    results = []
    for document in documents:
        results.append(_full(document, classifier))
        progress(1)
    return results


def _singles(tokens: Tokens) -> list[Range]:
    return [(k, k + 1) for k in range(len(tokens))]


def _effects(
    whole: float, without: Margins, ranges: Sequence[Range], known: Bool[np.ndarray, " n"]
) -> Float[np.ndarray, " r"]:
    """whole - without for each range; exactly 0 where all that was deleted is skipped by the model anyway."""
    read = np.array([known[start:end].any() for start, end in ranges], dtype=bool)
    effects: Array = np.where(read, whole - without, 0.0)
    return effects


def _additive(documents: Sequence[Document], classifier: AdditiveClassifier) -> list[Occlusion]:
    titles = [document.title.tokens for document in documents]
    abstracts = [document.abstract.tokens for document in documents]
    title_ranges = [_singles(title) for title in titles]
    abstract_ranges = [
        [*document.abstract.sentence_ranges, *_singles(document.abstract.tokens)] for document in documents
    ]
    title_parts = classifier.prefix_parts("title", titles)
    abstract_parts = classifier.prefix_parts("abstract", abstracts)
    title_without = classifier.without_parts("title", titles, title_ranges)
    abstract_without = classifier.without_parts("abstract", abstracts, abstract_ranges)
    results = []
    for k, document in enumerate(documents):
        title, abstract, count = title_parts[k], abstract_parts[k], len(document.abstract.sentence_ends)
        title_known, abstract_known = classifier.known(titles[k]), classifier.known(abstracts[k])
        effects = _effects(abstract[-1], abstract_without[k], abstract_ranges[k], abstract_known)
        results.append(
            Occlusion(
                document=document,
                title_known=title_known,
                abstract_known=abstract_known,
                margin=float(title[-1] + abstract[-1] + classifier.bias),
                grid=AdditiveGrid(title=title, abstract=abstract, bias=classifier.bias),
                sentences=effects[:count],
                title_words=_effects(title[-1], title_without[k], title_ranges[k], title_known),
                abstract_words=effects[count:],
            )
        )
    return results


def _full(document: Document, classifier: Classifier) -> Occlusion:
    title, abstract = document.title.tokens, document.abstract.tokens
    title_known, abstract_known = classifier.known(title), classifier.known(abstract)
    rows, row_of = _distinct_prefixes(title_known)
    columns, column_of = _distinct_prefixes(abstract_known)
    cells = _margins(classifier, ((title[:i], abstract[:j]) for i in rows for j in columns))
    grid = cells.reshape(len(rows), len(columns))[np.ix_(row_of, column_of)]
    ranges, title_ranges = [*document.abstract.sentence_ranges, *_singles(abstract)], _singles(title)
    shortened: list[tuple[Tokens, Tokens]] = [(title, abstract[:a] + abstract[b:]) for a, b in ranges]
    shortened += [(title[:a] + title[b:], abstract) for a, b in title_ranges]
    margin = float(grid[-1, -1])
    without = _margins(classifier, iter(shortened))
    effects = _effects(margin, without[: len(ranges)], ranges, abstract_known)
    count = len(document.abstract.sentence_ends)
    return Occlusion(
        document=document,
        title_known=title_known,
        abstract_known=abstract_known,
        margin=margin,
        grid=FullGrid(margins=grid),
        sentences=effects[:count],
        title_words=_effects(margin, without[len(ranges) :], title_ranges, title_known),
        abstract_words=effects[count:],
    )


def _distinct_prefixes(known: Bool[np.ndarray, " n"]) -> tuple[list[int], list[int]]:
    """Prefix lengths the model can tell apart, and for each of the max(n, 1) prefixes which of them it equals."""
    if not known.size:
        return [0], [0]
    starts = known.copy()
    starts[0] = True  # the first prefix counts even if the model reads nothing of it
    return [int(k) + 1 for k in np.flatnonzero(starts)], [int(k) for k in np.cumsum(starts) - 1]


def _margins(classifier: Classifier, pairs: Iterator[tuple[Tokens, Tokens]]) -> Float[np.ndarray, " n"]:
    """The margins of (title, abstract) pairs, at most CELLS_PER_CALL of them in memory at once."""
    parts = [np.zeros(0)]
    while chunk := [pair for pair, _ in zip(pairs, range(CELLS_PER_CALL), strict=False)]:
        parts.append(classifier.margins([title for title, _ in chunk], [abstract for _, abstract in chunk]))
    return np.concatenate(parts)
