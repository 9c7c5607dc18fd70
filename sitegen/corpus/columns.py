"""Whether the files of records have the columns that the settings name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from sitegen.config import Records
from sitegen.corpus.naming import Naming
from sitegen.corpus.rows import Table
from sitegen.errors import RecordError


def check_columns(settings: Records, tables: Sequence[Table], *, naming: Naming) -> None:
    """RecordError where the settings name a column that a file does not have; the columns of ids, labels and facets
    may be those of some of the files."""
    texts = [("title", settings.title), ("abstract", settings.abstract)][not settings.titled :]
    others = [("id", settings.id), ("label", settings.label), *(("facets", name) for name in settings.facets)]
    everywhere = {column for table in tables for column in table.columns}
    messages = []
    for table in tables:
        columns = list(table.columns)
        wanted = texts + [(role, name) for role, name in others if name and name not in everywhere]
        absent = []
        if len(columns) == 1 and (mark := next((mark for mark in "\t|" if mark in columns[0]), "")):
            apart = "by tabs. Call the file .tsv" if mark == "\t" else f'by "{mark}". Save it with commas'
            messages.append(f"{table.shown}:1: the header is a single cell; its columns seem to be set apart {apart}.")
            continue
        for role, name in wanted:
            if columns and name not in columns:
                folded = {column.casefold(): column for column in columns}
                near = difflib.get_close_matches(name.casefold(), folded, n=1)
                hint = f' Did you mean "{folded[near[0]]}"?' if near else ""
                if role == "title" and not near:
                    hint = f' Where records have no titles, write {naming.title} = "".'
                place = f"{table.shown}:1" if table.counted == "line" else table.shown
                absent.append(f'{place}: there is no column "{name}" ({getattr(naming, role)}).{hint}')
        if absent:
            listed = ", ".join(f'"{column}"' for column in columns)
            columns_of = "the file" if table.counted == "line" else table.shown
            messages += [*absent, f"The columns of {columns_of} are: {listed}. Correct {naming.place}."]
    if messages:
        raise RecordError("\n".join(messages))
