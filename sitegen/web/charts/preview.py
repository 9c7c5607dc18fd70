"""The picture that other sites show beside a link to this one: its name over the histogram of its answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from sitegen.web.charts.histogram import histogram_spec
from sitegen.web.charts.style import PREVIEW_SIZE, Palette
from sitegen.web.text.nouns import PAPERS, Nouns

WIDTH, HEIGHT = PREVIEW_SIZE
MARGIN = 56
FONT = "Liberation Sans, Arial, sans-serif"  # the first is one that vl-convert carries: the same on every machine


def preview_spec(
    probabilities: ArrayLike,
    *,
    labels: Sequence[int | None] | None,
    classes: tuple[str, str],
    palette: Palette,
    threshold: float,
    title: str,
    subtitle: str,
    nouns: Nouns = PAPERS,
) -> dict[str, Any]:
    """The histogram of the first page (see there for the arguments) at the size of a preview, with the site's title."""
    spec = histogram_spec(
        probabilities, labels=labels, classes=classes, palette=palette, threshold=threshold, nouns=nouns
    )
    letters = {"labelFontSize": 24, "titleFontSize": 24}
    look = spec["config"]
    return {
        **spec,
        "width": WIDTH,
        "height": HEIGHT,
        "padding": MARGIN,
        "autosize": {"type": "fit", "contains": "padding"},
        "background": palette.chart_ground,
        "title": {
            "text": title,
            "subtitle": subtitle,
            "anchor": "start",
            "frame": "bounds",
            "offset": 30,
            "limit": WIDTH - 2 * MARGIN,
            "font": FONT,
            "subtitleFont": FONT,
            "fontSize": 50,
            "subtitleFontSize": 28,
            "subtitlePadding": 14,
            "color": palette.chart_ink,
            "subtitleColor": palette.chart_ink,
        },
        "config": {
            **look,
            "font": FONT,
            "axis": {**look["axis"], **letters},
            "legend": {**look["legend"], **letters, "symbolSize": 500, "labelLimit": 0},
            "rule": {**look["rule"], "strokeWidth": 2},
        },
    }
