"""The static figure of a record: the same four strips as in the page, with the sentences as columns and all numbers.

It is for print, for notebooks and for readers without scripts, so nothing in it is left to point at. Words would be ten
times the bytes; the curve goes by words all the same, since it is one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.corpus.segment import Document, SegmentedText
from sitegen.web.charts.style import Palette
from sitegen.web.pages.record.sentences import sentence_sizes
from sitegen.web.pages.record.turns import turning_words
from sitegen.web.release import word
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import cell_number, exact_percent, excerpt, percent, points

LETTER = 6.4  # pixels, of a bold letter of 11 pixels
THIN = 5.8  # and of one that is not bold
APART = 2  # pixels, on either side of a label
NUMBERED = 20  # pixels, of the narrowest cell that holds a number
PLACED = 14  # and of the narrowest sentence that holds its own
LOWEST = 0.2  # of the probability: below a point of the curve this low there is no room for a name
LEAST = (1.5, 0.3)  # words: the column "title only" and the gap behind it


def record_figure(
    occlusion: Occlusion,
    alone: ReadAlone,
    shapley: Shapley | None,
    *,
    symbols: Sequence[str] = (),
    classes: tuple[str, str],
    threshold: float,
    source: str = "",
    heading: str = "",
    palette: Palette,
    nouns: Nouns = PAPERS,
) -> dict[str, Any]:
    """Its Vega-Lite specification. symbols: of the sentences' marks, if any; source: what is said of where it is from,
    below the picture; heading: what stands for a title where there is none."""
    from sitegen.web.charts.heatmap import record_figure_spec  # Altair takes half a second to load

    document = occlusion.document
    answer = f"{percent(occlusion.probability)} “{classes[1]}”"
    sizes = "its share in points" if shapley is not None else "what its absence changes, in points"
    drawn, scales = _drawn(occlusion, alone, shapley, symbols=symbols, threshold=threshold, nouns=nouns)
    return record_figure_spec(
        {**drawn, "source": [{"text": source}]},
        scales=scales,
        classes=classes,
        title=excerpt(document.title.text or heading or "(untitled)", 110),
        subtitle=f"{answer} · below each sentence {sizes}",
        palette=palette,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    """The axis of words, from the title's own column to the end of the abstract."""

    words: int  # of the abstract, at least 1
    broad: float  # the column "title only" in words; 0 where there is no abstract
    gap: float  # and what parts it from the abstract

    @property
    def start(self) -> float:
        return -self.broad - self.gap

    @property
    def pixels(self) -> float:
        """Of a word."""
        from sitegen.web.charts.heatmap import FIGURE_WIDTH

        return FIGURE_WIDTH / (self.words - self.start)


