"""A site depends on its inputs and on nothing else: not on the clock, the machine's settings, or a network.

Builds run as processes of their own, as somebody else would run them elsewhere. Contents are compared, not modes: those
follow the umask of whoever builds, as with any program that writes files.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sites import RECORDS, tree, write_model, write_site

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ELSEWHERE, OFFLINE = HERE / "elsewhere", HERE / "offline"


def write(folder: Path) -> Path:
    """A small site with something of everything: figures, two models, a checkpoint, checks, published weights."""
    write_model(folder / "model")
    write_model(folder / "again", seed=28)
    write_model(folder / "other", seed=2, joint=3)
    models = {"First": "model", "Other": "other"}
    records = [record for record in RECORDS if record["id"] in {"p1", "p2", "p3", "p4", "p5", "p8"}]
    return write_site(folder, records=records, models=models, ensemble=["again"], figures=True, tried=4, publish=True)


def build(
    file: Path, *paths: Path, before: tuple[str, ...] = (), umask: int = 0o022, **variables: str
) -> dict[str, bytes]:
    """The files of a site, built by a process with these variables; paths: what comes first in its PYTHONPATH."""
    python_path = os.pathsep.join(map(str, [*paths, ROOT]))
    environment = {"PATH": os.environ["PATH"], "HOME": str(file.parent), "PYTHONPATH": python_path, **variables}
    command = [*before, sys.executable, "-m", "sitegen", "build", str(file)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, umask=umask, cwd=file.parent, timeout=200
    )
    assert done.returncode == 0, done.stderr
    return tree(file.parent / "_site")


def test_nothing_of_sitegen_asks_for_a_date() -> None:
    clock = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today)\b")
    files = [file for file in (ROOT / "sitegen").rglob("*.py") if clock.search(file.read_text(encoding="utf-8"))]
    assert files == []


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a site as built here, where text is ASCII unless somebody says otherwise."""
    file = write(tmp_path_factory.mktemp("site"))
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    return build(file, TZ="UTC", PYTHONHASHSEED="1", OMP_NUM_THREADS="1", **plain)


@pytest.mark.slow
def test_a_site_is_the_same_elsewhere_to_the_last_byte(here: dict[str, bytes], tmp_path: Path) -> None:
    """Three years later, in another time zone and locale, with other hashes, threads and rights, in a folder of another
    name, where folders are listed backwards."""
    file = write(tmp_path / "ein anderer Ordner" / "Übung ∂")
    there = build(
        file,
        ELSEWHERE,
        umask=0o077,
        TZ="Pacific/Auckland",
        LC_ALL="C.UTF-8",
        LANGUAGE="de",
        PYTHONHASHSEED="2",
        OMP_NUM_THREADS="2",
        MKL_NUM_THREADS="2",
        SOURCE_DATE_EPOCH="1",
    )
    assert there.keys() == here.keys()
    assert [name for name in here if there[name] != here[name]] == []


@pytest.mark.slow
def test_a_build_needs_no_network_and_asks_for_none(here: dict[str, bytes], tmp_path: Path) -> None:
    """Python's sockets are refused in the build and in the processes that draw; where the kernel can take the network
    away from all code of a process, it does."""
    before: tuple[str, ...] = ("unshare", "-rn")
    if not shutil.which("unshare") or subprocess.run([*before, "true"], capture_output=True, check=False).returncode:
        before = ()
    tried = tmp_path / "tried.txt"
    offline = build(write(tmp_path / "site"), OFFLINE, before=before, SOCKETS_TRIED=str(tried))
    assert not tried.exists() or tried.read_text(encoding="utf-8") == ""
    assert offline == here
    if not before:
        pytest.skip("the kernel does not let this user take the network away: only Python's sockets were refused")


def test_what_refuses_sockets_bites(tmp_path: Path) -> None:
    tried = tmp_path / "tried.txt"
    environment = {**os.environ, "PYTHONPATH": str(OFFLINE), "SOCKETS_TRIED": str(tried)}
    program = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode != 0
    assert "no network here" in done.stderr
    assert tried.read_text(encoding="utf-8").startswith("socket.")
