"""What a site with an address on the web tells of itself: sitemap, feed, and the preview that others show."""

from __future__ import annotations

import struct
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from sitegen.errors import ConfigError
from sitegen.pipeline.dates import UNDATED, source_date
from sitegen.web.pages import gallery
from sitegen.web.publish import announce
from sitegen.web.publish.announce import Entry, feed, sitemaps
from tests.web.papers import HOSTILE, paper, papers, parse, site, write

URL = "https://example.org/some/where/"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"


def addresses(text: str | bytes) -> list[str]:
    return [str(loc.text) for loc in ET.fromstring(text).iter(f"{SITEMAP}loc")]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, light: None) -> Path:
    """The folder of a site with an address, a page of prose, and more papers than its gallery lists in the page; no
    test changes it."""
    folder = tmp_path_factory.mktemp("published")
    (folder / "pages").mkdir()
    (folder / "pages" / "about us.md").write_text("# About & us")
    description = site(folder, url=URL, subtitle="Sub", authors=["A. Smith"], license="CC BY 4.0")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gallery, "SCRIPTED", 2)
        write(description, papers())
    return description.output.folder


def test_the_sitemap_has_every_page_once_but_the_missing_one_and_the_lists(published: Path) -> None:
    found = addresses((published / "sitemap.xml").read_bytes())
    pages = {path.relative_to(published).as_posix() for path in published.rglob("*.html")}
    assert {"404.html", "list/1.html"} <= pages
    assert found == [URL + quote(page) for page in sorted(pages - {"404.html", "list/1.html"})]


def test_very_many_pages_are_spread_over_several_sitemaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announce, "SITEMAP_LIMIT", 2)
    files = dict(sitemaps(site(tmp_path, url=URL), ["c.html", "a.html", "b.html", "x.js"]))
    assert addresses(files["sitemap.xml"]) == [f"{URL}sitemap-1.xml", f"{URL}sitemap-2.xml"]
    parts = [addresses(files[f"sitemap-{k}.xml"]) for k in (1, 2)]
    assert parts == [[f"{URL}a.html", f"{URL}b.html"], [f"{URL}c.html"]]


def test_the_feed_has_the_authors_pages_and_the_latest_papers_first(published: Path) -> None:
    root = ET.parse(published / "feed.xml").getroot()
    assert root.findtext(f"{ATOM}id") == URL
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "A. Smith"
    entries = root.findall(f"{ATOM}entry")
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert titles == ["About & us", *(one.record.title for one in reversed(papers()))]
    for entry in entries:
        link = entry.find(f"{ATOM}link")
        assert link is not None
        address = link.attrib["href"]
        assert entry.findtext(f"{ATOM}id") == address
        assert (published / address.removeprefix(URL)).is_file()
    assert "likely" in str(entries[1].findtext(f"{ATOM}summary"))


def test_the_feed_has_the_date_it_is_given_and_every_element_that_atom_asks_for(tmp_path: Path) -> None:
    text = feed(site(tmp_path, url=URL), [Entry(title=HOSTILE + "\x00\x0b", path="a b.html")], date=86_400)
    root = ET.fromstring(text)
    (entry,) = root.findall(f"{ATOM}entry")
    for element in (root, entry):
        for name in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{name}"), name
        assert element.findtext(f"{ATOM}updated") == "1970-01-02T00:00:00Z"
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert entry.findtext(f"{ATOM}title") == HOSTILE
    assert entry.findtext(f"{ATOM}id") == f"{URL}a%20b.html"


def test_of_very_many_papers_the_feed_has_the_last(tmp_path: Path, light: None) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(announce, "ENTRIES", 2)
        write(site(tmp_path, url=URL), [paper(f"p{k}", f"Good {k}") for k in range(4)])
    root = ET.parse(tmp_path / "_site" / "feed.xml").getroot()
    assert [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")] == ["Good 3", "Good 2"]


def test_every_page_names_a_preview_that_is_there(published: Path) -> None:
    picture = (published / "assets" / "og.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (1200, 630)
    for path in published.rglob("*.html"):
        name = path.relative_to(published).as_posix()
        if name == "404.html":
            continue
        tree = parse(path.read_text(encoding="utf-8"))
        told = {
            one.attributes["property"]: one.attributes["content"]
            for one in tree.all("meta")
            if "property" in one.attributes
        }
        assert told["og:url"] == URL + quote(name) == tree.one("link", rel="canonical").attributes["href"]
        assert told["og:image"] == f"{URL}assets/og.png"
        assert told["og:type"] == ("website" if name == "index.html" else "article")
        assert tree.one("title").text.startswith(told["og:title"])
        assert told["og:description"]
        assert tree.one("meta", name="twitter:card")
        feed_link = tree.one("link", type="application/atom+xml").attributes["href"]
        assert (path.parent / feed_link).resolve() == (published / "feed.xml").resolve()


def test_a_site_without_an_address_announces_nothing(tmp_path: Path, light: None) -> None:
    write(site(tmp_path), papers())
    folder = tmp_path / "_site"
    assert not [name for name in ("sitemap.xml", "feed.xml", "assets/og.png") if (folder / name).exists()]
    assert "og:" not in (folder / "index.html").read_text(encoding="utf-8")


def test_the_date_is_that_of_the_environment_and_of_no_clock() -> None:
    assert source_date({"SOURCE_DATE_EPOCH": "1700000000"}) == 1_700_000_000
    assert source_date({}) == source_date({"SOURCE_DATE_EPOCH": ""}) == UNDATED


@pytest.mark.parametrize("value", ["yesterday", "-1", "1.5", "9" * 13, "٣"])
def test_a_date_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(ConfigError, match="seconds since 1970"):
        source_date({"SOURCE_DATE_EPOCH": value})