def _drawn(
    occlusion: Occlusion,
    alone: ReadAlone,
    shapley: Shapley | None,
    *,
    symbols: Sequence[str],
    threshold: float,
    nouns: Nouns = PAPERS,
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, float]]:
    """The named data, and the ends of the scales."""
    document = occlusion.document
    axis = _axis(occlusion, alone)
    rows, words = occlusion.grid.shape
    margins = occlusion.cells
    ends = document.abstract.sentence_ends.tolist() or [words]
    starts = [0, *ends[:-1]]
    known = sentence_sizes(occlusion, shapley)
    sizes = np.nan_to_num(known).tolist()
    labels = [
        f"{points(size)} {symbol}".strip()
        for size, symbol in zip(known.tolist(), symbols or [""] * len(sizes), strict=True)
    ]
    curve = probability(np.asarray(margins[-1], dtype=np.float64)).tolist()
    title = [{"x": axis.start, "x2": -axis.gap, "p": probability(alone.title)}] if axis.broad else []
    cells = [*_title_cells(alone, axis), *_sentence_cells(occlusion, starts, ends)]
    datasets = {
        "curve": [
            {**one, "p": _r(one["p"]), "from": threshold}
            for one in [*title, *({"x": a, "x2": a + 1, "p": p} for a, p in enumerate(curve))]
        ],
        "line": [*({"x": a, "p": _r(p)} for a, p in enumerate(curve)), {"x": words, "p": _r(curve[-1])}],
        "turns": _turns(occlusion, alone, curve, threshold=threshold, axis=axis),
        "end": [{"x": words, "p": _r(curve[-1]), "text": percent(occlusion.probability)}],
        "levels": [{"p": p, "text": exact_percent(p)} for p in (0.0, threshold, 1.0)],
        "sentences": _sentences(
            starts, ends, sizes, labels=labels, axis=axis, numbered=not _words_are_named(document.abstract)
        ),
        "first": [
            *(
                [{"x": -axis.gap - axis.broad / 2, "text": "title" if document.title.tokens else "start"}]
                if axis.broad
                else []
            ),
            *_words_of_one(document.abstract, axis),
        ],
        "cells": [{**cell, "p": _r(cell["p"])} for cell in cells],
        "numbers": [
            {
                "t": cell["t"] + 0.5,
                "x": (cell["x"] + cell["x2"]) / 2,
                "p": _r(cell["p"]),
                "number": cell_number(cell["p"]),
            }
            for cell in cells
            if (cell["x2"] - cell["x"]) * axis.pixels >= NUMBERED
        ],
        "ends": [{"x": end} for end in ends[:-1]],
        "last": [{"t": rows - 1, "t2": rows, "middle": rows - 0.5, "x": 0, "x2": words}],
        "rows": [{"t": t + 0.5, "word": name} for t, name in enumerate(_title_words(document, nouns=nouns))],
        "captions": _captions(document, shares=shapley is not None, nouns=nouns),
        "struck": [],
    }
    low, high = _span(sizes)
    return datasets, {"start": axis.start, "stop": words, "rows": rows, "least": low, "most": high}


def _axis(occlusion: Occlusion, alone: ReadAlone) -> _Axis:
    from sitegen.web.charts.heatmap import TITLE_ONLY

    words = occlusion.grid.shape[1]
    if not occlusion.document.abstract.tokens or np.isnan(alone.titles).any():
        return _Axis(words=words, broad=0, gap=0)
    broad, gap = (max(least, share * words) for share, least in zip(TITLE_ONLY, LEAST, strict=True))
    return _Axis(words=words, broad=broad, gap=gap)


def _words_are_named(text: SegmentedText) -> bool:
    """Whether the ruler names words and numbers no sentence: there is but one, and some of its words are published."""
    return len(text.sentence_ends) == 1 and any(text.tokens)


def _words_of_one(text: SegmentedText, axis: _Axis) -> list[dict[str, Any]]:
    """The words of a text of one sentence below the curve, in the order of reading, as far as there is room."""
    named, behind = list[dict[str, Any]](), 0.0
    for k, token in enumerate(text.tokens if _words_are_named(text) else ()):
        half = (THIN * len(name := word(text, k) if token else "") / 2 + APART) / axis.pixels
        middle = min(axis.words - half, max(half, k + 0.5))
        if token and middle - half >= behind:
            named.append({"x": _r(middle), "text": name})
            behind = middle + half
    return named


def _title_words(document: Document, *, nouns: Nouns = PAPERS) -> list[str]:
    return [word(document.title, k) for k in range(len(document.title.tokens))] or [
        "(no title)" if nouns.titled else ""
    ]


def _captions(document: Document, *, shares: bool, nouns: Nouns = PAPERS) -> list[dict[str, Any]]:
    if not document.abstract.tokens:
        return [{"strip": "ruler", "text": f"(no {nouns.text})"}]
    ruler = "word" if _words_are_named(document.abstract) else "sentence"
    return [{"strip": "ruler", "text": ruler}, {"strip": "shares", "text": "share" if shares else "without it"}]


