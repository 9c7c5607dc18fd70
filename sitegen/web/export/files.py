"""The files of the `data/` folder, each declared once: its name, what it holds, its columns, where its rows are from.

A data file is added here, as one `DataFile`; the build writes it and the dictionary describes it. A table's columns are
in a module of its own (columns.py says how). A table with rows per record is written while the record pages are, so
that no more than one record's scores are in memory; all other files come from what the first pass over the records
found.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from sitegen.web import routes
from sitegen.web.export.columns import ABSENT, Column, ScoredRecord
from sitegen.web.export.grids import grid_columns, grid_rows
from sitegen.web.export.records import record_columns
from sitegen.web.export.sentences import sentence_columns, sentence_rows
from sitegen.web.export.settings import SETTINGS, settings_json
from sitegen.web.export.units import UNITS
from sitegen.web.export.words import WORDS, word_rows
from sitegen.web.inputs import SiteInputs
from sitegen.web.pages.faithfulness.network import network_json
from sitegen.web.pages.faithfulness.page import faithfulness_json
from sitegen.web.pages.network.numbers import all_units
from sitegen.web.pages.significance.data import significance_json
from sitegen.web.publish.staging import Sink
from sitegen.web.scan import Scan
from sitegen.web.text.nouns import Nouns


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """One file of the data folder. The suffix of its name says its form: csv, jsonl (one object a line) or json.

    columns: of a table, none for a document. needs: the field of SiteInputs without which there is no such file.
    Exactly one of the others is given. of_record: a record's rows; of_corpus: the rows of a table over the whole
    corpus; document: all that a json file holds.
    """

    name: str
    meaning: str
    columns: Callable[[SiteInputs], Sequence[Column[Any]]] = lambda _inputs: ()
    needs: str = ""
    of_record: Callable[[ScoredRecord], Iterable[Any]] | None = None
    of_corpus: Callable[[SiteInputs, Scan], Iterable[Any]] | None = None
    document: Callable[[SiteInputs, Scan], Any] | None = None


FILES = (
    DataFile(
        name="records.csv",
        meaning="One row per {one}: what the source says of it and what each model says.",
        columns=lambda inputs: record_columns(inputs.site, inputs.metadata),
        of_record=lambda scored: (scored,),
    ),
    DataFile(
        name="sentences.csv",
        meaning="One row per sentence and model: its place, what it says alone, its share, and the answer without it.",
        columns=lambda inputs: sentence_columns(inputs.site.records),
        of_record=sentence_rows,
    ),
    DataFile(
        name="words.csv",
        meaning="One row per word the first model knows and the {many} use.",
        columns=lambda _inputs: WORDS,
        of_corpus=lambda _inputs, scan: word_rows(scan.words),
    ),
    DataFile(
        name="units.csv",
        meaning="One row per unit of the first model's network: what the answer loses without it, and how busy it is.",
        columns=lambda _inputs: UNITS,
        needs="network",
        of_corpus=all_units,
    ),
    DataFile(
        name="grids.jsonl",
        meaning="One JSON object per line, {one} and model: all that a heatmap is drawn from.",
        columns=lambda inputs: grid_columns(inputs.site.records),
        of_record=grid_rows,
    ),
    DataFile(
        name="significance.json",
        meaning="The test of sentences read alone and its negative controls: counts, thresholds, reasons.",
        document=lambda inputs, scan: significance_json(inputs.site, scan.verdicts),
    ),
    DataFile(
        name="faithfulness.json",
        meaning="How truthful the three measures are, for each model: every figure beside chance and best.",
        document=lambda inputs, scan: faithfulness_json(
            inputs.faithfulness,
            model=inputs.site.models[0].name,
            network=network_json(inputs, scan),
            nouns=Nouns.of(inputs.site),
        ),
    ),
    DataFile(
        name=SETTINGS,
        meaning="The settings this site was made with, the versions of the programs, and the models' files.",
        document=lambda inputs, _scan: settings_json(inputs),
    ),
)


def files_of(inputs: SiteInputs) -> tuple[DataFile, ...]:
    """Those that this site has."""
    return tuple(file for file in FILES if not file.needs or getattr(inputs, file.needs) is not None)


class TableWriter:
    """Writes the rows of one table, in the form that its name says."""

    def __init__(self, name: str, columns: Sequence[Column[Any]], out: IO[str]) -> None:
        self._columns, self._out = columns, out
        self._csv = csv.writer(out, lineterminator="\n") if PurePosixPath(name).suffix == ".csv" else None
        if self._csv:
            self._csv.writerow([column.name for column in columns])

    def add(self, rows: Iterable[Any]) -> None:
        """Write what the columns say of each of `rows`."""
        for row in rows:
            values = [column.value(row) for column in self._columns]
            if self._csv:
                self._csv.writerow(values)
                continue
            named = zip((column.name for column in self._columns), values, strict=True)
            line = {name: value for name, value in named if value is not ABSENT}
            self._out.write(json.dumps(line, separators=(",", ":")) + "\n")


@contextmanager
def record_tables(sink: Sink, inputs: SiteInputs) -> Iterator[Callable[[ScoredRecord], None]]:
    """All tables with rows per record, open to be written: gives the function that adds a record's rows to each."""
    with ExitStack() as stack:
        tables = [
            (
                file.of_record,
                TableWriter(file.name, file.columns(inputs), stack.enter_context(sink.stream(routes.data(file.name)))),
            )
            for file in files_of(inputs)
            if file.of_record
        ]

        def add(scored: ScoredRecord) -> None:
            for rows, table in tables:
                table.add(rows(scored))

        yield add


def write_corpus_files(sink: Sink, inputs: SiteInputs, scan: Scan) -> None:
    """Write the data files that say something of the corpus as a whole."""
    for file in files_of(inputs):
        if file.of_corpus:
            with sink.stream(routes.data(file.name)) as out:
                TableWriter(file.name, file.columns(inputs), out).add(file.of_corpus(inputs, scan))
        elif file.document:
            document = file.document(inputs, scan)
            sink.write(routes.data(file.name), json.dumps(document, indent=1, ensure_ascii=False) + "\n")
