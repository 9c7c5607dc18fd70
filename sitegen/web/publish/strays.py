"""The user's own templates and assets that nothing uses, for the notes of a build: most of them are misspelt.

A file in `templates/` of the name of one of sitegen's stands in its place. Any other is of use where a template of the
user's includes it, or where a text of the user's has the name of an asset: a template, a page of prose, a style sheet,
a script. What is neither is noted and left as it is. What cannot be read is passed over: no note is worth a build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import quote

from sitegen.web.publish.render import OWN, Renderer, templates_folder
from sitegen.web.text.numbers import count

SHOWN = 5  # of the files, so that a folder of other things fills no screen
NEAR = 0.75  # how alike two names are of which one may be meant
_ASSETS = "assets/"
_TEXTS = {".html", ".css", ".js", ".mjs", ".json", ".md", ".svg", ".toml", ".txt", ".xml", ".webmanifest"}
_BEGUN = ("skeleton/",)  # what `sitegen init` starts from is no template of a page


def stray_notes(renderer: Renderer, *, beside: Sequence[Path]) -> list[str]:
    """A note on each file that nothing uses, with the name that may be meant; at most SHOWN, and how many more. beside:
    the user's other texts, folders or files, which may name an asset."""
    own = renderer.override
    if own is None or not own.is_dir():
        return []
    files, ours = dict(_files(own)), _known()
    strays = {name: file for name, file in files.items() if name not in ours}
    if not strays:
        return []
    included = {name: renderer.included(file) for name, file in files.items() if not name.startswith(_ASSETS)}
    others = [file for place in beside for file in (place, *(inner for _, inner in _files(place)))]
    texts = {file: _text(file) for file in (*files.values(), *others) if file.suffix.lower() in _TEXTS}
    notes = []
    for name, file in strays.items():
        if name.startswith(_ASSETS):
            names = (file.name, quote(file.name, errors="replace"))
            used = any(name in text for other, text in texts.items() if other != file for name in names)
            what = "nothing in the site's own pages and templates refers to it"
        else:
            used = any(of is None or name in of for other, of in included.items() if other != name)
            what = "no template includes it"
        if not used:
            shown = str(file).encode(errors="replace").decode()
            notes.append(f"{shown}: sitegen has no file of this name, and {what}. {_remedy(name, ours)}")
    more = [f"{own}: {count(len(notes) - SHOWN, 'more file')} that nothing uses."] if len(notes) > SHOWN else []
    return [*notes[:SHOWN], *more]


def _known() -> set[str]:
    """The names of sitegen's own files, and those that every page has after them."""
    names = {name for name, _ in _files(templates_folder()) if not name.startswith(_BEGUN)}
    return names | {f"{_ASSETS}{name}" for name in OWN}


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files in a folder, by their names within it; without those that systems and editors leave there."""
    try:
        files = sorted(file for file in folder.rglob("*") if file.is_file())
    except OSError:
        return
    for file in files:
        name = file.relative_to(folder)
        if not any(part.startswith(".") for part in name.parts) and not name.name.endswith("~"):
            yield name.as_posix(), file


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _remedy(name: str, ours: Iterable[str]) -> str:
    """What to do about a file of this name: the right name in the wrong folder is meant before one that is near."""
    last = name.rpartition("/")[2]
    elsewhere = sorted(known for known in ours if known.rpartition("/")[2] == last)
    if near := elsewhere or get_close_matches(name, sorted(ours), n=1, cutoff=NEAR):
        return f"Did you mean {near[0]}?"
    return "Rename or remove it, or refer to it."
