"""Which pipelines are linear in counts of n-grams, and what they are made of.

Such a pipeline is a CountVectorizer or a TfidfVectorizer over words (n <= 3), maybe a TfidfTransformer, and a linear
classifier. Its margin is one fraction and a constant:

    margin = sum of weight(f) idf(f) g(count of f) / norm of all idf(f) g(count of f) + intercept

over the n-grams f of its vocabulary that a text has; g is the count, 1 + its logarithm, or 1. A pipeline of C > 2
classes has one such number for each, of which several.py makes the margin.

That its words can be found piece by piece needs a pattern that is *local*: no match of it holds a blank, and none looks
further than to the next character. Then the words of a text are those of its runs of characters without blanks, one
after the other, whatever stands elsewhere. The patterns of `_SAFE` are so, scikit-learn's own among them. A pipeline
that has a function of the user's in it, another step, or another pattern is none of these, and is simply called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sitegen.corpus.arrays import Array
from sitegen.models.adapters.scikit_learn.answers import Answer, final_of

MOST_WORDS = 3  # of an n-gram
_LINEAR = {
    "LogisticRegression",
    "LogisticRegressionCV",
    "SGDClassifier",
    "LinearSVC",
    "RidgeClassifier",
    "RidgeClassifierCV",
    "Perceptron",
    "PassiveAggressiveClassifier",
}
_SAFE = re.compile(
    r"""(?: \(\?u\) | \(\?: | [()|+*?] | \{\d+(?:,\d*)?\}
          | \\b | \\w | \\d | \\S | \\[-'.\#@+] | [A-Za-z0-9_'\#@&-]
          | \[ (?: [A-Za-z0-9_'’\#@&+.-] | \\w | \\d | \\[-'.] )+ \]
        )+""",
    re.VERBOSE,
)
# blanks that strip_accents = "ascii" removes instead of keeping them
ODD_BLANKS = re.compile(r"[^\S \t\n\r\f\v\x1c-\x1f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A linear pipeline in parts.

    words: the words of a run of characters without blanks, stop words left out. shortest, longest: numbers of words of
    an n-gram. vocabulary: V n-grams, words joined by blanks, and their columns. weights (V,): of the classifier, for
    the second class against the first; (V, C) of C > 2 classes. idf (V,). sublinear, binary: what becomes of a count.
    norm: by which a text is divided, "l1", "l2" or None. intercept: (), or (C,), log-odds. ascii: whether accents are
    removed by way of ASCII. pattern: by which words are found, stop: those left out; plain: whether a text is in small
    letters first, and nothing else is changed in it.
    """

    words: Callable[[str], list[str]]
    shortest: int
    longest: int
    vocabulary: Mapping[str, int]
    weights: Array
    idf: Array
    sublinear: bool
    binary: bool
    norm: str | None
    intercept: Array
    ascii: bool
    pattern: str
    stop: frozenset[str]
    plain: bool


def linear_of(answer: Answer) -> Linear | None:
    """The parts of a linear pipeline; None where it is another one."""
    parts = _parts(answer.estimator)
    if parts is None:
        return None
    vectorizer, transformer = parts
    found = _weights(answer)
    if found is None or not _plain(vectorizer):
        return None
    weights, intercept = found
    settings = _weighting(vectorizer, transformer, len(weights))
    if settings is None or len(vectorizer.vocabulary_) != len(weights):
        return None
    idf, sublinear, norm = settings
    shortest, longest = vectorizer.ngram_range
    return Linear(
        words=_words(vectorizer),
        shortest=shortest,
        longest=longest,
        vocabulary={str(term): int(column) for term, column in vectorizer.vocabulary_.items()},
        weights=weights,
        idf=idf,
        sublinear=sublinear,
        binary=bool(vectorizer.binary),
        norm=norm,
        intercept=intercept,
        ascii=vectorizer.strip_accents == "ascii",
        pattern=vectorizer.token_pattern,
        stop=frozenset(vectorizer.get_stop_words() or ()),
        plain=bool(vectorizer.lowercase) and vectorizer.strip_accents is None,
    )


def _parts(estimator: Any) -> tuple[Any, Any] | None:
    """The vectoriser, and the TfidfTransformer or None; None where there is any other step."""
    estimator = getattr(estimator, "best_estimator_", estimator)
    steps = [step for _, step in getattr(estimator, "steps", [])[:-1] if step not in (None, "passthrough")]
    names = [type(step).__name__ for step in steps]
    ours = all(type(step).__module__.startswith("sklearn.") for step in steps)
    if not ours or names not in (["CountVectorizer"], ["TfidfVectorizer"], ["CountVectorizer", "TfidfTransformer"]):
        return None
    return steps[0], steps[1] if len(steps) == 2 else None


def _plain(vectorizer: Any) -> bool:
    """Whether a vectoriser finds words by a local pattern, and nothing of the user's is in it."""
    pattern = vectorizer.token_pattern
    return (
        vectorizer.analyzer == "word"
        and vectorizer.input == "content"
        and vectorizer.preprocessor is None
        and vectorizer.tokenizer is None
        and vectorizer.ngram_range[1] <= MOST_WORDS
        and vectorizer.strip_accents in (None, "unicode", "ascii")
        and isinstance(pattern, str)
        and _SAFE.fullmatch(pattern) is not None
        and "" not in re.findall(pattern, " a b_1 Cd-e's #x @y 3.5 & + ")
    )


def _words(vectorizer: Any) -> Callable[[str], list[str]]:
    prepare, tokenize = vectorizer.build_preprocessor(), vectorizer.build_tokenizer()
    stop = frozenset(vectorizer.get_stop_words() or ())
    return lambda text: [word for word in tokenize(prepare(text)) if word not in stop]


def _weighting(vectorizer: Any, transformer: Any, columns: int) -> tuple[Array, bool, str | None] | None:
    """idf (V,), whether counts are damped, and the norm; None where they are not computed in float64."""
    if type(vectorizer).__name__ == "TfidfVectorizer":
        if vectorizer.dtype != np.float64:
            return None
        transformer = vectorizer._tfidf
    elif transformer is None:
        exact = np.issubdtype(vectorizer.dtype, np.integer) or vectorizer.dtype == np.float64
        return (np.ones(columns), False, None) if exact else None
    elif vectorizer.dtype == np.float32:
        return None
    if transformer.norm not in ("l1", "l2", None):
        return None
    idf: Array = np.asarray(transformer.idf_, dtype=np.float64) if transformer.use_idf else np.ones(columns)
    return idf, bool(transformer.sublinear_tf), transformer.norm


def _weights(answer: Answer) -> tuple[Array, Array] | None:
    """The weights (V,) and the intercept () of the second class against the first, or (V, C) and (C,) of all of more
    than two; None where it is not linear."""
    final = final_of(answer.estimator)
    if not type(final).__module__.startswith("sklearn."):
        return None
    if type(final).__name__ == "MultinomialNB" and answer.how == "log-probabilities":
        weights, intercept = np.asarray(final.feature_log_prob_), np.asarray(final.class_log_prior_)
        if not answer.several:
            weights, intercept = weights[1:] - weights[:1], intercept[1:] - intercept[:1]
    elif answer.how in ("log-odds", "one-vs-rest", "distance"):
        parts = [_coefficients(one) for one in _one_a_class(final)]
        if any(part is None for part in parts):
            return None
        weights, intercept = (np.concatenate(numbers) for numbers in zip(*parts, strict=True))
    else:
        return None
    rows = len(answer.labels) if answer.several else 1
    if weights.dtype != np.float64 or weights.shape[0] != rows or intercept.shape != (rows,):
        return None
    return (weights.T, intercept) if answer.several else (weights[0], intercept.reshape(()))


def _one_a_class(final: Any) -> list[Any]:
    """The classifiers that a one-vs-rest of several classes consists of; any other by itself."""
    return list(final.estimators_) if type(final).__name__ == "OneVsRestClassifier" else [final]


def _coefficients(estimator: Any) -> tuple[Array, Array] | None:
    """The weights (rows, V) and the intercepts (rows,) of a linear classifier; None of any other."""
    kind = type(estimator)
    if kind.__name__ not in _LINEAR or not kind.__module__.startswith("sklearn."):
        return None
    weights = estimator.coef_.toarray() if hasattr(estimator.coef_, "toarray") else np.asarray(estimator.coef_)
    weights = np.atleast_2d(weights)
    intercept = np.reshape(np.asarray(estimator.intercept_, dtype=np.float64), -1)
    return weights, np.broadcast_to(intercept, len(weights)) if intercept.size == 1 else intercept
