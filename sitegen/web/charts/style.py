"""The charts as Vega-Lite specifications, written with Altair; and the one colour ramp of the whole site.

Three specifications (those of the page about the whole corpus are in `corpus_charts`):

- `heatmap_spec`: the prefix grid. **One** for all pages, and for words and sentences alike: it holds no data and no
  labels, so it is emitted once as an asset and every page brings its own few kilobytes. A page's script copies it,
  fills the named data `cells` with rows {t, a, p} (row, column, probability) and sets the parameters below.
- `histogram_spec`: the corpus at a glance, with its forty-odd numbers inside.
- `sentence_figure_spec`: the sentence grid with its numbers, self-contained, drawn to SVG when the site is built, for
  print and for readers without scripts.

Parameters of the heatmap (`HEATMAP_PARAMS`): `rows` and `columns`, the axis labels by index ("" shows none);
`numbers`, whether each cell carries its probability in percent; `label_angle`, how column labels are turned;
`label_limit`, the widest row label in pixels; `cell_font`, the size of the numbers. The size of a cell is not a
parameter of ours: Vega-Lite makes the signals `x_step` and `y_step` out of a width and height given in steps, and
both may be set on a drawn view.

Light and dark. The heatmap brings no colours of its own for ink and ground: the page's script reads them from the
style sheet and passes them as Vega's config, so it follows the page, and `theme.css` stays the one place that knows
both themes. (A white card behind it would be simpler, but on white the ramp's middle has no edge, and a page of
pictures would glare in the dark.) The static figure cannot see the page's style, is printed and mailed around, and
therefore has a white ground of its own. The histogram leaves its ground to the page, and its ink is dark: it wants a
white card.

The ramp runs from red over white to blue and is interpolated in RGB: left to itself Vega-Lite blends in HCL, where the
middle comes out cyan. The domain is always 0..1, never the data's own extent, so that pictures compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import ArrayLike

RAMP: tuple[str, str, str] = ("#b2182b", "#ffffff", "#2166ac")
"""Colours of probability 0, .5 and 1; everything between is interpolated linearly in RGB."""

RAMP_DOMAIN: tuple[float, float, float] = (0.0, 0.5, 1.0)

WHITE_TEXT_BELOW = 0.117
WHITE_TEXT_ABOVE = 0.94
"""Outside these bounds text on the ramp is white, inside black: the worst contrast is then 4.59:1."""

HEATMAP_PARAMS: dict[str, Any] = {
    "rows": [],
    "columns": [],
    "numbers": False,
    "label_angle": 0,
    "label_limit": 120,
    "cell_font": 11,
}

BINS = 20
FIGURE_STEP = (34, 20)
"""Width and height of a cell of the static figure, in pixels."""

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

CARD_CONFIG: dict[str, Any] = {
    "view": {"stroke": None},
    "font": _FONT,
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
}
"""The look of a chart on a white card, in dark ink: the histogram's, and that of the charts in `corpus_charts`."""

_NO_LABEL = "no label"
_NO_LABEL_COLOUR = "#8a8a8a"
_FIGURE_FONT = "Arial, 'Helvetica Neue', 'Liberation Sans', sans-serif"


def ramp_rgb(probability: ArrayLike) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The ramp's colour at each probability in 0..1: (..., 3) uint8, for an input of shape (...)."""
    p = np.asarray(probability, dtype=np.float64)
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError("probabilities must lie in 0..1")
    ends = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in RAMP], dtype=np.float64)
    channels = [np.interp(p, RAMP_DOMAIN, ends[:, channel]) for channel in range(3)]
    return np.floor(np.stack(channels, axis=-1) + 0.5).astype(np.uint8)  # halves go up, as in JavaScript


def heatmap_spec() -> dict[str, Any]:
    """The prefix grid without data: rows {t, a, p} are expected as the named data `cells`.

    t: row, words of the title read. a: column, words or sentences of the abstract read. Both count from 0. p:
    probability of the positive class, 0..1.
    """
    params = {name: alt.param(name=name, value=value) for name, value in HEATMAP_PARAMS.items()}
    base = alt.Chart(alt.NamedData(name="cells")).encode(
        x=alt.X("a:O", sort=None).axis(
            labelExpr="columns[datum.value] || ''",
            labelAngle=alt.ExprRef("label_angle"),
            labelAlign=alt.ExprRef("label_angle ? 'left' : 'center'"),
            labelBaseline=alt.ExprRef("label_angle ? 'middle' : 'bottom'"),
            labelOverlap=False,
            orient="top",
            labelLimit=90,
            ticks=False,
            domain=False,
            title=None,
        ),
        y=alt.Y("t:O", sort=None).axis(
            labelExpr="rows[datum.value] || ''",
            labelLimit=alt.ExprRef("label_limit"),
            labelOverlap=False,
            ticks=False,
            domain=False,
            title=None,
        ),
    )
    cells = base.mark_rect().encode(color=_ramp(legend=None))
    numbers = (
        base.mark_text(fontSize=alt.ExprRef("cell_font"))
        .transform_filter("numbers")
        .encode(text=alt.Text("percent:Q", format=".0f"), color=_ink())
        .transform_calculate(percent="100 * datum.p")
    )
    chart = alt.layer(cells, numbers).add_params(*params.values()).properties(width=alt.Step(14), height=alt.Step(20))
    return plain(chart, config={"view": {"stroke": None}, "font": _FONT, "axis": {"labelFontSize": 11}})


