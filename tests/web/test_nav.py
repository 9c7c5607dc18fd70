"""The navigation as site.toml orders, names and hides it, and what of it is folded."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from sitegen.config import load_site
from sitegen.errors import ConfigError
from sitegen.pipeline import build as pipeline
from sitegen.web.layout import Frames, NavItem
from sitegen.web.pages.prose import Prose, prose_pages
from sitegen.web.publish.render import Renderer
from tests.sites import Recorder, make_scored_site, tree, write_site
from tests.web.papers import PALETTE, frames, parse, site

NAV = [{"page": "about", "text": "Who we are"}, "gallery", "words"]


def prose_page(made: Frames, folder, name="a"):
    (page,) = prose_pages(made, [Prose(file=folder / "a.md", name=name, title="A", html=Markup("<p>a</p>"))])
    return page


def test_it_has_what_is_named_in_that_order(tmp_path):
    description = site(tmp_path, nav=["words", "gallery", {"page": "methods", "text": "How"}])
    assert [(item.text, item.path) for item in frames(description).nav] == [
        ("Words", "words.html"),
        ("Gallery", "index.html"),
        ("How", "methods.html"),
    ]


def test_a_page_that_this_site_lacks_has_no_entry(tmp_path):
    description = site(tmp_path, nav=["network", "gallery"])
    lacking = Frames(site=description, palette=PALETTE, lacking=frozenset({"network"}))
    assert [item.text for item in lacking.nav] == ["Gallery"]


def test_entries_that_a_line_holds_are_not_folded(tmp_path):
    few = frames(site(tmp_path, nav=["gallery", "sentences", "words", "methods", "data"]))("words", "Words")
    assert (few.nav_line, few.nav_more) == (few.nav, ())
    shown = parse(Renderer().render(prose_page(frames(site(tmp_path, nav=["gallery", "words"])), tmp_path)))
    assert not shown.one("nav", aria_label="Site").all("details")


def test_of_many_the_first_stay_in_sight_and_the_others_are_folded(tmp_path):
    names = ["words", *(f"own-{k}" for k in range(9))]
    prose = tuple(NavItem(text=f"A page of mine, {k}", path=f"own-{k}.html") for k in range(9))  # 17 characters each
    made = Frames(site=site(tmp_path, nav=names), palette=PALETTE, prose=prose)
    assert [item.path for item in made("words", "Words").nav_line] == [
        "words.html",
        *(f"own-{k}.html" for k in range(3)),
    ]
    for folded, name, says in ((False, "own-2", "More"), (True, "own-3", "More: A page of mine, 3")):
        page = prose_page(made, tmp_path, name)
        assert page.frame.nav == page.frame.nav_line + page.frame.nav_more
        shown = parse(Renderer().render(page)).one("nav", aria_label="Site")
        assert [link.attributes["href"] for link in shown.all("a")] == [f"{one}.html" for one in names]
        assert [link.text for link in shown.one("details").all("a")] == [f"A page of mine, {k}" for k in range(3, 9)]
        assert shown.one("summary").text == says
        assert shown.one("summary").attributes.get("aria-current") == ("true" if folded else None)
        assert shown.one("a", aria_current="page").attributes["href"] == f"{name}.html"


def test_one_endless_entry_is_never_folded(tmp_path):
    nav = [{"page": "words", "text": "w" * 200}, "gallery"]
    frame = frames(site(tmp_path, nav=nav))("gallery", "Gallery")
    assert [item.path for item in frame.nav_line] == ["words.html"]
    assert frame.nav_here == frame.nav_more[0]


def test_an_entry_is_marked_on_the_pages_of_its_folder(tmp_path):
    made = frames(site(tmp_path))
    marked = {
        name: [(item.text, frame.current(item)) for item in made.nav if frame.current(item)]
        for name, frame in (
            ("data", made("data", "Data")),
            ("format", made("format", "Format")),
            ("words", made("words", "Words")),
            ("record", made("record", "A", "a")),
        )
    }
    assert marked == {
        "data": [("Data", "page")],
        "format": [("Data", "true")],
        "words": [("Words", "page")],
        "record": [],
    }


@pytest.mark.usefixtures("quick_bundles")
def test_hidden_pages_are_written_and_linked(tmp_path):
    built = make_scored_site(tmp_path)
    entries = load_with(tmp_path, 'nav = [{page = "about", text = "Who & we"}, "gallery", "words"]').nav
    built = built.model_copy(update={"nav": entries})
    pipeline.render(built, reporter=Recorder())
    written = tree(built.output.folder)
    shown = parse(written["index.html"].decode()).one("nav", aria_label="Site")
    assert [link.text for link in shown.all("a")] == ["Who & we", "Gallery", "Words"]
    assert shown.one("a", href="index.html").attributes["aria-current"] == "page"
    assert "methods.html" in written
    assert b'href="methods.html' in written["significance.html"]


def test_an_empty_one_leaves_no_empty_list(tmp_path):
    for nav, lists in (([], 0), (["words"], 1)):
        made = frames(site(tmp_path, nav=nav))
        shown = parse(Renderer().render(prose_page(made, tmp_path)))
        assert (len(shown.all("ul")), len(shown.all("nav"))) == (lists, lists)


def load_with(folder, line: str):
    file = folder / "site.toml"
    file.write_text(f"{line}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    return load_site(file)


def test_unknown_pages_are_refused_with_those_that_are_known(tmp_path):
    write_site(tmp_path)
    described = load_with(tmp_path, 'nav = ["wrods", "abuot", "about"]')
    with pytest.raises(ConfigError) as caught:
        pipeline.build(described, reporter=Recorder())
    lines = str(caught.value).splitlines()
    file = tmp_path / "site.toml"
    assert [line.partition(". Use")[0] for line in lines] == [
        f'{file}: "nav": no page is called "wrods"',
        f'{file}: "nav": no page is called "abuot"',
    ]
    assert lines[0].endswith('"methods", "data", "about".')


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('nav = ["words", "words"]', '"nav": names the page "words" twice'),
        ('nav = "words"', '"nav" must be a list'),
        ('nav = [{text = "x"}]', r'"nav.page" \(the first entry\) is missing'),
        (
            'nav = [{page = "words", name = "x"}]',
            r'"nav.name" \(the first entry\) is not a known key. Its keys are "page" and "text"',
        ),
    ],
)
def test_what_is_no_list_of_pages_is_refused(tmp_path, line, message):
    write_site(tmp_path)
    with pytest.raises(ConfigError, match=message):
        load_with(tmp_path, line)


def test_a_folder_of_pages_that_is_named_and_not_there_is_refused(tmp_path):
    write_site(tmp_path)
    described = load_with(tmp_path, 'pages = "prose"')
    with pytest.raises(ConfigError, match=r'site\.toml: "pages": there is no folder .*prose\. Make it, or remove'):
        pipeline.build(described, reporter=Recorder())
