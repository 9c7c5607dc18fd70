"""What a site is made of, and who watches it being made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from jaxtyping import Float

from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.config import Site
from sitegen.corpus.records import Record
from sitegen.web.components import Fact

if TYPE_CHECKING:  # the pages that show these are made from SiteInputs
    from sitegen.web.pages.faithfulness.page import Checked
    from sitegen.web.pages.methods import ModelFacts, Treatment


class Reporter(Protocol):
    """Whoever watches a run: told how far a stage is, and what a person should know at once."""

    def advance(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` steps of a stage are finished."""
        ...

    def note(self, message: str) -> None:
        """Something to be said before the run ends."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordExtras:
    """What is known of a record by the site's first model, beside its occlusion."""

    shapley: Shapley | None = None  # the shares of its sentences
    members: tuple[tuple[float, Float[np.ndarray, " S"]], ...] = ()  # by checkpoint: the margin, the sentences' effects


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteInputs:
    """What a site is made of. Scores are read from the store when they are asked for, one record at a time."""

    site: Site
    records: Sequence[Record]
    rows: int  # of the source: more than records where some were skipped
    treatments: tuple[Treatment, ...]  # what was unusual about the rows, and what was done
    models: tuple[ModelFacts, ...]  # in the site's order
    versions: tuple[Fact, ...]  # the programs that made the numbers and the pages
    notes: Mapping[int, tuple[str, ...]]  # what readers should know of a record, by its number
    occlusions: Callable[[int], Mapping[str, Occlusion]]  # record k's scores by model name, in the site's order
    extras: Callable[[int], RecordExtras]  # what else is known of record k by the first model
    standing: Sequence[int]  # by record: whether the first model has seen its text (significance.evidence.Standing)
    faithfulness: tuple[Checked, ...]  # each model's report, of those that have one

    @property
    def metadata(self) -> tuple[str, ...]:
        """The names of the source's columns that site.toml does not name, in the order of the source."""
        return tuple(dict.fromkeys(name for record in self.records for name in record.metadata))


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the build report says: of papers how many, and of the labelled how many are predicted right; of sentences
    how many, and how many are distinguishable from chance."""

    papers: int
    labelled: int
    right: int
    sentences: int
    distinguishable: int
