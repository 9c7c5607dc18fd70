"""The records on which two models disagree, with what each of them followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sitegen.config import Site
from sitegen.web.components import Answer, Section
from sitegen.web.layout import Frame
from sitegen.web.model_scan import ModelScan
from sitegen.web.pages.models.pair import Pair, followed
from sitegen.web.pages.record.models import place_of
from sitegen.web.pages.record.sentences import HARDLY
from sitegen.web.summary import RecordSummary
from sitegen.web.text.numbers import excerpt, percent, points, points_size

LISTED = 50  # records at most, those with the furthest probabilities


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one model says of a record."""

    model: str
    predicted: str  # the class's name
    positive: bool  # whether it is the positive one
    percent: str
    right: str  # "right", "wrong", or "" without a label
    points: str  # of the sentence it followed, signed; "" where none is known
    upward: bool  # whether that is toward the positive class
    sentence: str  # its text, as far as that is published
    sentence_href: str  # where it stands on the record's page
    number: int  # its number, from 1; 0 without one
    symbol: str  # of its mark; "" without one
    word: str  # the mark in a word or two
    begins: str  # what the model says before it reads anything
    title: str  # what it says of the title alone; "" where there is none, or that is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A record with two answers."""

    title: str
    href: str  # the place on its page where both stand side by side
    label: str  # the gold label's name; "" without one
    same: bool  # whether both followed the same sentence
    sides: tuple[Side, Side]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreements:
    """The records on which two models disagree."""

    partial: ClassVar[str] = "partials/disagreements.html"
    total: int  # how many there are, where the list is cut
    all_href: str  # the gallery of all of them
    hardly: str  # points of probability below which no sentence counts as followed
    records: tuple[Disagreement, ...]


def section(site: Site, frame: Frame, pair: Pair, *, key: str, number: int) -> Section:
    """The list, the furthest apart first. number: of the other model among the site's further ones, from 0."""
    apart, nouns = pair.disagreements(), frame.nouns
    answer = (
        f"They disagree on {nouns.count(len(apart))}. Those with the furthest answers stand first, each with the "
        "sentence that moved a model most toward what it said."
        if apart
        else f"Nowhere: there is no {nouns.one} to which they give two answers."
    )
    head = Answer(key=f"disagree-{key}", question="Where do they part, and what did each follow?", answer=answer)
    if not apart:
        return Section(head=head)
    return Section(
        head=head,
        parts=(
            Disagreements(
                total=len(apart),
                all_href=f"{frame.home}#differ{number}=1",
                hardly=points_size(HARDLY),
                records=tuple(_disagreement(site, frame, pair, k) for k in apart[:LISTED]),
            ),
        ),
    )


def _disagreement(site: Site, frame: Frame, pair: Pair, k: int) -> Disagreement:
    a, b = pair.at(k)
    sides = (_side(site, frame, pair.a, a, k), _side(site, frame, pair.b, b, k))
    return Disagreement(
        title=a.title,
        href=frame.to(f"{a.page}#{place_of(pair.b.model)}"),
        label="" if a.record.label is None else site.classes.names[a.record.label],
        same=pair.same_sentences(k) and sides[0].number == sides[1].number > 0,
        sides=sides,
    )


def _side(site: Site, frame: Frame, model: ModelScan, summary: RecordSummary, k: int) -> Side:
    found = followed(model, k)
    return Side(
        model=model.model,
        predicted=site.classes.names[summary.predicted],
        positive=summary.predicted == 1,
        percent=percent(summary.probability),
        right="" if summary.right is None else "right" if summary.right else "wrong",
        points=points(found.points) if found else "",
        upward=bool(found and found.points > 0),
        sentence=excerpt(summary.quoted(found.number)) if found else "",
        sentence_href=frame.to(summary.sentence(found.number)) if found else "",
        number=found.number + 1 if found else 0,
        symbol=found.symbol if found else "",
        word=found.word if found else "",
        begins=percent(model.alone[k][0]),
        title=percent(model.alone[k][1]) if summary.record.title and not np.isnan(model.alone[k][1]) else "",
    )
