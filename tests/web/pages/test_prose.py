"""The user's own pages: order, titles, addresses, and that nothing in them can run."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sitegen.errors import ConfigError, OutputError
from sitegen.web.layout import nav_entries
from sitegen.web.pages.prose import check_links, images, nav_items, prose_pages, read_prose
from sitegen.web.publish.render import Renderer
from sitegen.web.text.markdown import PageText, markdown
from tests.web.papers import frames, parse, site


def names(html: str) -> set[str]:
    return {node.tag for node in parse(html)} - {""}


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick='alert(1)'>b</b> <!-- c -->",
        "<style>p { color: red }</style>",
        "<iframe src='https://example.org'></iframe>",
    ],
)
def test_raw_html_is_text(text):
    html = markdown(text)
    assert names(html) <= {"p"}
    assert parse(html).text.strip().replace("’", "'").replace("‘", "'") == text


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#10;script:alert(1)",
        "vbscript:x",
        "data:text/html,<b>",
        "file:///etc",
    ],
)
def test_a_link_that_runs_code_is_none(address):
    for text in (
        f"[x]({address})",
        f"[x](<{address}>)",
        f"![x]({address})",
        f"<{address}>",
        f"[x][1]\n\n[1]: {address}",
    ):
        for node in parse(markdown(text)):
            assert set(node.attributes) <= {"href", "src", "alt"}
            for name in ("href", "src"):
                scheme = re.match(r"[a-z][a-z0-9+.-]*:", node.attributes.get(name, ""), flags=re.IGNORECASE)
                assert scheme is None


def test_what_markdown_is_for(tmp_path):
    page = parse(
        markdown(
            '## Two\n\n*a* **b** `c` ~~d~~ [e](https://example.org "f") ![g](h.png)\n\n'
            "|i|j|\n|-|-:|\n|k|l|\n\n1. m\n\n> n"
        )
    )
    assert page.one("h2").text == "Two"
    assert page.one("a").attributes == {"href": "https://example.org", "title": "f"}
    assert page.one("img").attributes == {"src": "h.png", "alt": "g"}
    assert {"em", "strong", "code", "s", "table", "th", "td", "ol", "li", "blockquote"} <= {node.tag for node in page}


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("# About\n\nText.", "About", "<p>Text.</p>"),
        ("# About *these* `pages` #\nText.", "About these pages", "<p>Text.</p>"),
        ("About\n=====\nText.", "About", "<p>Text.</p>"),
        ("```\n# a comment\n```\n# About", "About", "<pre><code># a comment\n</code></pre>"),
        ("## Second level", "", '<h2 id="section-second-level">Second level</h2>'),
        ("# [Us](https://example.org) & <b>", "Us & <b>", ""),
    ],
)
def test_the_title_is_the_first_heading_as_text(text, title, rest):
    page = PageText(text)
    assert (page.title, page.html.strip(), page.faults) == (title, rest, [])


def test_a_page_may_say_its_place(tmp_path):
    for name, text in (
        ("a.md", "---\norder: 11\n---\n# A"),
        ("9-b.md", "# B"),
        ("10-c.md", "# C"),
        ("d.md", "# D"),
        ("99-e.md", "---\norder: -1\n---\n# E"),
        ("c2.md", "---\n\norder: 10\n---\n\n# C2\n\nText."),
    ):
        (tmp_path / name).write_text(text)
    prose = read_prose(tmp_path)
    assert [page.title for page in prose] == ["E", "B", "C", "C2", "A", "D"]
    assert [page.path for page in prose][:2] == ["e.html", "b.html"]
    assert "order" not in "".join(page.html for page in prose)


def test_what_a_page_says_of_itself_is_refused_where_it_is_not_known(tmp_path):
    file = tmp_path / "a.md"
    file.write_text("---\nlayout: wide\norder: first\n---\n# A")
    with pytest.raises(ConfigError) as caught:
        read_prose(tmp_path)
    remedy = 'is not known here. A page may say its place, "order: 3", and "summary: What it is about."'
    assert str(caught.value).splitlines() == [
        f'{file}:2: "layout: wide" {remedy}',
        f'{file}:3: "order: first" {remedy}',
    ]


def test_every_fault_of_a_page_is_named_with_its_line(tmp_path):
    file = tmp_path / "a.md"
    file.write_text("# A\n\nOne\n$\\foo$\n\n$$\n\\frac{1}\n$$\n\n[^a]: Alone.\n\nSaid.[^b]\n")
    with pytest.raises(ConfigError) as caught:
        read_prose(tmp_path)
    lines = str(caught.value).splitlines()
    assert [line.partition(": ")[0] for line in lines] == [f"{file}:{n}" for n in (4, 6, 10, 12)]
    assert "\\foo" in lines[0]
    assert lines[2].endswith("nothing in the text refers to the footnote [^a]. Refer to it, or remove it.")
    assert ": the footnote [^b] has no text. Add it, " in lines[3]


def test_links_in_footnotes_are_known_with_their_lines(tmp_path):
    (tmp_path / "a.md").write_text("# A\n\nSaid[^1], as\n[here](b.html) $a\nb$ [there](c.html).\n\n[^1]: [x](d.html)\n")
    (page,) = read_prose(tmp_path)
    assert [(one.address, one.line) for one in page.references] == [("b.html", 4), ("c.html", 5), ("d.html", 7)]


def test_pages_come_in_the_order_of_their_numbers(tmp_path):
    (tmp_path / "10-about.md").write_text("No heading.")
    (tmp_path / "20-Our team.md").write_text("\ufeff# Who & where", encoding="utf-8")
    (tmp_path / "30-Ünser.md").write_text("# Last", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("none")
    prose = read_prose(tmp_path)
    assert [(page.path, page.title) for page in prose[:2]] == [
        ("about.html", "About"),
        ("our-team.html", "Who & where"),
    ]
    assert prose[2].path.startswith("unser-")
    description = site(tmp_path)
    pages = prose_pages(frames(description), prose)
    assert [(page.frame.path, page.frame.heading) for page in pages] == [(page.path, page.title) for page in prose]


TAKEN = ("index", "words", "1-methods", "404", "corpus", "significance", "3-Faithfulness")


@pytest.mark.parametrize("names", [*([f"{name}.md"] for name in TAKEN), ["1-a.md", "2-a.md"]])
def test_an_address_that_is_taken_is_refused(tmp_path, names):
    for name in names:
        (tmp_path / name).write_text("x")
    with pytest.raises(ConfigError, match=rf"{names[-1]}: a page named .* exists already. Rename the file."):
        read_prose(tmp_path)


def test_another_encoding_is_refused(tmp_path):
    (tmp_path / "a.md").write_bytes("Größe".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"a\.md: not UTF-8 \(byte 2\)"):
        read_prose(tmp_path)


def test_no_folder_is_no_prose(tmp_path):
    assert read_prose(tmp_path / "none") == ()
    assert images(tmp_path / "none") == {}


def test_images_are_those_that_a_browser_shows(tmp_path):
    for name in ("b.PNG", "a.svg", "c.txt", "d.md"):
        (tmp_path / name).write_text("")
    assert images(tmp_path) == {"a.svg": tmp_path / "a.svg", "b.PNG": tmp_path / "b.PNG"}


def test_headings_go_below_the_one_the_text_stands_under():
    html = str(markdown("# One\n\n## Two\n\n#### Four", below=4))
    assert [tag in html for tag in ("<h5>One</h5>", "<h6>Two</h6>", "<h6>Four</h6>")] == [True, True, True]


# --- sections ---


def section(folder, **pages: str):
    """A folder of pages, by their names with __ for -, and two pages beside it."""
    (folder / "2-Our guide").mkdir()
    for name, text in {"index": "# The guide\n\nRead on.", **pages}.items():
        (folder / "2-Our guide" / f"{name.replace('__', '-')}.md").write_text(text, encoding="utf-8")
    (folder / "1-about.md").write_text("# About")
    (folder / "3-team.md").write_text("# Team")
    return folder


GUIDE = {
    "a": "# Last",
    "20__two": "---\nsummary: The second & more.\n---\n# Two\n\n[one](one.html) [up](../about.html) ![m](m.png)\n\n"
    "## Begin `here`\n\n### Not listed\n\n## & <go> on\n",
    "10__one": "# One",
}


def test_a_folder_of_pages_is_a_section_with_one_entry(tmp_path):
    prose = read_prose(section(tmp_path, **GUIDE))
    assert [page.path for page in prose] == [
        "about.html",
        *(f"our-guide/{name}.html" for name in ("index", "one", "two", "a")),
        "team.html",
    ]
    items = nav_items(prose)
    assert [(item.text, item.path) for item in items] == [
        ("About", "about.html"),
        ("The guide", "our-guide/index.html"),
        ("Team", "team.html"),
    ]
    assert list(nav_entries(items))[-3:] == ["about", "our-guide", "team"]


def test_the_pages_of_a_section_lead_to_each_other(tmp_path):
    prose = read_prose(section(tmp_path, **GUIDE))
    made = replace(frames(site(tmp_path)), prose=nav_items(prose))
    about, first, one, two, last, _ = (parse(Renderer().render(page)) for page in prose_pages(made, prose))

    pages = first.one("ul", class_="section-pages")
    assert [(link.text, link.attributes["href"]) for link in pages.all("a")] == [
        ("One", "one.html"),
        ("Two", "two.html"),
        ("Last", "a.html"),
    ]
    assert [node.text for node in pages.all("span")] == ["The second & more."]
    assert two.one("meta", name="description").attributes["content"] == "The second & more."
    contents = two.one("nav", aria_label="The guide")
    assert [(link.text, link.attributes.get("aria-current")) for link in contents.all("a")] == [
        ("The guide", None),
        ("One", None),
        ("Two", "page"),
        ("Begin here", None),
        ("& <go> on", None),
        ("Last", None),
    ]
    for heading in two.all("h2"):
        assert contents.one("a", href=f"#{heading.attributes['id']}").text == heading.text
    assert [heading.text for heading in two.all("h2")] == ["Begin here", "& <go> on"]
    for page, before, after in ((one, "index.html", "two.html"), (two, "one.html", "a.html"), (last, "two.html", None)):
        pager = page.one("nav", aria_label="The guide: before and after")
        leads = {link.attributes["rel"]: link.attributes["href"] for link in pager.all("a")}
        assert leads == {"prev": before} | ({"next": after} if after else {})
        assert page.one("p", class_="of-section").one("a").attributes["href"] == "index.html"
        current = [link for link in page.one("nav", aria_label="Site").all("a") if "aria-current" in link.attributes]
        assert [(link.text, link.attributes["aria-current"]) for link in current] == [("The guide", "true")]
    assert not about.all("nav", class_="contents")
    assert not first.all("nav", class_="contents")
    assert first.one("nav", aria_label="Site").one("a", aria_current="page").text == "The guide"


def test_images_and_links_of_a_section_are_looked_for_from_its_folder(tmp_path):
    prose = read_prose(section(tmp_path, **GUIDE))
    image = tmp_path / "2-Our guide" / "m.png"
    image.write_bytes(b"png")
    assert images(tmp_path) == {"our-guide/m.png": image}
    for path in ("about.html", "our-guide/one.html", "our-guide/m.png"):
        (tmp_path / "_site" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "_site" / path).write_text("x")
    check_links(prose, tmp_path / "_site")
    (tmp_path / "_site" / "our-guide" / "one.html").unlink()
    with pytest.raises(OutputError, match=r'20-two\.md:6: "one\.html" leads nowhere'):
        check_links(prose, tmp_path / "_site")


def test_a_section_says_its_place_on_its_first_page(tmp_path):
    section(tmp_path, index="---\norder: 9\n---\n# The guide")
    assert [page.title for page in read_prose(tmp_path)] == ["About", "Team", "The guide"]


def test_a_dot_in_the_name_of_a_section_is_part_of_it(tmp_path):
    for name in ("v1.2", "v1.3"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.md").write_text(f"# {name}")
    assert [page.path for page in read_prose(tmp_path)] == ["v1.2/index.html", "v1.3/index.html"]


@pytest.mark.parametrize("name", ["records", "assets", "network", "words", "gallery", "7-Data", "about"])
def test_a_section_does_not_take_the_place_of_pages_or_of_the_sites_folders(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "index.md").write_text("# Mine")
    (tmp_path / "about.md").write_text("# About")
    with pytest.raises(ConfigError, match=rf"{name}(\.md)?: a page named .* exists already. Rename the (folder|file)."):
        read_prose(tmp_path)


def test_a_section_has_a_first_page_and_no_sections(tmp_path):
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "one.md").write_text("# One")
    with pytest.raises(ConfigError, match=r"guide: a folder of pages needs a first page, index\.md"):
        read_prose(tmp_path)
    (tmp_path / "guide" / "index.md").write_text("# Guide")
    (tmp_path / "guide" / "deeper").mkdir()
    assert len(read_prose(tmp_path)) == 2  # a folder without pages is none of ours
    (tmp_path / "guide" / "deeper" / "two.md").write_text("# Two")
    with pytest.raises(ConfigError, match=r"deeper: stands in a section, which has no sections of its own"):
        read_prose(tmp_path)
