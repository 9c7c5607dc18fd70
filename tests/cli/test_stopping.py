"""Commands that are stopped or killed, as processes of their own: what they leave, say and exit with.

A process sends itself a real signal at a place that the test names, so that no test depends on the machine's speed.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.analysis.store.store import Store
from sitegen.web.publish.staging import MARK
from tests.commands import without_stages
from tests.runs import Built
from tests.sites import RECORDS, make_scored_site, tree, write_records, write_site

PROGRAM = """
import importlib, os, sys
where, calls, number, *arguments = sys.argv[1:]
module, owner, name = where.rsplit(".", 2)
if owner[0].isupper():
    place = getattr(importlib.import_module(module), owner)
else:
    place = importlib.import_module(f"{module}.{owner}")
kept, left = getattr(place, name), int(calls)

def stopping(*args, **options):
    global left
    done = kept(*args, **options)
    left -= 1
    if left == 0:
        for one in number.split():
            os.kill(os.getpid(), int(one))
    return done

setattr(place, name, stopping)
from sitegen.cli import commands
from sitegen.web.publish import bundles
bundles.vega_bundle = lambda: ""
sys.argv = ["sitegen", *arguments]
commands.main()
"""


def stopped(
    where: str, calls: int, *arguments: str | Path, numbers: tuple[int, ...]
) -> subprocess.CompletedProcess[str]:
    """A command that gets the signals once the function at `where` was called so often."""
    told = (where, str(calls), " ".join(str(int(number)) for number in numbers), *map(str, arguments))
    command = [sys.executable, "-c", PROGRAM, *told]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.slow
def test_stopped_scoring_says_how_many_scores_are_kept(tmp_path: Path) -> None:
    file = write_site(tmp_path, records=RECORDS, batch=2)
    done = stopped("sitegen.analysis.store.store.Store.write", 2, "build", file, numbers=(signal.SIGINT,))
    with Store.open(tmp_path / ".sitegen" / "scores.sqlite", create=False) as store:
        kept = len(store)
    assert 4 <= kept < 12
    assert without_stages(done.stderr).splitlines()[-1] == (
        f"Stopped. {kept} of 12 scores are kept in {tmp_path / '.sitegen' / 'scores.sqlite'}; no site was written."
    )
    assert (done.returncode, done.stdout) == (130, "")
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_stopped_rendering_leaves_the_site_as_it_was(tmp_path: Path, plain_site: Built) -> None:
    folder = tmp_path / "site"
    shutil.copytree(plain_site.site.folder, folder)
    before, around = tree(folder / "_site"), names(folder)
    (folder / "pages" / "more.md").write_text("# More\n", encoding="utf-8")
    place = "sitegen.web.publish.staging.Output.write"
    done = stopped(place, 40, "render", folder, numbers=(signal.SIGTERM, signal.SIGINT))
    assert without_stages(done.stderr).splitlines()[-1] == (
        f"Stopped. The scores are kept in {folder / '.sitegen' / 'scores.sqlite'}; "
        f"the site in {folder / '_site'} is as it was."
    )
    assert (done.returncode, done.stdout) == (143, "")
    assert "Traceback" not in done.stderr
    assert tree(folder / "_site") == before
    assert names(folder) == around


@pytest.mark.slow
def test_a_site_that_is_being_put_in_place_is_finished_and_told_of(tmp_path: Path) -> None:
    make_scored_site(tmp_path)
    done = stopped("pathlib.Path.replace", 30, "render", tmp_path, numbers=(signal.SIGINT,))
    assert done.returncode == 130
    assert f"; the new site in {tmp_path / '_site'} is whole.\n" in done.stderr
    listed = (tmp_path / "_site" / MARK).read_text(encoding="utf-8").splitlines()[1:]
    assert len(listed) > 40
    assert {*listed, MARK} == tree(tmp_path / "_site").keys()


@pytest.mark.slow
def test_stopped_training_writes_no_model(tmp_path: Path) -> None:
    own = [{name: f"{RECORDS[k % 2][name]} {k}" for name in ("title", "abstract")} for k in range(60)]
    rows = [{**RECORDS[k % 2], "id": f"r{k}", **texts} for k, texts in enumerate(own)]
    write_records(tmp_path / "records.csv", rows)
    told = ("train", tmp_path / "records.csv", "--output", tmp_path / "model", "--id", "id", "--min-count", "1")
    labels = ("--positive", "computational", "--negative", "not computational")
    done = stopped("sitegen.models.training.train.segment", 30, *told, *labels, numbers=(signal.SIGINT, signal.SIGINT))
    assert without_stages(done.stderr).splitlines()[-1] == "Stopped. No model was written."
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
    assert names(tmp_path) == {"records.csv"}
