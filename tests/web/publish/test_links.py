"""The check of a whole site: each kind of fault is found, and nothing else is one."""

from __future__ import annotations

import weakref
from pathlib import Path

import pytest

from sitegen.web.publish import links
from sitegen.web.publish.links import check_site

GOOD = """<!doctype html><link rel="canonical" href="https://example.org/"><link rel="icon" href="a/i.png">
<p id="top"><a href="a/b.html#x%20y">1</a> <a href="#top">2</a> <a href="https://example.org/">3</a> <a href="">4</a>
<a href="mailto:a@example.org">5</a> <img src="data:image/png;base64,AA"> <img src="a/i.png?v=1">
<a href="a/b.html?q#">6</a> <img srcset="a/i.png 1x, a/i.png 2x"> <i style="background: url(a/i.png)">i</i>
<a href="//example.org/x">7</a> <a href="a/50%25.txt">8</a></p>"""


def check(folder: Path, **pages: str) -> list[str]:
    (folder / "a").mkdir()
    (folder / "index.html").write_text(GOOD)
    (folder / "a/b.html").write_text('<p id="x y"><a href="../index.html#top">up</a>')
    (folder / "a/i.png").write_bytes(b"")
    (folder / "a/50%.txt").write_text("")
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return check_site(folder)


def test_a_whole_site_has_no_fault(tmp_path):
    assert check(tmp_path) == []


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<a href="gone.html">', '"gone.html" leads nowhere'),
        ('<a href="a/">', '"a/" leads nowhere'),
        ('<a href="A/b.html">', '"A/b.html" leads nowhere'),
        ('<a href="/index.html">', '"/index.html" leads nowhere'),
        ('<a href="../index.html">', '"../index.html" leads nowhere'),
        ('<img src="gone.png">', '"gone.png" leads nowhere'),
        ('<script src="gone.js"></script>', '"gone.js" leads nowhere'),
        ('<a href="a/b.html#gone">', '"a/b.html#gone" names a fragment that a/b.html lacks'),
        ('<a href="#gone">', '"#gone" names a fragment that page.html lacks'),
        ('<p id="x"><i id="x">', 'the id "x" is used twice'),
        ('<img src="https://example.org/a.png">', '"https://example.org/a.png" is loaded from another host'),
        ('<link rel="stylesheet" href="//example.org/a.css">', '"//example.org/a.css" is loaded from another host'),
        ('<script src="http://example.org/a.js"></script>', '"http://example.org/a.js" is loaded from another host'),
        ('<a href="javascript:alert(1)">', 'the link "javascript:alert(1)" has a scheme that may run code'),
        ('<a href="JaVaScRiPt&#58;alert(1)">', 'the link "JaVaScRiPt:alert(1)" has a scheme that may run code'),
        ('<a href=" java&#10;script:alert(1)">', "has a scheme that may run code"),
        ('<a href="data:text/html,x">', 'the link "data:text/html,x" has a scheme that may run code'),
        ('<a href="http://[">', 'the address "http://[" cannot be read'),
        ('<img srcset="https://example.org/a.png 2x">', '"https://example.org/a.png" is loaded from another host'),
        ('<video poster="gone.png"></video>', '"gone.png" leads nowhere'),
        ('<form action="https://example.org/"></form>', '"https://example.org/" is loaded from another host'),
    ],
)
def test_each_kind_of_fault_is_found(tmp_path, html, fault):
    (found,) = check(tmp_path, page=html)
    assert found.startswith("page.html: ")
    assert fault in found


def test_what_a_fragment_hands_to_scripts_names_no_place(tmp_path):
    pages = {"one": '<a href="a/b.html#record=x&amp;range=1-3">', "two": '<a href="a/gone.html#record=x">'}
    (found,) = check(tmp_path, **pages)
    assert found.startswith("two.html")


def test_each_page_is_read_once_and_forgotten_but_for_its_ids(tmp_path, monkeypatch):
    """Of a hundred thousand pages the links alone would take 2 GB."""
    read, made = [], []

    class Kept(links._Document):
        pass

    def counted(file: Path) -> Kept:
        found = original(file)
        read.append(file.name)
        kept = Kept(found.ids, found.repeated, found.references)
        made.append(weakref.ref(kept))
        assert sum(one() is not None for one in made) <= 2
        return kept

    original = links._read
    monkeypatch.setattr(links, "_read", counted)
    page = '<p id="x"><a href="#x"><a href="index.html#top"><a href="z.html#x"><a href="z.html#gone">'
    found = check(tmp_path, one=page, two=page, z=page)
    assert sorted(read) == ["b.html", "index.html", "one.html", "two.html", "z.html"]
    lacks = '"z.html#gone" names a fragment that z.html lacks'
    assert found == [f"one.html: {lacks}", f"two.html: {lacks}", f"z.html: {lacks}"]


def test_names_that_some_systems_cannot_tell_apart(tmp_path):
    (tmp_path / "A.txt").write_text("")
    (tmp_path / "a.txt").write_text("")
    assert check(tmp_path) == ['a.txt: differs from "A.txt" in case alone']


def test_a_site_has_a_first_page(tmp_path):
    assert check_site(tmp_path) == ["index.html: is missing"]


def test_style_sheets_load_nothing_from_elsewhere(tmp_path):
    (tmp_path / "site.css").write_text(
        '@import "gone.css"; a { background: url( "https://example.org/a.png" ) } b { src: url(a/i.png) }'
    )
    assert check(tmp_path) == [
        'site.css: "gone.css" leads nowhere',
        'site.css: "https://example.org/a.png" is loaded from another host',
    ]
