"""The methods page: what the colours and numbers mean, for readers who never met a model; and what exactly was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from sitegen.config import Site
from sitegen.web.components import Fact
from sitegen.web.layout import Frame, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """One model as the methods page shows it.

    name: as site.toml has it. additive: whether title and abstract add up. reads_texts: whether it is given whole texts
    rather than words. softmax: whether its probability is the softmax of two outputs. strips_title: whether a title
    repeated before the abstract is left out. fingerprint: of its files, whole. facts: the list of what it is. notes:
    paragraphs below that list. probability_note: a sentence on its probabilities, or nothing. metrics: measures on
    papers it was not trained on. card: its model card. seen: how many of the site's records were in each part of the
    model's own data.
    """

    name: str
    additive: bool
    reads_texts: bool
    softmax: bool
    strips_title: bool
    fingerprint: str
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]
    probability_note: str
    metrics: tuple[Fact, ...]
    card: Markup
    seen: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """One kind of problem found in the source and what was done: how often, and the first few messages."""

    kind: str
    action: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A real record to explain with: its link, its title, and the additive arithmetic of its last cell."""

    title: str
    href: str
    title_part: str
    abstract_part: str
    bias: str
    margin: str
    percent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodsPage(Page):
    """The methods page."""

    template: ClassVar[str] = "methods.html"
    classes: tuple[str, str]
    threshold: str
    strips_title: bool
    models: tuple[ModelFacts, ...]
    rows: int
    records: int
    source: str
    treatments: tuple[Treatment, ...]
    versions: tuple[Fact, ...]
    example: Example | None
    citation: str
    data: str
    chance: str
    corpus: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFoundPage(Page):
    """404.html, which a server shows under any address: it can use no relative link."""

    template: ClassVar[str] = "404.html"
    home: str


def methods_page(
    site: Site,
    frame: Frame,
    *,
    models: Sequence[ModelFacts],
    rows: int,
    records: int,
    treatments: Sequence[Treatment],
    versions: Sequence[Fact],
    example: Example | None,
) -> MethodsPage:
    """The methods page; everything it counts is given."""
    sentences = (", ".join(site.authors), site.title, f"Made with sitegen {frame.version}")
    closed = [text if text.endswith((".", "?", "!")) else f"{text}." for text in sentences if text]
    return MethodsPage(
        frame=frame,
        classes=site.classes.names,
        threshold=f"{site.classes.threshold:g}",
        strips_title=models[0].strips_title,
        models=tuple(models),
        rows=rows,
        records=records,
        source=site.records.path.name,
        treatments=tuple(treatments),
        versions=tuple(versions),
        example=example,
        citation=site.citation or " ".join([*closed, site.url]).strip(),
        data=frame.to("data/index.html"),
        chance=frame.to("significance.html"),
        corpus=frame.to("corpus.html"),
    )
