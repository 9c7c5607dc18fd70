"""A whole site, written as the pipeline writes it: it holds together, repeats its bytes, and keeps text text."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from sitegen.errors import ConfigError, OutputError
from sitegen.web.pages import gallery
from sitegen.web.publish.links import check_site
from tests.classifiers import Bag, Joint
from tests.web.papers import HOSTILE, Watcher, paper, papers, parse, site, write

pytestmark = pytest.mark.usefixtures("light")


def pages(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("classifier", [Bag(), Joint()], ids=["additive", "joint"])
def test_a_site_holds_together(tmp_path, classifier):
    description = site(tmp_path)
    totals = write(description, papers(), {"bag": classifier})
    assert (totals.papers, sum(one.labelled for one in totals.accuracy.values())) == (3, 2)
    assert check_site(description.output.folder) == []
    found = pages(description.output.folder)
    others = (
        "gallery",
        "how to",
        "words",
        "corpus",
        "chance",
        "truth",
        "methods",
        "data",
        "format",
        "check",
        "not found",
    )
    assert len(found) == 3 + 1 + 3 + len(others)  # records, sentences, a facet's values and their comparison
    for path, html in found.items():
        tree = parse(html)
        assert [node.text for node in tree.all("h1")], path
        assert tree.one("html").attributes["lang"] == "en"
        if path != "404.html":
            assert tree.one("main", id="main")
            current = [node.text for node in tree.one("nav", aria_label="Site").all(aria_current="page")]
            in_nav = path.count("/") == 0 and path != "check.html"
            assert len(current) == (in_nav or (path.endswith("/index.html") and not path.startswith("facet/")))


def test_every_page_says_what_may_run(tmp_path):
    description = site(tmp_path)
    write(description, papers())
    for path, html in pages(description.output.folder).items():
        tree = parse(html)
        for script in tree.all("script"):
            inline = set(script.attributes) == {"type", "data-part"} and script.attributes["type"] == "application/json"
            assert inline or set(script.attributes) == {"defer", "src"}, path
        assert not any(name.startswith("on") for node in tree for name in node.attributes)
        if path != "404.html":
            policy = tree.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
            assert "default-src 'none'; script-src 'self'" in policy
            scripts = policy.partition("script-src")[2].partition(";")[0]
            assert "unsafe" not in scripts


def test_two_builds_are_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write(site(tmp_path / name), papers())
    assert everything(tmp_path / "one" / "_site") == everything(tmp_path / "two" / "_site")


@pytest.mark.slow
def test_a_second_build_touches_nothing(tmp_path):
    description = site(tmp_path)
    write(description, papers())
    before = {path: path.stat().st_mtime_ns for path in description.output.folder.rglob("*") if path.is_file()}
    write(description, papers())
    assert {path: path.stat().st_mtime_ns for path in description.output.folder.rglob("*") if path.is_file()} == before


def test_a_record_that_is_gone_is_gone(tmp_path):
    description = site(tmp_path)
    write(description, papers())
    assert (description.output.folder / "records/third.html").exists()
    write(description, papers()[:2])
    assert not list(description.output.folder.rglob("third*"))


def test_next_and_previous_lead_through_all_papers(tmp_path):
    description = site(tmp_path)
    write(description, [paper(f"p{k}", "Good") for k in range(4)])

    def walk(start: str, rel: str) -> list[str]:
        seen, at = [], start
        while at:
            seen.append(at)
            tree = parse((description.output.folder / "records" / at).read_text())
            links = {node.attributes["href"] for node in tree.all("a", rel=rel)}
            assert len(links) <= 1
            at = links.pop() if links else ""
        return seen

    in_order = [f"p{k}.html" for k in range(4)]
    assert walk("p0.html", "next") == in_order
    assert walk("p3.html", "prev") == in_order[::-1]


def test_figures_are_drawn_for_every_record(tmp_path):
    output = {"folder": tmp_path / "_site", "cache": tmp_path / "cache", "figures": True}
    description = site(tmp_path, output=output)
    watcher = Watcher()
    write(description, [*papers(), paper("empty", "")], watcher=watcher)
    figures = sorted((description.output.folder / "records/figures").iterdir())
    assert len(figures) == 4
    assert all(figure.read_text().startswith("<svg") for figure in figures)
    assert ("Drawing the figures", 4, 4) in watcher.stages
    for path, html in pages(description.output.folder).items():
        shown = parse(html).all("img", class_="heatmap-figure")
        assert len(shown) == (path.startswith("records/") or path == "how-to-read.html")


def test_no_text_becomes_markup_on_any_page(tmp_path):
    def built(name: str, text: str) -> dict[str, str]:
        folder = tmp_path / name
        folder.mkdir()
        description = site(
            folder,
            title=f"{text} gallery",
            subtitle=text,
            description=text,
            authors=[text],
            license=text,
            source=text,
            citation=text,
            classes={"positive": f"{text} yes", "negative": f"{text} no"},
            models=[{"name": f"{text} bag", "path": "a"}, {"name": f"{text} joint", "path": "b"}],
            records={"path": folder / f"{text.replace('/', '')}.csv", "facets": [f"{text} facet"]},
        )
        items = [
            paper(
                f"{text} {k}",
                f"{text} good {k}",
                f"{text} network {k}.",
                f"Bad {text}.",
                label=k % 2,
                facets={f"{text} facet": f"{text} {k % 2}"},
                metadata={f"{text} column": f"{text} {k}"},
            )
            for k in range(4)
        ]
        write(description, items, {description.models[0].name: Bag(), description.models[1].name: Joint()})
        return pages(description.output.folder)

    hostile, plain = (
        built("hostile", HOSTILE),
        built("plain", " ".join(re.findall(r"\w+", HOSTILE))),
    )  # of the same words
    assert len(hostile) == len(plain)

    skeletons = {
        name: sorted(str(parse(html).skeleton) for html in found.values())
        for name, found in (("hostile", hostile), ("plain", plain))
    }
    assert skeletons["hostile"] == skeletons["plain"]
    for path, html in hostile.items():
        tree = parse(html)
        assert tree.one("title").text.endswith(f"{HOSTILE} gallery"), path
    index = parse(hostile["index.html"])
    assert [cell.text for cell in index.one("table", id="gallery").all("td", class_="title")] == [
        f"{HOSTILE} good {k}" for k in range(4)
    ]


@pytest.mark.parametrize("name", ["assets/texts.js", "assets/index.js", "assets/corpus-charts.js"])
def test_scripts_of_hostile_text_are_ascii_and_end_nothing(tmp_path, monkeypatch, name):
    monkeypatch.setattr(gallery, "SCRIPTED", 1)
    description = site(tmp_path, classes={"positive": f"{HOSTILE}+", "negative": f"{HOSTILE}-"})
    write(description, [paper(f"{HOSTILE}{k}", HOSTILE, HOSTILE, label=k) for k in range(2)])
    script = (description.output.folder / name).read_text()
    assert script.isascii()
    assert "<" not in script
    json.loads(script.partition(" = ")[2].partition("\n")[2].partition(" = ")[2].rstrip(";\n"))


def test_a_large_corpus_comes_as_script_and_lists_with_an_estimate(tmp_path, monkeypatch):
    monkeypatch.setattr(gallery, "SCRIPTED", 15)
    monkeypatch.setattr(gallery, "LISTED", 10)
    description, watcher = site(tmp_path), Watcher()
    write(description, [paper(f"p{k}", f"Good {k}", "Bad.") for k in range(25)], watcher=watcher)
    folder = description.output.folder
    assert sorted(path.name for path in (folder / "list").iterdir()) == ["1.html", "2.html", "3.html"]
    listed = [
        node.attributes["href"]
        for k in (1, 2, 3)
        for node in parse((folder / f"list/{k}.html").read_text()).one("ul", class_="plain-list").all("a")
    ]
    assert listed == [f"../records/p{k}.html" for k in range(25)]
    index = parse((folder / "index.html").read_text())
    assert "assets/index.js" in [node.attributes.get("src") for node in index.all("script")]
    assert not index.one("table", id="gallery").all("td")
    (note,) = watcher.notes
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    unit = {"kB": 1000, "MB": 1e6}[note.split()[-1].rstrip(".")]
    assert float(note.split()[-2]) * unit == pytest.approx(size, rel=0.2)


def test_a_small_corpus_needs_no_estimate(tmp_path):
    watcher = Watcher()
    write(site(tmp_path), papers(), watcher=watcher)
    assert watcher.notes == []
    assert [stage for stage in watcher.stages if stage[1] == stage[2]] == [
        ("Reading the scores", 3, 3),
        ("Writing the pages", 3, 3),
    ]


def test_odd_corpora_hold_together(tmp_path):
    for k, items in enumerate(([paper("a", "")], [paper("a", "Zzz", "Yyy.")], [paper("a", "Good")])):
        (tmp_path / str(k)).mkdir()
        write(site(tmp_path / str(k)), items)


def test_ids_that_are_hard_on_file_systems_have_pages_of_their_own(tmp_path):
    ids = [
        "A",
        "a",
        "con",
        "CON.txt",
        "../../etc/passwd",
        "a/b",
        ".",
        "..",
        "index",
        "thumbnails",
        "x" * 400,
        "%41",
        "#",
        "?q",
        "é",
    ]
    description = site(tmp_path)
    write(description, [paper(id, "Good") for id in ids])
    with (description.output.folder / "data/records.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["id"] for row in rows] == ids
    for row in rows:
        tree = parse((description.output.folder / row["page"]).read_text())
        assert tree.one("dl").one("dd").text == row["id"]


def test_metadata_that_only_looks_like_an_address_does_not_stop_the_build(tmp_path):
    values = ["http://[", "https://\u2100.example/", "javascript:alert(1)", "10.1000/<x>", "//example.org", "mailto:x"]
    write(site(tmp_path), [paper(f"p{k}", "Good", metadata={"where": value}) for k, value in enumerate(values)])


def test_prose_and_images_are_part_of_the_site(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "10-about.md").write_text("# About *us*\n\n![A map](map.png) [home](index.html)")
    (tmp_path / "pages" / "map.png").write_bytes(b"png")
    description = site(tmp_path)
    write(description, papers())
    found = pages(description.output.folder)
    assert parse(found["about.html"]).one("h1").text == "About us"
    assert (description.output.folder / "map.png").read_bytes() == b"png"
    nav = parse(found["index.html"]).one("nav", aria_label="Site")
    assert [node.text for node in nav.all("a")][-1] == "About us"


def test_prose_that_leads_nowhere_stops_the_build_and_names_the_line(tmp_path):
    text = """# About

