"""The cost of the prefix engine, beside other ways to compute the same features and beside the processor's limit.

Times are seconds a record. Where both sides compute features, they are asserted equal before anything is timed.

A record is a title of 12 and an abstract of 170 words of random vectors, D = 200; each tower is a bidirectional LSTM
of two layers, H = 128, with torch's random weights. The rivals:

*forward per cell*   for each cell of the grid, one after the other, both towers on both prefixes, as in 2018; a sample
                     of the cells is timed and scaled to all of them.
*all cells*          the same, packed and batched: 256 cells a batch, sorted by length.
*prefixes packed*    T + A texts instead of T x A, through torch.nn.LSTM, packed, at the better of two batch sizes.

The deletions of each word and all subsets of eight sentences are compared with packed batches, too.

"Ours" takes 16 records a batch, as `sitegen score` does with 32; the row "alone" says what one record costs by itself.
Linux only: memory and the name of the processor are read from /proc.

The rows "least work / time" compare with the processor. The least work are the multiply-adds that no exact method can
leave out (see sitegen/models/lstm/engine/deletions.py); the rate is that of torch.mm on the very sequence of shapes
that the time loops multiply, one after the other with all threads or side by side with one each, whichever is faster.
"Compiled" is with the kernels, where numba is installed, "plain" without them.

How much faster than nn.LSTM's packed prefixes one can be follows from counts. In products of one word's H numbers
with H x 4H, a word of a prefix costs nn.LSTM 2 (D/H + 1) in layer 1 and 2 (2 + 1) in layer 2, 11.1 in all for either
readout; it costs the engine 3 (last-step) or 5 (final-state). So the ratio is 3.7 or 2.2 times the engine's share of
the processor's rate over that of nn.LSTM, which is a row of its own. A ratio of 3.5 for final-state takes 1.57 times
nn.LSTM's share.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sitegen.models.lstm.architecture import Readout
from sitegen.models.lstm.engine import deletions, recurrence, shared_states
from sitegen.models.lstm.engine.prefixes import (
    deletion_features,
    encode,
    encode_packed,
    pool_for,
    prefix_features,
    subset_features,
)
from tests.benchmarks.inputs import (
    BATCH,
    READOUTS,
    A,
    D,
    H,
    T,
    all_prefixes,
    assert_same,
    each_word,
    random_texts,
    towers,
    without_each_word,
)
from tests.benchmarks.rows import Row, at_least, at_most, best, measured, seconds

BUDGETS = (8 * 2**20, 64 * 2**20)  # batch sizes the packed rivals may choose from, in bytes of activations
WORK = {"last-step": 3, "final-state": 5}  # products of H x 4H for each word of each prefix or deletion


def grid_rows() -> Iterator[Row]:
    """A whole grid, both towers, beside the ways that evaluate each cell; then beside packed prefixes."""
    towers_, titles, abstracts = towers(), random_texts(BATCH, T), random_texts(BATCH, A)
    pool = pool_for(towers_[0])
    pairs = [(i, j) for i in range(1, T + 1) for j in range(1, A + 1)]
    sample = pairs[:: len(pairs) // 97]
    longest_first = sorted(pairs, key=lambda pair: -pair[1])

    def ours(readout: Readout, count: int = BATCH) -> list[list[Tensor]]:
        fields = zip(towers_, (titles, abstracts), strict=True)
        return [prefix_features(tower, texts[:count], readout=readout, pool=pool) for tower, texts in fields]

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
    assert_same(torch.stack([torch.cat([title[i - 1], abstract[j - 1]]) for i, j in sample]), cell_by_cell())
    assert_same(torch.stack([torch.cat([title[i - 1], abstract[j - 1]]) for i, j in longest_first]), all_cells())

    grid, alone, naive, batched = best(lambda: ours("last-step"), lambda: ours("last-step", 1), cell_by_cell, all_cells)
    grid, naive = grid / BATCH, naive * len(pairs) / len(sample)
    yield at_least(f"forward per cell ({len(sample)} of {len(pairs)} cells, scaled)", ours=grid, other=naive, goal=120)
    yield at_least("all cells packed and batched", ours=grid, other=batched, goal=60)
    yield at_least("forward per cell, ours alone in its batch", ours=alone, other=naive)

    for readout, goal in zip(READOUTS, (5.0, 3.5), strict=True):
        yield from packed_rows(readout, titles, abstracts, goal=goal)


def packed_rows(readout: Readout, titles: list[Tensor], abstracts: list[Tensor], *, goal: float) -> Iterator[Row]:
    """Prefixes and deletions, beside packing them through nn.LSTM, on the first few of the same records."""
    few, (first, second) = 4, towers()
    fields, pool = [(first, titles), (second, abstracts)], pool_for(first)

    def ours(count: int) -> list[Tensor]:
        return [torch.cat(prefix_features(tower, texts[:count], readout=readout, pool=pool)) for tower, texts in fields]

    def packed(budget: int) -> list[Tensor]:
        return [encode(tower, all_prefixes(texts[:few]), readout=readout, budget=budget) for tower, texts in fields]

    for our_features, their_features in zip(ours(few), packed(BUDGETS[0]), strict=True):
        assert_same(our_features, their_features)
    whole, *rivals = best(partial(ours, BATCH), *(partial(packed, budget) for budget in BUDGETS), rounds=2)
    name = f"prefixes packed through nn.LSTM, {readout}"
    yield at_least(name, ours=whole / BATCH, other=min(rivals) / few, goal=goal)

    def ours_without(count: int) -> Tensor:
        texts = abstracts[:count]
        return torch.cat(deletion_features(second, texts, each_word(texts), readout=readout, pool=pool))

    def packed_without() -> Tensor:
        return encode(second, without_each_word(abstracts[:2]), readout=readout)

    assert_same(ours_without(2), packed_without())
    whole, rival = best(partial(ours_without, BATCH), packed_without, rounds=2)
    name = f"abstract without each word, packed through nn.LSTM, {readout}"
    yield at_least(name, ours=whole / BATCH, other=rival / 2)


def subset_rows() -> Iterator[Row]:
    """Every subset of eight sentences of the abstract, which exact Shapley values need."""
    (_, tower), texts, sentences = towers(), random_texts(BATCH, A), 8
    pool, owner = pool_for(tower), np.arange(A) * sentences // A  # the sentence of each word
    masks = (np.arange(1, 2**sentences)[:, None] >> owner & 1).astype(bool)
    for readout in READOUTS:

        def ours(count: int, readout: Readout = readout) -> Tensor:
            return torch.cat(subset_features(tower, texts[:count], [masks] * count, readout=readout, pool=pool))

        def packed(readout: Readout = readout) -> Tensor:
            return encode(tower, [texts[0][torch.from_numpy(mask)] for mask in masks], readout=readout)

        assert_same(ours(1), packed())
        whole, rival = best(partial(ours, BATCH), packed, rounds=2)
        name = f"all subsets of 8 sentences, packed through nn.LSTM, {readout}"
        yield at_least(name, ours=whole / BATCH, other=rival)


@contextmanager
def without_kernels() -> Iterator[None]:
    """Compute without the compiled kernels."""
    find_spec_before, recurrence.find_spec = recurrence.find_spec, lambda name: None
    try:
        yield
    finally:
        recurrence.find_spec = find_spec_before


def loop_shapes(work: Callable[[], Any]) -> list[tuple[int, int, int]]:
    """The shapes (m, k, n) of the products in the time loops of `work`, in whatever thread they run."""
    shapes: list[tuple[int, int, int]] = []

    def recording_run_cell(sequences: Any, inputs: Any, *rest: Any, **more: Any) -> Any:
        shapes.extend((count, *inputs.weight.shape) for count in sequences.counts)
        return recurrence.run_cell(sequences, inputs, *rest, **more)

    deletions.run_cell = shared_states.run_cell = recording_run_cell
    try:
        work()
    finally:
        deletions.run_cell = shared_states.run_cell = recurrence.run_cell
    return shapes


def sgemm_rate(shapes: list[tuple[int, int, int]]) -> float:
    """The processor's rate for products of these shapes, in FLOP/s: all threads in each, or each in one thread."""
    left = {k: torch.randn(max(m for m, _, _ in shapes), k) for k in {k for _, k, _ in shapes}}
    right = {k: torch.randn(k, 4 * H) for k in left}
    threads = torch.get_num_threads()

    def multiply(some: list[tuple[int, int, int]]) -> None:
        out = torch.empty(max(m for m, _, _ in some), 4 * H)
        for m, k, _ in some:
            torch.mm(left[k][:m], right[k], out=out[:m])

    with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        parts = [shapes[start::threads] for start in range(threads)]
        times = best(lambda: multiply(shapes), lambda: list(pool.map(multiply, parts)), rounds=4)
    torch.set_num_threads(threads)
    return 2 * sum(m * k * n for m, k, n in shapes) / min(times)


