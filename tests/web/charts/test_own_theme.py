"""Colours of site.toml: what follows from them can be read, and what cannot is refused with its measure."""

from __future__ import annotations

import re
import struct
from itertools import product

import numpy as np
import pytest

from sitegen.config import Colors, load_site
from sitegen.errors import ConfigError
from sitegen.pipeline import build as pipeline
from sitegen.web.charts.colours import MARK, TEXT, contrast, mixed, name_of
from sitegen.web.charts.own_theme import WASHED, own_theme
from sitegen.web.charts.style import Palette, properties
from sitegen.web.publish.render import Renderer, templates_folder
from tests.sites import Recorder, make_scored_site, tree, write_site
from tests.web.charts.test_style import contrast as measured

THEME = (templates_folder() / "assets" / "theme.css").read_text(encoding="utf-8")
GREEN = {
    "accent": "#1b7837",
    "ramp_negative": "#762a83",
    "ramp_middle": "#f7f7f7",
    "ramp_positive": "#1b7837",
    "effect_negative": "#e66101",
    "effect_positive": {"light": "#0571b0", "dark": "#92c5de"},
}
ENDS = ("#7f3b08", "#000000", "#b30000", "#00441b", "#4d004b", "#6e6e00", "#0000ff", "#e34a33")


def themed(**colors) -> str:
    return own_theme(THEME, Colors.model_validate(colors), file="theme.css", described="site.toml")


def both(css: str) -> dict[str, dict[str, str]]:
    return {"light": properties(css), "dark": properties(css, dark=True)}


def faults(**colors) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        themed(**colors)
    return str(caught.value).splitlines()


def test_without_any_nothing_changes():
    assert themed() == THEME
    renderer = Renderer()
    assert renderer.asset("theme.css", renderer.assets()["theme.css"]) == renderer.assets()["theme.css"].read_bytes()


def test_what_is_given_is_what_the_site_has():
    css = themed(**GREEN)
    palette = Palette.of(css)
    assert palette.ramp == ("#762a83", "#f7f7f7", "#1b7837")
    assert (palette.effect_negative, palette.effect_positive) == ("#e66101", "#0571b0")
    light, dark = both(css).values()
    assert (light["accent"], light["effect-positive"], dark["effect-positive"]) == ("#1b7837", "#0571b0", "#92c5de")
    assert dark["ramp-positive"] == "#1b7837"  # one scale
    assert dark["accent"] != "#1b7837"
    names = [palette.ramp_negative_name, palette.ramp_middle_name, palette.ramp_positive_name]
    assert [*names, palette.effect_negative_name, palette.effect_positive_name] == [
        *("purple", "white", "green"),
        *("orange", "blue"),
    ]


def test_one_colour_leaves_the_others():
    css, old = both(themed(accent="#00695c")), both(THEME)
    changed = {name for theme in css for name in css[theme] if css[theme][name] != old[theme].get(name)}
    assert changed == {"accent", "chart-few", "chart-many", "chart-band"}
    assert Palette.of(themed(ramp_positive_name="navy")).ramp_positive_name == "navy"


@pytest.mark.parametrize(("negative", "positive"), [pair for pair in product(ENDS, ENDS) if pair[0] != pair[1]])
def test_what_follows_can_be_read_in_both_themes(negative, positive):
    colors = {
        "ramp_negative": negative,
        "ramp_positive": positive,
        "effect_negative": negative,
        "effect_positive": positive,
        **{f"{key}_name": key for key in ("ramp_negative", "ramp_positive", "effect_negative", "effect_positive")},
    }
    for values in both(themed(**colors)).values():
        paper, card, ground = values["paper"], values["card"], values["chart-ground"]
        for side in ("negative", "positive"):
            pill = mixed(paper, "#" + bytes(map(int, values[f"{side}-wash"].split())).hex(), 0.14)
            for under in (paper, card, pill):
                assert measured(values[f"{side}-ink"], under) >= TEXT
            for under in (paper, card):
                assert measured(values[f"effect-{side}-ink"], under) >= TEXT
            assert measured(values[f"effect-{side}"], card) >= MARK
            wash = "#" + bytes(map(int, values[f"effect-{side}-wash"].split())).hex()
            assert measured(values["ink"], mixed(card, wash, WASHED)) >= TEXT
            assert measured(values[f"chart-{side}"], ground) >= MARK
        assert measured(values["chart-negative"], values["chart-positive"]) > 1.7  # told apart without colour
    palette = Palette.of(themed(**colors))
    text = palette.text_on_ramp
    for p in np.linspace(0, 1, 101):
        ink = text.inside if text.below <= p <= text.above else text.outside
        assert measured(ink, "#" + bytes(palette.rgb(p)).hex()) > TEXT


def test_contrast_is_that_of_wcag():
    for one, other in product(("#000000", "#ffffff", "#777777", "#1f5c99"), repeat=2):
        assert contrast(one, other) == pytest.approx(measured(one, other))
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)  # as published


