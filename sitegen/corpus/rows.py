"""A record file as rows of named cells, whatever its format: the types that readers of formats and records share.

What is wrong with a row travels with it as faults; what is done about them is decided in records.py. The readers are
listed in formats.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sitegen.corpus.naming import SITE_TOML, Naming


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
    """A file being read, as its reader fills it in.

    shown: the file as messages name it. encoding: of its text. naming: how messages name settings. columns: the names
    of the columns, in file order: of a CSV file known at the first row, of JSON Lines growing with the rows. faults:
    those of the header, complete after the first row.
    """

    shown: str
    encoding: str
    naming: Naming = SITE_TOML
    columns: dict[str, None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
