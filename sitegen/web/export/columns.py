"""Columns of data files: each with its meaning and the function that gives its value, declared once.

Both the writer (files.py) and the dictionary (pages/data.py) read the declarations, which are in a module a file:
records.py, sentences.py, words.py, grids.py. Numbers are written with as many digits as float32 needs to be read back
as it was. Text is exact: a cell that begins with `=` is a title that begins with `=`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.analysis.corpus.near_duplicates import Repeats
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
    occlusions: Mapping[str, Occlusion]  # by name of the models that read it, in the site's order of models
    alone: Mapping[str, ReadAlone]  # what its pieces say by themselves, by model name
    shares: Mapping[str, Shapley | None]  # of the sentences of the abstract, by model name
    verdicts: Mapping[str, Verdicts]  # by model name
    repeats: Repeats  # among the sentences of the first model

    @property
    def record(self) -> Record:
        """The record as read."""
        return self.summary.record


def number(value: Any) -> float | None:
    """A number with the fewest digits that give the same float32 when read; None, an empty cell, where the model was
    not asked, which is NaN."""
    return None if np.isnan(value) else float(str(np.float32(value)))


def numbers(values: np.ndarray[Any, Any]) -> list[float | None]:
    """Numbers in a row; None where one is not published, which is NaN."""
    return [None if np.isnan(value) else number(value) for value in values.ravel().tolist()]
