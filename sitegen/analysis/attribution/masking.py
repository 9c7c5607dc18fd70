"""Texts with words hidden: what stands in for a hidden word, and the margins of many partly hidden records at once.

Every number that explains a record compares it with itself less something. What "less" means is the *baseline*:

*deleted*   the word is gone and the rest is re-joined: the text as someone might have written it;
*zero*      a zero vector stands in its place;
*mean*      the mean of all vectors of the vocabulary does;
*unknown*   the vocabulary's own entry for unknown words does, where it has one.

Deletion is the default: a place kept by a vector that no word has shows a recurrent network something it never met
in training. The others are there to compare with, and keep the text's length. Whatever the baseline, a token that the
model does not know is skipped, hidden or not, so hiding it changes nothing.

A *mask* says of each token whether it is kept. Masks that differ in unknown tokens alone are one reading, and a
model whose fields do not meet (additive) reads each field's distinct masks once: k masks of both fields cost at most
2k encodings, and masks of the abstract alone one more than themselves. Deletions are left to such a model as masks, so
that readings can share what they have in common; it may hold what it makes of one text's masks at once. All others are
handed over word by word, in chunks of about WORDS_PER_CALL words, so that memory does not grow with k beyond the masks
and the margins themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np
from jaxtyping import Bool, Float64, Int

from sitegen.corpus.arrays import Array
from sitegen.corpus.excerpt import Excerpt
from sitegen.corpus.segment import Document, SegmentedText
from sitegen.errors import ConfigError
from sitegen.models.protocol import AdditiveClassifier, Baseline, Classifier, Field, ReadsStandIns

__all__ = ["Baseline", "Masks", "masked_margins", "sentence_masks", "stand_in"]

WORDS_PER_CALL = 1 << 16  # at 200 float32 numbers a word, 50 MB of vectors

Masks = tuple[Bool[np.ndarray, "_ _"] | None, Bool[np.ndarray, "_ _"] | None]  # (k, T) of the title, (k, A)
Reading = tuple[Excerpt, Excerpt]
R = TypeVar("R")


def stand_in(classifier: Classifier, baseline: Baseline) -> str | None:
    """The token that replaces hidden words, None where they are deleted.

    Raises ConfigError where the model cannot read any such token.
    """
    if baseline == "deleted":
        return None
    stand_ins = classifier.stand_ins if isinstance(classifier, ReadsStandIns) else {}
    token = stand_ins.get(baseline)
    if token is not None:
        return token
    reason = "cannot read a stand-in of that kind"
    if baseline == "unknown":
        reason = "skips unknown words and its vocabulary has no entry for them, so that would be the same as deleted"
    readable = ", ".join(f'"{name}"' for name in ("deleted", *stand_ins))
    raise ConfigError(f'baseline "{baseline}": the model {reason}. Use one of: {readable}.')


def sentence_masks(document: Document, keep: Bool[np.ndarray, "k S"]) -> Bool[np.ndarray, "k A"]:
    """Masks over the abstract's tokens from masks over its sentences."""
    lengths = np.diff(document.abstract.sentence_ends, prepend=0)
    masks: Array = np.repeat(keep, lengths, axis=1)
    return masks


def masked_margins(
    documents: Sequence[Document],
    classifier: Classifier,
    keep: Sequence[Masks],
    *,
    baseline: Baseline = "deleted",
) -> list[Float64[np.ndarray, " _"]]:
    """For each document the margins, in log-odds, of its partly hidden copies, (k,).

    keep: for each document a mask of the title's tokens, (k, T), and one of the abstract's, (k, A); row r of both
    belongs to copy r. None keeps the whole field, and (None, None) is the whole record, k = 1. Results do not
    depend on what is asked together (float32: up to about 2e-7). Raises ConfigError for a baseline that the model
    cannot read, ValueError where masks do not fit their text or each other.
    """
    token = stand_in(classifier, baseline)
    counts = [_count(document, masks) for document, masks in zip(documents, keep, strict=True)]
    titles, abstracts = [], []
    for document, masks, count in zip(documents, keep, counts, strict=True):
        titles.append(_Hidden(document.title, masks[0], classifier=classifier, token=token, count=count))
        abstracts.append(_Hidden(document.abstract, masks[1], classifier=classifier, token=token, count=count))
    if classifier.additive:
        assert isinstance(classifier, AdditiveClassifier)
        title = _field_margins(classifier, "title", titles, deleted=token is None)
        abstract = _field_margins(classifier, "abstract", abstracts, deleted=token is None)
        return [a + b + classifier.bias for a, b in zip(title, abstract, strict=True)]
    return _pair_margins(classifier, titles, abstracts)


