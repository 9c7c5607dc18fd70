"""What a site is made of, and who watches it being made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from jaxtyping import Float

from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.config import Site
from sitegen.corpus.records import Record
from sitegen.web.components import Fact
from sitegen.web.pages import methods
from sitegen.web.pages.faithfulness.page import Checked


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
    standing: Sequence[int]
    faithfulness: tuple[Checked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the build report says: of papers how many, and of the labelled how many are predicted right; of sentences
    how many, and how many are distinguishable from chance."""

    papers: int
    labelled: int
    right: int
    sentences: int
    distinguishable: int
