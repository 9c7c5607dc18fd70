"""What of the records' texts a site publishes, as `records.publish` of site.toml says. The one place that knows it.

    all        the texts as they are
    excerpts   of each sentence of an abstract its first words, `records.excerpt_words` of them; titles whole
    scores     titles, and of abstracts nothing but numbers: how many sentences, how many words in each, what each does

The first pass over the records (scan.py) reads the texts themselves, since rankings, the test and the words of the
corpus are made from them. All pages, figures and data files are made afterwards, from `Release.inputs`: records and
documents in which what is withheld is not there any more. So no page can publish it, and a new one need not know of it.

A withheld word is an empty token, and MARK stands in its place: a document keeps its words by number and its sentences,
so that every number still has its place. The numbers of a withheld word by itself, which are NaN here, are withheld
with it. What a word says alone depends on nothing but the word, so they would tell which word of the site's list it is.
So would the answers as a text is read word by word: the first word's is what it says alone, and a model that weighs
words adds the weight of each to the next. Of a text with a withheld word they are published where sentences end, and
nowhere else. So would the states of a network: the first state of a text depends on its first word alone, the second on
the first and the second word, and so on. Where anything is withheld no state is published.

Texts hide in other columns, too. A value of any column, or a message about a row, is withheld that holds RUN words in
a row of an abstract, or a whole one. Where a script parts no words by blanks, each of its characters is half a word, of
an excerpt, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from sitegen.analysis.attribution.occlusion import AdditiveGrid, FullGrid, Occlusion, PrefixGrid
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.config import Records
from sitegen.corpus.arrays import read_only
from sitegen.corpus.records import Record
from sitegen.corpus.segment import Document, SegmentedText
from sitegen.corpus.sentences import Span
from sitegen.corpus.texts import title_end
from sitegen.web.inputs import SiteInputs

MARK = "▪"  # stands for a withheld word
MORE = "…"  # ends an excerpt
RUN = 8  # words in a row of an abstract that are its text, wherever they stand
WIDEST = 16  # characters of a word: where words are not parted by blanks, an excerpt ends by them

_WORD = re.compile(r"\w+")
_SCRIPTS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_UNPARTED, _FIRST = re.compile(f"[{_SCRIPTS}]"), "\u0e00"  # a character of Thai, Khmer, Japanese, Chinese and the like
_UNIT = re.compile(rf"[{_SCRIPTS}]|[^\W{_SCRIPTS}]+")  # such a character, or a word


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedText(SegmentedText):
    """An abstract without what is withheld of it. places: (S, 2) int32, each sentence's [start, end) in the abstract as
    it was read, in code points."""

    places: np.ndarray[Any, Any]

    def __post_init__(self) -> None:
        SegmentedText.__post_init__(self)
        object.__setattr__(self, "places", read_only(self.places, np.int32, (len(self.sentence_spans), 2)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What is published of the records of a site. withheld: values of columns, and messages, that hold an abstract."""

    records: Records
    withheld: frozenset[str]

    @classmethod
    def of(cls, inputs: SiteInputs) -> Release:
        """The release of a site's records."""
        settings = inputs.site.records
        return cls(records=settings, withheld=frozenset() if settings.publish == "all" else _with_abstracts(inputs))

    @property
    def whole(self) -> bool:
        """Whether everything is published."""
        return self.records.publish == "all"

    def record(self, record: Record, document: Document) -> tuple[Record, tuple[Span, ...]]:
        """What is published of a record, and where the sentences of its document by the first model are in what is
        published of its abstract."""
        text = document.abstract
        if self.whole:
            return record, tuple((start, end) for start, end in text.sentence_spans.tolist())
        published = self._abstract(text, self._kept(text), title=record.title)
        parts, spans, at = list[str](), list[Span](), 0
        for k in range(len(published.sentence_ends)):
            part = excerpt_of(published, k)
            spans.append((at, at + len(part)))
            parts += [part] if part else []
            at += len(part) + 1 if part else 0
        shown = replace(
            record,
            abstract=" ".join(parts),
            facets={name: self.value(value) for name, value in record.facets.items()},
            metadata={name: self.value(value) for name, value in record.metadata.items()},
            values={
                name: tuple(filter(None, map(self.value, values))) if self.value(record.facets[name]) else ()
                for name, values in record.values.items()
            },
        )
        return shown, tuple(spans)

    def value(self, value: str) -> str:
        """A value of a column, or a message about a row; "" where it holds an abstract."""
        return "" if value in self.withheld else value

    def inputs(self, inputs: SiteInputs, records: Iterable[Record]) -> SiteInputs:
        """All that a site is made of, but for what is withheld. records: what is published of each."""
        if self.whole:
            return inputs
        first = inputs.site.models[0].name
        scores_of = lru_cache(maxsize=1)(inputs.occlusions)  # a record's are asked for with what its words say alone

        def occlusions(k: int) -> dict[str, Occlusion]:
            found = scores_of(k)
            kept, title = self._kept(found[first].document.abstract), inputs.records[k].title
            return {model: self._occlusion(one, kept, title=title) for model, one in found.items()}

        def alone(k: int) -> dict[str, ReadAlone]:
            said, scores = inputs.alone(k), scores_of(k)
            kept = self._kept(scores[first].document.abstract)
            return {
                model: replace(one, abstract_words=_numbers(one.abstract_words, scores[model].document.abstract, kept))
                for model, one in said.items()
            }

        return replace(
            inputs,
            records=tuple(records),
            occlusions=occlusions,
            alone=alone,
            network=inputs.network and replace(inputs.network, inside=lambda k, layer: None),
            labels=self.value(inputs.labels),
            treatments=tuple(
                replace(one, examples=tuple(filter(None, map(self.value, one.examples)))) for one in inputs.treatments
            ),
        )

    def scores(self, occlusion: Occlusion, *, title: str) -> Occlusion:
        """What is published of a model's answers to a record by themselves. title: the record's."""
        return (
            occlusion
            if self.whole
            else self._occlusion(occlusion, self._kept(occlusion.document.abstract), title=title)
        )

    def _occlusion(self, occlusion: Occlusion, kept: tuple[Span, ...], *, title: str) -> Occlusion:
        document, text = occlusion.document, occlusion.document.abstract
        return replace(
            occlusion,
            document=Document(title=document.title, abstract=self._abstract(text, kept, title=title)),
            grid=occlusion.grid if all(_published(text, kept)) else _by_sentences(occlusion.grid, text),
            abstract_words=_numbers(occlusion.abstract_words, text, kept),
        )

    def _kept(self, text: SegmentedText) -> tuple[Span, ...]:
        """The stretches of an abstract that are published, by the sentences of the first model's document."""
        kept = [(0, text.start)] if text.start else []
        if self.records.publish == "scores":
            return tuple(kept)
        for (start, end), (first, behind) in zip(text.sentence_spans.tolist(), text.sentence_ranges, strict=True):
            last = _last_kept(text, first, behind, words=self.records.excerpt_words)
            if last == behind:
                kept.append((start, end))
            elif last > first:
                kept.append((start, int(text.spans[last - 1, 1])))
        return tuple(kept)

    def _abstract(self, text: SegmentedText, kept: tuple[Span, ...], *, title: str) -> PublishedText:
        """The abstract with a mark for every word outside of `kept`. A repeated title in front is the title's own."""
        published, written = _published(text, kept), ""
        if text.start:
            written = f"{title.strip()} "
        start, spans, sentences = len(written), list[Span](), list[Span]()
        for (begin, end), (first, behind) in zip(text.sentence_spans.tolist(), text.sentence_ranges, strict=True):
            at = len(written)
            before: int | None = begin  # where what is published ends, None behind a withheld word
            for k in range(first, behind):
                a, b = text.spans[k].tolist()
                gap = text.text[before:a] if published[k] and before is not None else " " * (k > first)
                written += gap if _WORD.search(gap) is None else " "
                spans.append((len(written), len(written) + (b - a if published[k] else len(MARK))))
                written += text.text[a:b] if published[k] else MARK
                before = b if published[k] else None
            tail = text.text[before:end] if before is not None else ""
            written += tail if _WORD.search(tail) is None else ""
            sentences.append((at, len(written)))
            written += " "
        return PublishedText(
            text=written.rstrip(" ") if sentences else written,
            tokens=tuple(token if shown else "" for token, shown in zip(text.tokens, published, strict=True)),
            spans=np.array(spans, dtype=np.int32).reshape(-1, 2),
            sentence_spans=np.array(sentences, dtype=np.int32).reshape(-1, 2),
            sentence_ends=text.sentence_ends,
            start=start,
            places=text.sentence_spans,
        )


