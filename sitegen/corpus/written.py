"""Records -> a CSV file with the columns and cells that they were read from, which reads back as the same records.

A Record has no longer every cell as it stood: a label has become a class, a missing abstract "", an id that came twice
a new one. So the rows are read again, and those of the records written as they are. Where the records come from a
bibliography, the columns are those that sitegen reads it as.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from sitegen.config import Records
from sitegen.corpus.collection import Record
from sitegen.corpus.folders import file_written_whole
from sitegen.corpus.formats import read_rows
from sitegen.corpus.records import shown_path
from sitegen.corpus.rows import Row, Table
from sitegen.errors import OutputError

_Key = tuple[str, int]


def check_writable(file: Path, settings: Records, *, replace: bool, option: str) -> None:
    """Raise OutputError where `write_records` may not write `file`: worth knowing before minutes of work. option: what
    names the file, for messages."""
    if file.resolve() in [path.resolve() for path in settings.paths]:
        raise OutputError(f"{file}: is the file of records itself. Choose another {option}.")
    if file.is_dir() or (file.exists() and not replace):
        raise OutputError(f"{file}: exists already. Choose another {option}, or overwrite a file with --force.")
    if file.suffix.lower() != ".csv":
        raise OutputError(f"{file}: is written as CSV. Choose another {option}, one that ends in .csv.")


def write_records(file: Path, records: Sequence[Record], settings: Records) -> None:
    """Write the rows of `records`, which were read as `settings` say, to `file`: CSV in UTF-8, in their order.

    OutputError where it cannot be written.
    """
    columns, rows = _rows_of(records, settings)
    try:
        with file_written_whole(file) as part, part.open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
            table.writeheader()
            table.writerows(row.cells for row in rows)
    except OSError as error:
        raise OutputError(f"{file}: cannot be written ({error.strerror}). Choose another place.") from None


def _rows_of(records: Sequence[Record], settings: Records) -> tuple[list[str], list[Row]]:
    """All columns of the files, and the row of each record. Several rows may stand on one line: then the texts tell
    which is which."""
    wanted = {(record.source, record.line) for record in records}
    found: dict[_Key, list[Row]] = {}
    columns: dict[str, None] = {}
    for path in settings.paths:
        table = _table(path, settings)
        for key, row in _numbered(path, table):
            if key in wanted:
                found.setdefault(key, []).append(row)
        columns |= table.columns
    rows = []
    for record in records:
        candidates = found[record.source, record.line]
        fitting = [row for row in candidates if _is_of(row, record, settings)] or candidates
        rows.append(fitting[0])
        candidates.remove(fitting[0])
    return list(columns), rows


def _table(path: Path, settings: Records) -> Table:
    roles = {settings.title, settings.abstract, settings.id or "", settings.label or "", *settings.facets}
    return Table(shown=shown_path(path), encoding=settings.encoding, named=frozenset(roles - {""}))


def _numbered(path: Path, table: Table) -> Iterator[tuple[_Key, Row]]:
    for row in read_rows(path, table):
        if row.cells:
            yield (table.shown, row.line), row


def _is_of(row: Row, record: Record, settings: Records) -> bool:
    title, abstract = row.cells.get(settings.title, ""), row.cells.get(settings.abstract, "")
    return record.title in ("", title) and record.abstract in ("", abstract)
