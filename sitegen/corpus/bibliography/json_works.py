"""JSON of works -> rows: CSL (Zotero, citeproc, Crossref), OpenAlex, and any list of objects.

A file may be a list, an object that holds one under "results" or "items", objects one behind the other, a line each or
not, or several of these, as when pages of an API's answers were joined. Objects are decoded one by one, so that each
has its line, and one that is broken takes none of the others along, but those that cannot be told from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from sitegen.corpus.bibliography.work import Sources, begin, row_of
from sitegen.corpus.json_lines import as_text, half_character, malformed, object_row, whole_text
from sitegen.corpus.lines import Lines
from sitegen.corpus.rows import Fault, Row, Table

Values = dict[str, list[str]]

CSL_SOURCES: Sources = {
    "title": ("title",),
    "abstract": ("abstract",),
    "authors": ("author", "editor"),
    "year": ("issued", "published"),
    "journal": ("container-title", "container-title-short"),
    "DOI": ("DOI", "URL"),
    "keywords": ("keyword", "subject"),
    "language": ("language",),
    "type": ("type",),
    "volume": ("volume",),
    "issue": ("issue",),
    "pages": ("page",),
    "publisher": ("publisher",),
    "ISSN": ("ISSN",),
    "URL": ("URL",),
    "accession number": ("id", "citation-key"),
    "notes": ("note",),
}
OPENALEX_SOURCES: Sources = {
    "title": ("title", "display_name"),
    "abstract": ("abstract_inverted_index", "abstract"),
    "authors": ("authorships",),
    "year": ("publication_year", "publication_date"),
    "journal": ("primary_location", "host_venue"),
    "DOI": ("doi",),
    "keywords": ("keywords",),
    "subjects": ("topics", "concepts"),
    "language": ("language",),
    "type": ("type",),
    "volume": ("volume",),
    "issue": ("issue",),
    "pages": ("first_page",),
    "last page": ("last_page",),
    "accession number": ("id",),
}
_OPENALEX = re.compile(r'"abstract_inverted_index"\s*:|"id"\s*:\s*"https://openalex\.org/W')
_CSL = re.compile(r'"(?:container-title|citation-key)"\s*:|"issued"\s*:\s*\{')
_WRAPPED = re.compile(r'"(?:results|items|references)"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,\[\]]*")
_LONGEST = 1 << 20  # words of an abstract


def begins_as_openalex(head: str) -> bool:
    return _is_json(head) and _OPENALEX.search(head) is not None


def begins_as_csl(head: str) -> bool:
    return _is_json(head) and _CSL.search(head) is not None


def csl(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of CSL JSON."""
    begin(table, begins="A record is an object with a title")
    return _rows(file, table, _csl_values, CSL_SOURCES)


