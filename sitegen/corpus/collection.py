"""What reading records gives: the records, and whatever was not as it should be.

`Record` is one paper, `Problem` one thing that was wrong with a row and what was done about it, `Collection` all of
both. How they come about is in records.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sitegen.corpus.rows import Counted, at

Action = Literal["kept", "renamed", "skipped", "replaced", "refused"]

KINDS = (
    "not utf-8",  # bytes that are not in the file's encoding
    "nul bytes",  # taken out
    "malformed row",  # quotes that do not close, or no JSON object
    "field count",  # more or fewer cells than the header
    "unfinished record",  # without the mark that ends it: the file may have been cut off there
    "duplicate column",  # a header that comes twice
    "unread sheet",  # of an Excel file with several
    "label",  # a value that means neither class
    "missing title",
    "missing abstract",
    "missing id",
    "duplicate id",
    "duplicate key",  # of an entry of BibTeX, or of one of its fields
    "duplicate text",
    "abstract repeats title",  # information, counted and not listed
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One paper as read. `abstract` and `title` are "" where missing.

    label: 1 positive, 0 negative, None without a gold label. facets: the columns that site.toml names as facets.
    metadata: every column that has no role, in file order. source, line: where the row starts; the header is line 1.
    values: of facets whose cells hold several values, each of them (see values.py).
    """

    id: str
    title: str
    abstract: str
    label: int | None
    facets: Mapping[str, str]
    metadata: Mapping[str, str]
    source: str
    line: int
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def values_of(self, facet: str) -> tuple[str, ...]:
        """The values that it has of a facet; none where its cell is empty."""
        if facet in self.values:
            return self.values[facet]
        cell = self.facets.get(facet, "")
        return (cell,) if cell else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that was not as it should be, and what was done about it.

    kind: one of KINDS. source, line: the file, and where the row starts. field: the column, "" where it is none of
    them. message: the problem, remedy: what to do, both without a full stop. action: what was done. counted: what
    `line` counts.
    """

    kind: str
    source: str
    line: int
    field: str
    message: str
    remedy: str
    action: Action
    counted: Counted = "line"

    def __str__(self) -> str:
        """`content/records.csv:17: "abstract" is empty. Fill it, or pass --skip-invalid.`"""
        subject = f'"{self.field}" ' if self.field else ""
        return f"{at(self.source, self.line, self.counted)}: {subject}{self.message}. {self.remedy}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """A file that was read: as messages name it, its format, how many rows it has, and its columns in file order.

    origins: where the cells come from: {(tag or column of the file, column here): n}; of what is not used the column
    is "".
    """

    shown: str
    format: str
    rows: int
    columns: tuple[str, ...]
    origins: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which of the records a site is limited to: those that a model has not learned from.

    model: its name. read: how many records there were. trained, stopped: how many of them were left out, since the
    model was trained on them, or its training was stopped by them.
    """

    model: str
    read: int
    trained: int
    stopped: int

    @property
    def left_out(self) -> int:
        """How many records were left out."""
        return self.trained + self.stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """The records of one file, or of several.

    records: in file order. problems: whatever was not as it should be, by line. rows: how many data rows the files
    have, the skipped ones included. repeated_titles: how many records have an abstract that begins with the title.
    files: what each file turned out to be. notes: what was decided that no setting says, in sentences that name
    settings. labels: how the gold labels came about, in sentences for readers that follow the number of records; ""
    where nothing was looked at. selection: how the records were chosen that are here; None where all are.
    """

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    rows: int
    repeated_titles: int = 0
    files: tuple[FileRead, ...] = ()
    notes: tuple[str, ...] = ()
    selection: Selection | None = None
    labels: str = ""

    @property
    def has_labels(self) -> bool:
        """Whether any record has a gold label."""
        return any(record.label is not None for record in self.records)

    def counts(self) -> dict[tuple[str, str], int]:
        """{(kind, action): n}, in the order of KINDS."""
        counts: Counter[tuple[str, str]] = Counter((p.kind, p.action) for p in self.problems)
        if self.repeated_titles:
            counts["abstract repeats title", "kept"] = self.repeated_titles
        return dict(sorted(counts.items(), key=lambda item: (KINDS.index(item[0][0]), item[0][1])))
