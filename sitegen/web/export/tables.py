"""What stands in the tables of the `data/` folder: every column with its meaning and the function that gives its value.

A column is added here, in one line: the writer (files.py) and the dictionary (pages/data.py) both read the declaration.
Numbers are written with as many digits as float32 needs to be read back as it was. Text is exact: a cell that begins
with `=` is a title that begins with `=`. A column of the source whose name is taken here (many sources have a `page`)
is called `page (source)`, so that no name comes twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from sitegen.analysis.attribution.occlusion import AdditiveGrid, Occlusion
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.analysis.corpus.influence import WordInfluence
from sitegen.analysis.corpus.near_duplicates import Repeats
from sitegen.analysis.significance.evidence import Status
from sitegen.config import Site
from sitegen.corpus.records import Record
from sitegen.web.sentence_verdicts import Verdicts
from sitegen.web.summary import RecordSummary

Row = TypeVar("Row")
ABSENT = object()  # the value of a key that an object of a JSON file lacks


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """One column (or key) of a data file: what it holds, and how its value follows from what the row is about."""

    name: str
    meaning: str
    value: Callable[[Row], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredRecord:
    """All that is known of one record when its rows are written."""

    number: int  # of the record within the corpus, from 0
    summary: RecordSummary
    occlusions: Mapping[str, Occlusion]  # by model name, in the site's order of models
    shapley: Shapley | None  # the first model's, of the sentences of the abstract
    verdicts: Verdicts
    repeats: Repeats

    @property
    def record(self) -> Record:
        """The record as read."""
        return self.summary.record


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelGrid:
    """One record by one model: what a line of grids.jsonl is about."""

    id: str
    model: str
    occlusion: Occlusion

    @property
    def additive(self) -> AdditiveGrid | None:
        """The grid, where title and abstract add up."""
        return self.occlusion.grid if isinstance(self.occlusion.grid, AdditiveGrid) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSentence:
    """One sentence by one model: what a row of sentences.csv is about."""

    scored: ScoredRecord
    model: str
    occlusion: Occlusion
    number: int  # of the sentence in its abstract, from 0
    first: bool  # whether the model is the site's first, of which more is known
    changes: list[float]  # the effects of all sentences of the record, in probability

    @property
    def span(self) -> tuple[int, int]:
        """Where it begins and ends in the abstract."""
        start, end = self.occlusion.document.abstract.sentence_spans[self.number].tolist()
        return start, end

    @property
    def text(self) -> str:
        """The sentence as written."""
        start, end = self.span
        return self.scored.record.abstract[start:end]

    @property
    def row(self) -> int:
        """The sentence's number over the corpus, from 0."""
        return int(self.scored.verdicts.first[self.scored.number]) + self.number


def number(value: Any) -> float:
    """A number with the fewest digits that give the same float32 when read."""
    return float(str(np.float32(value)))


def _numbers(values: np.ndarray[Any, Any]) -> list[float]:
    return [number(value) for value in values.ravel().tolist()]


# --- records.csv ---


def record_columns(site: Site, metadata: Iterable[str]) -> tuple[Column[ScoredRecord], ...]:
    """The columns of records.csv: the source's own, then each model's answer. metadata: names of the source's columns
    that site.toml does not name."""
    names = site.classes.names
    own: tuple[Column[ScoredRecord], ...] = (
        Column(name="id", meaning="the record's id", value=lambda row: row.record.id),
        Column(name="title", meaning="its title", value=lambda row: row.record.title),
        Column(name="abstract", meaning="its abstract, empty where it has none", value=lambda row: row.record.abstract),
        Column(
            name="label",
            meaning="gold label; empty where the source has none",
            value=lambda row: "" if row.record.label is None else names[row.record.label],
        ),
    )
    answers = [column for model in site.models for column in _answer(site, model.name)]
    page: Column[ScoredRecord] = Column(
        name="page", meaning="the record's page within the site", value=lambda row: row.summary.page
    )
    taken = {column.name for column in (*own, *answers, page)}
    facets = [_facet(name, taken) for name in site.records.facets]
    extra = [_metadata(name, taken) for name in metadata]
    return (*own, *facets, *extra, *answers, page)


def _answer(site: Site, model: str) -> Iterator[Column[ScoredRecord]]:
    """What one model says of a record."""
    classes = site.classes
    yield Column(
        name=f"{model}: margin",
        meaning="margin of the whole record in log-odds",
        value=lambda row: number(row.occlusions[model].margin),
    )
    yield Column(
        name=f"{model}: probability",
        meaning=f"probability of “{classes.positive}”",
        value=lambda row: number(row.occlusions[model].probability),
    )
    yield Column(
        name=f"{model}: predicted",
        meaning=f"the class predicted: “{classes.positive}” from {classes.threshold} on",
        value=lambda row: classes.names[row.occlusions[model].probability >= classes.threshold],
    )