def openalex(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of works of OpenAlex."""
    begin(table, begins="A record is an object with a title")
    return _rows(file, table, _openalex_values, OPENALEX_SOURCES)


def json_objects(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of any list of objects, whose keys are the columns."""
    table.begins = 'Write a list of objects, [{"title": "...", "abstract": "..."}]'
    for line, value, faults in _objects(file, table):
        if isinstance(value, _Broken):
            yield Row(line=line, cells={}, faults=(*faults, value.fault))
        else:
            yield object_row(value, table, line=line, faults=faults)


class _Broken:
    """What stands in place of a value that cannot be decoded."""

    def __init__(self, message: str) -> None:
        self.fault = malformed(message)


def _rows(file: BinaryIO, table: Table, values: Callable[[dict[str, Any]], Values], sources: Sources) -> Iterator[Row]:
    for line, value, faults in _objects(file, table):
        if isinstance(value, _Broken):
            yield Row(line=line, cells={}, faults=(*faults, value.fault))
        elif not isinstance(value, dict):
            yield Row(line=line, cells={}, faults=(*faults, malformed("is not a JSON object")))
        else:
            given = {name: [text for text in texts if text.strip()] for name, texts in values(value).items()}
            whole = {name: [whole_text(text) for text in texts] for name, texts in given.items() if texts}
            halves = [half_character(table)] if whole != {name: texts for name, texts in given.items() if texts} else []
            yield row_of(whole, sources, table, line=line, faults=[*faults, *halves])


def _objects(file: BinaryIO, table: Table) -> Iterator[tuple[int, Any, list[Fault]]]:
    """Each object of a file with the line it begins in and the faults of lines since the one before."""
    lines, parts, noted = Lines(file, table), [], []
    for part in lines:
        parts.append(part.rstrip("\r\n"))
        noted += [(lines.number, fault) for fault in lines.faults()]
    text, decoder = "\n".join(parts), json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
    wrapped = _WRAPPED.search(text) if text.lstrip().startswith("{") and _wraps(text) else None
    at, line, before = (wrapped.end() if wrapped else 0), 1, 0
    depth = 1 if wrapped else 0
    while True:
        between = _BETWEEN.match(text, at)
        assert between is not None
        if wrapped is not None and depth + _opened(between[0]) <= 0:  # the list has ended; others may follow
            wrapped = _WRAPPED.search(text, between.end())
            if wrapped is None:
                depth = 0
                break
            at, depth = wrapped.end(), 1
            continue
        depth += _opened(between[0])
        at = between.end()
        if at >= len(text):
            break
        line += text.count("\n", before, at)
        before = at
        value, end = _decoded(decoder, text, at)
        upto = line + text.count("\n", at, end)
        faults = [fault for number, fault in noted if number <= upto]
        noted = [(number, fault) for number, fault in noted if number > upto]
        yield line, value, faults
        if end == at:
            return
        at = end
    if depth > 0 or noted:
        if depth > 0:
            message, remedy = "the list has no end", "See whether something is missing there"
            noted.append((line, Fault(kind="unfinished record", message=message, remedy=remedy)))
        table.faults += [replace(fault, line=number) for number, fault in noted]


def _decoded(decoder: json.JSONDecoder, text: str, at: int) -> tuple[Any, int]:
    """The value at `at` and where it ends; where it cannot be decoded, what is wrong, and the next line that begins an
    object of its own, or `at`."""
    try:
        return decoder.raw_decode(text, at)
    except (json.JSONDecodeError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
    following = text.find("\n{", at)
    if following >= 0:
        return _Broken(f"is not valid JSON: {reason}"), following
    return _Broken(f"is not valid JSON: {reason}; nothing behind it is read"), at


def _opened(between: str) -> int:
    return between.count("[") - between.count("]")


def _wraps(text: str) -> bool:
    """Whether the first object of a text holds the list of works, and is not a work itself."""
    match = re.match(r'\s*\{\s*"([^"]*)"\s*:', text)
    return match is not None and match[1] in {"meta", "results", "items", "references", "status", "group_by", "message"}


def _csl_values(work: dict[str, Any]) -> Values:
    values = {name: _texts(item) for name, item in work.items()}
    for role in ("author", "editor"):
        values[role] = [_name(one) for one in _list(work.get(role))]
    for role in ("issued", "published"):
        values[role] = [_date(work.get(role))]
    values["keyword"] = [part for text in values.get("keyword", []) for part in re.split(r"\s*[;,]\s*", text)]
    return values


def _openalex_values(work: dict[str, Any]) -> Values:
    nested = {
        "authorships",
        "primary_location",
        "host_venue",
        "abstract_inverted_index",
        "keywords",
        "topics",
        "concepts",
    }
    values = {name: _texts(item) for name, item in work.items() if name not in nested}
    values["id"] = [text.rsplit("/", 1)[-1] for text in values.get("id", [])]
    index = work.get("abstract_inverted_index")
    values["abstract_inverted_index"] = [_uninverted(index if isinstance(index, dict) else {})]
    values["authorships"] = [_at(one, "author", "display_name") for one in _list(work.get("authorships"))]
    values["primary_location"] = [_at(work, "primary_location", "source", "display_name")]
    values["host_venue"] = [_at(work, "host_venue", "display_name")]
    for name in ("keywords", "topics", "concepts"):
        values[name] = [_at(one, "display_name") or _at(one, "keyword") or _plain(one) for one in _list(work.get(name))]
    for name in ("volume", "issue", "first_page", "last_page"):
        values[name] = [_at(work, "biblio", name)]
    return values


def _uninverted(index: dict[str, Any]) -> str:
    """The abstract of which OpenAlex gives, word by word, the places it has in the text."""
    places: list[tuple[int, str]] = []
    for word, positions in index.items():
        for position in _list(positions):
            number = _plain(position)
            if number.isdecimal() and len(number) < 10 and len(places) < _LONGEST:
                places.append((int(number), word))
    return " ".join(word for _, word in sorted(places))


def _texts(value: Any) -> list[str]:
    return [as_text(one) for one in value] if isinstance(value, list) else [as_text(value)]


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _at(value: Any, *keys: str) -> str:
    """The text at the end of a path of keys, "" where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return _plain(value)


def _name(person: Any) -> str:
    whole = _at(person, "literal") or _at(person, "name")
    family = " ".join(filter(None, (_at(person, "non-dropping-particle"), _at(person, "family"))))
    return whole or ", ".join(filter(None, (family, _at(person, "given")))) or _plain(person)


def _date(value: Any) -> str:
    parts = value.get("date-parts") if isinstance(value, dict) else None
    first = _list(_list(parts)[0])[:1] if _list(parts) else []
    return as_text(first[0]) if first else _at(value, "raw") or _at(value, "literal") or _plain(value)


def _is_json(head: str) -> bool:
    return head.lstrip().startswith(("[", "{"))
