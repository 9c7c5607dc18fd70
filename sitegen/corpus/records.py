"""Read records from files: every row is validated, and none is dropped silently. What comes of it: collection.py.

Real exports have rows with the wrong number of cells, ids and papers that come twice, abstracts that say that there
is none. For each of these `config.Policies` names what happens; whatever happens is a `Problem` with its place, and
the build report and the methods page count them. Rows under an "error" policy are all collected before the run
ends, so that a file is corrected once and not twenty times; `skip_invalid` leaves them out instead.

A row goes through `_Pass._record`, which keeps what later rows must be compared with; the rest of the module is one
function for each kind of problem.

Ids. An id that comes twice gets "-2", "-3", passing over ids that the file uses itself. A row without an id gets one
made from its content (first words of the title and a hash of the text), the same in whatever row it stands. Where
records have no titles the first words are the text's, unless texts are withheld.

Missing. An empty cell, or one of `settings.missing` (capitals do not matter), is "" in the record; so is an abstract
that has nothing else behind a repeated title. In the label column such a cell means: no gold label.

Several files are read as one: an id or a text of one is compared with those of all. A format that knows a column of ids
(a bibliography's) gives the ids where the settings name none.

Order. Checks of a row: its bytes, its cells, its label, title, abstract, id, text. A row that is skipped is not checked
further, and does not count as the first of two duplicates.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from sitegen.config import Classes, Records
from sitegen.corpus.collection import KINDS, Action, Collection, FileRead, Problem, Record
from sitegen.corpus.columns import check_columns
from sitegen.corpus.formats import read_rows
from sitegen.corpus.frames import RowsInMemory
from sitegen.corpus.labels import LabelColumn
from sitegen.corpus.naming import SITE_TOML, Naming
from sitegen.corpus.rows import Counted, Fault, Row, Table
from sitegen.corpus.screening import with_screening_labels
from sitegen.corpus.texts import normalised_title, text_hash, title_end
from sitegen.corpus.values import with_values
from sitegen.errors import RecordError

__all__ = ["KINDS", "Collection", "Problem", "Record", "normalised_title", "read_records", "text_hash"]

_ACTIONS: dict[str, Action] = {"keep": "kept", "skip": "skipped", "replace": "replaced", "rename": "renamed"}
_SHOWN = 20
_SLUG_WORDS = 6
_SLUG_LENGTH = 48


def read_records(
    settings: Records,
    *,
    classes: Classes,
    skip_invalid: bool = False,
    naming: Naming = SITE_TOML,
    rows: RowsInMemory | None = None,
) -> Collection:
    """Read the file or files that `settings.path` names, or `rows` in their place; `naming` is how messages name the
    settings.

    Raises RecordError where a file cannot be read, lacks a column, has no records, or (unless `skip_invalid`) has
    rows under an "error" policy: the first 20 problems, and how many more there are.
    """
    collection = _Pass(settings, classes=classes, skip_invalid=skip_invalid, naming=naming, rows=rows).collection()
    return (
        collection if settings.label is not None else with_screening_labels(collection, classes=classes, naming=naming)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a row starts: the file, the line, and which row it is of all (several may stand on one line)."""

    source: str
    line: int
    number: int
    counted: Counted = "line"

    def seen_from(self, other: _Place) -> str:
        """The place in a message about another row."""
        return f"{self.counted} {self.line}" if self.source == other.source else f"{self.source}:{self.line}"


