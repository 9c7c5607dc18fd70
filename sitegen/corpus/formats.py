"""The formats of record files: which there are, and which reader a file's suffix stands for.

To add one, write its reader, a function from an open file to rows, in a module of its own, and give it a line in
FORMATS below: messages and the command line's help take names and suffixes from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sitegen.corpus.delimited import comma_separated, tab_separated
from sitegen.corpus.json_lines import json_lines
from sitegen.corpus.rows import Row, Table
from sitegen.errors import RecordError


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format of record files: its name for readers, its suffixes, and its reader.

    reader: given the file, open for bytes, and the Table to fill in, it yields the rows as they are asked for. Raises
    RecordError where the file as a whole cannot be read.
    """

    name: str
    suffixes: tuple[str, ...]
    reader: Callable[[BinaryIO, Table], Iterator[Row]]


FORMATS = (
    Format(name="CSV", suffixes=(".csv",), reader=comma_separated),
    Format(name="TSV", suffixes=(".tsv", ".txt"), reader=tab_separated),
    Format(name="JSON Lines", suffixes=(".jsonl", ".ndjson"), reader=json_lines),
)


def format_names() -> str:
    """The names of all formats, as a person would list them."""
    *names, last = (one.name for one in FORMATS)
    return f"{', '.join(names)} or {last}"


def read_rows(path: Path, table: Table) -> Iterator[Row]:
    """The rows of the file at `path`, read as they are asked for; RecordError where it cannot be read."""
    suffix = path.suffix.lower()
    readers = {suffix: one.reader for one in FORMATS for suffix in one.suffixes}
    if suffix not in readers:
        raise RecordError(f'{table.shown}: the suffix "{suffix}" is not known. Use one of: {", ".join(readers)}.')
    try:
        file = path.open("rb")
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise RecordError(f"{table.shown}: {reason}. Correct {table.naming.path}.") from None
    with file:
        yield from readers[suffix](file, table)
