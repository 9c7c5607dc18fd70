"""Another model of the site on the same record: its answer, its figure on the same axis, and what the sentences did by
both models side by side.

A reader switches between the site's model, the other one, and both (templates/assets/models.js), and takes sentences
out for whichever is shown (templates/assets/beside.js). Without scripts all that is said of the other one stands in a
fold of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.config import Site
from sitegen.web.layout import Frame
from sitegen.web.pages.record.account import account
from sitegen.web.pages.record.answer import Answer, answer_of
from sitegen.web.pages.record.heatmap import About, Heatmap, heatmap, taken_out
from sitegen.web.pages.record.path import Path, path
from sitegen.web.pages.record.sentences import SentenceRow, Together, marks_of, sentence_rows, together
from sitegen.web.pages.record.story import story_of_panel
from sitegen.web.pages.record.strike import strike_data
from sitegen.web.sentence_verdicts import Verdict
from sitegen.web.summary import RecordSummary
from sitegen.web.text.numbers import excerpt, percent, slug
from sitegen.web.text.verdicts import COLOUR, COLOUR_WITHOUT_SHARE

WORDS = 70  # characters of a sentence in the table
APART = 0.1  # of the probability: two curves that are never further apart are said to be close throughout


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """All that one model said of a record."""

    occlusion: Occlusion
    alone: ReadAlone
    shapley: Shapley | None
    verdicts: Sequence[Verdict]  # of its sentences
    untitled: Float[np.ndarray, " subsets"] | None = None  # the margins of their subsets without the title, if known


@dataclass(frozen=True, slots=True, kw_only=True)
class BothRow:
    """One sentence by both models."""

    number: int  # from 1
    text: str  # its first words
    first: SentenceRow | None  # by the site's model; None where the two cut the text differently
    other: SentenceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Another model beside the site's."""

    key: str  # its place on the page
    model: str  # the names of the other and of the site's
    first: str
    answer: Answer
    first_percent: str  # what the site's model says
    agrees: bool  # whether both say the same
    story: tuple[str, ...]  # how the other's answer came about
    path: Path
    start: str  # where its shares begin, in the key of the text's colours; "" where there are none
    colour: str  # what its colours say; "" where they say what the page's own do
    mark_key: str  # what the marks say that the text has with its colours; "" where it has none
    numbers: dict[str, Any] | None  # what scripts need to take sentences out, where no figure has it
    heatmap: Heatmap | None  # None where the answer is not known as the texts grow
    apart: str  # where the two curves are furthest apart, in a sentence; "" where that is not known
    same: bool  # whether both cut the text into the same sentences
    shared: bool  # whether it is known what the sentences did by the other's shares
    rows: tuple[BothRow, ...]


def place_of(model: str) -> str:
    """The place on the record's page where another model stands beside the site's."""
    return f"beside-{slug(model)}"


def beside(
    site: Site,
    frame: Frame,
    summary: RecordSummary,
    *,
    model: str,
    first: Read,
    other: Read,
) -> Beside:
    """What the model of that name says of a record, beside the site's. summary: the other's."""
    classes, nouns = site.classes, frame.nouns
    told = account(
        other.occlusion,
        other.alone,
        other.shapley,
        names=classes.names,
        threshold=classes.threshold,
        label=summary.record.label,
        replaced=frame.replaced,
        nouns=nouns,
    )
    name = site.models[0].name
    same = _same(first.occlusion, other.occlusion)
    added = _together(other, frame)
    rows = _rows(first, other)
    strike = _strike(other, frame) if same else None
    figure = heatmap(
        classes,
        other.occlusion,
        other.alone,
        shapley=other.shapley,
        verdicts=other.verdicts,
        strike=strike,
        about=About(
            site=site.title,
            address=frame.canonical,
            record=summary.record.id,
            name=f"{summary.name}-{slug(model)}",
            label=summary.record.label,
            version=frame.version,
        ),
        model=model,
        figure="",
        nouns=nouns,
        beside=first.occlusion.document,
    )
    return Beside(
        key=place_of(model),
        model=model,
        first=name,
        answer=answer_of(classes, summary),
        first_percent=percent(first.occlusion.probability),
        agrees=(first.occlusion.probability >= classes.threshold) == (summary.predicted == 1),
        story=story_of_panel(told),
        path=path(other.occlusion, other.alone, threshold=classes.threshold, nouns=nouns),
        start=f"{added.start} ({added.of})" if added else "",
        colour=_colour(added) if (added is None) != (first.shapley is None) else "",
        mark_key=marks_of(row.other for row in rows) if same else "",
        numbers=None if figure else taken_out(other.occlusion, other.alone, shapley=other.shapley, strike=strike),
        heatmap=figure,
        apart=furthest_apart(first.occlusion, other.occlusion, names=(name, model)),
        same=same,
        shared=other.shapley is not None,
        rows=rows,
    )


def _strike(read: Read, frame: Frame) -> dict[str, Any]:
    return strike_data(
        read.occlusion, read.alone, shapley=read.shapley, untitled=read.untitled, replaced=frame.replaced
    )


def _together(read: Read, frame: Frame) -> Together | None:
    if read.shapley is None:
        return None
    replaced = frame.baseline if frame.replaced else ""
    return together(read.occlusion, read.alone, read.shapley, replaced=replaced, nouns=frame.nouns)


def _colour(added: Together | None) -> str:
    """What a text's colours say, in a sentence. added: what the shares add up to; None where none is known."""
    if added is None:
        return COLOUR_WITHOUT_SHARE
    return f"{COLOUR}: its part, in points, of the way from {added.start} ({added.of}) to the answer."


def mark_keys(said: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Each key of marks once, behind the places of the models whose marks it explains, a space between. said: the key
    of each model's marks, "" where it has none."""
    texts = dict.fromkeys(text for text in said.values() if text)
    return tuple((" ".join(place for place, one in said.items() if one == text), text) for text in texts)


def furthest_apart(first: Occlusion, other: Occlusion, *, names: tuple[str, str]) -> str:
    """Where the answers of two models are furthest apart as the text is read, at the ends of sentences."""
    if not (first.drawn and other.drawn and _same(first, other)) or not first.document.abstract.sentence_ends.size:
        return ""
    a, b = (
        probability(one.cells[-1, one.document.abstract.sentence_ends - 1].astype(np.float64)) for one in (first, other)
    )
    distance = np.abs(a - b)
    k = int(np.argmax(distance))
    if distance[k] < APART:
        return "As the text is read, the two are close throughout."
    return (
        f"They are furthest apart after sentence {k + 1}: {names[0]} then says {percent(float(a[k]))}, "
        f"{names[1]} {percent(float(b[k]))}."
    )


def _same(first: Occlusion, other: Occlusion) -> bool:
    return np.array_equal(first.document.abstract.sentence_spans, other.document.abstract.sentence_spans)


def _rows(first: Read, other: Read) -> tuple[BothRow, ...]:
    rows = sentence_rows(other.occlusion, other.alone, other.verdicts, other.shapley)
    own: Sequence[SentenceRow | None] = [None] * len(rows)
    if _same(first.occlusion, other.occlusion):
        own = sentence_rows(first.occlusion, first.alone, first.verdicts, first.shapley)
    return tuple(
        BothRow(number=row.number, text=excerpt(row.text, WORDS), first=one, other=row)
        for row, one in zip(rows, own, strict=True)
    )
