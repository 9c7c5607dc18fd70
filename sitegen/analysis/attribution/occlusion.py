"""One Occlusion a document: the model's answer as the text grows, and to the text with a piece missing.

All numbers are margins, the log-odds z of the positive class:

*prefix grid*   z[i, j], the title cut after token i and the abstract after token j. Rows and columns count every
                token, known or not; after a token that the model skips the value is that of the column before.
                Sentence columns are the token columns at sentence ends. A prefix is cut off whatever the baseline.
*leave-one-out* D = z(whole) - z(whole without the segment): signed, positive speaks for the positive class. For every
                sentence of the abstract and every token of both fields; beside each sentence a band of what
                random spans of its length do (random_spans.py). What stands in for hidden text is the baseline
                (baselines.py); by default it is deleted and the rest joined again.

All this is asked of a model at its full depth; what was not asked at a lesser one is NaN (depth.py). Then the grid of a
model that is not additive has its columns at sentence ends alone, or nothing but its last cell.

An additive model (margin = title part + abstract part + bias) is given one field at a time: T + A encodings instead
of T x A, and the grid is kept as its two vectors. All that is deleted from a field goes to it in one call, so
that the texts can share the work on what they have in common. Any other model gets the full grid, in batches; cells
that differ in skipped tokens alone are evaluated once.

Probabilities are never stored, for they follow from margins (models/probabilities.py). An effect below ZERO is float32
rounding: no effect.

After Zeiler and Fergus (2014), "Visualizing and understanding convolutional networks", section 4.2, and Li, Monroe
and Jurafsky (2016), "Understanding neural networks through representation erasure", here with deletion.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.depth import ALL, Depth, nothing, reaches
from sitegen.analysis.attribution.masking import masked_margins
from sitegen.analysis.attribution.prefix_grid import AdditiveGrid, FullGrid, PrefixGrid, ask_grids
from sitegen.analysis.attribution.random_spans import random_spans, span_bands
from sitegen.corpus.arrays import Array, read_only
from sitegen.corpus.excerpt import uncut
from sitegen.corpus.segment import Document, SegmentedText
from sitegen.models.probabilities import class_of, log_odds, predicted, probability
from sitegen.models.protocol import AdditiveClassifier, Classifier, Range

__all__ = [
    "ZERO",
    "AdditiveGrid",
    "FullGrid",
    "Occlusion",
    "PrefixGrid",
    "class_of",
    "log_odds",
    "occlude",
    "predicted",
    "probability",
]

Margins = Float[np.ndarray, "..."]
TOGETHER = 8  # documents whose texts are read in one go where fields do not add up; results do not depend on it
ZERO = 1e-5  # log-odds: effects below are rounding of float32


@dataclass(frozen=True, slots=True, kw_only=True)
class Occlusion:
    """One model's answers to one document.

    title_known (n,), abstract_known (m,): which tokens the model reads. margin: of the whole record, in log-odds;
    the grid's last cell. sentences (S,), title_words (n,), abstract_words (m,): leave-one-out effects in log-odds.
    span_bands (S, 2): beside each sentence the band of random spans, low and high, in log-odds.
    """

    document: Document
    title_known: Array
    abstract_known: Array
    margin: float
    grid: PrefixGrid
    sentences: Array
    span_bands: Array
    title_words: Array
    abstract_words: Array

    def __post_init__(self) -> None:
        n, m = len(self.document.title.tokens), len(self.document.abstract.tokens)
        s = len(self.document.abstract.sentence_ends)
        for name, dtype, shape in (
            ("title_known", np.bool_, (n,)),
            ("abstract_known", np.bool_, (m,)),
            ("sentences", np.float32, (s,)),
            ("span_bands", np.float32, (s, 2)),
            ("title_words", np.float32, (n,)),
            ("abstract_words", np.float32, (m,)),
        ):
            object.__setattr__(self, name, read_only(getattr(self, name), dtype, shape))
        if self.grid.shape != (max(n, 1), max(m, 1)):
            raise ValueError(f"the grid is {self.grid.shape}, the texts have {n} and {m} tokens")

    @property
    def drawn(self) -> bool:
        """Whether the answer is known as the abstract grows, if only from sentence to sentence."""
        return not np.isnan(self.grid.margins[:, self._ends]).any()

    @property
    def by_words(self) -> bool:
        """Whether it is known at every word of the abstract."""
        known = self.grid.abstract if isinstance(self.grid, AdditiveGrid) else self.grid.margins
        return not np.isnan(known).any()

    @property
    def cells(self) -> Float[np.ndarray, "T A"]:
        """The grid as it can be drawn, in log-odds."""
        return self.grid.margins[:, self.columns]

    @property
    def columns(self) -> Int[np.ndarray, " A"]:
        """Which column of the grid is drawn at each word of the abstract: its own; where the grid is known at sentence
        ends alone, that at the end of the word's sentence."""
        every = np.arange(self.grid.shape[1])
        if self.by_words or not self.drawn:
            return every
        ends = np.array(self._ends)
        columns: Array = ends[np.searchsorted(ends, every)]
        return columns

    def asked(self, depth: Depth) -> bool:
        """Whether all is known that belongs to a depth."""
        needed = {
            "whole": not np.isnan(self.margin),
            "without": not np.isnan(self.sentences).any(),
            "sentences": self.drawn,
            "words": self.by_words and not np.isnan([*self.title_words, *self.abstract_words]).any(),
        }
        return all(known for one, known in needed.items() if reaches(depth, one))  # type: ignore[arg-type]

    @property
    def _ends(self) -> list[int]:
        """The columns of the grid at sentence ends; the last one always."""
        last = self.grid.shape[1] - 1
        return sorted({*(end - 1 for end in self.document.abstract.sentence_ends.tolist()), last})

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
    baseline: Baseline = DELETED,
    depth: Depth = ALL,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Occlusion]:
    """The Occlusion of every document, in order; `progress` gets the number of documents finished since its last call.

    depth: how much is asked of a model that is not additive; others are always asked everything. Results do not depend
    on which documents are given together (float32: up to about 2e-7). Raises ConfigError for a baseline that the model
    cannot read.
    """
    if classifier.additive:
        assert isinstance(classifier, AdditiveClassifier)
        results = _additive(documents, classifier, baseline=baseline)
        progress(len(documents))
        return results
    results = []
    for start in range(0, len(documents), TOGETHER):
        some = documents[start : start + TOGETHER]
        results += _full(some, classifier, baseline=baseline, depth=depth)
        progress(len(some))
    return results


