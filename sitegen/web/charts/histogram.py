"""The histogram of the first page: how many records have which probability, as a Vega-Lite specification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import ArrayLike

from sitegen.web.charts.style import Palette, page_chart
from sitegen.web.text.nouns import PAPERS, Nouns

BINS = 20

_NO_LABEL = "no label"


def histogram_spec(
    probabilities: ArrayLike,
    *,
    labels: Sequence[int | None] | None,
    classes: tuple[str, str],
    palette: Palette,
    threshold: float = 0.5,
    nouns: Nouns = PAPERS,
) -> dict[str, Any]:
    """How many records have which probability: 20 bars, stacked by gold label where there are labels.

    probabilities: (N,) of the positive class. labels: N times 0, 1 or None (not labelled); None: no labels at all.
    classes: (negative, positive). A dashed line stands at `threshold`, from which on a record counts as positive.
    """
    p = np.asarray(probabilities, dtype=np.float64).reshape(-1)
    if labels is not None and len(labels) != len(p):
        raise ValueError(f"{len(p)} probabilities, but {len(labels)} labels")
    names = [*classes, _NO_LABEL]
    gold = np.array([2] * len(p) if labels is None else [2 if label is None else label for label in labels], dtype=int)
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    counts = np.zeros((BINS, 3), dtype=int)
    np.add.at(counts, (bins, gold), 1)
    shown = [kind for kind in range(3) if labels is not None and counts[:, kind].any()] or [2]
    rows = [
        {"from": b / BINS, "to": (b + 1) / BINS, "label": names[kind], "order": kind, "records": int(counts[b, kind])}
        for b in range(BINS)
        for kind in shown
        if counts[b, kind]
    ]
    colours = (palette.chart_negative, palette.chart_positive, palette.chart_range)
    bars = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("from:Q", bin="binned", scale=alt.Scale(domain=[0, 1])).axis(
                format="%", tickCount=10, title=f"probability of “{classes[1]}”", grid=False, labelFlush=False
            ),
            x2="to",
            y=alt.Y("records:Q", stack="zero").axis(title=nouns.many, tickMinStep=1, domain=False),
            color=alt.Color("label:N", sort=None)
            .scale(domain=[names[kind] for kind in shown], range=[colours[kind] for kind in shown])
            .legend(None if shown == [2] else alt.Legend(title="label", orient="top")),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("from:Q", title="from", format=".0%"),
                alt.Tooltip("to:Q", title="to", format=".0%"),
                alt.Tooltip("label:N", title="label"),
                alt.Tooltip("records:Q", title=nouns.many),
            ],
        )
    )
    line = alt.Chart(alt.InlineData(values=[{"x": threshold}])).mark_rule(strokeDash=[4, 3]).encode(x="x:Q")
    return page_chart(alt.layer(bars, line), palette=palette, height=180)
