"""The path of an answer: from what the model says before it reads anything, by the title, to title and abstract.

All are the model's own answers, by any kind of model and whatever the site's baseline: an empty text is one without
words. The page shows each step as an arrow on the one scale of probability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import percent

NOTHING = "before it reads anything"  # where a path begins


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One step on the path of an answer. Places are 0 to 1 on the axis of probability."""

    field: str  # title or abstract
    name: str  # what is read in this step
    change: str  # the probabilities before and after it
    left: float  # where its arrow begins, from the left, and how long it is
    width: float
    rising: bool  # whether it goes toward the positive class
    still: bool  # whether both probabilities read the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The path of one answer."""

    start: str  # the probability at its beginning
    read: str  # what the model has read there; "" where the path is not known
    steps: tuple[PathStep, ...]  # in the order of reading; none where the model read nothing
    place: float  # the answer on the axis
    threshold: float  # the probability from which on the positive class is predicted


def path(occlusion: Occlusion, alone: ReadAlone, *, threshold: float, nouns: Nouns = PAPERS) -> Path:
    """The path of one record's answer; a field of which the model read nothing is no step."""
    title, abstract = bool(occlusion.title_known.any()), bool(occlusion.abstract_known.any())
    empty = float(probability(alone.empty))
    ends = []
    if title and not np.isnan(alone.title):
        ends.append(("title", float(probability(alone.title))))
    if abstract:
        ends.append(("abstract", occlusion.probability))
    read = NOTHING
    if np.isnan(empty):  # the first that is known is where the path begins
        read = "with the title alone" if len(ends) > 1 else ""
        empty = ends.pop(0)[1] if ends else occlusion.probability
    steps, before = [], empty
    for field, p in ends:
        steps.append(
            PathStep(
                field=field,
                name=f"+ {nouns.text}"
                if field == "abstract" and title and (len(ends) > 1 or read != NOTHING)
                else field
                if field == "title"
                else nouns.text,
                change=f"{percent(before)} → {percent(p)}",
                left=round(min(before, p), 4),
                width=round(abs(p - before), 4),
                rising=p > before,
                still=percent(p) == percent(before),
            )
        )
        before = p
    return Path(
        start=percent(empty),
        read=read,
        steps=tuple(steps),
        place=round(occlusion.probability, 4),
        threshold=threshold,
    )
