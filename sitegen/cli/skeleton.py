"""`sitegen init`: a working site to start from, copied out of what the package carries.

It has some of the demo's papers, the demo's model, a prose page and a workflow that publishes the site on GitHub
Pages. Its site.toml explains every key that a first site needs.

The workflow uploads the folder that was built here and installs nothing. Only where the user says what to install
sitegen from does it build the site itself, and then it installs exactly that: the name "sitegen" is another project's
on the package index, so no workflow may ever ask the index for it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from sitegen.corpus.folders import unwritable
from sitegen.errors import OutputError
from sitegen.pipeline.inspect import inspect, records_block
from sitegen.web.publish.render import templates_folder

PAPERS = 24  # how many of the demo's papers a new site starts with


def content_folder() -> Path:
    """Where the demo's content is: beside the package in a source tree, else the copy inside the wheel."""
    package = Path(__file__).resolve().parents[1]
    beside = package.parent / "content"
    return beside if templates_folder().parent == package.parent and beside.is_dir() else package / "_content"


def write_skeleton(folder: Path, *, install_from: str | None = None, records: Sequence[Path] = ()) -> list[Path]:
    """Write a new site into `folder` and return its files; OutputError if one of them is there already.

    `install_from` is what the workflow is to install sitegen from, as pip takes it; without it the workflow publishes
    the built folder. OutputError where it is an option, or the name of another project.
    `records` are files of records that take the place of the demo's papers; RecordError where they cannot be read.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file. Choose another folder.")
    source, content = templates_folder() / "skeleton", content_folder()
    own = {path.name: path for path in records}
    if len(own) < len(records):
        raise OutputError(f"{folder}: two files of records have the same name. Rename one of them.")
    described = (source / "site.toml").read_text(encoding="utf-8")
    files = {
        "site.toml": (_with_records(described, _block(records, list(own))) if own else described).encode(),
        "pages/about.md": (source / "about.md").read_bytes(),
        ".github/workflows/pages.yml": _workflow(source, install_from).encode(),
        ".gitignore": b"_site/\n.sitegen/\n" if install_from else b".sitegen/\n",  # what is published must be there
        **({} if own else {"records.csv": _some_papers(content / "records.csv").encode()}),
    }
    models = {f"model/{path.name}": path for path in sorted((content / "model").iterdir()) if path.is_file()}
    copied = models | own
    if clash := sorted(files.keys() & own.keys()):
        raise OutputError(f"{own[clash[0]]}: a new site has a file of this name. Rename yours.")
    taken = [name for name in (*files, *copied) if (folder / name).exists()]
    if taken:
        raise OutputError(f"{folder / taken[0]}: exists already. Choose another folder, or move it away.")
    if fault := unwritable(folder / "site.toml"):
        raise OutputError(f"{folder}: cannot be written ({fault}). Choose another folder.")
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    for name, path in copied.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
    return [folder / name for name in (*files, *copied)]


def _block(records: Sequence[Path], names: Sequence[str]) -> str:
    """The table of records for the demo's model, whose classes are not those of anybody's labels."""
    found = inspect(records, named=names)
    settings, comments = found.settings, list(found.comments)
    once = "once [classes] names the classes of your labels"
    if settings.label:
        settings = settings.model_copy(update={"label": None})
        comments.append(f'label = "{found.settings.label}" # {once}')
    if found.screened:
        settings = settings.model_copy(update={"label": ""})
        comments = [f'decisions of a screening are known as labels without label = "": remove it {once}']
    return records_block(settings, names, comments=comments)


def _with_records(described: str, block: str) -> str:
    """The site.toml with another table of records; what its comments say of publishing stays."""
    before, _, rest = described.partition("[records]\n")
    own, _, after = rest.partition("[[models]]")
    publishing = [line for line in own.splitlines() if line.startswith(("publish", "# excerpt"))]
    return "\n".join([f"{before}{block.rstrip()}", *publishing, "", f"[[models]]{after}"])


def _workflow(source: Path, install_from: str | None) -> str:
    if install_from is None:
        return (source / "pages.yml").read_text(encoding="utf-8")
    if install_from.startswith("-") or not install_from.strip() or not install_from.isprintable():
        raise OutputError(
            f'--install-from "{install_from}": is nothing to install. Give what pip takes, such as a URL.'
        )
    if re.fullmatch(r"sitegen(\s*\[.*\])?\s*([<>=!~;].*)?", install_from.strip(), flags=re.IGNORECASE):
        raise OutputError(
            f'--install-from "{install_from}": "sitegen" is another project on the package index. Give the address of '
            f"a repository or a file that has this one, such as git+https://..."
        )
    text = (source / "pages-build.yml").read_text(encoding="utf-8")
    return text.replace("INSTALL_FROM_HERE", json.dumps(install_from, ensure_ascii=False))  # a JSON string is YAML


def _some_papers(file: Path) -> str:
    """PAPERS rows of the demo's records, evenly spaced so that all subjects are among them."""
    with file.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows[k * len(rows) // PAPERS] for k in range(PAPERS))
    return out.getvalue()
