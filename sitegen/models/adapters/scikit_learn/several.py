"""Pipelines that tell more than two classes apart, of which a site asks for one against all the others together.

A margin is made of a number a class (C of them), as each kind of pipeline makes its own probabilities of them:

    log-odds, log-probabilities   the probabilities are the softmax of the numbers, so the margin is the number of the
                                  positive class less the logarithm of the sum of the others' exponentials
    one-vs-rest                   each number is the log-odds of a model of its own, for one class against the rest;
                                  scikit-learn divides the C probabilities by their sum, and so does the margin
    distance                      no probabilities: the number of the positive class less the largest of the others, so
                                  that the margin is positive where the pipeline decides for the class
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float64

from sitegen.corpus.arrays import Array
from sitegen.errors import ModelError
from sitegen.models.manifest import SET_POSITIVE
from sitegen.models.probabilities import against_rest

_PLAIN = {
    "log-odds": "the softmax of its decision function over all classes",
    "one-vs-rest": "its one-vs-rest probabilities, divided by their sum",
    "log-probabilities": "its classes' log-probabilities",
    "probabilities": "its probability of that class",
    "distance": "its decision function: that of the class less the largest of the others; a distance and no log-odds",
}


def margin_of(numbers: Float64[np.ndarray, "n C"], *, positive: int, how: str) -> Float64[np.ndarray, " n"]:
    """The margin of one class against the others, from the numbers of all classes; see the module's docstring."""
    if how == "distance":
        margins: Array = numbers[:, positive] - np.delete(numbers, positive, axis=1).max(axis=1)
        return margins
    if how == "one-vs-rest":
        numbers = -np.logaddexp(0.0, -numbers)  # the logarithm of each probability
    return against_rest(numbers, positive)


def is_one_vs_rest(final: Any) -> bool:
    """Whether a classifier of more than two classes is made of one logistic model a class."""
    kind = type(final).__name__
    if kind == "OneVsRestClassifier":
        return not final.multilabel_ and all(_is_logistic(one) for one in final.estimators_)
    if kind == "SGDClassifier":
        return _is_logistic(final)
    ovr = getattr(final, "multi_class", "") == "ovr" or getattr(final, "solver", "") == "liblinear"
    return _is_logistic(final) and ovr  # as scikit-learn before 1.8 could be told


def place_of(labels: Sequence[str], classes: tuple[str, str], *, name: str) -> int:
    """Which of the labels is the positive class; ModelError where none is called as the site calls it."""
    folded = [label.strip().casefold() for label in labels]
    if classes[1].strip().casefold() not in folded:
        raise ModelError(
            f"{name}: tells {len(labels)} classes apart ({listed(labels)}), none of which is “{classes[1]}”. "
            f"{SET_POSITIVE}."
        )
    return folded.index(classes[1].strip().casefold())


def check_columns(final: Any, *, name: str) -> None:
    """ModelError where a decision function has no number for each class."""
    if getattr(final, "decision_function_shape", "") == "ovo":
        raise ModelError(
            f"{name}: its decision function compares classes two by two, and has no number for each class. Fit it "
            f'with decision_function_shape="ovr".'
        )


def about(labels: Sequence[str], classes: tuple[str, str], how: str) -> str:
    """A paragraph for the methods page."""
    return (
        f"This model tells {len(labels)} classes apart: {listed(labels)}. These pages ask it for one of them, "
        f"“{classes[1]}”, against all the others together, which are called “{classes[0]}” here. Its answer is made of "
        f"{_PLAIN[how]}. A word that speaks for any of the other classes speaks against “{classes[1]}”."
    )


def plain(how: str, positive: str) -> str:
    """What the answer is, in a line."""
    return f"“{positive}” against all other classes together, from {_PLAIN[how]}"


def listed(labels: Sequence[str]) -> str:
    """The classes, in the model's order; the first ten."""
    more = f" and {len(labels) - 10} more" if len(labels) > 10 else ""
    return ", ".join(labels[:10]) + more


def _is_logistic(estimator: Any) -> bool:
    kind = type(estimator).__name__
    return kind in ("LogisticRegression", "LogisticRegressionCV") or (
        kind == "SGDClassifier" and estimator.loss == "log_loss"
    )
