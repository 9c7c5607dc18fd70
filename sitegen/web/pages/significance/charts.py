"""The chart of the test of significance: how far sentences push toward a class, rightly and by chance.

One chart a class. Its bars are the sentences of records of that class, its grey outline those of the other class, whose
pushes are the noise; both as shares, since there are not equally many. Bins begin at the line from which sentences
pass, so that no bar has both kinds, and the outermost bins hold all that lies beyond. Most sentences do next to nothing
and few do much, in some models a hundred times as much: so the horizontal scale is logarithmic beyond 1, and the
vertical one grows with the square root.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import ArrayLike

from sitegen.web.charts.style import Palette, card
from sitegen.web.text.numbers import excerpt
from sitegen.web.text.verdicts import BY_CHANCE, NOT_STANDING_OUT, from_here_on

BINS = 36
LEAST_LIMIT = 4.0  # in spreads: how far the axis goes at least
TICKS = (-300, -100, -30, -10, -3, -1, 0, 1, 3, 10, 30, 100, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class PushBin:
    """Pushes from `low` to `high`, in spreads: sentences judged, sentences of noise, and whether the judged pass."""

    low: float
    high: float
    judged: int
    noise: int
    passes: bool


def push_bins(judged: ArrayLike, noise: ArrayLike, *, threshold: float | None) -> tuple[PushBin, ...]:
    """Pushes toward a class counted in about BINS bins, ascending, equally wide on the axis; the outermost hold all
    beyond them.

    judged: (n,), noise: (m,), in spreads. threshold: from which push on sentences pass; None where none does.
    """
    own, others = np.asarray(judged, dtype=np.float64), np.asarray(noise, dtype=np.float64)
    usual = float(np.quantile(np.abs(np.r_[own, others]), 0.99))
    end = float(_squeezed(max(LEAST_LIMIT, 1.5 * (threshold or 0.0), usual)))
    width, origin = 2 * end / BINS, float(_squeezed(threshold or 0.0))
    first, last = (int(np.floor((side - origin) / width)) for side in (-end, end))

    def counts(values: Any) -> list[int]:
        inside = np.floor((_squeezed(values) - origin) / width)
        bins = np.clip(
            np.where(values >= (threshold or 0.0), np.maximum(inside, 0), np.minimum(inside, -1)), first, last
        )
        return [int(n) for n in np.bincount(bins.astype(int) - first, minlength=last - first + 1)]

    edges = [_stretched(origin + k * width) for k in range(first, last + 2)]
    return tuple(
        PushBin(low=low, high=high, judged=n, noise=m, passes=threshold is not None and k >= 0)
        for k, low, high, n, m in zip(
            range(first, last + 1), edges[:-1], edges[1:], counts(own), counts(others), strict=True
        )
    )


def _squeezed(push: Any) -> Any:
    """Where a push lies on the axis: Vega's symlog scale, nearly linear within 1 and logarithmic beyond."""
    return np.sign(push) * np.log1p(np.abs(push))


def _stretched(place: float) -> float:
    """The push at a place of the axis."""
    return float(np.sign(place) * np.expm1(abs(place)))


def push_spec(
    bins: Sequence[PushBin],
    *,
    threshold: float | None,
    toward: str,
    positive: bool,
    palette: Palette,
    passes: str,
) -> dict[str, Any]:
    """How far sentences push toward the class `toward`, where they are of it and where they are of the other.

    bins: what `push_bins` made with that threshold; neither kind may be empty. positive: whether it is the positive
    class. passes: what is said of those that pass.
    """
    judged, noise = sum(b.judged for b in bins), sum(b.noise for b in bins)
    passed, quiet, chance = passes, NOT_STANDING_OUT, BY_CHANCE
    bars = [
        {
            "from": round(b.low, 4),
            "to": round(b.high, 4),
            "kind": passed if b.passes else quiet,
            "share": round(100 * b.judged / judged, 4),
            "sentences": b.judged,
        }
        for b in bins
        if b.judged
    ]
    steps = [{"from": round(b.low, 4), "kind": chance, "share": round(100 * b.noise / noise, 4)} for b in bins]
    steps.append({**steps[-1], "from": round(bins[-1].high, 4)})
    shown = [kind for kind in (passed, quiet) if any(bar["kind"] == kind for bar in bars)]
    full, pale = (
        (palette.ramp_positive, palette.ramp_positive_pale)
        if positive
        else (palette.ramp_negative, palette.ramp_negative_pale)
    )
    colours = {passed: full, quiet: pale, chance: palette.chart_chance}
    scale = alt.Scale(domain=[round(bins[0].low, 4), round(bins[-1].high, 4)], nice=False, type="symlog", constant=1)
    axis = alt.Axis(title=f"push toward “{excerpt(toward, 22)}”", grid=False, values=list(TICKS), labelOverlap=True)
    y = alt.Y("share:Q", stack=None, scale=alt.Scale(type="sqrt")).axis(
        title="of 100 sentences", labelExpr="'' + datum.value", domain=False, values=[0, 0.5, 2, 5, 10, 20, 40]
    )
    colour = (
        alt.Color("kind:N", sort=None)
        .scale(domain=[*shown, chance], range=[colours[kind] for kind in (*shown, chance)])
        .legend(title=None, orient="top", columns=1, labelLimit=300, symbolType="square")
    )
    area = (
        alt.Chart(alt.InlineData(values=steps))
        .mark_area(interpolate="step-after", opacity=0.4, line={"color": palette.chart_chance, "strokeWidth": 1.5})
        .encode(x=alt.X("from:Q", scale=scale, axis=axis), y=y, color=colour)
    )
    sentences = (
        alt.Chart(alt.InlineData(values=bars))
        .mark_bar(binSpacing=2, opacity=0.85)
        .encode(
            x=alt.X("from:Q", bin="binned", scale=scale, axis=axis),
            x2="to",
            y=y,
            color=colour,
            tooltip=[
                alt.Tooltip("from:Q", title="push from", format="+.1f"),
                alt.Tooltip("to:Q", title="to", format="+.1f"),
                alt.Tooltip("kind:N", title="which"),
                alt.Tooltip("sentences:Q", title="sentences"),
                alt.Tooltip("share:Q", title="of 100 sentences", format=".2f"),
            ],
        )
    )
    layers: list[Any] = [sentences, area]
    if threshold is not None:
        layers += _line(
            threshold,
            from_here_on(passes),
            ink=palette.chart_ink,
            beyond_middle=3 * _squeezed(threshold) > _squeezed(bins[-1].high),
        )
    return card(alt.layer(*layers), height=230)


def _line(threshold: float, says: str, *, ink: str, beyond_middle: bool) -> list[alt.Chart]:
    data = alt.InlineData(values=[{"x": round(threshold, 4), "says": says}])
    rule = alt.Chart(data).mark_rule(strokeDash=[4, 3], color=ink, strokeWidth=1.5).encode(x="x:Q")
    text = (
        alt.Chart(data)
        .mark_text(
            align="right" if beyond_middle else "left", dx=-5 if beyond_middle else 5, baseline="bottom", color=ink
        )
        .encode(x="x:Q", y=alt.value(-4), text="says:N")
    )
    return [rule, text]
