"""`sitegen init`: a working site to start from, copied out of what the package carries.

It has some of the demo's papers, the demo's model, a prose page and a workflow that publishes the site on GitHub
Pages. Its site.toml explains every key that a first site needs.
"""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

from sitegen.errors import OutputError
from sitegen.web.publish.render import templates_folder

PAPERS = 24  # how many of the demo's papers a new site starts with


def content_folder() -> Path:
    """Where the demo's content is: beside the package in a source tree, else the copy inside the wheel."""
    package = Path(__file__).resolve().parents[1]
    beside = package.parent / "content"
    return beside if templates_folder().parent == package.parent and beside.is_dir() else package / "_content"


def write_skeleton(folder: Path) -> list[Path]:
    """Write a new site into `folder` and return its files; OutputError if one of them is there already."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file. Choose another folder.")
    source, content = templates_folder() / "skeleton", content_folder()
    files = {
        "site.toml": (source / "site.toml").read_bytes(),
        "pages/about.md": (source / "about.md").read_bytes(),
        ".github/workflows/pages.yml": (source / "pages.yml").read_bytes(),
        ".gitignore": b"_site/\n.sitegen/\n",
        "records.csv": _some_papers(content / "records.csv").encode(),
    }
    models = {f"model/{path.name}": path for path in sorted((content / "model").iterdir()) if path.is_file()}
    taken = [name for name in (*files, *models) if (folder / name).exists()]
    if taken:
        raise OutputError(f"{folder / taken[0]}: exists already. Choose another folder, or move it away.")
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    for name, path in models.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
    return [folder / name for name in (*files, *models)]


def _some_papers(file: Path) -> str:
    """PAPERS rows of the demo's records, evenly spaced so that all subjects are among them."""
    with file.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows[k * len(rows) // PAPERS] for k in range(PAPERS))
    return out.getvalue()
