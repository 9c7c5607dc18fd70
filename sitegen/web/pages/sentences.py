"""The pages of sentences: those that move the model most, over the corpus and over each facet value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sitegen.analysis.significance.evidence import Status
from sitegen.config import Site
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Link, Page
from sitegen.web.scan import Scan
from sitegen.web.sentence_verdicts import Verdict
from sitegen.web.text.numbers import log_odds, points, slug, strength
from sitegen.web.text.verdicts import ASK_REFUSAL, ASK_SIZE, NONE_JUDGED, limit_label, ranking_line

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
JUDGED = (Status.DISTINGUISHABLE, Status.CHANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedSentence:
    """One sentence of a ranking. Of near-duplicates the strongest alone is listed."""

    rank: int  # from 1
    text: str
    href: str  # its place on its record's page
    title: str  # its record's
    label: str  # its record's, "" where there is none
    effect: float  # in log-odds, to sort by
    effect_text: str  # the same as readers see it
    change_text: str  # the same in percentage points
    strength: float  # how strongly it is coloured, 0 to 1
    alike: int  # how many sentences of the page's scope are nearly the same, itself among them
    beyond: bool  # whether it is below the list's end, and here only as one of the strongest distinguishable
    verdict: Verdict  # whether its effect is more than chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The sentences that push toward one class."""

    toward: str  # the class, as readers know it
    key: str  # "positive" or "negative": its place on the page and its colour
    positive: bool  # which class it is
    sentences: tuple[RankedSentence, ...]  # strongest first
    passing: int  # how many of those listed are distinguishable from chance


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetLinks:
    """The pages of one facet."""

    name: str  # the facet's
    links: tuple[Link, ...]  # one per value


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencesPage(Page):
    """The most influential sentences of the corpus or of one facet value."""

    template: ClassVar[str] = "sentences.html"
    scope: str  # "facet: value", "" for the whole corpus
    considered: int  # sentences of this scope
    papers: int  # that they stand in
    judged: int  # sentences that were compared with chance
    distinguishable: int  # those of them that pass
    against: int  # sentences that push against their paper's label
    chance_line: str  # how they pass, and what of the others
    ask_chance: str  # the text of the link after that line
    limit: str  # the text of the switch that shows those that pass alone
    checkpoints: int  # of the model's ensemble, 1 without one
    rankings: tuple[Ranking, ...]  # toward the positive class, then toward the negative one
    overall: Link  # to the page of the whole corpus
    facets: tuple[FacetLinks, ...]  # to the pages of all facet values


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[SentencesPage]:
    """The corpus's page, then one page per value of each facet."""
    return sentence_pages(inputs.site, frames, scan)


def sentence_pages(site: Site, frames: Frames, scan: Scan) -> Iterator[SentencesPage]:
    """The corpus's page, then one page per value of each facet."""
    facets = {
        facet: sorted({summary.record.facets.get(facet, "") for summary in scan.summaries} - {""})
        for facet in site.records.facets
    }
    everything = np.ones(scan.effects.record.size, dtype=bool)
    yield _sentences_page(site, frames("sentences", "Sentences"), scan, everything, "", facets)
    for facet, values in facets.items():
        for value in values:
            member = np.array([summary.record.facets.get(facet, "") == value for summary in scan.summaries], dtype=bool)
            frame = frames("sentences-of", f"Sentences: {value}", slug(facet), slug(value))
            yield _sentences_page(site, frame, scan, member[scan.effects.record], f"{facet}: {value}", facets)


def _sentences_page(
    site: Site, frame: Frame, scan: Scan, among: Mask, scope: str, facets: dict[str, list[str]]
) -> SentencesPage:
    significance = scan.verdicts.significance
    by_p = significance.tau_rule == "p"
    judged = int(np.sum(among & np.isin(significance.status, JUDGED)))
    against = int(np.sum(among & (significance.status == Status.AGAINST)))
    return SentencesPage(
        frame=frame,
        scope=scope,
        considered=int(among.sum()),
        papers=len(np.unique(scan.effects.record[among])),
        distinguishable=int(np.sum(among & significance.distinguishable)),
        judged=judged,
        against=against,
        chance_line=ranking_line(against=against, by_p=by_p) if judged else NONE_JUDGED,
        ask_chance=ASK_SIZE if judged else ASK_REFUSAL,
        limit=limit_label(by_p=by_p),
        checkpoints=scan.verdicts.checkpoints,
        rankings=tuple(_ranking(site, frame, scan, among, toward) for toward in (1, 0)),
        overall=Link(text="all papers", href=frame.link("sentences")),
        facets=tuple(
            FacetLinks(
                name=facet,
                links=tuple(
                    Link(text=value, href=frame.link("sentences-of", slug(facet), slug(value))) for value in values
                ),
            )
            for facet, values in facets.items()
        ),
    )


def _ranking(site: Site, frame: Frame, scan: Scan, among: Mask, toward: int) -> Ranking:
    """The strongest sentences, of near-duplicates the strongest alone, and the strongest distinguishable ones."""
    effects, group = scan.effects, scan.repeats.group
    alike = np.bincount(group[among], minlength=scan.repeats.size.size)
    rows = effects.ranked(toward=toward, limit=effects.record.size, among=among)
    _, first = np.unique(group[rows], return_index=True)
    rows = rows[np.sort(first)]
    passing = np.flatnonzero(scan.verdicts.significance.distinguishable[rows])[: site.output.ranked]
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
                rank=k + 1,
                alike=int(alike[group[rows[k]]]),
                beyond=k >= site.output.ranked,
            )
            for k in shown
        ),
    )


def _sentence(site: Site, frame: Frame, scan: Scan, row: int, *, rank: int, alike: int, beyond: bool) -> RankedSentence:
    summary, number = scan.summaries[int(scan.effects.record[row])], int(scan.effects.number[row])
    start, end = summary.sentences[number]
    effect = float(scan.effects.effect[row])
    return RankedSentence(
        rank=rank,
        text=" ".join(summary.record.abstract[start:end].split()),
        href=frame.to(summary.sentence(number)),
        title=summary.title,
        label="" if summary.record.label is None else site.classes.names[summary.record.label],
        effect=round(effect, 4),
        effect_text=log_odds(effect),
        change_text=points(float(scan.effects.change[row])),
        strength=strength(effect),
        alike=alike,
        beyond=beyond,
        verdict=scan.verdicts.of_row(row),
    )
