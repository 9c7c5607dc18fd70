"""Folders that are written whole or not at all.

A folder of vectors or a model directory is of use only when it is complete. It is therefore written under a temporary
name beside its place and renamed at the end. An earlier one in its place is removed only then. A folder that holds
anything else is never removed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sitegen.errors import ModelError


@contextmanager
def written_whole(output: Path, *, kind: str, files: frozenset[str]) -> Iterator[Path]:
    """Yield an empty folder that takes the place of `output` when the block ends without an error.

    `kind` names what is written in messages ("model directory"), `files` are the names such a folder may hold.
    Raises ModelError where `output` exists and is not an empty folder or one of that kind.
    """
    output = output.absolute()
    check_replaceable(output, kind=kind, files=files)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}.") as scratch:
        fresh = Path(scratch) / "new"
        fresh.mkdir()
        yield fresh
        if output.exists():
            output.rename(Path(scratch) / "old")
        fresh.rename(output)


def check_replaceable(output: Path, *, kind: str, files: frozenset[str]) -> None:
    """Raise ModelError unless `output` is free, an empty folder, or a folder that holds only `files`."""
    if not output.exists():
        return
    if not output.is_dir():
        raise ModelError(f"{output}: is a file, not a {kind}. Choose another output folder.")
    strange = sorted(path.name for path in output.iterdir() if path.name not in files)
    if strange:
        raise ModelError(
            f'{output}: is not a {kind} (it holds "{strange[0]}") and will not be overwritten. '
            f"Choose another output folder."
        )
