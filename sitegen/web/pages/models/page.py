"""The page of a site with several models: the one it is by, beside each of the others.

Of every pair: a headline with three numbers, then questions with their answers. A question is a module of this folder
with a function `section`; to add one, write such a module and put it in `_sections`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sitegen.web.components import Finding, Section, Tile
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Page
from sitegen.web.pages.models import answers, disagreements, sentences, values
from sitegen.web.pages.models.pair import Pair, pairs_of
from sitegen.web.scan import Scan
from sitegen.web.text.numbers import counted_share, slug


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPair:
    """The site's model beside another."""

    key: str  # its place on the page
    a: str  # the names of the two
    b: str
    limit: str  # which records the other one reads, where these are not all; ""
    headline: str
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsPage(Page):
    """Models side by side."""

    template: ClassVar[str] = "models.html"
    pairs: tuple[ModelPair, ...]
    methods: str  # the link to what the models are

    @property
    def charts(self) -> Mapping[str, dict[str, Any]]:
        """The specifications that the page's script draws, by the key of their finding."""
        heads = [section.head for pair in self.pairs for section in pair.sections]
        return {head.key: head.chart for head in heads if isinstance(head, Finding) and head.chart}


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[ModelsPage]:
    """The one page; none of a site with one model."""
    if not inputs.beside:
        return
    frame = frames("models", "Models side by side")
    yield ModelsPage(
        frame=frame,
        pairs=tuple(_pair(inputs, frame, scan, pair, number=k) for k, pair in enumerate(pairs_of(scan))),
        methods=f"{frame.link('methods')}#models",
    )


def _pair(inputs: SiteInputs, frame: Frame, scan: Scan, pair: Pair, *, number: int) -> ModelPair:
    key, nouns, both = slug(pair.b.model), frame.nouns, pair.answers
    all_records = len(inputs.records)
    return ModelPair(
        key=key,
        a=pair.a.model,
        b=pair.b.model,
        limit=""
        if both.n == all_records
        else f"{pair.b.model} reads {nouns.count(both.n)} of {all_records:,}; all numbers here are of these.",
        headline=f"{pair.a.model} and {pair.b.model} agree on {both.same:,} of {nouns.count(both.n)}",
        tiles=_tiles(pair),
        sections=_sections(inputs, frame, scan, pair, key=key, number=number),
    )


def _sections(
    inputs: SiteInputs, frame: Frame, scan: Scan, pair: Pair, *, key: str, number: int
) -> tuple[Section, ...]:
    site, nouns = inputs.site, frame.nouns
    return (
        answers.section(site, frame.palette, nouns, pair, key=key),
        disagreements.section(site, frame, pair, key=key, number=number),
        sentences.section(nouns, pair, key=key),
        *values.sections(scan.facets, nouns, pair, key=key),
    )


def _tiles(pair: Pair) -> tuple[Tile, ...]:
    both = pair.answers
    a, b = both.right
    if not a.size:
        return ()
    labels = f"of {a.size:,} labels right"
    return (
        Tile(value=counted_share(int(a.sum()), a.size), caption=f"{labels}: {pair.a.model}"),
        Tile(value=counted_share(int(b.sum()), b.size), caption=f"{labels}: {pair.b.model}"),
    )
