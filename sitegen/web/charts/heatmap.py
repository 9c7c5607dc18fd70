"""The figure of a record, as a Vega-Lite specification written with Altair: four strips on one axis of words.

    curve      the reading curve: the probability as the abstract grows under the whole title; its turning words named
    ruler      the sentences
    heatmap    the prefix grid, its last row framed, since that is the curve; in front of it a column "title only"
    shares     each sentence's share as a bar as wide as the sentence, with its mark

It is **one** for all pages and holds no data: `heatmap_spec` is emitted once as an asset, and a page's script fills it
(templates/assets/strips.js), as `record_figure_spec` does for the static figure. Named data, x and x2 in words of the
abstract (0 is its beginning), t and t2 in rows:

    curve        {x, x2, p, from}         a rectangle from the threshold to the probability p
    line         {x, p}                   the same as a line, with its end
    turns        {x, p, word, side}       words named on the curve, above p (side -1) or below it (1)
    end          {x, p, text}             the curve's last point and its value
    levels       {p, text}                lines across the curve: the threshold, 0 and 1
    sentences    {x, x2, middle, place, size, label, at}
                                          place: its number; size: its share in probability (or what its absence
                                          changes); label: the same as text, with the mark, and at: its middle; place
                                          and label are "" where there is no room
    first        {x, text}                the name of the column "title only"; none where there is no room
    cells        {t, t2, x, x2, p}        the heatmap
    numbers      {t, x, p, number}        the middle of a cell and its number; none where they are off
    ends         {x}                      lines between sentences, where their cells do not blend
    last         {t, t2, middle, x, x2}   the frame of the last row
    rows         {t, word}                the title's words beside the rows; complete figures only, as are those below
    captions     {strip, text}            what the strips are
    struck       {x, x2}                  sentences that the reader took out, through all strips
    source       {text}                   where the figure is from, below it: a line, or a list of two

Its parameters are the ends of the scales, which data would have to be searched for at each drawing: `start` and `stop`
in words, `rows` of the heatmap, `least` and `most` of the shares, at least SPAN apart. A complete figure has two more,
the classes' names `negative` and `positive`, which stand at the ends of its legend.

A *complete* figure also has a title, a legend and those labels, and is on a white ground whatever the page's: it is
what is saved, printed and mailed around. In the page these are HTML, which stays in place where the picture scrolls.
The plot is as wide as the view's signal `width`; a script sets the heatmap's height, `vconcat[2].height`.

Marks carry no ARIA attributes, whose expressions take longer than to draw: the page has a description and tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt

from sitegen.web.charts.style import FONT, RAMP_DOMAIN, WHITE, Palette, plain

Rows = Sequence[Mapping[str, Any]]  # of a chart's data
Strip = alt.LayerChart | alt.FacetChart  # Altair's types allow either; it is a LayerChart

HEIGHTS = {"curve": 84, "ruler": 16, "heatmap": 126, "shares": 54}
"""Of the strips in pixels, from top to bottom; the heatmap's follows its rows."""

GAP = 5  # pixels between strips
TITLE_ONLY = (0.036, 0.006)
"""The column "title only" and the gap behind it, as shares of the abstract's words; at least one and a half words."""

SPAN = 0.2
"""Of the shares' scale in probability, at least: what is small looks small."""

SCALES = {"start": 0, "stop": 1, "rows": 1, "least": 0, "most": 1}  # the parameters
CLASSES = {"negative": "", "positive": ""}  # those that a complete figure has besides

FIGURE_WIDTH = 900  # of a complete figure's plot, in pixels
FIGURE_ROW = 16  # the height of its rows
_FIGURE_FONT = "Arial, 'Helvetica Neue', 'Liberation Sans', sans-serif"


def heatmap_spec(palette: Palette, *, complete: bool, live: bool) -> dict[str, Any]:
    """The figure without its data; see above. live: colours are named, and a page's script puts in those of the theme
    that holds there (`Palette.live`)."""
    ink = _ink(palette)
    palette = palette.live if live else palette
    strips = [
        _curve(palette, complete=complete),
        _ruler(palette, complete=complete),
        _heatmap(palette, ink, complete=complete),
        _shares(palette, complete=complete),
        *([_source()] if complete else []),
    ]
    params = {**SCALES, **CLASSES} if complete else SCALES
    chart = alt.vconcat(
        *strips,
        spacing=GAP,
        bounds="flush",
        resolve={"scale": {"x": "shared"}},
        params=[alt.param(name=name, value=value).param for name, value in params.items()],
    )
    config = {
        "view": {"stroke": None},
        "axis": {"disable": True},
        "font": _FIGURE_FONT if complete else FONT,
        "text": {"color": palette.chart_ink},
        "legend": {
            "labelColor": palette.chart_ink,
            "titleColor": palette.chart_ink,
            "labelFontSize": 11,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "titleLimit": 400,
        },
        "title": {
            "color": palette.chart_ink,
            "subtitleColor": palette.chart_ink,
            "anchor": "start",
            "fontSize": 15,
            "subtitleFontSize": 12,
            "offset": 14,
            "limit": FIGURE_WIDTH + 60,
        },
    }
    around = {"background": WHITE, "padding": {"left": 30, "right": 30, "top": 8, "bottom": 8}} if complete else {}
    return {**plain(chart, config=config), **around}


