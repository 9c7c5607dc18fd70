"""The only writer of the site: into a staging folder beside the target, checked there, then put in place.

A build that fails half-way leaves the site that was there before as it was. Putting in place touches only the files
that differ: what did not change keeps its time of modification (and is not uploaded again by tools that look at it),
and what the new site lacks is removed. A target that is not empty and was not written by sitegen is refused.
"""

from __future__ import annotations

import filecmp
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sitegen.errors import OutputError

MARK = ".sitegen-site"  # the file that says that a folder was written by sitegen
PAGES_LIMIT = 1_000_000_000  # bytes: what GitHub Pages publishes at most


class Output:
    """The site being written. Paths are relative to the site, with forward slashes."""

    def __init__(self, staging: Path) -> None:
        self._staging = staging
        self.bytes = 0
        self.files = 0

    def write(self, path: str, content: str | bytes) -> None:
        """Write one file."""
        data = content.encode() if isinstance(content, str) else content
        file = self._file(path)
        file.write_bytes(data)
        self.bytes += len(data)
        self.files += 1

    @contextmanager
    def stream(self, path: str) -> Iterator[IO[str]]:
        """A text file to be written piece by piece, with line ends as given."""
        file = self._file(path)
        with file.open("w", encoding="utf-8", newline="") as out:
            yield out
        self.bytes += file.stat().st_size
        self.files += 1

    def size(self, path: str) -> int:
        """The size in bytes of a file written before."""
        return (self._staging / path).stat().st_size

    def _file(self, path: str) -> Path:
        file = self._staging / path
        if file.exists():
            raise OutputError(f'Two pages want the address "{path}". Rename one of them.')
        file.parent.mkdir(parents=True, exist_ok=True)
        return file


@contextmanager
def writing(target: Path, *, check: Callable[[Path], list[str]]) -> Iterator[Output]:
    """A new version of the site at `target`, put in place when the block ends without an error.

    `check` is given the staged folder and returns what is wrong with it; anything wrong is an OutputError.
    """
    _refuse_foreign(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror}). Choose another --output.") from None
    try:
        output = Output(staging)
        output.write(MARK, "This folder is written by sitegen; a new build replaces what is in it.\n")
        output.write(".nojekyll", "")
        yield output
        if faults := check(staging):
            shown = "\n".join(faults[:20])
            more = f"\nand {len(faults) - 20} more" if len(faults) > 20 else ""
            raise OutputError(f"The site does not hold together; nothing was changed in {target}:\n{shown}{more}")
        _put(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _refuse_foreign(target: Path) -> None:
    if target.is_dir() and any(target.iterdir()) and not (target / MARK).exists():
        raise OutputError(
            f"{target}: is not empty and was not written by sitegen. Empty it, or choose another --output."
        )
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target}: is a file. Choose another --output.")


def _put(staging: Path, target: Path) -> None:
    """Make `target` equal to `staging`, touching only what differs."""
    target.mkdir(exist_ok=True)
    wanted = {path.relative_to(staging) for path in staging.rglob("*") if path.is_file()}
    for path in sorted(target.rglob("*"), reverse=True):
        relative = path.relative_to(target)
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif relative not in wanted:
            path.unlink()
    for relative in sorted(wanted):
        old, new = target / relative, staging / relative
        if old.is_dir():
            shutil.rmtree(old)
        if not (old.is_file() and filecmp.cmp(old, new, shallow=False)):
            old.parent.mkdir(parents=True, exist_ok=True)
            new.replace(old)
