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
from sitegen.web import routes
from sitegen.web.components import Fact
from sitegen.web.export.scripts import assignment
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
    """A model's further answers about a record, beside its occlusion."""

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
    a record; None where its states are not kept. lower: of how many papers the states below the top layer are
    published, those that come first; more may be kept, since units are held there.
    """

    report: NetworkReport
    papers: tuple[tuple[int, ...], ...]
    held: tuple[int, ...]
    inside: Callable[[int, int], Inside | None]
    lower: int

    def published(self, k: int, layer: int) -> Inside | None:
        """What a layer looks like at record k; None where its states are not published."""
        top = layer == self.report.network.layers - 1
        return self.inside(k, layer) if top or k in self.papers[layer][: self.lower] else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """What it costs that the page's model has rounded numbers: how far its answers to the site's records are from those
    that the site shows, in points of probability (0 to 100).

    exact: whether the page has exactly the model's numbers, and answers the same; then the rest is about 0. records:
    how many texts were compared. cause: why answers differ, as a clause.
    """

    exact: bool
    largest: float
    median: float
    records: int
    cause: str = "To fit in a page, the model's numbers are rounded"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveInputs:
    """A model as it runs in a page. number: its place among the site's models, from 0. model: the value that its script
    assigns, made when it is called. numbers: in which form it has its numbers: "weights", "vectors", "words", and "of",
    of how many words that is."""

    model: Callable[[], Mapping[str, Any]]
    numbers: Mapping[str, Any]
    rounding: Rounding
    number: int = 0

    @property
    def asset(self) -> str:
        """The name of its script, which hands the model to the page."""
        return routes.live_model(self.number)

    @property
    def value(self) -> str:
        """The name of what the script assigns, in the namespace of the site's scripts."""
        return f"liveModel{self.number + 1}" if self.number else "liveModel"

    @property
    def script(self) -> str:
        """The text of its script."""
        return assignment(self.value, self.model())


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
    occlusions: Callable[[int], Mapping[str, Occlusion]]  # record k's scores by name of the models that read it, in
    # the site's order, the first model's among them
    alone: Callable[[int], Mapping[str, ReadAlone]]  # what record k's pieces say by themselves, by model name
    extras: Callable[[int], Mapping[str, RecordExtras]]  # what else is known of record k, by model name
    controls: Mapping[str, ControlAnswers]  # what each model says of texts that should not pass the test
    standing: Mapping[str, Sequence[Standing]]  # by model and record: whether it learned from that
    faithfulness: tuple[Checked, ...]  # each model's report, of those that have one
    date: int = 0  # of the site's feed, in seconds since 1970
    plans: tuple[Plan, ...] = ()  # how much was asked of each model
    network: NetworkInputs | None = None  # None where the first model shows no units, or nobody asks for them
    live: tuple[LiveInputs, ...] | None = None  # the models as they run in a page, in the site's order; None where none
    # can, or nobody asks for it
    no_live: Mapping[str, str] = field(default_factory=dict)  # by the name of each that cannot, where site.toml asks
    # for them: why, in a sentence
    read: Mapping[int, tuple[int, int]] = field(default_factory=dict)  # by number, of each record whose abstract the
    # first model does not read whole, the words of it that it reads, [first, behind)
    selection: Selection | None = None  # how the records were chosen from those that were read; None: all are here

    @property
    def first(self) -> str:
        """The name of the model that the site is by; others stand beside it."""
        return self.site.models[0].name

    @property
    def beside(self) -> tuple[str, ...] | None:
        """The names of the site's further models, which stand beside the first; None where there is no other."""
        return tuple(model.name for model in self.site.models[1:]) or None

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
