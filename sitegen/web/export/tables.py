"""The `data/` folder: everything the pages show, as files a program can read, with a dictionary of every column.

The columns are declared once, here; the writers and the dictionary page both read the declaration. Numbers are written
with as many digits as float32 needs to be read back as it was. Text is exact: a cell that begins with `=` is a title
that begins with `=`. A column of the source whose name is taken here (many sources have a `page`) is called
`page (source)`, so that no name comes twice.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any, ClassVar

import numpy as np

from sitegen.analysis.attribution.occlusion import AdditiveGrid, Occlusion, predicted
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.analysis.corpus.influence import WordInfluence
from sitegen.analysis.corpus.near_duplicates import Repeats
from sitegen.analysis.significance.evidence import Status
from sitegen.config import Site
from sitegen.corpus.records import Record
from sitegen.web.layout import Frame, Page
from sitegen.web.sentence_verdicts import Verdicts
from sitegen.web.summary import RecordSummary
from sitegen.web.text.numbers import megabytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column (or key) of a data file, and what it holds."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """One file of the data folder as its dictionary shows it."""

    name: str
    href: str
    size: str
    meaning: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPage(Page):
    """The data dictionary."""

    template: ClassVar[str] = "data.html"
    files: tuple[DataFile, ...]


def _columns(**meanings: str) -> tuple[Column, ...]:
    return tuple(Column(name=name, meaning=meaning) for name, meaning in meanings.items())


SENTENCES = _columns(
    id="the record's id",
    model="the model's name",
    sentence="the sentence's number in the abstract, from 1",
    start="where it begins in the abstract, in characters (Unicode code points) from 0",
    end="where it ends: the first character after it",
    text="the sentence as written",
    effect="leave-one-out effect in log-odds: margin of the whole record minus margin without the sentence",
    change="the same in probability: p(whole) - p(without)",
    noise_low="5% quantile of the effects of random stretches of the abstract as long as the sentence, in log-odds",
    noise_high="95% quantile of the same",
    shapley="Shapley value of the sentence in log-odds; this and all that follows for the first model only",
    shapley_error="its standard error; 0 where it was computed exactly",
    shapley_change="what taking the value off the whole record's margin does to its probability",
    status="what the test of significance says: " + ", ".join(status.name.lower() for status in Status),
    p="p-value against the other class's sentences; empty where the sentence is not judged",
    q="the same over all sentences, by Benjamini and Hochberg; empty where the corpus is too small",
    mean="mean effect over the checkpoints of an ensemble, in log-odds; empty without one",
    low="lower end of its 95% interval",
    high="upper end of the same",
    agreement="share of the checkpoints whose effect has the mean's sign",
    stable="1 where the interval excludes 0 and the mean is large enough to matter, else 0",
    group="number of its group of near-duplicate sentences, over the corpus; empty if it is like no other",
)
WORDS = _columns(
    word="the token as the model reads it, lower-cased",
    mean="mean leave-one-out effect of its occurrences in log-odds, first model",
    deviation="standard deviation of these effects",
    occurrences="how often it occurs in titles and abstracts",
    records="in how many records it occurs",
)
GRIDS = _columns(
    id="the record's id",
    model="the model's name",
    margin="margin of the whole record in log-odds; its probability is 1 / (1 + exp(-margin))",
    bias="additive models: what the margin holds beside title and abstract",
    title_tokens="the title's tokens, lower-cased, in order (T)",
    abstract_tokens="the abstract's tokens (A)",
    title_known="1 where the model's vocabulary has the token, else 0 (the model skips it)",
    abstract_known="likewise for the abstract",
    sentence_ends="how many abstract tokens have been read at the end of each sentence",
    title="additive models: title part of the margin after 1..T tokens; cell [i, j] = title[i] + abstract[j] + bias",
    abstract="additive models: abstract part of the margin after 1..A tokens",
    cells="other models: the margins of all cells, one row per title token",
    title_words="leave-one-out effect of each title token in log-odds",
    abstract_words="likewise for the abstract",
    sentences="leave-one-out effect of each sentence in log-odds",
    noise="for each sentence the 5% and 95% quantile of the effects of random stretches as long, in log-odds",
)


FILES = ("records.csv", "sentences.csv", "words.csv", "grids.jsonl", "significance.json", "faithfulness.json")


def record_columns(site: Site, metadata: Iterable[str]) -> tuple[Column, ...]:
    """The columns of records.csv: the source's own, then each model's answer."""
    own = _columns(id="the record's id", title="its title", abstract="its abstract, empty where it has none")
    label = Column(name="label", meaning="gold label; empty where the source has none")
    answers = []
    for model in site.models:
        answers += [
            Column(name=f"{model.name}: margin", meaning="margin of the whole record in log-odds"),
            Column(name=f"{model.name}: probability", meaning=f"probability of “{site.classes.positive}”"),
            Column(
                name=f"{model.name}: predicted",
                meaning=f"the class predicted: “{site.classes.positive}” from {site.classes.threshold} on",
            ),
        ]
    page = Column(name="page", meaning="the record's page within the site")
    taken = {column.name for column in (*own, label, *answers, page)}
    facets = [_source(name, "facet, as in the source", taken) for name in site.records.facets]
    extra = [_source(name, "as in the source", taken) for name in metadata]
    return (*own, label, *facets, *extra, *answers, page)


def _source(name: str, meaning: str, taken: set[str]) -> Column:
    """A column of the source under a name that is not in `taken`, to which it is added."""
    while name in taken:
        name += " (source)"
    taken.add(name)
    return Column(name=name, meaning=meaning)


class RecordWriters:
    """Writes records.csv and grids.jsonl record by record."""

    def __init__(self, site: Site, *, metadata: tuple[str, ...], records: IO[str], grids: IO[str]):
        self._site, self._metadata = site, metadata
        self._records = csv.writer(records, lineterminator="\n")
        self._grids = grids
        self._records.writerow([column.name for column in record_columns(site, metadata)])

    def add(self, summary: RecordSummary, occlusions: Mapping[str, Occlusion]) -> None:
        """Write one record; `occlusions` by model name, in the site's order of models."""
        record, names = summary.record, self._site.classes.names
        answers: list[Any] = []
        for model, occlusion in occlusions.items():
            answer = names[predicted(occlusion.margin, self._site.classes.threshold)]
            answers += [number(occlusion.margin), number(occlusion.probability), answer]
            self._grids.write(json.dumps(_grid(record.id, model, occlusion), separators=(",", ":")) + "\n")
        label = "" if record.label is None else names[record.label]
        facets = [record.facets.get(name, "") for name in self._site.records.facets]
        metadata = [record.metadata.get(name, "") for name in self._metadata]
        own = [record.id, record.title, record.abstract, label]
        self._records.writerow([*own, *facets, *metadata, *answers, summary.page])


