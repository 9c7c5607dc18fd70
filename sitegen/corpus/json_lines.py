"""JSON Lines -> rows: one object a line, whose keys are the columns. Objects may have different keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from sitegen.corpus.lines import Lines
from sitegen.corpus.rows import Fault, Row, Table

LIST = ";"  # between the values of a list, with a blank behind it


def json_lines(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of a file of JSON Lines."""
    lines = Lines(file, table)
    for line in lines:
        faults = lines.faults()
        if not line.strip():
            continue
        try:
            value = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
        except (json.JSONDecodeError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            faults.append(malformed(f"is not valid JSON: {reason}"))
            yield Row(line=lines.number, cells={}, faults=tuple(faults))
        else:
            yield object_row(value, table, line=lines.number, faults=faults)


def object_row(value: Any, table: Table, *, line: int, faults: Iterable[Fault] = ()) -> Row:
    """The row of a JSON value that should be an object."""
    if not isinstance(value, dict):
        return Row(line=line, cells={}, faults=(*faults, malformed("is not a JSON object")))
    cells = {key.strip() or f"column {n}": as_text(item) for n, (key, item) in enumerate(value.items(), start=1)}
    whole = {whole_text(key): whole_text(cell).strip() for key, cell in cells.items()}
    found = list(faults)
    if list(whole) != list(cells) or any(whole_text(cell) != cell for cell in cells.values()):
        found.append(half_character(table))
    table.columns |= dict.fromkeys(whole)
    table.separators |= {key.strip(): LIST for key, item in value.items() if isinstance(item, list)}
    return Row(line=line, cells=whole, faults=tuple(found))


def malformed(message: str) -> Fault:
    """What is no object."""
    remedy = 'Write one object a line, {"title": "...", "abstract": "..."}'
    return Fault(kind="malformed row", message=message, remedy=remedy)


def half_character(table: Table) -> Fault:
    """What holds a lone surrogate."""
    message = "has half a character (a lone surrogate)"
    return Fault(kind="not utf-8", message=message, remedy=table.naming.encoding_remedy)


def as_text(value: Any) -> str:
    """A JSON value as the text of a cell: lists of plain values joined by "; ", nested ones as JSON."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case list() if all(not isinstance(item, list | dict) for item in value):
            return f"{LIST} ".join(as_text(item) for item in value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def whole_text(text: str) -> str:
    """The text with lone surrogates, which no encoding can write, replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
