"""CSV and TSV -> rows: a header, then a row a record.

Normal, and no fault: quoted delimiters, quotes and line breaks; blank lines; cells of any size; headers with spaces
around or inside, and empty ones ("column 3"); semicolons in place of commas, where the header has no comma. Quotes are
read strictly: a stray quote would otherwise swallow rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Literal

from sitegen.corpus.lines import Lines
from sitegen.corpus.rows import Fault, Row, Table
from sitegen.errors import RecordError


def comma_separated(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of a CSV file."""
    return _rows(file, table, ",")


def tab_separated(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of a TSV file."""
    return _rows(file, table, "\t")


def unquoted(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of a TSV file in which quotes are part of the text, and a line may end in a tab too many."""
    return _rows(file, table, "\t", quoted=False)


def _rows(file: BinaryIO, table: Table, delimiter: str, *, quoted: bool = True) -> Iterator[Row]:
    lines = Lines(file, table)
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        raise RecordError(f"{table.shown}: the file is empty. Give it a header and one row a record.")
    skipped = lines.number - 1
    if delimiter == "," and "," not in first and ";" in first:
        delimiter = ";"
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    reader = csv.reader(_chain(first, lines), delimiter=delimiter, strict=True, quoting=quoting)
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
        if not quoted:
            cells = [_bare(cell) for cell in _trimmed(cells, len(table.columns))]
        if not table.columns:
            read_header(table, cells, faults, start)
            continue
        if cells and len(cells) != len(table.columns):
            faults.append(miscounted(len(cells), len(table.columns)))
            cells = []
        stripped = (cell.strip() for cell in cells)
        yield Row(
            line=start,
            cells=dict(zip(table.columns, stripped, strict=True)) if cells else {},
            faults=tuple(faults),
        )


def read_header(table: Table, cells: list[str], faults: list[Fault], line: int) -> None:
    """Name the table's columns, each differently."""
    if not cells:
        raise RecordError(f"{table.shown}:{line}: the header cannot be read: {faults[0].message}. {faults[0].remedy}.")
    if any(ord(letter) < 32 and not letter.isspace() for cell in cells for letter in cell):
        raise RecordError(
            f"{table.shown}:{line}: is no table of text: its header has characters that nobody can read. Give a CSV "
            f"file, or another format that sitegen inspect knows."
        )
    table.faults += faults
    for position, cell in enumerate(cells, start=1):
        name = stem = cell.strip() or f"column {position}"
        again = 1
        while name in table.columns:
            again += 1
            name = f"{stem} ({again})"
        if again > 1:
            table.faults.append(
                Fault(
                    kind="duplicate column",
                    field=stem,
                    message=f'stands twice in the header; the later one is called "{name}"',
                    remedy="Give the columns different names",
                )
            )
        table.columns[name] = None


def _trimmed(cells: list[str], columns: int) -> list[str]:
    """The cells without empty ones behind the last column; of the header (columns: 0), without any at its end."""
    while len(cells) > columns and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _bare(cell: str) -> str:
    """A cell that is quoted as a whole, with the quotes in it doubled, without that; any other as it is."""
    inner = cell.strip()[1:-1]
    whole = len(cell.strip()) > 1 and cell.strip()[0] == cell.strip()[-1] == '"'
    return inner.replace('""', '"') if whole and '"' not in inner.replace('""', "") else cell


def _chain(first: str, rest: Lines) -> Iterator[str]:
    yield first
    yield from rest


@contextmanager
def _large_cells() -> Iterator[None]:
    """Allow cells of any size while a row is read; the csv module's limit belongs to the whole process and is restored
    after it."""
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


def miscounted(cells: int, columns: int) -> Fault:
    """A row with more or fewer cells than the header."""
    return Fault(
        kind="field count",
        message=f"the row has {cells} cells, the header {columns}",
        remedy="Quote cells that hold the delimiter",
    )
