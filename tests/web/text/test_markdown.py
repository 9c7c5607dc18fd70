"""Footnotes and formulas of a page of prose: what they become, and that nothing hostile comes through them."""

from __future__ import annotations

import re
import time

import pytest

from sitegen.web.publish.links import check_site
from sitegen.web.text.markdown import PageText, _cleaned, formula, markdown
from tests.web.papers import Node, parse

NOTES = "# T\n\nOne[^a] and two[^b], one again[^a].\n\n[^a]: The *first*.\n[^b]: Second,\n    which goes on.\n"


def shown(text: str) -> Node:
    page = PageText(text)
    assert page.faults == []
    return parse(page.html)


def problems(text: str) -> list[tuple[int, str]]:
    return PageText(text).faults


# --- footnotes ---


def test_a_footnote_stands_at_the_end_and_leads_back():
    page = shown(NOTES)
    section = page.one("section", class_="footnotes")
    assert [note.attributes["id"] for note in section.all("li")] == ["fn1", "fn2"]
    assert [note.text.split("↩")[0].strip() for note in section.all("li")] == ["The first.", "Second,\nwhich goes on."]
    there = [(sup.one("a").attributes["href"], sup.one("a").attributes["id"], sup.text) for sup in page.all("sup")]
    assert there == [("#fn1", "fnref1", "1"), ("#fn2", "fnref2", "2"), ("#fn1", "fnref1:1", "1")]
    assert [link.attributes["href"] for link in section.all("a")] == ["#fnref1", "#fnref1:1", "#fnref2"]
    assert {link.attributes["title"] for link in section.all("a")} == {"Back to the text"}


def test_the_links_of_footnotes_are_checked(tmp_path):
    html = f"<p>{PageText(NOTES).html}</p>"
    (tmp_path / "index.html").write_text(html, encoding="utf-8")
    assert check_site(tmp_path) == []
    (tmp_path / "index.html").write_text(html.replace('id="fn2"', 'id="fn9"'), encoding="utf-8")
    assert check_site(tmp_path) == ['index.html: "#fn2" names a fragment that index.html lacks']


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("# T\n\nText.\n\n[^x]: Lost.", 5, "nothing in the text refers to the footnote [^x]."),
        ("Said[^x].\n\n[^x]: One.\n\n[^x]: Two.", 5, "two footnotes are called [^x]."),
        ("# T[^x]\n\n[^x]: Of the title.", 1, "a footnote in the page's title has no place to stand."),
        (
            "# T\n\nSaid, and\n*as [^y] says*.",
            4,
            "the footnote [^y] has no text. Add it, on a line that begins",
        ),
        ("Said[^x].\n\n[^x]: See [^y].", 3, "the footnote [^y] has no text."),
    ],
)
def test_a_footnote_that_would_be_lost_is_refused(text, line, problem):
    assert [(at, said.startswith(problem)) for at, said in problems(text)] == [(line, True)]


def test_what_only_looks_like_a_footnote_is_text():
    assert "The class [^a] and [^1]: are text." in shown("The class \\[^a] and [\\^1]: are text.").text
    assert "[^" in shown("[ ^a], [^ a], [^], [^a](b.html), $x[^a]$ and `[^a]`").text
    assert not shown("`[^3]: code`\n\n    [^4]: code\n").all("section")


# --- formulas ---


def test_a_formula_is_mathml_with_its_source_beside():
    math = shown("So $P = \\frac{1}{1 + e^{-m}}$ holds.").one("math")
    assert math.attributes == {"display": "inline", "alttext": "P = \\frac{1}{1 + e^{-m}}"}
    assert [math.one("mfrac").tag, math.one("msup").text] == ["mfrac", "e−m"]
    by_itself = shown("Then\n\n$$\n\\sum_{i=1}^n x_i\n$$\n\nholds.").one("div", class_="formula").one("math")
    assert by_itself.attributes["display"] == "block"
    assert by_itself.all("mo")[0].text == "∑"


@pytest.mark.parametrize(
    "text", ["It costs $5 or $6.", "US$ 5 and 6 $ more", "a \\$x\\$ b", "`$x$`", "    $x$\n", "5$x$6 left"]
)
def test_a_dollar_is_a_dollar(text):
    page = shown(text)
    assert not page.all("math")
    assert page.text.count("$") == text.count("$")


