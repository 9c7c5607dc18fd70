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
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.apart import ROOT, Apart, build, write
from tests.sites import tree

ELSEWHERE = Path(__file__).parent / "elsewhere"


def test_nothing_of_sitegen_asks_for_a_date() -> None:
    clock = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today)\b")
    files = [file for file in (ROOT / "sitegen").rglob("*.py") if clock.search(file.read_text(encoding="utf-8"))]
    assert files == []


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """The files of a site as built elsewhere; who asked for a socket; whether the kernel gave the process a network."""

    files: dict[str, bytes]
    asked: str
    network: bool


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> There:
    """Three years later, in another time zone and locale, with other hashes, threads and rights, in a folder of another
    name, where folders are listed backwards and there is no network.

    Python's sockets are refused in the build and in the processes that draw; where the kernel can take the network
    away from all code of a process, it does.
    """
    place = tmp_path_factory.mktemp("there")
    file, tried = write(place / "ein anderer Ordner" / "Übung ∂"), place / "tried.txt"
    before: tuple[str, ...] = ("unshare", "-rn")
    if not shutil.which("unshare") or subprocess.run([*before, "true"], capture_output=True, check=False).returncode:
        before = ()
    build(
        file,
        ELSEWHERE,
        before=before,
        umask=0o077,
        TZ="Pacific/Auckland",
        LC_ALL="C.UTF-8",
        LANGUAGE="de",
        PYTHONHASHSEED="3",
        OMP_NUM_THREADS="2",
        MKL_NUM_THREADS="2",
        SOURCE_DATE_EPOCH="1",
        SOCKETS_TRIED=str(tried),
    )
    asked = tried.read_text(encoding="utf-8") if tried.exists() else ""
    return There(files=tree(file.parent / "_site"), asked=asked, network=not before)


@pytest.mark.slow
def test_a_site_is_the_same_elsewhere_to_the_last_byte(built_apart: Apart, there: There) -> None:
    here = tree(built_apart.folder)
    assert there.files.keys() == here.keys()
    assert [name for name in here if there.files[name] != here[name]] == []


@pytest.mark.slow
def test_a_build_needs_no_network_and_asks_for_none(there: There) -> None:
    assert there.asked == ""
    assert "index.html" in there.files
    if there.network:
        pytest.skip("the kernel does not let this user take the network away: only Python's sockets were refused")


def test_what_refuses_sockets_bites(tmp_path: Path) -> None:
    tried = tmp_path / "tried.txt"
    environment = {**os.environ, "PYTHONPATH": str(ELSEWHERE), "SOCKETS_TRIED": str(tried)}
    program = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode != 0
    assert "no network here" in done.stderr
    assert tried.read_text(encoding="utf-8").startswith("socket.")
