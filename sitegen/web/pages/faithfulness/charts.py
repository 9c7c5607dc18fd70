"""The charts of the page on faithfulness, as Vega-Lite specifications written with Altair.

    interval_spec         measured values with their intervals, one line a measure, beside what guessing does
    class_intervals_spec  the same with two values a line, one for either class
    dots_spec             a measure's order on each line, beside random order and the best and the worst that are known
    curve_spec            the probability as segments are removed or kept, one curve an order

Numbers in charts are texts that came with them (text/numbers.py wrote them), so that they read as on the page. A
measure has one colour, a class its own; both are told by more than colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from sitegen.analysis.faithfulness.measures import LEAVE_ONE_OUT, READ_ALONE, SHARE
from sitegen.web.charts.style import DOWN, UP, Palette, page_chart
from sitegen.web.pages.faithfulness.wording import BEST, NAMES, RANDOM, WORST

OURS = "this order"
DOTS = (OURS, RANDOM, BEST, WORST)
_SHAPES = {OURS: "circle", RANDOM: "diamond", BEST: UP, WORST: DOWN}
_SHARES = [0, 0.25, 0.5, 0.75, 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A measured value and its interval, as numbers and as readers see them."""

    name: str  # of the line
    group: str  # which of the line's values it is; "" for the only one
    value: float
    low: float
    high: float
    text: str  # the value
    between: str  # the interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Dots:
    """One line of a dot chart: values by the order's name, each with its text."""

    name: str
    values: Mapping[str, tuple[float, str]]


def interval_spec(
    rows: Sequence[Interval],
    *,
    palette: Palette,
    compared: float,
    says: str,
    title: str,
    limits: tuple[float, float] = (0.0, 1.0),
    band: float = 0.0,
) -> dict[str, Any]:
    """Values from 0 to 1 in percent, or of `limits` as they are. compared: what they stand beside, a line there, or a
    band of `band` to either side; `says` names it."""
    scale = alt.Scale(domain=list(limits), nice=False)
    base = alt.Chart(alt.InlineData(values=[_row(row) for row in rows])).encode(y=_lines())
    back = _compared(compared, band=band, says=says, scale=scale, palette=palette)
    bars = base.mark_rule(strokeWidth=3, color=palette.chart_ours, opacity=0.5).encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=150, opacity=1, color=palette.chart_ours).encode(
        x=_across(scale, title=title, limits=limits), tooltip=_tips("name:N", "what")
    )
    numbers = base.mark_text(dy=-14, fontWeight="bold", color=palette.chart_ours).encode(
        x=alt.X("value:Q", scale=scale), text="text:N"
    )
    return page_chart(alt.layer(*back, bars, points, numbers), palette=palette, height=58 * len(rows))


def class_intervals_spec(
    rows: Sequence[Interval],
    *,
    classes: tuple[str, str],
    palette: Palette,
    compared: float,
    says: str,
    title: str,
    most: float = 1.0,
) -> dict[str, Any]:
    """Rates in percent, a line a measure, on it one of either class (the row's group), in the classes' own colours.
    most: where the axis ends."""
    scale = alt.Scale(domain=[-0.03 * most, 1.12 * most], nice=False)  # room for marks and numbers
    shown = [name for name in reversed(classes) if any(row.group == name for row in rows)]
    colours = {classes[1]: palette.chart_positive, classes[0]: palette.chart_negative}
    shapes = {classes[1]: UP, classes[0]: DOWN}
    base = alt.Chart(alt.InlineData(values=[_row(row) for row in rows])).encode(
        y=_lines(), yOffset=alt.YOffset("group:N", sort=shown, scale=alt.Scale(paddingOuter=0.35))
    )
    colour = (
        alt.Color("group:N", sort=None)
        .scale(domain=shown, range=[colours[name] for name in shown])
        .legend(title=None, orient="top", columns=2, labelLimit=200)
    )
    back = _compared(compared, band=0.0, says=says, scale=scale, palette=palette)
    bars = base.mark_rule(strokeWidth=3, opacity=0.5).encode(x=alt.X("low:Q", scale=scale), x2="high:Q", color=colour)
    points = base.mark_point(filled=True, size=110, opacity=1).encode(
        x=_across(scale, title=title, limits=(0.0, 1.0), most=most),
        color=colour,
        shape=alt.Shape("group:N", sort=None).scale(domain=shown, range=[shapes[name] for name in shown]),
        tooltip=[alt.Tooltip("group:N", title="class"), *_tips("name:N", "what")],
    )
    numbers = base.mark_text(dx=7, align="left", fontWeight="bold").encode(
        x=alt.X("high:Q", scale=scale), text="text:N", color=colour
    )
    lines = len({row.name for row in rows})
    return page_chart(alt.layer(*back, bars, points, numbers), palette=palette, height=66 * lines)