def histogram_spec(
    probabilities: ArrayLike,
    *,
    labels: Sequence[int | None] | None,
    classes: tuple[str, str],
    threshold: float = 0.5,
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
    colours = (RAMP[0], RAMP[2], _NO_LABEL_COLOUR)
    bars = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("from:Q", bin="binned", scale=alt.Scale(domain=[0, 1])).axis(
                format="%", tickCount=10, title=f"probability of “{classes[1]}”", grid=False
            ),
            x2="to",
            y=alt.Y("records:Q", stack="zero").axis(title="records", tickMinStep=1, domain=False),
            color=alt.Color("label:N", sort=None)
            .scale(domain=[names[kind] for kind in shown], range=[colours[kind] for kind in shown])
            .legend(None if shown == [2] else alt.Legend(title="label", orient="top")),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("from:Q", title="from", format=".0%"),
                alt.Tooltip("to:Q", title="to", format=".0%"),
                alt.Tooltip("label:N", title="label"),
                alt.Tooltip("records:Q", title="records"),
            ],
        )
    )
    line = alt.Chart(alt.InlineData(values=[{"x": threshold}])).mark_rule(strokeDash=[4, 3]).encode(x="x:Q")
    return plain(alt.layer(bars, line).properties(width="container", height=180), config=CARD_CONFIG)


def sentence_figure_spec(
    probabilities: ArrayLike,
    *,
    title: Sequence[str],
    sentences: int,
    classes: tuple[str, str],
) -> dict[str, Any]:
    """The sentence grid with its numbers, complete in itself: rows are title words as they accumulate.

    probabilities: (T, max(S, 1)) of the positive class. title: the T row labels; none where the title is empty, which
    is one empty row. sentences: S, 0 where there is no abstract (one column then). classes: (negative, positive).
    """
    p = np.asarray(probabilities, dtype=np.float64)
    shape = (max(len(title), 1), max(sentences, 1))
    if p.shape != shape:
        raise ValueError(f"expected probabilities of shape {shape}, got {p.shape}")
    words = list(title) or ["(no title)"]
    columns = [str(number + 1) for number in range(sentences)] or ["(no abstract)"]
    rows = [{"t": t, "a": a, "p": round(float(p[t, a]), 4)} for t in range(shape[0]) for a in range(shape[1])]
    values = {"rows": words, "columns": columns}
    template = _figure_template(classes[1], sentences > 0)
    return {
        **template,
        "params": [{**param, "value": values.get(param["name"], param.get("value"))} for param in template["params"]],
        "datasets": {"cells": rows},
    }


@cache
def _figure_template(positive: str, has_sentences: bool) -> dict[str, Any]:
    """The static figure without its data and labels: Altair takes 60 ms to make and check it, filling in takes none."""
    labels = [alt.param(name="rows", value=[]), alt.param(name="columns", value=[])]
    base = alt.Chart(alt.NamedData(name="cells")).encode(
        x=alt.X("a:O", sort=None).axis(
            labelExpr="columns[datum.value]",
            labelAngle=0,
            orient="top",
            ticks=False,
            domain=False,
            title="abstract read up to sentence …" if has_sentences else None,
            titleAnchor="start",
        ),
        y=alt.Y("t:O", sort=None).axis(
            labelExpr="rows[datum.value]",
            labelLimit=150,
            ticks=False,
            domain=False,
            title="title read up to …",
            titleAngle=0,  # level, over the row labels: beside them it would overlap in fonts wider than expected
            titleAlign="right",
            titleBaseline="bottom",
            titleX=-6,
            titleY=-3,
        ),
    )
    legend = alt.Legend(
        title=f"probability of “{positive}” in percent",
        orient="bottom",
        direction="horizontal",
        gradientLength=200,
        gradientThickness=10,
        gradientStrokeColor="#999999",
        values=list(RAMP_DOMAIN),
        labelExpr="format(100 * datum.value, '.0f')",
    )
    cells = base.mark_rect(stroke="#e4e4e4", strokeWidth=0.5).encode(color=_ramp(legend=legend))
    numbers = (
        base.mark_text(fontSize=11)
        .encode(text=alt.Text("percent:Q", format=".0f"), color=_ink())
        .transform_calculate(percent="100 * datum.p")
    )
    across, down = FIGURE_STEP
    chart = (
        alt.layer(cells, numbers)
        .add_params(*labels)
        .properties(width=alt.Step(across), height=alt.Step(down), background="#ffffff", padding=8)
    )
    config = {
        "aria": False,
        "view": {"stroke": None},
        "font": _FIGURE_FONT,
        "axis": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelColor": "#000000"},
        "legend": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "titleLimit": 400},
    }
    return plain(chart, config=config)


def _ramp(*, legend: alt.Legend | None) -> alt.Color:
    scale = alt.Scale(domain=list(RAMP_DOMAIN), range=list(RAMP), interpolate="rgb", clamp=True)
    return alt.Color("p:Q", scale=scale, legend=legend)


def _ink() -> Any:
    test = f"datum.p < {WHITE_TEXT_BELOW} || datum.p > {WHITE_TEXT_ABOVE}"
    return alt.condition(test, alt.value("#ffffff"), alt.value("#000000"))


def plain(chart: alt.Chart | alt.LayerChart | alt.FacetChart, *, config: dict[str, Any]) -> dict[str, Any]:
    """The chart as a dictionary, with `config` in place of Altair's own theme.

    It is not held to Vega-Lite's schema here, which takes longer than to write a page: tests do that.
    """
    spec: dict[str, Any] = chart.to_dict(validate=False)
    return {**spec, "config": config}
