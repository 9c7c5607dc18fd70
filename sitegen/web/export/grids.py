"""The keys of grids.jsonl: one object a record and model, with all that a heatmap is drawn from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sitegen.analysis.attribution.occlusion import AdditiveGrid, Occlusion
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.config import Records
from sitegen.web.export.columns import ABSENT, Column, ScoredRecord, number, numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelGrid:
    """One record by one model: what a line of grids.jsonl is about."""

    id: str
    model: str
    occlusion: Occlusion
    alone: ReadAlone

    @property
    def additive(self) -> AdditiveGrid | None:
        """The grid, where title and abstract add up."""
        return self.occlusion.grid if isinstance(self.occlusion.grid, AdditiveGrid) else None


def grid_rows(scored: ScoredRecord) -> Iterator[ModelGrid]:
    """One record by every model."""
    for model, occlusion in scored.occlusions.items():
        yield ModelGrid(id=scored.record.id, model=model, occlusion=occlusion, alone=scored.alone[model])


def _if_additive(value: Callable[[AdditiveGrid], Any]) -> Callable[[ModelGrid], Any]:
    return lambda row: ABSENT if row.additive is None else value(row.additive)


OF_WORDS = ("abstract_tokens", "abstract_words", "abstract_words_alone")  # keys about the abstract's words one by one


def grid_columns(records: Records) -> tuple[Column[ModelGrid], ...]:
    """The keys of grids.jsonl, without those of the abstract's words where the site has none of them."""
    return tuple(column for column in GRIDS if column.name not in OF_WORDS or records.publish != "scores")


GRIDS: tuple[Column[ModelGrid], ...] = (
    Column(name="id", meaning="the {one}'s id", value=lambda row: row.id),
    Column(name="model", meaning="the model's name", value=lambda row: row.model),
    Column(
        name="margin",
        meaning="margin of the whole {one} in log-odds; its probability is 1 / (1 + exp(-margin))",
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
        value=lambda row: [token or None for token in row.occlusion.document.abstract.tokens],
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
        value=_if_additive(lambda grid: numbers(grid.title)),
    ),
    Column(
        name="abstract",
        meaning="additive models: abstract part of the margin after 1..A tokens",
        value=_if_additive(lambda grid: numbers(grid.abstract)),
    ),
    Column(
        name="cells",
        meaning="other models: the margins of all cells, one row per title token",
        value=lambda row: (
            ABSENT if row.additive is not None else [numbers(cells) for cells in row.occlusion.grid.margins]
        ),
    ),
    Column(
        name="title_words",
        meaning="leave-one-out effect of each title token in log-odds",
        value=lambda row: numbers(row.occlusion.title_words),
    ),
    Column(
        name="abstract_words",
        meaning="likewise for the abstract",
        value=lambda row: numbers(row.occlusion.abstract_words),
    ),
    Column(
        name="sentences",
        meaning="leave-one-out effect of each sentence in log-odds",
        value=lambda row: numbers(row.occlusion.sentences),
    ),
    Column(
        name="title_words_alone",
        meaning="margin of each title token, read alone, in log-odds",
        value=lambda row: numbers(row.alone.title_words),
    ),
    Column(
        name="abstract_words_alone",
        meaning="likewise for the abstract",
        value=lambda row: numbers(row.alone.abstract_words),
    ),
    Column(
        name="sentences_alone",
        meaning="margin of each sentence, read alone, in log-odds",
        value=lambda row: numbers(row.alone.sentences),
    ),
    Column(
        name="spans",
        meaning="for each sentence the 5% and 95% quantile of the leave-one-out effects of random stretches as long, "
        "in log-odds",
        value=lambda row: [numbers(band) for band in row.occlusion.span_bands],
    ),
)
