"""Negative controls: texts that should not pass the test, read by the same model and judged by the same rule.

A test that finds something in sentences that say nothing finds too much. Three controls stand beside every result:

*neutral*   at least thirty sentences that say nothing of either class (corpus/neutral.py), read alone, each counted
            once. Their median is the test's zero; each of them that reaches tau is named.
*stripped*  sentences of the corpus without the words that tell its classes apart, up to STRIPPED of each class. What
            still passes does so for being empty of the other class's words. Where more than WARN of a class's do, its
            marks partly mean that the model found nothing of the other class.
*permuted*  the labels dealt anew among the records. No sentence can then be told from the other class's, so a share of
            .05 should have p <= .05, and hardly ever should anything pass.

The first two need the model and are computed when records are scored (`ControlAnswers`); the third needs numbers alone.

*Words that tell the classes apart* are those with |z| > CLASS_WORD: z is the log-odds ratio of a word between the two
classes' texts, with a Dirichlet prior that is PRIOR occurrences of the corpus as a whole, over its standard error. A
word has to be frequent to be told; a rare one stays.

After Monroe, Colaresi and Quinn (2008), "Fightin' words: lexical feature selection and evaluation for identifying the
content of political conflict", Political Analysis 16, section 3.5.1 (their informative prior).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float64

from sitegen.analysis.attribution.read_alone import excerpts_alone
from sitegen.analysis.significance.evidence import Evidence, Significance
from sitegen.analysis.significance.test import outcomes
from sitegen.corpus.arrays import Array, read_only
from sitegen.corpus.excerpt import Excerpt, cut_out
from sitegen.corpus.segment import Document, segment
from sitegen.models.protocol import Classifier

STRIPPED = 1000  # sentences of each class, at most
CLASS_WORD = 1.0  # |z| beyond which a word tells the classes apart
PRIOR = 500.0  # occurrences
PERMUTATIONS = 20
WARN = 0.05  # of a class's stripped sentences that reach tau


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlAnswers:
    """What a model says of the controls that it has to be asked about.

    empty: margin of two empty texts. neutral: the sentences, with their margins and lengths in tokens. class_words: how
    many words tell the classes apart. stripped: margin, length and class of each, the class being its record's.
    """

    empty: float
    neutral: tuple[str, ...]
    neutral_margins: Array
    neutral_lengths: Array
    class_words: int
    stripped_margins: Array
    stripped_lengths: Array
    stripped_classes: Array

    def __post_init__(self) -> None:
        n, k = len(self.neutral), self.stripped_margins.size
        for name, kind in _ARRAYS.items():
            shape = (n,) if name.startswith("neutral") else (k,)
            object.__setattr__(self, name, read_only(getattr(self, name), kind, shape))

    @property
    def zero(self) -> float:
        """The margin that says nothing either way: the neutral sentences' median, else that of two empty texts, else 0,
        where the model was asked neither."""
        known = self.neutral_margins[~np.isnan(self.neutral_margins)]
        return float(np.median(known)) if known.size else 0.0 if math.isnan(self.empty) else self.empty

    def as_json(self) -> dict[str, Any]:
        """The same in plain values, as the store keeps it."""
        return {
            "empty": None if math.isnan(self.empty) else self.empty,
            "neutral": list(self.neutral),
            "class_words": self.class_words,
            **{name: _known(getattr(self, name).tolist()) for name in _ARRAYS},
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ControlAnswers:
        """The answers that `as_json` was called on."""
        arrays = {name: np.asarray(values[name], dtype=kind) for name, kind in _ARRAYS.items()}
        empty = math.nan if values["empty"] is None else values["empty"]
        return cls(**{**values, **arrays, "empty": empty, "neutral": tuple(values["neutral"])})


def _known(values: list[Any]) -> list[Any]:
    """The same with None for NaN, which JSON has not."""
    return [None if value != value else value for value in values]


_ARRAYS = {
    "neutral_margins": np.float64,
    "neutral_lengths": np.int32,
    "stripped_margins": np.float64,
    "stripped_lengths": np.int32,
    "stripped_classes": np.int8,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassControls:
    """The controls of the test for one class.

    neutral: the neutral sentences that reach tau. stripped, stripped_passing: how many of the class's own sentences
    were stripped of class words, and how many of these reach tau. permuted_p: the mean share of sentences with p <=
    .05 under permuted labels, NaN where nothing is tested; permuted_passing: how many pass in a permutation, on
    average.
    """

    neutral: tuple[str, ...]
    stripped: int
    stripped_passing: int
    permuted_p: float
    permuted_passing: float

    @property
    def warns(self) -> bool:
        """Whether too many sentences reach tau that lack all class words."""
        return self.stripped > 0 and self.stripped_passing > WARN * self.stripped


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """The controls of a test. neutral: how many neutral sentences were read; class_words: how many words tell the
    classes apart; permutations: how many of the labels; classes: negative, positive."""

    neutral: int
    class_words: int
    permutations: int
    classes: tuple[ClassControls, ClassControls]


def neutral_answers(
    sentences: Sequence[str], classifier: Classifier
) -> tuple[Float64[np.ndarray, " k"], list[int], float]:
    """The margin of each neutral sentence read alone, their lengths in tokens, and the margin of two empty texts."""
    texts = [segment("", sentence, classifier.segmentation).abstract for sentence in (*sentences, "")]
    margins = excerpts_alone([cut_out(text, 0, len(text.tokens)) for text in texts], classifier)
    return margins[:-1], [len(text.tokens) for text in texts[:-1]], float(margins[-1])


def class_words(counts: tuple[Mapping[str, int], Mapping[str, int]]) -> frozenset[str]:
    """The words that tell the classes apart. counts: how often each word occurs in each class's texts."""
    return frozenset(word for word, z in association(counts).items() if abs(z) > CLASS_WORD)