def share_rows() -> Iterator[Row]:
    """Least work over time, as a share of the rate of torch.mm on the same sequence of shapes."""
    (_, tower), texts, few = towers(), random_texts(BATCH, A), 2
    pool = pool_for(tower)
    for readout in READOUTS:
        prefixes = partial(prefix_features, tower, texts, readout=readout, pool=pool)
        leave_one_outs = partial(deletion_features, tower, texts, each_word(texts), readout=readout, pool=pool)
        rate = sgemm_rate(loop_shapes(prefixes))
        work = WORK[readout] * A * (A + 1) // 2 * BATCH
        if find_spec("numba"):
            yield share_row(f"prefixes, {readout}, compiled", prefixes, least=work, rate=rate, goal=0.65)
            name = f"leave-one-outs, {readout}, compiled"
            yield share_row(name, leave_one_outs, least=WORK[readout] * A * (A - 1) * BATCH, rate=rate)
        with without_kernels():
            yield share_row(f"prefixes, {readout}, plain", prefixes, least=work, rate=rate, goal=0.45)
    packed = partial(encode, tower, all_prefixes(texts[:few]), readout="final-state", budget=BUDGETS[0])
    packed_work = few * A * (A + 1) * (D + 4 * H) // H  # both directions of both layers
    yield share_row("nn.LSTM, prefixes packed, its own work", packed, least=packed_work, rate=rate)
    rounded = partial(prefixes, products=torch.bfloat16)
    exact_time, rounded_time = best(prefixes, rounded)
    yield measured(
        "prefixes, final-state, products in bfloat16 beside float32",
        unit="s/record",
        ours=rounded_time / BATCH,
        other=exact_time / BATCH,
    )