class SentenceWriter:
    """Writes sentences.csv record by record."""

    def __init__(self, sentences: IO[str], *, verdicts: Verdicts, repeats: Repeats):
        self._verdicts, self._repeats = verdicts, repeats
        self._sentences = csv.writer(sentences, lineterminator="\n")
        self._sentences.writerow([column.name for column in SENTENCES])

    def add(self, k: int, record: Record, occlusions: Mapping[str, Occlusion], shapley: Shapley | None) -> None:
        """Write the sentences of record k, by every model; the first one's with what is known of them besides."""
        first = int(self._verdicts.first[k])
        for shown, (model, occlusion) in enumerate(occlusions.items()):
            changes = occlusion.change(occlusion.sentences).tolist()
            for i, (start, end) in enumerate(occlusion.document.abstract.sentence_spans.tolist()):
                known = [record.id, model, i + 1, start, end, record.abstract[start:end]]
                numbers = [occlusion.sentences[i], changes[i], *occlusion.span_bands[i]]
                more = self._more(first + i, i, occlusion, shapley) if shown == 0 else [""] * (len(SENTENCES) - 10)
                self._sentences.writerow([*known, *map(number, numbers), *more])

    def _more(self, row: int, i: int, occlusion: Occlusion, shapley: Shapley | None) -> list[Any]:
        """The columns from `shapley` on."""
        found, across = self._verdicts.significance, self._verdicts.stability
        shared: list[Any] = [""] * 3
        if shapley is not None:
            change = occlusion.change(shapley.values)[i]
            shared = [number(value) for value in (shapley.values[i], shapley.errors[i], change)]
        status = Status(int(found.status[row])).name.lower()
        levels = ["" if np.isnan(level) else float(f"{level:.6g}") for level in (found.p[row], found.q[row])]
        stable: list[Any] = [""] * 5
        if across is not None:
            values = (across.mean, across.low, across.high, across.agreement)
            stable = [*(number(value[row]) for value in values), int(across.stable[row])]
        group = int(self._repeats.group[row])
        return [*shared, status, *levels, *stable, group if self._repeats.size[group] > 1 else ""]


