"""The columns of sentences.csv: one row a sentence and model. To add a column, add it to SENTENCES."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.analysis.significance.evidence import Mark, Why
from sitegen.config import Records
from sitegen.web.export.columns import Column, ScoredRecord, number
from sitegen.web.release import excerpt_of, places
from sitegen.web.sentence_verdicts import Verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSentence:
    """One sentence by one model: what a row of sentences.csv is about."""

    scored: ScoredRecord
    model: str
    occlusion: Occlusion
    number: int  # of the sentence in its abstract, from 0
    first: bool  # whether the model is the site's first
    changes: list[float]  # the effects of all sentences of the record, in probability

    @property
    def span(self) -> tuple[int, int]:
        """Where it begins and ends in the abstract as it was read."""
        start, end = places(self.occlusion.document.abstract)[self.number].tolist()
        return start, end

    @property
    def text(self) -> str:
        """The sentence as written, or what is published of it."""
        return excerpt_of(self.occlusion.document.abstract, self.number)

    @property
    def alone(self) -> float:
        """Its margin when it is read alone."""
        return float(self.scored.alone[self.model].sentences[self.number])

    @property
    def shares(self) -> Shapley | None:
        """The shares of all sentences of the record; None where they were not computed."""
        return self.scored.shares[self.model]

    @property
    def verdicts(self) -> Verdicts:
        """The test over all sentences by this model."""
        return self.scored.verdicts[self.model]

    @property
    def row(self) -> int:
        """The sentence's number over all that this model reads, from 0."""
        return int(self.verdicts.first[self.scored.number]) + self.number


def sentence_rows(scored: ScoredRecord) -> Iterator[ModelSentence]:
    """The sentences of a record by every model, the first model's first."""
    for place, (model, occlusion) in enumerate(scored.occlusions.items()):
        changes = occlusion.change(occlusion.sentences).tolist()
        for k in range(len(changes)):
            yield ModelSentence(
                scored=scored, model=model, occlusion=occlusion, number=k, first=place == 0, changes=changes
            )


def _share(value: Callable[[ModelSentence, Shapley], Any]) -> Callable[[ModelSentence], Any]:
    """A number about the sentence's Shapley value; empty where there is none."""
    return lambda row: "" if row.shares is None else number(value(row, row.shares))


def _level(name: str) -> Callable[[ModelSentence], Any]:
    """A p-value or a q-value of the test; empty where the sentence has none."""

    def value(row: ModelSentence) -> Any:
        level = getattr(row.verdicts.significance, name)[row.row]
        return "" if np.isnan(level) else float(f"{level:.6g}")

    return value


def _reason(row: ModelSentence) -> str:
    """Why the sentence has no q; empty where it has one."""
    why = Why(int(row.verdicts.significance.why[row.row]))
    return "" if why is Why.JUDGED else why.name.lower()


def _over_checkpoints(name: str, written: Callable[[Any], Any] = number) -> Callable[[ModelSentence], Any]:
    """A number over the checkpoints of an ensemble; empty without one."""

    def value(row: ModelSentence) -> Any:
        stability = row.verdicts.stability
        return "" if stability is None else written(getattr(stability, name)[row.row])

    return value


def _group(row: ModelSentence) -> Any:
    """The group of near-duplicates, which is looked for once, among the sentences of the site's first model."""
    if not row.first:
        return ""
    group = int(row.scored.repeats.group[row.row])
    return group if row.scored.repeats.size[group] > 1 else ""


def sentence_columns(records: Records) -> tuple[Column[ModelSentence], ...]:
    """The columns of sentences.csv, without the sentences themselves where the site has none of them."""
    return tuple(column for column in SENTENCES if column.name != "text" or records.publish != "scores")


SENTENCES: tuple[Column[ModelSentence], ...] = (
    Column(name="id", meaning="the {one}'s id", value=lambda row: row.scored.record.id),
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
        name="alone",
        meaning="read alone: margin of the sentence by itself, the title empty, in log-odds",
        value=lambda row: number(row.alone),
    ),
    Column(
        name="alone_probability",
        meaning="the same as a probability of the positive class",
        value=lambda row: number(probability(row.alone)),
    ),
    Column(
        name="share",
        meaning="Shapley value of the sentence in log-odds; empty where shares were not computed",
        value=_share(lambda row, shapley: shapley.values[row.number]),
    ),
    Column(
        name="share_error",
        meaning="its standard error; 0 where it was computed exactly",
        value=_share(lambda row, shapley: shapley.errors[row.number]),
    ),
    Column(
        name="share_change",
        meaning="Shapley value of the probability over the same subsets of sentences; those of {a} add up to what "
        "its abstract changes",
        value=_share(lambda row, shapley: shapley.points[row.number]),
    ),
    Column(
        name="leave_one_out",
        meaning="margin of the whole {one} minus margin without the sentence, in log-odds",
        value=lambda row: number(row.occlusion.sentences[row.number]),
    ),
    Column(
        name="leave_one_out_change",
        meaning="the same in probability: p(whole) - p(without)",
        value=lambda row: number(row.changes[row.number]),
    ),
    Column(
        name="without",
        meaning="p(without): the probability of the positive class without the sentence",
        value=lambda row: number(probability(row.occlusion.margin - float(row.occlusion.sentences[row.number]))),
    ),
    Column(
        name="span_low",
        meaning="5% quantile of the leave-one-out effects of random stretches of the abstract as long as the sentence, "
        "in log-odds",
        value=lambda row: number(row.occlusion.span_bands[row.number][0]),
    ),
    Column(
        name="span_high",
        meaning="95% quantile of the same",
        value=lambda row: number(row.occlusion.span_bands[row.number][1]),
    ),
    Column(
        name="mark",
        meaning="what the test says of the sentence read alone: " + ", ".join(mark.name.lower() for mark in Mark),
        value=lambda row: Mark(int(row.verdicts.significance.mark[row.row])).name.lower(),
    ),
    Column(
        name="reason",
        meaning="why it has no q: " + ", ".join(why.name.lower() for why in Why if why is not Why.JUDGED),
        value=_reason,
    ),
    Column(
        name="p",
        meaning="p-value against the sentences of the other class's {many} than the one it speaks for, its own {one}'s "
        "left out; empty where there are none",
        value=_level("p"),
    ),
    Column(
        name="q",
        meaning="q-value over the sentences of its class, by Benjamini and Hochberg; empty where none is given",
        value=_level("q"),
    ),
    Column(
        name="mean",
        meaning="mean share over the checkpoints of an ensemble, in log-odds; empty without one",
        value=_over_checkpoints("mean"),
    ),
    Column(name="low", meaning="lower end of its 95% interval", value=_over_checkpoints("low")),
    Column(name="high", meaning="upper end of the same", value=_over_checkpoints("high")),
    Column(
        name="agreement",
        meaning="part of the checkpoints whose share has the mean's sign",
        value=_over_checkpoints("agreement"),
    ),
    Column(
        name="stable",
        meaning="1 where the interval excludes 0, else 0",
        value=_over_checkpoints("stable", int),
    ),
    Column(
        name="group",
        meaning="number of its group of near-duplicate sentences, over the corpus; empty if it is like no other, and "
        "by all models but the first",
        value=_group,
    ),
)
