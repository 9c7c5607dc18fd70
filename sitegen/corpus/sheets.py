"""Parquet and Excel files -> rows, by pyarrow and openpyxl, which are optional.

Both have typed cells; these become the text that a CSV export would have: 2019 and not 2019.0, dates as 2019-05-01. Of
an Excel file the first sheet with cells is read, its first row with cells being the header; that others have cells,
too, is noted. A Parquet file has no lines: rows are counted from 2 on, as if a header stood in the first.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from sitegen.corpus.cells import typed_text
from sitegen.corpus.delimited import miscounted, read_header
from sitegen.corpus.rows import Fault, Row, Table
from sitegen.errors import RecordError
from sitegen.version import how_to_install

_BATCH = 1000
_LARGEST = 1 << 30  # bytes of a sheet, unpacked: a zip of a few kilobytes can claim to hold terabytes
_NO_VALUE = {"#N/A", "#NULL!"}


def begins_as_parquet(head: str) -> bool:
    return head.startswith("PAR1")


def begins_as_xlsx(head: str) -> bool:
    return head.startswith("PK\x03\x04") and ("xl/" in head or "[Content_Types].xml" in head)


def parquet(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of a Parquet file."""
    try:
        import pyarrow
        import pyarrow.parquet as reader
    except ImportError:
        raise RecordError(_missing(table, "Parquet", "pyarrow", "parquet")) from None
    try:
        source = reader.ParquetFile(file)
        table.columns |= dict.fromkeys(source.schema_arrow.names)
        line = 1
        for batch in source.iter_batches(batch_size=_BATCH):
            for record in batch.to_pylist():
                line += 1
                cells = {name: _text(value).strip() for name, value in record.items()}
                yield Row(line=line, cells=cells)
    except (pyarrow.ArrowException, OSError, ValueError, UnicodeDecodeError) as error:
        raise RecordError(f"{table.shown}: cannot be read as Parquet ({_reason(error)}). Export it anew.") from None


def xlsx(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of the first sheet of an Excel file that has cells."""
    try:
        import openpyxl
    except ImportError:
        raise RecordError(_missing(table, "Excel files", "openpyxl", "xlsx")) from None
    try:
        with zipfile.ZipFile(file) as packed:
            size = sum(one.file_size for one in packed.infolist())
        if size > _LARGEST:
            raise RecordError(f"{table.shown}: holds {size:,} bytes unpacked, which is no table of papers.")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        sheets = [(sheet.title, sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
        read = ""
        for title, rows in sheets:
            if not read:
                for row in _sheet_rows(rows, table):
                    read = title
                    yield row
                read = title if table.columns else ""
            elif any(any(value is not None for value in cells) for cells in rows):
                message, remedy = f'the sheet "{title}" is not read, only "{read}" is', "Save it as a file of its own"
                table.faults.append(Fault(kind="unread sheet", message=message, remedy=remedy))
    except RecordError:
        raise
    except Exception as error:  # openpyxl has no error of its own for what is no workbook
        raise RecordError(f"{table.shown}: cannot be read as an Excel file ({_reason(error)}). Save it anew.") from None
    if not table.columns:
        raise RecordError(f"{table.shown}: the file is empty. Give it a header and one row a record.")


def _sheet_rows(rows: Iterator[Sequence[Any]], table: Table) -> Iterator[Row]:
    for line, values in enumerate(rows, start=1):
        cells = [_text(value).strip() for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if not table.columns:
            read_header(table, cells, [], line)
        elif len(cells) > len(table.columns):
            yield Row(line=line, cells={}, faults=(miscounted(len(cells), len(table.columns)),))
        else:
            padded = [*cells, *[""] * (len(table.columns) - len(cells))]
            yield Row(line=line, cells=dict(zip(table.columns, padded, strict=True)))


def _text(value: Any) -> str:
    """The text of a typed cell."""
    return "" if isinstance(value, str) and value in _NO_VALUE else typed_text(value)


def _missing(table: Table, what: str, package: str, extra: str) -> str:
    """The message where an optional library is not there."""
    return f"{table.shown}: {what} are read with {package}. It is not installed: {how_to_install(extra)}."


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