def share_row(name: str, work: Callable[[], Any], *, least: int, rate: float, goal: float | None = None) -> Row:
    """The row of one way to compute; least: how many products of H x 4H it cannot do without."""
    reached = 2 * least * 4 * H * H / best(work, rounds=4)[0]
    return Row(
        name=f"least work / time as a share of sgemm: {name}",
        unit="GFLOP/s",
        ours=reached / 1e9,
        other=rate / 1e9,
        ratio=reached / rate,
        goal=None if goal is None else f">= {goal:g}",
        met=None if goal is None else reached / rate >= goal,
    )


def growth_rows() -> Iterator[Row]:
    """Prefixes of ever longer texts; the exponent of the fitted power must not exceed that of the work, 2."""
    (_, tower), lengths = towers(), (50, 100, 200, 400, 800)
    inputs, pool = {n: random_texts(4, n) for n in lengths}, pool_for(tower)
    prefixes = partial(prefix_features, tower, readout="last-step", pool=pool)
    times = best(*(partial(prefixes, inputs[n]) for n in lengths), rounds=2)
    points = [(math.log(n), math.log(t)) for n, t in zip(lengths, times, strict=True)]
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    slope = sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)
    for n, taken in zip(lengths, times, strict=True):
        yield measured(f"prefixes of {n} words, last-step", unit="s/record", ours=taken / 4)
    yield at_most(
        "growth from 50 to 800 words, as a power of n", unit="exponent", ours=slope, other=None, ratio=slope, goal=2
    )


def repeat(times: int) -> None:
    """In a process of its own: 100 texts of 20 to 80 words, `times` over, 25 a call; print seconds and bytes.

    100 texts are four whole calls, so that every repetition makes the very same calls, and memory that grows is memory
    that was not freed.
    """
    _, tower = towers()
    pool, generator = pool_for(tower), torch.Generator().manual_seed(1)
    order = torch.randperm(100, generator=generator).tolist()  # so that each call has short and long ones
    texts = [torch.randn(20 + 60 * i // 99, D, generator=generator) for i in order]
    prefix_features(tower, texts[:1], readout="last-step", pool=pool)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak of the imports
    resting = peak_bytes()

    def work() -> None:
        many = texts * times
        for start in range(0, len(many), 25):
            prefix_features(tower, many[start : start + 25], readout="last-step", pool=pool)

    taken = seconds(work)
    sys.stdout.write(json.dumps({"seconds": taken / (100 * times), "bytes": peak_bytes() - resting}))


def peak_bytes() -> int:
    """The largest resident set of this process so far, as Linux counts it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def repetition_rows() -> Iterator[Row]:
    """The same texts 1 and 30 times: neither time a record nor memory may grow."""
    results: dict[int, list[dict[str, float]]] = {1: [], 30: []}
    for _ in range(3):
        for times, measurements in results.items():
            command = [sys.executable, "-m", "tests.benchmarks.engine", "--repeat", str(times)]
            measurements.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    for key, unit, goal, name in (
        ("seconds", "s/record", 1.15, "time a record"),
        ("bytes", "bytes", 1.1, "peak memory above rest"),
    ):
        once, often = (min(result[key] for result in results[times]) for times in (1, 30))
        title = f"100 texts of 20-80 words, 30 times over once: {name}"
        yield at_most(title, unit=unit, ours=often, other=once, ratio=often / once, goal=goal)


def rows() -> Iterator[Row]:
    """Everything that is measured of the engine."""
    for measure in (share_rows, grid_rows, subset_rows, growth_rows, repetition_rows):
        yield from measure()


def machine() -> str:
    """The machine that the measurements are made on."""
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8").partition("model name")[2].partition("\n")[0].strip(" \t:")
    threads = f"{torch.get_num_threads()} threads of {os.cpu_count()} processors ({cpu})"
    return f"{threads}, torch {torch.__version__}"


if __name__ == "__main__":
    repeat(int(sys.argv[2]))  # asked for by repetition_rows, in a process of its own
