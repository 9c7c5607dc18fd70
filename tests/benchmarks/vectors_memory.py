"""How much resident memory opening a million word vectors adds.

1,000,000 x 200 float32 vectors (800 MB) are written to a temporary folder and opened in a fresh process, which looks up
20,000 words; the growth of its resident set is measured. Rows that are read later are mapped with the pages around
them; these count as resident, too, but belong to the file and are dropped when memory runs short. Linux only: it reads
/proc/self/status.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sitegen.corpus.vectors import open_vectors, write_vectors
from tests.benchmarks.rows import Row, at_most

WORDS, DIMENSION, LOOKED_UP = 1_000_000, 200, 20_000


def resident() -> float:
    """This process's resident set, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def measure(folder: Path) -> float:
    """How much resident memory opening the vectors in `folder` and looking words up adds to this process, in MB."""
    before = resident()
    vectors = open_vectors(folder)
    rows = vectors.rows([f"word{number * 37 % (2 * WORDS)}" for number in range(LOOKED_UP)])
    assert (rows >= 0).any()
    return resident() - before


def rows() -> Iterator[Row]:
    """Write the vectors here, measure them in a process of their own."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "vectors"
        matrix = np.random.default_rng(0).normal(size=(WORDS, DIMENSION)).astype(np.float32)
        write_vectors(folder, words=[f"word{number}" for number in range(WORDS)], matrix=matrix)
        command = [sys.executable, "-m", "tests.benchmarks.vectors_memory", str(folder)]
        added = float(subprocess.run(command, check=True, capture_output=True).stdout)
    name = f"{WORDS:,} x {DIMENSION} vectors opened, words looked up: resident memory added"
    yield at_most(name, unit="MB", ours=added, other=None, ratio=added, goal=200)


if __name__ == "__main__":
    print(measure(Path(sys.argv[1])))
