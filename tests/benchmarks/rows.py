"""A benchmark's rows, and the table they make: in the terminal, in results.md and results.json beside this file.

results.json is a list of {name, unit, ours, other, ratio, goal, met}. Times are the best of several, taken in turns,
since other work on the machine only ever slows things down.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

FOLDER = Path(__file__).resolve().parent
HEAD = ("what", "unit", "ours", "other", "ratio", "goal", "met")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison.

    ours, other: two measurements in `unit`; other is None where there is nothing to compare with. ratio: the number
    that the goal is about. goal: as it is printed, None for a row without one; met: whether it is reached.
    """

    name: str
    unit: str
    ours: float
    other: float | None
    ratio: float | None
    goal: str | None = None
    met: bool | None = None


def at_least(name: str, *, ours: float, other: float, goal: float | None = None) -> Row:
    """A row whose ratio is other / ours, in seconds a record: how many times faster."""
    ratio = other / ours
    printed_goal = None if goal is None else f">= {goal:g}"
    met = None if goal is None else ratio >= goal
    return Row(name=name, unit="s/record", ours=ours, other=other, ratio=ratio, goal=printed_goal, met=met)


def measured(name: str, *, unit: str, ours: float, other: float | None = None) -> Row:
    """A row without a goal."""
    return Row(name=name, unit=unit, ours=ours, other=other, ratio=None if other is None else other / ours)


def at_most(name: str, *, unit: str, ours: float, other: float | None, ratio: float, goal: float) -> Row:
    """A row whose ratio must not exceed its goal."""
    return Row(name=name, unit=unit, ours=ours, other=other, ratio=ratio, goal=f"<= {goal:g}", met=ratio <= goal)


def seconds(work: Callable[[], Any]) -> float:
    """How long one run takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def best(*works: Callable[[], Any], rounds: int = 3) -> list[float]:
    """The shortest time of each, measured in turns."""
    return [min(times) for times in zip(*([seconds(work) for work in works] for _ in range(rounds)), strict=True)]


def cells(row: Row) -> list[str]:
    """The cells of a row as they are printed."""
    numbers = ["" if value is None else f"{value:.4g}" for value in (row.ours, row.other, row.ratio)]
    met = {None: "", True: "yes", False: "no"}[row.met]
    return [row.name, row.unit, *numbers, row.goal or "", met]


def show(rows: Sequence[Row], *, title: str) -> None:
    """Print the table in the terminal."""
    table = Table(*HEAD, title=title)
    for row in rows:
        table.add_row(*cells(row))
    Console().print(table)


def write(rows: Sequence[Row], *, title: str, about: str, machine: str) -> None:
    """Write results.md and results.json."""
    lines = [f"# {title}", "", about.strip(), "", f"Measured on {machine}.", ""]
    lines += [" | ".join(["", *row, ""]).strip() for row in [HEAD, ["---"] * len(HEAD), *map(cells, rows)]]
    (FOLDER / "results.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (FOLDER / "results.json").write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
