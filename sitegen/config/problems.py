"""What is wrong with a site.toml, in words for whoever wrote it: the line, the key, the problem, the remedy.

pydantic and tomllib know what is wrong and say it to programmers ("Input should be a valid string"). Here it is said in
the words of site.toml. A key that no table has is nearly always misspelt, or stands in another table than its own; both
are looked for, and named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from sitegen.config.appearance import NavEntry, Shades
from sitegen.config.tables import Model, Policies

Keys = tuple[str | int, ...]

_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*=")
_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")
_MUST = {
    "string_type": "must be text, in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "path_type": "must be a path, in quotes",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": 'must be the short code of a language, such as "en" or "pt-BR"',
}


def problem_of(item: Mapping[str, Any]) -> str:
    """One of pydantic's errors about a value, as a clause with what was found, without its stop."""
    about, kind = item.get("ctx", {}), item["type"]
    must = _MUST.get(kind, item["msg"])
    if kind == "literal_error":
        must = f"must be {about['expected']}".replace("'", '"')
    for end, words in (("gt", "more than"), ("ge", "at least"), ("lt", "less than"), ("le", "at most")):
        if end in about:
            must = f"must be {words} {about[end]:g}"
    return f"{must} (found: {json.dumps(item['input'], default=str, ensure_ascii=False):.80})"


def problem_line(file: str, item: Mapping[str, Any], *, lines: Mapping[Keys, int], site: type[BaseModel]) -> str:
    """One of pydantic's errors about a site.toml as a line of a message. lines: of its keys. site: the class of the
    whole."""
    keys: Keys = tuple(item["loc"])
    place, key = f"{file}{_line_of(keys, lines)}: ", _shown(keys)
    match item["type"]:
        case "missing":
            tables = {"records": "[records], with its path", "models": "[[models]], with its name and path"}
            return f"{place}{key} is missing. Add {tables.get(str(keys[-1]), 'it') if len(keys) == 1 else 'it'}."
        case "extra_forbidden":
            return f"{place}{key} is not a known key. {remedy_of_key(keys, site)}"
        case "tuple_type":
            return f"{place}{key} must be a list. Write [...]{', or [[models]]' if keys == ('models',) else ''}."
        case "value_error":
            return f"{place}{f'{key}: ' if keys else ''}{item['ctx']['error']}."
        case _:
            return f"{place}{key} {problem_of(item)}."


def syntax_problem(error: Exception, text: str) -> tuple[int | None, str]:
    """The line at which a text is no TOML, None where that is its end; and what is wrong, with a remedy."""
    at = _AT.search(str(error))
    said = _AT.sub("", str(error))
    if at is None:
        return None, f"not valid TOML: {said}. See whether a quote or a bracket is not closed."
    number, column = int(at[1]), int(at[2])
    line = text.split("\n")[number - 1]
    remedy = 'Text stands in quotes, as title = "My site"; numbers, true and false do not.'
    if set(line) & set("“”„«»‘’"):
        remedy = 'Write straight quotes, "...", for those that a word processor has curved.'
    elif "\\" in line:
        remedy = 'Write paths with / in place of \\, as "C:/Users/me/papers.csv".'
    elif "overwrite" in said or "twice" in said:
        remedy = "It is said twice: remove one of the two."
    elif line.count('"') % 2:
        remedy = "A text ends in the line in which it begins, with the same quote."
    return number, f"not valid TOML: {said} (column {column}). {remedy}"


def lines_of_keys(text: str) -> dict[Keys, int]:
    """The line, from 1, of each table and key of a TOML text that begins a line; texts of several lines are skipped."""
    lines: dict[Keys, int] = {}
    table: Keys = ()
    many: dict[str, int] = {}
    within = ""
    for number, line in enumerate(text.splitlines(), start=1):
        skipped = bool(within)
        for mark in ('"""', "'''"):
            if within in ("", mark) and line.count(mark) % 2:
                within = "" if within else mark
        if skipped:
            continue
        if header := _HEADER.match(line):
            name = header[2]
            table = tuple(name.split("."))
            if header[1] == "[[":
                many[name] = many.get(name, -1) + 1
                lines.setdefault(table, number)
                table = (*table, many[name])
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, key[1]), number)
    return lines


def _line_of(keys: Keys, lines: Mapping[Keys, int]) -> str:
    """ ":" and the line of a key, or of the nearest table or key that holds it; "" where none is known."""
    for end in range(len(keys), 0, -1):
        if keys[:end] in lines:
            return f":{lines[keys[:end]]}"
    return ""


def _shown(keys: Keys) -> str:
    """A key as a person names it: which of several tables, or of a list, in words."""
    names = ".".join(key for key in keys if isinstance(key, str))
    numbers = [key for key in keys if isinstance(key, int)]
    if not numbers:
        return f'"{names}"'
    which = _ORDINALS[numbers[0]] if numbers[0] < len(_ORDINALS) else f"{numbers[0] + 1}th"
    return f'"{names}" (the {which} {"[[models]]" if keys[0] == "models" else "entry"})'


def in_site_toml(table: Keys) -> str:
    """Where the keys of a table stand in site.toml, for messages."""
    if table == ("models",):
        return "below [[models]]"
    return f"below [{'.'.join(map(str, table))}]" if table else "above the first table"


def remedy_of_key(keys: Keys, site: type[BaseModel], place: Callable[[Keys], str] = in_site_toml) -> str:
    """What to do about a key that its table does not have. place: where the keys of a table stand, as whoever wrote it
    knows it; "" where the table cannot be written there."""
    wrong, own = str(keys[-1]), _class_at(keys[:-1], site)
    if near := get_close_matches(wrong, own.model_fields if own else (), n=1, cutoff=0.7):
        return f'Did you mean "{near[0]}"?'
    if own is NavEntry:
        return f"Its keys are {' and '.join(json.dumps(name) for name in NavEntry.model_fields)}."
    for name, table in _tables(site):
        if table is not own and wrong in table.model_fields and wrong != "file" and (where := place(name)):
            return f"It belongs {where}."
    if near := get_close_matches(wrong, site.model_fields, n=1, cutoff=0.7):
        return f'Did you mean "{near[0]}", which stands {place(())}?'
    return "Check its spelling, or remove it."


def _tables(site: type[BaseModel]) -> Iterator[tuple[Keys, type[BaseModel]]]:
    """The name of each table, and its class."""
    yield (), site
    for name, field in site.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield (name,), field.annotation
    yield ("records", "policy"), Policies
    yield ("models",), Model


def _class_at(keys: Sequence[str | int], site: type[BaseModel]) -> type[BaseModel] | None:
    """The class of the table that these keys lead to; None where it is of no class."""
    if not keys:
        return site
    lists: dict[str, type[BaseModel]] = {"models": Model, "nav": NavEntry}
    inner: dict[str, type[BaseModel]] = {"records": Policies, "colors": Shades}
    if keys[0] in lists or len(keys) > 1:
        return (lists | inner).get(str(keys[0]))
    annotation = site.model_fields[str(keys[0])].annotation if keys[0] in site.model_fields else None
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
