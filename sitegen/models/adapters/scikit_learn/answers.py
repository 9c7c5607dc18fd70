"""What number a pipeline's answer is, in log-odds of the positive class as far as that can be had.

In this order:

    its decision function   where that is the log-odds: logistic regression, SGD with the log loss, alone, in a
                            one-vs-rest of two classes or behind a search over parameters
    its log-probabilities   of a naive Bayes, which computes with them: their difference
    its probabilities       of all others that have some (calibrated ones, forests, boosted trees, networks): their
                            log-odds, bounded (contract.LEAST)
    its decision function   of those that have none (linear support vectors, ridge, perceptron): a distance from the
                            boundary. It is no log-odds, and a note says so; signs and orders are right all the same.

The positive class is the one whose label is the site's name for it; where no label is, the one that is not called as
the site's negative class; where neither is known, the second of `classes_`, as scikit-learn has it. Of more than two
classes, one is asked for against the others where the site says so: see several.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from jaxtyping import Float64

from sitegen.corpus.arrays import Array
from sitegen.errors import ModelError
from sitegen.models.adapters.contract import BOUNDED, foreign, joined, log_odds_of, positive_of
from sitegen.models.adapters.scikit_learn import several
from sitegen.models.manifest import AGAINST_REST, Fact
from sitegen.models.protocol import Text

How = Literal["log-odds", "one-vs-rest", "log-probabilities", "probabilities", "distance"]
_BATCH = 4096  # strings that a pipeline is given at once
_LOGISTIC = {"LogisticRegression", "LogisticRegressionCV"}
_DISTANCE = (
    "This model has no probabilities. It answers with a distance from the boundary between its classes, which is no "
    "log-odds: signs and orders are right, but the percentages of these pages are the logistic function of that "
    "distance, and nobody has compared them with how often such texts are of the class."
)
_PLAIN = {
    "log-odds": "its decision function, in log-odds",
    "log-probabilities": "the difference of its classes' log-probabilities",
    "probabilities": "the log-odds of its probability",
    "distance": "its decision function, a distance and no log-odds",
}


class Answer:
    """A TextClassifier that calls a pipeline.

    estimator: the pipeline. final: its last step, unwrapped. how: what the margin is. labels: C of them, the names of
    its classes; positive: which of them is the positive one, by its place, and its name on the pages. sign: of two
    classes, -1 where the positive class is the first. join: between title and abstract. facts, notes: for the methods
    page.
    """

    def __init__(
        self,
        estimator: Any,
        *,
        name: str,
        how: How,
        labels: Sequence[str],
        positive: tuple[int, str],
        join: str,
        about: Sequence[str],
    ) -> None:
        self.estimator, self.how, self.join = estimator, how, join
        self.labels = tuple(labels)
        self.positive, self._called = positive
        self.sign = 1 if self.positive == 1 else -1
        self.final = final_of(estimator)
        self.name = name
        self.notes = (*about, *((BOUNDED,) if how == "probabilities" else (_DISTANCE,) if how == "distance" else ()))

    @property
    def several(self) -> bool:
        """Whether it tells more than two classes apart."""
        return len(self.labels) > 2

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Its steps, what it knows, and what its answer is."""
        steps = _steps(self.estimator)
        known = [_known(step) for step in steps if hasattr(step, "vocabulary_")]
        return (
            ("Kind", "a scikit-learn pipeline", ""),
            ("Steps", " → ".join(type(step).__name__ for step in steps), ""),
            *(("Vocabulary", value, "") for value in known),
            *(
                (("Tells apart", f"{len(self.labels)} classes: {several.listed(self.labels)}", ""),)
                if self.several
                else ()
            ),
            ("Its answer", several.plain(self.how, self._called) if self.several else _PLAIN[self.how], ""),
        )

    def margins(self, texts: Sequence[Text]) -> Float64[np.ndarray, " n"]:
        """The margin of each text, in log-odds."""
        return self.of_strings([joined(text, self.join) for text in texts])

    def of_strings(self, strings: Sequence[str]) -> Float64[np.ndarray, " n"]:
        """The margin of each string; strings that are equal are read once."""
        distinct = list(dict.fromkeys(strings))
        answers = [self._ask(distinct[start : start + _BATCH]) for start in range(0, len(distinct), _BATCH)]
        number = {text: k for k, text in enumerate(distinct)}
        margins: Array = np.concatenate([np.zeros(0), *answers])[[number[text] for text in strings]]
        return margins

    def _ask(self, strings: list[str]) -> Array:
        estimator = self.estimator
        with foreign(self.name):
            if self.how in ("log-odds", "one-vs-rest", "distance"):
                numbers: Array = np.asarray(estimator.decision_function(strings), dtype=np.float64)
            elif self.how == "log-probabilities":
                logs = np.asarray(estimator.predict_log_proba(strings), dtype=np.float64)
                numbers = logs if self.several else logs[:, 1] - logs[:, 0]
            else:
                chances = np.asarray(estimator.predict_proba(strings), dtype=np.float64)
                if self.several:
                    return log_odds_of(chances[:, self.positive], name=self.name)
                numbers = log_odds_of(chances[:, 1], name=self.name)
        return self.margins_from(numbers)

    def margins_from(self, numbers: Float64[np.ndarray, "..."]) -> Float64[np.ndarray, " n"]:
        """The margins, from the number of the second class against the first, (n,), or of each of more classes,
        (n, C)."""
        if self.several:
            return several.margin_of(numbers, positive=self.positive, how=self.how)
        margins: Array = self.sign * numbers.reshape(-1)
        return margins