def _count(document: Document, masks: Masks) -> int:
    """k, how many copies are asked for."""
    lengths = (len(document.title.tokens), len(document.abstract.tokens))
    given = [(mask, n) for mask, n in zip(masks, lengths, strict=True) if mask is not None]
    rows = {len(mask) for mask, _ in given}
    if len(rows) > 1 or any(mask.ndim != 2 or mask.shape[1] != n for mask, n in given):
        raise ValueError(
            f"masks {[mask.shape for mask, _ in given]} do not fit a title and abstract of {lengths} tokens"
        )
    return rows.pop() if rows else 1


class _Hidden:
    """One field of one document under its masks: the distinct readings, and which of them each mask gives.

    mask: (k, n), or None for `count` times the whole text. words: those the model knows. which: (k,) numbers of
    readings. rows: (readings, words) bool, kept or hidden.
    """

    def __init__(
        self,
        text: SegmentedText,
        mask: Bool[np.ndarray, "k n"] | None,
        *,
        classifier: Classifier,
        token: str | None,
        count: int,
    ) -> None:
        self._text, self._token = text, token
        self._known = known = classifier.known(text.tokens)
        self.words = [word for word, is_known in zip(text.tokens, known.tolist(), strict=True) if is_known]
        if mask is None:
            self.which, self.rows = np.zeros(count, dtype=np.intp), np.ones((1, len(self.words)), dtype=bool)
        else:
            self.which, self.rows = _distinct(mask[:, known])

    def reading(self, number: int) -> Excerpt:
        """The text that the model is given: of tokens those that it knows."""
        row = self.rows[number]
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


def _field_margins(
    classifier: AdditiveClassifier, field: Field, texts: Sequence[_Hidden], *, deleted: bool
) -> list[Float64[np.ndarray, " _"]]:
    if deleted:
        parts = classifier.kept_parts(field, [text.words for text in texts], [text.rows for text in texts])
        return [its_parts[text.which] for its_parts, text in zip(parts, texts, strict=True)]
    answers = _asked(
        (text.reading(number) for text in texts for number in range(len(text.rows))),
        lambda readings: classifier.parts(field, readings),
        size=len,
    )
    return _spread(answers, [text.which for text in texts], [len(text.rows) for text in texts])


def _pair_margins(
    classifier: Classifier, titles: Sequence[_Hidden], abstracts: Sequence[_Hidden]
) -> list[Float64[np.ndarray, " _"]]:
    pairs = [
        np.unique(np.stack([title.which, abstract.which], axis=1), axis=0, return_inverse=True)
        for title, abstract in zip(titles, abstracts, strict=True)
    ]

    def readings() -> Iterator[Reading]:
        for title, abstract, (numbers, _) in zip(titles, abstracts, pairs, strict=True):
            yield from ((title.reading(t), abstract.reading(a)) for t, a in numbers.tolist())

    margins = _asked(
        readings(),
        lambda chunk: classifier.margins([title for title, _ in chunk], [abstract for _, abstract in chunk]),
        size=lambda pair: len(pair[0]) + len(pair[1]),
    )
    return _spread(margins, [which.reshape(-1) for _, which in pairs], [len(numbers) for numbers, _ in pairs])


def _asked(
    readings: Iterator[R], ask: Callable[[list[R]], Float64[np.ndarray, " _"]], *, size: Callable[[R], int]
) -> Float64[np.ndarray, " _"]:
    """What `ask` makes of all readings, about WORDS_PER_CALL words at a time."""
    answers: list[Array] = [np.zeros(0)]
    chunk: list[R] = []
    words = 0
    for reading in readings:
        chunk.append(reading)
        words += size(reading) + 1
        if words >= WORDS_PER_CALL:
            answers.append(ask(chunk))
            chunk, words = [], 0
    if chunk:
        answers.append(ask(chunk))
    return np.concatenate(answers)


def _spread(
    values: Float64[np.ndarray, " _"], which: Sequence[Int[np.ndarray, " _"]], counts: Sequence[int]
) -> list[Float64[np.ndarray, " _"]]:
    """The values of all documents' readings, one after the other, as each document's margins."""
    starts = np.cumsum([0, *counts])[:-1]
    return [values[start + numbers] for start, numbers in zip(starts, which, strict=True)]
