"""How much resident memory opening a million word vectors adds. Run it: `python -m tests.benchmarks.vectors_memory`.

Writes 1,000,000 x 200 float32 vectors (800 MB) to a temporary folder, opens them in a fresh process, looks up 20,000
words and reads their rows, and prints one line: what the process's resident set grew by after opening and after
the look-ups. With every row it reads the kernel maps the pages around it too, where they are in its cache; they
count as resident, but belong to the file and are dropped when memory is wanted. Linux only: it reads
/proc/self/status.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from sitegen.corpus.vectors import open_vectors, write_vectors

WORDS, DIMENSION, LOOKED_UP = 1_000_000, 200, 20_000


def resident() -> float:
    """This process's resident set, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def measure(folder: Path) -> str:
    """One line on what opening the vectors in `folder` and looking words up cost this process."""
    before, begun = resident(), time.perf_counter()
    vectors = open_vectors(folder)
    opened, opening = resident(), time.perf_counter() - begun
    begun = time.perf_counter()
    rows = vectors.rows([f"word{number * 37 % (2 * WORDS)}" for number in range(LOOKED_UP)])
    read = vectors.matrix[rows[rows >= 0]].sum(dtype=np.float64)
    looking = time.perf_counter() - begun
    assert np.isfinite(read)
    return (
        f"{len(vectors):,} x {vectors.dimension} vectors, {vectors.matrix.nbytes / 1e6:.0f} MB: opening added "
        f"{opened - before:.0f} MB in {opening:.2f} s; {LOOKED_UP:,} look-ups, {int((rows >= 0).sum()):,} rows read, "
        f"added {resident() - opened:.0f} MB more in {looking:.2f} s"
    )


def main() -> None:
    """Write the vectors here, measure them in a process of their own."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "vectors"
        matrix = np.random.default_rng(0).normal(size=(WORDS, DIMENSION)).astype(np.float32)
        write_vectors(folder, words=[f"word{number}" for number in range(WORDS)], matrix=matrix)
        subprocess.run([sys.executable, "-m", "tests.benchmarks.vectors_memory", str(folder)], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(Path(sys.argv[1])))
    else:
        main()
