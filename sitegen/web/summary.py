"""One record in the few values that lists, summaries and neighbours show of it, and counts over many.

A RecordSummary is made once per record, while the scores are read for the first time; pages that list records are made
from summaries, so that a large corpus never has all its scores in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sitegen.analysis.attribution.occlusion import ZERO, Occlusion, predicted
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.analysis.significance.evidence import Standing
from sitegen.config import Classes, Records
from sitegen.corpus.records import Record
from sitegen.web import routes
from sitegen.web.reading import Reading, reading
from sitegen.web.text.numbers import excerpt, slug

HEADING = 60  # characters of a text that stand for a title


@dataclass(frozen=True, slots=True, kw_only=True)
class TopSentence:
    """A record's most influential sentence."""

    number: int  # in the abstract, from 0
    text: str  # an excerpt
    effect: float  # its share in log-odds; leave-one-out where there is none
    change: float  # the same in probability
    shared: bool  # whether it is a share


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSummary:
    """One record as lists show it, by the site's first model."""

    record: Record
    name: str  # of its files, without suffix
    probability: float  # of the positive class
    predicted: int  # the class: 1 positive, 0 negative
    top: TopSentence | None  # None where no sentence has an effect
    sentences: tuple[tuple[int, int], ...]  # [start, end) of each in the record's abstract; empty where withheld
    heading: str = ""  # what stands for a title on a site whose records have none
    reading: Reading | None = None  # how its answer formed; None where that is not known

    @property
    def title(self) -> str:
        """The title, or what stands for one."""
        return self.record.title or self.heading or "(untitled)"

    @property
    def right(self) -> bool | None:
        """Whether the prediction equals the gold label; None without one."""
        return None if self.record.label is None else self.record.label == self.predicted

    @property
    def page(self) -> str:
        """The path of the record's page within the site."""
        return routes.page("record", self.name)

    @property
    def thumbnail(self) -> str:
        """The path of the record's thumbnail within the site."""
        return routes.thumbnail(self.name)

    @property
    def figure(self) -> str:
        """The path of the record's static figure within the site."""
        return routes.figure(self.name)

    def quoted(self, number: int) -> str:
        """A sentence on one line, as far as it is published; sentences are numbered from 0."""
        start, end = self.sentences[number]
        return " ".join(self.record.abstract[start:end].split()) or f"sentence {number + 1}"

    def sentence(self, number: int) -> str:
        """The path of a sentence's place on the record's page; sentences are numbered from 0."""
        return f"{self.page}#s{number + 1}"


def heading_of(record: Record, settings: Records) -> str:
    """What stands for a record's title on a site whose records have none: the first words of its text; its id where
    texts are withheld or there is no text. "" where they have titles."""
    if settings.titled:
        return ""
    return (excerpt(record.abstract, HEADING) if settings.publish == "all" else "") or record.id


def read(
    record: Record,
    occlusion: Occlusion,
    shapley: Shapley | None,
    *,
    classes: Classes,
    sentences: tuple[tuple[int, int], ...] | None = None,
    heading: str = "",
    title: float = float("nan"),
) -> RecordSummary:
    """The RecordSummary of one record's scores. sentences: [start, end) of each in the record's abstract, where that is
    not its document's. heading: see `heading_of`. title: what its title alone says, in log-odds, where known."""
    summary = RecordSummary(
        record=record,
        name=slug(record.id),
        probability=occlusion.probability,
        predicted=int(predicted(occlusion.margin, classes.threshold)),
        top=None,
        sentences=tuple((a, b) for a, b in occlusion.document.abstract.sentence_spans.tolist())
        if sentences is None
        else sentences,
        heading=heading,
        reading=reading(occlusion, title, threshold=classes.threshold),
    )
    effects = occlusion.sentences if shapley is None else shapley.values
    changes = occlusion.change(occlusion.sentences) if shapley is None else shapley.points
    order = np.abs(effects if shapley is None else shapley.points)  # as the table of the record's page is ordered
    if not np.isnan(order).all():
        number = int(np.nanargmax(order))
        if abs(effects[number]) > ZERO:
            top = TopSentence(
                number=number,
                text=excerpt(summary.quoted(number)),
                effect=float(effects[number]),
                change=float(changes[number]),
                shared=shapley is not None,
            )
            return replace(summary, top=top)
    return summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Gold labels against predictions: `cells[label][predicted]`, over the records that have a label."""

    cells: tuple[tuple[int, int], tuple[int, int]]

    @classmethod
    def of(cls, summaries: Sequence[RecordSummary]) -> Confusion:
        """Count the labelled among `summaries`."""
        counts = [[0, 0], [0, 0]]
        for summary in summaries:
            if summary.record.label is not None:
                counts[summary.record.label][summary.predicted] += 1
        return cls(cells=((counts[0][0], counts[0][1]), (counts[1][0], counts[1][1])))

    @property
    def total(self) -> int:
        """How many records have a label."""
        return sum(map(sum, self.cells))

    @property
    def right(self) -> int:
        """How many predictions equal the label."""
        return self.cells[0][0] + self.cells[1][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Of `labelled` records with a gold label, how many are predicted `right`."""

    labelled: int
    right: int


def accuracy_by_standing(
    summaries: Iterable[RecordSummary], standings: Iterable[Standing | int]
) -> dict[Standing, Accuracy]:
    """The accuracy over the records of each standing, held-out ones first; a standing without labels has no entry."""
    counts = {standing: [0, 0] for standing in Standing}
    for summary, standing in zip(summaries, standings, strict=True):
        if summary.right is not None:
            counts[Standing(standing)][summary.right] += 1
    return {
        standing: Accuracy(labelled=wrong + right, right=right)
        for standing, (wrong, right) in counts.items()
        if wrong + right
    }
