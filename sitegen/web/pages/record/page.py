"""The page of one record: its verdict, the heatmap, the text coloured by effect, and all that is known of the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sitegen.analysis.attribution.occlusion import ZERO, Occlusion, predicted, probability
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.config import Classes, Site
from sitegen.web.layout import Frame, Link, Page
from sitegen.web.pages.record.effects import (
    Effect,
    Piece,
    disagreement,
    pieces,
    sentence_effects,
    word_effects,
    zero,
)
from sitegen.web.pages.record.heatmap import Heatmap, heatmap
from sitegen.web.sentence_verdicts import Verdict
from sitegen.web.summary import RecordSummary
from sitegen.web.text.addresses import address_of
from sitegen.web.text.numbers import percent
from sitegen.web.text.verdicts import WORDS_NOT_TESTED, limit_label

LEAST_CHANGE = 0.005  # of the probability: what moves the answer by less is not told above the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The model's answer for the whole record, and whether it is right."""

    predicted: str  # the class's name
    positive: bool  # whether it is the positive class
    percent: str  # the probability of the positive class
    probability: float
    label: str  # the gold label's name; "" without one
    right: bool | None  # whether both agree; None without a label
    near: bool  # whether the model is nearly undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataItem:
    """One column of the record's source, with a link where the value is a DOI or an address."""

    name: str
    value: str
    href: str = ""  # the link; "" where there is none


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
    title: str  # as the source has it; "" where untitled
    untitled: bool
    answer: Answer
    headline: tuple[str, ...]  # what the most influential sentences do, in up to two sentences
    pieces: tuple[Piece, ...]  # the abstract, cut at its sentences
    sentences: tuple[Effect, ...]  # the table of sentences, strongest first
    limit: str  # the switch that limits the table to sentences that pass; "" where none does
    words_judged: str  # what is said of words and chance
    shared: str  # by which method the sentences' shares are known; "" where they are not
    disagreement: tuple[str, ...]  # where effects and shares tell different stories
    checkpoints: bool  # whether an ensemble's checkpoints were asked, too
    zero: float  # where "no effect" lies on the axis of the bands, 0 to 1
    words: tuple[Effect, ...]  # the strongest words of both fields
    words_total: int  # how many words there are
    notes: tuple[str, ...]  # what a reader should know of this record
    predictions: tuple[Prediction, ...]  # every model's, the shown one's first
    metadata: tuple[MetadataItem, ...]
    previous: Link | None  # the records before and after
    next: Link | None
    thumbnail: str  # links from here on
    methods: str
    significance: str
    heatmap: Heatmap


def record_page(
    site: Site,
    frame: Frame,
    summary: RecordSummary,
    occlusion: Occlusion,
    *,
    verdicts: Sequence[Verdict],
    shapley: Shapley | None,
    predictions: Sequence[tuple[str, float]],
    notes: Sequence[str],
    neighbours: tuple[RecordSummary | None, RecordSummary | None],
    figure: bool,
) -> RecordPage:
    """The page of one record.

    verdicts, shapley: of its sentences. predictions: (model name, margin) of every model of the site; notes: what the
    reader should know of this record; neighbours: the summaries before and after; figure: whether its static
    figure is drawn.
    """
    classes, document = site.classes, occlusion.document
    before, after = neighbours
    sentences = sentence_effects(occlusion, verdicts, shapley)
    return RecordPage(
        frame=frame,
        title=summary.record.title,
        untitled=not summary.record.title,
        answer=_answer(classes, summary),
        headline=_headline(classes, summary, sentences),
        pieces=pieces(occlusion, verdicts),
        sentences=tuple(sorted(sentences, key=lambda row: -abs(row.effect))),
        limit=limit_label() if any(verdict.marked for verdict in verdicts) else "",
        words_judged=WORDS_NOT_TESTED,
        shared="" if shapley is None else shapley.method,
        disagreement=disagreement(occlusion, shapley),
        checkpoints=any(verdict.across for verdict in verdicts),
        zero=zero(occlusion),
        words=word_effects(occlusion),
        words_total=len(document.title.tokens) + len(document.abstract.tokens),
        notes=(*_notes(occlusion), *notes),
        predictions=tuple(_prediction(classes, name, margin) for name, margin in predictions),
        metadata=_metadata(site, summary),
        previous=Link(text=before.title, href=frame.to(before.page)) if before else None,
        next=Link(text=after.title, href=frame.to(after.page)) if after else None,
        thumbnail=frame.to(summary.thumbnail),
        methods=frame.link("methods"),
        significance=frame.link("significance"),
        heatmap=heatmap(
            classes, occlusion, model=site.models[0].name, figure=frame.to(summary.figure) if figure else ""
        ),
    )


