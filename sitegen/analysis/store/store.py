"""The score store, one SQLite file: `score`, which needs a model, writes it; `render`, which needs none, reads it.

One SQLite file with a table for each stage of scoring:

    scores         the Occlusion of a record: one row per record and model (see packing.py)
    alone          the same record's pieces, each read alone; prefixes: its title up to each word
    shapley        the Shapley values of its sentences; points: those of the probability, where the values are sampled
    untitled       the margins of all subsets of its sentences without the title, by a model that is not additive
    members        the margin and the sentences' leave-one-out effects by one more checkpoint of an ensemble
    member_shares  the margin and the sentences' Shapley values by the same; member_methods: how they were computed
    inside         one layer of the network at a record: its states (packed, network/packing.py), units' parts, evidence
    reports        a result on a whole corpus, as JSON (faithfulness, negative controls)

A table that an older version of sitegen did not know is added when scoring opens the store; what it lacks is then
computed, and nothing else. Rendering never writes, so the file may be read-only.

A row's key is a hash of all that its numbers depend on: the text, the model's bytes, and the settings (with a version
for this code's own meaning). So a changed text, model or setting is simply another key: nothing has to be invalidated,
and a second run computes only what is new. Rows are written batch by batch, each batch in one transaction; an
interrupted run keeps what it finished.

A store may be written by a thread that did not open it, while another reads: SQLite's own lock keeps them apart.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np
from jaxtyping import Float

from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley, exact_shapley
from sitegen.analysis.network.packing import pack_states, unpack_states
from sitegen.analysis.network.written import FIELDS, FieldInside, Inside
from sitegen.analysis.store.packing import ARRAYS, COLUMNS, SCALARS, pack, restored, stored, unpack
from sitegen.errors import StoreError

MEANING = 2  # raised when the same inputs come to mean other numbers
LAYOUT = 2  # raised when a table changes

Kind = Literal[
    "scores",
    "alone",
    "prefixes",
    "shapley",
    "points",
    "untitled",
    "members",
    "member_shares",
    "member_methods",
    "inside",
    "reports",
]
MemberKind = Literal["members", "member_shares"]
Method = Literal["exact", "sampled"]
_TABLES: Mapping[Kind, str] = {
    "scores": ", ".join([*(f"{name} {kind}" for name, kind in SCALARS.items()), *(f"{name} BLOB" for name in ARRAYS)]),
    "alone": "empty REAL NOT NULL, title REAL NOT NULL, abstract REAL NOT NULL, sentences BLOB, title_words BLOB, "
    "abstract_words BLOB",
    "prefixes": "title BLOB",
    "shapley": "method TEXT NOT NULL, pairs INTEGER NOT NULL, effects BLOB, errors BLOB, subsets BLOB",
    "points": "points BLOB",
    "untitled": "subsets BLOB",
    "members": "margin REAL NOT NULL, effects BLOB",
    "member_shares": "margin REAL NOT NULL, effects BLOB",
    "member_methods": "method TEXT NOT NULL",
    "inside": "directions INTEGER NOT NULL, hidden INTEGER NOT NULL, "
    + ", ".join(f"{field} BLOB, {field}_units BLOB, {field}_words BLOB, {field}_error REAL" for field in FIELDS),
    "reports": "report TEXT NOT NULL",
}


def score_key(*, title: str, abstract: str, fingerprint: str, settings: Mapping[str, str | int | float | bool]) -> str:
    """The key of one record's scores by one model: 32 hexadecimal digits."""
    return report_key(fingerprint=fingerprint, settings=settings, about=[title, abstract])


def report_key(*, fingerprint: str, settings: Mapping[str, str | int | float | bool], about: Sequence[str]) -> str:
    """The key of what one model says about several texts (or about a record's two): 32 hexadecimal digits."""
    parts = [MEANING, fingerprint, dict(sorted(settings.items())), *about]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()[:32]


