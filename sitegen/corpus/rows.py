"""Record files -> rows of named cells, one at a time: CSV, TSV and JSON Lines.

Files are read as bytes, line by line, and decoded one line at a time. So nothing but the row at hand is in memory,
a byte that does not decode is known by line and offset, and one bad line need not end the reading. What is wrong
with a row travels with it as faults; what is done about them is decided in `records.py`.

Normal, and no fault: a byte order mark; Windows and old Macintosh line ends; quoted delimiters, quotes and line breaks;
blank lines; cells of any size; headers with spaces around or inside, and empty ones ("column 3"); JSON objects with
different keys. NUL bytes are taken out and noted.

The suffix decides the format: `.csv` (commas, or semicolons where the header has no comma), `.tsv` and `.txt` (tabs),
`.jsonl` and `.ndjson` (an object a line). Quotes are read strictly: a stray quote would otherwise swallow rows.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from sitegen.errors import RecordError

TABLES = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
OBJECTS = (".jsonl", ".ndjson")
_ENCODING_REMEDY = 'Save the file as UTF-8, or name its encoding: records.encoding = "cp1252"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong with one row: `kind` as in `records.KINDS`, the column where it is known, and what to do."""

    kind: str
    message: str
    remedy: str
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: the line it starts on (the first is 1), its cells by column, in file order, and its faults.

    `cells` is empty where the row could not be read at all.
    """

    line: int
    cells: Mapping[str, str]
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True, kw_only=True)
class Table:
    """A file being read. `columns` grows with the rows of JSON Lines; a CSV header fills it at the first row.

    `faults` are those of the header, complete after the first row.
    """

    path: Path
    shown: str
    encoding: str
    columns: dict[str, None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The rows, read as they are asked for; RecordError where the file as a whole cannot be read."""
        suffix = self.path.suffix.lower()
        if suffix not in TABLES and suffix not in OBJECTS:
            known = ", ".join([*TABLES, *OBJECTS])
            raise RecordError(f'{self.shown}: the suffix "{suffix}" is not known. Use one of: {known}.')
        try:
            if "\n".encode(self.encoding) != b"\n" or "".encode(self.encoding):
                raise RecordError(f"{self.shown}: {self.encoding} is not read line by line. {_ENCODING_REMEDY}.")
            file = self.path.open("rb")
        except LookupError:
            raise RecordError(
                f'{self.shown}: "{self.encoding}" is no encoding. Correct records.encoding, for example "utf-8".'
            ) from None
        except OSError as error:
            reason = error.strerror or "it cannot be opened"
            raise RecordError(f"{self.shown}: {reason}. Correct records.path in site.toml.") from None
        with file:
            lines = _Lines(file, self.encoding)
            yield from self._objects(lines) if suffix in OBJECTS else self._table(lines, TABLES[suffix])

    def _table(self, lines: _Lines, delimiter: str) -> Iterator[Row]:
        first = next((line for line in lines if line.strip()), None)
        if first is None:
            raise RecordError(f"{self.shown}: the file is empty. Give it a header and one row a record.")
        skipped = lines.number - 1
        if delimiter == "," and "," not in first and ";" in first:
            delimiter = ";"
        reader = csv.reader(_chain(first, lines), delimiter=delimiter, strict=True)
        while True:
            start = reader.line_num + 1 + skipped
            try:
                with _large_cells():
                    cells = next(reader, None)
            except csv.Error as error:
                cells, faults = [], [_misquoted(error), *lines.faults()]
            else:
                faults = lines.faults()
            if cells is None:
                break
            if not cells and not faults:
                continue
            if not self.columns:
                self._header(cells, faults, start)
                continue
            if cells and len(cells) != len(self.columns):
                faults.append(_miscounted(len(cells), len(self.columns)))
                cells = []
            stripped = (cell.strip() for cell in cells)
            yield Row(
                line=start,
                cells=dict(zip(self.columns, stripped, strict=True)) if cells else {},
                faults=tuple(faults),
            )

    def _header(self, cells: list[str], faults: list[Fault], line: int) -> None:
        if not cells:
            raise RecordError(
                f"{self.shown}:{line}: the header cannot be read: {faults[0].message}. {faults[0].remedy}."
            )
        self.faults += faults
        for position, cell in enumerate(cells, start=1):
            name = stem = cell.strip() or f"column {position}"
            again = 1
            while name in self.columns:
                again += 1
                name = f"{stem} ({again})"
            if again > 1:
                self.faults.append(
                    Fault(
                        kind="duplicate column",
                        field=stem,
                        message=f'stands twice in the header; the later one is called "{name}"',
                        remedy="Give the columns different names",
                    )
                )
            self.columns[name] = None

    def _objects(self, lines: _Lines) -> Iterator[Row]:
        for line in lines:
            faults = lines.faults()
            if not line.strip():
                continue
            try:
                value = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
            except (json.JSONDecodeError, RecursionError) as error:
                reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
                value, message = None, f"is not valid JSON: {reason}"
            else:
                message = "is not a JSON object"
            if not isinstance(value, dict):
                remedy = 'Write one object a line, {"title": "...", "abstract": "..."}'
                faults.append(Fault(kind="malformed row", message=message, remedy=remedy))
                yield Row(line=lines.number, cells={}, faults=tuple(faults))
                continue
            cells = {key.strip() or f"column {n}": _text(item) for n, (key, item) in enumerate(value.items(), start=1)}
            whole = {_whole(key): _whole(cell).strip() for key, cell in cells.items()}
            if list(whole) != list(cells) or any(_whole(cell) != cell for cell in cells.values()):
                faults.append(
                    Fault(kind="not utf-8", message="has half a character (a lone surrogate)", remedy=_ENCODING_REMEDY)
                )
            self.columns |= dict.fromkeys(whole)
            yield Row(line=lines.number, cells=whole, faults=tuple(faults))


