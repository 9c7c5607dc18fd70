"""The page on the test: which sentences, read alone, speak clearly for their class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from sitegen.config import Site
from sitegen.web.components import Finding, Section, Tile
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frames, Page
from sitegen.web.pages.significance.answers import answer, of_class, tiles
from sitegen.web.pages.significance.controls import controls
from sitegen.web.pages.significance.marks import examples, marks, reasons
from sitegen.web.pages.significance.numbers import limits, numbers
from sitegen.web.pages.significance.results import Results
from sitegen.web.pages.significance.thresholds import how, thresholds
from sitegen.web.scan import Scan
from sitegen.web.text.asked import lacking


@dataclass(frozen=True, slots=True, kw_only=True)
class SignificancePage(Page):
    """More than luck?"""

    template: ClassVar[str] = "significance.html"
    answer: tuple[str, ...]  # sentences, the answer itself first
    tiles: tuple[Tile, ...]  # the same in numbers
    sections: tuple[Section, ...]  # from top to bottom
    not_asked: str  # why it is not known what any sentence says alone; "" where it is

    @property
    def charts(self) -> dict[str, dict[str, Any]]:
        """The specifications that the page's script draws, by the key of their finding."""
        heads = [section.head for section in self.sections]
        return {head.key: head.chart for head in heads if isinstance(head, Finding) and head.chart}


def significance_page(site: Site, results: Results, *, not_asked: str = "") -> SignificancePage:
    """The page of one test. not_asked: why the model was not asked about sentences alone, should that be so."""
    sections = (
        *(of_class(results, one) for one in results.classes),
        thresholds(results),
        controls(results, site),
        how(results),
        marks(results),
        examples(results),
        reasons(results),
        limits(results),
        numbers(results, site),
    )
    return SignificancePage(
        frame=results.frame,
        answer=answer(results),
        tiles=tiles(results),
        sections=tuple(section for section in sections if section),
        not_asked="" if results.verdicts.evidence.asked.any() else not_asked,
    )


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[SignificancePage]:
    """The one page."""
    results = Results.of(
        frames("significance", "More than luck?"),
        scan.verdicts,
        inputs.controls[inputs.first],
        effects=scan.effects,
        summaries=scan.summaries,
    )
    yield significance_page(inputs.site, results, not_asked=lacking(inputs.plan, "single sentences say by themselves"))
