"""Addresses: each once, each with what makes its page, and no other place that spells one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sitegen
from sitegen.web import build, routes
from sitegen.web.publish.render import templates_folder

PATHS = re.compile(r"""["'](?:\.\./)*(?:[\w-]+/)*[\w-]+\.(?:html|js|css|jsonl?|csv)(?:#[\w-]*)?["']""")
OWN = {  # names of files as their own rooms know them
    "routes.py",
    "links.py",  # checks any folder, and so knows the name of the first page
    "bundles.py",  # files of the libraries
    "assets.py",  # what each library becomes
    "files.py",  # the data files
}


def test_no_address_is_given_twice():
    paths = [route.path for route in routes.ROUTES.values()]
    assert len(set(paths)) == len(paths)


def test_no_prose_page_may_take_the_place_of_another():
    assert {
        "index",
        "how-to-read",
        "try",
        "words",
        "corpus",
        "significance",
        "faithfulness",
        "models",
        "methods",
        "check",
        "404",
    } == routes.RESERVED


def test_each_module_that_a_route_names_makes_pages():
    named = [route for route in routes.ROUTES.values() if route.module]
    assert [make.__module__ for make in build.MAKERS] == [f"sitegen.web.pages.{route.module}" for route in named]


def test_the_script_of_every_model_is_known_to_be_made():
    assert all(map(routes.is_made, ["texts.js", *map(routes.live_model, (0, 1, 11, 200))]))
    assert not any(map(routes.is_made, ["live-models.js", "mine.js"]))


@pytest.mark.parametrize("file", sorted(Path(sitegen.__file__).parent.rglob("web/**/*.py")), ids=lambda file: file.name)
def test_no_other_module_spells_the_path_of_a_page(file):
    if file.name in OWN:
        return
    spelt = [found for found in PATHS.findall(file.read_text(encoding="utf-8")) if "/" in found or "html" in found]
    assert [found for found in spelt if found.strip("\"'") not in TEMPLATES] == []


TEMPLATES = {
    file.relative_to(templates_folder()).as_posix() for file in templates_folder().rglob("*.html")
}  # named, too


@pytest.mark.parametrize("file", sorted(templates_folder().rglob("*.html")), ids=lambda file: file.name)
def test_no_template_spells_an_address(file):
    if "skeleton" in file.parts:
        return
    text = file.read_text(encoding="utf-8")
    assert re.findall(r"""(?:href|src)="(?!\{|#|data:)[^"]*\.(?:html|js|css|csv|json)""", text) == []
    assert re.findall(r"frame\.to\(['\"]", text) == []
