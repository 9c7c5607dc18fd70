"""Read records from files: every row is validated, and none is dropped silently.

Real exports have rows with the wrong number of cells, ids and papers that come twice, abstracts that say that there
is none. For each of these `config.Policies` names what happens; whatever happens is a `Problem` with its place, and
the build report and the methods page count them. Rows under an "error" policy are all collected before the run
ends, so that a file is corrected once and not twenty times; `skip_invalid` leaves them out instead.

A row goes through `_Pass._record`, which keeps what later rows must be compared with; the rest of the module is one
function for each kind of problem.

Ids. An id that comes twice gets "-2", "-3", passing over ids that the file uses itself. A row without an id gets one
made from its content (first words of the title and a hash of the text), the same in whatever row it stands.

Missing. An empty cell, or one of `settings.missing` (capitals do not matter), is "" in the record; so is an abstract
that has nothing else behind a repeated title. In the label column such a cell means: no gold label.

Order. Checks of a row: its bytes, its cells, its label, title, abstract, id, text. A row that is skipped is not checked
further, and does not count as the first of two duplicates.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sitegen.config import Classes, Records
from sitegen.corpus.formats import read_rows
from sitegen.corpus.labels import label_values, unknown_labels
from sitegen.corpus.naming import SITE_TOML, Naming
from sitegen.corpus.rows import Fault, Row, Table
from sitegen.corpus.texts import normalised_title, text_hash, title_end
from sitegen.errors import RecordError

__all__ = ["KINDS", "Collection", "Problem", "Record", "normalised_title", "read_records", "text_hash"]

Action = Literal["kept", "renamed", "skipped", "replaced", "refused"]

KINDS = (
    "not utf-8",  # bytes that are not in the file's encoding
    "nul bytes",  # taken out
    "malformed row",  # quotes that do not close, or no JSON object
    "field count",  # more or fewer cells than the header
    "duplicate column",  # a header that comes twice
    "label",  # a value that means neither class
    "missing title",
    "missing abstract",
    "missing id",
    "duplicate id",
    "duplicate text",
    "abstract repeats title",  # information, counted and not listed
)
_ACTIONS: dict[str, Action] = {"keep": "kept", "skip": "skipped", "replace": "replaced", "rename": "renamed"}
_SHOWN = 20
_SLUG_WORDS = 6
_SLUG_LENGTH = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One paper as read. `abstract` and `title` are "" where missing.

    label: 1 positive, 0 negative, None without a gold label. facets: the columns that site.toml names as facets.
    metadata: every column that has no role, in file order. source, line: where the row starts; the header is line 1.
    """

    id: str
    title: str
    abstract: str
    label: int | None
    facets: Mapping[str, str]
    metadata: Mapping[str, str]
    source: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that was not as it should be, and what was done about it.

    kind: one of KINDS. source, line: the file, and where the row starts. field: the column, "" where it is none of
    them. message: the problem, remedy: what to do, both without a full stop. action: what was done.
    """

    kind: str
    source: str
    line: int
    field: str
    message: str
    remedy: str
    action: Action

    def __str__(self) -> str:
        """`content/records.csv:17: "abstract" is empty. Fill it, or pass --skip-invalid.`"""
        subject = f'"{self.field}" ' if self.field else ""
        return f"{self.source}:{self.line}: {subject}{self.message}. {self.remedy}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """The records of a file.

    records: in file order. problems: whatever was not as it should be, by line. rows: how many data rows the file has,
    the skipped ones included. repeated_titles: how many records have an abstract that begins with the title.
    """

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    rows: int
    repeated_titles: int = 0

    @property
    def has_labels(self) -> bool:
        """Whether any record has a gold label."""
        return any(record.label is not None for record in self.records)

    def counts(self) -> dict[tuple[str, str], int]:
        """{(kind, action): n}, in the order of KINDS."""
        counts: Counter[tuple[str, str]] = Counter((p.kind, p.action) for p in self.problems)
        if self.repeated_titles:
            counts["abstract repeats title", "kept"] = self.repeated_titles
        return dict(sorted(counts.items(), key=lambda item: (KINDS.index(item[0][0]), item[0][1])))


def read_records(
    settings: Records, *, classes: Classes, skip_invalid: bool = False, naming: Naming = SITE_TOML
) -> Collection:
    """Read the file that `settings.path` names; `naming` is how messages name the settings.

    Raises RecordError where the file cannot be read, lacks a column, has no records, or (unless `skip_invalid`) has
    rows under an "error" policy: the first 20 problems, and how many more there are.
    """
    return _Pass(settings, classes=classes, skip_invalid=skip_invalid, naming=naming).collection()


class _Pass:
    """One pass over one file: the records so far, and the ids, texts and labels that later rows are compared with."""

    def __init__(self, settings: Records, *, classes: Classes, skip_invalid: bool, naming: Naming) -> None:
        self._settings = settings
        self._naming = naming
        self._skip_invalid = skip_invalid
        self._shown = shown_path(settings.path)
        self._table = Table(shown=self._shown, encoding=settings.encoding, naming=naming)
        self._missing = {"", *(value.strip().casefold() for value in settings.missing)}
        self._values = label_values(settings, classes, naming=naming)
        self._labels: Counter[str] = Counter()
        self._unknown_label_at: int | None = None
        self._problems: list[Problem] = []
        self._records: list[Record] = []
        self._ids: dict[str, int] = {}
        self._texts: dict[str, int] = {}
        self._repeated = 0

    def collection(self) -> Collection:
        rows = 0
        for row in read_rows(self._settings.path, self._table):
            rows += 1
            record = self._record(row)
            if record is not None:
                self._records.append(record)
        self._check_columns()
        for fault in self._table.faults:
            self._faulty(fault, line=1)
        self._refuse_labels()
        self._raise_refused()
        if not self._records:
            raise RecordError(self._nothing_left(rows))
        self._rename()
        problems = tuple(sorted(self._problems, key=lambda problem: problem.line))
        return Collection(records=tuple(self._records), problems=problems, rows=rows, repeated_titles=self._repeated)

    def _record(self, row: Row) -> Record | None:
        """The row as a record; its id may be one that another has, or "". None where it is skipped or unreadable."""
        settings, policy = self._settings, self._settings.policy
        stays = [self._faulty(fault, line=row.line) for fault in row.faults]
        if not all(stays) or not row.cells:
            return None
        title, abstract = row.cells.get(settings.title, ""), row.cells.get(settings.abstract, "")
        title = "" if title.casefold() in self._missing else title
        end = title_end(title, abstract)
        label, keep = self._label(row)
        if keep and not title:
            keep = self._absent("title", policy.missing_title, row=row, message="is empty")
        rest = abstract[end:].strip()
        if keep and rest.casefold() in self._missing:
            message = f"is {_clipped(rest)}" if rest else "only repeats the title" if end else "is empty"
            keep = self._absent("abstract", policy.missing_abstract, row=row, message=message)
            abstract = ""
        key = row.cells.get(settings.id or "", "")
        text = text_hash(title, abstract)
        if not (keep and self._new_id(key, row.line) and self._new_text(text if title or abstract else "", row.line)):
            return None
        self._ids.setdefault(key, row.line)
        self._texts.setdefault(text, row.line)
        self._repeated += end > 0
        roles = {settings.id, settings.title, settings.abstract, settings.label, *settings.facets}
        return Record(
            id=key or f"{_slug(title)}-{text[:8]}",
            title=title,
            abstract=abstract,
            label=label,
            facets={name: row.cells.get(name, "") for name in settings.facets},
            metadata={name: cell for name, cell in row.cells.items() if name not in roles},
            source=self._shown,
            line=row.line,
        )

    def _absent(self, role: Literal["title", "abstract"], policy: str, *, row: Row, message: str) -> bool:
        """Note a missing title or abstract; return whether the row is kept."""
        field = self._settings.title if role == "title" else self._settings.abstract
        return self._note(f"missing {role}", policy, line=row.line, field=field, message=message, remedy="Fill it")

    def _label(self, row: Row) -> tuple[int | None, bool]:
        """(label, whether the row stays)."""
        column = self._settings.label
        value = row.cells.get(column or "", "")
        if column is None or value.casefold() in self._missing:
            return None, True
        self._labels[value] += 1
        label = self._values.get(value.casefold())
        if label is not None:
            return label, True
        if self._skip_invalid:
            remedy = f"Set {self._naming.both_labels}, or correct it"
            message = f"is {_clipped(value)}, which means neither class"
            self._note("label", "skip", line=row.line, field=column, message=message, remedy=remedy)
            return None, False
        self._unknown_label_at = self._unknown_label_at or row.line
        return None, True

    def _new_id(self, key: str, line: int) -> bool:
        """Whether a row is kept as far as its id is concerned (missing or repeated)."""
        column, policy = self._settings.id, self._settings.policy.duplicate_id
        if column is None:
            return True
        if not key:
            message, remedy = "is empty; an id was made from the text", "Fill it, so that the address stays the same"
            return self._note("missing id", "replace", line=line, field=column, message=message, remedy=remedy)
        if key not in self._ids or policy == "rename":
            return True
        message, remedy = self._again(key), "Give each record an id of its own"
        return self._note("duplicate id", policy, line=line, field=column, message=message, remedy=remedy)

    def _new_text(self, text: str, line: int) -> bool:
        """Whether the row stays, as far as its text goes. text: its hash, "" where title and abstract are empty."""
        if not text or text not in self._texts:
            return True
        return self._note(
            "duplicate text",
            self._settings.policy.duplicate_text,
            line=line,
            field=self._settings.title,
            message=f"and the abstract are those of line {self._texts[text]}",
            remedy="Remove one of the two",
        )

    def _rename(self) -> None:
        """Number the records that share an id, in file order, so that no new id is one that the file has already."""
        taken: set[str] = set()
        given = self._ids.keys() - {""}
        for index, record in enumerate(self._records):
            name, number = record.id, 1
            while name in taken or (name in given and self._ids[name] != record.line):
                number += 1
                name = f"{record.id}-{number}"
            taken.add(name)
            if name == record.id:
                continue
            self._records[index] = replace(record, id=name)
            if record.id in given:
                message = f'{self._again(record.id)}; this one is called "{name}"'
                remedy = "Give each record an id of its own"
                field = self._settings.id or ""
                self._note("duplicate id", "rename", line=record.line, field=field, message=message, remedy=remedy)

    def _again(self, key: str) -> str:
        return f"{_clipped(key)} is that of line {self._ids[key]}, too"

    def _faulty(self, fault: Fault, *, line: int) -> bool:
        """Note the faults of a row as such (see rows.py); return whether the row is kept."""
        match fault.kind:
            case "not utf-8":
                policy: str = self._settings.policy.not_utf8
            case "nul bytes":
                policy = "replace"
            case "duplicate column":
                policy = "rename"
            case _:
                policy = self._settings.policy.field_count
        return self._note(fault.kind, policy, line=line, field=fault.field, message=fault.message, remedy=fault.remedy)

    def _note(
        self,
        kind: str,
        policy: str,
        *,
        line: int,
        field: str,
        message: str,
        remedy: str,
    ) -> bool:
        """Add a Problem; return whether the row is kept. A refused row is, so that all of its problems are reported."""
        error: Action = "skipped" if self._skip_invalid else "refused"
        action = _ACTIONS.get(policy, error)
        if action == "refused":
            remedy += f", or pass {self._naming.skip_invalid}"
        self._problems.append(
            Problem(
                kind=kind,
                source=self._shown,
                line=line,
                field=field,
                message=message,
                remedy=remedy,
                action=action,
            )
        )
        return action != "skipped"

    def _check_columns(self) -> None:
        """RecordError where the settings name a column that the file does not have."""
        settings, columns = self._settings, list(self._table.columns)
        if not columns:
            return
        named = {"title": settings.title, "abstract": settings.abstract, "id": settings.id, "label": settings.label}
        roles = [(role, name) for role, name in named.items() if name] + [("facets", name) for name in settings.facets]
        absent = []
        for role, name in roles:
            if name not in columns:
                folded = {column.casefold(): column for column in columns}
                near = difflib.get_close_matches(name.casefold(), folded, n=1)
                hint = f' Did you mean "{folded[near[0]]}"?' if near else ""
                absent.append(f'{self._shown}:1: there is no column "{name}" ({getattr(self._naming, role)}).{hint}')
        if absent:
            listed = ", ".join(f'"{column}"' for column in columns)
            raise RecordError(
                "\n".join([*absent, f"The columns of the file are: {listed}. Correct {self._naming.place}."])
            )

    def _refuse_labels(self) -> None:
        """Add one problem for the whole label column, listing its values, instead of one for each row."""
        if self._unknown_label_at is not None:
            message, remedy = unknown_labels(self._labels, self._values, naming=self._naming)
            column = self._settings.label or ""
            self._note("label", "error", line=self._unknown_label_at, field=column, message=message, remedy=remedy)

    def _raise_refused(self) -> None:
        refused = sorted((p for p in self._problems if p.action == "refused"), key=lambda problem: problem.line)
        if not refused:
            return
        lines = [str(problem) for problem in refused[:_SHOWN]]
        if (more := len(refused) - _SHOWN) > 0:
            lines.append(f"and {more} more problems. Pass {self._naming.skip_invalid} to leave all such rows out.")
        raise RecordError("\n".join(lines))

    def _nothing_left(self, rows: int) -> str:
        if not rows:
            return f"{self._shown}: there are no records. Add a row for each under the header."
        reasons = Counter(problem.kind for problem in self._problems if problem.action == "skipped")
        counted = ", ".join(f"{kind} {n}" for kind, n in reasons.most_common())
        listed = ""
        if reasons["label"]:
            message, remedy = unknown_labels(self._labels, self._values, naming=self._naming)
            listed = f' "{self._settings.label}" {message}. {remedy}.'
        return f"{self._shown}: none of its {rows} rows is left (skipped: {counted}). Correct the file.{listed}"


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
