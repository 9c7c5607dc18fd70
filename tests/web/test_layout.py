"""Links between the files of a site, as seen from any page."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.web.layout import Frame
from tests.web.papers import PALETTE, frame, site

part = st.text(st.sampled_from("ab.-_ #?%&é:"), min_size=1, max_size=4).filter(lambda name: name.strip(".") != "")
paths = st.lists(part, min_size=1, max_size=3).map("/".join)


@pytest.fixture
def here(tmp_path):
    return site(tmp_path, url="https://example.org/gallery")


@pytest.mark.parametrize(
    ("page", "target", "link"),
    [
        ("index.html", "records/a.html", "records/a.html"),
        ("records/a.html", "index.html", "../index.html"),
        ("records/a.html", "records/b.html#s3", "b.html#s3"),
        ("sentences/x/y.html", "assets/site.css", "../../assets/site.css"),
        ("a.html", "a.html", "a.html"),
        ("a.html", "#main", "#main"),
        ("a.html", "data/50% of?.csv", "data/50%25%20of%3F.csv"),
    ],
)
def test_links_are_relative_to_the_page(here, page, target, link):
    assert Frame(palette=PALETTE, site=here, path=page, heading="").to(target) == link


@given(page=paths, target=paths.filter(lambda path: "#" not in path))
def test_a_link_leads_to_its_file(tmp_path_factory, page, target):
    frame = Frame(palette=PALETTE, site=site(tmp_path_factory.getbasetemp()), path=page, heading="")
    parts = urlsplit(frame.to(target))
    assert not parts.scheme
    assert not parts.netloc
    assert not parts.path.startswith("/")
    assert posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path))) == posixpath.normpath(
        target
    )


def test_the_canonical_address_needs_the_sites_own(here, tmp_path):
    assert (
        Frame(palette=PALETTE, site=here, path="a b.html", heading="").canonical
        == "https://example.org/gallery/a%20b.html"
    )
    assert Frame(palette=PALETTE, site=site(tmp_path), path="a.html", heading="").canonical == ""


def test_the_home_page_is_index_html_alone(here):
    assert frame(here, "index.html").is_home
    assert not frame(here, "data/index.html").is_home
