"""The wheel, as someone gets it who never saw the source: installed alone, it makes a site in an empty folder.

What it needs is linked into its environment from the one that runs the tests: what pip would install there, and nothing
else. `make nightly` has pip install it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterator, Sequence
from importlib.metadata import PathDistribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from sitegen.version import DISTRIBUTION, __version__

ROOT = Path(__file__).parents[1]
FEW = 5  # records of the demo, enough for all pages and for figures that are drawn in processes of their own
pytestmark = pytest.mark.wheel

BUILD = """
import sys
from pathlib import Path
from sitegen.cli.commands import main
sys.argv = ["sitegen", "build", "demo/site.toml"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
from sitegen.cli.skeleton import content_folder
from sitegen.web.publish.render import templates_folder
for place in (templates_folder(), content_folder()):
    print("place", place)
for module in list(sys.modules.values()):
    if getattr(module, "__file__", None):
        print("module", Path(module.__file__).resolve())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this source tree, built by the hatchling that is installed here."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture
def empty_place() -> Iterator[Path]:
    """An empty folder outside of the source tree, removed at once after the test: half a gigabyte is in it by then."""
    with tempfile.TemporaryDirectory(prefix="sitegen-") as folder:
        yield Path(folder)


def test_the_wheel_holds_what_the_source_tree_holds(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    info = f"{DISTRIBUTION.replace('-', '_')}-{__version__}.dist-info"
    assert {f"{info}/METADATA", f"{info}/entry_points.txt", f"{info}/licenses/LICENSE"} <= names

    def inside(folder: str) -> set[str]:
        found = {path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
        return {name for name in found if "__pycache__" not in name}

    assert {name for name in names if name.startswith("sitegen/_templates/")} == {
        f"sitegen/_templates/{name}" for name in inside("templates")
    }
    assert {name for name in names if name.startswith("sitegen/_content/")} == {
        "sitegen/_content/records.csv",
        *(f"sitegen/_content/model/{name}" for name in inside("content/model")),
    }
    own = {name for name in names if name.startswith("sitegen/") and "/_" not in name.replace("/__", "/")}
    assert own == {f"sitegen/{name}" for name in inside("sitegen") if not name.startswith(("_templates/", "_content/"))}
    assert wheel.stat().st_size < 12_000_000


def needed(requirements: Sequence[str]) -> set[str]:
    """The distributions that pip would install for these requirements, by name: theirs, and so on."""
    found: set[tuple[str, str]] = set()
    todo = [(Requirement(line), "") for line in requirements]
    while todo:
        one, wanted = todo.pop()
        if one.marker and not one.marker.evaluate({"extra": wanted}):
            continue
        for extra in {"", *one.extras} - {extra for name, extra in found if name == one.name}:
            found.add((one.name, extra))
            todo += [(Requirement(line), extra) for line in distribution(one.name).requires or ()]
    return {name for name, _ in found}


def link(names: set[str], folder: Path) -> list[Path]:
    """Link the files of installed distributions into another environment's folder of packages; what is linked."""
    targets = set()
    for installed in map(distribution, sorted(names)):
        tops = {file.parts[0] for file in installed.files or ()} - {"..", "__pycache__"}
        assert tops, f"{installed.name} does not list its files"
        targets |= {Path(str(installed.locate_file(top))).resolve() for top in tops}
    for target in targets:
        (folder / target.name).symlink_to(target)
    return sorted(targets)


@pytest.mark.parametrize("how", ["linked", pytest.param("by pip", marks=pytest.mark.nightly)])
def test_installed_alone_it_makes_a_site(wheel: Path, empty_place: Path, how: str) -> None:
    environment = empty_place / "environment"
    venv.create(environment, symlinks=True)
    python = environment / "bin" / "python"
    apart = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}

    def run(*command: str | Path) -> str:
        done = subprocess.run(
            [*map(str, command)], cwd=empty_place, env=apart, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    install = (sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-compile")
    linked: list[Path] = []
    if how == "by pip":
        run(*install, "-c", ROOT / ".ci" / "constraints.txt", wheel)
    else:
        run(*install, "--no-deps", "--no-index", wheel)
        (packages,) = environment.glob("lib/python*/site-packages")
        (info,) = packages.glob("*.dist-info")
        linked = link(needed(PathDistribution(info).requires or ()), packages)
    run(environment / "bin" / "sitegen", "init", "demo")
    records = empty_place / "demo" / "records.csv"
    header, *rows = records.read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(rows) == 24
    rows = rows if how == "by pip" else rows[:FEW]
    records.write_text(header + "".join(rows), encoding="utf-8")
    report = run(python, "-c", BUILD)
    assert f"Records   {len(rows)} of {len(rows)} rows" in report
    assert len(list((empty_place / "demo" / "_site" / "records" / "figures").glob("*.svg"))) == len(rows)
    lines = [line.split(" ", 1) for line in report.splitlines()]
    package = Path(run(python, "-c", "import sitegen; print(sitegen.__file__)").strip()).parent
    assert package.is_relative_to(environment)
    places = [Path(line[1]) for line in lines if line[0] == "place"]
    assert places == [package / "_templates", package / "_content"]
    modules = [Path(line[1]) for line in lines if line[0] == "module"]
    assert package.resolve() / "pipeline" / "build.py" in modules
    of_others = [module for module in modules if any(module.is_relative_to(target) for target in linked)]
    assert [module for module in modules if module.is_relative_to(ROOT) and module not in of_others] == []
    checked = run(environment / "bin" / "sitegen", "check", Path("demo", "_site"))
    assert "every link and asset is there" in checked
