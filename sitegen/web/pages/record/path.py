"""The path of an answer: what the model says before it reads anything, of the title alone, and of title and abstract.

All are the model's own answers, by any kind of model and whatever the site's baseline: an empty text is one without
words. The page shows them as stops on one axis, each with the step that led to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.web.text.numbers import percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop on the path of an answer. Places are 0 to 1 on the axis of probability."""

    name: str  # what the model has read
    percent: str  # the probability of the positive class
    place: float  # the same
    left: float  # where the step begins that led here, and how long it is
    width: float
    rising: bool  # whether the step goes toward the positive class


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The path of one answer."""

    stops: tuple[Stop, ...]  # two or three, in the order of reading; one where the model read nothing
    threshold: float  # the probability from which on the positive class is predicted
    untitled: str  # what the abstract says without the title; "" where the path has no title before the abstract


def path(occlusion: Occlusion, alone: ReadAlone, *, threshold: float) -> Path:
    """The path of one record's answer; a field of which the model read nothing is no stop."""
    title, abstract = bool(occlusion.title_known.any()), bool(occlusion.abstract_known.any())
    values = [("nothing", float(probability(alone.empty)))]
    if title:
        values.append(("the title alone", float(probability(alone.title))))
    if abstract:
        values.append(("title and abstract" if title else "the abstract", occlusion.probability))
    stops, before = [], values[0][1]
    for name, p in values:
        stops.append(
            Stop(
                name=name,
                percent=percent(p),
                place=round(p, 4),
                left=round(min(before, p), 4),
                width=round(abs(p - before), 4),
                rising=p > before,
            )
        )
        before = p
    both = title and abstract
    return Path(
        stops=tuple(stops),
        threshold=threshold,
        untitled=percent(float(probability(alone.abstract))) if both else "",
    )
