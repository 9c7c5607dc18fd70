"""The heatmap of a record, as a Vega-Lite specification written with Altair; and its static figure.

- `heatmap_spec`: the prefix grid. **One** for all pages, and for words and sentences alike: it holds no data and no
  labels, so it is emitted once as an asset and every page brings its own few kilobytes. A page's script copies it,
  fills the named data `cells` with rows {t, a, p, number} (row, column, probability, the same as text) and sets the
  parameters below.
- `sentence_figure_spec`: the sentence grid with its numbers, self-contained, drawn to SVG when the site is built, for
  print and for readers without scripts.

Parameters of the heatmap (`HEATMAP_PARAMS`): `rows` and `columns`, the axis labels by index ("" shows none);
`numbers`, whether each cell carries its probability in percent; `label_angle`, how column labels are turned;
`label_limit`, the widest row label in pixels; `cell_font`, the size of the numbers. The size of a cell is not a
parameter of ours: Vega-Lite makes the signals `x_step` and `y_step` out of a width and height given in steps, and
both may be set on a drawn view.

Light and dark. The heatmap brings no colours of its own for ink and ground: the page's script reads them from the
style sheet and passes them as Vega's config, so it follows the page. (A white card behind it would be simpler, but on
white the ramp's middle has no edge, and a page of pictures would glare in the dark.) The static figure cannot see the
page's style, is printed and mailed around, and therefore has a white ground of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import ArrayLike

from sitegen.web.charts.style import BLACK, FONT, RAMP_DOMAIN, WHITE, Palette, plain
from sitegen.web.text.numbers import cell_number

HEATMAP_PARAMS: dict[str, Any] = {
    "rows": [],
    "columns": [],
    "numbers": False,
    "label_angle": 0,
    "label_limit": 120,
    "cell_font": 11,
}

FIGURE_STEP = (34, 20)
"""Width and height of a cell of the static figure, in pixels."""

_FIGURE_FONT = "Arial, 'Helvetica Neue', 'Liberation Sans', sans-serif"


def heatmap_spec(palette: Palette) -> dict[str, Any]:
    """The prefix grid without data: rows {t, a, p, number} are expected as the named data `cells`.

    t: row, words of the title read. a: column, words or sentences of the abstract read. Both count from 0. p:
    probability of the positive class, 0..1. number: the same as a cell shows it (`cell_number`).
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
    cells = base.mark_rect().encode(color=_ramp(palette, legend=None))
    numbers = (
        base.mark_text(fontSize=alt.ExprRef("cell_font"))
        .transform_filter("numbers")
        .encode(text="number:N", color=_ink(palette))
    )
    chart = alt.layer(cells, numbers).add_params(*params.values()).properties(width=alt.Step(14), height=alt.Step(20))
    return plain(chart, config={"view": {"stroke": None}, "font": FONT, "axis": {"labelFontSize": 11}})


def sentence_figure_spec(
    probabilities: ArrayLike,
    *,
    title: Sequence[str],
    sentences: int,
    classes: tuple[str, str],
    palette: Palette,
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
    rows = [
        {"t": t, "a": a, "p": round(float(p[t, a]), 4), "number": cell_number(float(p[t, a]))}
        for t in range(shape[0])
        for a in range(shape[1])
    ]
    values = {"rows": words, "columns": columns}
    template = _figure_template(classes[1], sentences > 0, palette)
    return {
        **template,
        "params": [{**param, "value": values.get(param["name"], param.get("value"))} for param in template["params"]],
        "datasets": {"cells": rows},
    }


@cache
def _figure_template(positive: str, has_sentences: bool, palette: Palette) -> dict[str, Any]:
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
        gradientStrokeColor=palette.chart_edge,
        values=list(RAMP_DOMAIN),
        labelExpr="format(100 * datum.value, '.0f')",
    )
    cells = base.mark_rect(stroke=palette.chart_cell_edge, strokeWidth=0.5).encode(color=_ramp(palette, legend=legend))
    numbers = base.mark_text(fontSize=11).encode(text="number:N", color=_ink(palette))
    across, down = FIGURE_STEP
    chart = (
        alt.layer(cells, numbers)
        .add_params(*labels)
        .properties(width=alt.Step(across), height=alt.Step(down), background=WHITE, padding=8)
    )
    config = {
        "aria": False,
        "view": {"stroke": None},
        "font": _FIGURE_FONT,
        "axis": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelColor": BLACK},
        "legend": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "titleLimit": 400},
    }
    return plain(chart, config=config)


def _ramp(palette: Palette, *, legend: alt.Legend | None) -> alt.Color:
    scale = alt.Scale(domain=list(RAMP_DOMAIN), range=list(palette.ramp), interpolate="rgb", clamp=True)
    return alt.Color("p:Q", scale=scale, legend=legend)


def _ink(palette: Palette) -> Any:
    text = palette.text_on_ramp
    test = f"datum.p < {text.below:g} || datum.p > {text.above:g}"
    return alt.condition(test, alt.value(text.outside), alt.value(text.inside))
