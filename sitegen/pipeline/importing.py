"""Answers that a model gave elsewhere -> the file of answers that a site is built from.

Each row of a table (CSV, JSON Lines, Parquet, Excel) is the answer to one text:

    record                          the record's id
    margin, or probability          of the positive class; margin is in log-odds
    kept_title, kept_abstract       the stretches of each that the model was given, in characters: "0-41 60-80" or
                                    [[0, 41], [60, 80]]; "none" for nothing of it; empty: all of it
    hidden_title, hidden_abstract   or those that it was not given; empty: none
    title, abstract                 for texts of no record (the record's cell is empty): the text itself

A row with nothing but record and margin is the answer to the whole record, and each record needs one. A word belongs to
a stretch that has any part of it. All rows at fault are reported together.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from sitegen.analysis.attribution.depth import DEPTHS, Depth
from sitegen.config import Site
from sitegen.corpus.arrays import Array
from sitegen.corpus.excerpt import Excerpt
from sitegen.corpus.formats import read_rows
from sitegen.corpus.naming import ARGUMENTS
from sitegen.corpus.records import Record, read_records, shown_path
from sitegen.corpus.rows import Row, Table
from sitegen.corpus.segment import Document, Segmentation, SegmentedText, segment
from sitegen.errors import RecordError
from sitegen.models.adapters.contract import LEAST
from sitegen.models.adapters.scores.kind import NAME
from sitegen.models.adapters.scores.table import Answers, name_of, write_answers
from sitegen.models.source import source_of
from sitegen.pipeline.keys import neutral_of
from sitegen.pipeline.questions import NOTHING, Question, model_of, neutral_questions, questions_about
from sitegen.pipeline.scope import read_by
from sitegen.web.inputs import Reporter

KEPT = 256  # records whose words are in memory: those whose rows come one after the other
CHECKED = 200  # records that are looked at for how much of their questions is answered
SHOWN = 20  # problems that are shown
SAME = 1e-6  # log-odds: two answers to one text that differ by less are one
FIELDS = ("title", "abstract")
_SPAN = re.compile(r"(\d+)\s*[-–:]\s*(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of an import. file: where the answers are. rows: how many were read, texts: how many distinct texts
    they are about. records: how many records the model reads. answered: of each depth how many of its texts have an
    answer, and how many there are, counted over `counted` records. named: whether site.toml names the file already."""

    file: Path
    rows: int
    texts: int
    records: int
    counted: int
    answered: Mapping[Depth, tuple[int, int]]
    named: bool


