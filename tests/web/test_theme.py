"""A user's own theme.css: its colours and its words are the site's, wherever a style sheet does not reach, too."""

from __future__ import annotations

import re
import struct

import pytest

from sitegen.config import Site
from sitegen.errors import OutputError
from sitegen.pipeline import build as pipeline
from sitegen.web.publish.render import templates_folder
from tests.sites import Recorder, make_site, tree

OURS = (templates_folder() / "assets" / "theme.css").read_text(encoding="utf-8")
COLOUR = re.compile(r"(?<=: )#[0-9a-f]{6}")
CHARTS = re.compile(r"^assets/([a-z]+-charts|heatmap-spec)\.js$")
VARIABLE = re.compile(rb"var\(--[\w-]+\)")
WORDS = re.compile(rb"\b(blue|red|white|violet|ochre)\b", re.IGNORECASE)


def another(theme: str) -> str:
    """The theme with every colour a shade off, a ramp from purple over a pale grey to green, and its words."""
    shaded = COLOUR.sub(lambda match: f"#{(int(match[0][1:], 16) ^ 0x010101):06x}", theme)
    for old, new in (
        ("#b3192a", "#762a83"),
        ("#fefefe", "#f0f0f0"),
        ("#2067ad", "#1b7837"),
        ('"red"', '"purple"'),
        ('"white"', '"pale"'),
        ('"blue"', '"green"'),
        ('"ochre"', '"olive"'),
        ('"violet"', '"plum"'),
    ):
        assert old in shaded
        shaded = shaded.replace(old, new, 1)
    return shaded


def themed(folder, theme: str) -> Site:
    site = make_site(folder, figures=True, tried=20)
    (folder / "templates" / "assets").mkdir(parents=True)
    (folder / "templates" / "assets" / "theme.css").write_text(theme, encoding="utf-8")
    return site


@pytest.mark.slow
@pytest.mark.usefixtures("quick_bundles")
def test_another_theme_reaches_every_picture_and_every_word(tmp_path):
    site = themed(tmp_path, another(OURS))
    pipeline.build(site, reporter=Recorder())
    written = tree(site.output.folder)
    assert written["assets/theme.css"].decode() == another(OURS)
    assert b"--ramp-negative: #762a83" in written["404.html"]  # which has no style sheet beside it

    figures = {name: content for name, content in written.items() if name.endswith(".svg") and "figures/" in name}
    old = {colour.encode() for colour in COLOUR.findall(OURS)} - {b"#ffffff", b"#000000"}  # white ground, black text
    assert figures
    for name, content in figures.items():
        assert not [colour for colour in old if colour in content.lower()], name
        assert b"#1b7837" in content or b"rgb(" in content

    drawn = {name: content for name, content in written.items() if CHARTS.search(name)}
    assert len(drawn) == 4
    for name, content in drawn.items():  # charts of pages have the names of colours, and no values
        shown, _, saved = content.partition(b'"complete"')  # but for the figure that is saved
        assert {*re.findall(rb"#[0-9a-fA-F]{6}\b", shown)} <= {b"#ffffff", b"#000000"}, name
        assert not [colour for colour in old if colour in saved.lower()]
        assert {*re.findall(rb"var\((--[\w-]+)\)", content)} <= set(re.findall(rb"--[\w-]+", OURS.encode())), name
        assert b"var(--chart-" in content or content.endswith(b"{};\n"), name  # too few papers for some
    assert {b"var(--ramp-negative)", b"var(--ramp-positive)"} <= {*VARIABLE.findall(drawn["assets/heatmap-spec.js"])}

    for name, content in written.items():
        if name.endswith(".png"):
            at = content.index(b"PLTE")
            (length,) = struct.unpack(">I", content[at - 4 : at])
            palette = content[at + 4 : at + 4 + length]
            assert (palette[:3], palette[-3:]) == (bytes.fromhex("762a83"), bytes.fromhex("1b7837"))
        if name.endswith(".html"):
            assert not WORDS.findall(content.split(b"</style>")[-1]), name  # in 404.html the theme comes before
    home, methods = written["index.html"], written["methods.html"]
    assert b">Green</span> where" in home
    assert b">purple</span> where" in home
    assert b", pale where" in home
    assert b">Green is near 100%</span>, pale is 50%" in methods
    assert b"plum moved it toward" in methods
    assert b">plum</span> toward" in home
    page = next(content for name, content in written.items() if name.startswith("records/p1"))
    assert "▲ plum</span>, underlined".encode() in page
    assert "▼ olive</span>, dashed".encode() in page


@pytest.mark.usefixtures("quick_bundles")
def test_a_theme_that_lacks_a_colour_is_named_before_anything_is_written(tmp_path):
    site = themed(tmp_path, OURS.replace("--ramp-positive:", "--ramp-plus:"))
    with pytest.raises(OutputError) as caught:
        pipeline.build(site, reporter=Recorder())
    file = tmp_path / "templates" / "assets" / "theme.css"
    assert str(caught.value).startswith(f"{file}: the property --ramp-positive is missing.")
    assert not site.output.folder.exists()
