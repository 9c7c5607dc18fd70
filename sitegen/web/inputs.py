"""What a site is made of, and who watches it being made."""

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
    """What is known of the first model's reading of a record beside its occlusion: the Shapley values of its sentences,
    and for each further checkpoint of its ensemble the margin and the sentences' effects (S,)."""

    shapley: Shapley | None = None
    members: tuple[tuple[float, Float[np.ndarray, " S"]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteInputs:
    """What a site is made of. `occlusions(k)` reads record k's scores, by model name in the site's order of models, and
    `extras(k)` what else is known of the first model's; `notes` holds what readers should know of a record, by its
    number; `standing`: whether the first model has seen each record's text (analysis.verdicts.Standing);
    `faithfulness`: each model's report, of those that have one."""

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
    """What a written site came to, as the report of a build says it.

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
        """What `as_json` was made of."""
        accuracy = {
            Standing[name]: Accuracy(labelled=labelled, right=right)
            for name, (labelled, right) in values["accuracy"].items()
        }
        return cls(**{**values, "accuracy": accuracy})
