"""What a file of records is, before there is a site: its format, its columns, what is missing or odd, and its settings.

Nothing is refused here that can be counted: rows that a build would stop at are left out and said. Bibliographies need
no settings; in other tables the columns of titles, abstracts, ids and labels are looked for by the names they usually
have. What comes out goes into site.toml as it is, so whoever has it built is told the rest by the build.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sitegen.config import Classes, Records
from sitegen.corpus import screening
from sitegen.corpus.collection import Collection, FileRead, Problem, Record
from sitegen.corpus.formats import read_rows
from sitegen.corpus.labels import label_values
from sitegen.corpus.naming import SITE_TOML, Naming
from sitegen.corpus.records import read_records, shown_path
from sitegen.corpus.rows import Table
from sitegen.web.text.numbers import excerpt

_NAMING = replace(SITE_TOML, path="the path")  # what is found goes into site.toml; the file was named here
PREVIEW = 10  # records
_MOST_FACETS, _MOST_VALUES = 3, 80
_SHOWN_LABELS = 5
_LIKELY_FACETS = ("year", "type", "language", "journal", "subject", "field", "discipline", "country", "kind")
_USUAL = {
    "title": (
        "title",
        "titel",
        "article title",
        "document title",
        "primary title",
        "ti",
        "titre",
        "título",
        "headline",
    ),
    "abstract": (
        "abstract",
        "abstract note",
        "abstracts",
        "summary",
        "ab",
        "zusammenfassung",
        "résumé",
        "resumen",
        "text",
        "tweet",
        "post",
        "comment",
        "message",
        "content",
        "body",
    ),
    "id": ("id", "record_id", "doi", "eid", "pmid", "accession number", "key", "ut"),
    "label": ("label", "class", "gold", "relevant", "decision", "target", "y"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the records: its role, where its cells come from, by tag or column of the files with how often, and
    how many records say something there."""

    name: str
    role: str
    origins: tuple[tuple[str, int], ...]
    filled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """A kind of problem: what was done, how often, and the first."""

    kind: str
    action: str
    count: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found in files of records.

    files: what each is. records, rows: how many there are, and how many rows were read for them. columns: in the order
    of the files. unused: tags and columns of the files that no column here is made of, and how often. odd: problems by
    kind. notes: on labels, in sentences. preview: the place and the title of the first records. settings: as a build
    would take them; comments: what they leave to a person; block: both as text for site.toml. screened: whether labels
    are decisions of a screening, which need no setting.
    """

    files: tuple[FileRead, ...]
    records: int
    rows: int
    columns: tuple[Column, ...]
    unused: tuple[tuple[str, int], ...]
    odd: tuple[Odd, ...]
    notes: tuple[str, ...]
    preview: tuple[tuple[str, str], ...]
    settings: Records
    comments: tuple[str, ...]
    screened: bool
    block: str


def inspect(
    paths: Sequence[Path], *, encoding: str = "utf-8", naming: Naming = _NAMING, named: Sequence[str] = ()
) -> Inspection:
    """What the files at `paths` are, read as one. named: how the block names them; else as they are shown.

    Raises RecordError where a file cannot be read at all, has no records, or no columns that could be title and
    abstract.
    """
    settings, comments = _settings(paths, encoding=encoding, naming=naming)
    collection = read_records(settings, classes=Classes(), skip_invalid=True, naming=naming)
    settings = settings.model_copy(update={"facets": tuple(_facets(collection.records))})
    screened = settings.label is None and collection.has_labels
    if screened:
        comments.append('its decisions of a screening are the gold labels, 1 the positive class; label = "" for none')
    return Inspection(
        files=collection.files,
        records=len(collection.records),
        rows=collection.rows,
        columns=tuple(_columns(collection, settings)),
        unused=_unused(collection.files),
        odd=tuple(_odd(collection)),
        notes=(*collection.notes, *(comments if not collection.notes else ())),
        preview=tuple(
            (_place(record), record.title or excerpt(record.abstract, 60)) for record in collection.records[:PREVIEW]
        ),
        settings=settings,
        comments=tuple(comments),
        screened=screened,
        block=records_block(settings, named or [shown_path(path) for path in paths], comments=comments),
    )


def records_block(settings: Records, files: Sequence[str], *, comments: Iterable[str] = ()) -> str:
    """The settings as a table of site.toml, those that are as usual left out; each of `comments` is a line behind #."""
    shown = [_quoted(Path(file).as_posix()) for file in files]
    lines = ["[records]", f"path = {shown[0] if len(shown) == 1 else '[' + ', '.join(shown) + ']'}"]
    usual = Records(path=settings.path)
    for role in ("id", "title", "abstract", "label", "encoding"):
        value = getattr(settings, role)
        if value is not None and value != getattr(usual, role):
            lines.append(f"{role} = {_quoted(value)}")
    if settings.facets:
        lines.append(f"facets = [{', '.join(map(_quoted, settings.facets))}]")
    return "\n".join([*lines, *(f"# {' '.join(line.split())}" for line in comments)]) + "\n"


