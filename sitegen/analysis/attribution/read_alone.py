"""What a piece of text says to the model by itself: one sentence, or one word, and nothing else.

*Read alone* is the margin of a piece read in its own field while the other field is empty: for readers, "alone it says
93%". It is a statement of the model's own, no difference and no average, and costs one short text a piece. It asks
another question than leave-one-out, whether the piece was needed, and than the share, what it did here: in a text that
speaks for one class with every sentence none is needed, and still each says something.

Three whole texts are read beside the pieces: nothing at all, the title without an abstract, and the abstract without a
title. With the whole record they make the *path* of its answer, from nothing to the title to both. The title is read up
to each of its words, too: what the model says before an abstract begins.

A piece of which the model knows no word is an empty text to it. Nothing stands in for what is not there, whatever the
site's baseline: an empty field is one that has no words.

Pieces that are the same text to the model are read once a call, single words above all. An additive model reads each in
its field; any other is given the piece with an empty text beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from sitegen.analysis.attribution.batches import TextPair, field_parts, pair_margins
from sitegen.analysis.attribution.depth import ALL, Depth, nothing, reaches
from sitegen.corpus.arrays import Array, read_only
from sitegen.corpus.excerpt import Excerpt, cut_after, cut_out, uncut
from sitegen.corpus.segment import NO_TEXT, Document, SegmentedText
from sitegen.models.protocol import AdditiveClassifier, Classifier


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAlone:
    """The margins of one document's pieces, each read by itself, in log-odds.

    empty: of two empty texts. title: of the title without an abstract; abstract: of the abstract without a title.
    title_prefixes (n - 1,): of the title up to each token but the last, without an abstract. sentences (S,): of the
    abstract. title_words (n,), abstract_words (m,): of the tokens, in their own fields.
    """

    empty: float
    title: float
    abstract: float
    title_prefixes: Array
    sentences: Array
    title_words: Array
    abstract_words: Array

    def __post_init__(self) -> None:
        for name in ("title_prefixes", "sentences", "title_words", "abstract_words"):
            object.__setattr__(self, name, read_only(getattr(self, name), np.float32, (-1,)))

    def asked(self, depth: Depth) -> bool:
        """Whether all is known that belongs to a depth."""
        needed: dict[Depth, list[float]] = {
            "alone": [self.empty, self.title, self.abstract, *self.sentences],
            "sentences": [*self.title_prefixes],
            "words": [*self.title_words, *self.abstract_words],
        }
        return not any(np.isnan(values).any() for one, values in needed.items() if reaches(depth, one))

    @property
    def titles(self) -> Float64[np.ndarray, " T"]:
        """The title up to each token, the whole one last, without an abstract: (max(n, 1),)."""
        titles: Array = np.append(self.title_prefixes.astype(np.float64), self.title)
        return titles


def read_alone(documents: Sequence[Document], classifier: Classifier, *, depth: Depth = ALL) -> list[ReadAlone]:
    """The ReadAlone of every document, in order.

    depth: how much is asked of a model that is not additive; what is not asked is NaN. Results do not depend on which
    documents are given together (float32: up to about 2e-7).
    """
    depth = ALL if classifier.additive else depth
    pairs, counts = list[TextPair](), list[tuple[tuple[int, bool], ...]]()
    for document in documents:
        title, abstract = _whole(document.title, classifier), _whole(document.abstract, classifier)
        no_title, no_abstract = _nothing(document.title), _nothing(document.abstract)
        groups: list[tuple[Depth, list[TextPair]]] = [
            ("alone", [(no_title, no_abstract), (title, no_abstract), (no_title, abstract)]),
            ("sentences", [(piece, no_abstract) for piece in _prefixes(document.title, classifier)]),
            ("alone", [(no_title, piece) for piece in _sentences(document.abstract, classifier)]),
            ("words", [(piece, no_abstract) for piece in _words(document.title, classifier)]),
            ("words", [(no_title, piece) for piece in _words(document.abstract, classifier)]),
        ]
        pairs += [pair for needed, group in groups if reaches(depth, needed) for pair in group]
        counts.append(tuple((len(group), reaches(depth, needed)) for needed, group in groups))
    margins = _distinct_margins(classifier, pairs)
    results, at = [], 0
    for sizes in counts:
        pieces = []
        for size, is_asked in sizes:
            pieces.append(margins[at : at + size] if is_asked else nothing(size))
            at += size if is_asked else 0
        empty, title_alone, abstract_alone = pieces[0].tolist()
        results.append(
            ReadAlone(
                empty=empty,
                title=title_alone,
                abstract=abstract_alone,
                title_prefixes=pieces[1],
                sentences=pieces[2],
                title_words=pieces[3],
                abstract_words=pieces[4],
            )
        )
    return results


def sentences_alone(documents: Sequence[Document], classifier: Classifier) -> list[Float64[np.ndarray, " _"]]:
    """The margins of the sentences of every document's abstract, (S,), each read by itself, in log-odds."""
    pairs = [
        (_nothing(document.title), piece)
        for document in documents
        for piece in _sentences(document.abstract, classifier)
    ]
    margins = _distinct_margins(classifier, pairs)
    ends = np.cumsum([len(document.abstract.sentence_ends) for document in documents])
    return np.split(margins, ends[:-1]) if len(documents) else []