def _title_cells(alone: ReadAlone, axis: _Axis) -> list[dict[str, Any]]:
    if not axis.broad:
        return []
    return [
        {"t": t, "t2": t + 1, "x": axis.start, "x2": -axis.gap, "p": p}
        for t, p in enumerate(probability(alone.titles).tolist())
    ]


def _sentence_cells(occlusion: Occlusion, starts: Sequence[int], ends: Sequence[int]) -> list[dict[str, Any]]:
    rows = probability(np.asarray(occlusion.cells, dtype=np.float64)[:, [end - 1 for end in ends]]).tolist()
    return [
        {"t": t, "t2": t + 1, "x": start, "x2": end, "p": p}
        for t, row in enumerate(rows)
        for start, end, p in zip(starts, ends, row, strict=True)
    ]


def _sentences(
    starts: Sequence[int],
    ends: Sequence[int],
    sizes: Sequence[float],
    *,
    labels: Sequence[str],
    axis: _Axis,
    numbered: bool,
) -> list[dict[str, Any]]:
    """The bars of the sentences. numbered: whether those have their numbers that have room for it. Labels are placed by
    size, the largest first, each where none is yet: over neighbours, too, as long as it stays within the plot."""
    placed: dict[int, float] = {}
    for s in sorted(range(len(sizes)), key=lambda s: -abs(sizes[s])):
        half = (LETTER * len(labels[s]) / 2 + APART) / axis.pixels
        middle = min(axis.words - half, max(axis.start + half, (starts[s] + ends[s]) / 2))
        if all(
            abs(middle - other) >= half + (LETTER * len(labels[k]) / 2 + APART) / axis.pixels
            for k, other in placed.items()
        ):
            placed[s] = middle
    return [
        {
            "x": start,
            "x2": end,
            "middle": (start + end) / 2,
            "place": str(s + 1) if numbered and (end - start) * axis.pixels >= PLACED else "",
            "size": _r(sizes[s]),
            "label": labels[s] if s in placed else "",
            "at": placed.get(s, (start + end) / 2),
        }
        for s, (start, end) in enumerate(zip(starts, ends, strict=True))
        if sizes
    ]


def _span(sizes: Sequence[float]) -> tuple[float, float]:
    """The ends of the shares' scale: all bars and zero, and no less than SPAN; what is left of that lies above the
    bars, so that these stand by their numbers."""
    from sitegen.web.charts.heatmap import SPAN

    low, high = min([0.0, *sizes]), max([0.0, *sizes])
    return _r(low), _r(high + max(0.0, SPAN - (high - low)))


def _turns(
    occlusion: Occlusion, alone: ReadAlone, curve: Sequence[float], *, threshold: float, axis: _Axis
) -> list[dict[str, Any]]:
    """The words that have room on the curve, those that matter most first."""
    text, placed = occlusion.document.abstract, list[tuple[float, float]]()
    before, shown = [float(probability(alone.title)), *curve], []
    for k in turning_words(occlusion, alone, threshold=threshold):
        rises = curve[k] > before[k]
        name = f"{_name(text, k)} {'▲' if rises else '▼'}"
        half = LETTER * len(name) / 2 + APART
        at = (k + 0.5) * axis.pixels
        if all(abs(at - other) > half + width for other, width in placed):
            placed.append((at, half))
            first, last = (int((at + side * half) / axis.pixels) for side in (-1, 1))
            reached = curve[max(0, first) : last + 1]
            under = not rises and min(reached) > LOWEST
            p = min(reached) if under else max(reached) if rises else curve[k]
            shown.append({"x": k + 0.5, "p": _r(p), "word": name, "side": 1 if under else -1})
    return shown


def _name(text: SegmentedText, k: int) -> str:
    """A word of the abstract; the number of its sentence where it is withheld."""
    return (
        word(text, k) if text.tokens[k] else f"sentence {int(np.searchsorted(text.sentence_ends, k, side='right')) + 1}"
    )


def _r(value: Any) -> float:
    return round(float(value), 4)