class _Removals:
    """The token ranges that are hidden of one field, one at a time: each sentence, each token, each random span.

    Of a title only the tokens: it is one sentence, and without it there is no title. known: which tokens the model
    reads. ranges: half-open, group by group, as far as they are asked about at this depth.
    """

    def __init__(self, text: SegmentedText, classifier: Classifier, *, sentences: bool, depth: Depth = ALL) -> None:
        self.known = classifier.known(text.tokens)
        words = [(k, k + 1) for k in range(len(text.tokens))]
        groups = [text.sentence_ranges, words, *random_spans(text)] if sentences else [words]
        asked = [reaches(depth, "without" if sentences and k == 0 else "words") for k in range(len(groups))]
        self.ranges: list[Range] = [
            span for group, is_asked in zip(groups, asked, strict=True) for span in group if is_asked
        ]
        self._sizes = [(len(group), is_asked) for group, is_asked in zip(groups, asked, strict=True)]

    @property
    def masks(self) -> Bool[np.ndarray, "r n"]:
        """Which tokens are kept, for each range."""
        place = np.arange(self.known.size)
        start, end = np.array(self.ranges, dtype=np.intp).reshape(-1, 2).T
        masks: Array = (place < start[:, None]) | (place >= end[:, None])
        return masks

    def effects(self, whole: float, without: Margins) -> list[Margins]:
        """The leave-one-out effects by group, whole - without; exactly 0 where the model knows none of the deleted
        words, NaN where it was not asked."""
        read = np.array([self.known[start:end].any() for start, end in self.ranges], dtype=bool)
        effects, groups, at = np.where(read, whole - without, 0.0), list[Margins](), 0
        for size, is_asked in self._sizes:
            groups.append(effects[at : at + size] if is_asked else nothing(size))
            at += size if is_asked else 0
        return groups


