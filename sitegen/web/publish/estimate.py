"""How big a large site will be, said before most of it is written; and what of a written one is too big for GitHub.

The records of a sample, spread evenly over the corpus, are written into nothing but a count of their bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO

from sitegen.web import routes
from sitegen.web.publish.staging import PAGES_LIMIT, Sink
from sitegen.web.text.numbers import megabytes

FILE_LIMIT = 100_000_000  # bytes: GitHub takes no push of a file as large
NEAR = 0.9  # of PAGES_LIMIT: from here on it is said
SAMPLE = 48  # records that are written to say how big the site will be


class ByteCount:
    """A Sink that keeps nothing of what is written but the number of bytes."""

    def __init__(self) -> None:
        self.bytes = 0

    def write(self, path: str, content: str | bytes) -> None:
        """Count one file."""
        self.bytes += len(content.encode() if isinstance(content, str) else content)

    @contextmanager
    def stream(self, path: str) -> Iterator[IO[str]]:
        """Count a file that is written piece by piece."""
        out = io.StringIO(newline="")
        yield out
        self.write(path, out.getvalue())


def note_size(
    written: int, records: int, write: Callable[[Sink, Sequence[int]], None], *, note: Callable[[str], None]
) -> None:
    """Say how big the site will be.

    written: bytes so far. records: how many are still to be written. write: writes those of given numbers into a Sink.
    """
    numbers = range(0, records, max(1, records // SAMPLE))[:SAMPLE]
    count = ByteCount()
    write(count, numbers)
    size = written + count.bytes * records // len(numbers)
    note(f"The site will take about {megabytes(size)}.")
    if size > PAGES_LIMIT:
        note("GitHub Pages publishes at most 1 GB: set output.figures = false, or split the corpus.")


def note_model_size(size: int, *, note: Callable[[str], None]) -> None:
    """Say where the files of the published models, `size` bytes, are too many by themselves."""
    if size > PAGES_LIMIT:
        note(
            f"The models' files take {megabytes(size)}, and GitHub Pages publishes at most 1 GB: set output.model = "
            f'"none", or publish them elsewhere.'
        )


def limits(sizes: Mapping[str, int]) -> list[str]:
    """What is too big, or nearly so, to be published with GitHub, each with what to do. sizes: bytes by file."""
    notes = [
        f"{name} takes {megabytes(size)}, and GitHub takes no push of a file of 100 MB or more: {_remedy(name)}."
        for name, size in sorted(sizes.items())
        if size >= FILE_LIMIT
    ]
    total = sum(sizes.values())
    if total >= NEAR * PAGES_LIMIT:
        largest = max(sizes, key=lambda name: (sizes[name], name))
        notes.append(
            f"The site takes {megabytes(total)}, and GitHub Pages publishes at most 1 GB (largest file: {largest}, "
            f'{megabytes(sizes[largest])}): set output.figures = false, or output.model = "none", or split the corpus.'
        )
    return notes


def _remedy(name: str) -> str:
    file = name.rpartition("/")[2]
    keep = f'keep it in Git LFS (git lfs track "{file}"), or have GitHub build the site (init --install-from)'
    return f'set output.model = "none", or {keep}' if name.startswith(routes.data("model")) else keep
