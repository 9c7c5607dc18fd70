"""The pages of sentences: those with the largest shares, over the corpus and over each facet value.

The lists themselves are made in ranked_sentences.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from sitegen.config import Site
from sitegen.web.facets import Facet
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Link, Page
from sitegen.web.ranked_sentences import Mask, SentenceLists, sentence_lists
from sitegen.web.scan import Scan
from sitegen.web.text.asked import lacking
from sitegen.web.text.numbers import slug


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
    lists: SentenceLists  # toward either class, and what is said of them
    overall: Link  # to the page of the whole corpus
    facets: tuple[FacetLinks, ...]  # to the pages of all facet values


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[SentencesPage]:
    """The corpus's page, then one page per value of each facet."""
    return sentence_pages(inputs.site, frames, scan, not_asked=lacking(inputs.plan, "single sentences do"))


def sentence_pages(site: Site, frames: Frames, scan: Scan, *, not_asked: str = "") -> Iterator[SentencesPage]:
    """The corpus's page, then one page per value of each facet; of a facet of several values a paper, one for each of
    the most frequent that more than one paper has. not_asked: why nothing is known of sentences, should that be so."""
    make = partial(_sentences_page, site, scan=scan, not_asked=not_asked)
    yield make(frames("sentences", "Sentences"), among=np.ones(scan.effects.record.size, dtype=bool), scope="")
    for facet in scan.facets:
        of_papers = [facet.of(summary.record) for summary in scan.summaries]
        for value in facet.paged:
            member = np.array([value in values for values in of_papers], dtype=bool)
            frame = frames("sentences-of", f"Sentences: {value}", slug(facet.name), slug(value))
            yield make(frame, among=member[scan.effects.record], scope=f"{facet.name}: {value}")


def _links(frame: Frame, facet: Facet) -> FacetLinks:
    shown, every = facet.paged, len(facet.counts)
    return FacetLinks(
        name=facet.name,
        links=tuple(
            Link(text=value, href=frame.link("sentences-of", slug(facet.name), slug(value))) for value in shown
        ),
        among=f"the most frequent of {every:,}" if len(shown) < every else "",
    )


def _sentences_page(site: Site, frame: Frame, *, scan: Scan, among: Mask, scope: str, not_asked: str) -> SentencesPage:
    return SentencesPage(
        frame=frame,
        scope=scope,
        lists=sentence_lists(site, frame, scan, among, limit=site.output.ranked, not_asked=not_asked),
        overall=Link(text=f"all {frame.nouns.many}", href=frame.link("sentences")),
        facets=tuple(_links(frame, facet) for facet in scan.facets if facet.paged),
    )
