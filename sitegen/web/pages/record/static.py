"""The static figure of a record: the same four strips as in the page, with the sentences as columns and all numbers.

It is for print, for notebooks and for readers without scripts, so nothing in it is left to point at. Words would be ten
times the bytes; the curve goes by words all the same, since it is one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.web.charts.style import Palette
from sitegen.web.pages.record.turns import turning_words
from sitegen.web.text.numbers import cell_number, excerpt, percent, points

LETTER = 6.4  # pixels, of a bold letter of 11 pixels
LABEL = 40  # pixels that a sentence's number and its mark take


def record_figure(
    occlusion: Occlusion,
    alone: ReadAlone,
    shapley: Shapley | None,
    *,
    symbols: Sequence[str] = (),
    classes: tuple[str, str],
    threshold: float,
    source: str = "",
    palette: Palette,
) -> dict[str, Any]:
    """Its Vega-Lite specification. symbols: of the sentences' marks, if any; source: what is said of where it is from,
    behind the answer."""
    from sitegen.web.charts.heatmap import record_figure_spec  # Altair takes half a second to load

    document = occlusion.document
    answer = f"{percent(occlusion.probability)} “{classes[1]}”"
    sizes = "its share in points" if shapley is not None else "what its absence changes, in points"
    datasets, scales = _drawn(occlusion, alone, shapley, symbols=symbols, threshold=threshold)
    return record_figure_spec(
        datasets,
        scales=scales,
        title=excerpt(document.title.text or "(untitled)", 110),
        subtitle=" · ".join(filter(None, [answer, source, f"below each sentence {sizes}"])),
        palette=palette,
    )


def _drawn(
    occlusion: Occlusion, alone: ReadAlone, shapley: Shapley | None, *, symbols: Sequence[str], threshold: float
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, float]]:
    """The named data, and the ends of the scales."""
    from sitegen.web.charts.heatmap import FIGURE_WIDTH, SPAN, TITLE_ONLY

    document = occlusion.document
    margins = np.asarray(occlusion.grid.margins, dtype=np.float64)
    rows, words = margins.shape
    ends = document.abstract.sentence_ends.tolist() or [words]
    starts = [0, *ends[:-1]]
    broad, gap = (max(least, share * words) for share, least in zip(TITLE_ONLY, (1.5, 0.3), strict=True))
    pixels = FIGURE_WIDTH / (words + broad + gap)
    curve = [_r(p) for p in probability(margins[-1]).tolist()]
    cells = probability(margins[:, [end - 1 for end in ends]])
    sizes = (occlusion.change(occlusion.sentences) if shapley is None else shapley.points).tolist()
    grid = [
        {"t": t, "t2": t + 1, "x": start, "x2": end, "p": _r(cells[t, s])}
        for t in range(rows)
        for s, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    first = [
        {"t": t, "t2": t + 1, "x": -broad - gap, "x2": -gap, "p": _r(p)}
        for t, p in enumerate(title_only(occlusion, alone))
        if p is not None
    ]
    low, high = min([0.0, *sizes]), max([0.0, *sizes])
    rest = max(0.0, SPAN - (high - low))
    low, high = (_r(low), _r(high + rest)) if high >= -low else (_r(low - rest), _r(high))
    scales = {"start": -broad - gap, "stop": words, "rows": rows, "least": low, "most": high}
    return {
        "curve": [
            {"x": -broad - gap, "x2": -gap, "p": first[-1]["p"], "from": threshold},
            *({"x": a, "x2": a + 1, "p": p, "from": threshold} for a, p in enumerate(curve)),
        ],
        "line": [*({"x": a, "p": p} for a, p in enumerate(curve)), {"x": words, "p": curve[-1]}],
        "turns": _turns(occlusion, alone, curve, threshold=threshold, pixels=pixels),
        "end": [{"x": words, "p": curve[-1], "text": percent(occlusion.probability)}],
        "levels": [{"p": p, "text": percent(p) if 0 < p < 1 else f"{100 * p:.0f}%"} for p in (0.0, threshold, 1.0)],
        "sentences": [
            {
                "x": start,
                "x2": end,
                "middle": (start + end) / 2,
                "place": str(s + 1) if (end - start) * pixels >= LABEL / 2 else "",
                "size": _r(size),
                "label": _label(float(size), symbols[s] if symbols else "") if (end - start) * pixels >= LABEL else "",
            }
            for s, (start, end, size) in enumerate(zip(starts, ends, sizes, strict=False))
        ],
        "first": [{"x": -gap - broad / 2, "text": "title"}],
        "cells": [*first, *grid],
        "numbers": [
            {"t": one["t"] + 0.5, "x": (one["x"] + one["x2"]) / 2, "p": one["p"], "number": cell_number(one["p"])}
            for one in [*first, *grid]
            if (one["x2"] - one["x"]) * pixels >= LABEL / 2
        ],
        "ends": [{"x": end} for end in ends[:-1]],
        "last": [{"t": rows - 1, "t2": rows, "middle": rows - 0.5, "x": 0, "x2": words}],
        "rows": [
            {"t": t + 0.5, "word": document.title.text[a:b]} for t, (a, b) in enumerate(document.title.spans.tolist())
        ]
        or [{"t": 0.5, "word": "(no title)"}],
        "captions": [
            {"strip": "ruler", "text": "sentence" if document.abstract.tokens else "(no abstract)"},
            {"strip": "shares", "text": "share" if shapley is not None else "absence"},
        ],
    }, scales


def title_only(occlusion: Occlusion, alone: ReadAlone) -> list[float | None]:
    """The probability of each prefix of the title without an abstract, (T,); of a model that does not add up the last
    one alone is known."""
    from sitegen.analysis.attribution.occlusion import AdditiveGrid

    whole = float(probability(alone.title))
    if not isinstance(occlusion.grid, AdditiveGrid):
        return [None] * (occlusion.grid.shape[0] - 1) + [whole]
    title = occlusion.grid.title.astype(np.float64)
    return [*probability(title[:-1] - title[-1] + alone.title).tolist(), whole]


def _turns(
    occlusion: Occlusion, alone: ReadAlone, curve: list[float], *, threshold: float, pixels: float
) -> list[dict[str, Any]]:
    """The words that have room on the curve, those that matter most first."""
    text, placed = occlusion.document.abstract, list[tuple[float, float]]()
    shown = []
    for k in turning_words(occlusion, alone, threshold=threshold):
        start, end = text.spans[k].tolist()
        word = f"{text.text[start:end]} {'▲' if curve[k] > ([_r(probability(alone.title)), *curve][k]) else '▼'}"
        half = LETTER * len(word) / 2
        at = (k + 0.5) * pixels
        if all(abs(at - other) > half + width for other, width in placed):
            placed.append((at, half))
            shown.append({"x": k + 0.5, "p": curve[k], "word": word})
    return shown


def _label(size: float, symbol: str) -> str:
    return f"{points(size)} {symbol}".strip()


def _r(value: Any) -> float:
    return round(float(value), 4)
