"""The wheel, as someone gets it who never saw the source: installed alone, it makes a site in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.version import DISTRIBUTION, __version__

ROOT = Path(__file__).parents[1]
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


def test_installed_alone_it_makes_a_site(wheel: Path, empty_place: Path) -> None:
    environment = empty_place / "environment"
    venv.create(environment, with_pip=True, symlinks=True)
    python = environment / "bin" / "python"
    apart = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}

    def run(*command: str | Path) -> str:
        done = subprocess.run(
            [*map(str, command)], cwd=empty_place, env=apart, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    constraints = ROOT / ".ci" / "constraints.txt"
    run(python, "-m", "pip", "install", "-q", "--no-compile", "-c", constraints, wheel)
    run(environment / "bin" / "sitegen", "init", "demo")
    report = run(python, "-c", BUILD)
    assert "Records   24 of 24 rows" in report
    lines = [line.split(" ", 1) for line in report.splitlines()]
    package = Path(run(python, "-c", "import sitegen; print(sitegen.__file__)").strip()).parent
    assert package.is_relative_to(environment)
    places = [Path(line[1]) for line in lines if line[0] == "place"]
    assert places == [package / "_templates", package / "_content"]
    modules = [Path(line[1]) for line in lines if line[0] == "module"]
    assert package.resolve() / "pipeline" / "build.py" in modules
    assert [module for module in modules if module.is_relative_to(ROOT)] == []
    checked = run(environment / "bin" / "sitegen", "check", Path("demo", "_site"))
    assert "every link and asset is there" in checked