def _facet(name: str, taken: set[str]) -> Column[ScoredRecord]:
    return Column(
        name=_free(name, taken), meaning="facet, as in the source", value=lambda row: row.record.facets.get(name, "")
    )


def _metadata(name: str, taken: set[str]) -> Column[ScoredRecord]:
    return Column(
        name=_free(name, taken), meaning="as in the source", value=lambda row: row.record.metadata.get(name, "")
    )


def _free(name: str, taken: set[str]) -> str:
    """A name for a column of the source that is not in `taken`, to which it is added."""
    while name in taken:
        name += " (source)"
    taken.add(name)
    return name


# --- sentences.csv ---


def sentence_rows(scored: ScoredRecord) -> Iterator[ModelSentence]:
    """The sentences of a record by every model, the first model's first."""
    for place, (model, occlusion) in enumerate(scored.occlusions.items()):
        changes = occlusion.change(occlusion.sentences).tolist()
        for k in range(len(changes)):
            yield ModelSentence(
                scored=scored, model=model, occlusion=occlusion, number=k, first=place == 0, changes=changes
            )


def _of_first(value: Callable[[ModelSentence], Any]) -> Callable[[ModelSentence], Any]:
    """What is known of the first model alone; empty for the others."""
    return lambda row: value(row) if row.first else ""


def _share(value: Callable[[ModelSentence, Shapley], Any]) -> Callable[[ModelSentence], Any]:
    """A number about the sentence's Shapley value; empty where there is none."""
    return _of_first(lambda row: "" if row.scored.shapley is None else number(value(row, row.scored.shapley)))


def _level(name: str) -> Callable[[ModelSentence], Any]:
    """A p-value or a q-value of the test; empty where the sentence has none."""

    def value(row: ModelSentence) -> Any:
        level = getattr(row.scored.verdicts.significance, name)[row.row]
        return "" if np.isnan(level) else float(f"{level:.6g}")

    return _of_first(value)


def _over_checkpoints(name: str, written: Callable[[Any], Any] = number) -> Callable[[ModelSentence], Any]:
    """A number over the checkpoints of an ensemble; empty without one."""

    def value(row: ModelSentence) -> Any:
        stability = row.scored.verdicts.stability
        return "" if stability is None else written(getattr(stability, name)[row.row])

    return _of_first(value)


def _group(row: ModelSentence) -> Any:
    group = int(row.scored.repeats.group[row.row])
    return group if row.scored.repeats.size[group] > 1 else ""


SENTENCES: tuple[Column[ModelSentence], ...] = (
    Column(name="id", meaning="the record's id", value=lambda row: row.scored.record.id),
    Column(name="model", meaning="the model's name", value=lambda row: row.model),
    Column(name="sentence", meaning="the sentence's number in the abstract, from 1", value=lambda row: row.number + 1),
    Column(
        name="start",
        meaning="where it begins in the abstract, in characters (Unicode code points) from 0",
        value=lambda row: row.span[0],
    ),
    Column(name="end", meaning="where it ends: the first character after it", value=lambda row: row.span[1]),
    Column(name="text", meaning="the sentence as written", value=lambda row: row.text),
    Column(
        name="effect",
        meaning="leave-one-out effect in log-odds: margin of the whole record minus margin without the sentence",
        value=lambda row: number(row.occlusion.sentences[row.number]),
    ),
    Column(
        name="change",
        meaning="the same in probability: p(whole) - p(without)",
        value=lambda row: number(row.changes[row.number]),
    ),
    Column(
        name="noise_low",
        meaning="5% quantile of the effects of random stretches of the abstract as long as the sentence, in log-odds",
        value=lambda row: number(row.occlusion.noise[row.number][0]),
    ),
    Column(
        name="noise_high",
        meaning="95% quantile of the same",
        value=lambda row: number(row.occlusion.noise[row.number][1]),
    ),
    Column(
        name="shapley",
        meaning="Shapley value of the sentence in log-odds; this and all that follows for the first model only",
        value=_share(lambda row, shapley: shapley.values[row.number]),
    ),
    Column(
        name="shapley_error",
        meaning="its standard error; 0 where it was computed exactly",
        value=_share(lambda row, shapley: shapley.errors[row.number]),
    ),
    Column(
        name="shapley_change",
        meaning="what taking the value off the whole record's margin does to its probability",
        value=_share(lambda row, shapley: row.occlusion.change(shapley.values)[row.number]),
    ),
    Column(
        name="status",
        meaning="what the test of significance says: " + ", ".join(status.name.lower() for status in Status),
        value=_of_first(lambda row: Status(int(row.scored.verdicts.significance.status[row.row])).name.lower()),
    ),
    Column(
        name="p",
        meaning="p-value against the other class's sentences; empty where the sentence is not judged",
        value=_level("p"),
    ),
    Column(
        name="q",
        meaning="the same over all sentences, by Benjamini and Hochberg; empty where the corpus is too small",
        value=_level("q"),
    ),
    Column(
        name="mean",
        meaning="mean effect over the checkpoints of an ensemble, in log-odds; empty without one",
        value=_over_checkpoints("mean"),
    ),
    Column(name="low", meaning="lower end of its 95% interval", value=_over_checkpoints("low")),
    Column(name="high", meaning="upper end of the same", value=_over_checkpoints("high")),
    Column(
        name="agreement",
        meaning="share of the checkpoints whose effect has the mean's sign",
        value=_over_checkpoints("agreement"),
    ),
    Column(
        name="stable",
        meaning="1 where the interval excludes 0 and the mean is large enough to matter, else 0",
        value=_over_checkpoints("stable", int),
    ),
    Column(
        name="group",
        meaning="number of its group of near-duplicate sentences, over the corpus; empty if it is like no other",
        value=_of_first(_group),
    ),
)


