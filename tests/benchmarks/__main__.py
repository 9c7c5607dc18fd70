"""`make bench`: everything that is measured, in one run and one table, printed and written to results.md and .json.

`python -m tests.benchmarks engine` (or rivals, building, vectors_memory) measures and prints that part alone and writes
nothing. Nothing is asserted: a goal that is missed is a row that says so.
"""

from __future__ import annotations

import sys

import torch

from tests.benchmarks import building, engine, rivals, vectors_memory
from tests.benchmarks.rows import show, write

PARTS = {"engine": engine, "rivals": rivals, "building": building, "vectors_memory": vectors_memory}


def main() -> None:
    """Measure, print and, where all was measured, write."""
    wanted = sys.argv[1:] or list(PARTS)
    found = []
    for name in wanted:
        with torch.no_grad():
            found += list(PARTS[name].rows())
    show(found, title=engine.machine())
    if len(wanted) == len(PARTS):
        about = "\n\n".join((PARTS[name].__doc__ or "").strip() for name in PARTS)
        write(found, title="What sitegen costs, measured", about=about, machine=engine.machine())


if __name__ == "__main__":
    main()
