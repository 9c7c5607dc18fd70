"""The pages of sentences: those with the largest shares, over the corpus and over each facet value.

A share is what the sentence did to the answer about its paper. It orders the lists and is the length of the bars, in
log-odds, on one scale for both. What the sentence says alone, its mark, and the paper's answer without it stand beside
it as probabilities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from sitegen.analysis.attribution.occlusion import probability
from sitegen.config import Site
from sitegen.web.facets import PAGES, Facet, facets_of
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Link, Page
from sitegen.web.scan import Scan
from sitegen.web.sentence_verdicts import Verdict
from sitegen.web.text.asked import lacking
from sitegen.web.text.numbers import log_odds, percent, slug
from sitegen.web.text.verdicts import ASK_MARK, clear_in_list, limit_label

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedSentence:
    """One sentence of a ranking. Of near-duplicates the strongest alone is listed."""

    rank: int  # from 1
    text: str
    href: str  # its place on its record's page
    place: str  # where it stands: its number, and its record's title
    label: str  # its record's, "" where there is none
    share: float  # in log-odds, to sort by; leave-one-out where the page has no shares
    share_text: str  # the same as readers see it
    length: float  # of its bar: 1 for the largest of the page
    alone: float  # the probability of the positive class when it is read alone, to sort by
    answer: float  # that of its record, to sort by
    answer_text: str  # the same as readers see it
    without: float  # that of its record without the sentence, to sort by
    without_text: str  # the same as readers see it
    alike: int  # how many sentences of the page's scope are nearly the same, itself among them
    beyond: bool  # whether it is below the list's end, and here only as one of the strongest with a mark
    verdict: Verdict  # what it says alone, and its mark
    other_way: str  # the class that it speaks for alone, where it has a mark and its share is toward the other class


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The sentences whose shares are toward one class."""

    toward: str  # the class, as readers know it
    key: str  # "positive" or "negative": its place on the page and its colour
    positive: bool  # which class it is
    sentences: tuple[RankedSentence, ...]  # strongest first
    passing: int  # how many of those listed have a mark


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetLinks:
    """The pages of one facet."""

    name: str  # the facet's
    links: tuple[Link, ...]  # one per value
    among: str  # of how many values these are the most frequent; "" where there are no others


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencesPage(Page):
    """The most influential sentences of the corpus or of one facet value."""

    template: ClassVar[str] = "sentences.html"
    scope: str  # "facet: value", "" for the whole corpus
    considered: int  # sentences of this scope
    papers: int  # that they stand in
    shared: bool  # whether they are ordered by their shares; else by leave-one-out
    not_asked: str  # why it is not known what sentences did; "" where it is
    marks: tuple[str, ...]  # how many have a mark, and what that means
    ask_mark: str  # the text of the link to the page on the test
    limit: str  # the text of the switch that shows those that pass alone
    checkpoints: int  # of the model's ensemble, 1 without one
    rankings: tuple[Ranking, ...]  # toward the positive class, then toward the negative one
    overall: Link  # to the page of the whole corpus
    facets: tuple[FacetLinks, ...]  # to the pages of all facet values


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[SentencesPage]:
    """The corpus's page, then one page per value of each facet."""
    return sentence_pages(inputs.site, frames, scan, not_asked=lacking(inputs.plan, "single sentences do"))


def sentence_pages(site: Site, frames: Frames, scan: Scan, *, not_asked: str = "") -> Iterator[SentencesPage]:
    """The corpus's page, then one page per value of each facet; of a facet of several values a paper, one for each of
    the most frequent that more than one paper has. not_asked: why nothing is known of sentences, should that be so."""
    known = not scan.effects.leading.size or not np.isnan(scan.effects.leading).all()
    for page in _sentence_pages(site, frames, scan):
        yield page if known else replace(page, not_asked=not_asked)


def _sentence_pages(site: Site, frames: Frames, scan: Scan) -> Iterator[SentencesPage]:
    facets = facets_of(site.records.facets, [summary.record for summary in scan.summaries])
    everything = np.ones(scan.effects.record.size, dtype=bool)
    yield _sentences_page(site, frames("sentences", "Sentences"), scan, everything, "", facets)
    for facet in facets:
        of_papers = [facet.of(summary.record) for summary in scan.summaries]
        for value in _shown(facet):
            member = np.array([value in values for values in of_papers], dtype=bool)
            frame = frames("sentences-of", f"Sentences: {value}", slug(facet.name), slug(value))
            yield _sentences_page(site, frame, scan, member[scan.effects.record], f"{facet.name}: {value}", facets)


def _shown(facet: Facet) -> list[str]:
    """The values that have a page."""
    if not facet.several:
        return [value for value, _ in facet.counts]
    return [value for value, papers in facet.counts[:PAGES] if papers > 1]


