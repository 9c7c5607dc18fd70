"""The scores on disk: the hinge between what needs a model and what needs a browser.

One SQLite file holds one row per scored record and model. A row's key is a hash of all that its numbers depend on:
the text, the model's bytes, and the settings (with a version for this code's own meaning). So a changed text, model
or setting is simply another key: nothing has to be invalidated, and a second run scores only what is new. Rows are
written batch by batch, each batch in one transaction; an interrupted run keeps what it finished.

Arrays are raw little-endian columns (float32 margins in log-odds, int32 offsets in code points, uint8 flags), so that
any SQLite and any language can read them. The text itself is not stored: it is the record's, and the key proves that
it is the same. The document's offsets are, so that reading scores needs neither model nor splitter.

Columns: margin of the whole record; title_margins, abstract_margins and bias (additive grid) or cells (full grid,
row by row, one row per title token); title_words, abstract_words, sentences (leave-one-out effects); *_known, *_spans,
sentence_spans, sentence_ends, abstract_start (the document).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from sitegen.analysis.occlusion import AdditiveGrid, FullGrid, Occlusion, PrefixGrid
from sitegen.corpus.segment import Document, SegmentedText
from sitegen.errors import StoreError

MEANING = 1  # raised when the same inputs come to mean other numbers
LAYOUT = 1  # raised when the table changes

_ARRAYS = {
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
    "cells": "<f4",
}
_SCALARS = {"margin": "REAL NOT NULL", "bias": "REAL", "abstract_start": "INTEGER NOT NULL"}
_COLUMNS = ("key", *_SCALARS, *_ARRAYS)


def score_key(*, title: str, abstract: str, fingerprint: str, settings: Mapping[str, str | int | float]) -> str:
    """The key of one record's scores by one model: 32 hexadecimal digits."""
    parts = [MEANING, fingerprint, dict(sorted(settings.items())), title, abstract]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()[:32]


class Store:
    """An open score store; use it as a context manager."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path, *, create: bool) -> Store:
        """Open the store at `path`; StoreError if it is absent (and not to be created) or not a score store."""
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not path.exists():
            raise StoreError(f"{path}: there are no scores yet. Compute them with: sitegen score SITE.TOML")
        connection = sqlite3.connect(path)
        try:
            layout = connection.execute("PRAGMA user_version").fetchone()[0]
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            if tables and (layout != LAYOUT or "scores" not in tables):
                raise StoreError(f"{path}: not a score store of this version of sitegen. Move it away and score again.")
            if not tables:
                columns = [f"{name} {kind}" for name, kind in _SCALARS.items()] + [f"{name} BLOB" for name in _ARRAYS]
                with connection:
                    connection.execute(
                        f"CREATE TABLE scores (key TEXT PRIMARY KEY, {', '.join(columns)}) WITHOUT ROWID"
                    )
                    connection.execute(f"PRAGMA user_version = {LAYOUT}")
        except sqlite3.DatabaseError as error:
            connection.close()
            raise StoreError(
                f"{path}: cannot be read as a score store ({error}). Move it away and score again."
            ) from None
        except StoreError:
            connection.close()
            raise
        return cls(path, connection)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM scores").fetchone()[0])

    def __contains__(self, key: str) -> bool:
        return self._connection.execute("SELECT 1 FROM scores WHERE key = ?", [key]).fetchone() is not None

    def keys(self) -> set[str]:
        """The keys of all rows."""
        return {key for (key,) in self._connection.execute("SELECT key FROM scores")}

    def write(self, scores: Iterable[tuple[str, Occlusion]]) -> None:
        """Add or replace rows, in one transaction."""
        rows = ([key, *_pack(occlusion)] for key, occlusion in scores)
        marks = ", ".join("?" * len(_COLUMNS))
        with self._writing():
            self._connection.executemany(
                f"INSERT OR REPLACE INTO scores ({', '.join(_COLUMNS)}) VALUES ({marks})", rows
            )

    def read(self, key: str, *, title: str, abstract: str) -> Occlusion:
        """The scores under `key`, over the texts it was made from; StoreError if there are none."""
        row = self._connection.execute(f"SELECT {', '.join(_COLUMNS[1:])} FROM scores WHERE key = ?", [key]).fetchone()
        if row is None:
            raise StoreError(f"{self.path}: the scores of some records are missing. Run: sitegen score SITE.TOML")
        return _unpack(dict(zip(_COLUMNS[1:], row, strict=True)), title=title, abstract=abstract)

    def prune(self, keep: set[str]) -> int:
        """Delete all rows whose key is not in `keep`; returns how many."""
        stale = [(key,) for key in self.keys() - keep]
        with self._writing():
            self._connection.executemany("DELETE FROM scores WHERE key = ?", stale)
        if stale:
            self._connection.execute("VACUUM")
        return len(stale)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._connection:
                yield
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"{self.path}: cannot be written ({error}). Free the disk, or end the other run."
            ) from None


def _pack(occlusion: Occlusion) -> list[Any]:
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
        "cells": None if isinstance(grid, AdditiveGrid) else grid.margins,
    }
    blobs = [
        None if array is None else np.ascontiguousarray(array, dtype=_ARRAYS[name]).tobytes()
        for name, array in arrays.items()
    ]
    return [occlusion.margin, grid.bias if isinstance(grid, AdditiveGrid) else None, abstract.start, *blobs]


def _unpack(row: Mapping[str, Any], *, title: str, abstract: str) -> Occlusion:
    arrays: dict[str, Any] = {
        name: None if row[name] is None else np.frombuffer(row[name], kind) for name, kind in _ARRAYS.items()
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
            start=row["abstract_start"],
            sentence_spans=arrays["sentence_spans"],
            sentence_ends=arrays["sentence_ends"],
        ),
    )
    grid: PrefixGrid
    if arrays["cells"] is None:
        grid = AdditiveGrid(title=arrays["title_margins"], abstract=arrays["abstract_margins"], bias=row["bias"])
    else:
        grid = FullGrid(margins=arrays["cells"].reshape(max(len(document.title.tokens), 1), -1))
    return Occlusion(
        document=document,
        margin=row["margin"],
        grid=grid,
        **{
            name: arrays[name]
            for name in ("title_known", "abstract_known", "sentences", "title_words", "abstract_words")
        },
    )