def answer_of(estimator: Any, *, name: str, classes: tuple[str, str], join: str, rest: bool = False) -> Answer:
    """The pipeline as a TextClassifier. classes: (negative, positive), the site's names. rest: whether the negative
    class is all that it has beside the positive one. ModelError where it cannot be one."""
    labels = getattr(estimator, "classes_", None)
    if labels is None or not any(hasattr(estimator, method) for method in ("decision_function", "predict_proba")):
        raise ModelError(
            f"{name}: holds a {type(estimator).__name__}, which is no classifier that was fitted. Give the whole "
            f"fitted pipeline, from the text to the answer."
        )
    named = [str(label) for label in labels]
    if len(named) > 2 and rest:
        place = several.place_of(named, classes, name=name)
        how = _how_of_several(estimator)
        if how == "distance":
            several.check_columns(final_of(estimator), name=name)
        about = [several.about(named, classes, how)]
        return Answer(estimator, name=name, how=how, labels=named, positive=(place, classes[1]), join=join, about=about)
    if len(named) != 2:
        remedy = AGAINST_REST if len(named) > 2 else "Fit one that tells one class from the rest"
        raise ModelError(
            f"{name}: tells {len(named)} classes apart ({several.listed(named)}); sitegen explains models of two "
            f"classes. {remedy}."
        )
    positive, certain = positive_of(named, classes)
    about = []
    if not certain:
        about.append(
            f"The model calls its classes “{named[0]}” and “{named[1]}”. The second is taken for “{classes[1]}”."
        )
    return Answer(
        estimator,
        name=name,
        how=_how(estimator),
        labels=named,
        positive=(positive, classes[1]),
        join=join,
        about=about,
    )


def final_of(estimator: Any) -> Any:
    """The classifier at the end of a pipeline, out of a search or a one-vs-rest of two classes around it."""
    while True:
        if hasattr(estimator, "best_estimator_"):
            estimator = estimator.best_estimator_
        elif hasattr(estimator, "steps"):
            estimator = estimator.steps[-1][1]
        elif type(estimator).__name__ == "OneVsRestClassifier" and len(estimator.estimators_) == 1:
            (estimator,) = estimator.estimators_
        else:
            return estimator


def _how(estimator: Any) -> How:
    final = final_of(estimator)
    kind = type(final).__name__
    if hasattr(estimator, "decision_function") and (
        kind in _LOGISTIC or (kind == "SGDClassifier" and final.loss == "log_loss")
    ):
        return "log-odds"
    if kind.endswith("NB") and hasattr(estimator, "predict_log_proba"):
        return "log-probabilities"
    return "probabilities" if hasattr(estimator, "predict_proba") else "distance"


def _how_of_several(estimator: Any) -> How:
    final = final_of(estimator)
    if hasattr(estimator, "decision_function") and several.is_one_vs_rest(final):
        return "one-vs-rest"
    return _how(estimator)


def _known(vectorizer: Any) -> str:
    """How many features a vectoriser has, and of what."""
    shortest, longest = getattr(vectorizer, "ngram_range", (1, 1))
    length = f"{longest}" if shortest == longest else f"{shortest} to {longest}"
    unit = {"word": "word", "char": "character", "char_wb": "character"}.get(str(vectorizer.analyzer), "unit")
    plural = unit if length == "1" else f"{unit}s"
    return f"{len(vectorizer.vocabulary_):,} features, each of {length} {plural}"


def _steps(estimator: Any) -> list[Any]:
    inner = getattr(estimator, "best_estimator_", estimator)
    return [step for _, step in inner.steps] if hasattr(inner, "steps") else [inner]