# --- words.csv ---

WORDS: tuple[Column[WordInfluence], ...] = (
    Column(name="word", meaning="the token as the model reads it, lower-cased", value=lambda row: row.word),
    Column(
        name="mean",
        meaning="mean leave-one-out effect of its occurrences in log-odds, first model",
        value=lambda row: number(row.mean),
    ),
    Column(name="deviation", meaning="standard deviation of these effects", value=lambda row: number(row.deviation)),
    Column(
        name="occurrences", meaning="how often it occurs in titles and abstracts", value=lambda row: row.occurrences
    ),
    Column(name="records", meaning="in how many records it occurs", value=lambda row: row.records),
)


# --- grids.jsonl ---


def grid_rows(scored: ScoredRecord) -> Iterator[ModelGrid]:
    """One record by every model."""
    for model, occlusion in scored.occlusions.items():
        yield ModelGrid(id=scored.record.id, model=model, occlusion=occlusion)


def _if_additive(value: Callable[[AdditiveGrid], Any]) -> Callable[[ModelGrid], Any]:
    return lambda row: ABSENT if row.additive is None else value(row.additive)


GRIDS: tuple[Column[ModelGrid], ...] = (
    Column(name="id", meaning="the record's id", value=lambda row: row.id),
    Column(name="model", meaning="the model's name", value=lambda row: row.model),
    Column(
        name="margin",
        meaning="margin of the whole record in log-odds; its probability is 1 / (1 + exp(-margin))",
        value=lambda row: number(row.occlusion.margin),
    ),
    Column(
        name="title_tokens",
        meaning="the title's tokens, lower-cased, in order (T)",
        value=lambda row: row.occlusion.document.title.tokens,
    ),
    Column(
        name="abstract_tokens",
        meaning="the abstract's tokens (A)",
        value=lambda row: row.occlusion.document.abstract.tokens,
    ),
    Column(
        name="title_known",
        meaning="1 where the model's vocabulary has the token, else 0 (the model skips it)",
        value=lambda row: row.occlusion.title_known.astype(int).tolist(),
    ),
    Column(
        name="abstract_known",
        meaning="likewise for the abstract",
        value=lambda row: row.occlusion.abstract_known.astype(int).tolist(),
    ),
    Column(
        name="sentence_ends",
        meaning="how many abstract tokens have been read at the end of each sentence",
        value=lambda row: row.occlusion.document.abstract.sentence_ends.tolist(),
    ),
    Column(
        name="bias",
        meaning="additive models: what the margin holds beside title and abstract",
        value=_if_additive(lambda grid: number(grid.bias)),
    ),
    Column(
        name="title",
        meaning="additive models: title part of the margin after 1..T tokens; "
        "cell [i, j] = title[i] + abstract[j] + bias",
        value=_if_additive(lambda grid: _numbers(grid.title)),
    ),
    Column(
        name="abstract",
        meaning="additive models: abstract part of the margin after 1..A tokens",
        value=_if_additive(lambda grid: _numbers(grid.abstract)),
    ),
    Column(
        name="cells",
        meaning="other models: the margins of all cells, one row per title token",
        value=lambda row: (
            ABSENT if row.additive is not None else [_numbers(cells) for cells in row.occlusion.grid.margins]
        ),
    ),
    Column(
        name="title_words",
        meaning="leave-one-out effect of each title token in log-odds",
        value=lambda row: _numbers(row.occlusion.title_words),
    ),
    Column(
        name="abstract_words",
        meaning="likewise for the abstract",
        value=lambda row: _numbers(row.occlusion.abstract_words),
    ),
    Column(
        name="sentences",
        meaning="leave-one-out effect of each sentence in log-odds",
        value=lambda row: _numbers(row.occlusion.sentences),
    ),
    Column(
        name="noise",
        meaning="for each sentence the 5% and 95% quantile of the effects of random stretches as long, in log-odds",
        value=lambda row: [_numbers(band) for band in row.occlusion.noise],
    ),
)
