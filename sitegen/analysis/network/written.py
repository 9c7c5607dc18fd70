"""Written evidence: what one unit of a network added to the answer at one word.

The margin of a network that shows its units (ShowsUnits, models/protocol.py) is

    margin = bias + sum over fields and units u of w_u h_u(end)

with w_u the unit's slope and h_u(end) its state when its direction has read all. In the order in which the direction
reads, h_u(end) is the sum of its steps h_u(t) - h_u(t-1) from h = 0. So

    written(u, t) = w_u (h_u(t) - h_u(t-1))

are numbers in log-odds that sum up to the margin, exactly: over a unit to its part of the answer, over a word to what
all units wrote there. They say *when* evidence was written, not what the answer would be without the word: that is
leave-one-out. Activation says neither: a unit may be on all the time and speak for nothing.

A forward unit writes at a word when it has read the words up to it; a backward unit when it has read those behind it.
Where a network looks at the last word only (`last_step`), a backward unit has read that word alone and writes all of
its part there. A word that the network does not read has nothing written at it. In a field without a known word the
network reads one zero vector: then units have parts, and no word has any.

States are kept as whole numbers, in steps of 1/127 (they lie between -1 and 1), and evidence is made from them again
where it is needed; the sums over units and words are kept beside them as they are.

Notation: m known words of a field with n tokens, K directions, H units of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64, Int8

from sitegen.corpus.arrays import Array, read_only
from sitegen.corpus.segment import Document
from sitegen.models.protocol import FIELDS, Field, Network, ShowsUnits, Tokens

__all__ = ["FIELDS", "Field", "FieldInside", "Inside", "Network", "decoded", "look_inside", "written"]

STEPS = 127  # of a state from 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldInside:
    """One layer of the network at one field of a record.

    states (m, K, H) int8: after each known word, in steps of 1/127; one row where no word is known. Of the top layer
    besides: units (K, H) float32, each unit's part of the margin; words (n,) float32, what all units wrote at each
    token; error, the most that evidence made from `states` is off at one unit and word. All in log-odds.
    """

    states: Array
    units: Array
    words: Array
    error: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "states", read_only(self.states, np.int8, (-1, -1, -1)))
        object.__setattr__(self, "units", read_only(self.units, np.float32, (-1, -1)))
        object.__setattr__(self, "words", read_only(self.words, np.float32, (-1,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """One layer of the network at one record."""

    title: FieldInside
    abstract: FieldInside

    def of(self, field: Field) -> FieldInside:
        """The same at one field."""
        return self.title if field == "title" else self.abstract


def written(
    states: Float[np.ndarray, "m K H"], slopes: Float[np.ndarray, "K H"], *, last_step: bool
) -> Float64[np.ndarray, "m K H"]:
    """What each unit of the top layer wrote at each known word, in log-odds. states: after each of them."""
    h = states.astype(np.float64)
    steps = np.empty_like(h)
    steps[:, 0] = np.diff(h[:, 0], axis=0, prepend=0.0)
    if h.shape[1] == 2 and last_step:
        steps[:, 1] = 0.0
        steps[-1, 1] = h[-1, 1]
    elif h.shape[1] == 2:
        steps[:, 1] = -np.diff(h[:, 1], axis=0, append=0.0)
    evidence: Array = slopes * steps
    return evidence


def decoded(states: Int8[np.ndarray, "m K H"]) -> Float64[np.ndarray, "m K H"]:
    """The states that whole numbers stand for."""
    values: Array = states.astype(np.float64) / STEPS
    return values


def look_inside(documents: Sequence[Document], classifier: ShowsUnits, *, layer: int) -> list[Inside]:
    """One layer of the network at each document, in order; evidence and its sums of the top layer only."""
    fields = {
        field: _look_inside([getattr(document, field).tokens for document in documents], field, classifier, layer)
        for field in FIELDS
    }
    return [
        Inside(title=title, abstract=abstract)
        for title, abstract in zip(fields["title"], fields["abstract"], strict=True)
    ]


def _look_inside(texts: Sequence[Tokens], field: Field, classifier: ShowsUnits, layer: int) -> list[FieldInside]:
    network, slopes = classifier.network, classifier.slopes(field)
    results = []
    for tokens, states in zip(texts, classifier.states(field, texts, layer=layer), strict=True):
        whole = np.rint(states * STEPS).astype(np.int8)
        if layer < network.layers - 1:
            results.append(FieldInside(states=whole, units=np.zeros((0, 0)), words=np.zeros(0)))
            continue
        evidence = written(states, slopes, last_step=network.last_step)
        words, known = np.zeros(len(tokens)), classifier.known(tokens)
        if known.any():
            words[known] = evidence.sum(axis=(1, 2))
        off = np.abs(written(decoded(whole), slopes, last_step=network.last_step) - evidence)
        results.append(
            FieldInside(states=whole, units=evidence.sum(axis=0), words=words, error=float(off.max(initial=0.0)))
        )
    return results
