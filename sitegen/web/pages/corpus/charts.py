"""The charts of the page about the whole corpus, as Vega-Lite specifications written with Altair.

Like the histogram they carry their data inside, lie on a white card in light and dark alike, and are as wide as their
place on the page. Each stays small whatever the corpus: places and bins are few, and the picture of the two fields
counts papers in CELLS squares from MOST_POINTS papers on, where single dots could no longer be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

from sitegen.analysis.corpus.calibration import Bin
from sitegen.analysis.corpus.overview import Decisions, PlaceEffect, UnknownWord
from sitegen.web.charts.style import CARD_CONFIG, RAMP, plain

MOST_POINTS = 2000  # papers up to which each is a dot of its own
CELLS = (40, 30)  # squares across and down, beyond
SIZE, TOWARD = "size of the effect", "push toward the model's answer"

_INK, _WARM, _QUIET = "#3c4454", "#b85400", "#8a8a8a"
_COUNTS = ("#dbe7f3", "#0f3a66")  # few papers, many papers


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """What a paper's dot tells: the paper's title, its probability in words, its page, and its predicted class."""

    title: str
    percent: str
    href: str
    predicted: str


def places_spec(places: Sequence[PlaceEffect]) -> dict[str, Any]:
    """Effect by place in the abstract: the mean as a dot, the middle half of the sentences as a line."""
    rows = [
        {"place": place.place, "kind": kind, **_rounded(mean=spread.mean, low=spread.low, high=spread.high)}
        for place in places
        for kind, spread in ((SIZE, place.size), (TOWARD, place.toward))
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("place:N", sort=None).axis(title="place of the sentence in its abstract", labelAngle=0),
        xOffset=alt.XOffset("kind:N", sort=None).scale(paddingOuter=0.6),
        color=alt.Color("kind:N", sort=None)
        .scale(domain=[SIZE, TOWARD], range=[_INK, _WARM])
        .legend(title=None, orient="top", columns=1, labelLimit=300),
        tooltip=[
            alt.Tooltip("place:N", title="place"),
            alt.Tooltip("kind:N", title="what"),
            alt.Tooltip("mean:Q", title="mean", format="+.2f"),
            alt.Tooltip("low:Q", title="a quarter lies below", format="+.2f"),
            alt.Tooltip("high:Q", title="a quarter lies above", format="+.2f"),
        ],
    )
    zero = alt.Chart(alt.InlineData(values=[{"y": 0}])).mark_rule(color=_QUIET).encode(y="y:Q")
    lines = base.mark_rule(strokeWidth=3, opacity=0.55).encode(
        y=alt.Y("low:Q").axis(title="log-odds", domain=False), y2="high:Q"
    )
    means = base.mark_point(filled=True, size=90, opacity=1).encode(
        y="mean:Q", shape=alt.Shape("kind:N", sort=None).scale(domain=[SIZE, TOWARD], range=["circle", "diamond"])
    )
    return _card(alt.layer(zero, lines, means), height=240)


def fields_spec(found: Decisions, dots: Sequence[Dot], *, classes: tuple[str, str]) -> dict[str, Any]:
    """Each paper's title part (right) and abstract part (up) less their averages, and the line where the model's answer
    turns. Up to MOST_POINTS papers one dot each, else counts in squares; `dots` may be empty then.

    classes: (negative, positive).
    """
    many = found.title.size > MOST_POINTS
    across, up = _domain(found.title), _domain(found.abstract)
    x_axis = alt.Axis(title="title, against the average (log-odds)", grid=False, tickCount=6)
    y_axis = alt.Axis(title="abstract, against the average (log-odds)", grid=False, tickCount=6)
    x_scale, y_scale = alt.Scale(domain=list(across), nice=False), alt.Scale(domain=list(up), nice=False)
    turn = found.cut - found.average  # title + abstract on the line where the answer turns
    ends = [{"x": x, "y": turn - x} for x in across]
    line = (
        alt.Chart(alt.InlineData(values=ends))
        .mark_line(strokeDash=[5, 4], color=_INK, strokeWidth=1.5, clip=True)
        .encode(x=alt.X("x:Q", scale=x_scale, axis=x_axis), y=alt.Y("y:Q", scale=y_scale, axis=y_axis))
    )
    middle = [
        alt.Chart(alt.InlineData(values=[{name: 0}])).mark_rule(color="#cfcfcf").encode(**{name: f"{name}:Q"})
        for name in ("x", "y")
    ]
    papers = _squares(found, across, up) if many else _points(found, dots, classes=classes)
    return _card(alt.layer(*middle, papers, line), height=340)


def calibration_spec(bins: Sequence[Bin], *, positive: str) -> dict[str, Any]:
    """What the model said against the share of labels, with 95% intervals and each bin's number of papers."""
    rows = [
        {
            "from": b.low,
            "to": b.high,
            "papers": b.records,
            "positive": b.positive,
            **_rounded(said=b.said, share=b.share, low=b.share_low, high=b.share_high),
        }
        for b in bins
    ]
    shares = alt.Scale(domain=[0, 1])
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("said:Q", scale=shares).axis(format=".0%", title="what the model said, on average", grid=False),
        tooltip=[
            alt.Tooltip("from:Q", title="probability from", format=".0%"),
            alt.Tooltip("to:Q", title="to", format=".0%"),
            alt.Tooltip("papers:Q", title="papers"),
            alt.Tooltip("said:Q", title="said on average", format=".1%"),
            alt.Tooltip("share:Q", title="labelled so", format=".1%"),
            alt.Tooltip("low:Q", title="95% interval from", format=".1%"),
            alt.Tooltip("high:Q", title="to", format=".1%"),
        ],
    )
    y_axis = alt.Axis(format=".0%", title=f"labelled “{positive}”", domain=False)
    lines = base.mark_rule(color=_INK, strokeWidth=2, opacity=0.55).encode(
        y=alt.Y("low:Q", scale=shares, axis=y_axis), y2="high:Q"
    )
    points = base.mark_point(filled=True, color=_INK, size=80, opacity=1).encode(y="share:Q")
    counts = base.mark_text(align="left", dx=8, dy=-2, fontSize=11, color=_INK).encode(y="share:Q", text="papers:Q")
    diagonal = (
        alt.Chart(alt.InlineData(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}]))
        .mark_line(strokeDash=[5, 4], color=_WARM, strokeWidth=1.5)
        .encode(x="x:Q", y="y:Q")
    )
    return _card(alt.layer(diagonal, lines, points, counts), height=300)


