"""The inputs and the outcome of writing a site, and who watches it being written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from jaxtyping import Float

from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.analysis.significance.evidence import Standing
from sitegen.config import Site
from sitegen.corpus.records import Record
from sitegen.web.components import Fact
from sitegen.web.pages import methods
from sitegen.web.pages.faithfulness.page import Checked
from sitegen.web.summary import Accuracy


class Reporter(Protocol):
    """Whoever watches a run: it learns how far a stage is, and what a person should know at once."""

    def advance(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` steps of a stage are finished."""
        ...

    def note(self, message: str) -> None:
        """Something to be said before the run ends."""
        ...


class Silent:
    """A Reporter that says nothing."""

    def advance(self, stage: str, done: int, total: int) -> None:
        """Nothing."""

    def note(self, message: str) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordExtras:
    """The first model's further answers about a record, beside its occlusion.

    shapley: the values of its sentences. members: for each further checkpoint of the ensemble the margin and the
    sentences' effects (S,), in log-odds.
    """

    shapley: Shapley | None = None
    members: tuple[tuple[float, Float[np.ndarray, " S"]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteInputs:
    """All that a site is made of.

    records: in the order of their file; rows: how many rows that file has. treatments: what was unusual about them.
    models, versions: facts for the methods page. occlusions(k): reads record k's scores, by model name in the site's
    order of models. extras(k): reads the first model's further answers about it. notes: what readers should know of a
    record, by its number. standing (N,): whether the first model learned from each record. faithfulness: the report of
    each model that has one.
    """

    site: Site
    records: Sequence[Record]
    rows: int
    treatments: tuple[methods.Treatment, ...]
    models: tuple[methods.ModelFacts, ...]
    versions: tuple[Fact, ...]
    notes: Mapping[int, tuple[str, ...]]
    occlusions: Callable[[int], Mapping[str, Occlusion]]
    extras: Callable[[int], RecordExtras]
    standing: Sequence[Standing]
    faithfulness: tuple[Checked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTotals:
    """The totals of a written site, for the report of a build.

    papers: how many. accuracy: how many labels are predicted right, apart for records that the first model has not seen
    and for those it has; nothing without labels. sentences: how many, distinguishable: those of them that are more than
    chance.
    """

    papers: int
    accuracy: Mapping[Standing, Accuracy]
    sentences: int
    distinguishable: int

    def as_json(self) -> dict[str, Any]:
        """The same in plain values, as the build cache keeps it."""
        accuracy = {standing.name: [one.labelled, one.right] for standing, one in self.accuracy.items()}
        return {
            "papers": self.papers,
            "accuracy": accuracy,
            "sentences": self.sentences,
            "distinguishable": self.distinguishable,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> SiteTotals:
        """The totals that `as_json` was called on."""
        accuracy = {
            Standing[name]: Accuracy(labelled=labelled, right=right)
            for name, (labelled, right) in values["accuracy"].items()
        }
        return cls(**{**values, "accuracy": accuracy})
