"""Files whose lines begin with a tag (RIS, PubMed, Web of Science, EndNote) -> rows: one reader for all of them.

    TY  - JOUR                                   a start tag begins a record
    TI  - How words travel                       a tag, and its value
    AB  - Nobody knows how far a word has come.
    It may be far.                               no tag: the value goes on
    ER  -                                        an end tag, which real files forget

**As many records as start tags.** A start tag begins a record wherever it stands. What stands outside of any record is
either one of the few lines that a format puts there, or text before the first record (exporters introduce themselves
there), or a fault of its own that names its line. A record without its end tag is kept, and that is noted.

How tags are written is told record by record from its start tag: with two blanks before the hyphen, as RIS wants it, or
with one or none, in small letters, indented. A reader that knows one way loses the others; one that takes every way at
once takes "T2-weighted images" at the start of a wrapped line for a tag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from sitegen.corpus.bibliography.work import Sources, begin, row_of
from sitegen.corpus.lines import Lines
from sitegen.corpus.rows import Fault, Row, Table

_CLIPPED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One way of tagging lines.

    name: for messages. shown_start: a start tag as a person types it. start: what the line of a start tag looks like,
    with groups "tag" and "value". tags: from a line that matched it, what lines with tags look like in this record
    (groups 1 and 2: tag and value). end: the end tag, "" where there is none. outside: tags that may stand outside of
    records. listed: tags whose further lines are values of their own. sources: which tags fill which columns.
    """

    name: str
    shown_start: str
    start: re.Pattern[str]
    tags: Callable[[re.Match[str]], re.Pattern[str]]
    sources: Sources
    end: str = ""
    outside: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class _Open:
    """A record that is being read: the line of its start tag, its values by tag, each in lines, and its faults."""

    line: int
    values: dict[str, list[list[str]]]
    last: str
    faults: list[Fault] = field(default_factory=list)
    paragraph: bool = False  # whether an empty line came before

    def add(self, tag: str, value: str) -> None:
        self.values.setdefault(tag, []).append([value.strip()])
        self.last, self.paragraph = tag, False

    def go_on(self, text: str, *, listed: bool) -> None:
        """A line without a tag: more of the last value, or one more value of its tag."""
        if listed:
            self.add(self.last, text)
            return
        self.values[self.last][-1] += ["", text.strip()] if self.paragraph else [text.strip()]
        self.paragraph = False

    def joined(self) -> Mapping[str, list[str]]:
        return {tag: [_joined(lines) for lines in values] for tag, values in self.values.items()}


def tagged_records(file: BinaryIO, table: Table, dialect: Dialect) -> Iterator[Row]:
    """The rows of a file of tagged lines."""
    begin(table, begins=f'A record of {dialect.name} begins with "{dialect.shown_start}"')
    lines = Lines(file, table)
    record: _Open | None = None
    stray: Row | None = None  # lines that belong to no record, as one row
    pending: list[Fault] = []  # faults of lines between records
    usual = re.compile(r"(?!)")
    for line in lines:
        faults = lines.faults()
        text = line.rstrip("\r\n").lstrip("\ufeff")  # files are joined with the byte order marks they had
        if start := dialect.start.match(text):
            yield from _closed(record, table, dialect, ended=not dialect.end)
            yield from filter(None, [stray])
            usual, stray = dialect.tags(start), None
            record = _Open(line=lines.number, values={}, last="", faults=[*pending, *faults])
            record.add(start["tag"].upper(), start["value"] or "")
            pending = []
            continue
        match = usual.match(text)
        tag = match[1].upper() if match else ""
        if record is None:
            pending += faults
            unknown = text.strip() and tag not in {*dialect.outside, dialect.end} - {""}
            if unknown and stray is None and not _introduces(text, tag, dialect, began=usual.pattern != "(?!)"):
                stray = _astray(text, dialect, line=lines.number)
            continue
        record.faults += faults
        if tag and tag in {*dialect.outside, dialect.end}:
            yield from _closed(record, table, dialect, ended=tag == dialect.end)
            record = None
        elif match:
            record.add(tag, match[2] or "")
        elif text.strip():
            record.go_on(text, listed=record.last in dialect.listed)
        else:
            record.paragraph = True
    yield from _closed(record, table, dialect, ended=not dialect.end)
    yield from filter(None, [stray])
    table.faults += [replace(fault, line=lines.number) for fault in pending]


def _closed(record: _Open | None, table: Table, dialect: Dialect, *, ended: bool) -> Iterator[Row]:
    """The row of the record that was open, if one was."""
    if record is None:
        return
    if not ended:
        record.faults.append(
            Fault(
                kind="unfinished record",
                message=f"the record has no {dialect.end}, which ends one",
                remedy="See whether something is missing there",
            )
        )
    yield row_of(record.joined(), dialect.sources, table, line=record.line, faults=record.faults)


def _introduces(text: str, tag: str, dialect: Dialect, *, began: bool) -> bool:
    """Whether a line outside of records is one of those by which an exporter introduces its file."""
    return not began and not tag and not re.match(r"\s*(?:[A-Z][A-Z0-9]{1,3} {0,3}- |%[0-9A-Z] )", text)


def _astray(text: str, dialect: Dialect, *, line: int) -> Row:
    shown = text.strip()
    shown = shown if len(shown) <= _CLIPPED else f"{shown[: _CLIPPED - 1]}…"
    fault = Fault(
        kind="malformed row",
        message=f'"{shown}" stands outside of any record',
        remedy=f'Begin each record with "{dialect.shown_start}"',
    )
    return Row(line=line, cells={}, faults=(fault,))


def _joined(lines: list[str]) -> str:
    """The lines of a value as its text: wrapped lines by a blank, paragraphs by a line break.

    A line that ends in the hyphen of a compound was wrapped behind it: "double-" and "blind" are "double-blind".
    """
    text = ""
    for line in lines:
        if not line or not text or text.endswith("\n"):
            text += line or "\n"
        elif re.search(r"[^\W\d_]-\Z", text) and re.match(r"(?!(?:and|or|to|und|oder|et|ou|y|o)\b)[a-z]", line):
            text += line
        else:
            text += f" {line}"
    return text.strip()
