"""The page of one record: the answer, the figure, the texts coloured by effect, and folded below them all the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

import numpy as np
from jaxtyping import Float

from sitegen.analysis.attribution.occlusion import Occlusion, predicted, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.config import Classes, Site
from sitegen.web.facets import Facet
from sitegen.web.layout import Frame, Link, Page
from sitegen.web.pages.record.account import account
from sitegen.web.pages.record.answer import Answer, answer_of
from sitegen.web.pages.record.experts import Experts, experts, unknown_words
from sitegen.web.pages.record.heatmap import About, Heatmap, heatmap
from sitegen.web.pages.record.inside import InsideFold
from sitegen.web.pages.record.models import Beside, mark_keys
from sitegen.web.pages.record.path import Path, path
from sitegen.web.pages.record.sentences import (
    SentenceRow,
    Together,
    marks_of,
    sentence_rows,
    sentence_sizes,
    together,
)
from sitegen.web.pages.record.story import story_of_panel
from sitegen.web.pages.record.strike import strike_data
from sitegen.web.pages.record.swap import SwapFold
from sitegen.web.pages.record.text import Piece, abstract_pieces, title_pieces
from sitegen.web.pages.record.words import WordRow, word_rows
from sitegen.web.release import withholds
from sitegen.web.sentence_verdicts import Verdict
from sitegen.web.summary import RecordSummary
from sitegen.web.text.addresses import address_of
from sitegen.web.text.numbers import percent, slug
from sitegen.web.text.verdicts import (
    ASK_MARK,
    COLOUR,
    COLOUR_OF_WORDS,
    COLOUR_WITHOUT_SHARE,
    WORDS_NOT_TESTED,
    limit_label,
)
from sitegen.web.text.withheld import withheld_words


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataItem:
    """One column of the record's source, with a link where the value is a DOI or an address."""

    name: str
    value: str
    href: str = ""  # the link; "" where there is none
    parts: tuple[Link, ...] = ()  # the same as the values of a facet, each with its page; "" where one has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The answer of one of the site's models."""

    model: str  # its name
    predicted: str  # the class's name
    percent: str  # the probability of the positive class
    positive: bool  # whether the positive class is predicted


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage(Page):
    """One record's page."""

    template: ClassVar[str] = "record.html"
    title: tuple[Piece, ...]  # as the source has it, cut at its words; none where untitled
    unnamed: str  # what stands for a title where there is none
    answer: Answer
    story: tuple[str, ...]  # how the answer came about, in one or two sentences
    path: Path  # the same as a picture
    pieces: tuple[Piece, ...]  # the abstract, cut at its sentences
    colour: str  # what the colour of sentences says
    colour_of_words: str
    mark_keys: tuple[tuple[str, str], ...]  # what the marks in the abstract say: by which models', and the text
    ask_mark: str  # the link to the page that explains them
    sized: bool  # whether it is known what the sentences did, and they have colours
    sentences: tuple[SentenceRow, ...]  # the table of sentences, the largest share first; none where nothing is known
    together: Together | None  # its last row; None where no share is known
    limit: str  # the switch that limits the table to sentences with a mark; "" where none has one
    words: tuple[WordRow, ...]  # the strongest words of both fields
    words_total: int  # how many words there are, of which something is published
    words_coloured: bool  # whether there are such words in the abstract
    withheld: str  # what is not published of the abstract; "" where all is
    words_read: int  # how many words both texts have
    words_unknown: int  # how many of them the model does not know
    words_judged: str  # what is said of words and the test
    experts: Experts
    notes: tuple[str, ...]  # what a reader should know of this record
    predictions: tuple[Prediction, ...]  # every model's, the shown one's first
    beside: tuple[Beside, ...]  # the site's other models that read this record
    metadata: tuple[MetadataItem, ...]
    previous: Link | None  # the records before and after
    next: Link | None
    thumbnail: str  # links from here on
    methods: str
    significance: str
    heatmap: Heatmap | None  # None where the answer is not known as the texts grow
    not_asked: str  # what the model was not asked of this record, and why; "" where it was asked all
    swap: SwapFold | None  # other titles and abstracts in place of this one's; None where they cannot change places
    inside: InsideFold | None  # what happened inside the network; None where that is not known
    try_it: str  # the link to where its text can be changed and is read again; "" where there is no such page


