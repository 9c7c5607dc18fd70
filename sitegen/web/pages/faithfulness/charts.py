"""The charts of the page on faithfulness, as Vega-Lite specifications written with Altair.

    dots_spec      figures on one line each: ours, random order, and where they are known the best and the worst order
    curve_spec     the probability as segments are removed or kept, one curve an order
    interval_spec  one measured value with its interval, beside the value it is compared with

An order has one colour and one shape in all of them, so that it is told by more than colour. They lie on white cards in
light and dark alike, as the other charts with numbers inside do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from sitegen.web.charts.style import Palette, card

OURS, RANDOM, BEST, WORST = "our order", "random order", "best possible", "worst possible"
ORDERS = (OURS, RANDOM, BEST, WORST)
_SHAPES = {OURS: "circle", RANDOM: "diamond", BEST: "triangle-up", WORST: "triangle-down"}
_DASHES: dict[str, list[int]] = {OURS: [1, 0], RANDOM: [6, 3], BEST: [2, 2], WORST: [2, 2]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dots:
    """One line of a dot chart."""

    name: str
    right_is_better: bool  # whether further right is better
    values: Mapping[str, float]  # of each order that is known


def dots_spec(
    lines: Sequence[Dots], *, palette: Palette, title: str, limits: tuple[float, float] | None = None
) -> dict[str, Any]:
    """Figures beside each other, one line each; values are shares, shown in percent. limits: of the axis."""
    rows: list[dict[str, Any]] = [
        {"line": f"{line.name}|{_better(line)}", "order": order, "value": round(line.values[order], 4)}
        for line in lines
        for order in ORDERS
        if order in line.values
    ]
    shown = [order for order in ORDERS if any(order in line.values for line in lines)]
    scale = alt.Scale(domain=list(limits or _around([row["value"] for row in rows])), nice=False)
    y = alt.Y("line:N", sort=None).axis(
        title=None, labelExpr="split(datum.label, '|')", ticks=False, domain=False, grid=False, labelLimit=150
    )
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=y)
    x = alt.X("value:Q", scale=scale).axis(title=title, format=".0%", tickCount=6, domain=False)
    ranges = base.mark_rule(color=palette.chart_range, strokeWidth=3).encode(
        x=alt.X("min(value):Q", scale=scale).axis(title=title, format=".0%", tickCount=6, domain=False),
        x2="max(value):Q",
    )
    points = base.mark_point(filled=True, opacity=1).encode(
        x=x,
        color=_order_colour(shown, palette),
        shape=alt.Shape("order:N", sort=None).scale(domain=shown, range=[_SHAPES[order] for order in shown]),
        size=alt.condition(f"datum.order === '{OURS}'", alt.value(150), alt.value(90)),
        tooltip=[
            alt.Tooltip("order:N", title="order"),
            alt.Tooltip("value:Q", title="value", format=".1%"),
        ],
    )
    places: tuple[tuple[str, int, Literal["bold", "normal"]], ...] = ((OURS, -14, "bold"), (RANDOM, 15, "normal"))
    numbers = [
        base.transform_filter(f"datum.order === '{order}'")
        .mark_text(dy=away, fontWeight=weight, color=_colours(palette)[order])
        .encode(x=x, text=alt.Text("value:Q", format=".1%"))
        for order, away, weight in places
    ]
    return card(alt.layer(ranges, points, *numbers), height=60 * len(lines))


def curve_spec(
    fractions: Sequence[float], curves: Mapping[str, Sequence[float]], *, palette: Palette, axis: str, answer: str
) -> dict[str, Any]:
    """Mean probability of the answer (vertical) over the fraction removed or kept; curves: by order."""
    rows = [
        {"x": x, "order": order, "y": round(y, 4)}
        for order in ORDERS
        if order in curves
        for x, y in zip(fractions, curves[order], strict=True)
    ]
    shown = [order for order in ORDERS if order in curves]
    lines = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("x:Q", scale=alt.Scale(domain=[0, 1])).axis(
                title=axis, format=".0%", values=[0, 0.25, 0.5, 0.75, 1], grid=False
            ),
            y=alt.Y("y:Q", scale=alt.Scale(domain=[0, 1])).axis(title=answer, format=".0%", tickCount=5, domain=False),
            color=_order_colour(shown, palette),
            strokeDash=alt.StrokeDash("order:N", sort=None).scale(
                domain=shown, range=[_DASHES[order] for order in shown]
            ),
            tooltip=[
                alt.Tooltip("order:N", title="order"),
                alt.Tooltip("x:Q", title=axis, format=".0%"),
                alt.Tooltip("y:Q", title="probability", format=".1%"),
            ],
        )
    )
    return card(lines, height=220)


def interval_spec(
    rows: Sequence[tuple[str, float, float, float]],
    *,
    palette: Palette,
    compared: tuple[float, float],
    says: str,
    title: str,
    limits: tuple[float, float],
    percent: bool,
) -> dict[str, Any]:
    """Measured values as (name, value, low, high), and what they are compared with.

    compared: a band on the axis, or a line where both ends are equal; `says` stands beside it. limits: of the axis.
    """
    form = ".0%" if percent else "+.1f"
    scale = alt.Scale(domain=list(limits), nice=False)
    x = alt.X("value:Q", scale=scale).axis(title=title, format=form, tickCount=5, grid=False)
    values = [
        {"name": name, "value": round(value, 4), "low": round(low, 4), "high": round(high, 4)}
        for name, value, low, high in rows
    ]
    y = alt.Y("name:N", sort=None).axis(title=None, ticks=False, domain=False, labelLimit=150)
    base = alt.Chart(alt.InlineData(values=values)).encode(y=y)
    band = alt.Chart(alt.InlineData(values=[{"from": compared[0], "to": compared[1], "says": says}]))
    if compared[0] < compared[1]:
        back: Any = band.mark_rect(color=palette.chart_band).encode(x=alt.X("from:Q", scale=scale), x2="to:Q")
    else:
        back = band.mark_rule(strokeDash=[5, 4], color=palette.chart_ink, strokeWidth=1.5).encode(
            x=alt.X("from:Q", scale=scale)
        )
    inside = compared[0] < compared[1]
    label = (
        band.transform_calculate(middle="(datum.from + datum.to) / 2")
        .mark_text(baseline="top", color=palette.chart_ink, align="center" if inside else "left", dx=0 if inside else 6)
        .encode(x=alt.X("middle:Q", scale=scale), y=alt.value(3), text="says:N")
    )
    lines = base.mark_rule(strokeWidth=3, color=palette.chart_ours, opacity=0.5).encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=150, opacity=1, color=palette.chart_ours).encode(
        x=x,
        tooltip=[
            alt.Tooltip("name:N", title="what"),
            alt.Tooltip("value:Q", title="value", format=".1%" if percent else "+.2f"),
            alt.Tooltip("low:Q", title="from", format=".1%" if percent else "+.2f"),
            alt.Tooltip("high:Q", title="to", format=".1%" if percent else "+.2f"),
        ],
    )
    numbers = base.mark_text(dy=-14, fontWeight="bold", color=palette.chart_ours).encode(
        x=x, text=alt.Text("value:Q", format=".0%" if percent else "+.2f")
    )
    return card(alt.layer(back, label, lines, points, numbers), height=64 * len(rows))


def _around(values: Sequence[float]) -> tuple[float, float]:
    """An axis with 0 and all values on it, and room for the marks at both ends."""
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.08 * (high - low) or 0.05
    return round(low - room, 4), round(high + room, 4)


def _better(line: Dots) -> str:
    return "right is better →" if line.right_is_better else "← left is better"


def _colours(palette: Palette) -> dict[str, str]:
    return {
        OURS: palette.chart_ours,
        RANDOM: palette.chart_random,
        BEST: palette.chart_best,
        WORST: palette.chart_worst,
    }


def _order_colour(shown: Sequence[str], palette: Palette) -> alt.Color:
    return (
        alt.Color("order:N", sort=None)
        .scale(domain=list(shown), range=[_colours(palette)[order] for order in shown])
        .legend(title=None, orient="top", columns=2)
    )
