"""The n-grams of many texts at once, as numbers of the features that they are.

The words of one group of texts are few. So which feature a pair of words is stands in a table with a row and a column a
word, and is looked up for all places of all texts in one step; an entry is found out when it is first needed. Triples
are too many for a table, so each distinct one is looked up once. Features are numbered as they are met, so that counts
of a group are a small dense array and not one of the whole vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sitegen.corpus.arrays import Array

_NOT_ASKED, _NONE = -2, -1
_LARGEST = 1 << 22  # entries of a table: 16 MB


class Features:
    """The features of a group of texts.

    words (M,): the words of the group, as numbers of `names`; all texts below are numbers of places in it. columns: of
    the features in the vocabulary, in the order in which they were met.
    """

    def __init__(
        self, words: Array, names: Sequence[str], vocabulary: Mapping[str, int], *, shortest: int, longest: int
    ) -> None:
        self._names = [names[word] for word in words.tolist()]
        self._vocabulary, self.shortest, self.longest = vocabulary, shortest, longest
        self.columns: list[int] = []
        self._numbers: dict[int, int] = {}
        size = len(self._names)
        self._single = (
            np.array([self._feature(name) for name in self._names], dtype=np.int32) if shortest == 1 else None
        )
        self._pairs = np.full(size * size if longest > 1 and size * size <= _LARGEST else 0, _NOT_ASKED, dtype=np.int32)

    def grams(self, *words: Array) -> Array:
        """The feature of each n-gram, -1 where the vocabulary lacks it. words: n arrays, of the first words, the second
        ones, and so on."""
        if len(words) == 1:
            assert self._single is not None
            found: Array = self._single[words[0]]
            return found
        size = len(self._names)
        codes = words[0] * size + words[1]
        if len(words) == 2 and self._pairs.size:
            return self._from_table(self._pairs, codes)
        if len(words) == 3:
            codes = codes * size + words[2]
        distinct, which = np.unique(codes, return_inverse=True)
        features = np.array([self._of_code(code, len(words)) for code in distinct.tolist()], dtype=np.int32)
        triples: Array = features[which.reshape(-1)] if features.size else features
        return triples

    def _from_table(self, table: Array, codes: Array) -> Array:
        found: Array = table[codes]
        new = np.unique(codes[found == _NOT_ASKED])
        if new.size:
            table[new] = [self._of_code(code, 2) for code in new.tolist()]
            found = table[codes]
        return found

    def _of_code(self, code: int, length: int) -> int:
        size, words = len(self._names), []
        for _ in range(length):
            code, word = divmod(code, size)
            words.append(self._names[word])
        return self._feature(" ".join(reversed(words)))

    def _feature(self, gram: str) -> int:
        column = self._vocabulary.get(gram)
        if column is None:
            return _NONE
        number = self._numbers.setdefault(column, len(self.columns))
        if number == len(self.columns):
            self.columns.append(column)
        return number
