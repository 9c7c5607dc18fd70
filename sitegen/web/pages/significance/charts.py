"""The chart of one class: what its sentences say alone, beside those of the other class's papers.

Its bars are the sentences that are tested, its grey area those that they are compared with; both as shares, since there
are not equally many. The axis is the margin, with probabilities as its labels: all pages give the probability of the
positive class, so both classes' charts run the same way. Bins begin at the weakest sentence that passes, so that no bar
has both kinds (where thresholds differ by length, some have). The upright scale grows with the square root.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log
from typing import Any

import altair as alt
import numpy as np

from sitegen.analysis.significance.evidence import Mark
from sitegen.corpus.arrays import Array
from sitegen.web.charts.style import Palette, page_chart
from sitegen.web.pages.significance.results import ClassResults
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import excerpt
from sitegen.web.text.verdicts import CLEAR_FROM, SYMBOLS, WORDS

BINS = 36
LEAST_WIDTH = 0.05  # log-odds
EDGES = (0.005, 0.995)  # quantiles of the sentences; the outermost bins hold what lies beyond
PERCENTS = ((0.1, 1, 10, 50, 90, 99, 99.9), (1, 5, 20, 50, 80, 95, 99), tuple(range(1, 100)))
HEIGHT = 230


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Sentences whose margins alone lie from `low` to `high`."""

    low: float
    high: float
    clear: int  # tested sentences that pass
    rest: int  # tested sentences that do not
    others: int  # sentences that they are compared with


def alone_bins(one: ClassResults, neutral: Array, *, line: float | None) -> tuple[Bin, ...]:
    """The sentences of a class and the others in about BINS bins, ascending and equally wide; the outermost hold all
    beyond them. neutral: margins that must find their place, too. line: a margin at which a bin begins."""
    every = np.r_[one.own, one.others]
    low, high = np.quantile(every, EDGES)
    low, high = (f(np.r_[end, neutral, one.zero]) for f, end in ((np.min, low), (np.max, high)))
    width = max(float(high - low) / BINS, LEAST_WIDTH)
    origin = one.zero if line is None else line
    first, last = (int(np.floor((end - origin) / width)) for end in (low, high))

    def counts(margins: Array) -> list[int]:
        # An upper end belongs to the bin below it where larger is weaker, so that the line parts the marked ones.
        inside = (margins - origin) / width
        inside = np.floor(inside + 1e-9) if one.y else np.ceil(inside - 1e-9) - 1
        places = np.clip(inside, first, last).astype(int) - first
        return [int(n) for n in np.bincount(places, minlength=last - first + 1)]

    clear, rest, others = counts(one.own[one.passes]), counts(one.own[~one.passes]), counts(one.others)
    return tuple(
        Bin(
            low=origin + (first + k) * width,
            high=origin + (first + k + 1) * width,
            clear=clear[k],
            rest=rest[k],
            others=others[k],
        )
        for k in range(last - first + 1)
    )