def dots_spec(
    lines: Sequence[Dots],
    *,
    palette: Palette,
    title: str,
    better: Literal["more", "less"],
    limits: tuple[float, float] | None = None,
) -> dict[str, Any]:
    """A line for each measure's order, and on it the other orders. limits: of the axis; from 0 to 1 it is in percent,
    else as the values are."""
    rows: list[dict[str, Any]] = [
        {"name": line.name, "order": order, "value": round(line.values[order][0], 4), "text": line.values[order][1]}
        for line in lines
        for order in DOTS
        if order in line.values
    ]
    shown = [order for order in DOTS if any(order in line.values for line in lines)]
    ends = limits or _around([row["value"] for row in rows])
    scale = alt.Scale(domain=list(ends), nice=False)
    arrow = "right is better →" if better == "more" else "← left is better"
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=_lines())
    ranges = base.mark_rule(color=palette.chart_range, strokeWidth=3).encode(
        x=alt.X("min(value):Q", scale=scale), x2="max(value):Q"
    )
    points = base.mark_point(filled=True, opacity=1).encode(
        x=_across(scale, title=f"{title} ({arrow})", limits=limits or (0.0, 0.0)),
        color=alt.Color("order:N", sort=None)
        .scale(domain=shown, range=[_dot_colours(palette)[order] for order in shown])
        .legend(title=None, orient="top", columns=2),
        shape=alt.Shape("order:N", sort=None).scale(domain=shown, range=[_SHAPES[order] for order in shown]),
        size=alt.condition(f"datum.order === '{OURS}'", alt.value(150), alt.value(80)),
        tooltip=[
            alt.Tooltip("name:N", title="by"),
            alt.Tooltip("order:N", title="order"),
            alt.Tooltip("text:N", title="value"),
        ],
    )
    places: tuple[tuple[str, int, Literal["bold", "normal"]], ...] = ((OURS, -14, "bold"), (RANDOM, 15, "normal"))
    numbers = [
        base.transform_filter(f"datum.order === '{order}'")
        .mark_text(dy=away, fontWeight=weight, color=_dot_colours(palette)[order])
        .encode(x=alt.X("value:Q", scale=scale), text="text:N")
        for order, away, weight in places
    ]
    return page_chart(alt.layer(ranges, points, *numbers), palette=palette, height=56 * len(lines))