[good](words.html) and
[gone](gone.html) ![x](https://example.org/a.png)

| a |
|---|
| [here](#nothing) |

- [there](methods.html#nothing) [fine](methods.html#occlusion) [mail](mailto:a@example.org) [old](ftp://example.org)
- [by name][n]

[n]: ../up.html
"""
    (tmp_path / "pages").mkdir()
    file = tmp_path / "pages" / "10-about.md"
    file.write_text(text)
    with pytest.raises(OutputError) as caught:
        write(site(tmp_path), papers())
    assert str(caught.value).splitlines() == [
        f'{file}:4: "gone.html" leads nowhere. Mend or remove it.',
        f'{file}:4: "https://example.org/a.png" is loaded from another host. Mend or remove it.',
        f'{file}:8: "#nothing" names a fragment that about.html lacks. Mend or remove it.',
        f'{file}:10: "methods.html#nothing" names a fragment that methods.html lacks. Mend or remove it.',
        f'{file}:11: "../up.html" leads nowhere. Mend or remove it.',
    ]
    assert not (tmp_path / "_site").exists()


@pytest.mark.parametrize("page", ["corpus", "significance", "faithfulness"])
def test_a_page_whose_address_is_taken_stops_the_build_before_any_score_is_read(tmp_path, page):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / f"{page}.md").write_text("# Mine")
    watcher = Watcher()
    with pytest.raises(ConfigError, match=rf'pages/{page}\.md: a page named "{page}" exists already. Rename the file.'):
        write(site(tmp_path), papers(), watcher=watcher)
    assert watcher.stages == []


@pytest.mark.parametrize(
    ("source", "href"),
    [
        ("Scopus, exported in May", None),
        ("https://example.org/papers", "https://example.org/papers"),
        ("10.1000/182", "https://doi.org/10.1000/182"),
    ],
)
def test_every_page_says_where_the_papers_are_from(tmp_path, source, href):
    description = site(tmp_path, source=source)
    write(description, papers())
    for path, html in pages(description.output.folder).items():
        if path != "404.html":
            footer = parse(html).one("footer")
            assert f"Source: {source}." in footer.text
            assert [a.attributes["href"] for a in footer.all("a")][:-1] == ([href] if href else [])


@pytest.mark.parametrize("contact", ["me+papers@example.org", "https://example.org/issues/new?labels=a&b", ""])
def test_readers_can_comment_on_every_page(tmp_path, contact):
    description = site(tmp_path, contact=contact, title="A & b?")
    write(description, papers())
    for path, html in pages(description.output.folder).items():
        if path == "404.html":
            continue
        tree = parse(html)
        links = [a.attributes["href"] for a in tree.one("footer").all("a") if a.text == "Comment on this page"]
        if "://" in contact or not contact:
            assert links == [contact] * bool(contact)
            continue
        (link,) = links
        address, _, query = link.partition("?")
        assert address == f"mailto:{contact}"
        ((key, subject),) = parse_qsl(query, strict_parsing=True)
        assert key == "subject"
        assert subject == tree.one("title").text.replace(" · A & b?", " (A & b?)")


def test_own_assets_are_copied(tmp_path):
    (tmp_path / "templates" / "assets").mkdir(parents=True)
    (tmp_path / "templates" / "assets" / "logo.svg").write_text("<svg/>")
    (tmp_path / "templates" / "404.html").write_text('<img src="assets/logo.svg" alt="">')
    description = site(tmp_path)
    write(description, papers())
    assert (description.output.folder / "assets" / "logo.svg").read_text() == "<svg/>"


def test_a_fault_in_an_own_template_leaves_the_old_site(tmp_path):
    description = site(tmp_path)
    write(description, papers())
    before = everything(description.output.folder)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "record.html").write_text("<p>\n{{ page.nonsense }}")
    with pytest.raises(OutputError, match=r"templates/record\.html:2"):
        write(description, papers())
    assert everything(description.output.folder) == before