def word(text: SegmentedText, k: int) -> str:
    """A field's word of that number, from 0, as it was written; `word 57` where it is withheld."""
    start, end = text.spans[k].tolist()
    return text.text[start:end] if text.tokens[k] else f"word {k + 1}"


def sentence(text: SegmentedText, number: int) -> str:
    """A sentence of an abstract on one line, or what is published of it; `sentence 3` where that is nothing."""
    return " ".join(excerpt_of(text, number).split()) or f"sentence {number + 1}"


def excerpt_of(text: SegmentedText, number: int) -> str:
    """What is published of a sentence, as it was written."""
    start, end = text.sentence_spans[number].tolist()
    first, behind = text.sentence_ranges[number]
    last = next((k for k in range(first, behind) if not text.tokens[k]), behind)
    if last == behind:
        written = text.text[start:end]
    else:
        written = f"{text.text[start : text.spans[last - 1, 1]]} {MORE}" if last > first else ""
    return written


def names(settings: Records, record: Record, words: Iterable[str]) -> bool:
    """Whether the published texts of a record have one of these lower-cased words, so that a list may say so."""
    if settings.publish == "all":
        return True
    there = set(_WORD.findall(f"{record.title} {record.abstract}".casefold()))
    return any(word in there for word in words)


def listed(settings: Records, word: str) -> bool:
    """Whether a word of the corpus may stand in a list of words: where texts are withheld, none that is half a RUN or
    more by itself, as a clause is of a text without blanks."""
    return settings.publish == "all" or len(_UNPARTED.findall(word)) < RUN


