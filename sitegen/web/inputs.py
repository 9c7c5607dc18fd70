"""The inputs and the outcome of writing a site, and who watches it being written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from jaxtyping import Float

from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.plan import COMPLETE, Plan
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.analysis.network.report import NetworkReport
from sitegen.analysis.network.written import Inside
from sitegen.analysis.significance.evidence import Standing
from sitegen.analysis.significance.negative_control import ControlAnswers
from sitegen.config import Site
from sitegen.corpus.collection import Selection
from sitegen.corpus.records import Record
from sitegen.web.components import Fact
from sitegen.web.summary import Accuracy

if TYPE_CHECKING:  # the pages that show these are made from SiteInputs
    from sitegen.web.pages.faithfulness.page import Checked
    from sitegen.web.pages.methods import ModelFacts, Treatment


class Reporter(Protocol):
    """Whoever watches a run: it learns how far a stage is, and what a person should know at once."""

    def advance(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` steps of a stage are finished."""
        ...

    def note(self, message: str) -> None:
        """Show a message at once, before the run ends."""
        ...


class Silent:
    """A Reporter that says nothing."""

    def advance(self, stage: str, done: int, total: int) -> None:
        """Nothing."""

    def note(self, message: str) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordExtras:
    """The first model's further answers about a record, beside its occlusion."""

    shapley: Shapley | None = None  # the shares of its sentences
    untitled: Float[np.ndarray, " subsets"] | None = (
        None  # what all subsets of them say without the title, in log-odds,
    )
    # (2^S,); of a model that is not additive, where shares are exact
    members: tuple[tuple[float, Float[np.ndarray, " S"]], ...] = ()  # by checkpoint: the margin, the sentences' shares
    # (leave-one-outs where shares are turned off)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInputs:
    """What is known of the inside of the first model's network.

    report: what was asked of the network itself. papers: by layer, the records whose states are kept, by number, one of
    each text. held: those that were read with units held, in the report's order. inside: what a layer looks like at
    a record; None where its states are not kept.
    """

    report: NetworkReport
    papers: tuple[tuple[int, ...], ...]
    held: tuple[int, ...]
    inside: Callable[[int, int], Inside | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteInputs:
    """The parts that a site is made of. Scores are read from the store when needed, one record at a time."""

    site: Site
    records: Sequence[Record]
    rows: int  # of the source: more than records where some were skipped
    treatments: tuple[Treatment, ...]  # what was unusual about the rows, and what was done
    labels: str  # how their gold labels came about, in sentences; "" where nothing was looked at
    models: tuple[ModelFacts, ...]  # in the site's order
    versions: tuple[Fact, ...]  # the programs that made the numbers and the pages
    notes: Mapping[int, tuple[str, ...]]  # what readers should know of a record, by its number
    occlusions: Callable[[int], Mapping[str, Occlusion]]  # record k's scores by model name, in the site's order
    alone: Callable[[int], Mapping[str, ReadAlone]]  # what record k's pieces say by themselves, by model name
    extras: Callable[[int], RecordExtras]  # what else is known of record k by the first model
    controls: ControlAnswers  # what the first model says of texts that should not pass the test
    standing: Sequence[Standing]  # by record: whether the first model learned from it
    faithfulness: tuple[Checked, ...]  # each model's report, of those that have one
    date: int = 0  # of the site's feed, in seconds since 1970
    plans: tuple[Plan, ...] = ()  # how much was asked of each model
    network: NetworkInputs | None = None  # None where the first model shows no units, or nobody asks for them
    read: Mapping[int, tuple[int, int]] = field(default_factory=dict)  # by number, of each record whose abstract the
    # first model does not read whole, the words of it that it reads, [first, behind)
    selection: Selection | None = None  # how the records were chosen from those that were read; None: all are here

    @property
    def plan(self) -> Plan:
        """How much was asked of the first model."""
        return self.plans[0] if self.plans else COMPLETE

    @property
    def metadata(self) -> tuple[str, ...]:
        """The names of the source's columns that site.toml does not name, in the order of the source."""
        return tuple(dict.fromkeys(name for record in self.records for name in record.metadata))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTotals:
    """The totals of a written site, for the report of a build.

    papers: how many. accuracy: how many labels are predicted right, apart for records that the first model has not seen
    and for those it has; nothing without labels. tested: how many sentences, passing: those of them that pass.
    """

    papers: int
    accuracy: Mapping[Standing, Accuracy]
    tested: int
    passing: int

    def as_json(self) -> dict[str, Any]:
        """The same in plain values, as the build cache keeps it."""
        accuracy = {standing.name: [one.labelled, one.right] for standing, one in self.accuracy.items()}
        return {
            "papers": self.papers,
            "accuracy": accuracy,
            "tested": self.tested,
            "passing": self.passing,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> SiteTotals:
        """The totals that `as_json` was called on."""
        accuracy = {
            Standing[name]: Accuracy(labelled=labelled, right=right)
            for name, (labelled, right) in values["accuracy"].items()
        }
        return cls(**{**values, "accuracy": accuracy})
