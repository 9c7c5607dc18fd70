"""The margins of many partly hidden copies of a record at once.

A *mask* says of each token of a text whether it is kept; what becomes of the hidden ones is the baseline's matter
(baselines.py). A token that the model does not know is skipped, hidden or not, so masks that differ in unknown tokens
alone leave one and the same text, and the model is given each distinct text once.

An additive model (margin = title part + abstract part + bias) is given the distinct texts of each field by themselves:
k masks of both fields cost at most 2k encodings, and masks of the abstract alone one more than themselves. Deletions
are left to such a model as masks, since texts that share beginnings and ends can share the work as well; what it makes
of one text's masks it may hold at once. In all other cases the texts are built here and handed over in batches
(batches.py), so that memory does not grow with k beyond the masks and the margins themselves.

Masks over the sentences of an abstract come in two kinds, which everything that hides sentences takes from here: all
subsets, and the whole abstract followed by the abstract without each sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Bool, Float64, Int

from sitegen.analysis.attribution.baselines import DELETED, Baseline, stand_in
from sitegen.analysis.attribution.batches import TextPair, field_parts, pair_margins
from sitegen.corpus.arrays import Array
from sitegen.corpus.excerpt import Excerpt
from sitegen.corpus.segment import Document, SegmentedText
from sitegen.models.protocol import AdditiveClassifier, Classifier, Field

MaskPair = tuple[Bool[np.ndarray, "_ _"] | None, Bool[np.ndarray, "_ _"] | None]  # (k, T) of the title, (k, A)


def sentence_masks(document: Document, keep: Bool[np.ndarray, "k S"]) -> Bool[np.ndarray, "k A"]:
    """Masks over the abstract's tokens from masks over its sentences."""
    lengths = np.diff(document.abstract.sentence_ends, prepend=0)
    masks: Array = np.repeat(keep, lengths, axis=1)
    return masks


def subset_masks(n: int) -> Bool[np.ndarray, "subsets n"]:
    """All 2^n subsets of n sentences: row S of a table, with sentence i kept where bit i of S is set."""
    masks: Array = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1 == 1
    return masks


def whole_and_without_each(n: int) -> Bool[np.ndarray, "n_plus_1 n"]:
    """All n sentences, then all but the first, all but the second, and so on."""
    masks: Array = np.vstack([np.ones((1, n), dtype=bool), ~np.eye(n, dtype=bool)])
    return masks


def masked_margins(
    documents: Sequence[Document],
    classifier: Classifier,
    masks: Sequence[MaskPair],
    *,
    baseline: Baseline = DELETED,
) -> list[Float64[np.ndarray, " _"]]:
    """For each document the margins, in log-odds, of its partly hidden copies, (k,).

    masks: for each document a mask of the title's tokens, (k, T), and one of the abstract's, (k, A); row r of both
    belongs to copy r. None keeps the whole field, and (None, None) is the whole record, k = 1. Results do not
    depend on which documents are given together (float32: up to about 2e-7). Raises ConfigError for a baseline that
    the model cannot read, ValueError where masks do not fit their text or each other.
    """
    token = stand_in(classifier, baseline)
    titles, abstracts = [], []
    for document, (title, abstract) in zip(documents, masks, strict=True):
        copies = _copies(document, (title, abstract))
        titles.append(_MaskedText(document.title, title, classifier=classifier, token=token, copies=copies))
        abstracts.append(_MaskedText(document.abstract, abstract, classifier=classifier, token=token, copies=copies))
    if classifier.additive:
        assert isinstance(classifier, AdditiveClassifier)
        title_parts = _masked_parts(classifier, "title", titles, deleted=token is None)
        abstract_parts = _masked_parts(classifier, "abstract", abstracts, deleted=token is None)
        return [a + b + classifier.bias for a, b in zip(title_parts, abstract_parts, strict=True)]
    return _masked_pairs(classifier, titles, abstracts)


def _copies(document: Document, masks: MaskPair) -> int:
    """k, how many copies of the document its masks make."""
    lengths = (len(document.title.tokens), len(document.abstract.tokens))
    given = [(mask, n) for mask, n in zip(masks, lengths, strict=True) if mask is not None]
    rows = {len(mask) for mask, _ in given}
    if len(rows) > 1 or any(mask.ndim != 2 or mask.shape[1] != n for mask, n in given):
        raise ValueError(
            f"masks {[mask.shape for mask, _ in given]} do not fit a title and abstract of {lengths} tokens"
        )
    return rows.pop() if rows else 1


