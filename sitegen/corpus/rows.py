"""A record file as rows of named cells, whatever its format: the types that readers of formats and records share.

What is wrong with a row travels with it as faults; what is done about them is decided in records.py. The readers are
listed in formats.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sitegen.corpus.naming import SITE_TOML, Naming

Counted = Literal["line", "row"]  # of a file; of a table in memory, which has no lines


def at(source: str, number: int, counted: Counted) -> str:
    """The place of a row in a message: `records.csv:17`, or `the DataFrame, row 17`."""
    return f"{source}:{number}" if counted == "line" else f"{source}, {counted} {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong with one row: `kind` as in `collection.KINDS`, the column where it is known, and what to do.

    line: where it stands, if it is a fault of the file and of none of its rows.
    """

    kind: str
    message: str
    remedy: str
    field: str = ""
    line: int = 1


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
    """A file being read, as its reader fills it in.

    Given to the reader: shown, the file as messages name it; encoding, of its text; naming, how messages name settings;
    named, the columns that the settings name, which keep their names.

    Filled in by it: columns, their names in file order: of a CSV file known at the first row, of JSON Lines growing
    with the rows. faults: those of the header and of what stands between rows, complete after the last row. format: its
    name. id: the column of ids, where the format knows one. origins: how often which tag or column of the file filled
    which column here ("": none). separators: of columns whose cells hold several values, what stands between these.
    begins: how a record begins, for a file that has none. counted: what the numbers of rows count.
    """

    shown: str
    encoding: str
    naming: Naming = SITE_TOML
    named: frozenset[str] = frozenset()
    columns: dict[str, None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    format: str = ""
    id: str = ""
    origins: Counter[tuple[str, str]] = field(default_factory=Counter)
    separators: dict[str, str] = field(default_factory=dict)
    begins: str = "Add a row for each under the header"
    counted: Counted = "line"
