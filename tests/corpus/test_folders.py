"""Folders beside the place of what is written: gone with the program that made them, even if it is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.corpus.folders import check_replaceable, scratch_beside, unwritable
from sitegen.errors import ModelError

PROGRAM = """
import sys
from pathlib import Path
from sitegen.corpus.folders import scratch_beside
with scratch_beside(Path(sys.argv[1])) as fresh:
    (fresh / "page.html").write_text("half")
    print(fresh.parent.name, flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_folder_is_removed_once_its_program_was_killed_and_not_before(tmp_path: Path) -> None:
    strange = tmp_path / "._site-12345678"
    strange.mkdir()
    (strange / "dear.txt").write_text("dear")
    other = tmp_path / "._site2-abcdefgh"
    other.mkdir()
    (other / "lock").write_text("")
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "_site")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        theirs = running.stdout.readline().strip()
        with scratch_beside(tmp_path / "_site") as fresh:
            assert names(tmp_path) == {theirs, fresh.parent.name, strange.name, other.name}
            assert list(fresh.iterdir()) == []
        assert (tmp_path / theirs / "new" / "page.html").is_file()
        running.kill()
        running.wait()
    assert names(tmp_path) == {theirs, strange.name, other.name}
    with scratch_beside(tmp_path / "_site") as fresh:
        assert names(tmp_path) == {fresh.parent.name, strange.name, other.name}
    assert names(tmp_path) == {strange.name, other.name}


def test_what_is_only_there_is_not_removed(tmp_path: Path) -> None:
    """A program that was killed between the two renamings has left the folder it was to replace."""
    left = tmp_path / ".model-abcdefgh"
    (left / "old").mkdir(parents=True)
    (left / "lock").write_text("")
    with scratch_beside(tmp_path / "model"):
        assert left.is_dir()
    (tmp_path / "model").mkdir()
    with scratch_beside(tmp_path / "model"):
        assert not left.exists()


def test_a_place_that_cannot_be_written_is_known_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert unwritable(tmp_path / "file" / "model") == "File exists"
    assert unwritable(tmp_path / "new" / "model") == ""
    assert names(tmp_path / "new") == set()
    with pytest.raises(ModelError, match=r"model: cannot be written \(File exists\)\. Choose another output folder"):
        check_replaceable(tmp_path / "file" / "model", kind="model directory", files=frozenset())