def test_links_that_cannot_be_read_are_refused_with_the_measure():
    (line,) = faults(accent="#fc0")
    assert line.startswith(
        'site.toml: "colors.accent": #ffcc00 on #fbfaf7, the ground of the light theme, has a contrast of 1.44:1. '
        "Links need 4.5:1 (WCAG 2.2). Use a darker one, such as #"
    )
    better = re.findall(r"such as (#\w{6})", line)[0]
    assert "--accent: " + better in themed(accent=better)
    (line,) = faults(accent={"light": "#1f5c99", "dark": "#1f5c99"})
    assert "#1d2129, the ground of the dark theme, has a contrast of 2.34:1." in line
    assert "Use a lighter one" in line


def test_pictures_that_cannot_be_read_are_refused_with_the_measure():
    lines = faults(ramp_positive="#ffff00", effect_negative="#ffe0e0", accent="#eeeeee")
    assert [re.findall(r'"(colors\.\w+)"', line)[0] for line in lines] == [
        *("colors.accent", "colors.effect_negative", "colors.ramp_positive"),
    ]
    assert "has a contrast of 1.07:1, where pictures need 3:1" in lines[2]
    assert "ramp_negative" in faults(ramp_middle="#901020")[0]


def test_two_colours_of_one_word_are_refused():
    (line,) = faults(effect_positive="#2060b0")
    assert line.startswith(
        'site.toml: "colors.effect_positive": pages would call it "blue", as they call ramp_positive.'
    )
    assert Palette.of(themed(effect_positive="#2060b0", effect_positive_name="deep blue"))


@pytest.mark.parametrize(
    ("colour", "word"),
    [
        *(("#b2182b", "red"), ("#2166ac", "blue"), ("#6f3fae", "violet"), ("#1b7837", "green"), ("#e66101", "orange")),
        *(("#ffffff", "white"), ("#000000", "black"), ("#808080", "grey"), ("#b5760f", "brown"), ("#f4a6c0", "pink")),
        *(("#008080", "turquoise"), ("#c8a800", "yellow"), ("#c2185b", "red"), ("#003300", "dark green")),
    ],
)
def test_a_colour_has_a_plain_word(colour, word):
    assert name_of(colour) == word


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('accent = "blue"', r'"colors\.accent\.light": "blue" is no colour that can be read. Write it as "#1f5c99"\.'),
        ('ramp_positive = "#12345"', r'"colors\.ramp_positive": "#12345" is no colour'),
        ("accent = 3", r'"colors\.accent": must be a colour, "#1f5c99", or one for each theme'),
        ('ramp_middle = {light = "#fff"}', r'"colors\.ramp_middle"'),
        ('acent = "#000"', r'"colors\.acent" is not a known key'),
        ("ramp_positive_name = 'a\"; } body { color: red'", r'"colors": ramp_positive_name must be a word or two'),
    ],
)
def test_what_is_no_colour_is_refused(tmp_path, line, message):
    file = write_site(tmp_path)
    with file.open("a", encoding="utf-8") as out:
        out.write(f"[colors]\n{line}\n")
    with pytest.raises(ConfigError, match=message):
        load_site(file)


def test_a_theme_of_ones_own_must_say_what_text_stands_on():
    css = THEME.replace("--card: #1d2129", "--card: rgb(29 33 41)")
    with pytest.raises(ConfigError, match=r"theme.css: --card of the dark theme is rgb.*Write it as #rrggbb"):
        own_theme(css, Colors.model_validate({"accent": "#1b7837"}), file="theme.css", described="site.toml")


@pytest.mark.usefixtures("quick_bundles")
def test_the_colours_reach_every_picture_and_every_word(tmp_path):
    built = make_scored_site(tmp_path)
    built = built.model_copy(update={"colors": Colors.model_validate(GREEN)})
    pipeline.render(built, reporter=Recorder())
    written = tree(built.output.folder)
    assert written["assets/theme.css"].decode() == themed(**GREEN)
    assert b"--ramp-negative: #762a83" in written["404.html"]
    assert b"#762a83" in written["assets/heatmap-spec.js"].partition(b'"complete"')[2]
    pictures = [content for name, content in written.items() if "thumbnails" in name]
    assert pictures
    for content in pictures:
        at = content.index(b"PLTE")
        (length,) = struct.unpack(">I", content[at - 4 : at])
        palette = content[at + 4 : at + 4 + length]
        assert (palette[:3], palette[-3:]) == (bytes.fromhex("762a83"), bytes.fromhex("1b7837"))
    assert b">Green</span> where" in written["index.html"]
    assert b"blue</span>" in written["index.html"]
    for name, content in written.items():
        if name.endswith(".html"):
            assert not re.findall(rb"\b(?:red|violet|ochre)\b", content.split(b"</style>")[-1]), name
    settings = written["data/settings.json"]
    assert b"colors" not in settings
    assert b'"nav"' not in settings


def test_what_cannot_be_read_is_refused_before_anything_is_scored(tmp_path):
    file = write_site(tmp_path)
    with file.open("a", encoding="utf-8") as out:
        out.write('[colors]\naccent = "#ffcc00"\n')
    watcher = Recorder()
    with pytest.raises(ConfigError) as caught:
        pipeline.build(load_site(file), reporter=watcher)
    assert str(caught.value).startswith(f'{file}: "colors.accent": #ffcc00 on ')
    assert not watcher.steps
