"""The pages of sentences: those that move the model most, over the corpus and over each facet value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sitegen.analysis.significance.evidence import Status
from sitegen.config import Site
from sitegen.web.layout import Frame, Link, Page
from sitegen.web.scan import Scan
from sitegen.web.sentence_verdicts import Verdict
from sitegen.web.text.numbers import log_odds, points, slug, strength
from sitegen.web.text.verdicts import ASK_REFUSAL, ASK_SIZE, NONE_JUDGED, limit_label, ranking_line

FrameFor = Callable[[str, str], Frame]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
JUDGED = (Status.DISTINGUISHABLE, Status.CHANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedSentence:
    """One sentence of a ranking, linked to its place in its record. alike: how many sentences of the same scope are
    near-duplicates of it, itself among them, of which it is the strongest. beyond: whether it is below the list's end
    and here only as one of the strongest distinguishable."""

    rank: int
    text: str
    href: str
    title: str
    label: str
    effect: float
    effect_text: str
    change_text: str
    strength: float
    alike: int
    beyond: bool
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The sentences that push toward one class, strongest first. `positive`: which class. `passing`: how
    many of the sentences listed are distinguishable from chance."""

    toward: str
    key: str
    positive: bool
    sentences: tuple[RankedSentence, ...]
    passing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetLinks:
    """The pages of one facet: its name and a link per value; `current` is the href of the page itself."""

    name: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencesPage(Page):
    """The most influential sentences of the corpus or of one facet value. Of the `considered` sentences, `judged` were
    compared with chance, and `distinguishable` of these pass; `against` push against their label. `chance_line` says
    so, `ask_chance` is the text of the link after it, `limit` that of the switch that shows those that pass alone."""

    template: ClassVar[str] = "sentences.html"
    scope: str
    considered: int
    papers: int
    distinguishable: int
    judged: int
    against: int
    chance_line: str
    ask_chance: str
    limit: str
    checkpoints: int
    rankings: tuple[Ranking, ...]
    overall: Link
    facets: tuple[FacetLinks, ...]
    methods: str
    chance: str


def sentences_path(facet: str | None = None, value: str = "") -> str:
    """The path of a ranking's page within the site: the corpus's, or one facet value's."""
    return "sentences/index.html" if facet is None else f"sentences/{slug(facet)}/{slug(value)}.html"


def sentence_pages(site: Site, frame_for: FrameFor, scan: Scan) -> Iterator[SentencesPage]:
    """The corpus's page, then one page per value of each facet."""
    facets = {
        facet: sorted({summary.record.facets.get(facet, "") for summary in scan.summaries} - {""})
        for facet in site.records.facets
    }
    everything = np.ones(scan.effects.record.size, dtype=bool)
    yield _sentences_page(site, frame_for(sentences_path(), "Sentences"), scan, everything, "", facets)
    for facet, values in facets.items():
        for value in values:
            member = np.array([summary.record.facets.get(facet, "") == value for summary in scan.summaries], dtype=bool)
            frame = frame_for(sentences_path(facet, value), f"Sentences: {value}")
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
        overall=Link(text="all papers", href=frame.to(sentences_path())),
        facets=tuple(
            FacetLinks(
                name=facet,
                links=tuple(Link(text=value, href=frame.to(sentences_path(facet, value))) for value in values),
            )
            for facet, values in facets.items()
        ),
        methods=frame.to("methods.html"),
        chance=frame.to("significance.html"),
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