@cache
def complete_spec(palette: Palette) -> dict[str, Any]:
    """The complete figure in colours that are given, made once, since Altair takes 300 ms: not to be changed."""
    return heatmap_spec(palette, complete=True, live=False)


def _named(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name=name))


def _x(field: str = "x") -> alt.X:
    domain = [alt.ExprRef("start"), alt.ExprRef("stop")]
    return alt.X(f"{field}:Q").scale(domain=domain, round=True, nice=False, padding=0)


def _probability() -> alt.Y:
    return alt.Y("p:Q").scale(domain=[0, 1])


def _curve(palette: Palette, *, complete: bool) -> Strip:
    y, line = _probability(), palette.chart_ink
    plain_mark: dict[str, Any] = {"aria": False, "clip": False}
    label = {**plain_mark, "fontSize": 11, "fontWeight": "bold", "dy": alt.ExprRef("9 * datum.side")}
    last = {**plain_mark, "align": "left", "dx": 8, "fontSize": 14, "fontWeight": "bold"}
    turn = _named("turns").encode(x=_x(), y=y, text="word:N")
    end = _named("end").encode(x=_x(), y=y)
    layers: list[alt.Chart] = [
        _named("levels").mark_rule(**plain_mark, color=palette.chart_edge, strokeWidth=1, opacity=0.6).encode(y=y),
        _named("curve")
        .mark_rect(**plain_mark, opacity=0.6)
        .encode(x=_x(), x2="x2", y=y, y2="from", color=_ramp(palette, legend=_legend(palette) if complete else None)),
        _named("line")
        .mark_line(**plain_mark, interpolate="step-after", strokeWidth=1.6, color=line)
        .encode(x=_x(), y=y),
        turn.mark_text(**label, stroke=palette.chart_ground, strokeWidth=4, strokeJoin="round"),
        turn.mark_text(**label, color=line),
        end.mark_point(**plain_mark, filled=True, size=60, opacity=1, color=line),
        end.mark_text(**last, color=line).encode(text="text:N"),
    ]
    if complete:
        beside = _named("levels").mark_text(**plain_mark, align="right", dx=-6)
        layers.append(beside.encode(x=alt.value(0), y=y, text="text:N"))
    return _strip([*layers, *_struck(palette, complete=complete)], "curve")


def _ruler(palette: Palette, *, complete: bool) -> Strip:
    sentences = _named("sentences")
    layers = [
        sentences.mark_rect(aria=False, color=palette.chart_ruler, stroke=palette.chart_ground).encode(x=_x(), x2="x2"),
        sentences.mark_text(aria=False, fontSize=11).encode(x=_x("middle"), text="place:N"),
        _named("first").mark_text(aria=False, fontSize=11).encode(x=_x(), text="text:N"),
    ]
    return _strip([*layers, *_caption("ruler", complete=complete), *_struck(palette, complete=complete)], "ruler")


def _heatmap(palette: Palette, ink: Any, *, complete: bool) -> Strip:
    def y(field: str = "t") -> alt.Y:
        return alt.Y(f"{field}:Q").scale(domain=[alt.ExprRef("rows"), 0], round=True, nice=False, padding=0)

    cells = (
        _named("cells")
        .mark_rect(aria=False)
        .encode(x=_x(), x2="x2", y=y(), y2="t2", color=_ramp(palette, legend=_legend(palette) if complete else None))
    )
    numbers = _named("numbers").mark_text(aria=False, fontSize=10).encode(x=_x(), y=y(), text="number:N", color=ink)
    ends = _named("ends").mark_rule(aria=False, color=palette.chart_ground, strokeWidth=1).encode(x=_x())
    last = _named("last")
    frame = last.mark_rect(aria=False, filled=False, stroke=palette.chart_ink, strokeWidth=2).encode(
        x=_x(), x2="x2", y=y(), y2="t2"
    )
    name = last.mark_text(aria=False, align="left", dx=6, fontSize=11).encode(
        x=_x("x2"), y=y("middle"), text=alt.value("← curve")
    )
    layers = [cells, ends, numbers, frame, name]
    if complete:
        rows = _named("rows").mark_text(aria=False, align="right", dx=-6, fontSize=11, limit=140)
        layers.append(rows.encode(x=alt.value(0), y=y(), text="word:N"))
    return _strip([*layers, *_struck(palette, complete=complete)], "heatmap")


