"""The palette of the whole site, and the look that its charts share.

Every colour is a custom property of `templates/assets/theme.css`, or of a user's own theme.css in its place: style
sheets use the properties directly, and Python reads the same file (`Palette.of`) for what no style sheet reaches:
thumbnails, static figures, and the words "blue" and "red". To change a colour, change it there; to give a chart a
further one, add a property to theme.css and the field of its name to `Palette`.

The ramp runs from the negative class's colour over the middle to the positive one's, and is interpolated in RGB: left
to itself Vega-Lite blends in HCL, where the middle of red, white and blue comes out cyan. Its domain is always 0..1,
never the data's own extent, so that pictures compare.

Of the theme's light and dark halves Python reads the light one. Charts that are drawn in a page follow the page: they
have the names of colours (`Palette.live`, which is what a `Frame` has), and a script puts in what the theme says there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from sitegen.errors import OutputError

if TYPE_CHECKING:
    import altair as alt

RAMP_DOMAIN: tuple[float, float, float] = (0.0, 0.5, 1.0)
"""The probabilities that have the ramp's three colours."""

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

UP, DOWN = "triangle-up", "triangle-down"
"""The shapes of the positive and of the negative class: charts must be read without colours, too."""

PREVIEW_SIZE = (1200, 630)  # pixels of the picture beside a link to the site, as those who show them ask for

