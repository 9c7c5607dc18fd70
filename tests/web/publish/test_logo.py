"""A logo: which files can be one, and what it shows on every page."""

from __future__ import annotations

import struct
import zlib

import pytest

from sitegen.errors import ConfigError
from sitegen.pipeline import build as pipeline
from sitegen.web.publish.logo import LIMIT, read_logo
from tests.sites import Recorder, make_scored_site, make_site, tree
from tests.web.papers import frame, parse, site

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 8 8">'
GOOD = [
    f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- a circle -->{HEAD}<circle r="3"/></svg>',
    f'{HEAD}<defs><linearGradient id="a"/></defs><rect fill="url(#a)" style="stroke: url( \'#a\' )"/></svg>',
    f"{HEAD}<style>rect {{ fill: red }} @media (prefers-color-scheme: dark) {{ rect {{ fill: pink }} }}</style></svg>",
    f'{HEAD}<symbol id="b"/><use href="#b"/><use xlink:href="#b"/><image href="data:image/png;base64,AA=="/></svg>',
]
BAD = {
    f"{HEAD}<script>alert(1)</script></svg>": "has a <script>",
    f'{HEAD}<g><x:script xmlns:x="http://www.w3.org/2000/svg"/></g></svg>': "has a <script>",
    f"{HEAD}<foreignObject/></svg>": "has a <foreignobject>",
    f'{HEAD}<g onclick="x()"/></svg>': '"onclick", which runs a script',
    f'{HEAD}<a href="javascript:x()"/></svg>': 'refers to "javascript:x()"',
    f'{HEAD}<use xlink:href="https://example.org/a.svg#b"/></svg>': "outside of itself",
    f'{HEAD}<image href="data:image/svg+xml;base64,AA=="/></svg>': "outside of itself",
    f'{HEAD}<image href="other.png"/></svg>': 'refers to "other.png"',
    f'{HEAD}<rect fill="url(https://example.org/a)"/></svg>': 'in "fill"',
    f"{HEAD}<rect style=\"fill: url( '//example.org/a')\"/></svg>": 'in "style"',
    f"{HEAD}<style>@import 'a.css';</style></svg>": "in its style",
    f"{HEAD}<style>rect {{ fill: u\\72l(//example.org) }}</style></svg>": "in its style",
    f'{HEAD}<animate attributeName="xlink:href" to="#a"/></svg>': "changes what it refers to",
    f'{HEAD}<set attributeName="x" to="javascript:x()"/></svg>': 'in "to"',
    f'<!DOCTYPE svg [<!ENTITY a "b">]>{HEAD}</svg>': "declares a document type",
    f'<?xml-stylesheet href="a.css"?>{HEAD}</svg>': "asks for a style sheet",
    "<svg/>": "has no <svg> at its top",
    f"{HEAD}<g></svg>": "is no SVG that can be read",
    "": "is no SVG that can be read",
}


def png(width: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x20\x60\xa0" * width for _ in range(2))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, 2, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("svg", GOOD)
def test_a_drawing_is_taken_as_it_is(tmp_path, svg):
    file = tmp_path / "a.SVG"
    file.write_text(svg, encoding="utf-8")
    assert read_logo(file, described="site.toml") == svg.encode()


@pytest.mark.parametrize(("svg", "reason"), BAD.items())
def test_what_does_more_than_draw_is_refused(tmp_path, svg, reason):
    file = tmp_path / "a.svg"
    file.write_text(svg, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_logo(file, described="site.toml")
    message = str(caught.value)
    assert message.startswith(f'site.toml: "logo": {file} ')
    assert reason in message
    assert message.endswith('Save it as "plain SVG" from a drawing program, or as PNG.')


def test_other_files_are_refused_with_a_remedy(tmp_path):
    for name, content, reason in (
        ("a.png", b"GIF89a", "is no PNG, whatever its name says. Save it as PNG."),
        ("a.gif", b"GIF89a", "is neither SVG nor PNG. Save it as one of these."),
        ("big.png", png() + b" " * LIMIT, f"Make it smaller than {LIMIT:,}."),
        ("latin.svg", "é".encode("latin-1"), "is not UTF-8."),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ConfigError) as caught:
            read_logo(tmp_path / name, described="site.toml")
        assert reason in str(caught.value)
    with pytest.raises(ConfigError, match=r"none\.svg cannot be read \(No such file.*Mend the path"):
        read_logo(tmp_path / "none.svg", described="site.toml")


@pytest.mark.usefixtures("quick_bundles")
def test_every_page_shows_it_with_the_title_as_its_alternative(tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "mine.png").write_bytes(png())
    built = make_scored_site(tmp_path)
    built = built.model_copy(update={"logo": tmp_path / "pictures" / "mine.png"})
    pipeline.render(built, reporter=Recorder())
    written = tree(built.output.folder)
    assert written["assets/logo.png"] == png()
    for name in ("index.html", "records/p1.html", "sentences/index.html"):
        brand = parse(written[name].decode()).one("a", class_="brand")
        assert brand.one("img").attributes["src"] == "../" * name.count("/") + "assets/logo.png"
        assert brand.one("img").attributes["alt"] == brand.text == "Tests & <trials>"
        assert brand.one("span").attributes == {"aria-hidden": "true"}  # said once
    (tmp_path / "pictures" / "mine.png").write_bytes(png(3))
    assert not pipeline.render(built, reporter=Recorder()).unchanged


def test_one_that_cannot_be_is_refused_before_anything_is_scored(tmp_path):
    (tmp_path / "a.svg").write_text(f"{HEAD}<script/></svg>")
    built = make_site(tmp_path).model_copy(update={"logo": tmp_path / "a.svg"})
    watcher = Recorder()
    with pytest.raises(ConfigError, match="has a <script>"):
        pipeline.build(built, reporter=watcher)
    assert not watcher.steps
    assert not pipeline.store_path(built).exists()


def test_without_one_the_name_stands_alone(tmp_path):
    assert frame(site(tmp_path)).logo == ""