def unknown_spec(words: Sequence[UnknownWord]) -> dict[str, Any]:
    """How often each of some unknown words stands in the texts, in the order given."""
    rows = [{"word": word.word, "times": word.occurrences, "papers": word.records} for word in words]
    bars = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(color=_QUIET)
        .encode(
            y=alt.Y("word:N", sort=None).axis(
                title=None, labelLimit=140, ticks=False, domain=False, labelOverlap=False
            ),
            x=alt.X("times:Q").axis(title="times in these texts", tickMinStep=1, domain=False),
            tooltip=[
                alt.Tooltip("word:N", title="word"),
                alt.Tooltip("times:Q", title="times"),
                alt.Tooltip("papers:Q", title="papers"),
            ],
        )
    )
    return _card(bars, height=18 * len(rows))


def _points(found: Decisions, dots: Sequence[Dot], *, classes: tuple[str, str]) -> Any:
    rows = [
        {**_rounded(x=x, y=y), "title": dot.title, "percent": dot.percent, "href": dot.href, "answer": dot.predicted}
        for x, y, dot in zip(found.title.tolist(), found.abstract.tolist(), dots, strict=True)
    ]
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(filled=True, size=55, opacity=0.75, cursor="pointer")
        .encode(
            x="x:Q",
            y="y:Q",
            color=alt.Color("answer:N", sort=None)
            .scale(domain=list(classes), range=[RAMP[0], RAMP[2]])
            .legend(title="the model's answer", orient="top"),
            tooltip=[
                alt.Tooltip("title:N", title="paper"),
                alt.Tooltip("percent:N", title="probability"),
                alt.Tooltip("x:Q", title="title", format="+.2f"),
                alt.Tooltip("y:Q", title="abstract", format="+.2f"),
            ],
        )
    )


def _squares(found: Decisions, across: tuple[float, float], up: tuple[float, float]) -> Any:
    counts, x_edges, y_edges = np.histogram2d(found.title, found.abstract, bins=CELLS, range=[across, up])
    rows = [
        {
            **_rounded(x=x_edges[i], x2=x_edges[i + 1], y=y_edges[j], y2=y_edges[j + 1]),
            "papers": int(counts[i, j]),
        }
        for i, j in np.argwhere(counts).tolist()
    ]
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_rect()
        .encode(
            x="x:Q",
            x2="x2:Q",
            y="y:Q",
            y2="y2:Q",
            color=alt.Color("papers:Q")
            .scale(type="sqrt", range=list(_COUNTS), interpolate="rgb")
            .legend(title="papers", orient="top", gradientLength=160),
            tooltip=[
                alt.Tooltip("papers:Q", title="papers"),
                alt.Tooltip("x:Q", title="title from", format="+.2f"),
                alt.Tooltip("y:Q", title="abstract from", format="+.2f"),
            ],
        )
    )


def _domain(values: np.ndarray[Any, np.dtype[Any]]) -> tuple[float, float]:
    """A little more than the values' extent; never empty."""
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    margin = 0.05 * (high - low) or 1.0
    return round(low - margin, 3), round(high + margin, 3)


def _rounded(**values: float) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in values.items()}


def _card(chart: alt.Chart | alt.LayerChart | alt.FacetChart, *, height: int) -> dict[str, Any]:
    return plain(chart.properties(width="container", height=height), config=CARD_CONFIG)