def import_answers(source: Path, site: Site, *, reporter: Reporter, skip_invalid: bool = False) -> Imported:
    """Read the answers in `source` and write them where the site has them. RecordError where rows are at fault, or a
    record has no answer to its whole text; then nothing is written."""
    model = model_of(site)
    segmentation = source_of(site, model).segmentation
    collection = read_records(site.records, classes=site.classes, skip_invalid=skip_invalid)
    asked = read_by(site, model, collection.records)
    reading = _Reading(source, collection.records, segmentation, wanted={record.id for record in asked})
    margins = reading.margins(reporter)
    counted = asked[:: max(1, len(asked) // CHECKED)][:CHECKED]
    answered = _answered(counted, segmentation, margins, neutral_questions(neutral_of(site), segmentation))
    depth = max((one for one in DEPTHS if answered[one][0]), key=DEPTHS.index)
    assert model.path is not None
    write_answers(model.path, Answers(margins=margins, segmentation=segmentation, depth=depth))
    return Imported(
        file=model.path,
        rows=reading.rows,
        texts=len(margins),
        records=len(asked),
        counted=len(counted),
        answered=answered,
        named=any(one.kind == NAME for one in site.models) and "models" in site.file.read_text(encoding="utf-8-sig"),
    )


class _Reading:
    """One pass over the rows of a file of answers. wanted: the ids of the records that need one."""

    def __init__(
        self, source: Path, records: Sequence[Record], segmentation: Segmentation, *, wanted: Container[str]
    ) -> None:
        self._source, self._segmentation, self._wanted = source, segmentation, wanted
        self._records = {record.id: record for record in records}
        self._document = lru_cache(maxsize=KEPT)(self._cut)
        self._wholes: dict[str, str] = {}  # by record the name of its whole text
        self._shown = shown_path(source)
        self._problems: list[str] = []
        self._lines: dict[str, int] = {}
        self.rows = 0

    def margins(self, reporter: Reporter) -> dict[str, float]:
        """The margins by the names of their texts."""
        table = Table(shown=self._shown, encoding="utf-8", naming=ARGUMENTS)
        found: dict[str, float] = {}
        for row in read_rows(self._source, table):
            if not self.rows:
                self._check_columns(table)
            self.rows += 1
            for fault in row.faults:
                self._problem(row, fault.field, fault.message, fault.remedy)
            if not row.cells or row.faults:
                continue
            margin, question = self._margin(row), self._question(row)
            if margin is None or question is None:
                continue
            name = question.name
            if abs(found.setdefault(name, margin) - margin) > SAME:
                self._problem(row, "margin", f"is not that of line {self._lines[name]}, the same text", "Remove one")
            self._lines.setdefault(name, row.line)
            if self.rows % 10_000 == 0:
                reporter.advance("Reading the answers", self.rows, self.rows)
        if not self.rows:
            raise RecordError(f"{self._shown}: there are no answers. {table.begins}.")
        self._raise_problems()
        self._check_wholes(found)
        return found

    def _check_columns(self, table: Table) -> None:
        if not {"margin", "probability"} & set(table.columns) or not {"record", "abstract"} & set(table.columns):
            listed = ", ".join(f'"{column}"' for column in table.columns)
            raise RecordError(
                f'{self._shown}:1: needs the columns "record" and "margin" (log-odds of the positive class) or '
                f'"probability"; it has {listed}. Rename them.'
            )

    def _margin(self, row: Row) -> float | None:
        name = "margin" if row.cells.get("margin") else "probability"
        text = row.cells.get(name, "")
        try:
            value = float(text)
        except ValueError:
            self._problem(row, name, f'is "{text}", no number' if text else "is empty", "Give a number")
            return None
        if name == "margin" and math.isfinite(value):
            return value
        if name == "probability" and 0 <= value <= 1:
            bounded = min(max(value, LEAST), 1 - LEAST)
            return math.log(bounded) - math.log1p(-bounded)
        remedy = "Give log-odds that are finite" if name == "margin" else "Give a probability from 0 to 1"
        self._problem(row, name, f"is {text}", remedy)
        return None

    def _question(self, row: Row) -> Question | None:
        key = row.cells.get("record", "")
        if not key:
            whole = segment(row.cells.get("title", ""), row.cells.get("abstract", ""), self._segmentation)
            return Question(record="", title=_excerpt(whole.title), abstract=_excerpt(whole.abstract))
        if key not in self._records:
            self._problem(row, "record", f'is "{key}", and no record has this id', "Correct it")
            return None
        document = self._document(key)
        parts = [self._part(row, name, getattr(document, name)) for name in FIELDS]
        if parts[0] is None or parts[1] is None:
            return None
        return Question(record=key, title=parts[0], abstract=parts[1])

    def _part(self, row: Row, field: str, text: SegmentedText) -> Excerpt | None:
        """What is left of a field; None where the row is at fault."""
        every = np.ones(len(text.tokens), dtype=bool)
        kept_cell, hidden_cell = row.cells.get(f"kept_{field}", ""), row.cells.get(f"hidden_{field}", "")
        kept = self._covered(row, f"kept_{field}", kept_cell, text) if kept_cell else every
        hidden = self._covered(row, f"hidden_{field}", hidden_cell, text) if hidden_cell else ~every
        given = row.cells.get(field, "")
        if given and not (kept_cell or hidden_cell) and given.split() != text.text.split():
            self._problem(row, field, "is not the record's, and nothing says what of it was left", f"Add kept_{field}")
            return None
        return None if kept is None or hidden is None else _excerpt(text, kept & ~hidden)

    def _covered(self, row: Row, column: str, cell: str, text: SegmentedText) -> Array | None:
        """Which words stretches of the text touch; None where they are none."""
        if cell.strip().casefold() == NOTHING:
            return np.zeros(len(text.tokens), dtype=bool)
        spans = _spans(cell)
        if spans is None:
            self._problem(row, column, f'is "{cell[:60]}"', 'Write stretches in characters, "0-41 60-80", or "none"')
            return None
        covered = np.zeros(len(text.tokens), dtype=bool)
        for start, end in spans:
            if not 0 <= start < end <= len(text.text):
                message = f"has the stretch {start}-{end}, and the text has {len(text.text)} characters"
                self._problem(row, column, message, "Count characters from 0, the end not included")
                return None
            covered |= (text.spans[:, 0] < end) & (text.spans[:, 1] > start)
        return covered

    def _cut(self, key: str) -> Document:
        record = self._records[key]
        document = segment(record.title, record.abstract, self._segmentation)
        self._wholes[key] = name_of(_excerpt(document.title), _excerpt(document.abstract))
        return document

    def _has_whole(self, key: str, found: Mapping[str, float]) -> bool:
        """Whether the whole text of a record has an answer."""
        if key not in self._wholes:  # no row is about it, but one may be about another record of the same text
            self._cut(key)
        return self._wholes[key] in found

    def _problem(self, row: Row, field: str, message: str, remedy: str) -> None:
        self._problems.append(f'{self._shown}:{row.line}: "{field}" {message}. {remedy}.')

    def _raise_problems(self) -> None:
        if self._problems:
            more = len(self._problems) - SHOWN
            rest = [f"... and {more:,} more of this file."] if more > 0 else []
            raise RecordError("\n".join([*self._problems[:SHOWN], *rest, "Nothing was imported."]))

    def _check_wholes(self, found: Mapping[str, float]) -> None:
        """RecordError where the whole text of a record has no answer."""
        lacking = [key for key in self._records if key in self._wanted and not self._has_whole(key, found)]
        if lacking:
            named = ", ".join(f'"{key}"' for key in lacking[:5])
            more = f" and {len(lacking) - 5:,} more" if len(lacking) > 5 else ""
            raise RecordError(
                f"{self._shown}: has no answer to the whole text of {len(lacking):,} of {len(self._records):,} records "
                f"({named}{more}). Add a row with record and margin alone for each, or leave these records out. "
                f"Nothing was imported."
            )


def _excerpt(text: SegmentedText, kept: Array | None = None) -> Excerpt:
    return Excerpt(text, text.tokens, kept=np.ones(len(text.tokens), dtype=bool) if kept is None else kept)


def _spans(cell: str) -> list[tuple[int, int]] | None:
    """Stretches, as a table or as JSON has them; None where it is neither."""
    if cell.lstrip().startswith("["):
        try:
            return [(int(start), int(end)) for start, end in json.loads(cell)]
        except (ValueError, TypeError, OverflowError):
            return None
    found = _SPAN.findall(cell)
    rest = _SPAN.sub("", cell)
    return [(int(start), int(end)) for start, end in found] if found and not rest.strip(" ,;") else None


def _answered(
    records: Sequence[Record], segmentation: Segmentation, margins: Mapping[str, float], neutral: Sequence[Question]
) -> dict[Depth, tuple[int, int]]:
    """Of each depth how many of its texts have an answer, and how many there are."""
    found = dict.fromkeys(DEPTHS, (0, 0))

    def count(depth: Depth, names: set[str]) -> None:
        known, every = found[depth]
        found[depth] = known + len(names & margins.keys()), every + len(names)

    for record in records:
        before = set[str]()
        for depth in DEPTHS:
            names = {question.name for question in questions_about(record, segmentation, depth=depth)}
            count(depth, names - before)
            before |= names
    count("alone", {question.name for question in neutral})
    return found