def _settings(paths: Sequence[Path], *, encoding: str, naming: Naming) -> tuple[Records, list[str]]:
    """Settings that name the columns of titles, abstracts, ids and labels where they have other names than usual, and
    what they leave to a person."""
    usual = Records(path=tuple(path.absolute() for path in paths) if len(paths) > 1 else paths[0].absolute())
    columns: dict[str, str] = {}
    cells: dict[str, Counter[str]] = {name: Counter() for name in _USUAL["label"]}
    knows_ids = False
    for path in usual.paths:
        table = Table(shown=shown_path(path), encoding=encoding, naming=naming, named=frozenset({"title", "abstract"}))
        for row in read_rows(path, table):
            for name, cell in row.cells.items():
                if name.casefold() in cells:
                    cells[name.casefold()][cell] += 1
        columns = {column.casefold(): column for column in table.columns} | columns
        knows_ids = knows_ids or bool(table.id)
    chosen: dict[str, str] = {}
    for role, names in _USUAL.items():
        known = knows_ids if role == "id" else role == "label" and any(name in columns for name in screening.COLUMNS)
        free = (columns[name] for name in names if name in columns and columns[name] not in chosen.values())
        if not known and (column := next(free, None)):
            chosen[role] = column
    comments = []
    if "title" not in chosen and "abstract" in chosen:
        chosen["title"] = ""
        comments.append('title = "" says that records have one text alone; if a column has titles, name it')
    counts = cells[chosen["label"].casefold()] if "label" in chosen else Counter[str]()
    if counts.keys() - label_values(usual, Classes(), naming=naming).keys() - {*usual.missing}:
        listed = ", ".join(f"{_quoted(cell)} ({n:,})" for cell, n in counts.most_common(_SHOWN_LABELS))
        comments.append(f"label = {_quoted(chosen.pop('label'))} # where its cells name the classes: {listed}")
    return usual.model_copy(update={**chosen, "encoding": encoding}), comments


def _columns(collection: Collection, settings: Records) -> Iterator[Column]:
    origins: dict[str, Counter[str]] = {}
    for file in collection.files:
        for (tag, column), n in file.origins.items():
            origins.setdefault(column, Counter())[tag] += n
    roles = {settings.title: "title", settings.abstract: "abstract", settings.label or "": "gold label"}
    roles |= dict.fromkeys(settings.facets, "facet")
    if settings.id or any(file.origins for file in collection.files):
        roles[settings.id or "id"] = "id"
    if settings.label is None and collection.has_labels:
        roles |= dict.fromkeys(screening.COLUMNS, "gold label")
    for name in dict.fromkeys(column for file in collection.files for column in file.columns):
        if filled := sum(bool(_cell(record, name, settings)) for record in collection.records):
            given = tuple(origins.get(name, Counter()).most_common())
            yield Column(name=name, role=roles.get(name, "metadata"), origins=given, filled=filled)


def _cell(record: Record, name: str, settings: Records) -> str:
    if name == settings.title:
        return record.title
    if name == settings.abstract:
        return record.abstract
    if name == settings.id or (name == "id" and name not in record.metadata):
        return record.id
    if record.label is not None and (name == settings.label or name in screening.COLUMNS):
        return str(record.label)
    return record.facets.get(name, "") or record.metadata.get(name, "")


def _unused(files: Sequence[FileRead]) -> tuple[tuple[str, int], ...]:
    counts = Counter[str]()
    for file in files:
        for (tag, column), n in file.origins.items():
            counts[tag] += n if not column else 0
    return tuple((tag, n) for tag, n in counts.most_common() if n)


def _odd(collection: Collection) -> Iterator[Odd]:
    first: dict[tuple[str, str], Problem] = {}
    for problem in collection.problems:
        first.setdefault((problem.kind, problem.action), problem)
    for key, n in collection.counts().items():
        kind, action = key
        yield Odd(kind=kind, action=action, count=n, example=str(first[key]) if key in first else "")


def _facets(records: Sequence[Record]) -> Iterator[str]:
    """The columns one may want to filter by: few different values, and most records have one."""
    found = 0
    for name in _LIKELY_FACETS:
        values = [value for record in records if (value := record.metadata.get(name, ""))]
        several = 2 <= len(set(values)) <= min(_MOST_VALUES, len(values) // 2)
        if several and 2 * len(values) >= len(records) and found < _MOST_FACETS:
            found += 1
            yield name


def _place(record: Record) -> str:
    return f"{record.source}:{record.line}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a string of JSON is one of TOML
