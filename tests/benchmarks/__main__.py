"""`make bench`: measure everything in one run; print one table, and write it to results.md and results.json.

`python -m tests.benchmarks engine` (or rivals, linear, transformer, building, vectors_memory, pages, large_gallery,
live) measures and prints that part alone and writes nothing. A goal that is missed fails nothing: its row says so.

Open `rows.py` first (what a row of the table is), then `engine.py`; `inputs.py` has the texts and towers that both
engine and rivals are measured on.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import torch

from tests.benchmarks import (
    building,
    engine,
    large_gallery,
    linear,
    live,
    pages,
    rivals,
    transformer,
    vectors_memory,
)
from tests.benchmarks.rows import show, write

PARTS = {
    "engine": engine,
    "rivals": rivals,
    "linear": linear,
    "transformer": transformer,
    "building": building,
    "vectors_memory": vectors_memory,
    "pages": pages,
    "live": live,
    "large_gallery": large_gallery,
}


def chosen(arguments: Sequence[str] | None = None) -> list[str]:
    """The parts that a command names, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measure and print parts, or everything, which takes ten minutes and writes the results, too.",
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}")
    names: list[str] = parser.parse_args(arguments).parts
    if unknown := [name for name in names if name not in PARTS]:
        parser.error(f'"{unknown[0]}" is no part. Name one of {", ".join(PARTS)}.')
    return names or list(PARTS)


def main() -> None:
    """Measure and print the parts that are named, or all; in the latter case write the results, too."""
    names = chosen()
    results = []
    for name in names:
        with torch.no_grad():
            results += list(PARTS[name].rows())
    show(results, title=engine.machine())
    if len(names) == len(PARTS):
        about = "\n\n".join((PARTS[name].__doc__ or "").strip() for name in PARTS)
        write(results, title="What sitegen costs, measured", about=about, machine=engine.machine())


if __name__ == "__main__":
    main()
