"""Lists of papers, as several questions about the corpus have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sitegen.web.pages.corpus.corpus import LISTED, Corpus
from sitegen.web.summary import RecordSummary
from sitegen.web.text.numbers import percent


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPaper:
    """One paper of a list."""

    title: str
    href: str  # its page
    positive: bool  # whether it is predicted to be of the positive class
    percent: str  # the probability of the positive class
    label: str  # the class's name; "" without a label


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """A list of papers under a heading."""

    partial: ClassVar[str] = "partials/papers.html"
    key: str  # the list's place on the page
    heading: str
    total: int  # how many papers there are, where the list is cut
    labels: bool  # whether their labels are shown
    papers: tuple[ListedPaper, ...]


def listed(
    corpus: Corpus, summaries: Sequence[RecordSummary], *, key: str, heading: str, labels: bool = False
) -> Papers:
    """The first LISTED of some papers, in the order given. labels: whether to show the labels there are."""
    shown = summaries[:LISTED]
    return Papers(
        key=key,
        heading=heading,
        total=len(summaries),
        labels=labels and any(summary.record.label is not None for summary in shown),
        papers=tuple(
            ListedPaper(
                title=summary.title,
                href=corpus.frame.to(summary.page),
                positive=summary.predicted == 1,
                percent=percent(summary.probability),
                label="" if summary.record.label is None else corpus.classes.names[summary.record.label],
            )
            for summary in shown
        ),
    )
