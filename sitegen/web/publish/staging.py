"""The only writer of the site: into a staging folder beside the target, checked there, then put in place.

So a build that fails half-way leaves the site that was there before as it was. Only files that differ are put in place:
the others keep their time of modification, and tools that look at it do not upload them again. A file that an earlier
build wrote and this one did not is removed. The file MARK lists what a build wrote, so that a file which somebody else
put there (a CNAME, say) stays. A target that is not empty and has no such file is refused. The last file written before
it is the checksum manifest of all the others.
"""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import IO, Protocol

from sitegen.corpus.folders import scratch_beside
from sitegen.errors import OutputError, Stopped
from sitegen.web.publish.checksums import MANIFEST, digests_of, files_of, manifest_text

MARK = ".sitegen-site"  # the file by which a folder is known as a site of ours, a list of what was written
_HEADING = "Written by sitegen: the next build replaces these files and leaves others alone."
PAGES_LIMIT = 1_000_000_000  # bytes: what GitHub Pages publishes at most


class Sink(Protocol):
    """Where the files of a site go: Output, or what only counts their bytes. Paths are relative to the site."""

    def write(self, path: str, content: str | bytes) -> None:
        """Write one file."""
        ...

    def stream(self, path: str) -> AbstractContextManager[IO[str]]:
        """A text file to be written piece by piece."""
        ...


class Output:
    """The site being written. Paths are relative to the site, with forward slashes."""

    def __init__(self, staging: Path) -> None:
        self.folder = staging
        self.bytes = 0
        self.written: list[str] = []

    def write(self, path: str, content: str | bytes) -> None:
        """Write one file."""
        data = content.encode() if isinstance(content, str) else content
        file = self._file(path)
        file.write_bytes(data)
        self.bytes += len(data)
        self.written.append(path)

    @property
    def files(self) -> int:
        """How many files were written."""
        return len(self.written)

    @contextmanager
    def stream(self, path: str) -> Iterator[IO[str]]:
        """A text file to be written piece by piece, with line ends as given."""
        file = self._file(path)
        with file.open("w", encoding="utf-8", newline="") as out:
            yield out
        self.bytes += file.stat().st_size
        self.written.append(path)

    def copy(self, path: str, source: Path) -> None:
        """Write one file as a copy of `source`, which may be larger than the memory."""
        file = self._file(path)
        shutil.copyfile(source, file)
        self.bytes += file.stat().st_size
        self.written.append(path)

    def size(self, path: str) -> int:
        """The size in bytes of a file written before."""
        return (self.folder / path).stat().st_size

    def _file(self, path: str) -> Path:
        file = self.folder / path
        if file.exists():
            raise OutputError(f'Two pages want the address "{path}". Rename one of them.')
        file.parent.mkdir(parents=True, exist_ok=True)
        return file


@contextmanager
def writing(target: Path, *, check: Callable[[Path], list[str]]) -> Iterator[Output]:
    """A new version of the site at `target`, put in place when the block ends without an error.

    `check` is given the staged folder and returns what is wrong with it; anything wrong is an OutputError.
    """
    refuse_foreign(target)
    with ExitStack() as stack:
        try:
            staging = stack.enter_context(scratch_beside(target))
        except OSError as error:
            raise OutputError(
                f"{target}: cannot be written ({error.strerror}). Choose another output folder."
            ) from None
        output = Output(staging)
        output.write(".nojekyll", "")
        yield output
        output.write(MANIFEST, manifest_text(digests_of(staging, files_of(staging))))
        output.write(MARK, "\n".join([_HEADING, *files_of(staging)]) + "\n")
        if faults := check(staging):
            shown = "\n".join(faults[:20])
            more = f"\nand {len(faults) - 20} more" if len(faults) > 20 else ""
            raise OutputError(f"The site does not hold together; nothing was changed in {target}:\n{shown}{more}")
        _put_whole(staging, target)


def kept(target: Path) -> str:
    """What is left of a site whose new version was not put in place, as a clause."""
    return f"the site in {target} is as it was" if (target / MARK).exists() else "no site was written"


def refuse_foreign(target: Path) -> None:
    """OutputError where the target is a file, or holds what sitegen has not written."""
    if target.is_dir() and any(target.iterdir()) and not (target / MARK).exists():
        raise OutputError(
            f"{target}: is not empty and was not written by sitegen. Empty it, or choose another folder for the output."
        )
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target}: is a file. Choose another output folder.")


def _put_whole(staging: Path, target: Path) -> None:
    """Make `target` hold what `staging` holds; if this is interrupted, it is done all the same, and the interruption
    goes on from there."""
    wanted = files_of(staging)
    try:
        _put(staging, target, wanted)
    except (KeyboardInterrupt, Stopped) as interruption:
        _put(staging, target, wanted)
        if isinstance(interruption, Stopped):
            interruption.output = f"the new site in {target} is whole"
        raise


def _put(staging: Path, target: Path, wanted: Sequence[str]) -> None:
    """Make `target` hold the files `wanted`, touching only what differs and what an earlier build wrote.

    They lie in `staging`, but for those that were put in place before. MARK comes first: whatever happens then, the
    folder is known as ours, and all that may be in it is listed.
    """
    target.mkdir(exist_ok=True)
    mark = target / MARK
    written = mark.read_text(encoding="utf-8").splitlines()[1:] if mark.exists() else []
    for name in wanted:
        if (target / name).is_dir() and {f"{name}/{inner}" for inner in files_of(target / name)} - set(written):
            raise OutputError(f"{target / name}: is in the way of the site's own file. Move it away.")
    for name in sorted(set(written) - set(wanted), reverse=True):
        old = target / name
        if old.resolve().is_relative_to(target.resolve()) and old.is_file():
            old.unlink()
            for folder in old.parents:
                if folder == target or any(folder.iterdir()):
                    break
                folder.rmdir()
    for name in sorted(wanted, key=lambda name: name != MARK):
        old, new = target / name, staging / name
        if not new.exists():
            continue
        if old.is_dir():
            shutil.rmtree(old)  # empty folders: what others put there was found above
        if not (old.is_file() and filecmp.cmp(old, new, shallow=False)):
            old.parent.mkdir(parents=True, exist_ok=True)
            new.replace(old)
