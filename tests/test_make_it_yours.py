"""The page "Make it yours": what it shows works as it stands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from sitegen.config import load_site
from sitegen.pipeline import build as pipeline
from sitegen.web.charts.style import Palette
from sitegen.web.pages.prose import images, nav_items, read_prose
from sitegen.web.publish.links import check_site
from tests.sites import Recorder, make_scored_site, tree
from tests.web.papers import parse

PAGES = Path(__file__).resolve().parents[1] / "content" / "pages" / "documentation"
TEXT = (PAGES / "make-it-yours.md").read_text(encoding="utf-8")
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>'


def files() -> dict[str, str]:
    """The files that the page shows, by their paths."""
    return dict(re.findall(r"by `(templates/[^`]+)`[^`]*?:\n\n```\w+\n(.*?)```", TEXT, flags=re.DOTALL))


@pytest.mark.usefixtures("quick_bundles")
def test_the_lines_of_the_page_make_a_site(tmp_path):
    built = make_scored_site(tmp_path)
    shown = files()
    assert list(shown) == ["templates/prose.html", "templates/assets/own.css", "templates/assets/own.js"]
    assert sum(len(text.splitlines()) for text in shown.values()) <= 20
    for name, text in shown.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "logo.svg").write_text(LOGO, encoding="utf-8")
    top, colors = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)
    file = tmp_path / "site.toml"
    file.write_text(f"{top}{file.read_text(encoding='utf-8')}{colors}", encoding="utf-8")
    built = load_site(file)
    pipeline.render(built, reporter=Recorder())
    assert check_site(built.output.folder) == []

    written = tree(built.output.folder)
    about = parse(written["about.html"].decode())
    assert about.one("p", class_="from-us").text == "Written by A. Tester."
    assert written["assets/own.css"].decode() == shown["templates/assets/own.css"]
    for name in ("index.html", "about.html", "records/p1.html"):
        page = parse(written[name].decode())
        up = "../" * name.count("/")
        assert [one.attributes["href"] for one in page.all("link", rel="stylesheet")][-1] == f"{up}assets/own.css"
        assert [one.attributes["src"] for one in page.all("script") if "src" in one.attributes][
            -1
        ] == f"{up}assets/own.js"
        assert [link.text for link in page.one("nav", aria_label="Site").all("a")] == [
            *("Gallery", "Sentences", "Key words", "Methods", "About"),
        ]
        assert page.one("a", class_="brand").one("img").attributes["src"] == f"{up}assets/logo.svg"
    given = tomllib.loads(colors)["colors"]
    palette = Palette.of(written["assets/theme.css"].decode())
    assert palette.ramp == (given["ramp_negative"], given["ramp_middle"], given["ramp_positive"])
    assert palette.effect_negative_name == "amber"


def test_without_files_of_ones_own_no_page_asks_for_them(tmp_path, built_site):
    assert not [name for name in tree(built_site) if name.startswith("assets/own.")]
    assert b"own.css" not in (built_site / "index.html").read_bytes()


def test_the_page_shows_what_it_tells_of():
    (page,) = (page for page in read_prose(PAGES.parent) if page.name == "make-it-yours")
    shown = parse(page.html)
    assert page.title == "Make it yours"
    assert len(shown.all("math")) == 3
    assert shown.one("section", class_="footnotes").one("li").attributes["id"] == "fn1"


def test_the_section_that_the_page_shows_has_the_addresses_that_it_says(tmp_path):
    (shown,) = re.findall(r"```text\npages/\n(.*?)```", TEXT, flags=re.DOTALL)
    folder, addresses = tmp_path, []
    for line in shown.splitlines():
        name, *address = line.split()
        if not address:
            folder = tmp_path / name
            folder.mkdir()
            continue
        (folder / name).write_text("# A page", encoding="utf-8")
        addresses += address
    assert sorted([page.path for page in read_prose(tmp_path)] + list(images(tmp_path))) == sorted(addresses)
    assert [item.path for item in nav_items(read_prose(tmp_path))] == ["about.html", "guide/index.html"]
