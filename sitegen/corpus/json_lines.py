"""JSON Lines -> rows: one object a line, whose keys are the columns. Objects may have different keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from sitegen.corpus.lines import Lines
from sitegen.corpus.rows import Fault, Row, Table


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
            message, remedy = "has half a character (a lone surrogate)", table.naming.encoding_remedy
            faults.append(Fault(kind="not utf-8", message=message, remedy=remedy))
        table.columns |= dict.fromkeys(whole)
        yield Row(line=lines.number, cells=whole, faults=tuple(faults))


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