def _removals(document: Document, classifier: Classifier, depth: Depth = ALL) -> tuple[_Removals, _Removals]:
    return (
        _Removals(document.title, classifier, sentences=False, depth=depth),
        _Removals(document.abstract, classifier, sentences=True, depth=depth),
    )


def _occlusion(
    document: Document,
    removals: tuple[_Removals, _Removals],
    *,
    margin: float,
    grid: PrefixGrid,
    wholes: tuple[float, float],
    without: tuple[Margins, Margins],
) -> Occlusion:
    """One record's results. wholes: the margin of the record, or the parts of its fields, for title and abstract.
    without: the same with each range of the title hidden, and with each range of the abstract."""
    (title_words,) = removals[0].effects(wholes[0], without[0])
    sentences, abstract_words, *spans = removals[1].effects(wholes[1], without[1])
    return Occlusion(
        document=document,
        title_known=removals[0].known,
        abstract_known=removals[1].known,
        margin=margin,
        grid=grid,
        sentences=sentences,
        span_bands=span_bands(spans),
        title_words=title_words,
        abstract_words=abstract_words,
    )


def _additive(documents: Sequence[Document], classifier: AdditiveClassifier, *, baseline: Baseline) -> list[Occlusion]:
    titles = [uncut(document.title) for document in documents]
    abstracts = [uncut(document.abstract) for document in documents]
    removals = [_removals(document, classifier) for document in documents]
    title_parts = classifier.prefix_parts("title", titles)
    abstract_parts = classifier.prefix_parts("abstract", abstracts)
    wholes = [
        (float(title[-1]), float(abstract[-1])) for title, abstract in zip(title_parts, abstract_parts, strict=True)
    ]
    margins = [title + abstract + classifier.bias for title, abstract in wholes]
    if not baseline.replaces:
        title_without = classifier.without_parts("title", titles, [title.ranges for title, _ in removals])
        abstract_without = classifier.without_parts(
            "abstract", abstracts, [abstract.ranges for _, abstract in removals]
        )
    else:
        title_without, abstract_without = _masked(documents, classifier, removals, baseline=baseline)
        wholes = [(margin, margin) for margin in margins]
    return [
        _occlusion(
            document,
            removals[k],
            margin=margins[k],
            grid=AdditiveGrid(title=title_parts[k], abstract=abstract_parts[k], bias=classifier.bias),
            wholes=wholes[k],
            without=(title_without[k], abstract_without[k]),
        )
        for k, document in enumerate(documents)
    ]


def _masked(
    documents: Sequence[Document],
    classifier: Classifier,
    removals: Sequence[tuple[_Removals, _Removals]],
    *,
    baseline: Baseline,
) -> tuple[list[Margins], list[Margins]]:
    """The margins of each record with each range of its title hidden, and with each range of its abstract."""
    titles = masked_margins(documents, classifier, [(title.masks, None) for title, _ in removals], baseline=baseline)
    abstracts = masked_margins(
        documents, classifier, [(None, abstract.masks) for _, abstract in removals], baseline=baseline
    )
    return titles, abstracts


def _full(
    documents: Sequence[Document], classifier: Classifier, *, baseline: Baseline, depth: Depth
) -> list[Occlusion]:
    removals = [_removals(document, classifier, depth) for document in documents]
    known = [(title.known, abstract.known) for title, abstract in removals]
    grids = ask_grids(documents, classifier, known, depth=depth)
    title_without, abstract_without = _masked(documents, classifier, removals, baseline=baseline)
    results = []
    for k, document in enumerate(documents):
        margin = float(grids[k][-1, -1])
        results.append(
            _occlusion(
                document,
                removals[k],
                margin=margin,
                grid=FullGrid(margins=grids[k]),
                wholes=(margin, margin),
                without=(title_without[k], abstract_without[k]),
            )
        )
    return results