def curve_spec(
    fractions: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    texts: Mapping[str, Sequence[str]],
    *,
    palette: Palette,
    axis: str,
    answer: str,
) -> dict[str, Any]:
    """Mean probability of the answer (vertical) over the fraction removed or kept; curves: by the measure's short name
    or the order's, with the texts of their points."""
    rows = [
        {"x": x, "order": order, "y": round(y, 4), "text": text}
        for order, values in curves.items()
        for x, y, text in zip(fractions, values, texts[order], strict=True)
    ]
    shown = list(curves)
    colours, dashes = _curve_colours(palette), _curve_dashes()
    lines = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("x:Q", scale=alt.Scale(domain=[0, 1])).axis(title=axis, format=".0%", values=_SHARES, grid=False),
            y=alt.Y("y:Q", scale=alt.Scale(domain=[0, 1])).axis(title=answer, format=".0%", tickCount=5, domain=False),
            color=alt.Color("order:N", sort=None)
            .scale(domain=shown, range=[colours[order] for order in shown])
            .legend(title=None, orient="top", columns=2, symbolStrokeWidth=2.5),
            strokeDash=alt.StrokeDash("order:N", sort=None).scale(
                domain=shown, range=[dashes[order] for order in shown]
            ),
            tooltip=[
                alt.Tooltip("order:N", title="order"),
                alt.Tooltip("x:Q", title=axis, format=".0%"),
                alt.Tooltip("text:N", title="probability"),
            ],
        )
    )
    return page_chart(lines, palette=palette, height=220)


def _row(row: Interval) -> dict[str, Any]:
    numbers = {name: round(getattr(row, name), 4) for name in ("value", "low", "high")}
    return {"name": row.name, "group": row.group, **numbers, "text": row.text, "between": row.between}


def _lines() -> alt.Y:
    return alt.Y("name:N", sort=None).axis(
        title=None, ticks=False, domain=False, grid=False, labelLimit=170, labelPadding=8
    )


def _across(scale: alt.Scale, *, title: str, limits: tuple[float, float], most: float = 1.0) -> alt.X:
    """The horizontal axis: in percent where its limits are 0 and 1, however much of it is shown."""
    ticks = {"values": _SHARES} if most == 1 else {"tickCount": 5}
    form = {"format": ".0%", **ticks} if limits == (0.0, 1.0) else {"tickCount": 5}
    return alt.X("value:Q", scale=scale).axis(title=title, grid=False, **form)


def _tips(name: str, title: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip(name, title=title),
        alt.Tooltip("text:N", title="value"),
        alt.Tooltip("between:N", title="95% interval"),
    ]


def _compared(
    value: float, *, band: float, says: str, scale: alt.Scale, palette: Palette
) -> tuple[alt.Chart, alt.Chart]:
    """What values stand beside, behind them, and its name."""
    data = alt.Chart(alt.InlineData(values=[{"from": value - band, "to": value + band, "at": value, "says": says}]))
    if band:
        back = data.mark_rect(color=palette.chart_band).encode(x=alt.X("from:Q", scale=scale), x2="to:Q")
    else:
        back = data.mark_rule(strokeDash=[5, 4], color=palette.chart_ink, strokeWidth=1.5).encode(
            x=alt.X("from:Q", scale=scale)
        )
    label = data.mark_text(
        baseline="bottom", color=palette.chart_ink, align="center" if band else "left", dx=0 if band else 6, dy=-2
    ).encode(x=alt.X("at:Q", scale=scale), y=alt.value("height"), text="says:N")
    return back, label


def _around(values: Sequence[float]) -> tuple[float, float]:
    """An axis with 0 and all values on it, and room for the marks at both ends."""
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.08 * (high - low) or 0.05
    return round(low - room, 4), round(high + room, 4)


def _dot_colours(palette: Palette) -> dict[str, str]:
    return {
        OURS: palette.chart_ours,
        RANDOM: palette.chart_random,
        BEST: palette.chart_best,
        WORST: palette.chart_worst,
    }


def _curve_colours(palette: Palette) -> dict[str, str]:
    return {
        NAMES[SHARE].short: palette.chart_ours,
        NAMES[READ_ALONE].short: palette.chart_contrast,
        NAMES[LEAVE_ONE_OUT].short: palette.chart_ink,
        RANDOM: palette.chart_random,
        BEST: palette.chart_best,
    }


def _curve_dashes() -> dict[str, list[int]]:
    return {
        NAMES[SHARE].short: [1, 0],
        NAMES[READ_ALONE].short: [8, 3],
        NAMES[LEAVE_ONE_OUT].short: [10, 3, 2, 3],
        RANDOM: [4, 4],
        BEST: [2, 2],
    }
