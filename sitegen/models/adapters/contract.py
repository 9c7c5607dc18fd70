"""What a model of anybody's must be able to do, so that sitegen can explain it: one method.

An object is such a model that has one of these two:

    margins(texts)        the log-odds of the positive class, one number a text
    probabilities(texts)  the probability of the positive class, one number a text; or two, of the negative class
                          and of the positive one; or one of each of its classes, where it has `classes`

`texts` is a list. Each of its items is {"title": ..., "abstract": ...}, strings as the author wrote them, capitals and
punctuation included, but for what is hidden, which is taken out of them; either may be empty. Where site.toml says
`join`, each item is one string: title and abstract with `join` between them, one of them alone where the other is
empty. The answer is a list or an array of as many numbers. The same text must get the same answer, whatever texts are
beside it.

These it may have as well:

    facts()           a dictionary of what readers of the methods page should know of it: {"Kind": "...", "Size": "..."}
    fingerprint       a string that changes with the model. Without it the module's file, the path in site.toml and the
                      `version` there say whether it is the same; files that the module reads are not known.
    seen              hashes of the texts that it learned from, as sitegen.corpus.texts.text_hash(title, abstract) makes
                      them: marks that a sentence is clear are only given on papers that are not among them.
    randomised(seed)  the same model before it learned anything: an object like this, with random weights
    words(text)       the [start, end) of each stretch that it reads as a unit, in order and without overlap: these are
                      then the words of the pages, and what is hidden one by one
    batch             how many texts it is given at once, at most
    classes           a list of the names of its classes, in the order of the columns that probabilities(texts) answers
                      with; the positive class is the one that is called as in site.toml (of two, also the one that is
                      not called as the negative class there). More than two need
                      `rest = true` below [classes] there: the others are then taken together, p against 1 - p.

Margins are better than probabilities: at 99.9999% and more a probability has few digits left, and at exactly 0 or 1
none. There it is taken to be LEAST or 1 - LEAST, that is, 20.7 in log-odds, and what a word did to it is lost.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float64

from sitegen.corpus.arrays import Array
from sitegen.errors import ModelError
from sitegen.models.manifest import AGAINST_REST, SET_POSITIVE, Fact
from sitegen.models.protocol import Text

LEAST = 1e-9  # the probability that stands for 0
_NO_YES = (("0", "1"), ("0.0", "1.0"), ("-1", "1"), ("false", "true"), ("no", "yes"), ("label_0", "label_1"))
BATCH = 1024  # texts that are given at once, where the model does not say
BOUNDED = (
    "This model answers with a probability, which is made into log-odds. At exactly 0% or 100% these would be "
    "infinite: the probability counts there as 0.0000001% or 99.9999999%, and what a word or a sentence did beyond is "
    "not known."
)
Span = tuple[int, int]


@runtime_checkable
class HasMargins(Protocol):
    """A model that answers in log-odds."""

    def margins(self, texts: list[Any], /) -> Any:
        """The log-odds of the positive class, one a text."""


@runtime_checkable
class HasProbabilities(Protocol):
    """A model that answers in probabilities."""

    def probabilities(self, texts: list[Any], /) -> Any:
        """The probability of the positive class, one a text."""


class Adapted:
    """The TextClassifier that asks an object of this contract. name: what messages call it."""

    def __init__(
        self,
        model: object,
        *,
        name: str,
        join: str | None,
        classes: tuple[str, str] = ("negative", "positive"),
        rest: bool = False,
    ) -> None:
        """classes: (negative, positive), as the site calls them. rest: whether the negative class is all that the
        object has beside the positive one. Raises ModelError where the object has neither method, or where its own
        classes are not what the site asks for."""
        if not isinstance(model, HasMargins | HasProbabilities):
            raise ModelError(
                f"{name}: is of the type {type(model).__name__} and has no method margins(texts) or "
                f"probabilities(texts). Give it one of them: a list of texts goes in, each of them "
                f'{{"title": ..., "abstract": ...}} (a string, with join), and a number for each comes out.'
            )
        self._model, self._name, self._join = model, name, join
        self.batch = _batch(model, name)
        self.classes = _classes(model, name) if self.bounded else ()
        self._column = _column(self.classes, classes, rest=rest, name=name)

    @property
    def bounded(self) -> bool:
        """Whether it answers in probabilities, which have bounds."""
        return not isinstance(self._model, HasMargins)

    def margins(self, texts: Sequence[Text]) -> Float64[np.ndarray, " n"]:
        """The margin of each text, in log-odds; ModelError where the model fails or answers with something else."""
        given = [given_text(text, self._join) for text in texts]
        answers = [self._ask(given[start : start + self.batch]) for start in range(0, len(given), self.batch)]
        margins: Array = np.concatenate([np.zeros(0), *answers])
        return margins

    def _ask(self, texts: list[Any]) -> Array:
        model = self._model
        with foreign(self._name):
            raw = model.margins(texts) if isinstance(model, HasMargins) else model.probabilities(texts)
        try:
            answers: Array = np.asarray(raw, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise ModelError(f"{self._name}: answered with {raw!r:.80}, no list of numbers ({error}).") from None
        if self.bounded and answers.shape == (len(texts), len(self.classes) or 2):
            answers = answers[:, self._column]
        if answers.shape != (len(texts),):
            raise ModelError(
                f"{self._name}: answered {len(texts)} texts with numbers of shape {answers.shape}; sitegen needs one "
                f"number for each text, that of the positive class{self._or_several(answers)}."
            )
        return log_odds_of(answers, name=self._name) if self.bounded else answers

    def _or_several(self, answers: Array) -> str:
        """What else would do, where a table was answered."""
        if not self.bounded or answers.ndim != 2:
            return ""
        if self.classes:
            return f", or a column for each of the {len(self.classes)} names in `classes`"
        return ", or the names of its classes, column by column, in an attribute `classes`"


class foreign:  # noqa: N801
    """A block that runs code of others: what it raises becomes a ModelError that says where, and the remedy."""

    def __init__(self, name: str, *, remedy: str = "Correct the model") -> None:
        self._name, self._remedy = name, remedy

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, Exception) and not isinstance(error, ModelError):
            *_, last = traceback.extract_tb(trace)
            where, said = f"{last.filename}:{last.lineno}, in {last.name}", str(error)
            if isinstance(error, SyntaxError):  # it lies where nothing ran
                where, said = f"{error.filename}:{error.lineno}", error.msg
            raised = f"{type(error).__name__}{f': {said}' if said else ''}"
            raise ModelError(f"{self._name}: raised {raised} ({where}). {self._remedy}.") from error


def given_text(text: Text, join: str | None) -> Any:
    """A text as the model is given it."""
    if join is None:
        return {"title": text.title, "abstract": text.abstract}
    return joined(text, join)


def joined(text: Text, join: str) -> str:
    """Title and abstract as one string; one that is empty joins nothing."""
    return join.join(part for part in (text.title, text.abstract) if part)


def log_odds_of(probabilities: Array, *, name: str) -> Array:
    """Probabilities as log-odds, bounded by LEAST; ModelError where one is no probability."""
    wrong = probabilities[~((probabilities >= 0) & (probabilities <= 1))]
    if wrong.size:
        raise ModelError(
            f"{name}: answered with the probability {wrong[0]:g}; it must lie between 0 and 1. Correct the model."
        )
    bounded = np.clip(probabilities, LEAST, 1 - LEAST)
    margins: Array = np.log(bounded) - np.log1p(-bounded)
    return margins


def facts_of(model: object, *, name: str) -> tuple[Fact, ...]:
    """What the model says of itself; ModelError where that is no dictionary."""
    tell = getattr(model, "facts", None)
    if tell is None:
        return ()
    with foreign(name):
        told = tell()
    if not isinstance(told, Mapping):
        raise ModelError(f"{name}: facts() returned {told!r:.80}; it must return a dictionary of names and values.")
    return tuple((str(key), str(value), "") for key, value in told.items())


def seen_by(model: object) -> tuple[str, ...]:
    """The hashes of the texts that it learned from."""
    return tuple(sorted(str(one) for one in getattr(model, "seen", None) or ()))


def words_of(model: object, *, name: str) -> Callable[[str], list[Span]] | None:
    """The model's own way to cut words, checked; None where it has none."""
    cut = getattr(model, "words", None)
    if cut is None:
        return None

    def words(text: str) -> list[Span]:
        with foreign(name):
            spans = [(int(start), int(end)) for start, end in cut(text)]
        last = 0
        for start, end in spans:
            if not last <= start < end <= len(text):
                raise ModelError(
                    f"{name}: words() cut {text!r:.60} at {start}..{end}; each span must lie in the text, be no empty "
                    f"one, and begin where the one before it has ended or later."
                )
            last = end
        return spans

    return words


