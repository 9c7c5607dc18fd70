"""Linear pipelines whose title and abstract add up.

A pipeline that counts single words as they are, and does not divide by the length of a text, gives each word its weight
as often as it stands there:

    margin = weights of the title's words + weights of the abstract's words + intercept

A word is a run of characters without blanks, or part of one, and between title and abstract stands a blank: no word
lies in both. So the fields are parts of the margin, and a grid of T x A texts takes T + A sums (protocol.py). That is
not so where a count is damped or counted once (log counts, `binary`), where texts are divided by their norm, where
n-grams reach from the title into the abstract, or where `join` is no blank.

The words are those of the string that is left of a field (excerpts.py), not those that pages hide one by one: where an
underscore joins two of these, the pipeline sees one. Sums are equal to the pipeline's up to rounding (1e-12).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float64

from sitegen.corpus.arrays import Array
from sitegen.corpus.excerpt import Excerpt, cut_after
from sitegen.models.adapters.scikit_learn.answers import Answer
from sitegen.models.adapters.scikit_learn.exact import LinearTexts
from sitegen.models.adapters.scikit_learn.linear import ODD_BLANKS, Linear
from sitegen.models.adapters.whole_texts import checked_margins
from sitegen.models.manifest import Fact
from sitegen.models.protocol import Field, Range, Tokens

_ADDS_UP = ("Title and abstract", "add up", "each word adds its weight, as often as it stands there, to a constant")


def adds_up(answer: Answer, linear: Linear) -> bool:
    """Whether the margin of a linear pipeline is a sum of one part for each field and a constant."""
    as_counted = not linear.sublinear and not linear.binary and linear.norm is None
    single_words = linear.shortest == linear.longest == 1
    apart = bool(answer.join) and answer.join.isspace() and not (linear.ascii and ODD_BLANKS.search(answer.join))
    return as_counted and single_words and apart and not answer.several


class AddingTexts(LinearTexts):
    """The AdditiveClassifier of such a pipeline. All texts are Excerpts, else TypeError."""

    additive = True

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the pipeline is, and that its fields add up."""
        return (*super().facts, _ADDS_UP)

    @property
    def bias(self) -> float:
        """The constant, in log-odds."""
        return float(self._answer.sign * self._linear.intercept)

    def margins(self, titles: Sequence[Tokens], abstracts: Sequence[Tokens]) -> Float64[np.ndarray, " n"]:
        """The margin of each (title, abstract) pair of excerpts, in log-odds."""
        margins: Array = self.parts("title", titles) + self.parts("abstract", abstracts) + self.bias
        return checked_margins(margins, len(titles), name=self.name)

    def parts(self, field: Field, texts: Sequence[Tokens]) -> Float64[np.ndarray, " n"]:
        """Each text's part of the margin; the same in both fields."""
        by_field: dict[int, list[int]] = defaultdict(list)
        excerpts = [_excerpt(text) for text in texts]
        for k, one in enumerate(excerpts):
            by_field[id(one.field)].append(k)
        parts = np.empty(len(texts))
        for places in by_field.values():
            parts[places] = self._of_field([excerpts[k] for k in places])
        return parts

    def prefix_parts(self, field: Field, texts: Sequence[Tokens]) -> list[Float64[np.ndarray, " _"]]:
        """For each text of n tokens the parts of its prefixes of 1..n tokens; of the empty text where n = 0."""
        wholes = [_excerpt(text).field for text in texts]
        return [
            self._of_field([cut_after(whole, k) for k in range(min(1, len(whole.tokens)), len(whole.tokens) + 1)])
            for whole in wholes
        ]

    def without_parts(
        self, field: Field, texts: Sequence[Tokens], ranges: Sequence[Sequence[Range]]
    ) -> list[Float64[np.ndarray, " _"]]:
        """For each text, and each of its half-open token ranges, the part of the text with that range deleted."""
        masks = []
        for text, of_text in zip(texts, ranges, strict=True):
            starts, ends = np.array(of_text, dtype=np.intp).reshape(-1, 2).T
            place = np.arange(len(text))
            masks.append((place < starts[:, None]) | (place >= ends[:, None]))
        return self.kept_parts(field, texts, masks)

    def kept_parts(
        self, field: Field, texts: Sequence[Tokens], masks: Sequence[Bool[np.ndarray, "_ _"]]
    ) -> list[Float64[np.ndarray, " _"]]:
        """For each text of n tokens, and each of its masks, (k, n), the part of the tokens that it keeps, (k,)."""
        return [
            self._of_field([_masked(_excerpt(text), row) for row in of_text])
            for text, of_text in zip(texts, masks, strict=True)
        ]

    def _of_field(self, excerpts: Sequence[Excerpt]) -> Array:
        """The parts of excerpts of one field."""
        odd = bool(excerpts) and self._linear.ascii and ODD_BLANKS.search(excerpts[0].field.text)
        if not odd and self.runs_nothing:
            try:
                return self._summed(excerpts)
            except ValueError:  # an empty word: the pattern is none of those that can be read piece by piece
                self.runs_nothing = False
        called: Array = self._answer.of_strings([excerpt.text for excerpt in excerpts]) - self.bias
        return called

    def _summed(self, excerpts: Sequence[Excerpt]) -> Array:
        if not excerpts:
            return np.zeros(0)
        field = self._field(excerpts[0].field)
        places, ends, numbers = field.of_excerpts(excerpts)
        names, linear = self._words.names, self._linear
        words, which = np.unique(np.array(field.pool, dtype=np.intp), return_inverse=True)
        columns = [linear.vocabulary.get(names[word]) for word in words.tolist()]
        weights = np.array([0.0 if column is None else self._scale[column] for column in columns])
        rows = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
        of_words = weights[which.reshape(-1)[places]] if len(places) else np.zeros(0)
        sums = np.bincount(rows, weights=of_words, minlength=len(ends))  # each text's words in their order
        parts: Array = self._answer.sign * sums[numbers].astype(np.float64)
        return parts


def _excerpt(text: Tokens) -> Excerpt:
    if not isinstance(text, Excerpt):
        raise TypeError(f"a model of whole texts is given excerpts, not a {type(text).__name__} of tokens")
    return text


def _masked(text: Excerpt, row: Bool[np.ndarray, " n"]) -> Excerpt:
    """A text with some of its tokens deleted."""
    kept = np.array(text.kept, dtype=bool)
    kept[text.kept] = row
    return Excerpt(text.field, [token for token, here in zip(text, row.tolist(), strict=True) if here], kept=kept)