BLACK, WHITE = "#000000", "#ffffff"  # text on the ramp: whichever reads better there

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AT_RULE = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")  # the dark half of a theme, and what is for print
_DARK = re.compile(r"@media[^{]*prefers-color-scheme\s*:\s*dark")
_PROPERTY = re.compile(r"(--[\w-]+)\s*:\s*([^;{}]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one theme, "#rrggbb", and their names, under the names of theme.css: `ramp_negative` is
    `--ramp-negative` there, and so on."""

    ramp_negative: str  # the ramp at probability 0,
    ramp_middle: str  # at .5
    ramp_positive: str  # and at 1
    ramp_negative_name: str  # each as a reader calls it, in a sentence
    ramp_middle_name: str
    ramp_positive_name: str
    effect_negative: str  # what moves an answer toward the negative class,
    effect_positive: str  # and toward the positive one
    effect_negative_name: str
    effect_positive_name: str
    chart_ground: str  # what charts lie on
    chart_ruler: str  # the sentences over a heatmap
    chart_ink: str  # lines and words
    chart_negative: str  # what is of a class: these two differ in lightness, too
    chart_positive: str
    chart_negative_pale: str  # a weaker shade beside the full one
    chart_positive_pale: str
    chart_contrast: str  # a second series beside the ink
    chart_neutral: str  # what is of no class
    chart_grid: str  # lines behind the marks
    chart_edge: str  # axes, around the ramp of a legend, and lines across a strip
    chart_few: str  # counts by shade: few
    chart_many: str  # and many
    chart_chance: str  # what chance does
    chart_ours: str  # orders of sentences: ours,
    chart_random: str  # at random,
    chart_best: str  # the best possible
    chart_worst: str  # and the worst
    chart_range: str  # from the worst to the best
    chart_band: str  # where a value should lie

    @classmethod
    def of(cls, css: str, *, file: str = "theme.css") -> Palette:
        """The palette of a style sheet; where a property stands several times, its last value outside of @-rules.

        Raises OutputError, naming `file` and the property, where one is missing, a colour is not #rrggbb, or a name is
        empty.
        """
        found = {f"--{name}": value for name, value in properties(css).items()}
        return cls(**{field.name: _value(found, field.name, file) for field in fields(cls)})

    @property
    def live(self) -> Palette:
        """The same, each colour named instead of given, `var(--chart-ink)`: for charts that are drawn in the page,
        where a script puts in what the page's theme says, be it light or dark (templates/assets/chart.js)."""
        names = [field.name for field in fields(self) if not field.name.endswith("_name")]
        return replace(self, **{name: f"var(--{name.replace('_', '-')})" for name in names})

    @property
    def ramp(self) -> tuple[str, str, str]:
        """The colours of probability 0, .5 and 1; everything between is interpolated linearly in RGB."""
        return self.ramp_negative, self.ramp_middle, self.ramp_positive

    def rgb(self, probability: ArrayLike) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """The ramp's colour at each probability in 0..1: (..., 3) uint8, for an input of shape (...)."""
        p = np.asarray(probability, dtype=np.float64)
        if not np.all((p >= 0) & (p <= 1)):
            raise ValueError("probabilities must lie in 0..1")
        return np.floor(self._blend(p) + 0.5).astype(np.uint8)  # halves go up, as in JavaScript

    def _blend(self, p: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The ramp at p, (..., 3), each channel 0..255."""
        ends = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in self.ramp], dtype=np.float64)
        return np.stack([np.interp(p, RAMP_DOMAIN, ends[:, channel]) for channel in range(3)], axis=-1)

    @property
    def text_on_ramp(self) -> TextOnRamp:
        """Black or white for the text on each part of the ramp, by contrast (WCAG 2.2).

        Black on a ground of relative luminance L has the contrast (L + .05) / .05, white 1.05 / (L + .05): black is the
        better one from L = .179 on, where both have 4.58:1. So the ink changes where the ramp passes that luminance,
        once on either side of its middle if at all: for red, white and blue at .117 and .94.
        """

        def prefers_black(p: float) -> bool:
            channels = self._blend(np.asarray(p)) / 255
            linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
            light = float(linear @ [0.2126, 0.7152, 0.0722]) + 0.05
            return light / 0.05 >= 1.05 / light

        low, middle, high = map(prefers_black, RAMP_DOMAIN)
        return TextOnRamp(
            below=_turn(prefers_black, 0.0, 0.5) if low != middle else 0.0,
            above=_turn(prefers_black, 0.5, 1.0) if high != middle else 1.0,
            inside=BLACK if middle else WHITE,
            outside=WHITE if middle else BLACK,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOnRamp:
    """The ink of text on the ramp: `outside` on probabilities less than `below` or more than `above`, else `inside`."""

    below: float
    above: float
    inside: str
    outside: str


def properties(css: str, *, dark: bool = False) -> dict[str, str]:
    """The custom properties of a style sheet by their names without the two hyphens; where one stands several times,
    its last value outside of @-rules. dark: as they are where the reader's system is dark."""
    plain = _COMMENT.sub("", css)
    rules = [_AT_RULE.sub("", plain)]
    if dark:
        rules += [rule for rule in _AT_RULE.findall(plain) if _DARK.match(rule)]
    return {name[2:]: value.strip() for rule in rules for name, value in _PROPERTY.findall(rule)}


def _value(found: dict[str, str], field: str, file: str) -> str:
    name = "--" + field.replace("_", "-")
    if name not in found:
        raise OutputError(f"{file}: the property {name} is missing. Add it, as in sitegen's own theme.css.")
    value = found[name].strip()
    if not field.endswith("_name"):
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            raise OutputError(f"{file}: {name} is {value}, where charts need a colour as #rrggbb. Write it so.")
        return value
    if not (word := value.strip("\"'").strip()):
        raise OutputError(f'{file}: {name} is empty. Give the colour\'s name in quotes, as "blue".')
    return word


def _turn(prefers: Callable[[float], bool], low: float, high: float) -> float:
    """Where between low and high the preference changes, rounded up to thousandths."""
    first = prefers(low)
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if prefers(middle) == first else (low, middle)
    return ceil(1000 * high) / 1000


def plain(
    chart: alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart, *, config: dict[str, Any]
) -> dict[str, Any]:
    """The chart as a dictionary, with `config` in place of Altair's own theme.

    It is not held to Vega-Lite's schema here, which takes longer than to write a page: tests do that.
    """
    spec: dict[str, Any] = chart.to_dict(validate=False)
    return {**spec, "config": config}


def page_chart(chart: alt.Chart | alt.LayerChart | alt.FacetChart, *, palette: Palette, height: int) -> dict[str, Any]:
    """A chart of a page: as wide as its place there, `height` pixels high."""
    named = {"labelColor": palette.chart_ink, "titleColor": palette.chart_ink}
    letters = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", **named}
    look = {
        "view": {"stroke": None},
        "font": FONT,
        "axis": {
            **letters,
            "domainColor": palette.chart_edge,
            "tickColor": palette.chart_edge,
            "gridColor": palette.chart_grid,
        },
        "legend": letters,
        "text": {"color": palette.chart_ink, "fontSize": 12},
        "rule": {"color": palette.chart_ink},
    }
    return plain(chart.properties(width="container", height=height), config=look)


def rounded(**values: float) -> dict[str, float]:
    """Numbers for a chart's data, with digits enough for any screen."""
    return {name: round(float(value), 4) for name, value in values.items()}