def _shares(palette: Palette, *, complete: bool) -> Strip:
    sentences = _named("sentences")
    color = alt.condition("datum.size > 0", alt.value(palette.effect_positive), alt.value(palette.effect_negative))
    domain = [alt.ExprRef("least"), alt.ExprRef("most")]
    y = alt.Y("size:Q").scale(domain=domain, padding=0, nice=False, range=[HEIGHTS["shares"] - 16, 0])
    layers = [
        sentences.mark_rect(aria=False, stroke=palette.chart_ground).encode(
            x=_x(), x2="x2", y=y, y2=alt.datum(0), color=color
        ),
        sentences.mark_rule(aria=False, color=palette.chart_edge, strokeWidth=1).encode(
            x=_x(), x2="x2", y=alt.datum(0)
        ),
        sentences.mark_text(aria=False, fontSize=11, fontWeight="bold").encode(
            x=_x("at"), y=alt.value(HEIGHTS["shares"] - 6), text="label:N"
        ),
    ]
    return _strip([*layers, *_caption("shares", complete=complete), *_struck(palette, complete=complete)], "shares")


def _caption(strip: str, *, complete: bool) -> list[alt.Chart]:
    """What a strip is, beside it."""
    if not complete:
        return []
    text = (
        _named("captions")
        .transform_filter(f"datum.strip == '{strip}'")
        .mark_text(aria=False, align="right", dx=-6, fontSize=11)
    )
    return [text.encode(x=alt.value(0), y=alt.value(HEIGHTS[strip] // 2), text="text:N")]


def _source() -> Strip:
    text = _named("source").mark_text(aria=False, align="left", baseline="top", fontSize=10, limit=FIGURE_WIDTH + 60)
    return alt.layer(text.encode(x=alt.value(0), y=alt.value(9), text="text:N")).properties(
        width=FIGURE_WIDTH, height=34
    )


def _struck(palette: Palette, *, complete: bool) -> list[alt.Chart]:
    """What pales and frames the sentences that are taken out."""
    if not complete:
        return []
    mark = _named("struck").mark_rect(
        aria=False,
        fill=palette.chart_ground,
        fillOpacity=0.7,
        stroke=palette.chart_ink,
        strokeDash=[3, 2],
    )
    return [mark.encode(x=_x(), x2="x2")]


def _strip(layers: list[alt.Chart], name: str) -> Strip:
    return alt.layer(*layers).properties(width=FIGURE_WIDTH, height=HEIGHTS[name])


def _legend(palette: Palette) -> alt.Legend:
    return alt.Legend(
        title="probability",
        orient="top",
        direction="horizontal",
        gradientLength=420,
        gradientOpacity=1,
        gradientThickness=10,
        gradientStrokeColor=palette.chart_edge,
        values=list(RAMP_DOMAIN),
        labelLimit=185,
        labelExpr="datum.value == 0 ? '0% ' + negative : datum.value == 1 ? '100% ' + positive : '50%'",
    )


def record_figure_spec(
    datasets: Mapping[str, Rows],
    *,
    scales: Mapping[str, float],
    classes: tuple[str, str],
    title: str,
    subtitle: str,
    palette: Palette,
) -> dict[str, Any]:
    """The static figure of one record, complete in itself. datasets, scales: the named data and the parameters above.
    classes: (negative, positive)."""
    template = complete_spec(palette)
    heatmap = {**template["vconcat"][2], "height": int(FIGURE_ROW * scales["rows"])}
    values = {**scales, **dict(zip(CLASSES, classes, strict=True))}
    return {
        **template,
        "params": [{**param, "value": values[param["name"]]} for param in template["params"]],
        "vconcat": [*template["vconcat"][:2], heatmap, *template["vconcat"][3:]],
        "title": {"text": title, "subtitle": subtitle},
        "datasets": datasets,
    }


def _ramp(palette: Palette, *, legend: alt.Legend | None) -> alt.Color:
    scale = alt.Scale(domain=list(RAMP_DOMAIN), range=list(palette.ramp), interpolate="rgb", clamp=True)
    return alt.Color("p:Q", scale=scale, legend=legend)


def _ink(palette: Palette) -> Any:
    text = palette.text_on_ramp
    test = f"datum.p < {text.below:g} || datum.p > {text.above:g}"
    return alt.condition(test, alt.value(text.outside), alt.value(text.inside))