def excerpts_alone(excerpts: Sequence[Excerpt], classifier: Classifier) -> Float64[np.ndarray, " n"]:
    """The margin of each excerpt of an abstract read by itself, without a title, in log-odds."""
    return _distinct_margins(classifier, [(_nothing(NO_TEXT), excerpt) for excerpt in excerpts])


def _sentences(text: SegmentedText, classifier: Classifier) -> list[Excerpt]:
    known = classifier.known(text.tokens)
    return [_piece(text, first, behind, known) for first, behind in text.sentence_ranges]


def _words(text: SegmentedText, classifier: Classifier) -> list[Excerpt]:
    known = classifier.known(text.tokens)
    return [_piece(text, k, k + 1, known) for k in range(len(text.tokens))]


def _prefixes(text: SegmentedText, classifier: Classifier) -> list[Excerpt]:
    known = classifier.known(text.tokens)
    return [cut_after(text, k) if known[:k].any() else _nothing(text) for k in range(1, len(text.tokens))]


def _piece(text: SegmentedText, first: int, behind: int, known: Array) -> Excerpt:
    return cut_out(text, first, behind) if known[first:behind].any() else _nothing(text)


def _whole(text: SegmentedText, classifier: Classifier) -> Excerpt:
    return uncut(text) if classifier.known(text.tokens).any() else _nothing(text)


def _nothing(text: SegmentedText) -> Excerpt:
    return cut_out(text, 0, 0)


def _distinct_margins(classifier: Classifier, pairs: Sequence[TextPair]) -> Float64[np.ndarray, " n"]:
    """The margin of each pair, in log-odds; pairs that the model cannot tell apart are read once."""
    titles, title_of = _distinct(title for title, _ in pairs)
    abstracts, abstract_of = _distinct(abstract for _, abstract in pairs)
    if classifier.additive:
        assert isinstance(classifier, AdditiveClassifier)
        title_parts, abstract_parts = (
            field_parts(classifier, "title", titles),
            field_parts(classifier, "abstract", abstracts),
        )
        margins: Array = title_parts[title_of] + abstract_parts[abstract_of] + classifier.bias
        return margins
    both, which = np.unique(np.stack([title_of, abstract_of], axis=1), axis=0, return_inverse=True)
    read = pair_margins(classifier, ((titles[t], abstracts[a]) for t, a in both.tolist()))
    return read[which.reshape(-1)]


def _distinct(texts: Iterable[object]) -> tuple[list[Excerpt], Array]:
    """The distinct texts, by their tokens and as strings, and for each text the number of the one that it equals."""
    numbers: dict[tuple[tuple[str, ...], str], int] = {}
    distinct, which = list[Excerpt](), []
    for text in texts:
        assert isinstance(text, Excerpt)
        key = (tuple(text), text.text)
        if key not in numbers:
            numbers[key] = len(distinct)
            distinct.append(text)
        which.append(numbers[key])
    return distinct, np.array(which, dtype=np.intp)
