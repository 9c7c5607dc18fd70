"""An Occlusion as one row of a table, and back.

Arrays are raw little-endian columns (float32 margins in log-odds, int32 offsets in code points, uint8 flags), so that
any SQLite and any language can read them. The text itself is not in the row: it is the record's, and the row's key
proves that it is the same. The document's offsets are, so that no model and no splitter is needed to read scores.

Columns: margin of the whole record; title_margins, abstract_margins and bias (additive grid) or cells (full grid,
row by row, one row per title token); title_words, abstract_words, sentences (leave-one-out effects); noise (the bands
of random spans, low and high by turns); *_known, *_spans, sentence_spans, sentence_ends, abstract_start (the document).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sitegen.analysis.attribution.occlusion import AdditiveGrid, FullGrid, Occlusion, PrefixGrid
from sitegen.corpus.segment import Document, SegmentedText

ARRAYS = {
    "title_spans": "<i4",
    "title_known": "u1",
    "title_margins": "<f4",
    "title_words": "<f4",
    "abstract_spans": "<i4",
    "abstract_known": "u1",
    "abstract_margins": "<f4",
    "abstract_words": "<f4",
    "sentence_spans": "<i4",
    "sentence_ends": "<i4",
    "sentences": "<f4",
    "noise": "<f4",
    "cells": "<f4",
}
SCALARS = {"margin": "REAL NOT NULL", "bias": "REAL", "abstract_start": "INTEGER NOT NULL"}
COLUMNS = (*SCALARS, *ARRAYS)


def stored(value: float) -> float:
    """A number as SQLite keeps it, which has no NaN: what is not known is infinite there."""
    return math.inf if math.isnan(value) else value


def restored(value: float) -> float:
    """A number that `stored` was called on."""
    return math.nan if math.isinf(value) else value


def pack(occlusion: Occlusion) -> list[Any]:
    """The row of one occlusion, without its key, in the order of COLUMNS."""
    title, abstract, grid = occlusion.document.title, occlusion.document.abstract, occlusion.grid
    arrays: dict[str, Any] = {
        "title_spans": title.spans,
        "title_known": occlusion.title_known,
        "title_margins": grid.title if isinstance(grid, AdditiveGrid) else None,
        "title_words": occlusion.title_words,
        "abstract_spans": abstract.spans,
        "abstract_known": occlusion.abstract_known,
        "abstract_margins": grid.abstract if isinstance(grid, AdditiveGrid) else None,
        "abstract_words": occlusion.abstract_words,
        "sentence_spans": abstract.sentence_spans,
        "sentence_ends": abstract.sentence_ends,
        "sentences": occlusion.sentences,
        "noise": occlusion.span_bands,
        "cells": None if isinstance(grid, AdditiveGrid) else grid.margins,
    }
    blobs = [
        None if array is None else np.ascontiguousarray(array, dtype=ARRAYS[name]).tobytes()
        for name, array in arrays.items()
    ]
    return [stored(occlusion.margin), grid.bias if isinstance(grid, AdditiveGrid) else None, abstract.start, *blobs]


def unpack(row: Sequence[Any], *, title: str, abstract: str) -> Occlusion:
    """The occlusion of a row made by `pack`, over the texts it was made from."""
    named = dict(zip(COLUMNS, row, strict=True))
    arrays: dict[str, Any] = {
        name: None if named[name] is None else np.frombuffer(named[name], kind) for name, kind in ARRAYS.items()
    }

    def text(whole: str, field: str, *, start: int, sentence_spans: Any, sentence_ends: Any) -> SegmentedText:
        spans = arrays[f"{field}_spans"]
        spans = spans.reshape(-1, 2)
        return SegmentedText(
            text=whole,
            tokens=tuple(whole[a:b].lower() for a, b in spans.tolist()),
            spans=spans,
            sentence_spans=np.reshape(sentence_spans, (-1, 2)),
            sentence_ends=sentence_ends,
            start=start,
        )

    title_spans = arrays["title_spans"]
    whole_title = [[title_spans[0], title_spans[-1]]] if title_spans.size else []
    document = Document(
        title=text(
            title,
            "title",
            start=0,
            sentence_spans=whole_title,
            sentence_ends=[title_spans.size // 2] if whole_title else [],
        ),
        abstract=text(
            abstract,
            "abstract",
            start=named["abstract_start"],
            sentence_spans=arrays["sentence_spans"],
            sentence_ends=arrays["sentence_ends"],
        ),
    )
    grid: PrefixGrid
    if arrays["cells"] is None:
        grid = AdditiveGrid(title=arrays["title_margins"], abstract=arrays["abstract_margins"], bias=named["bias"])
    else:
        grid = FullGrid(margins=arrays["cells"].reshape(max(len(document.title.tokens), 1), -1))
    return Occlusion(
        document=document,
        margin=restored(named["margin"]),
        grid=grid,
        span_bands=arrays["noise"].reshape(-1, 2),
        **{
            name: arrays[name]
            for name in ("title_known", "abstract_known", "sentences", "title_words", "abstract_words")
        },
    )