def places(text: SegmentedText) -> np.ndarray[Any, Any]:
    """Where the sentences are in the abstract as it was read, in code points: (S, 2)."""
    return text.places if isinstance(text, PublishedText) else text.sentence_spans


def withholds(text: SegmentedText) -> bool:
    """Whether a word of the text is withheld."""
    return not all(text.tokens)


def _last_kept(text: SegmentedText, first: int, behind: int, *, words: int) -> int:
    """Behind which token of a sentence an excerpt of so many words ends. Punctuation is no word."""
    n, begin = 0.0, int(text.spans[first, 0])
    for k in range(first, behind):
        n += max(_WORD.search(text.tokens[k]) is not None, len(_UNPARTED.findall(text.tokens[k])) / 2)
        if n > words or int(text.spans[k, 1]) - begin > WIDEST * words:
            return k
    return behind


def _published(text: SegmentedText, kept: tuple[Span, ...]) -> list[bool]:
    """Which tokens lie within the stretches that are published."""
    return [any(a <= start and end <= b for a, b in kept) for start, end in text.spans.tolist()]


def _numbers(values: np.ndarray[Any, Any], text: SegmentedText, kept: tuple[Span, ...]) -> np.ndarray[Any, Any]:
    """Numbers of the words, NaN where the word is withheld."""
    return np.where(_published(text, kept), values, np.nan)


def _by_sentences(grid: PrefixGrid, text: SegmentedText) -> PrefixGrid:
    """The grid where sentences of the abstract end, else NaN."""
    ends = np.isin(np.arange(grid.shape[1]), [*(text.sentence_ends - 1), grid.shape[1] - 1])
    if isinstance(grid, AdditiveGrid):
        return replace(grid, abstract=np.where(ends, grid.abstract, np.nan))
    return FullGrid(margins=np.where(ends, grid.margins, np.nan))


def _with_abstracts(inputs: SiteInputs) -> frozenset[str]:
    """The values of columns and the messages about rows that hold RUN words in a row of an abstract, or a whole one."""
    values = {value for record in inputs.records for value in (*record.facets.values(), *record.metadata.values())}
    values |= {value for record in inputs.records for several in record.values.values() for value in several}
    values |= {inputs.labels, *(message for treatment in inputs.treatments for message in treatment.examples)}
    runs = {value: frozenset(_runs(value)) for value in values}
    wanted = frozenset().union(*runs.values())
    found = set[tuple[str, ...]]()
    for record in inputs.records:
        body = record.abstract[title_end(record.title, record.abstract) :]
        found.update((wanted & set(_runs(body))) - set(_runs(record.title)))
    return frozenset(value for value, held in runs.items() if held & found)


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every RUN words in a row, case-folded; of a shorter text all of its words, where these are more than one."""
    units = _UNIT.findall(unicodedata.normalize("NFKC", text).casefold())
    words = [0.5 if unit >= _FIRST and _UNPARTED.match(unit) else 1.0 for unit in units]
    if 1 < sum(words) < RUN:
        yield tuple(units)
    end, held = 0, 0.0
    for k, size in enumerate(words):
        while held < RUN and end < len(units):
            held += words[end]
            end += 1
        if held < RUN:
            return
        yield tuple(units[k:end])
        held -= size
