"""The page of sentences: those with the largest shares, over the corpus; those of a facet's value are on its page.

The lists themselves are made in ranked_sentences.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sitegen.config import Site
from sitegen.web.facets import Facet
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Link, Page
from sitegen.web.ranked_sentences import SentenceLists, sentence_lists
from sitegen.web.scan import Scan
from sitegen.web.text.asked import lacking
from sitegen.web.text.numbers import excerpt, slug

VALUE = 120  # characters of a facet's value


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetLinks:
    """The pages of one facet."""

    all: Link  # to the comparison of its values, by the facet's name
    links: tuple[Link, ...]  # one per value
    among: str  # of how many values these are the most frequent; "" where there are no others

    @classmethod
    def of(cls, frame: Frame, facet: Facet) -> FacetLinks:
        """Those of a facet, from the frame's page."""
        name, every = slug(facet.name), len(facet.counts)
        return cls(
            all=Link(text=facet.name, href=frame.link("facet", name)),
            links=tuple(
                Link(text=excerpt(value, VALUE), href=frame.link("facet-of", name, slug(value)))
                for value in facet.paged
            ),
            among=f"the most frequent of {every:,}" if len(facet.paged) < every else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencesPage(Page):
    """The most influential sentences of the corpus."""

    template: ClassVar[str] = "sentences.html"
    lists: SentenceLists  # toward either class, and what is said of them
    facets: tuple[FacetLinks, ...]  # to the pages of all facet values


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[SentencesPage]:
    """The one page."""
    yield sentences_page(inputs.site, frames, scan, not_asked=lacking(inputs.plan, "single sentences do"))


def sentences_page(site: Site, frames: Frames, scan: Scan, *, not_asked: str = "") -> SentencesPage:
    """The page. not_asked: why nothing is known of sentences, should that be so."""
    frame, everything = frames("sentences", "Sentences"), np.arange(scan.effects.record.size)
    return SentencesPage(
        frame=frame,
        lists=sentence_lists(site, frame, scan, everything, limit=site.output.ranked, not_asked=not_asked),
        facets=tuple(FacetLinks.of(frame, facet) for facet in scan.facets if facet.paged),
    )