def test_a_model_card_has_no_formulas():
    assert "$x$" in markdown("It cost $x$.")


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        (r"\foo{x}", r"has the command \\foo, which is not known"),
        (r"\frac{1}", "lacks a part"),
        ("x^", "cannot be read .missing super script or subscript"),
        (r"\left( x", "cannot be read"),
        ("x" * 2001, "has more than 2,000 characters"),
        ("{" * 100 + "}" * 100, "is nested too deeply"),
        ("{" * 990 + "}" * 990, "is nested too deeply"),
        (r"\newcommand{\a}{xx}\a\a", r"defines a macro \(\\newcommand\)"),
        (r"\def\a{y}\a", r"defines a macro \(\\def\)"),
        (r"\boxed{x}", "has what makes a <menclose>"),
    ],
)
def test_a_formula_that_cannot_be_read_is_refused(latex, reason):
    with pytest.raises(ValueError, match=reason):
        formula(latex, display=False)
    ((line, problem),) = problems(f"# T\n\nOne\ntwo ${latex}$.")
    assert line == 4
    assert re.search(reason, problem)


HOSTILE = [
    r"\href{javascript:alert(1)}{x}",
    r"\class{masthead}{x}",
    r"\style{position:fixed}{x}",
    r"\text{<script>alert(1)</script>}",
    r"\text{</math><img src=x onerror=alert(1)>}",
    r"\text{&lt;script&gt;}",
    r"\mathrm{<b onclick='x'>}",
    '\\text{" onload="alert(1)}',
    r"\color{red;position:fixed}x",
    r"<a href='javascript:x'>",
    r"\cssId{main}{x}",
    r"\text{<annotation-xml encoding='text/html'><iframe>}",
]


@pytest.mark.parametrize("latex", HOSTILE)
def test_nothing_in_a_formula_runs(latex):
    for text in (f"a ${latex}$ b", f"$$\n{latex}\n$$", f"a[^1]\n\n[^1]: ${latex}$"):
        page = PageText(text)
        if page.faults:
            continue
        for node in parse(page.html):
            assert node.tag not in ("script", "img", "iframe", "annotation-xml", "style", "b", "semantics"), text
            assert not {name for name in node.attributes if name.startswith("on") or name == "style"}
            assert node.attributes.get("href", "#").startswith("#")
            assert node.attributes.get("class", "") in ("", "formula", "footnotes")
            assert re.fullmatch(r"|fn(ref)?\d+|section-[\w-]*", node.attributes.get("id", ""))


def test_only_ids_and_classes_of_ours_pass():
    html = _cleaned(
        '<section class="masthead"><li id="main">a</li><a id="fn1x">b</a><li id="fn2">c</li></section>'
        '<div class="formula" onclick="x()"><math class="masthead" href="javascript:x()"><mi>y</mi></math></div>'
        "<math><annotation-xml encoding='text/html'><script>x</script></annotation-xml><semantics>z</semantics></math>",
        page=True,
    )
    page = parse(html)
    assert [node.attributes["id"] for node in page if "id" in node.attributes] == ["fn2"]
    assert [node.attributes["class"] for node in page if "class" in node.attributes] == ["formula"]
    assert {name for node in page for name in node.attributes} == {"id", "class"}
    assert not {"script", "annotation-xml", "semantics"} & {node.tag for node in page}


def test_text_within_a_formula_is_kept():
    assert shown(r"$\text{<b> & c}$").one("mtext").text == "<b>\xa0&\xa0c"
    assert shown(r"$a < b$").one("math").attributes["alttext"] == "a < b"


@pytest.mark.parametrize("text", ["[^1]" * 3000, "$" * 5000, "$x^{" * 2000, "[^a]: " * 2000])
def test_a_flood_of_marks_takes_no_time(text):
    started = time.monotonic()
    PageText(text)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("## What is it?", "section-what-is-it"),
        ("## [[models]]", "section-models"),
        ("### main", "section-main"),
        ("## Über *uns* & `x_y`", "section-über-uns-x-y"),
        ('## " onclick="x', "section-onclick-x"),
        ("## ?", "section-"),
    ],
)
def test_a_heading_has_an_id_that_no_text_can_choose(heading, name):
    page = parse(PageText(f"{heading}\n").html)
    (found,) = [node for node in page if node.tag in ("h2", "h3")]
    assert found.attributes == {"id": name}


def test_headings_that_say_the_same_have_ids_of_their_own():
    text = PageText("# T\n\n## A\n\n## a!\n\n## A 2\n\n### A\n")
    found = [node.attributes["id"] for node in parse(text.html) if node.tag in ("h2", "h3")]
    assert found == ["section-a", "section-a-2", "section-a-2-2", "section-a-3"]
    assert text.headings == [("section-a", "A"), ("section-a-2", "a!"), ("section-a-2-2", "A 2")]
