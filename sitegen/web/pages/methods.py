"""The methods page: what the colours and numbers mean, for readers who never met a model; and what exactly was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from markupsafe import Markup

from sitegen.analysis.attribution.occlusion import AdditiveGrid
from sitegen.analysis.attribution.shapley import EXACT_LIMIT
from sitegen.analysis.network.written import FIELDS, STEPS
from sitegen.config import Site
from sitegen.corpus.tokens import TokenRule
from sitegen.web.components import Fact
from sitegen.web.export.models import ModelFile
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Page
from sitegen.web.pages.try_it import rounding_line
from sitegen.web.scan import Scan
from sitegen.web.text.asked import Asked, asked
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.numbers import count, exact_percent, log_odds, percent, whole_percent
from sitegen.web.text.verdicts import one_in


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """One model as the methods page shows it.

    name: as site.toml has it. additive: whether title and abstract add up. reads_texts: whether it is given whole texts
    rather than words. softmax: whether its probability is the softmax of two outputs. strips_title: whether a title
    repeated before the abstract is left out. fingerprint: of its files, whole. facts: the list of what it is. notes:
    paragraphs below that list. probability_note: a sentence on its probabilities, or nothing. metrics: measures on
    papers it was not trained on. card: its model card. seen: how many of the site's records were in each part of the
    model's own data. tokens: how its tokenizer cuts words. files: those that the fingerprint covers, and their digests.
    settings: what else it covers, as JSON, or nothing.
    format: how they become an answer. published: the files that the site has a copy of, none where it has not.
    recompute: the program that computes its answers again, or nothing; it is published where the site's first model has
    it. no_network: why the units of its network cannot be shown; nothing where they can. in_memory: whether it was an
    object in memory, which has no files. scope: which records alone it is asked about, in a
    sentence; nothing where all.
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
    tokens: TokenRule
    files: tuple[Fact, ...]
    format: Markup
    settings: str = ""
    published: tuple[ModelFile, ...] = ()
    recompute: str = ""
    no_network: str = ""
    in_memory: bool = False
    scope: str = ""


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
class NetworkFacts:
    """The network whose units are shown. All but the last two are texts.

    units: how many each text has in the last layer. voices: with how many they speak there, of title and abstract, by
    direction. bands, explained: the most bands of a direction, and the least of what they keep. error: the most that a
    number made of whole steps is off. two_ways: whether it reads both ways. last_step: whether what reads backward has
    seen the last word alone.
    """

    units: str
    voices: str
    bands: str
    explained: str
    error: str
    two_ways: bool
    last_step: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InPage:
    """A model on the page where readers try it: its name, and how it runs there, or why it cannot, in sentences."""

    model: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodsPage(Page):
    """The methods page."""

    template: ClassVar[str] = "methods.html"
    classes: tuple[str, str]
    threshold: str
    one_in: str  # the level of the test, as a count: "one in twenty"
    exact_limit: int  # sentences of an abstract up to which all of their combinations are read
    strips_title: bool
    models: tuple[ModelFacts, ...]
    rows: int
    records: int
    source: str
    left_out: (
        str  # why there are fewer papers than were read, by the site's choice, in a sentence; "" where there are not
    )
    labels: str  # how the gold labels came about, in sentences; "" where nothing was looked at
    treatments: tuple[Treatment, ...]
    versions: tuple[Fact, ...]
    example: Example | None
    network: NetworkFacts | None  # None where its units are not shown,
    no_network: str  # and why; "" where they are, or are published of no paper
    asked: Asked | None  # what the first model was asked; None where it was asked everything
    live: tuple[InPage, ...]  # the models that readers may try in a page
    no_live: tuple[InPage, ...]  # those that they may not, though site.toml asks for it
    citation: str


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[MethodsPage]:
    """The one page."""
    frame = frames("methods", "Methods")
    yield methods_page(
        inputs.site,
        frame,
        asked=asked(inputs.plan, titled=inputs.site.records.titled),
        models=inputs.models,
        rows=inputs.rows,
        records=len(inputs.records),
        left_out=_left_out(inputs),
        labels=inputs.labels,
        treatments=inputs.treatments,
        versions=inputs.versions,
        example=_example(inputs, scan, frame),
        network=_network(inputs, scan),
        live=tuple(_live(inputs, frame.nouns)),
        no_live=tuple(InPage(model=name, told=why) for name, why in inputs.no_live.items()),
    )