def _answer(classes: Classes, summary: RecordSummary) -> Answer:
    label = summary.record.label
    return Answer(
        predicted=classes.names[summary.predicted],
        positive=summary.predicted == 1,
        percent=percent(summary.probability),
        probability=round(summary.probability, 4),
        label="" if label is None else classes.names[label],
        right=summary.right,
        near=abs(summary.probability - classes.threshold) < 0.1,
    )


def _headline(classes: Classes, summary: RecordSummary, sentences: Sequence[Effect]) -> tuple[str, ...]:
    """Up to two plain sentences: what the most influential sentences do, and whether that may be chance."""
    lines = []
    for toward in (summary.predicted, 1 - summary.predicted):
        pushing = [row for row in sentences if abs(row.effect) > ZERO and row.positive == (toward == 1)]
        if pushing:
            best = max(pushing, key=lambda row: abs(row.effect))
            if abs(best.change) < LEAST_CHANGE or best.without_text == percent(summary.probability):
                continue
            verb = "would fall" if toward == 1 else "would rise"
            lines.append(
                f"Sentence {best.number} pushes most toward “{classes.names[toward]}”: without it the probability of "
                f"“{classes.positive}” {verb} from {percent(summary.probability)} to {best.without_text}"
                f"."
            )
    if not lines and len(sentences) > 1:
        lines.append("No single sentence decides: whichever is taken out, the answer stays nearly the same.")
    return tuple(lines)


def _notes(occlusion: Occlusion) -> list[str]:
    document, notes = occlusion.document, []
    unknown = int((~occlusion.title_known).sum() + (~occlusion.abstract_known).sum())
    total = occlusion.title_known.size + occlusion.abstract_known.size
    read = {"title": occlusion.title_known.any(), "abstract": occlusion.abstract_known.any()}
    for field, tokens, other in (
        ("abstract", document.abstract.tokens, "title"),
        ("title", document.title.tokens, "abstract"),
    ):
        if not read[field]:
            lack = f"The model knows no word of this {field}" if tokens else f"This record has no {field}"
            notes.append(f"{lack}: the model read the {other} alone." if read[other] else f"{lack}.")
    if not any(read.values()):
        notes.append("So the model read nothing: what it says here is its guess before reading.")
    if unknown:
        notes.append(
            f"{unknown} of {total} words are not in the model's vocabulary. It skips them; they are dotted in the text."
        )
    if document.abstract.start:
        notes.append("The abstract begins by repeating the title; the model reads what follows.")
    return notes


def _prediction(classes: Classes, model: str, margin: float) -> Prediction:
    answer = int(predicted(margin, classes.threshold))
    p = float(probability(margin))
    return Prediction(model=model, predicted=classes.names[answer], percent=percent(p), positive=answer == 1)


def _metadata(site: Site, summary: RecordSummary) -> tuple[MetadataItem, ...]:
    record = summary.record
    items = [MetadataItem(name="id", value=record.id)]
    items += [MetadataItem(name=name, value=value) for name, value in record.facets.items()]
    items += [MetadataItem(name=name, value=value, href=address_of(value)) for name, value in record.metadata.items()]
    return tuple(item for item in items if item.value)
