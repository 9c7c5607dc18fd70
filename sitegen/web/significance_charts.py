"""The chart of the test of significance: how far sentences push toward a class, rightly and by chance.

One chart a class. Its bars are the sentences of records of that class, its grey outline those of the other class, whose
pushes are the noise; both as shares, since there are not equally many. Bins begin at the line from which sentences
pass, so that no bar has both kinds, and the outermost bins hold all that lies beyond. Most sentences do next to nothing
and few do much: the vertical scale grows with the square root, else the few could not be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import ArrayLike

from sitegen.web.charts import CARD_CONFIG, RAMP, plain
from sitegen.web.wording import excerpt

BINS = 36
LEAST_LIMIT = 4.0  # in spreads: how far the axis goes at least
LEFT_LIMIT = 6.0  # and to the left at most: there are the sentences that push the other way
_PALE = {True: "#a9c6e3", False: "#e6b3b9"}  # positive, negative
_NOISE, _INK = "#6f7683", "#3c4454"


@dataclass(frozen=True, slots=True, kw_only=True)
class PushBin:
    """Pushes from `low` to `high`, in spreads: sentences judged, sentences of noise, and whether the judged pass."""

    low: float
    high: float
    judged: int
    noise: int
    passes: bool


def push_bins(judged: ArrayLike, noise: ArrayLike, *, threshold: float | None) -> tuple[PushBin, ...]:
    """Pushes toward a class counted in about BINS bins of one width, ascending; the outermost hold all beyond them.

    judged: (n,), noise: (m,), in spreads. threshold: from which push on sentences pass; None where none does.
    """
    own, others = np.asarray(judged, dtype=np.float64), np.asarray(noise, dtype=np.float64)
    usual = float(np.quantile(np.abs(np.r_[own, others]), 0.985))
    limit = max(LEAST_LIMIT, 1.5 * (threshold or 0.0), usual)
    low = -min(limit, LEFT_LIMIT)
    width, origin = (limit - low) / BINS, threshold or 0.0
    first, last = (int(np.floor((end - origin) / width)) for end in (low, limit))

    def counts(values: Any) -> list[int]:
        bins = np.clip(np.floor((values - origin) / width), first, last).astype(int) - first
        return [int(n) for n in np.bincount(bins, minlength=last - first + 1)]

    return tuple(
        PushBin(
            low=origin + k * width,
            high=origin + (k + 1) * width,
            judged=n,
            noise=m,
            passes=threshold is not None and k >= 0,
        )
        for k, n, m in zip(range(first, last + 1), counts(own), counts(others), strict=True)
    )


def push_spec(
    bins: Sequence[PushBin], *, threshold: float | None, names: tuple[str, str], positive: bool
) -> dict[str, Any]:
    """How far sentences push toward the class names[0], where they are of it and where they are of names[1].

    bins: what `push_bins` made with that threshold; neither kind may be empty. positive: whether names[0] is the
    positive class.
    """
    judged, noise = sum(b.judged for b in bins), sum(b.noise for b in bins)
    passed, quiet, chance = "stands out", "does not stand out", f"chance: papers labelled “{excerpt(names[1], 22)}”"
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
    colours = {passed: RAMP[2] if positive else RAMP[0], quiet: _PALE[positive], chance: _NOISE}
    scale = alt.Scale(domain=[round(bins[0].low, 4), round(bins[-1].high, 4)], nice=False)
    axis = alt.Axis(title=f"push toward “{excerpt(names[0], 22)}”", grid=False, tickCount=8)
    y = alt.Y("share:Q", stack=None, scale=alt.Scale(type="sqrt")).axis(
        title="of 100 sentences", format="~g", domain=False, values=[0, 0.1, 0.5, 1, 2, 5, 10, 20, 40]
    )
    colour = (
        alt.Color("kind:N", sort=None)
        .scale(domain=[*shown, chance], range=[colours[kind] for kind in (*shown, chance)])
        .legend(title=None, orient="top", columns=1, labelLimit=300, symbolType="square")
    )
    area = (
        alt.Chart(alt.InlineData(values=steps))
        .mark_area(interpolate="step-after", opacity=0.4, line={"color": _NOISE, "strokeWidth": 1.5})
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
        layers += _line(threshold, beyond_middle=3 * threshold > bins[-1].high)
    return plain(alt.layer(*layers).properties(width="container", height=230), config=CARD_CONFIG)


def _line(threshold: float, *, beyond_middle: bool) -> list[alt.Chart]:
    data = alt.InlineData(values=[{"x": round(threshold, 4), "says": "stands out from here on"}])
    rule = alt.Chart(data).mark_rule(strokeDash=[4, 3], color=_INK, strokeWidth=1.5).encode(x="x:Q")
    text = (
        alt.Chart(data)
        .mark_text(
            align="right" if beyond_middle else "left", dx=-5 if beyond_middle else 5, baseline="top", color=_INK
        )
        .encode(x="x:Q", y=alt.value(2), text="says:N")
    )
    return [rule, text]