def _live(inputs: SiteInputs, nouns: Nouns) -> Iterator[InPage]:
    for live in inputs.live or ():
        words, of = live.numbers["words"], live.numbers["of"]
        line = rounding_line(live.rounding, nouns=nouns, here="there")
        more = "" if words == of else f" There it knows {words:,} of its {of:,} words."
        yield InPage(model=inputs.site.models[live.number].name, told=line + more)


def _left_out(inputs: SiteInputs) -> str:
    chosen = inputs.selection
    if chosen is None:
        return ""
    return (
        f"Of {Nouns.of(inputs.site).count(chosen.read)} that could be used these pages show the "
        f"{len(inputs.records):,} that {chosen.model} had not learned from: it was trained on {chosen.trained:,} of "
        f"them, and {chosen.stopped:,} helped to decide when training should stop."
    )


def _network(inputs: SiteInputs, scan: Scan) -> NetworkFacts | None:
    if inputs.network is None or scan.likeness is None:
        return None
    report = inputs.network.report
    shape, blocks = report.network, {field: scan.likeness[field][-1].blocks for field in FIELDS}
    every = [block for field in FIELDS for block in blocks[field]]
    steepest = max(float(np.abs(report.of(field).slopes).max()) for field in FIELDS)
    voices = [f"{' and '.join(f'{block.voices:.1f}' for block in blocks[field])} for the {field}" for field in FIELDS]
    return NetworkFacts(
        units=count(shape.directions * shape.hidden, "unit"),
        voices=", ".join(voices),
        bands=str(max(len(block.bands) for block in every)),
        explained=whole_percent(min(block.explained for block in every)),
        error=f"{steepest / STEPS:.1g}",  # both states of a step are off by half of one at most
        two_ways=shape.directions == 2,
        last_step=shape.last_step and shape.directions == 2,
    )


def _example(inputs: SiteInputs, scan: Scan, frame: Frame) -> Example | None:
    """The arithmetic of the record that is nearest to the threshold: there every part can be seen to matter. None
    where title and abstract do not add up."""
    summaries, threshold = scan.summaries, inputs.site.classes.threshold
    if not summaries:
        return None
    k = min(range(len(summaries)), key=lambda n: abs(summaries[n].probability - threshold))
    occlusion = inputs.occlusions(k)[inputs.site.models[0].name]
    grid = occlusion.grid
    if not isinstance(grid, AdditiveGrid):
        return None
    return Example(
        title=summaries[k].title,
        href=frame.to(summaries[k].page),
        title_part=log_odds(float(grid.title[-1])),
        abstract_part=log_odds(float(grid.abstract[-1])),
        bias=log_odds(grid.bias),
        margin=log_odds(occlusion.margin),
        percent=percent(occlusion.probability),
    )


def methods_page(
    site: Site,
    frame: Frame,
    *,
    models: Sequence[ModelFacts],
    rows: int,
    records: int,
    labels: str,
    treatments: Sequence[Treatment],
    versions: Sequence[Fact],
    example: Example | None,
    left_out: str = "",
    network: NetworkFacts | None = None,
    asked: Asked | None = None,
    live: tuple[InPage, ...] = (),
    no_live: tuple[InPage, ...] = (),
) -> MethodsPage:
    """The methods page; everything it counts is given."""
    sentences = (", ".join(site.authors), site.title, f"Made with sitegen {frame.version}")
    closed = [text if text.endswith((".", "?", "!")) else f"{text}." for text in sentences if text]
    return MethodsPage(
        frame=frame,
        classes=site.classes.names,
        threshold=exact_percent(site.classes.threshold),
        one_in=one_in(site.significance.alpha),
        exact_limit=EXACT_LIMIT,
        strips_title=models[0].strips_title,
        models=tuple(models),
        rows=rows,
        records=records,
        source=site.records.files,
        left_out=left_out,
        labels=labels,
        treatments=tuple(replace(one, kind=one.kind.replace("abstract", frame.nouns.text)) for one in treatments),
        versions=tuple(versions),
        example=example,
        network=network,
        asked=asked,
        live=live,
        no_live=no_live,
        no_network="" if network else models[0].no_network or "The pages of this site do not show it.",
        citation=site.citation or " ".join([*closed, site.url]).strip(),
    )
