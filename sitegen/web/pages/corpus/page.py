"""The page about the corpus as a whole: questions, their answers with a chart each, and the papers behind the answers.

The answers are made in `findings`; here are the page and its lists: papers predicted wrong (surest first: what the
model is sure of and wrong about teaches most), papers near the threshold (nearest first), unknown words, and, for an
additive model, the titles and the abstracts that push most by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, ClassVar

import numpy as np

from sitegen.analysis.corpus.calibration import reliability
from sitegen.analysis.corpus.influence import SentenceEffects
from sitegen.analysis.corpus.overview import Decisions, Parts, Tally, Vocabulary, decisions, place_effects, strongest
from sitegen.config import Classes, Site
from sitegen.corpus.arrays import Array
from sitegen.web.components import Finding
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Link, Page
from sitegen.web.pages.corpus import charts as corpus_charts
from sitegen.web.pages.corpus import findings
from sitegen.web.pages.corpus.findings import share
from sitegen.web.scan import Scan
from sitegen.web.summary import Confusion, RecordSummary
from sitegen.web.text.numbers import count, excerpt, log_odds, percent, strength

LISTED = 50  # papers and words of a list
PUSHING = 20  # titles, and abstracts, listed for each class
NEAR = 0.1  # probability: papers no further than this from the threshold are listed as undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPaper:
    """One paper of a list: its page, the probability of the positive class, and the label (empty without one)."""

    title: str
    href: str
    positive: bool
    percent: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """A list of papers under a heading; `total` says how many there are where the list is cut, `labels` whether their
    labels are shown, too."""

    key: str
    heading: str
    total: int
    labels: bool
    papers: tuple[ListedPaper, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistakes:
    """Where the model is wrong: the answer in words, and, where there are labels, the confusion table and the papers of
    its two wrong cells: called positive, and called negative."""

    answer: str
    confusion: Confusion | None
    lists: tuple[Papers, Papers] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """Papers near the threshold: the answer in words, and the nearest."""

    answer: str
    papers: Papers


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedWord:
    """An unknown word: how often and in how many papers it stands, and one of them."""

    word: str
    occurrences: int
    papers: int
    example: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One title or abstract with its part of the margin, less the average. `text` is the abstract's beginning."""

    title: str
    text: str
    href: str
    part: float
    part_text: str
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """The titles, or the abstracts, that push most toward one class, strongest first."""

    toward: str
    key: str
    positive: bool
    rows: tuple[Push, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushes:
    """The titles, or the abstracts, that push most, toward either class."""

    heading: str
    lists: tuple[Direction, Direction]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusPage(Page):
    """The corpus at a glance. `charts` holds the specifications that the page's script draws, by finding."""

    template: ClassVar[str] = "corpus.html"
    papers: int
    classes: tuple[str, str]
    places: Finding
    fields: Finding
    pushes: tuple[Pushes, ...]
    calibration: Finding
    mistakes: Mistakes
    undecided: Undecided
    unknown: Finding
    words: tuple[ListedWord, ...]
    distinct: int
    methods: str

    @property
    def charts(self) -> Mapping[str, dict[str, Any]]:
        """The specifications of all charts by the key of their finding."""
        shown = (self.places, self.fields, self.calibration, self.unknown)
        return {finding.key: finding.chart for finding in shown if finding.chart}


def corpus_page(
    site: Site, frame: Frame, summaries: Sequence[RecordSummary], effects: SentenceEffects, tally: Tally
) -> CorpusPage:
    """The page over all summaries, in corpus order; `tally` and `effects` are of the same records in that order."""
    classes, parts, vocabulary = site.classes, tally.parts, tally.vocabulary
    positive = np.array([summary.predicted == 1 for summary in summaries], dtype=bool)
    cut = log(classes.threshold / (1 - classes.threshold))
    decided = decisions(parts, positive=positive, cut=cut) if parts else None
    labelled = [summary for summary in summaries if summary.record.label is not None]
    return CorpusPage(
        frame=frame,
        papers=len(summaries),
        classes=classes.names,
        places=findings.places(
            place_effects(effects, lengths=tally.lengths, positive=positive),
            alone=sum(len(summary.sentences) == 1 for summary in summaries),
        ),
        fields=findings.fields(
            decided,
            additive=parts is not None or not summaries,
            dots=_dots(frame, summaries, classes),
            classes=classes,
        ),
        pushes=_pushes(frame, summaries, decided, parts, classes) if decided and parts else (),
        calibration=findings.calibration(
            reliability(
                np.array([summary.probability for summary in labelled], dtype=np.float64),
                np.array([summary.record.label for summary in labelled], dtype=np.int64),
            ),
            classes=classes,
        ),
        mistakes=_mistakes(frame, summaries, classes),
        undecided=_undecided(frame, summaries, classes),
        unknown=findings.vocabulary(vocabulary, papers=len(summaries)),
        words=_words(frame, summaries, vocabulary),
        distinct=len(vocabulary.words),
        methods=frame.link("methods"),
    )


def _dots(frame: Frame, summaries: Sequence[RecordSummary], classes: Classes) -> list[corpus_charts.Dot]:
    if len(summaries) > corpus_charts.MOST_POINTS:
        return []
    return [
        corpus_charts.Dot(
            title=excerpt(summary.title, 60),
            percent=percent(summary.probability),
            href=frame.to(summary.page),
            predicted=classes.names[summary.predicted],
        )
        for summary in summaries
    ]


def _pushes(
    frame: Frame, summaries: Sequence[RecordSummary], decided: Decisions, parts: Parts, classes: Classes
) -> tuple[Pushes, ...]:
    """The titles, then the abstracts; only texts of which the model reads something."""

    def direction(kind: str, values: Array, read: Array, toward: int) -> Direction:
        chosen = strongest(values, among=read, toward=toward, limit=PUSHING)
        return Direction(
            toward=classes.names[toward],
            key=f"{kind}-{'positive' if toward else 'negative'}",
            positive=toward == 1,
            rows=tuple(
                Push(
                    title=summaries[k].title,
                    text=excerpt(summaries[k].record.abstract, 140) if kind == "abstract" else "",
                    href=frame.to(summaries[k].page),
                    part=round(float(values[k]), 4),
                    part_text=log_odds(float(values[k])),
                    strength=strength(float(values[k])),
                )
                for k in chosen
            ),
        )

    titles, abstracts = (decided.title, parts.title_read), (decided.abstract, parts.abstract_read)
    return tuple(
        Pushes(heading=heading, lists=(direction(kind, *of, 1), direction(kind, *of, 0)))
        for kind, heading, of in (
            ("title", "The titles that push most", titles),
            ("abstract", "The abstracts that push most", abstracts),
        )
    )


def _mistakes(frame: Frame, summaries: Sequence[RecordSummary], classes: Classes) -> Mistakes:
    confusion = Confusion.of(summaries)
    if not confusion.total:
        return Mistakes(answer="These papers have no labels to be wrong about.", confusion=None, lists=None)
    wrong = [summary for summary in summaries if summary.right is False]
    called = [
        sorted(
            (summary for summary in wrong if summary.predicted == predicted),
            key=lambda summary: -abs(summary.probability - classes.threshold),
        )
        for predicted in (1, 0)
    ]
    answer = (
        f"Its answer differs from the label in {len(wrong):,} of {count(confusion.total, 'labelled paper')} "
        f"({share(len(wrong), confusion.total)}): it calls {len(called[0]):,} “{classes.positive}” that are labelled "
        f"“{classes.negative}”, and {len(called[1]):,} the other way round. The label may be the one that is wrong."
        if wrong
        else f"Nowhere: answer and label agree for {count(confusion.total, 'labelled paper')}."
    )
    names = (classes.positive, classes.negative)
    first, second = (
        Papers(
            key=f"called-{key}",
            heading=f"Called {name}, labelled {other}",
            total=len(found),
            labels=False,
            papers=_listed(frame, found[:LISTED], classes),
        )
        for key, name, other, found in zip(("positive", "negative"), names, names[::-1], called, strict=True)
    )
    return Mistakes(answer=answer, confusion=confusion, lists=(first, second))


def _undecided(frame: Frame, summaries: Sequence[RecordSummary], classes: Classes) -> Undecided:
    def distance(summary: RecordSummary) -> float:
        return abs(summary.probability - classes.threshold)

    near = sorted((summary for summary in summaries if distance(summary) <= NEAR), key=distance)
    where = f"a probability within {100 * NEAR:.0f} points of {percent(classes.threshold)}, where the answer turns"
    some = (
        f"{len(near):,} of {count(len(summaries), 'paper')} ({share(len(near), len(summaries))})"
        if near
        else "No paper"
    )
    answer = f"{some} got {where}."
    papers = Papers(
        key="near",
        heading="Nearest first",
        total=len(near),
        labels=any(summary.record.label is not None for summary in near[:LISTED]),
        papers=_listed(frame, near[:LISTED], classes),
    )
    return Undecided(answer=answer, papers=papers)


def _listed(frame: Frame, summaries: Sequence[RecordSummary], classes: Classes) -> tuple[ListedPaper, ...]:
    return tuple(
        ListedPaper(
            title=summary.title,
            href=frame.to(summary.page),
            positive=summary.predicted == 1,
            percent=percent(summary.probability),
            label="" if summary.record.label is None else classes.names[summary.record.label],
        )
        for summary in summaries
    )


def _words(frame: Frame, summaries: Sequence[RecordSummary], vocabulary: Vocabulary) -> tuple[ListedWord, ...]:
    return tuple(
        ListedWord(
            word=word.word,
            occurrences=word.occurrences,
            papers=word.records,
            example=Link(text=excerpt(summaries[word.example].title, 60), href=frame.to(summaries[word.example].page)),
        )
        for word in vocabulary.words[:LISTED]
    )


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[CorpusPage]:
    """The one page."""
    yield corpus_page(inputs.site, frames("corpus", "Corpus"), scan.summaries, scan.effects, scan.tally)
