"""What the prefix engine costs beside its rivals. Run it: `python -m tests.benchmarks.engine`.

One run, one table: in the terminal, in results.md beside this file, and for programs in results.json, a list of {name,
ours, other, ratio, goal, met}. Times are seconds a record, the best of several, taken in turns, since other work on the
machine only ever slows things down. Where both sides make features, they are asserted equal before anything is timed.

The record is a title of 12 and an abstract of 170 words of random vectors, D = 200; each tower is a bidirectional LSTM
of two layers, H = 128, with torch's random weights. The rivals:

*forward per cell*   both towers on both shortened texts, one cell after the other, as in 2018; a sample of the cells is
                     timed and scaled to all of them.
*all cells*          the same, packed and batched: one batch of 256 cells at a time, sorted by length.
*prefixes packed*    T + A texts instead of T x A, through torch.nn.LSTM, packed, at the better of two batch sizes.

"Ours" reads 16 records a batch, as `sitegen score` does with 32; the row "alone" says what one record costs by itself.
Linux only: memory and the name of the processor are read from /proc.

The last share compares with the processor: `least work` are the multiply-adds that no exact method can leave out (see
sitegen/models/shortened.py), the rate is that of torch.mm on the very sequence of shapes that the time loops multiply.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from sitegen.models.architecture import Readout
from sitegen.models.prefixes import encode, encode_packed, prefix_features, without_features

FOLDER = Path(__file__).resolve().parent
T, A, D, H, BATCH = 12, 170, 200, 128, 16
BUDGETS = (8 * 2**20, 64 * 2**20)  # batch sizes the packed rivals may choose from, in bytes of activations
READOUTS: tuple[Readout, ...] = ("last-step", "final-state")
WORK = {"last-step": 3, "final-state": 5}  # products of H x 4H for each word of each reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison. ours, other: what `unit` says. ratio: what the goal is about; `goal` None: for information."""

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
    wanted = None if goal is None else f">= {goal:g}"
    met = None if goal is None else ratio >= goal
    return Row(name=name, unit="s/record", ours=ours, other=other, ratio=ratio, goal=wanted, met=met)


def at_most(name: str, *, unit: str, ours: float, other: float | None, ratio: float, goal: float) -> Row:
    """A row whose ratio must not exceed its goal."""
    return Row(name=name, unit=unit, ours=ours, other=other, ratio=ratio, goal=f"<= {goal:g}", met=ratio <= goal)


