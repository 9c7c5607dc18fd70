"""The questions a model must answer, whatever its kind. Imports no torch: analysis sees models through this file alone.

A classifier maps a title and an abstract to a *margin*: the log-odds of the positive class. All that it returns is
numpy float64, in log-odds.

*Texts.* A model is given texts that nobody wrote: a title cut after a word, an abstract without a sentence. Each is a
sequence of tokens, lower-cased, cut as `segmentation` says; tokens that its vocabulary lacks the model skips by itself,
and a text without any is a text, too. Those that analysis hands over are
Excerpts (corpus/excerpt.py): sequences of tokens that also know how they look as strings, capitals and punctuation as
the author wrote them. A model that wants strings is a `TextClassifier`; `adapters/whole_texts.py` makes a Classifier of
it, which takes the `text` of each excerpt. Its `segmentation` then says what is hidden at once, not what is read.

*Abilities* are protocols of their own. A model has those whose methods it has, and analysis asks for none that it can
do without:

    AdditiveClassifier   margin = title part + abstract part + bias, exactly. It says so by `additive = True`, and is
                         then given one field at a time; all others are given title and abstract together.
    ShowsUnits           a recurrent network whose answer is a sum over its units: it gives their states word by word,
                         and reads texts with a unit held. Its manifest says so, too (`Manifest.network`).
    ReadsUpTo            it reads a long text only up to some place, and says where that is. Its manifest says so, too
                         (`Manifest.limited`).
    ReadsStandIns        tokens may be replaced instead of being deleted. A *stand-in* is a token that a model reads
                         although no text has it. ZERO_VECTOR and MEAN_VECTOR are reserved: a line break stands in no
                         token of any tokenizer and in no word of a folder of vectors, so neither is met by accident.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Float, Float64, Int

from sitegen.corpus.segment import Segmentation

Field = Literal["title", "abstract"]
FIELDS: tuple[Field, Field] = ("title", "abstract")
Tokens = Sequence[str]
Range = tuple[int, int]
Precision = Literal["float32", "float64", "bfloat16"]

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

    def known(self, tokens: Tokens) -> Bool[np.ndarray, " n"]:
        """Which tokens the model reads: those its vocabulary has, and its stand-ins. The others are skipped."""
        ...

    def margins(self, titles: Sequence[Tokens], abstracts: Sequence[Tokens]) -> Float64[np.ndarray, " n"]:
        """The margin of each (title, abstract) pair, in log-odds."""
        ...


@runtime_checkable
class ReadsStandIns(Protocol):
    """A classifier that reads tokens which stand for hidden ones."""

    @property
    def stand_ins(self) -> Mapping[str, str]:
        """The token for each stand-in this model can read, by its name: "zero" and "mean" the reserved ones, "unknown"
        its vocabulary's entry for unknown words."""
        ...


@runtime_checkable
class AdditiveClassifier(Classifier, Protocol):
    """A classifier with margin = title part + abstract part + bias."""

    @property
    def bias(self) -> float:
        """The constant that is left of the margin when both parts are taken away, in log-odds."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The shape of a recurrent network over both fields, each read by layers of its own, all alike.

    layers: of each field, the lowest first. directions: 1 forward, 2 forward and backward. hidden: units of each layer
    and direction. last_step: whether the answer is made of what the top layer says at the last word, where a backward
    unit has read that word alone; else of its state when all is read.
    """

    layers: int
    directions: int
    hidden: int
    last_step: bool = False

    @property
    def units(self) -> int:
        """Of the whole network."""
        return len(FIELDS) * self.layers * self.directions * self.hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """How strongly units act on each other within one field: the root of the sum of squares of the weights that a
    connection has, one for each gate. A connection leads from the row's unit to the column's; the K directions of H
    units are counted through, forward first.

    up: by layer but the last, to the layer above. recurrent: by layer, each direction to itself.
    """

    up: tuple[Float[np.ndarray, "KH KH"], ...]
    recurrent: tuple[Float[np.ndarray, "K H H"], ...]


@runtime_checkable
class ShowsUnits(AdditiveClassifier, Protocol):
    """A recurrent network whose field parts are sums over the units of its top layer: part = slopes . final states."""

    @property
    def network(self) -> Network:
        """Its shape."""
        ...

    def slopes(self, field: Field) -> Float64[np.ndarray, "K H"]:
        """What the margin gains where a unit of the top layer ends one higher, in log-odds."""
        ...

    def states(self, field: Field, texts: Sequence[Tokens], *, layer: int) -> list[Float[np.ndarray, "_ K H"]]:
        """For each text the states of one layer after each of its known tokens, in the text's order.

        A backward unit's state at a token is that after all later tokens and this one. A text without known tokens has
        one row, for the zero vector that is read in its place. The rows of a text depend on that text alone, to the
        last bit.
        """
        ...

    def held_parts(
        self,
        field: Field,
        texts: Sequence[Tokens],
        *,
        layer: int,
        values: Float[np.ndarray, "K H"],
        groups: Bool[np.ndarray, "G KH"] | None = None,
    ) -> Float64[np.ndarray, "n G"]:
        """Each text's part with some units of a layer held: what others read of such a unit is its entry of `values` at
        every token. Within its own layer it goes on as before. groups: those that are held together; without it each
        unit by itself, G = KH."""
        ...

    def connections(self, field: Field) -> Connections:
        """How strongly its units act on each other."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A whole text as strings: what is left of title and abstract, as it was written."""

    title: str
    abstract: str


@runtime_checkable
class TextClassifier(Protocol):
    """A binary text classifier that is given strings. It is no Classifier: `adapters/whole_texts.py` makes it one."""

    def margins(self, texts: Sequence[Text]) -> Float64[np.ndarray, " n"]:
        """The margin of each text, in log-odds."""
        ...


@runtime_checkable
class ReadsUpTo(Protocol):
    """A classifier that does not read texts of any length to their end."""

    @property
    def limit(self) -> str:
        """How much it reads of a text at most, in words for readers ("256 pieces of words"); "" where all."""
        ...

    def read_spans(self, texts: Sequence[Text]) -> Int[np.ndarray, "n 2 2"]:
        """[start, end) of what it reads of the title and of the abstract of each text, in code points, (n, 2, 2)."""
        ...
