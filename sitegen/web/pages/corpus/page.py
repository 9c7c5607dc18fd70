"""The page about the corpus as a whole: questions, their answers with a chart each, and the papers behind the answers.

The page is a list of sections. Each is made by the function `section` of a module that is named after its question and
holds all of it: the numbers in words, the chart, the lists. To add one, write such a module and put it in SECTIONS; the
entry on top of the page, the chart's script and the place on the page follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sitegen.analysis.corpus.influence import SentenceEffects
from sitegen.analysis.corpus.overview import Tally
from sitegen.config import Site
from sitegen.web.components import Finding, Section
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Page
from sitegen.web.pages.corpus import calibration, fields, mistakes, places, undecided, unknown
from sitegen.web.pages.corpus.corpus import Corpus
from sitegen.web.scan import Scan
from sitegen.web.summary import RecordSummary

SECTIONS = (
    places.section,
    fields.section,
    calibration.section,
    mistakes.section,
    undecided.section,
    unknown.section,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusPage(Page):
    """The whole collection at a glance."""

    template: ClassVar[str] = "corpus.html"
    papers: int  # how many records there are
    shared: bool  # whether its effects are shares; else they are leave-one-out
    sections: tuple[Section, ...]
    methods: str  # the link to the methods page

    @property
    def charts(self) -> Mapping[str, dict[str, Any]]:
        """The specifications that the page's script draws, by the key of their finding."""
        heads = [section.head for section in self.sections]
        return {head.key: head.chart for head in heads if isinstance(head, Finding) and head.chart}


def corpus_page(
    site: Site, frame: Frame, summaries: Sequence[RecordSummary], effects: SentenceEffects, tally: Tally
) -> CorpusPage:
    """The page over all summaries, in corpus order; `tally` and `effects` are of the same records in that order."""
    corpus = Corpus(frame=frame, summaries=summaries, effects=effects, tally=tally)
    return CorpusPage(
        frame=frame,
        papers=len(summaries),
        shared=effects.shared,
        sections=tuple(section(corpus) for section in SECTIONS if frame.nouns.titled or section is not fields.section),
        methods=frame.link("methods"),
    )


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[CorpusPage]:
    """The one page."""
    yield corpus_page(inputs.site, frames("corpus", "The whole collection"), scan.summaries, scan.effects, scan.tally)
