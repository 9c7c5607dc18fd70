"""What number a model's logits are: always log-odds of the positive class, never made of probabilities.

    one logit                the log-odds itself, as sigmoid and binary cross-entropy have it
    two logits               their difference: the log-odds of a softmax over two
    more, one is right       the positive class against all others together: its logit minus the logsumexp of theirs.
                             Only where site.toml says that the negative class is all the rest
    several may be right     the positive class's logit alone ("multi_label_classification"): each is a sigmoid

The positive class is the one whose name in `id2label` is the site's name for it; of two, where no name is, the one that
is not called as the site's negative class; where neither is known, the second, and a note says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float64

from sitegen.corpus.arrays import Array
from sitegen.errors import ModelError
from sitegen.models.adapters.contract import positive_of
from sitegen.models.adapters.transformers.folder import CONFIG, Folder
from sitegen.models.probabilities import against_rest

How = Literal["alone", "difference", "rest"]
MULTI, REGRESSION = "multi_label_classification", "regression"
_UNSTATED = (
    "The model gives one number and does not say how it was trained. It is taken for log-odds, which it is after "
    "training with a sigmoid and binary cross-entropy."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How logits become a margin. column: of the positive class. labels: the names of all, in the logits' order. sign:
    -1 where the one logit is that of the negative class. notes: for the methods page."""

    how: How
    column: int
    labels: tuple[str, ...]
    sign: int = 1
    notes: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """It in words, for the methods page."""
        name, count = self.labels[self.column], len(self.labels)
        if self.how == "difference":
            return f"the logit of its class “{name}” minus that of “{self.labels[1 - self.column]}”, in log-odds"
        if self.how == "rest":
            return f"the log-odds of its class “{name}” against its {count - 1} others together"
        if count == 1:
            return "its one logit, in log-odds" + (", with the opposite sign" if self.sign < 0 else "")
        return f"the logit of its class “{name}”, in log-odds; it decides on each of its {count} classes by itself"

    def margins(self, logits: Float64[np.ndarray, "n C"]) -> Float64[np.ndarray, " n"]:
        """The margin of each text, in log-odds."""
        own: Array = logits[:, self.column]
        if self.how == "alone":
            return self.sign * own
        margins: Array = against_rest(logits, self.column)
        return margins


def answer_of(folder: Folder, *, classes: tuple[str, str], rest: bool) -> Answer:
    """What the folder's model answers. classes: (negative, positive), the site's names; rest: whether the negative one
    is all that the model has beside the positive one. ModelError where no such number can be had."""
    labels, file = folder.labels, folder.path / CONFIG
    if folder.problem == REGRESSION:
        raise ModelError(
            f'{file}: "problem_type": the model was trained to give a number ("{REGRESSION}"), which is no log-odds of '
            f"a class. Train a classifier, or say in a Python file of yours what its number means "
            f'(kind = "python", probabilities).'
        )
    if len(labels) == 1:
        return _of_one(labels, classes, stated=bool(folder.problem))
    named = _named(labels, classes[1])
    if folder.problem == MULTI or len(labels) > 2:
        listed = ", ".join(labels[:20]) + (" ..." if len(labels) > 20 else "")
        if folder.problem != MULTI and not rest:
            raise ModelError(
                f"{file}: the model tells {len(labels)} classes apart ({listed}), and sitegen explains one against the "
                f'rest. Below [classes] in site.toml write positive = "..." with the name of one of them, and '
                f"rest = true."
            )
        if named is None:
            raise ModelError(
                f'{file}: "id2label": none of the model\'s classes is called "{classes[1]}" ({listed}). Below '
                f"[classes] in site.toml give positive the name of one of them, or correct the names in {CONFIG}."
            )
        return Answer(how="alone" if folder.problem == MULTI else "rest", column=named, labels=labels)
    return _of_two(labels, classes)


def _of_one(labels: tuple[str, ...], classes: tuple[str, str], *, stated: bool) -> Answer:
    sign = 1 if _named(labels, classes[0]) is None else -1
    return Answer(how="alone", column=0, labels=labels, sign=sign, notes=() if stated else (_UNSTATED,))


def _of_two(labels: tuple[str, ...], classes: tuple[str, str]) -> Answer:
    column, certain = positive_of(labels, classes)
    note = f"The model calls its classes “{labels[0]}” and “{labels[1]}”. The second is taken for “{classes[1]}”."
    return Answer(how="difference", column=column, labels=labels, notes=() if certain else (note,))


def _named(labels: Sequence[str], name: str) -> int | None:
    """The number of the label of that name, whatever its capitals; None where there is none."""
    folded = [label.strip().casefold() for label in labels]
    return folded.index(name.casefold()) if name.casefold() in folded else None