def _classes(model: object, name: str) -> tuple[str, ...]:
    """The names of the model's classes; () where it does not say."""
    names = getattr(model, "classes", None)
    if names is None:
        return ()
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise ModelError(f"{name}: classes is {names!r:.80}; it must be a list of names.")
    return tuple(str(one) for one in names)


def positive_of(labels: Sequence[str], classes: tuple[str, str]) -> tuple[int, bool]:
    """Which of two labels is that of the positive class, by its place, and whether that is certain.

    The one that is called as the site calls it; else the one that is not called as the site's negative class; else the
    one that says yes; else the second, which is not certain. classes: (negative, positive).
    """
    folded = [label.strip().casefold() for label in labels]
    negative, positive = (name.strip().casefold() for name in classes)
    if positive in folded:
        return folded.index(positive), True
    if negative in folded:
        return 1 - folded.index(negative), True
    for no, yes in _NO_YES:
        if {no, yes} == set(folded):
            return folded.index(yes), True
    return 1, False


def _column(own: Sequence[str], classes: tuple[str, str], *, rest: bool, name: str) -> int:
    """The column of the positive class."""
    if len(own) < 2:
        return 1
    if len(own) == 2:
        return positive_of(own, classes)[0]
    folded, positive = [one.strip().casefold() for one in own], classes[1].strip().casefold()
    listed = ", ".join(own[:10]) + (f" and {len(own) - 10} more" if len(own) > 10 else "")
    if not rest:
        raise ModelError(
            f"{name}: tells {len(own)} classes apart ({listed}); sitegen explains models of two classes. "
            f"{AGAINST_REST}."
        )
    if positive in folded:
        return folded.index(positive)
    raise ModelError(
        f"{name}: tells {len(own)} classes apart ({listed}), none of which is “{classes[1]}”. {SET_POSITIVE}."
    )


def _batch(model: object, name: str) -> int:
    batch = getattr(model, "batch", BATCH)
    if not isinstance(batch, int) or batch < 1:
        raise ModelError(f"{name}: batch is {batch!r}; it must be a number of texts, 1 or more.")
    return batch
