"""Templates: what overrides what, and faults that name their line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sitegen.errors import OutputError
from sitegen.web.layout import Frame, Link
from sitegen.web.pages.gallery import ListPage
from sitegen.web.pages.not_found import NotFoundPage
from sitegen.web.publish.render import Renderer, templates_folder
from tests.web.papers import HOSTILE, PALETTE, parse, site


@pytest.fixture
def own(tmp_path):
    (tmp_path / "templates" / "assets").mkdir(parents=True)
    return tmp_path / "templates"


def page(folder, heading="Heading", text="A paper"):
    frame = Frame(palette=PALETTE, site=site(folder), path="list/1.html", heading=heading)
    return ListPage(frame=frame, links=(Link(text=text, href="../a.html"),), previous=None, next=None)


def test_without_own_templates_there_are_ours(tmp_path):
    renderer = Renderer(override=tmp_path / "templates")
    assert renderer.folders == [templates_folder()]
    assert parse(renderer.render(page(tmp_path))).one("h1").text == "Heading"
    assert renderer.assets()["theme.css"] == templates_folder() / "assets/theme.css"


def test_own_templates_override_file_by_file(own, tmp_path):
    (own / "list.html").write_text(
        '{% extends "base.html" %}{% block main %}<p>{{ frame.heading }}, mine</p>{% endblock %}'
    )
    (own / "assets" / "theme.css").write_text("/* mine */")
    renderer = Renderer(override=own)
    html = renderer.render(page(tmp_path))
    assert parse(html).one("main").text.strip() == "Heading, mine"
    assert "Content-Security-Policy" in html  # base.html is ours
    assert renderer.render(NotFoundPage(frame=page(tmp_path).frame, home="")).startswith("<!doctype html>")
    assert renderer.assets()["theme.css"] == own / "assets/theme.css"
    assert renderer.assets()["site.css"] == templates_folder() / "assets/site.css"


def test_a_page_that_runs_the_model_may_compile_it_and_no_other_may(tmp_path):
    plain = page(tmp_path)
    running = replace(plain, frame=replace(plain.frame, compiles=True))
    policies = []
    for one in (plain, running):
        (meta,) = [m for m in parse(Renderer().render(one)).all("meta") if m.attributes.get("http-equiv")]
        policies.append({rule.split()[0]: rule.split()[1:] for rule in meta.attributes["content"].split(";")})
    assert policies[0]["script-src"] == ["'self'"]
    assert policies[1] == {**policies[0], "script-src": ["'self'", "'wasm-unsafe-eval'"], "worker-src": ["blob:"]}


def test_a_page_without_files_holds_the_style_sheet(own, tmp_path):
    (own / "assets" / "theme.css").write_text(':root { --ink: #123456; --name: "</style><b>"; }')
    html = Renderer(override=own).render(NotFoundPage(frame=page(tmp_path).frame, home=""))
    assert "--ink: #123456;" in html
    assert html.count("</style") == 1


@pytest.mark.parametrize(
    ("template", "line", "reason"),
    [
        ("one\n\n{{ page.nonsense }}", 3, "nonsense"),
        ("{{ nonsense }}", 1, "'nonsense' is undefined"),
        ("one\n{% for link in page.links %}\n{{ link.address }}\n{% endfor %}", 3, "address"),
        ("one\n{% if %}", 2, "Expected an expression"),
        ("one\n{{ 1 + 'a' }}", 2, "unsupported operand"),
        ("one\n{{ frame | nonsense }}", 2, "No filter named 'nonsense'"),
        ('one\n{% include "gone.html" %}', 2, "gone.html"),
        ('{% extends "base.html" %}\n{% block main %}{{ page.gone }}{% endblock %}', 2, "gone"),
    ],
)
def test_a_faulty_template_is_named_with_its_line(own, tmp_path, template, line, reason):
    (own / "list.html").write_text(template)
    with pytest.raises(OutputError, match="Mend it, or remove it") as caught:
        Renderer(override=own).render(page(tmp_path))
    assert str(caught.value).startswith(f"{own / 'list.html'}:{line}: the template cannot be used: ")
    assert reason in str(caught.value)


def test_a_fault_in_a_partial_is_the_partials(own, tmp_path):
    (own / "partials").mkdir()
    (own / "partials" / "mine.html").write_text("\n{{ gone }}")
    (own / "list.html").write_text('{% include "partials/mine.html" %}')
    with pytest.raises(OutputError, match=r"partials/mine\.html:2: "):
        Renderer(override=own).render(page(tmp_path))


def test_own_assets_are_part_of_the_site(own):
    (own / "assets" / "fonts").mkdir()
    for name in ("logo.svg", "fonts/mine.woff2", ".DS_Store"):
        (own / "assets" / name).write_text("")
    added = Renderer(override=own).assets().keys() - Renderer().assets().keys()
    assert added == {"logo.svg", "fonts/mine.woff2"}


@pytest.mark.parametrize("name", ["vega.js", "index.js", "datatables.css", "corpus-charts.js", "notices.txt"])
def test_an_own_asset_with_the_name_of_a_file_that_is_made_is_refused(own, name):
    (own / "assets" / name).write_text("")
    with pytest.raises(OutputError, match=rf"templates/assets/{name}: sitegen makes a file of this name"):
        Renderer(override=own).assets()


def test_text_is_text(tmp_path):
    shown = parse(Renderer().render(page(tmp_path, heading=HOSTILE, text=HOSTILE)))
    plain = parse(Renderer().render(page(tmp_path)))
    assert shown.skeleton == plain.skeleton
    assert shown.one("h1").text == HOSTILE
    assert shown.one("ul", class_="plain-list").text.strip() == HOSTILE


def test_carriage_returns_survive_the_browser(tmp_path):
    assert parse(Renderer().render(page(tmp_path, heading="a\r\nb\rc\nd"))).one("h1").text == "a\r\nb\rc\nd"
