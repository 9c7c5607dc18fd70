"""The protocol every model meets. Imports no torch: analysis sees models through this file alone.

A classifier maps (title tokens, abstract tokens) to a *margin*: the log-odds of the positive class. Tokens its
vocabulary lacks are skipped by the model itself; an empty field counts as one zero vector. All that a classifier
returns is numpy float64, in log-odds.

An *additive* classifier is one whose margin is title part + abstract part + bias, exactly. It says so by
`additive = True`, and then answers for one field at a time; everything else is evaluated whole.

Instead of being deleted, a token may be replaced. A *stand-in* is a token that a classifier reads although no text
has it. ZERO_VECTOR and MEAN_VECTOR are reserved: a line break stands in no token of any tokenizer and in no word of a
folder of vectors, so neither can be met by accident.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Float64

from sitegen.corpus.segment import Segmentation

Field = Literal["title", "abstract"]
Tokens = Sequence[str]
Range = tuple[int, int]

ZERO_VECTOR = "zero\n"  # read as the zero vector
MEAN_VECTOR = "mean\n"  # read as the mean of all vectors of the vocabulary


@runtime_checkable
class Classifier(Protocol):
    """A binary text classifier over title and abstract."""

    @property
    def additive(self) -> bool:
        """Whether the margin is a sum of one part per field and a bias (then AdditiveClassifier holds)."""
        ...

    @property
    def segmentation(self) -> Segmentation:
        """How texts must be cut before this model reads them."""
        ...

    @property
    def stand_ins(self) -> Mapping[str, str]:
        """The stand-ins this model can read, by what they are: "zero" and "mean" are the reserved tokens, "unknown" is
        its vocabulary's entry for unknown words."""
        ...

    def known(self, tokens: Tokens) -> Bool[np.ndarray, " n"]:
        """Which tokens the model reads: those its vocabulary has, and its stand-ins. The others are skipped."""
        ...

    def margins(self, titles: Sequence[Tokens], abstracts: Sequence[Tokens]) -> Float64[np.ndarray, " n"]:
        """The margin of each (title, abstract) pair, in log-odds."""
        ...


@runtime_checkable
class AdditiveClassifier(Classifier, Protocol):
    """A classifier with margin = title part + abstract part + bias."""

    @property
    def bias(self) -> float:
        """What is left of the margin when both parts are taken away, in log-odds."""
        ...

    def parts(self, field: Field, texts: Sequence[Tokens]) -> Float64[np.ndarray, " n"]:
        """Each text's part of the margin, read as `field`."""
        ...

    def prefix_parts(self, field: Field, texts: Sequence[Tokens]) -> list[Float64[np.ndarray, " _"]]:
        """For each text of n tokens the parts of its prefixes of 1..n tokens, (max(n, 1),); one entry, the part
        of the empty text, where n = 0."""
        ...

    def without_parts(
        self, field: Field, texts: Sequence[Tokens], ranges: Sequence[Sequence[Range]]
    ) -> list[Float64[np.ndarray, " _"]]:
        """For each text, and each of its half-open token ranges, the part of the text with that range deleted."""
        ...

    def kept_parts(
        self, field: Field, texts: Sequence[Tokens], masks: Sequence[Bool[np.ndarray, "_ _"]]
    ) -> list[Float64[np.ndarray, " _"]]:
        """For each text of n tokens, and each of its masks, (k, n), the part of the tokens that it keeps, (k,)."""
        ...