def _make(folder: Path) -> None:
    """Make the folder of a store; StoreError where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder}: the folder of the scores cannot be made ({error.strerror}). Choose another: output.cache in "
            f"site.toml."
        ) from None


class Store:
    """An open score store; use it as a context manager."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path, *, create: bool) -> Store:
        """Open the store at `path`; StoreError if it is absent (and not to be created) or not a score store."""
        if create:
            _make(path.parent)
        elif not path.exists():
            raise StoreError(f"{path}: there are no scores yet. Compute them with: sitegen score SITE.TOML")
        try:
            connection = sqlite3.connect(path, check_same_thread=False)
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"{path}: cannot be opened ({error}). See whether it is a file that you may read and write, or choose "
                f"another folder for the scores: output.cache in site.toml."
            ) from None
        try:
            layout = connection.execute("PRAGMA user_version").fetchone()[0]
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            if tables and (layout != LAYOUT or "scores" not in tables):
                raise StoreError(f"{path}: not a score store of this version of sitegen. Move it away and score again.")
            lacking = sorted(set(_TABLES) - set(tables))
            if lacking and not create:  # whoever reads alone may not be allowed to write
                raise StoreError(
                    f"{path}: an older version of sitegen wrote these scores. Add what they lack with: "
                    f"sitegen score SITE.TOML"
                )
            if lacking:
                with connection:
                    connection.execute("BEGIN IMMEDIATE")  # another run may be adding them as well
                    for name in lacking:
                        connection.execute(
                            f"CREATE TABLE IF NOT EXISTS {name} (key TEXT PRIMARY KEY, {_TABLES[name]}) WITHOUT ROWID"
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
        return int(self._one("SELECT count(*) FROM scores")[0])

    def __contains__(self, key: str) -> bool:
        return self._one("SELECT 1 FROM scores WHERE key = ?", key) is not None

    def keys(self, kind: Kind = "scores") -> set[str]:
        """The keys of all rows of one table."""
        with self._lock:
            return {key for (key,) in self._connection.execute(f"SELECT key FROM {kind}")}

    def write(self, scores: Iterable[tuple[str, Occlusion]]) -> None:
        """Add or replace rows of scores, in one transaction."""
        self._insert("scores", len(COLUMNS), ((key, *pack(occlusion)) for key, occlusion in scores))

    def read(self, key: str, *, title: str, abstract: str) -> Occlusion:
        """The scores under `key`, over the texts it was made from; StoreError if there are none."""
        row = self._one(f"SELECT {', '.join(COLUMNS)} FROM scores WHERE key = ?", key)
        if row is None:
            raise StoreError(f"{self.path}: the scores of some records are missing. Run: sitegen score SITE.TOML")
        return unpack(row, title=title, abstract=abstract)

    def write_alone(self, results: Iterable[tuple[str, ReadAlone]]) -> None:
        """Add or replace what pieces of texts say alone, in one transaction."""
        kept = list(results)
        rows = (
            (
                key,
                *map(stored, (one.empty, one.title, one.abstract)),
                *map(_bytes, (one.sentences, one.title_words, one.abstract_words)),
            )
            for key, one in kept
        )
        self._insert("prefixes", 1, ((key, _bytes(one.title_prefixes)) for key, one in kept))
        self._insert("alone", 6, rows)

    def read_alone(self, key: str) -> ReadAlone:
        """What the pieces of a text say alone, under `key`; StoreError if there is nothing."""
        names = ("empty", "title", "abstract", "sentences", "title_words", "abstract_words")
        row = self._one(f"SELECT {', '.join(names)} FROM alone WHERE key = ?", key)
        prefixes = self._one("SELECT title FROM prefixes WHERE key = ?", key)
        if row is None or prefixes is None:
            raise StoreError(f"{self.path}: the scores of some records are missing. Run: sitegen score SITE.TOML")
        found = dict(zip(names, [*map(restored, row[:3]), *map(_numbers, row[3:])], strict=True))
        return ReadAlone(title_prefixes=_numbers(prefixes[0]), **found)

    def with_alone(self) -> set[str]:
        """The keys under which `read_alone` finds something."""
        return self.keys("alone") & self.keys("prefixes")

    def write_shapley(self, values: Iterable[tuple[str, Shapley]]) -> None:
        """Add or replace Shapley values, in one transaction."""
        kept = list(values)
        rows = ((key, one.method, one.pairs, *map(_bytes, (one.values, one.errors, one.subsets))) for key, one in kept)
        self._insert("points", 1, ((key, _bytes(one.points)) for key, one in kept if one.method == "sampled"))
        self._insert("shapley", 5, rows)

    def read_shapley(self, key: str) -> Shapley | None:
        """The Shapley values under `key`, None if there are none."""
        row = self._one("SELECT method, pairs, effects, errors, subsets FROM shapley WHERE key = ?", key)
        if row is None:
            return None
        values, errors, subsets = map(_numbers, row[2:])
        if row[0] == "exact":
            return exact_shapley(subsets)
        points = self._one("SELECT points FROM points WHERE key = ?", key)
        if points is None:
            return None
        return Shapley(
            method="sampled", pairs=row[1], values=values, points=_numbers(points[0]), errors=errors, subsets=subsets
        )

    def exact(self) -> set[str]:
        """The keys of all exact Shapley values."""
        with self._lock:
            rows = self._connection.execute("SELECT key FROM shapley WHERE method = 'exact'").fetchall()
        return {key for (key,) in rows}

    def with_shapley(self) -> set[str]:
        """The keys under which `read_shapley` finds values."""
        return self.exact() | (self.keys("shapley") & self.keys("points"))

    def write_untitled(self, tables: Iterable[tuple[str, Float[np.ndarray, " _"]]]) -> None:
        """Add or replace the margins of all subsets of sentences without the title, (2^S,), in one transaction."""
        self._insert("untitled", 1, ((key, _bytes(subsets)) for key, subsets in tables))

    def read_untitled(self, key: str) -> Float[np.ndarray, " subsets"] | None:
        """The margins of all subsets without the title under `key`, (2^S,), None if there are none."""
        row = self._one("SELECT subsets FROM untitled WHERE key = ?", key)
        return None if row is None else _numbers(row[0])

    def write_member(self, kind: MemberKind, members: Iterable[tuple[str, float, Float[np.ndarray, " S"]]]) -> None:
        """Add or replace the results of an ensemble's checkpoints, each (key, margin, effects (S,)), in one
        transaction."""
        self._insert(kind, 2, ((key, margin, _bytes(effects)) for key, margin, effects in members))

    def write_methods(self, methods: Iterable[tuple[str, Method]]) -> None:
        """Add or replace how the Shapley values of an ensemble's checkpoints were computed, in one transaction."""
        self._insert("member_methods", 1, methods)

    def exact_members(self) -> set[str]:
        """The keys of a checkpoint's exact Shapley values."""
        with self._lock:
            rows = self._connection.execute("SELECT key FROM member_methods WHERE method = 'exact'").fetchall()
        return {key for (key,) in rows}

    def read_member(self, kind: MemberKind, key: str) -> tuple[float, Float[np.ndarray, " S"]] | None:
        """The margin and the effects (S,) under `key`, None if there are none."""
        row = self._one(f"SELECT margin, effects FROM {kind} WHERE key = ?", key)
        return None if row is None else (row[0], _numbers(row[1]))

    def write_inside(self, insides: Iterable[tuple[str, Inside]]) -> None:
        """Add or replace what one layer of a network looks like at texts, in one transaction."""
        rows = []
        for key, inside in insides:
            row: list[Any] = [key, *inside.title.states.shape[1:]]
            for field in map(inside.of, FIELDS):
                row += [pack_states(field.states), _bytes(field.units), _bytes(field.words), field.error]
            rows.append(row)
        self._insert("inside", 2 + 4 * len(FIELDS), rows)

    def read_inside(self, key: str) -> Inside | None:
        """What one layer of a network looks like at a text, under `key`; None if that is not known."""
        row = self._one("SELECT * FROM inside WHERE key = ?", key)
        if row is None:
            return None
        _, directions, hidden, *values = row
        fields = []
        for packed, units, words, error in zip(*(values[k::4] for k in range(4)), strict=True):
            states = unpack_states(packed, directions=directions, hidden=hidden)
            parts = _numbers(units).reshape(-1, hidden)
            fields.append(FieldInside(states=states, units=parts, words=_numbers(words), error=error))
        return Inside(title=fields[0], abstract=fields[1])

    def counts(self) -> dict[str, tuple[int, int]]:
        """How many sentences and tokens the abstract of every row of scores has, by key."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT key, length(sentence_ends) / 4, length(abstract_spans) / 8 FROM scores"
            ).fetchall()
        return {key: (sentences, tokens) for key, sentences, tokens in rows}

    def contents(self) -> list[str]:
        """All that tells this store's contents from another's, as long as keys fix what stands under them: the keys,
        and what they do not fix even so."""
        rows = [f"{kind} {key}" for kind in _TABLES for key in sorted(self.keys(kind))]
        with self._lock:
            reports = self._connection.execute("SELECT report FROM reports ORDER BY key").fetchall()
        exact = [*sorted(self.exact()), *(f"member {key}" for key in sorted(self.exact_members()))]
        return [*rows, *exact, *(report for (report,) in reports)]

    def digest_of(self, keys: Iterable[str]) -> str:
        """The SHA-256, hex, of all that stands under these keys: for answers that may change while their keys do
        not."""
        whole = hashlib.sha256()
        for kind in _TABLES:
            for key in sorted(keys):
                whole.update(repr(self._one(f"SELECT * FROM {kind} WHERE key = ?", key)).encode())
        return whole.hexdigest()

    def write_report(self, key: str, report: Mapping[str, Any]) -> None:
        """Add or replace one report."""
        self._insert("reports", 1, [(key, json.dumps(report, allow_nan=False))])

    def read_report(self, key: str) -> dict[str, Any] | None:
        """The report under `key`, None if there is none."""
        row = self._one("SELECT report FROM reports WHERE key = ?", key)
        return None if row is None else json.loads(row[0])

    def all_keys(self) -> set[str]:
        """The keys of every table."""
        return {key for kind in _TABLES for key in self.keys(kind)}

    def prune(self, keep: set[str]) -> int:
        """Delete all rows, of every table, whose key is not in `keep`; returns how many scores were deleted."""
        stale = {kind: [(key,) for key in self.keys(kind) - keep] for kind in _TABLES}
        with self._writing():
            for kind, keys in stale.items():
                self._connection.executemany(f"DELETE FROM {kind} WHERE key = ?", keys)
        if any(stale.values()):
            self._connection.execute("VACUUM")
        return len(stale["scores"])

    def _one(self, query: str, *values: str) -> Any:
        with self._lock:
            return self._connection.execute(query, values).fetchone()

    def _insert(self, kind: Kind, width: int, rows: Iterable[Sequence[Any]]) -> None:
        with self._writing():
            self._connection.executemany(f"INSERT OR REPLACE INTO {kind} VALUES (?{', ?' * width})", rows)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._lock, self._connection:
                yield
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"{self.path}: cannot be written ({error}). Free the disk, or end the other run."
            ) from None


def _bytes(numbers: Float[np.ndarray, "..."]) -> bytes:
    return np.ascontiguousarray(numbers, dtype="<f4").tobytes()


def _numbers(raw: bytes) -> Any:
    return np.frombuffer(raw, "<f4")