def write_words(out: IO[str], words: Iterable[WordInfluence]) -> None:
    """Write words.csv."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in WORDS])
    for word in words:
        writer.writerow([word.word, number(word.mean), number(word.deviation), word.occurrences, word.records])


def number(value: Any) -> float:
    """A number with the fewest digits that give the same float32 when read."""
    return float(str(np.float32(value)))


def _numbers(values: np.ndarray[Any, Any]) -> list[float]:
    return [number(value) for value in values.ravel().tolist()]


def _grid(record: str, model: str, occlusion: Occlusion) -> dict[str, Any]:
    document, grid = occlusion.document, occlusion.grid
    parts: dict[str, Any]
    if isinstance(grid, AdditiveGrid):
        parts = {"bias": number(grid.bias), "title": _numbers(grid.title), "abstract": _numbers(grid.abstract)}
    else:
        parts = {"cells": [_numbers(row) for row in grid.margins]}
    return {
        "id": record,
        "model": model,
        "margin": number(occlusion.margin),
        "title_tokens": document.title.tokens,
        "abstract_tokens": document.abstract.tokens,
        "title_known": occlusion.title_known.astype(int).tolist(),
        "abstract_known": occlusion.abstract_known.astype(int).tolist(),
        "sentence_ends": document.abstract.sentence_ends.tolist(),
        **parts,
        "title_words": _numbers(occlusion.title_words),
        "abstract_words": _numbers(occlusion.abstract_words),
        "sentences": _numbers(occlusion.sentences),
        "noise": [_numbers(band) for band in occlusion.span_bands],
    }


def data_page(site: Site, frame: Frame, *, metadata: tuple[str, ...], sizes: Mapping[str, int]) -> DataPage:
    """The dictionary; `sizes` gives each file's bytes."""
    files = (
        ("records.csv", "One row per paper: what the source says of it and what each model says.", None),
        ("sentences.csv", "One row per sentence and model: where it stands and what its removal does.", SENTENCES),
        ("words.csv", "One row per word the first model knows and the papers use.", WORDS),
        ("grids.jsonl", "One JSON object per line, paper and model: all that a heatmap is drawn from.", GRIDS),
        ("significance.json", "The test of how big a change must be: counts, pools, thresholds, refusals.", ()),
        ("faithfulness.json", "How truthful the effects are, for each model: every figure beside chance and best.", ()),
    )
    return DataPage(
        frame=frame,
        files=tuple(
            DataFile(
                name=name,
                href=frame.to(f"data/{name}"),
                size=megabytes(sizes[name]),
                meaning=meaning,
                columns=record_columns(site, metadata) if columns is None else columns,
            )
            for name, meaning, columns in files
        ),
    )
