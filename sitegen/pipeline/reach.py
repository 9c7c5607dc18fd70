"""How far into long texts a model reads, where it does not read texts of any length.

Such a model is asked once for all texts of the corpus which stretch of title and abstract it reads. What comes of it
stands in the store as a report, with a line for each text that is cut; pages are written from it: a sentence below the
text of each such record, and how many there are on the methods page.

No score is changed by it. Words behind the cut are no words that a model skips: where something before them is taken
out, the text moves up, and they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from sitegen.analysis.store.store import Store
from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import Document, SegmentedText
from sitegen.models.manifest import Manifest
from sitegen.models.protocol import FIELDS, Classifier, ReadsUpTo, Text
from sitegen.pipeline.batches import Advance, segmented
from sitegen.pipeline.keys import ModelKeys

BATCH = 256  # texts that are looked at together
Words = tuple[int, int, int]  # the first that is read, the one behind the last, and how many there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a model reads. limit: how much at most, in its words. cut: by key, of each text that it does not read
    whole, the words of title and abstract that it reads."""

    limit: str
    cut: Mapping[str, tuple[Words, Words]]

    def note(self, key: str) -> str:
        """The sentence on a record; "" where all of it is read."""
        if key not in self.cut:
            return ""
        read = dict(zip(FIELDS, self.cut[key], strict=True))
        parts = [_part(field, words) for field, words in read.items() if _is_cut(words)]
        where = "before" if any(_from_the_end(words) for words in read.values()) else "behind"
        return (
            f"The model reads {' and '.join(parts)}. It does not see what stands {where}, unless something else is "
            f"taken out and makes room. It reads at most {self.limit}."
        )

    def as_json(self) -> dict[str, Any]:
        """The same in plain values."""
        return {"limit": self.limit, "cut": self.cut}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Reach:
        """What `as_json` was called on."""
        cut = {key: (_words(title), _words(abstract)) for key, (title, abstract) in stored["cut"].items()}
        return cls(limit=stored["limit"], cut=cut)


def score_reach(keys: ModelKeys, store: Store, classifier: Callable[[], Classifier], advance: Advance) -> bool:
    """Ask how far the model reads, unless the store has it; returns whether it was asked."""
    if keys.reach is None or read_reach(store, keys) is not None:
        return False
    model = classifier()
    reach = Reach(limit="", cut={})
    if isinstance(model, ReadsUpTo) and model.limit:
        progress = partial(advance, f"Looking how far {keys.name} reads")
        texts, read = sorted(keys.texts.texts), dict[str, tuple[Words, Words]]()
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            read.update(zip(batch, reaches(model, segmented(keys.texts, batch)), strict=True))
            progress(start + len(batch), len(texts))
        reach = Reach(limit=model.limit, cut={key: two for key, two in read.items() if any(map(_is_cut, two))})
    store.write_report(keys.reach, reach.as_json())
    return True


def reaches(model: ReadsUpTo, documents: Sequence[Document]) -> list[tuple[Words, Words]]:
    """The words of title and abstract that are read of each document. A word that is read in part is none."""
    fields = [(document.title, document.abstract) for document in documents]
    texts = [Text(title=_given(title), abstract=_given(abstract)) for title, abstract in fields]
    spans = model.read_spans(texts)
    return [
        (_read(title, of_title), _read(abstract, of_abstract))
        for (title, abstract), (of_title, of_abstract) in zip(fields, spans, strict=True)
    ]


def read_reach(store: Store, keys: ModelKeys) -> Reach | None:
    """How far the model reads; None where it was not asked, or reads texts of any length."""
    stored = store.read_report(keys.reach) if keys.reach else None
    return None if stored is None else Reach.from_json(stored)


def with_reach(manifest: Manifest, reach: Reach | None, keys: Sequence[str | None]) -> Manifest:
    """The manifest with a note on how many of the records are cut, `keys` being those of all records, None of one that
    the model does not read."""
    keys = [key for key in keys if key is not None]
    count = sum(key in reach.cut for key in keys) if reach else 0
    if reach is None or not count:
        return manifest
    are = "is" if count == 1 else "are"
    note = (
        f"{count:,} of {len(keys):,} {{many}} {are} longer than what this model reads, at most {reach.limit}, title "
        "and abstract together. How far it reads is said on the page of each. It does not see the rest, unless "
        "something before it is taken out and makes room."
    )
    return replace(manifest, notes=(*manifest.notes, note))


def with_notes(
    notes: Mapping[int, tuple[str, ...]], reach: Reach | None, keys: Sequence[str | None]
) -> dict[int, tuple[str, ...]]:
    """The notes on records, by number, and with them what is said of those that are cut."""
    said = {k: reach.note(key) for k, key in enumerate(keys) if key is not None and key in reach.cut} if reach else {}
    return {k: (*notes.get(k, ()), *([said[k]] if k in said else [])) for k in sorted({*notes, *said})}


def read_of_abstracts(reach: Reach | None, keys: Sequence[str | None]) -> dict[int, tuple[int, int]]:
    """The words [first, behind) that are read of each abstract that is cut, by the record's number."""
    cut = {k: reach.cut[key][1] for k, key in enumerate(keys) if key and key in reach.cut} if reach else {}
    return {k: (first, behind) for k, (first, behind, total) in cut.items() if behind - first < total}


def _is_cut(words: Words) -> bool:
    first, behind, total = words
    return behind - first < total


def _from_the_end(words: Words) -> bool:
    first, behind, total = words
    return 0 < first < behind == total


def _part(field: str, words: Words) -> str:
    """What is read of a field that is cut, as the object of "reads"."""
    first, behind, total = words
    which = "none" if first == behind else f"the {'last' if _from_the_end(words) else 'first'} {behind - first:,}"
    return f"{which} of the {field}'s {total:,} words"


def _given(field: SegmentedText) -> str:
    """A field as a model of whole texts is given it."""
    return field.text[field.start :]


def _read(field: SegmentedText, span: Array) -> Words:
    start, end = (int(one) + field.start for one in span)
    inside = np.flatnonzero((field.spans[:, 0] >= start) & (field.spans[:, 1] <= end))
    first, behind = (int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 0)
    return first, behind, len(field.tokens)


def _words(stored: Sequence[int]) -> Words:
    first, behind, total = map(int, stored)
    return first, behind, total
