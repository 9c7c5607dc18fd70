"""The margins of a linear pipeline without running it; equal to the pipeline's up to rounding (1e-10 in float64).

The texts of one call are excerpts of few records. For each record (a pair of fields) the features of each distinct
excerpt of a title, and of each of an abstract, are counted once, from words that excerpts.py puts together. A text is
the sum of two such counts, and of the n-grams that reach from the title into the abstract; its numerator and its norm
follow from its counts, for all texts together. So a grid of T x A texts costs T + A counts and T x A sums.

Few texts of a record are not worth it: they are given to the pipeline, all in one call, as are texts in which something
stands for what is hidden, and pipelines that are not linear (linear.py).
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64

from sitegen.corpus.arrays import Array
from sitegen.corpus.excerpt import Excerpt
from sitegen.corpus.segment import Segmentation, SegmentedText
from sitegen.models.adapters.contract import joined
from sitegen.models.adapters.scikit_learn.answers import Answer
from sitegen.models.adapters.scikit_learn.excerpts import FieldWords, Words
from sitegen.models.adapters.scikit_learn.linear import ODD_BLANKS, Linear
from sitegen.models.adapters.scikit_learn.ngrams import Features
from sitegen.models.adapters.whole_texts import WholeTexts, checked_margins
from sitegen.models.protocol import Text, Tokens

FEW = 4  # texts of one record for which the pipeline itself is asked
_FIELDS = 64  # that are kept cut into words
_CELLS = 1 << 18  # numbers that are worked on at once, so that they stay near the processor


class LinearTexts(WholeTexts):
    """The Classifier of a linear pipeline."""

    def __init__(self, answer: Answer, linear: Linear, *, segmentation: Segmentation) -> None:
        super().__init__(answer, segmentation=segmentation, facts=answer.facts, notes=answer.notes, name=answer.name)
        self._answer, self._linear = answer, linear
        self._words = Words(linear.words)
        self._fields: OrderedDict[int, FieldWords] = OrderedDict()
        self.runs_nothing = bool(answer.join) and answer.join.isspace()  # else words may grow together there
        self._scale: Array = (linear.weights.T * linear.idf).T  # of each class, where there are more than two

    def margins(self, titles: Sequence[Tokens], abstracts: Sequence[Tokens]) -> Float64[np.ndarray, " n"]:
        """The margin of each (title, abstract) pair of excerpts, in log-odds."""
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        for k, (title, abstract) in enumerate(zip(titles, abstracts, strict=True)):
            if not isinstance(title, Excerpt) or not isinstance(abstract, Excerpt):
                raise TypeError("a model of whole texts is given excerpts")
            groups[id(title.field), id(abstract.field)].append(k)
        margins = np.empty(len(titles))
        plain: list[int] = []
        for places in groups.values():
            pairs = [(titles[k], abstracts[k]) for k in places]
            if len(places) < FEW or not self._countable(pairs):
                plain += places
                continue
            try:
                margins[places] = self._of_record(pairs)  # type: ignore[arg-type]
            except ValueError:  # an empty word: the pattern is none of those that can be read piece by piece
                self.runs_nothing = False
                plain += places
        if plain:
            strings = [joined(_text(titles[k], abstracts[k]), self._answer.join) for k in plain]
            margins[plain] = self._answer.of_strings(strings)
        return checked_margins(margins, len(titles), name=self.name)

    def _countable(self, pairs: Sequence[tuple[Tokens, Tokens]]) -> bool:
        fields = {id(one.field): one.field for pair in pairs[:1] for one in pair if isinstance(one, Excerpt)}
        odd = self._linear.ascii and any(ODD_BLANKS.search(field.text) for field in fields.values())
        return self.runs_nothing and not odd

    def _of_record(self, pairs: Sequence[tuple[Excerpt, Excerpt]]) -> Array:
        """The margins of texts that are excerpts of one record."""
        linear = self._linear
        titles, title_of = _distinct([title for title, _ in pairs])
        abstracts, abstract_of = _distinct([abstract for _, abstract in pairs])
        fields = [self._field(some[0].field) for some in (titles, abstracts)]
        cut = [field.of_excerpts(some) for field, some in zip(fields, (titles, abstracts), strict=True)]
        words, numbered = np.unique(np.array([*fields[0].pool, *fields[1].pool], dtype=np.intp), return_inverse=True)
        features = Features(
            words, self._words.names, linear.vocabulary, shortest=linear.shortest, longest=linear.longest
        )
        pools = np.split(numbered.reshape(-1), [len(fields[0].pool)])
        for pool in pools:  # most pairs stand in the pool as they do in the texts
            _grams(features, pool, np.array([len(pool)]))
        (of_title, title_ends), (of_abstract, abstract_ends) = (
            (pool[places], ends) for pool, (places, ends, _) in zip(pools, cut, strict=True)
        )
        title_of, abstract_of = cut[0][2][title_of], cut[1][2][abstract_of]
        title_grams = _grams(features, of_title, title_ends)
        abstract_grams = _grams(features, of_abstract, abstract_ends)
        across = _across(features, (of_title, title_ends, title_of), (of_abstract, abstract_ends, abstract_of))
        size = len(features.columns)
        if not size:
            return self._answer.margins_from(np.zeros((len(pairs), *linear.intercept.shape)) + linear.intercept)
        title_counts = _counted(title_grams, len(titles), size)
        abstract_counts = _counted(abstract_grams, len(abstracts), size)
        columns = np.array(features.columns)
        step = max(1, _CELLS // size)
        numbers = [
            self._fractions(
                _together(title_counts, abstract_counts, title_of, abstract_of, across, slice(start, start + step)),
                columns,
            )
            for start in range(0, len(pairs), step)
        ]
        return self._answer.margins_from(np.concatenate(numbers) + linear.intercept)

    def _fractions(self, counts: Array, columns: Array) -> Array:
        """Numerator by norm of each row of counts (n, F): (n,), or (n, C) of C > 2 classes."""
        linear = self._linear
        values = _damped(counts, sublinear=linear.sublinear, binary=linear.binary)
        numerators: Array = values @ self._scale[columns]
        idf = linear.idf[columns]
        if linear.norm is None:
            return numerators
        norms = values @ np.abs(idf) if linear.norm == "l1" else np.sqrt((values * values) @ (idf * idf))
        fractions: Array = (numerators.T / np.where(norms == 0, 1.0, norms)).T
        return fractions

    def _field(self, field: SegmentedText) -> FieldWords:
        """The words of a field; those of the last ones are kept, and with them the fields, so that ids are theirs."""
        known = self._fields.get(id(field))
        if known is None:
            known = self._fields[id(field)] = FieldWords(field, self._words)
            if len(self._fields) > _FIELDS:
                self._fields.popitem(last=False)
        return known


def _text(title: Tokens, abstract: Tokens) -> Text:
    assert isinstance(title, Excerpt)
    assert isinstance(abstract, Excerpt)
    return Text(title=title.text, abstract=abstract.text)


def _distinct(excerpts: Sequence[Excerpt]) -> tuple[list[Excerpt], Array]:
    """The distinct objects, and for each excerpt the number of its own."""
    numbers: dict[int, int] = {}
    which = np.array([numbers.setdefault(id(one), len(numbers)) for one in excerpts], dtype=np.intp)
    first = {id(one): one for one in excerpts}
    return [first[key] for key in numbers], which


def _grams(features: Features, words: Array, ends: Array) -> tuple[Array, Array]:
    """The features of texts and the number of the text that each is in. words: of all texts; ends: of each."""
    rows = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    found, places = [], []
    for length in range(features.shortest, features.longest + 1):
        count = len(words) - length + 1
        if count <= 0:
            continue
        one = features.grams(*(words[k : k + count] for k in range(length)))
        row = rows[:count]
        here = (one >= 0) & (row == rows[length - 1 :]) if length > 1 else one >= 0
        found.append(one[here])
        places.append(row[here])
    if not found:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    return np.concatenate(found).astype(np.intp), np.concatenate(places)


def _counted(grams: tuple[Array, Array], rows: int, size: int) -> Array:
    """How often each text has each feature, (rows, size)."""
    features, places = grams
    counts: Array = np.bincount(places * size + features, minlength=rows * size).reshape(rows, size)
    return counts


def _across(
    features: Features, title: tuple[Array, Array, Array], abstract: tuple[Array, Array, Array]
) -> list[tuple[Array, Array]]:
    """The n-grams that reach from the title into the abstract: those of one length and place together, the numbers of
    the texts that have one, and its feature. Each field: words, ends of its excerpts, and which of them each text has.
    """
    reach = features.longest - 1
    if not reach:
        return []
    last, first = _edge(title[0], title[1], reach, end=True), _edge(abstract[0], abstract[1], reach, end=False)
    around = np.concatenate([last[title[2]], first[abstract[2]]], axis=1)
    found = []
    for length in range(max(2, features.shortest), features.longest + 1):
        for start in range(reach - length + 1, reach):
            window = around[:, start : start + length]
            (texts,) = np.nonzero((window >= 0).all(axis=1))
            grams = features.grams(*(window[texts, k] for k in range(length)))
            found.append((texts[grams >= 0], grams[grams >= 0]))
    return found


def _edge(words: Array, ends: Array, reach: int, *, end: bool) -> Array:
    """The last words of each excerpt, or its first ones, (n, reach); -1 where it has fewer."""
    starts = np.append(0, ends)[:-1]
    edge = np.full((len(ends), reach), -1, dtype=np.intp)
    for k in range(reach):
        place = ends - reach + k if end else starts + k
        there = (place >= starts) & (place < ends)
        edge[there, k] = words[place[there]]
    return edge


def _together(
    titles: Array,
    abstracts: Array,
    title_of: Array,
    abstract_of: Array,
    across: Sequence[tuple[Array, Array]],
    some: slice,
) -> Array:
    """The counts of some of the texts."""
    counts: Array = titles[title_of[some]] + abstracts[abstract_of[some]]
    for texts, grams in across:
        first, behind = np.searchsorted(texts, [some.start, some.stop])
        counts[texts[first:behind] - some.start, grams[first:behind]] += 1
    return counts


def _damped(counts: Array, *, sublinear: bool, binary: bool) -> Array:
    """What counts become."""
    if binary:
        flags: Array = (counts > 0).astype(np.float64)
        return flags
    if not sublinear:
        plain: Array = counts.astype(np.float64)
        return plain
    table = np.zeros(int(counts.max(initial=0)) + 1)
    table[1:] = np.log(np.arange(1, len(table))) + 1
    damped: Array = table[counts]
    return damped