def _links(frame: Frame, facet: Facet) -> FacetLinks:
    shown, every = _shown(facet), len(facet.counts)
    return FacetLinks(
        name=facet.name,
        links=tuple(
            Link(text=value, href=frame.link("sentences-of", slug(facet.name), slug(value))) for value in shown
        ),
        among=f"the most frequent of {every:,}" if len(shown) < every else "",
    )


def _sentences_page(
    site: Site, frame: Frame, scan: Scan, among: Mask, scope: str, facets: Sequence[Facet]
) -> SentencesPage:
    every = scan.effects.leading[among]
    largest = float(np.max(np.nan_to_num(np.abs(every)), initial=0.0)) or 1.0
    return SentencesPage(
        frame=frame,
        scope=scope,
        considered=int(among.sum()),
        papers=len(np.unique(scan.effects.record[among])),
        shared=scan.effects.shared,
        not_asked="",
        marks=_marks(scan, among),
        ask_mark=ASK_MARK,
        limit=limit_label(),
        checkpoints=scan.verdicts.checkpoints,
        rankings=tuple(_ranking(site, frame, scan, among, toward, largest) for toward in (1, 0)),
        overall=Link(text=f"all {frame.nouns.many}", href=frame.link("sentences")),
        facets=tuple(_links(frame, facet) for facet in facets if _shown(facet)),
    )


def _marks(scan: Scan, among: Mask) -> tuple[str, ...]:
    """What is said of the marks of these sentences."""
    verdicts = scan.verdicts
    found, evidence, names = verdicts.significance, verdicts.evidence, verdicts.names
    label = evidence.label[evidence.record]
    return clear_in_list(
        [
            (names[y], int(np.sum(found.passes[of])), int(np.sum(of)))
            for y in (1, 0)
            for of in (among & evidence.eligible & (label == y),)
        ],
        in_all=(int(found.passes.sum()), int(evidence.eligible.sum())),
        as_clear=int(np.sum(among & found.marked & ~found.passes)),
        alpha=found.alpha,
        warned=[(names[y], names[1 - y]) for y in (1, 0) if verdicts.controls.classes[y].warns],
        nouns=verdicts.nouns,
    )


def _ranking(site: Site, frame: Frame, scan: Scan, among: Mask, toward: int, largest: float) -> Ranking:
    """The strongest sentences, of near-duplicates the strongest alone, and the strongest with a mark."""
    effects, group = scan.effects, scan.repeats.group
    alike = np.bincount(group[among], minlength=scan.repeats.size.size)
    rows = effects.ranked(toward=toward, limit=effects.record.size, among=among)
    _, first = np.unique(group[rows], return_index=True)
    rows = rows[np.sort(first)]
    passing = np.flatnonzero(scan.verdicts.significance.marked[rows])[: site.output.ranked]
    shown = np.union1d(np.arange(min(rows.size, site.output.ranked)), passing).tolist()
    return Ranking(
        toward=site.classes.names[toward],
        key="positive" if toward else "negative",
        positive=toward == 1,
        passing=passing.size,
        sentences=tuple(
            _sentence(
                site,
                frame,
                scan,
                int(rows[k]),
                toward=toward,
                rank=k + 1,
                largest=largest,
                alike=int(alike[group[rows[k]]]),
                beyond=k >= site.output.ranked,
            )
            for k in shown
        ),
    )


def _sentence(
    site: Site,
    frame: Frame,
    scan: Scan,
    row: int,
    *,
    toward: int,
    rank: int,
    largest: float,
    alike: int,
    beyond: bool,
) -> RankedSentence:
    summary, number = scan.summaries[int(scan.effects.record[row])], int(scan.effects.number[row])
    share, verdict = float(scan.effects.leading[row]), scan.verdicts.of_row(row)
    without = summary.probability - float(scan.effects.change[row])
    place = f"sentence {number + 1} of {len(summary.sentences)}"
    unsaid = site.records.publish == "scores"
    repeated = bool(summary.heading) and len(summary.sentences) == 1  # the record is named by this very sentence
    return RankedSentence(
        rank=rank,
        text=summary.title if unsaid else summary.quoted(number),
        href=frame.to(summary.sentence(number)),
        place=place if unsaid or repeated else f"{place} · {summary.title}",
        label="" if summary.record.label is None else site.classes.names[summary.record.label],
        share=round(share, 4),
        share_text=log_odds(share),
        length=round(abs(share) / largest, 3),
        alone=_order(float(probability(scan.effects.alone[row]))),
        answer=round(summary.probability, 4),
        answer_text=percent(summary.probability),
        without=_order(without),
        without_text=percent(without),
        alike=alike,
        beyond=beyond,
        verdict=verdict,
        other_way=site.classes.names[verdict.toward] if verdict.marked and verdict.toward != toward else "",
    )


def _order(p: float) -> float:
    """What a table orders a probability by: before all others where it is not known."""
    return -1.0 if np.isnan(p) else round(p, 4)
