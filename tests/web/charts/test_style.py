"""The palette: read from a style sheet, one ramp for all, and readable text on it."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import numpy as np
import pytest

from sitegen.errors import OutputError
from sitegen.web.charts.style import Palette
from sitegen.web.publish.render import templates_folder
from tests.web.papers import PALETTE

THEME = (templates_folder() / "assets" / "theme.css").read_text(encoding="utf-8")


def ramp_colour(probability: float, palette: Palette = PALETTE) -> str:
    return "#" + bytes(palette.rgb(probability)).hex()


def text_colour(probability: float, palette: Palette = PALETTE) -> str:
    text = palette.text_on_ramp
    return text.inside if text.below <= probability <= text.above else text.outside


def luminance(colour: str) -> float:
    """Relative luminance as in WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_the_ramp_runs_straight_through_white() -> None:
    assert [ramp_colour(p) for p in (0, 0.5, 1)] == ["#b2182b", "#ffffff", "#2166ac"]
    assert ramp_colour(0.25) == "#d98c95"  # half-way, channel by channel: (0xb2 + 0xff) / 2 and so on
    with pytest.raises(ValueError, match=r"0\.\.1"):
        ramp_colour(1.01)


RAMPS = {
    "ours": ("#b2182b", "#ffffff", "#2166ac"),
    "green and purple": ("#1b7837", "#f7f7f7", "#762a83"),
    "pale": ("#ffcccc", "#ffffff", "#ccccff"),
    "dark in the middle": ("#ffd0a0", "#101010", "#a0e0ff"),
    "one end dark": ("#fff7bc", "#fec44f", "#662506"),
}


@pytest.mark.parametrize("ramp", RAMPS.values(), ids=RAMPS)
def test_text_on_a_ramp_is_readable_everywhere(ramp: tuple[str, str, str]) -> None:
    palette = replace(PALETTE, ramp_negative=ramp[0], ramp_middle=ramp[1], ramp_positive=ramp[2])
    places = np.linspace(0, 1, 301)
    assert min(contrast(text_colour(p, palette), ramp_colour(p, palette)) for p in places) > 4.5


def test_text_changes_its_colour_where_both_read_equally_well() -> None:
    text = PALETTE.text_on_ramp
    assert (text.below, text.above, text.inside, text.outside) == (0.117, 0.94, "#000000", "#ffffff")
    pale = replace(PALETTE, ramp_negative="#ffcccc", ramp_positive="#ccccff").text_on_ramp
    assert (pale.below, pale.above) == (0, 1)


def test_the_palette_is_the_themes_light_half() -> None:
    theme = THEME + "@media (prefers-color-scheme: dark) { :root { --chart-ink: #eeeeee; } p { color: #123456; } }"
    assert Palette.of(theme) == PALETTE
    assert Palette.of(f"/* --chart-ink: #111111; */ {theme} :root {{ --chart-ink: #222222 }}").chart_ink == "#222222"
    assert (PALETTE.ramp_negative_name, PALETTE.ramp_middle_name, PALETTE.ramp_positive_name) == (
        "red",
        "white",
        "blue",
    )


def halves() -> dict[str, dict[str, str]]:
    """The colours of our theme in light and in dark, by the names of the palette's fields."""
    light, dark, _ = re.split(r"@media [^{]*", THEME)
    found = {}
    for name, css in (("light", light), ("dark", light + dark)):
        found[name] = {key.replace("-", "_"): value for key, value in re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css)}
    return found


@pytest.mark.parametrize("half", ["light", "dark"])
def test_charts_can_be_read_in_light_and_in_dark(half: str) -> None:
    colours = halves()[half]
    ground = colours["chart_ground"]
    words = ("ink", "positive", "negative", "ours", "random")  # numbers stand in these
    assert min(contrast(colours[f"chart_{name}"], ground) for name in words) > 4.5
    lines = ("contrast", "neutral", "chance", "best", "worst", "edge", "many")
    assert min(contrast(colours[f"chart_{name}"], ground) for name in lines) > 3
    assert min(contrast(colours[f"effect_{name}"], ground) for name in ("positive", "negative")) > 3


@pytest.mark.parametrize("half", ["light", "dark"])
def test_what_stands_side_by_side_differs_in_lightness(half: str) -> None:
    colours = halves()[half]
    pairs = (
        ("positive", "negative"),
        ("positive", "positive_pale"),
        ("negative", "negative_pale"),
        ("many", "few"),
        ("range", "positive"),
        ("range", "negative"),
    )
    for one, other in pairs:
        assert contrast(colours[f"chart_{one}"], colours[f"chart_{other}"]) > 1.7, (one, other)


def test_dark_gives_every_chart_another_colour_and_keeps_the_ramp() -> None:
    light, dark = halves()["light"], halves()["dark"]
    assert {name for name in light if name.startswith("chart_") and light[name] == dark[name]} == set()
    assert [name for name in light if name.startswith("ramp_") and light[name] != dark[name]] == []


def test_live_colours_are_the_names_of_the_theme() -> None:
    live = PALETTE.live
    assert live.chart_ink == "var(--chart-ink)"
    assert live.ramp == ("var(--ramp-negative)", "var(--ramp-middle)", "var(--ramp-positive)")
    assert live.effect_positive_name == PALETTE.effect_positive_name == "violet"
    for field in fields(live):
        value = getattr(live, field.name)
        assert field.name.endswith("_name") or value[4:-1] in THEME


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  --chart-ink: #3c4454;\n", "", "my.css: the property --chart-ink is missing"),
        (
            "--ramp-middle: #ffffff",
            "--ramp-middle: white",
            "my.css: --ramp-middle is white, where charts need",
        ),
        ('--ramp-positive-name: "blue"', '--ramp-positive-name: ""', "my.css: --ramp-positive-name is empty"),
    ],
)
def test_what_a_theme_lacks_is_named(old: str, new: str, said: str) -> None:
    assert old in THEME
    with pytest.raises(OutputError) as caught:
        Palette.of(THEME.replace(old, new), file="my.css")
    assert str(caught.value).startswith(said)