def association(counts: tuple[Mapping[str, int], Mapping[str, int]]) -> dict[str, float]:
    """For each word the z of its log-odds ratio between the classes; positive: the positive class's. See above."""
    negative, positive = (sum(of_class.values()) for of_class in counts)
    whole = negative + positive
    if not (negative and positive):
        return {}
    z = {}
    for word in counts[0].keys() | counts[1].keys():
        n, p = counts[0].get(word, 0), counts[1].get(word, 0)
        if n + p == whole:  # the only word there is tells nothing apart
            return {word: 0.0}
        prior = PRIOR * (n + p) / whole
        odds = [math.log((k + prior) / (total + PRIOR - k - prior)) for k, total in ((n, negative), (p, positive))]
        z[word] = (odds[1] - odds[0]) / math.sqrt(1 / (n + prior) + 1 / (p + prior))
    return z


def stripped_sentence(document: Document, number: int, words: frozenset[str]) -> Excerpt:
    """A sentence of an abstract, by its number from 0, without these words; it may be empty."""
    text = document.abstract
    first, behind = text.sentence_ranges[number]
    kept = np.zeros(len(text.tokens), dtype=bool)
    kept[first:behind] = [token not in words for token in text.tokens[first:behind]]
    return Excerpt(text, [token for token, keep in zip(text.tokens, kept.tolist(), strict=True) if keep], kept=kept)


def controls(evidence: Evidence, significance: Significance, answers: ControlAnswers, *, seed: int = 0) -> Controls:
    """The three controls of a test. seed: of the permutations."""
    permuted = _permuted(evidence, alpha=significance.alpha, seed=seed)
    classes = []
    for y in (0, 1):
        test, toward = significance.classes[y], 1 if y else -1
        reached = test.reaches(toward * (answers.neutral_margins - evidence.zero), answers.neutral_lengths)
        own = answers.stripped_classes == y
        passing = test.reaches(toward * (answers.stripped_margins[own] - evidence.zero), answers.stripped_lengths[own])
        classes.append(
            ClassControls(
                neutral=tuple(text for text, passes in zip(answers.neutral, reached, strict=True) if passes),
                stripped=int(own.sum()),
                stripped_passing=int(passing.sum()),
                permuted_p=permuted[y][0],
                permuted_passing=permuted[y][1],
            )
        )
    return Controls(
        neutral=len(answers.neutral),
        class_words=answers.class_words,
        permutations=PERMUTATIONS,
        classes=(classes[0], classes[1]),
    )


def _permuted(evidence: Evidence, *, alpha: float, seed: int) -> list[tuple[float, float]]:
    """For each class the mean share of sentences with p <= .05, and how many pass, when the labels of the held-out
    records are dealt anew."""
    rng = np.random.default_rng([seed, 1])
    labelled = np.unique(evidence.record[evidence.eligible])
    shares: tuple[list[float], list[float]] = ([], [])
    passing = np.zeros(2)
    for _ in range(PERMUTATIONS):
        label = evidence.label.copy()
        label[labelled] = rng.permutation(label[labelled])
        dealt = replace(evidence, label=label)
        found = outcomes(dealt, alpha=alpha)
        for y in (0, 1):
            p, passed = found[y]
            if p.size:
                shares[y].append(float(np.mean(p <= 0.05)))
            passing[y] += passed
    return [
        (float(np.mean(shares[y])) if shares[y] else float("nan"), float(passing[y] / PERMUTATIONS)) for y in (0, 1)
    ]