def seconds(work: Callable[[], Any]) -> float:
    """What one run takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def best(*works: Callable[[], Any], rounds: int = 3) -> list[float]:
    """The best time of each, taken in turns."""
    return [min(times) for times in zip(*([seconds(work) for work in works] for _ in range(rounds)), strict=True)]


def towers() -> tuple[torch.nn.LSTM, torch.nn.LSTM]:
    """The title's and the abstract's."""
    torch.manual_seed(7)
    first, second = (torch.nn.LSTM(D, H, 2, batch_first=True, bidirectional=True) for _ in range(2))
    return first.requires_grad_(False), second.requires_grad_(False)


def random_texts(count: int, length: int) -> list[Tensor]:
    """`count` texts of `length` words."""
    generator = torch.Generator().manual_seed(length)
    return [torch.randn(length, D, generator=generator) for _ in range(count)]


def prefixes(texts: Sequence[Tensor]) -> list[Tensor]:
    return [text[:k] for text in texts for k in range(1, len(text) + 1)]


def deletions(texts: Sequence[Tensor]) -> list[Tensor]:
    return [torch.cat([text[:k], text[k + 1 :]]) for text in texts for k in range(len(text))]


def each_word(texts: Sequence[Tensor]) -> list[list[tuple[int, int]]]:
    return [[(k, k + 1) for k in range(len(text))] for text in texts]


def same(ours: Sequence[Tensor] | Tensor, other: Tensor) -> None:
    """Fail unless both are equal as far as float32 goes."""
    joined = ours if isinstance(ours, Tensor) else torch.cat(list(ours))
    torch.testing.assert_close(joined, other, rtol=1e-5, atol=2e-6)


def grid_rows() -> Iterator[Row]:
    """A whole grid, both towers, beside the ways that evaluate its cells; then beside the packed prefixes."""
    towers_, titles, abstracts = towers(), random_texts(BATCH, T), random_texts(BATCH, A)
    pairs = [(i, j) for i in range(1, T + 1) for j in range(1, A + 1)]
    sample = pairs[:: len(pairs) // 97]
    longest_first = sorted(pairs, key=lambda pair: -pair[1])

    def ours(readout: Readout, count: int = BATCH) -> list[list[Tensor]]:
        fields = zip(towers_, (titles, abstracts), strict=True)
        return [prefix_features(tower, texts[:count], readout=readout) for tower, texts in fields]

    def cell_by_cell() -> Tensor:
        cells = ((titles[0][None, :i], abstracts[0][None, :j]) for i, j in sample)
        return torch.stack([torch.cat([towers_[0](t)[0][0, -1], towers_[1](a)[0][0, -1]]) for t, a in cells])

    def all_cells() -> Tensor:
        batches = []
        for start in range(0, len(pairs), 256):
            part, sides = longest_first[start : start + 256], []
            for side, text in enumerate((titles[0], abstracts[0])):
                rest = [text[: pair[side]] for pair in part]
                packed = torch.nn.utils.rnn.pack_sequence(rest, enforce_sorted=False)
                sides.append(encode_packed(towers_[side], packed, readout="last-step"))
            batches.append(torch.cat(sides, dim=1))
        return torch.cat(batches)

    (title, *_), (abstract, *_) = ours("last-step")
    same(torch.stack([torch.cat([title[i - 1], abstract[j - 1]]) for i, j in sample]), cell_by_cell())
    same(torch.stack([torch.cat([title[i - 1], abstract[j - 1]]) for i, j in longest_first]), all_cells())

    grid, alone, naive, batched = best(lambda: ours("last-step"), lambda: ours("last-step", 1), cell_by_cell, all_cells)
    grid, naive = grid / BATCH, naive * len(pairs) / len(sample)
    yield at_least(f"forward per cell ({len(sample)} of {len(pairs)} cells, scaled)", ours=grid, other=naive, goal=120)
    yield at_least("all cells packed and batched", ours=grid, other=batched, goal=60)
    yield at_least("forward per cell, ours alone in its batch", ours=alone, other=naive)

    for readout, goal in zip(READOUTS, (5.0, 3.5), strict=True):
        yield from packed_rows(readout, titles, abstracts, goal=goal)


def packed_rows(readout: Readout, titles: list[Tensor], abstracts: list[Tensor], *, goal: float) -> Iterator[Row]:
    """Shortened texts packed through nn.LSTM, the off-the-shelf way, on the first few of the same records."""
    few, (first, second) = 4, towers()
    fields = [(first, titles), (second, abstracts)]

    def ours(count: int) -> list[Tensor]:
        return [torch.cat(prefix_features(tower, texts[:count], readout=readout)) for tower, texts in fields]

    def packed(budget: int) -> list[Tensor]:
        return [encode(tower, prefixes(texts[:few]), readout=readout, budget=budget) for tower, texts in fields]

    for mine, theirs in zip(ours(few), packed(BUDGETS[0]), strict=True):
        same(mine, theirs)
    whole, *rivals = best(partial(ours, BATCH), *(partial(packed, budget) for budget in BUDGETS), rounds=2)
    name = f"prefixes packed through nn.LSTM, {readout}"
    yield at_least(name, ours=whole / BATCH, other=min(rivals) / few, goal=goal)

    def without(count: int) -> Tensor:
        texts = abstracts[:count]
        return torch.cat(without_features(second, texts, each_word(texts), readout=readout))

    def rest() -> Tensor:
        return encode(second, deletions(abstracts[:2]), readout=readout)

    same(without(2), rest())
    whole, rival = best(partial(without, BATCH), rest, rounds=2)
    name = f"abstract without each word, packed through nn.LSTM, {readout}"
    yield at_least(name, ours=whole / BATCH, other=rival / 2)


class Products(TorchDispatchMode):
    """The shapes (m, k, n) of the products that the time loops do in place."""

    def __init__(self) -> None:
        super().__init__()
        self.shapes: list[tuple[int, int, int]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.ops.aten.addmm_.default:
            self.shapes.append((*args[1].shape, args[2].shape[1]))
        return func(*args, **(kwargs or {}))


def share_rows() -> Iterator[Row]:
    """Least work over time, as a share of the rate of torch.mm on the same sequence of shapes."""
    (_, tower), texts = towers(), random_texts(BATCH, A)
    for readout in READOUTS:
        grow = partial(prefix_features, tower, texts, readout=readout)
        shorten = partial(without_features, tower, texts, each_word(texts), readout=readout)
        yield share_row(f"prefixes, {readout}", grow, least=WORK[readout] * A * (A + 1) // 2, goal=0.45)
        yield share_row(f"leave-one-outs, {readout}", shorten, least=WORK[readout] * A * (A - 1), goal=None)


def share_row(name: str, work: Callable[[], Any], *, least: int, goal: float | None) -> Row:
    """One engine's row; least: products of H x 4H a record."""
    with Products() as products:
        work()
    shapes = products.shapes
    rows = max(m for m, _, _ in shapes)
    left = {k: torch.randn(rows, k) for k in {k for _, k, _ in shapes}}
    right = {k: torch.randn(k, 4 * H) for k in left}
    out = torch.empty(rows, 4 * H)

    def multiply() -> None:
        for m, k, _ in shapes:
            torch.mm(left[k][:m], right[k], out=out[:m])

    ours, sgemm = best(work, multiply)
    rate = 2 * sum(m * k * n for m, k, n in shapes) / sgemm / 1e9
    reached = 2 * BATCH * least * 4 * H * H / ours / 1e9
    return Row(
        name=f"least work / time as a share of sgemm: {name}",
        unit="GFLOP/s",
        ours=reached,
        other=rate,
        ratio=reached / rate,
        goal=None if goal is None else f">= {goal:g}",
        met=None if goal is None else reached / rate >= goal,
    )


