"""The user's own templates and assets that nothing uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.web.publish.render import Renderer
from sitegen.web.publish.strays import stray_notes


def notes(folder: Path, files: dict[str, str]) -> list[str]:
    """The notes on templates of these names and texts, without the folder, and those beside them on pages/."""
    for name, text in files.items():
        file = folder / (name if name.startswith("pages/") else f"templates/{name}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    found = stray_notes(Renderer(override=folder / "templates"), beside=(folder / "pages", folder / "site.toml"))
    return [note.replace(f"{folder}/templates/", "") for note in found]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("recrod.html", "Did you mean record.html?"),
        ("partials/anwser.html", "Did you mean partials/answer.html?"),
        ("answer.html", "Did you mean partials/answer.html?"),
        ("own.css", "Did you mean assets/own.css?"),
        ("assets/sites.css", "Did you mean assets/site.css?"),
        ("assets/photograph.jpg", "Rename or remove it, or refer to it."),
    ],
)
def test_a_file_that_nothing_uses_is_noted_with_the_name_that_may_be_meant(
    tmp_path: Path, name: str, meant: str
) -> None:
    (note,) = notes(tmp_path, {name: "{{ text"})
    assert note.startswith(f"{name}: sitegen has no file of this name, and no")
    assert note.endswith(f". {meant}")


def test_what_something_uses_is_not_noted(tmp_path: Path) -> None:
    used = {
        "record.html": '{% extends "mine.html" %}{% include ["partials/a.html", "partials/b.html"] %}',
        "mine.html": '{% from "partials/macros.html" import one %}<img src="assets/photo.png">',
        **dict.fromkeys(("partials/a.html", "partials/b.html", "partials/macros.html", ".hidden", "base.html~"), ""),
        "assets/own.css": "@font-face { src: url(fonts/Sans.woff2) }",
        **dict.fromkeys(("assets/own.js", "assets/photo.png", "assets/fonts/Sans.woff2", "assets/a b.pdf"), ""),
        "pages/about.md": "[A file](assets/a%20b.pdf)",
    }
    assert notes(tmp_path, used) == []
    assert len(notes(tmp_path, {"mine.html": "", "pages/about.md": ""})) == 3
    assert len(notes(tmp_path, {"404.html": "{% include frame.path %}"})) == 2  # nobody knows what that is


def test_a_folder_of_other_things_fills_no_screen(tmp_path: Path) -> None:
    assert notes(tmp_path, {}) == []
    found = notes(tmp_path, {f"assets/{k}.png": "" for k in range(9)})
    assert len(found) == 6
    assert found[-1].endswith("templates: 4 more files that nothing uses.")
