"""How big a large site will be, said before most of it is written.

The records of a sample, spread evenly over the corpus, are written into nothing but a count of their bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from sitegen.web.publish.staging import PAGES_LIMIT, Sink
from sitegen.web.text.numbers import megabytes

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