def alone_spec(
    one: ClassResults,
    bins: Sequence[Bin],
    *,
    neutral: Sequence[tuple[str, float]],
    positive: str,
    palette: Palette,
    nouns: Nouns = PAPERS,
) -> dict[str, Any]:
    """What the sentences of a class say alone, beside the others, the neutral ones and the line of those that pass.

    bins: what `alone_bins` made. neutral: the neutral sentences with their margins. positive: the positive class.
    """
    n, m = one.own.size, one.others.size
    clear = f"{WORDS[Mark.PASSES]} ({SYMBOLS[Mark.PASSES]})"
    rest, ticks = "not marked", "neutral sentences (ticks)"
    others = f"from “{excerpt(one.other, 22)}” {nouns.many} (area)"
    bars = [
        {
            "from": round(b.low, 4),
            "to": round(b.high, 4),
            "kind": kind,
            "base": round(100 * below / n, 4),
            "share": round(100 * (below + k) / n, 4),
            "sentences": k,
        }
        for b in bins
        for kind, below, k in ((clear, 0, b.clear), (rest, b.clear, b.rest))
        if k
    ]
    steps = [{"from": round(b.low, 4), "kind": others, "share": round(100 * b.others / m, 4)} for b in bins]
    steps.append({**steps[-1], "from": round(bins[-1].high, 4)})
    full, pale = (
        (palette.chart_positive, palette.chart_positive_pale)
        if one.y
        else (palette.chart_negative, palette.chart_negative_pale)
    )
    colours = {clear: full, rest: pale, others: palette.chart_chance, ticks: palette.chart_contrast}
    shown = [*([clear] if one.test.passed else []), rest, others, *([ticks] if neutral else [])]
    low, high = bins[0].low, bins[-1].high
    x = alt.Scale(domain=[round(low, 4), round(high, 4)], nice=False)
    axis = alt.Axis(
        title=f"alone it says “{excerpt(positive, 22)}”",
        grid=False,
        values=_places(low, high),
        labelExpr="format(1 / (1 + exp(-datum.value)), '.4~%')",
        labelOverlap=True,
    )
    most = max([100 * (b.clear + b.rest) / n for b in bins] + [100 * b.others / m for b in bins])
    y = alt.Y("share:Q", stack=None, scale=alt.Scale(type="sqrt", domain=[0, round(1.2 * most, 2)], nice=False)).axis(
        title="of 100 sentences", labelExpr="'' + datum.value", domain=False, values=[0, 0.5, 2, 5, 10, 20, 40, 80]
    )
    colour = (
        alt.Color("kind:N", sort=None)
        .scale(domain=shown, range=[colours[kind] for kind in shown])
        .legend(title=None, orient="top", columns=1, labelLimit=300, symbolType="square", offset=26)
    )
    area = (
        alt.Chart(alt.InlineData(values=steps))
        .mark_area(interpolate="step-after", opacity=0.4, line={"color": palette.chart_chance, "strokeWidth": 1.5})
        .encode(x=alt.X("from:Q", scale=x, axis=axis), y=y, color=colour)
    )
    sentences = (
        alt.Chart(alt.InlineData(values=bars))
        .mark_bar(binSpacing=2, opacity=0.85)
        .encode(
            x=alt.X("from:Q", bin="binned", scale=x, axis=axis),
            x2="to",
            y=y,
            y2="base:Q",
            color=colour,
            tooltip=[
                alt.Tooltip("kind:N", title="which"),
                alt.Tooltip("sentences:Q", title="sentences"),
            ],
        )
    )
    layers: list[Any] = [*_bands(one, palette, x), sentences, area]
    if neutral:
        rows = [{"x": round(margin, 4), "kind": ticks, "text": text} for text, margin in neutral]
        layers.append(
            alt.Chart(alt.InlineData(values=rows))
            .mark_tick(thickness=2, size=12, opacity=0.8)
            .encode(
                x=alt.X("x:Q", scale=x),
                y=alt.value(8),
                color=colour,
                tooltip=[alt.Tooltip("text:N", title="neutral sentence")],
            )
        )
    return page_chart(alt.layer(*layers, *_lines(one, palette, low, high)), palette=palette, height=HEIGHT)


def _bands(one: ClassResults, palette: Palette, scale: alt.Scale) -> list[alt.Chart]:
    """Where the weakest sentence that passes would lie with other papers, by length; behind all else."""
    rows = [
        {"x": round(one.zero + one.direction * a, 4), "to": round(one.zero + one.direction * b, 4)}
        for a, b in zip(one.test.tau_low.tolist(), one.test.tau_high.tolist(), strict=True)
        if isfinite(a) and isfinite(b)
    ]
    if not rows:
        return []
    band = alt.Chart(alt.InlineData(values=rows)).mark_rect(color=palette.chart_band, clip=True)
    return [band.encode(x=alt.X("x:Q", scale=scale), x2="to:Q")]


def _lines(one: ClassResults, palette: Palette, low: float, high: float) -> list[alt.Chart]:
    """The line of zero, and the weakest sentence that passes, by length."""
    zero = alt.Chart(alt.InlineData(values=[{"x": round(one.zero, 4)}]))
    lines = [zero.mark_rule(color=palette.chart_neutral, strokeWidth=1).encode(x="x:Q")]
    taus = [one.zero + one.direction * tau for tau in one.test.tau.tolist() if isfinite(tau)]
    if taus:
        data = alt.InlineData(values=[{"x": round(tau, 4)} for tau in taus])
        lines.append(
            alt.Chart(data).mark_rule(strokeDash=[4, 3], color=palette.chart_ink, strokeWidth=1.5).encode(x="x:Q")
        )
        weakest = min(taus) if one.y else max(taus)
        right = weakest > (low + high) / 2  # the words stand where there is room
        said = alt.Chart(alt.InlineData(values=[{"x": round(weakest, 4), "says": CLEAR_FROM}]))
        text = said.mark_text(
            align="right" if right else "left", dx=-5 if right else 5, baseline="bottom", color=palette.chart_ink
        )
        lines.append(text.encode(x="x:Q", y=alt.value(-4), text="says:N"))
    return lines


def _places(low: float, high: float) -> list[float]:
    """Where the axis is labelled: at round percentages, in log-odds; the first list of which three lie within."""
    for percents in PERCENTS:
        places = [round(log(p / (100 - p)), 6) for p in percents]
        inside = [place for place in places if low <= place <= high]
        if len(inside) >= 3:
            return inside
    return [round(low, 4), round((low + high) / 2, 4), round(high, 4)]