def record_page(
    site: Site,
    frame: Frame,
    summary: RecordSummary,
    occlusion: Occlusion,
    alone: ReadAlone,
    *,
    verdicts: Sequence[Verdict],
    shapley: Shapley | None,
    untitled: Float[np.ndarray, " subsets"] | None = None,
    predictions: Sequence[tuple[str, float]],
    notes: Sequence[str],
    neighbours: tuple[RecordSummary | None, RecordSummary | None],
    figure: bool,
    not_asked: str = "",
    inside: InsideFold | None = None,
    swap: SwapFold | None = None,
    read: tuple[int, int] | None = None,
    facets: Sequence[Facet] = (),
    beside: Sequence[Beside] = (),
) -> RecordPage:
    """The page of one record.

    alone: what its pieces say by themselves. verdicts, shapley: of its sentences; untitled: the margins of their
    subsets without the title, of a model that is not additive. predictions: (model name, margin) of every model of the
    site; notes: what the reader should know of this record; neighbours: the summaries before and after; figure: whether
    its static figure is drawn; not_asked: what the model was not asked, and why; inside: what is said of the inside of
    the network; swap: of titles and abstracts that change places; read: the words of the abstract that the model reads,
    where it does not read all; facets: over all records of the site; beside: the site's other models on this record.
    """
    classes, document = site.classes, occlusion.document
    published = [token for token in document.abstract.tokens if token]
    before, after = neighbours
    rows = sentence_rows(occlusion, alone, verdicts, shapley)
    replaced = frame.baseline if frame.replaced else ""
    added = None if shapley is None else together(occlusion, alone, shapley, replaced=replaced, nouns=frame.nouns)
    told = account(
        occlusion,
        alone,
        shapley,
        names=classes.names,
        threshold=classes.threshold,
        label=summary.record.label,
        replaced=frame.replaced,
        nouns=frame.nouns,
    )
    sized = bool(rows) and not np.isnan(sentence_sizes(occlusion, shapley)).all()
    known = sized or not np.isnan(alone.sentences).all()
    return RecordPage(
        frame=frame,
        title=title_pieces(occlusion, alone),
        unnamed=summary.title,
        answer=answer_of(classes, summary),
        story=story_of_panel(told),
        path=path(occlusion, alone, threshold=classes.threshold, nouns=frame.nouns),
        pieces=abstract_pieces(document.abstract, rows, read=None if withholds(document.abstract) else read),
        colour=COLOUR_WITHOUT_SHARE if added is None else COLOUR,
        colour_of_words=COLOUR_OF_WORDS,
        mark_keys=mark_keys({"first": marks_of(rows), **{other.key: other.mark_key for other in beside}}),
        ask_mark=ASK_MARK,
        sized=sized,
        sentences=tuple(sorted(rows, key=lambda row: -row.size)) if known else (),
        together=added,
        limit=limit_label() if any(verdict.marked for verdict in verdicts) else "",
        words=word_rows(told.words, nouns=frame.nouns),
        words_total=len(document.title.tokens) + len(published),
        words_coloured=len(published) > 0 and not np.isnan(occlusion.abstract_words).all(),
        withheld=withheld_words(site.records) if withholds(document.abstract) else "",
        words_read=len(document.title.tokens) + len(document.abstract.tokens),
        words_unknown=unknown_words(occlusion),
        words_judged=WORDS_NOT_TESTED,
        experts=experts(occlusion, alone, shapley, rows=rows if known else (), nouns=frame.nouns),
        notes=tuple(notes),
        predictions=tuple(_prediction(classes, name, margin) for name, margin in predictions),
        beside=tuple(beside),
        metadata=_metadata(frame, summary, facets),
        previous=Link(text=before.title, href=frame.to(before.page)) if before else None,
        next=Link(text=after.title, href=frame.to(after.page)) if after else None,
        thumbnail=frame.to(summary.thumbnail),
        methods=frame.link("methods"),
        significance=frame.link("significance"),
        heatmap=heatmap(
            classes,
            occlusion,
            alone,
            shapley=shapley,
            verdicts=verdicts,
            strike=strike_data(occlusion, alone, shapley=shapley, untitled=untitled, replaced=frame.replaced),
            about=About(
                site=site.title,
                address=frame.canonical,
                record=summary.record.id,
                name=summary.name,
                label=summary.record.label,
                version=frame.version,
            ),
            model=site.models[0].name,
            figure=frame.to(summary.figure) if figure else "",
            nouns=frame.nouns,
        ),
        not_asked=not_asked,
        swap=swap,
        inside=inside,
        try_it=_try_it(site, frame, summary),
    )


def _try_it(site: Site, frame: Frame, summary: RecordSummary) -> str:
    there = frame.link_if("try") if site.records.publish == "all" else ""
    return f"{there}#record={quote(summary.name)}" if there and frame.route == "record" else ""


def _prediction(classes: Classes, model: str, margin: float) -> Prediction:
    answer = int(predicted(margin, classes.threshold))
    p = float(probability(margin))
    return Prediction(model=model, predicted=classes.names[answer], percent=percent(p), positive=answer == 1)


def _metadata(frame: Frame, summary: RecordSummary, facets: Sequence[Facet]) -> tuple[MetadataItem, ...]:
    record = summary.record
    parts = {facet.name: _values(frame, facet, facet.of(record)) for facet in facets}
    items = [MetadataItem(name="id", value=record.id)]
    items += [MetadataItem(name=name, value=value, parts=parts.get(name, ())) for name, value in record.facets.items()]
    items += [MetadataItem(name=name, value=value, href=address_of(value)) for name, value in record.metadata.items()]
    return tuple(item for item in items if item.value)


def _values(frame: Frame, facet: Facet, values: Sequence[str]) -> tuple[Link, ...]:
    """The values of a facet, each with the link to its page; "" where it has none."""
    return tuple(
        Link(text=value, href=frame.link("facet-of", slug(facet.name), slug(value)) if facet.has_page(value) else "")
        for value in values
    )
