"""A record's title with another's abstract: what an additive model says of it, without being asked.

Such a model's margin is the title's summand, the abstract's and a bias. So two numbers a record say what the model
makes of every title beside every abstract, N x N answers, exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.prefix_grid import AdditiveGrid
from sitegen.corpus.arrays import Array, read_only

SAME = 1e-6  # log-odds: biases as near to each other are one


@dataclass(frozen=True, slots=True, kw_only=True)
class Swaps:
    """What each title and each abstract adds to the margin: titles (N,), abstracts (N,), in log-odds, NaN where a
    record has none; the margin of title i beside abstract j is titles[i] + abstracts[j] + bias. possible (N,): the
    records with both, beside whose title another abstract can be put, and beside whose abstract another title."""

    titles: Array
    abstracts: Array
    bias: float
    possible: Array = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "titles", read_only(self.titles, np.float32, (-1,)))
        object.__setattr__(self, "abstracts", read_only(self.abstracts, np.float32, (self.titles.size,)))
        titled, written = ~np.isnan(self.titles), ~np.isnan(self.abstracts)
        others = min(titled.sum(), written.sum()) > 1
        object.__setattr__(self, "possible", read_only(titled & written & others, np.bool_, (self.titles.size,)))

    @classmethod
    def of(cls, summands: Iterable[tuple[float, float, float] | None]) -> Swaps | None:
        """Those of all records, in their order (see `summands`); None where one of them has no summands, or a bias of
        its own: then titles and abstracts cannot change places."""
        rows = [(np.nan,) * 3 if one is None else one for one in summands]
        titles, abstracts, biases = np.array(rows, dtype=np.float64).reshape(-1, 3).T
        if len(rows) < 2 or np.isnan(biases).any() or np.ptp(biases) > SAME:
            return None
        return cls(titles=titles, abstracts=abstracts, bias=float(biases[0]))


def summands(occlusion: Occlusion) -> tuple[float, float, float] | None:
    """What title, abstract and bias add to a record's margin, NaN for a field without words; None of a model that is
    not additive."""
    grid, document = occlusion.grid, occlusion.document
    if not isinstance(grid, AdditiveGrid):
        return None
    title = float(grid.title[-1]) if document.title.tokens else np.nan
    abstract = float(grid.abstract[-1]) if document.abstract.tokens else np.nan
    return title, abstract, grid.bias
