"""Records that a program has in memory -> rows: a DataFrame of pandas or polars, or dictionaries.

Neither library is needed, nor imported: a DataFrame is known by its methods. What its cells hold becomes text as in
cells.py. The index of pandas is no column, unless it is named as the id. A frame has no lines; its rows are counted
from 1, in their order, whatever their index says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sitegen.corpus.cells import typed_text
from sitegen.corpus.delimited import read_header
from sitegen.corpus.json_lines import half_character, object_row
from sitegen.corpus.rows import Fault, Row, Table

INDEX = "index"  # as which id names an index that has no name
_LISTED = "list of dictionaries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What records in memory were, in words for readers, and whether settings named their columns."""

    name: str
    named: bool

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsInMemory:
    """The rows of one object, as they were when it was given.

    name: what it was, for readers: "a pandas DataFrame of 120 rows". format: its kind. shown: what messages call it.
    header: the names of its columns; None where each row is a mapping that names its own. rows: values, or mappings.
    """

    name: str
    format: str
    shown: str
    header: tuple[str, ...] | None
    rows: Sequence[Any]

    @property
    def begins(self) -> str:
        """What to do where there is none."""
        return "Give it a row for each"

    def read(self, table: Table) -> Iterator[Row]:
        """The rows, as a reader of a file gives them."""
        table.format = self.format
        if self.header:
            read_header(table, list(self.header), [], 1)
        columns = list(table.columns)
        for number, values in enumerate(self.rows, start=1):
            cells = values
            if self.header is not None:
                cells = dict(zip(columns, values, strict=True))
            if not isinstance(cells, Mapping):
                message, remedy = f"is a {type(values).__name__}", 'Make it a dictionary, {"title": "...", ...}'
                fault = Fault(kind="malformed row", message=message, remedy=remedy)
                yield Row(line=number, cells={}, faults=(fault,))
                continue
            row = object_row({str(key): typed_text(value) for key, value in cells.items()}, table, line=number)
            broken = any(isinstance(value, str) and _is_broken(value) for value in cells.values())
            half = replace(half_character(table), remedy="Replace it")
            yield Row(line=number, cells=row.cells, faults=(half,)) if broken else row


def rows_in_memory(given: Any, *, id: str | None = None) -> RowsInMemory | None:
    """The rows of a DataFrame of pandas or polars, or of a list of dictionaries; None of anything else. id: the name of
    the column of ids, by which an index is meant where it is named so and no column is."""
    library = type(given).__module__.partition(".")[0]
    kind = f"{library} {type(given).__name__}"
    if hasattr(given, "itertuples") and hasattr(given, "columns"):
        header = [_name(column) for column in given.columns]
        names = {INDEX, *(str(name) for name in given.index.names if name is not None)}
        with_index = id is not None and id not in header and id in names
        rows: Sequence[Any] = list(given.itertuples(index=with_index, name=None))
        return _of(kind, [str(id), *header] if with_index else header, rows)
    if hasattr(given, "iter_rows") and hasattr(given, "columns"):
        return _of(kind, [str(column) for column in given.columns], list(given.iter_rows()))
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        return RowsInMemory(
            name=f"a {_LISTED}, {len(given):,} of them",
            format=_LISTED,
            shown=f"the {_LISTED}",
            header=None,
            rows=tuple(dict(row) if isinstance(row, Mapping) else row for row in given),
        )
    return None


def _of(kind: str, header: Sequence[str], rows: Sequence[Any]) -> RowsInMemory:
    counted = f"{len(rows):,} row{'' if len(rows) == 1 else 's'}"
    return RowsInMemory(
        name=f"a {kind} of {counted}", format=kind, shown="the DataFrame", header=tuple(header), rows=rows
    )


def _name(column: Any) -> str:
    """The name of a column; of several levels, all of them that say something."""
    return " ".join(filter(None, map(str, column))) if isinstance(column, tuple) else str(column)


def _is_broken(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
