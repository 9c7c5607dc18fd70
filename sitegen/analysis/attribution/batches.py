"""Many short texts given to a classifier, a batch at a time.

A full prefix grid of one record has tens of thousands of cells and a table of subsets a thousand, each a text of its
own. They are made one after the other and handed over in batches of about WORDS_PER_CALL words, so that memory does
not grow with their number. Which texts share a batch does not change an answer (float32: up to about 2e-7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np
from jaxtyping import Float64

from sitegen.corpus.arrays import Array
from sitegen.models.protocol import AdditiveClassifier, Classifier, Field, Tokens

WORDS_PER_CALL = 1 << 16  # at 200 float32 numbers a word, 50 MB of vectors

TextPair = tuple[Tokens, Tokens]  # a title and an abstract
Text = TypeVar("Text")


def pair_margins(classifier: Classifier, pairs: Iterable[TextPair]) -> Float64[np.ndarray, " n"]:
    """The margin of each pair of title and abstract, in log-odds."""
    return _in_batches(
        pairs,
        lambda batch: classifier.margins([title for title, _ in batch], [abstract for _, abstract in batch]),
        words=lambda pair: len(pair[0]) + len(pair[1]),
    )


def field_parts(classifier: AdditiveClassifier, field: Field, texts: Iterable[Tokens]) -> Float64[np.ndarray, " n"]:
    """Each text's part of the margin, read as `field`, in log-odds."""
    return _in_batches(texts, lambda batch: classifier.parts(field, batch), words=len)


def _in_batches(
    texts: Iterable[Text], evaluate: Callable[[list[Text]], Float64[np.ndarray, " _"]], *, words: Callable[[Text], int]
) -> Float64[np.ndarray, " n"]:
    """The values that `evaluate` gives for all texts, in order. words: the length of a text."""
    values: list[Array] = [np.zeros(0)]
    batch: list[Text] = []
    total = 0
    for text in texts:
        batch.append(text)
        total += words(text) + 1
        if total >= WORDS_PER_CALL:
            values.append(evaluate(batch))
            batch, total = [], 0
    if batch:
        values.append(evaluate(batch))
    return np.concatenate(values)
