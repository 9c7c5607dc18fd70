"""Folders and files that are written whole or not at all.

A folder of vectors or a model directory is of use only when it is complete. It is therefore written under a temporary
name beside its place and renamed at the end. An earlier one in its place is removed only then. A folder that holds
anything else is never removed.

A program that is killed cannot clear up. So its temporary folder holds a file LOCK which the system keeps locked for as
long as the program runs, and the next one that writes to the same place removes what nobody has locked. Where the
system knows no such locks (Windows), such folders stay.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sitegen.errors import ModelError

if sys.platform != "win32":
    import fcntl

LOCK = "lock"
_OLD = "old"


@contextmanager
def scratch_beside(target: Path) -> Iterator[Path]:
    """An empty folder on the same disk as `target`, gone when the block ends; the next run removes it if this one is
    killed. OSError where none can be made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for folder in list(target.parent.iterdir()):
        if re.fullmatch(rf"\.{re.escape(target.name)}-[a-z0-9_]{{8}}", folder.name):
            _remove_left(folder, target)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-", ignore_cleanup_errors=True) as place:
        fresh = Path(place) / "new"
        with (Path(place) / f"{LOCK}.new").open("wb") as lock:
            _locked(lock)
            Path(lock.name).rename(Path(place) / LOCK)  # only now: nobody ever finds it unlocked while this runs
            fresh.mkdir()
            yield fresh


def unwritable(target: Path) -> str:
    """Why nothing can be written at `target`, in the system's words; "" where something can."""
    try:
        with scratch_beside(target):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def _remove_left(folder: Path, target: Path) -> None:
    """Remove a folder of `scratch_beside` whose program is gone, unless what it was to replace is only there."""
    try:
        with (folder / LOCK).open("r+b") as lock:
            if _locked(lock) and (target.exists() or not (folder / _OLD).exists()):
                shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return  # none of ours


def _locked(file: IO[bytes]) -> bool:
    """Lock an open file until it is closed or this program ends; False where another program has done so."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def written_whole(output: Path, *, kind: str, files: frozenset[str]) -> Iterator[Path]:
    """Yield an empty folder that takes the place of `output` when the block ends without an error.

    `kind` names what is written in messages ("model directory"), `files` are the names such a folder may hold.
    Raises ModelError where `output` exists and is not an empty folder or one of that kind.
    """
    output = output.absolute()
    check_replaceable(output, kind=kind, files=files)
    with scratch_beside(output) as fresh:
        yield fresh
        if output.exists():
            output.rename(fresh.parent / _OLD)
        fresh.rename(output)


def check_replaceable(output: Path, *, kind: str, files: frozenset[str]) -> None:
    """Raise ModelError unless `output` can be written and is free, an empty folder, or one that holds only `files`:
    worth knowing before an hour of training."""
    if not output.exists():
        if fault := unwritable(output):
            raise ModelError(f"{output}: cannot be written ({fault}). Choose another output folder.")
        return
    if not output.is_dir():
        raise ModelError(f"{output}: is a file, not a {kind}. Choose another output folder.")
    strange = sorted(path.name for path in output.iterdir() if path.name not in files)
    if strange:
        raise ModelError(
            f'{output}: is not a {kind} (it holds "{strange[0]}") and will not be overwritten. '
            f"Choose another output folder."
        )


@contextmanager
def file_written_whole(file: Path) -> Iterator[Path]:
    """Yield the path of a file that takes the place of `file` when the block ends without an error. OSError where it
    cannot."""
    with scratch_beside(file) as folder:
        part = folder / file.name
        yield part
        part.replace(file)
