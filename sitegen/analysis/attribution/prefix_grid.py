"""The prefix grid: a model's answers as title and abstract grow, in two forms, and how they are asked for.

An additive model's grid is two vectors and a bias (AdditiveGrid). Any other's is a matrix (FullGrid), each cell of
which is an answer to a text of its own; cells that differ in skipped tokens alone are evaluated once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from sitegen.analysis.attribution.batches import pair_margins
from sitegen.analysis.attribution.depth import Depth, reaches
from sitegen.corpus.arrays import Array, read_only
from sitegen.corpus.excerpt import cut_after
from sitegen.corpus.segment import Document
from sitegen.models.protocol import Classifier

Known = tuple[Bool[np.ndarray, " n"], Bool[np.ndarray, " m"]]  # which tokens of title and abstract a model reads


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditiveGrid:
    """A prefix grid as its two margin vectors: title (T,), abstract (A,) and bias, T, A >= 1, in log-odds; NaN in the
    abstract's where it is not published."""

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
    """A prefix grid cell by cell: margins (T, A), T, A >= 1, in log-odds; NaN where the model was not asked."""

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


def ask_grids(
    documents: Sequence[Document], classifier: Classifier, known: Sequence[Known], *, depth: Depth
) -> list[Float[np.ndarray, "_ _"]]:
    """The cells (T, A) of every document by a model that is not additive, as far as they are asked for at this depth;
    the texts of all documents are read in one go."""
    plans = [_Cells(document, *one, depth=depth) for document, one in zip(documents, known, strict=True)]
    margins = pair_margins(classifier, (text for plan in plans for text in plan.texts()))
    ends = np.cumsum([len(plan.wanted) for plan in plans])
    return [plan.grid(part) for plan, part in zip(plans, np.split(margins, ends[:-1]), strict=True)]


class _Cells:
    """The distinct cells of one document's grid that are wanted."""

    def __init__(
        self,
        document: Document,
        title_known: Bool[np.ndarray, " n"],
        abstract_known: Bool[np.ndarray, " m"],
        *,
        depth: Depth,
    ) -> None:
        self._document = document
        self._rows, self._row_of = _distinct_prefixes(title_known)
        self._columns, self._column_of = _distinct_prefixes(abstract_known)
        ends = [end - 1 for end in document.abstract.sentence_ends.tolist()] or [0]
        if reaches(depth, "words"):
            rows, columns = list(range(len(self._rows))), list(range(len(self._columns)))
        elif reaches(depth, "sentences"):
            rows, columns = list(range(len(self._rows))), np.unique(self._column_of[ends]).tolist()
        else:
            rows, columns = [int(self._row_of[-1])], [int(self._column_of[-1])]
        self.wanted = [(row, column) for row in rows for column in columns]

    def texts(self) -> list[tuple[Sequence[str], Sequence[str]]]:
        """Title and abstract of each cell that is wanted."""
        titles = {row: cut_after(self._document.title, self._rows[row]) for row, _ in self.wanted}
        abstracts = {column: cut_after(self._document.abstract, self._columns[column]) for _, column in self.wanted}
        return [(titles[row], abstracts[column]) for row, column in self.wanted]

    def grid(self, margins: Float[np.ndarray, " k"]) -> Float[np.ndarray, "T A"]:
        """All cells, from the margins of those that were wanted."""
        cells = np.full((len(self._rows), len(self._columns)), np.nan)
        cells[tuple(zip(*self.wanted, strict=True))] = margins
        full: Array = cells[np.ix_(self._row_of, self._column_of)]
        return full


def _distinct_prefixes(known: Bool[np.ndarray, " n"]) -> tuple[list[int], Int[np.ndarray, " _"]]:
    """The lengths of prefixes that differ for the model (an unknown word changes nothing), and for each of the max(n,
    1) prefixes which of these it equals."""
    if not known.size:
        return [0], np.array([0])
    starts = known.copy()
    starts[0] = True  # the first prefix counts even if the model reads nothing of it
    return [int(k) + 1 for k in np.flatnonzero(starts)], np.cumsum(starts) - 1