def growth_rows() -> Iterator[Row]:
    """Prefixes of longer and longer texts; the exponent of the fitted power must not exceed that of the work."""
    (_, tower), lengths = towers(), (50, 100, 200, 400, 800)
    inputs = {n: random_texts(4, n) for n in lengths}
    times = best(*(partial(prefix_features, tower, inputs[n], readout="last-step") for n in lengths), rounds=2)
    points = [(math.log(n), math.log(t)) for n, t in zip(lengths, times, strict=True)]
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    slope = sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)
    for n, taken in zip(lengths, times, strict=True):
        yield Row(name=f"prefixes of {n} words, last-step", unit="s/record", ours=taken / 4, other=None, ratio=None)
    yield at_most(
        "growth from 50 to 800 words, as a power of n", unit="exponent", ours=slope, other=None, ratio=slope, goal=2
    )


def repeat(times: int) -> None:
    """In a process of its own: 100 texts of 20 to 80 words `times` over, 32 a call; print seconds and bytes."""
    _, tower = towers()
    generator = torch.Generator().manual_seed(1)
    order = torch.randperm(100, generator=generator).tolist()  # so that each call has short and long ones
    texts = [torch.randn(20 + 60 * i // 99, D, generator=generator) for i in order]
    prefix_features(tower, texts[:1], readout="last-step")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak of the imports
    resting = peak_bytes()

    def work() -> None:
        many = texts * times
        for start in range(0, len(many), 32):
            prefix_features(tower, many[start : start + 32], readout="last-step")

    taken = seconds(work)
    sys.stdout.write(json.dumps({"seconds": taken / (100 * times), "bytes": peak_bytes() - resting}))


def peak_bytes() -> int:
    """The largest resident set of this process so far, as Linux counts it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def repetition_rows() -> Iterator[Row]:
    """The same texts 1 and 30 times: neither time a record nor memory may grow."""
    found: dict[int, list[dict[str, float]]] = {1: [], 30: []}
    for _ in range(3):
        for times, results in found.items():
            command = [sys.executable, "-m", "tests.benchmarks.engine", "--repeat", str(times)]
            results.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    for key, unit, goal, name in (
        ("seconds", "s/record", 1.15, "time a record"),
        ("bytes", "bytes", 1.1, "peak memory above rest"),
    ):
        once, often = (min(result[key] for result in found[times]) for times in (1, 30))
        title = f"100 texts of 20-80 words, 30 times over once: {name}"
        yield at_most(title, unit=unit, ours=often, other=once, ratio=often / once, goal=goal)


def cells(row: Row) -> list[str]:
    """A row as it is printed."""
    numbers = ["" if value is None else f"{value:.4g}" for value in (row.ours, row.other, row.ratio)]
    met = {None: "", True: "yes", False: "no"}[row.met]
    return [row.name, row.unit, *numbers, row.goal or "", met]


def write(rows: Sequence[Row], *, machine: str) -> None:
    """results.md and results.json."""
    head = ["what", "unit", "ours", "other", "ratio", "goal", "met"]
    lines = [
        "# The prefix engine, measured",
        "",
        (__doc__ or "").split("\n\n", 1)[1].strip(),
        "",
        f"Measured on {machine}.",
        "",
    ]
    lines += [" | ".join(["", *row, ""]).strip() for row in [head, ["---"] * len(head), *map(cells, rows)]]
    (FOLDER / "results.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (FOLDER / "results.json").write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print and write."""
    if sys.argv[1:2] == ["--repeat"]:
        repeat(int(sys.argv[2]))
        return
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8").partition("model name")[2].partition("\n")[0].strip(" \t:")
    threads = f"{torch.get_num_threads()} threads of {os.cpu_count()} processors ({cpu})"
    machine = f"{threads}, torch {torch.__version__}"
    rows: list[Row] = []
    with torch.inference_mode():
        for measure in (share_rows, grid_rows, growth_rows, repetition_rows):
            rows += measure()
    table = Table("what", "unit", "ours", "other", "ratio", "goal", "met", title=f"The prefix engine: {machine}")
    for row in rows:
        table.add_row(*cells(row))
    Console().print(table)
    write(rows, machine=machine)


if __name__ == "__main__":
    main()
