"""`make bench`: what the demo site costs on this machine, stage by stage. One run, one table; nothing is asserted.

Times are wall-clock seconds of one run each and noisy; compare rows of one run with each other. The site is built in
a temporary folder from a copy of content/, so that neither the demo's scores nor its figures are found.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from sitegen import pipeline
from sitegen.config import Site, load_site

CONTENT = Path(__file__).resolve().parents[2] / "content"


class Silent:
    """A Reporter that tells nobody."""

    def advance(self, stage: str, done: int, total: int) -> None: ...

    def note(self, message: str) -> None: ...


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that `work` takes, and its result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def demo(folder: Path, *, figures: bool) -> Site:
    """The demo site, moved into `folder`."""
    site = load_site(CONTENT / "site.toml")
    output = site.output.model_copy(update={"folder": folder / "site", "cache": folder / "cache", "figures": figures})
    return site.model_copy(update={"output": output})


def main() -> None:
    """Measure and print."""
    table = Table("what", "seconds", "per record", title="The demo site")
    with tempfile.TemporaryDirectory() as scratch:
        plain, drawn = demo(Path(scratch), figures=False), demo(Path(scratch), figures=True)
        seconds, scores = timed(lambda: pipeline.score(plain, reporter=Silent()))
        n = len(scores.collection.records)

        def row(what: str, value: float) -> None:
            table.add_row(what, f"{value:.2f}", f"{1000 * value / n:.1f} ms")

        row(f"score {n} records", seconds)
        row("score again, nothing new", timed(lambda: pipeline.score(plain, reporter=Silent()))[0])
        row("render without figures", timed(lambda: pipeline.render(plain, reporter=Silent()))[0])
        shutil.rmtree(plain.output.folder)
        row("render, figures drawn", timed(lambda: pipeline.render(drawn, reporter=Silent()))[0])
        row("build again, nothing changed", timed(lambda: pipeline.build(drawn, reporter=Silent()))[0])
    console = Console()
    console.print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"Peak memory {peak:.0f} MB; {os.cpu_count()} processors.")
    subprocess.run([sys.executable, "-m", "tests.benchmarks.vectors_memory"], check=True)


if __name__ == "__main__":
    main()
