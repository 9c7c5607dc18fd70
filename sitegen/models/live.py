"""A model that runs in a page of the site, so that readers can try it on texts of their own.

A page has a limit of bytes, and a model may have more numbers than fit in. So there are two steps, for each kind that
can do this at all:

    choose    in which *form* the numbers fit: as they are, rounded, or without rare words. A form is plain JSON, which
              is kept with the scores, so that the pages are made of the same numbers that were tried.
    publish   the model in that form: what the page's program reads, and a Classifier with the very same numbers, by
              which it is measured what the rounding costs.

What the page's program makes of it is in templates/assets/live-*.js.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from sitegen.models.protocol import Classifier, Precision

Form = Mapping[str, Any]  # JSON
Counts = Callable[[], Mapping[str, int]]  # how often the site's texts have each word; asked where words must go


@runtime_checkable
class Publisher(Protocol):
    """Loads the classifier with the published numbers."""

    def __call__(self, *, precision: Precision) -> Classifier: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveModel:
    """A model in a form.

    numbers: what readers are told of the form: "weights" and "vectors", each "float32", "float16" or "int8", "words",
    how many it knows, and "of", how many the model knows. exact: whether they are the model's numbers, all of them,
    as they are. script: makes what the page's program is given, JSON. load: the classifier with these numbers. certain:
    whether a model with exact numbers answers the same for certain. cause: why it may not, as a clause.
    """

    numbers: Mapping[str, Any]
    exact: bool
    script: Callable[[], Mapping[str, Any]]
    load: Publisher
    certain: bool = True
    cause: str = "To fit in a page, the model's numbers are rounded"


@runtime_checkable
class Chooser(Protocol):
    """The form of a model that takes at most `limit` bytes of a script; where there is none, a sentence why."""

    def __call__(self, model: Any, /, *, limit: int, counts: Counts) -> Form | str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveKind:
    """The two steps for one kind of model, given its folder, or its Source where it has none."""

    choose: Chooser
    publish: Callable[[Any, Form], LiveModel]


def too_large(limit: int) -> str:
    """Why a model with too many numbers cannot run in a page, in a sentence."""
    return (
        f"The model has more numbers than a page is given here: even rounded, and with few words, they take more than "
        f"the {limit / 1e6:g} MB that live.megabytes allows."
    )
