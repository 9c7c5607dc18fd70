"""The key words of a sentence: those of its words without which the answer changes most, toward either class.

A word's effect here is its leave-one-out effect within the whole text; where that was not asked, what it says read
alone, beyond no text at all. A word is a key word toward a class if its effect is toward it, is no smaller than LEAST,
and no smaller than NEAR of the sentence's largest one in that direction. Punctuation is no word.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from jaxtyping import Int

from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.corpus.arrays import Array

MOST = 3  # words of a sentence, toward a class
LEAST = 0.05  # log-odds: at the undecided, a bit more than one point
NEAR = 0.25  # of the sentence's largest effect in the same direction
NO_KEYS: Array = np.full((0, 2, MOST, 2), -1, dtype=np.int32)
_WORD = re.compile(r"\w")


def key_words(occlusion: Occlusion, alone: ReadAlone) -> Int[np.ndarray, "S 2 words 2"]:
    """Where each sentence's key words stand in the abstract: their [start, end) in code points, in the text's order,
    toward the negative class and toward the positive one; -1 where there are fewer than MOST."""
    text = occlusion.document.abstract
    found = np.full((len(text.sentence_ends), 2, MOST, 2), -1, dtype=np.int32)
    values: np.ndarray[Any, Any] = occlusion.abstract_words.astype(np.float64)
    if np.isnan(values).all():
        values = alone.abstract_words.astype(np.float64) - alone.empty
    words = np.array([bool(_WORD.search(token)) for token in text.tokens], dtype=bool)
    values = np.where(words & ~np.isnan(values), values, 0.0)
    for k, (first, behind) in enumerate(text.sentence_ranges):
        for toward, sign in ((0, -1.0), (1, 1.0)):
            effects = sign * values[first:behind]
            least = max(LEAST, NEAR * float(effects.max(initial=0.0)))
            order = np.argsort(-effects, kind="stable")[:MOST]
            kept = np.sort(order[effects[order] >= least])
            found[k, toward, : kept.size] = text.spans[first + kept]
    return found