class _Pass:
    """One pass over the files: the records so far, and the ids, texts and labels that later rows are compared with."""

    def __init__(
        self,
        settings: Records,
        *,
        classes: Classes,
        skip_invalid: bool,
        naming: Naming,
        rows: RowsInMemory | None = None,
    ) -> None:
        self._settings = settings
        self._naming = naming
        self._skip_invalid = skip_invalid
        self._missing = {"", *(value.strip().casefold() for value in settings.missing)}
        self._labels = LabelColumn(settings, classes, naming=naming)
        self._unknown_label_at: _Place | None = None
        self._problems: list[tuple[_Place, Problem]] = []
        self._records: list[tuple[_Place, Record]] = []
        self._ids: dict[str, _Place] = {}
        self._texts: dict[str, _Place] = {}
        self._repeated = 0
        roles = {settings.title, settings.abstract, settings.id or "", settings.label or "", *settings.facets}
        named = frozenset(roles - {""})
        self._sources: list[tuple[Table, Callable[[Table], Iterator[Row]]]] = [
            (
                Table(shown=shown_path(path), encoding=settings.encoding, naming=naming, named=named),
                partial(read_rows, path),
            )
            for path in settings.paths
        ]
        if rows is not None:
            table = Table(shown=rows.shown, encoding="", naming=naming, named=named, counted="row", begins=rows.begins)
            self._sources = [(table, rows.read)]
        self._tables = [table for table, _ in self._sources]

    def collection(self) -> Collection:
        rows = 0
        files = []
        for table, read in self._sources:
            before = rows
            for row in read(table):
                rows += 1
                place = _Place(source=table.shown, line=row.line, number=rows, counted=table.counted)
                record = self._record(row, place, id_column=self._settings.id or table.id)
                if record is not None:
                    self._records.append((place, record))
            for fault in table.faults:
                place = _Place(source=table.shown, line=fault.line, number=before, counted=table.counted)
                self._faulty(fault, place)
            if rows == before:
                raise RecordError(f"{table.shown}: there are no records. {table.begins}.")
            columns, origins = tuple(table.columns), dict(table.origins)
            files.append(
                FileRead(shown=table.shown, format=table.format, rows=rows - before, columns=columns, origins=origins)
            )
        check_columns(self._settings, self._tables, naming=self._naming)
        self._refuse_labels()
        self._raise_refused()
        if not self._records:
            raise RecordError(self._nothing_left(rows))
        self._rename()
        separators = {table.shown: table.separators for table in self._tables}
        return Collection(
            records=tuple(with_values([record for _, record in self._records], separators, self._settings)),
            problems=self._sorted_problems(),
            rows=rows,
            repeated_titles=self._repeated,
            files=tuple(files),
            labels=self._labels.account([record.label for _, record in self._records]),
        )

    def _record(self, row: Row, place: _Place, *, id_column: str) -> Record | None:
        """The row as a record; its id may be one that another has, or "". None where it is skipped or unreadable."""
        settings, policy = self._settings, self._settings.policy
        stays = [self._faulty(fault, place) for fault in row.faults]
        if not all(stays) or not row.cells:
            return None
        title, abstract = (
            row.cells.get(settings.title, "") if settings.titled else "",
            row.cells.get(settings.abstract, ""),
        )
        title = "" if title.casefold() in self._missing else title
        end = title_end(title, abstract)
        label, keep = self._label(row, place)
        if keep and not title and settings.titled:
            keep = self._absent("title", policy.missing_title, place, message="is empty")
        rest = abstract[end:].strip()
        if keep and rest.casefold() in self._missing:
            message = f"is {_clipped(rest)}" if rest else "only repeats the title" if end else "is empty"
            keep = self._absent("abstract", policy.missing_abstract, place, message=message)
            abstract = ""
        key = row.cells.get(id_column, "")
        text = text_hash(title, abstract)
        if not (
            keep and self._new_id(key, place, id_column) and self._new_text(text if title or abstract else "", place)
        ):
            return None
        self._ids.setdefault(key, place)
        self._texts.setdefault(text, place)
        self._repeated += end > 0
        roles = {id_column, settings.title, settings.abstract, settings.label, *settings.facets}
        return Record(
            id=key or f"{_slug(title or self._told(abstract))}-{text[:8]}",
            title=title,
            abstract=abstract,
            label=label,
            facets={name: row.cells.get(name, "") for name in settings.facets},
            metadata={name: cell for name, cell in row.cells.items() if name not in roles},
            source=place.source,
            line=place.line,
        )

    def _told(self, text: str) -> str:
        """What an id may tell of the text of a record that has nothing else: nothing where texts are withheld."""
        return text if not self._settings.titled and self._settings.publish == "all" else ""

    def _absent(self, role: Literal["title", "abstract"], policy: str, place: _Place, *, message: str) -> bool:
        """Note a missing title or abstract; return whether the row is kept."""
        field = self._settings.title if role == "title" else self._settings.abstract
        return self._note(f"missing {role}", policy, place, field=field, message=message, remedy="Fill it")

    def _label(self, row: Row, place: _Place) -> tuple[int | None, bool]:
        """(label, whether the row stays)."""
        column = self._settings.label
        value = row.cells.get(column or "", "")
        if not column or value.casefold() in self._missing:
            return None, True
        label = self._labels.meaning(value)
        if label is not None:
            return label, True
        if self._skip_invalid:
            remedy = f"Set {self._naming.both_labels}, or correct it"
            message = f"is {_clipped(value)}, which means neither class"
            self._note("label", "skip", place, field=column, message=message, remedy=remedy)
            return None, False
        self._unknown_label_at = self._unknown_label_at or place
        return None, True

    def _new_id(self, key: str, place: _Place, column: str) -> bool:
        """Whether a row is kept as far as its id is concerned (missing or repeated)."""
        policy = self._settings.policy.duplicate_id
        if not key:
            if not self._settings.id:
                return True
            message, remedy = "is empty; an id was made from the text", "Fill it, so that the address stays the same"
            return self._note("missing id", "replace", place, field=column, message=message, remedy=remedy)
        if key not in self._ids or policy == "rename":
            return True
        message, remedy = self._again(key, place), "Give each record an id of its own"
        return self._note("duplicate id", policy, place, field=column, message=message, remedy=remedy)

    def _new_text(self, text: str, place: _Place) -> bool:
        """Whether the row stays, as far as its text goes. text: its hash, "" where title and abstract are empty."""
        if not text or text not in self._texts:
            return True
        return self._note(
            "duplicate text",
            self._settings.policy.duplicate_text,
            place,
            field=self._settings.title or self._settings.abstract,
            message=f"{'and the abstract are those' if self._settings.titled else 'is that'} of "
            f"{self._texts[text].seen_from(place)}",
            remedy="Remove one of the two",
        )

    def _rename(self) -> None:
        """Number the records that share an id, in file order, so that no new id is one that the files have already."""
        taken: set[str] = set()
        numbers: dict[str, int] = {}  # by id, the last one given: those before it stay taken
        given = self._ids.keys() - {""}
        for index, (place, record) in enumerate(self._records):
            name, number = record.id, numbers.get(record.id, 1)
            while name in taken or (name in given and self._ids[name] != place):
                number += 1
                name = f"{record.id}-{number}"
            taken.add(name)
            numbers[record.id] = number
            if name == record.id:
                continue
            self._records[index] = place, replace(record, id=name)
            if record.id in given:
                message = f'{self._again(record.id, place)}; this one is called "{name}"'
                remedy = "Give each record an id of its own"
                field = self._settings.id or self._tables[0].id
                self._note("duplicate id", "rename", place, field=field, message=message, remedy=remedy)

    def _again(self, key: str, place: _Place) -> str:
        return f"{_clipped(key)} is that of {self._ids[key].seen_from(place)}, too"

    def _faulty(self, fault: Fault, place: _Place) -> bool:
        """Note the faults of a row as such (see rows.py); return whether the row is kept."""
        match fault.kind:
            case "not utf-8":
                policy: str = self._settings.policy.not_utf8
            case "nul bytes":
                policy = "replace"
            case "unfinished record" | "duplicate key" | "unread sheet" | "label":
                policy = "keep"
            case "duplicate column":
                policy = "rename"
            case _:
                policy = self._settings.policy.field_count
        return self._note(fault.kind, policy, place, field=fault.field, message=fault.message, remedy=fault.remedy)

    def _note(
        self,
        kind: str,
        policy: str,
        place: _Place,
        *,
        field: str,
        message: str,
        remedy: str,
    ) -> bool:
        """Add a Problem; return whether the row is kept. A refused row is, so that all of its problems are reported."""
        error: Action = "skipped" if self._skip_invalid else "refused"
        action = _ACTIONS.get(policy, error)
        if action == "refused":
            remedy += f", or pass {self._naming.skip_invalid}"
        problem = Problem(
            kind=kind,
            source=place.source,
            line=place.line,
            field=field,
            message=message,
            remedy=remedy,
            action=action,
            counted=place.counted,
        )
        self._problems.append((place, problem))
        return action != "skipped"

    def _refuse_labels(self) -> None:
        """Add one problem for the whole label column, listing its values, instead of one for each row."""
        if fault := self._labels.without_positive():
            shown = ", ".join(table.shown for table in self._tables)
            raise RecordError(f'{shown}: "{self._settings.label}" {fault}')
        if self._unknown_label_at is not None:
            message, remedy = self._labels.unknown()
            column = self._settings.label or ""
            self._note("label", "error", self._unknown_label_at, field=column, message=message, remedy=remedy)

    def _sorted_problems(self) -> tuple[Problem, ...]:
        """The problems by file and line."""
        files = [table.shown for table in self._tables]
        ordered = sorted(self._problems, key=lambda item: (files.index(item[0].source), item[0].line))
        return tuple(problem for _, problem in ordered)

    def _raise_refused(self) -> None:
        refused = [problem for problem in self._sorted_problems() if problem.action == "refused"]
        if not refused:
            return
        lines = [str(problem) for problem in refused[:_SHOWN]]
        if (more := len(refused) - _SHOWN) > 0:
            lines.append(f"and {more} more problems. Pass {self._naming.skip_invalid} to leave all such rows out.")
        raise RecordError("\n".join(lines))

    def _nothing_left(self, rows: int) -> str:
        reasons = Counter(problem.kind for _, problem in self._problems if problem.action == "skipped")
        counted = ", ".join(f"{kind} {n}" for kind, n in reasons.most_common())
        listed = ""
        if reasons["label"]:
            message, remedy = self._labels.unknown()
            listed = f' "{self._settings.label}" {message}. {remedy}.'
        shown = ", ".join(table.shown for table in self._tables)
        return f"{shown}: none of its {rows} rows is left (skipped: {counted}). Correct the file.{listed}"


def shown_path(path: Path) -> str:
    """The path as messages show it: relative where it is inside the current folder, else absolute."""
    absolute, here = path.absolute(), Path.cwd()
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else absolute)


def _slug(title: str) -> str:
    """The first words of a title in plain letters and digits, joined by hyphens; "record" where there are none."""
    plain = unicodedata.normalize("NFKD", normalised_title(title)).encode("ascii", "ignore").decode()
    words = plain.split()[:_SLUG_WORDS]
    while len("-".join(words)) > _SLUG_LENGTH and len(words) > 1:
        words.pop()
    return "-".join(words)[:_SLUG_LENGTH] or "record"


def _clipped(text: str) -> str:
    return f'"{text}"' if len(text) <= 60 else f'"{text[:59]}…"'
