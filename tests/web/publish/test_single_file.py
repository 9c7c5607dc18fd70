"""A page with all that it needs in it: nothing is left that leads to another file, and its policy names its scripts."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from sitegen.web.publish.single_file import single_file
from tests.web.papers import papers, parse, site, write

pytestmark = pytest.mark.usefixtures("light")

URL = "https://example.org/some/where/"
PAGE = "records/smith-2020.html"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, light: None) -> Path:
    """A site with figures, whose own scripts and styles try to end their elements; no test changes it."""
    folder = tmp_path_factory.mktemp("single")
    assets = folder / "templates" / "assets"
    assets.mkdir(parents=True)
    (assets / "limit.js").write_bytes(b'window.text = "</script><!-- <script>";\r\nwindow.ends = /<\\/SCRIPT/;\r')
    (assets / "record.css").write_text(
        '.record { background: url("icon.svg"), url(#ramp); } .x::before { content: "</style>"; }'
    )
    output = {"folder": folder / "_site", "cache": folder / "cache", "figures": True}
    description = site(folder, url=URL, output=output)
    write(description, papers())
    return description.output.folder


def test_nothing_leads_to_another_file(built: Path) -> None:
    tree = parse(single_file(built, PAGE, url=URL))
    for node in tree:
        for name in ("src", "href"):
            address = node.attributes.get(name, "#")
            follows = node.tag == "a" and address.startswith((URL, "https://doi.org/"))
            assert address.startswith(("#", "data:")) or follows, (node.tag, address)
    assert not tree.all("link", rel="stylesheet")
    assert not [node for node in tree.all("meta") if node.attributes.get("property", "").startswith("og:")]
    styles = "".join(node.text for node in tree.all("style"))
    assert 'url("data:image/svg+xml;base64,' in styles
    assert "url(#ramp)" in styles
    assert "@media print" in styles or tree.all("style", media="print")
    assert tree.one("img", class_="heatmap-figure").attributes["src"].startswith("data:image/svg+xml;base64,")


def test_links_lead_to_the_web_or_are_text(built: Path) -> None:
    before = parse((built / PAGE).read_text(encoding="utf-8"))
    addressed, bare = parse(single_file(built, PAGE, url=URL)), parse(single_file(built, PAGE, url=""))
    texts = [node.text for node in before.all("a")]
    assert [node.text for node in addressed.all("a")] == [node.text for node in bare.all("a")] == texts
    assert addressed.one("a", class_="brand").attributes["href"] == f"{URL}index.html"
    assert "href" not in bare.one("a", class_="brand").attributes
    assert bare.all("a", class_="skip")[0].attributes["href"] == "#main"
    for node in bare.all("a"):
        assert node.attributes.get("href", "#").startswith(("#", "https://doi.org/"))


def test_the_policy_names_each_script_and_nothing_else(built: Path) -> None:
    text = single_file(built, PAGE, url=URL)
    tree = parse(text)
    policy = tree.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    scripts = [node for node in tree.all("script") if node.attributes.get("type") != "application/json"]
    before = parse((built / PAGE).read_text(encoding="utf-8")).all("script", defer="")
    assert len(scripts) == len(before) > 10
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(one.text.encode()).digest()).decode()}'" for one in scripts}
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert set(directives.pop("script-src").split()) == hashes
    assert directives == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not re.search(r"\r", text)
    assert 'window.text = "<\\/script><\\!-- <script>";' in text


def test_the_licences_of_its_libraries_go_with_it(built: Path) -> None:
    tree = parse(single_file(built, PAGE, url=URL))
    (link,) = [node for node in tree.one("footer").all("a") if "notices" in node.text]
    assert link.attributes["href"] == "#software-notices"
    notices = (built / "assets" / "notices.txt").read_text(encoding="utf-8")
    assert tree.one("details", id="software-notices").one("pre").text == notices


def test_it_repeats(built: Path) -> None:
    assert single_file(built, PAGE, url="") == single_file(built, PAGE, url="")
