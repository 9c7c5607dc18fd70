"""A small site with something of everything, built by processes of their own, as somebody else would build it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.sites import RECORDS, write_model, write_site

ROOT = Path(__file__).parents[1]
KEPT = {"p1", "p2", "p3", "p4", "p5", "p8", "p9"}  # of the records


def write(folder: Path) -> Path:
    """Figures, two models, a checkpoint, checks, published weights; the path of its site.toml."""
    write_model(folder / "model")
    write_model(folder / "again", seed=28)
    write_model(folder / "other", seed=2, joint=3)
    models = {"First": "model", "Other": "other"}
    records = [record for record in RECORDS if record["id"] in KEPT]
    return write_site(folder, records=records, models=models, ensemble=["again"], figures=True, tried=4, publish=True)


def build(
    file: Path, *paths: Path, before: tuple[str, ...] = (), umask: int = 0o022, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Build a site in a process with these variables; paths: what comes first in its PYTHONPATH."""
    python_path = os.pathsep.join(map(str, [*paths, ROOT]))
    environment = {"PATH": os.environ["PATH"], "HOME": str(file.parent), "PYTHONPATH": python_path, **variables}
    command = [*before, sys.executable, "-m", "sitegen", "build", str(file)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, umask=umask, cwd=file.parent, timeout=200
    )
    assert done.returncode == 0, done.stderr
    return done


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """The output folder of a site that was built so, and what the command printed."""

    folder: Path
    out: str
    err: str


def build_apart(folder: Path) -> None:
    """Build the site where text is ASCII unless somebody says otherwise, and keep in `folder` what was printed."""
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"  # strings are hashed otherwise than here
    done = build(write(folder / "xx"), TZ="UTC", PYTHONHASHSEED=seed, OMP_NUM_THREADS="1", **plain)
    (folder / "out.txt").write_text(done.stdout, encoding="utf-8")
    (folder / "err.txt").write_text(done.stderr, encoding="utf-8")


def read_apart(folder: Path) -> Apart:
    """What `build_apart` left."""
    out, err = ((folder / name).read_text(encoding="utf-8") for name in ("out.txt", "err.txt"))
    return Apart(folder=folder / "xx" / "_site", out=out, err=err)
