"""A typed value as the text of a cell: what a person would have typed, and a CSV export would have.

Libraries have numbers, dates and missing values of their own. All of these are known here by what they can do, so that
none of the libraries is imported: 2019.0 is 2019 (a column of years with a gap has become one of floats), a time at
midnight is a date, and what stands for a missing value (None, NaN, NaT, NA) is nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from sitegen.corpus.json_lines import as_text, whole_text

_MISSING = {"NAType", "NaTType"}  # the classes of pandas' two


def typed_text(value: Any) -> str:
    """The text of a typed cell."""
    value = _plain(value)
    match value:
        case None | bool():
            return as_text(value)
        case str():
            return whole_text(value).replace("\0", "")
        case float() if value != value:
            return ""
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case int() | float():
            return str(value)
        case datetime.datetime() if value.time() == datetime.time(0):
            return value.date().isoformat()
        case datetime.date() | datetime.time():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", errors="replace")
        case list() | tuple():
            return "; ".join(map(typed_text, value))
        case set() | frozenset():
            return "; ".join(sorted(map(typed_text, value)))
        case Mapping():
            return as_text({str(key): typed_text(item) for key, item in value.items()})
        case _:
            return whole_text(str(value))


def _plain(value: Any) -> Any:
    """A value of numpy's, pandas' or polars' as one of Python's; others as they are."""
    if type(value).__name__ in _MISSING:
        return None
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if not kind or isinstance(value, str | bytes):
        return value.to_list() if hasattr(value, "to_list") else value
    if getattr(value, "ndim", 0):
        return value.tolist()
    if kind == "f":
        return float(str(value))  # a number of 32 bits as it is written, not with the digits that 64 bits make of it
    return value.astype("datetime64[us]").item() if kind == "M" else value.item()
