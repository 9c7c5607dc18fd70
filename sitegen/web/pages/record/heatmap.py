"""The figure of one record: the data its scripts draw, and the same in words and numbers for readers without them.

Arrays of floats are base64 of little-endian float32 (`encoded`): exactly what the store holds, in half the bytes of
their digits.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sitegen.analysis.attribution.occlusion import AdditiveGrid, Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.config import Classes
from sitegen.corpus.segment import Document, SegmentedText
from sitegen.web.pages.record.turns import turning_words
from sitegen.web.release import withholds
from sitegen.web.sentence_verdicts import Verdict
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import count, percent, points

DIGITS = 6
"""Of the probabilities of a model that does not add up: with four, a cell now and then said 68% where a table says
67%."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the figure's table of values: the whole title, and the abstract up to one sentence."""

    number: int  # of the sentence, from 1
    percent: str  # the probability after it
    change_text: str  # since the sentence before, in points; "" at the first


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the files that readers save of a figure say of themselves (templates/assets/save.js)."""

    site: str  # its title
    address: str  # of the record's page on the web; "" where the site has none
    record: str  # the record's id
    name: str  # of its files, without suffix
    label: int | None  # its gold label
    version: str  # sitegen's


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap:
    """The context of the figure's partial, with the data that its scripts draw (see templates/assets/record.js)."""

    model: str  # the name of the model that read the record
    data: dict[str, Any]
    negative: str  # the classes' names
    positive: str
    description: str  # the picture in one sentence, for those who do not see it
    figure: str  # the link to the static figure, or ""
    figure_alt: str  # its description
    steps: tuple[Step, ...]  # the table of values
    by_words: bool  # whether the answer is known at every word of the abstract, not only where sentences end


def heatmap(
    classes: Classes,
    occlusion: Occlusion,
    alone: ReadAlone,
    *,
    shapley: Shapley | None,
    verdicts: Sequence[Verdict],
    strike: dict[str, Any] | None,
    about: About,
    model: str,
    figure: str,
    nouns: Nouns = PAPERS,
    beside: Document | None = None,
) -> Heatmap | None:
    """The figure of one record by the model of that name; None where the answer is not known as the texts grow.

    verdicts: of its sentences. strike: what is known of the record without some of them (strike.py); None where nothing
    can be taken out. about: for the files that readers save. figure: the link to its static figure, or empty.

    beside: the document of the page's first figure, where this is another; of what both have alike the data of this one
    says nothing.

    Where records have no titles the data says what their `text` is called.
    """
    if not occlusion.drawn:
        return None
    document, same = occlusion.document, (beside.title, beside.abstract) if beside else (None, None)
    t, a, s = len(document.title.tokens), len(document.abstract.tokens), len(document.abstract.sentence_ends)
    of_text = f"{nouns.text} ({count(a, 'word')} in {count(s, 'sentence')}, left to right)"
    read = f"title ({count(t, 'word')}, top to bottom) and the {of_text} are read"
    if not nouns.titled:
        read = f"{of_text} is read"
    return Heatmap(
        model=model,
        data={
            "classes": list(classes.names),
            "threshold": classes.threshold,
            "title": _text(document.title, occlusion.title_known, beside=same[0]),
            "abstract": _abstract(document.abstract, occlusion.abstract_known, beside=same[1]),
            "grid": _grid(occlusion),
            "path": {**_path(occlusion, alone), "prefixes": encoded(alone.title_prefixes)},
            "words": {
                "title": {"without": encoded(occlusion.title_words), "alone": encoded(alone.title_words)},
                "abstract": {"without": encoded(occlusion.abstract_words), "alone": encoded(alone.abstract_words)},
            },
            "sentences": {
                "without": encoded(occlusion.sentences),
                "alone": encoded(alone.sentences),
                "shares": None if shapley is None else encoded(shapley.points),
                "marks": [f"{verdict.symbol} {verdict.word}".strip() for verdict in verdicts],
            },
            "strike": strike,
            "turns": turning_words(occlusion, alone, threshold=classes.threshold),
            "about": asdict(about),
            **({} if nouns.titled else {"text": nouns.text}),
        },
        negative=classes.negative,
        positive=classes.positive,
        description=f"Probability of “{classes.positive}” as the {read}; it ends at {percent(occlusion.probability)}.",
        figure=figure,
        figure_alt="The same as a picture with numbers: the curve, "
        f"{'one row per word of the title and ' if nouns.titled else ''}one column per sentence, and the sentences' "
        "shares.",
        steps=_steps(occlusion),
        by_words=occlusion.by_words,
    )


def taken_out(
    occlusion: Occlusion, alone: ReadAlone, *, shapley: Shapley | None, strike: dict[str, Any] | None
) -> dict[str, Any]:
    """What a record's answer is without some of its sentences, where there is no figure that has it: the same data, and
    nothing else of it."""
    return {
        "path": _path(occlusion, alone),
        "sentences": {
            "without": encoded(occlusion.sentences),
            "shares": None if shapley is None else encoded(shapley.points),
        },
        "strike": strike,
    }


def _path(occlusion: Occlusion, alone: ReadAlone) -> dict[str, Any]:
    return {
        "empty": number(alone.empty),
        "title": number(alone.title),
        "abstract": number(alone.abstract),
        "whole": occlusion.margin,
    }


def encoded(values: ArrayLike) -> str:
    """An array of any shape as base64 of its little-endian float32."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


def number(margin: float) -> float | None:
    """A margin as JSON has it, which has no NaN."""
    return None if math.isnan(margin) else margin


def _grid(occlusion: Occlusion) -> dict[str, Any]:
    grid, known = occlusion.grid, {} if occlusion.by_words else {"sentences": True}
    if isinstance(grid, AdditiveGrid):
        abstract = encoded(grid.abstract[occlusion.columns])
        return {"title": encoded(grid.title), "abstract": abstract, "bias": grid.bias, **known}
    cells = np.rint(10**DIGITS * probability(occlusion.cells)).astype(int).ravel().tolist()
    return {"cells": cells, **known}


def _text(text: SegmentedText, known: np.ndarray[Any, Any], *, beside: SegmentedText | None = None) -> dict[str, Any]:
    flags = {"known": "".join("1" if flag else "0" for flag in known)}
    if beside is not None and np.array_equal(text.spans, beside.spans):
        return flags
    return {"spans": text.spans.ravel().tolist(), **flags}


def _abstract(
    text: SegmentedText, known: np.ndarray[Any, Any], *, beside: SegmentedText | None = None
) -> dict[str, Any]:
    words = {**_text(text, known, beside=beside), **_withheld(text)}
    if beside is not None and np.array_equal(text.sentence_spans, beside.sentence_spans) and "spans" not in words:
        return words
    return {
        **words,
        "ends": text.sentence_ends.tolist(),
        "sentences": text.sentence_spans.ravel().tolist(),
    }


def _withheld(text: SegmentedText) -> dict[str, str]:
    """Which words are withheld; nothing where all are published."""
    return {"withheld": "".join("0" if token else "1" for token in text.tokens)} if withholds(text) else {}


def _steps(occlusion: Occlusion) -> tuple[Step, ...]:
    """The grid's last row at sentence ends: how the probability moves as the abstract is read under the whole title."""
    ends = occlusion.document.abstract.sentence_ends
    values = probability(occlusion.cells[-1, ends - 1]).tolist() if ends.size else []
    before = [None, *values][: len(values)]
    return tuple(
        Step(number=k, percent=percent(p), change_text="" if last is None else points(p - last))
        for k, (p, last) in enumerate(zip(values, before, strict=True), 1)
    )