class _Lines:
    """The lines of a file as text; keeps what was wrong with those read since it was last asked."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self.number = 0
        self._lines = self._read(file, encoding)
        self._faults: list[Fault] = []

    def __iter__(self) -> Iterator[str]:
        return self._lines

    def faults(self) -> list[Fault]:
        found, self._faults = self._faults, []
        return found

    def _read(self, file: BinaryIO, encoding: str) -> Iterator[str]:
        offset = 0
        for raw in file:
            line = raw.removeprefix(codecs.BOM_UTF8) if offset == 0 else raw
            try:
                text = line.decode(encoding)
            except UnicodeDecodeError as error:
                text = line.decode(encoding, errors="replace")
                at = offset + len(raw) - len(line) + error.start
                self._note("not utf-8", f"is not {encoding} at byte {at} of the file", _ENCODING_REMEDY)
            offset += len(raw)
            if "\0" in text:
                text = text.replace("\0", "")
                self._note("nul bytes", "held NUL bytes, which were taken out", "Export the file anew, as text")
            for part in re.findall(r"[^\r]*\r\n?|[^\r]+", text):
                self.number += 1
                yield part

    def _note(self, kind: str, message: str, remedy: str) -> None:
        self._faults.append(Fault(kind=kind, message=message, remedy=remedy))


def _chain(first: str, rest: _Lines) -> Iterator[str]:
    yield first
    yield from rest


@contextmanager
def _large_cells() -> Iterator[None]:
    """Cells of any size. The limit belongs to the whole process, so it is put back after each row."""
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _misquoted(error: csv.Error) -> Fault:
    unclosed = "unexpected end of data" in str(error)
    return Fault(
        kind="malformed row",
        message="opens a quote that is never closed" if unclosed else f"cannot be read ({error})",
        remedy='Write a quote inside a quoted cell as ""',
    )


def _miscounted(found: int, wanted: int) -> Fault:
    return Fault(
        kind="field count",
        message=f"the row has {found} cells, the header {wanted}",
        remedy="Quote cells that hold the delimiter",
    )


def _text(value: Any) -> str:
    """A JSON value as the text of a cell: lists of plain values joined by "; ", nested ones as JSON."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case list() if all(not isinstance(item, list | dict) for item in value):
            return "; ".join(_text(item) for item in value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _whole(text: str) -> str:
    """The text with lone surrogates, which no encoding can write, replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