class _MaskedText:
    """One field of one document under its masks: the d distinct texts they leave, and which of them each mask leaves.

    mask: (k, n), or None for `copies` times the whole text. words: those the model knows, m of them. which: (k,), for
    each mask the number of its text. kept: (d, m), for each distinct text which of the words it keeps.
    """

    def __init__(
        self,
        text: SegmentedText,
        mask: Bool[np.ndarray, "k n"] | None,
        *,
        classifier: Classifier,
        token: str | None,
        copies: int,
    ) -> None:
        self._text, self._token = text, token
        self._known = known = classifier.known(text.tokens)
        self.words = [word for word, is_known in zip(text.tokens, known.tolist(), strict=True) if is_known]
        if mask is None:
            self.which, self.kept = np.zeros(copies, dtype=np.intp), np.ones((1, len(self.words)), dtype=bool)
        else:
            self.which, self.kept = _distinct(mask[:, known])

    @property
    def known(self) -> Excerpt:
        """The words that the model knows."""
        return Excerpt(self._text, self.words, kept=self._known)

    def text(self, number: int) -> Excerpt:
        """One of the distinct texts as the model is given it: of its tokens those that it knows."""
        row = self.kept[number]
        if self._token is None:
            words = [word for word, kept in zip(self.words, row.tolist(), strict=True) if kept]
        else:
            words = [word if kept else self._token for word, kept in zip(self.words, row.tolist(), strict=True)]
        every = np.ones(len(self._known), dtype=bool)
        every[self._known] = row
        return Excerpt(self._text, words, kept=every, stand_in=self._token)


def _distinct(masks: Bool[np.ndarray, "k n"]) -> tuple[Int[np.ndarray, " k"], Bool[np.ndarray, "d n"]]:
    """Each mask's number among the distinct ones, and those."""
    if not masks.shape[1]:
        return np.zeros(len(masks), dtype=np.intp), masks[:1]
    _, first, which = np.unique(np.packbits(masks, axis=1), axis=0, return_index=True, return_inverse=True)
    return which.reshape(-1), masks[first]


def _masked_parts(
    classifier: AdditiveClassifier, field: Field, texts: Sequence[_MaskedText], *, deleted: bool
) -> list[Float64[np.ndarray, " _"]]:
    """The parts of one field of an additive model, for each document (k,)."""
    if deleted:
        by_document = classifier.kept_parts(field, [text.known for text in texts], [text.kept for text in texts])
        return [parts[text.which] for parts, text in zip(by_document, texts, strict=True)]
    values = field_parts(classifier, field, (text.text(number) for text in texts for number in range(len(text.kept))))
    return _by_document(values, [text.which for text in texts], [len(text.kept) for text in texts])


def _masked_pairs(
    classifier: Classifier, titles: Sequence[_MaskedText], abstracts: Sequence[_MaskedText]
) -> list[Float64[np.ndarray, " _"]]:
    """The margins by a model that reads both fields together, for each document (k,)."""
    distinct = [
        np.unique(np.stack([title.which, abstract.which], axis=1), axis=0, return_inverse=True)
        for title, abstract in zip(titles, abstracts, strict=True)
    ]

    def pairs() -> Iterator[TextPair]:
        for title, abstract, (numbers, _) in zip(titles, abstracts, distinct, strict=True):
            yield from ((title.text(t), abstract.text(a)) for t, a in numbers.tolist())

    values = pair_margins(classifier, pairs())
    return _by_document(values, [which.reshape(-1) for _, which in distinct], [len(pairs) for pairs, _ in distinct])


def _by_document(
    values: Float64[np.ndarray, " _"], which: Sequence[Int[np.ndarray, " _"]], counts: Sequence[int]
) -> list[Float64[np.ndarray, " _"]]:
    """For each document the value of each mask. values: of the distinct texts of all documents, one after the other;
    counts: how many each document has; which: for each document the number of each mask's text."""
    starts = np.cumsum([0, *counts])[:-1]
    return [values[start + numbers] for start, numbers in zip(starts, which, strict=True)]
