"""The heatmap of one record: the data its script draws, and the same in words and numbers for readers without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sitegen.analysis.attribution.occlusion import AdditiveGrid, Occlusion, probability
from sitegen.config import Classes
from sitegen.corpus.segment import SegmentedText
from sitegen.web.text.numbers import count, percent, points

DIGITS = 6
"""Of the log-odds and probabilities that a page carries: with four, a tooltip now and then said 68% where the table of
values says 67%."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the heatmap's table of values: the whole title, and the abstract up to one sentence."""

    number: int  # of the sentence, from 1
    percent: str  # the probability after it
    change_text: str  # since the sentence before, in points; "" at the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap:
    """The context of the heatmap's partial, with the data that its script draws (see templates/assets/record.js)."""

    model: str  # the name of the model that read the record
    data: dict[str, Any]
    negative: str  # the classes' names
    positive: str
    description: str  # the picture in one sentence, for those who do not see it
    figure: str  # the link to the static figure, or ""
    figure_alt: str  # its description
    steps: tuple[Step, ...]  # the table of values


def heatmap(classes: Classes, occlusion: Occlusion, *, model: str, figure: str) -> Heatmap:
    """The heatmap of one record, by the model of that name; `figure` is the link to its static figure, or empty."""
    document, grid = occlusion.document, occlusion.grid
    t, a, s = len(document.title.tokens), len(document.abstract.tokens), len(document.abstract.sentence_ends)
    data = {
        "classes": list(classes.names),
        "threshold": classes.threshold,
        "title": _text_data(document.title, occlusion.title_known),
        "abstract": {
            **_text_data(document.abstract, occlusion.abstract_known),
            "ends": document.abstract.sentence_ends.tolist(),
            "sentences": document.abstract.sentence_spans.ravel().tolist(),
        },
        "grid": {
            "title": np.round(grid.title.astype(np.float64), DIGITS).tolist(),
            "abstract": np.round(grid.abstract.astype(np.float64), DIGITS).tolist(),
            "bias": round(grid.bias, DIGITS),
        }
        if isinstance(grid, AdditiveGrid)
        else {"cells": np.rint(10**DIGITS * probability(grid.margins)).astype(int).ravel().tolist()},
    }
    return Heatmap(
        model=model,
        data=data,
        negative=classes.negative,
        positive=classes.positive,
        description=f"Probability of “{classes.positive}” as the title ({count(t, 'word')}, top to bottom) and the "
        f"abstract ({count(a, 'word')} in {count(s, 'sentence')}, left to right) are read; it ends at "
        f"{percent(occlusion.probability)}.",
        figure=figure,
        figure_alt="The same as a picture with numbers: one row per word of the title, one column per sentence.",
        steps=_steps(occlusion),
    )


def _text_data(text: SegmentedText, known: np.ndarray[Any, Any]) -> dict[str, Any]:
    return {"spans": text.spans.ravel().tolist(), "known": "".join("1" if flag else "0" for flag in known)}


def _steps(occlusion: Occlusion) -> tuple[Step, ...]:
    """The grid's last row at sentence ends: how the probability moves as the abstract is read under the whole title."""
    ends = occlusion.document.abstract.sentence_ends
    values = probability(occlusion.grid.margins[-1, ends - 1]).tolist() if ends.size else []
    before = [None, *values][: len(values)]
    return tuple(
        Step(number=k, percent=percent(p), change_text="" if last is None else points(p - last))
        for k, (p, last) in enumerate(zip(values, before, strict=True), 1)
    )
