"""Chunks of readings are read side by side, each by one thread in a workspace of its own.

torch would share out every product and every sum of a step among its threads, and each of them would wait for the
slowest some ten times a step. Chunks have nothing to do with each other, so here each worker reads whole chunks
with products of one thread. torch and the compiled gates let go of Python's lock while they compute; what is left
under it are some twenty microseconds a step. There are as many workers as torch has threads, and on a GPU, which
shares out its work itself, one.

All chunks of a job are made about equally large and their number a multiple of the workers', so that nobody waits long
at the end. Each is as large as its share of the memory allows, within limits: a few megabytes fit into the processor's
cache, and rows in plenty are what products are fast on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType

import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor

from sitegen.models.workspace import Workspace

LEAST = 2**20  # bytes that are worth a thread


class Crew:
    """Workers that hold about `memory` bytes together, for tensors like `like`; a context manager."""

    def __init__(self, like: Tensor, *, memory: int) -> None:
        self._threads = torch.get_num_threads()
        self._workers = self._threads if like.device.type == "cpu" else 1
        self._limit = memory // self._workers
        self._spaces = SimpleQueue[Workspace]()
        for _ in range(self._workers):
            self._spaces.put(Workspace(like, size=self._limit // like.element_size()))
        self._pool = ThreadPoolExecutor(self._workers, initializer=torch.set_num_threads, initargs=(1,))

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()
        torch.set_num_threads(self._threads)  # what a worker set holds for threads that are started later

    def work(self, job: Callable[[slice, Workspace], None], sizes: Int64[np.ndarray, " R"]) -> None:
        """Do a job in parts: runs of neighbours, each of which needs the bytes in `sizes`."""
        parts = list(runs(sizes, limit=self._part(sizes)))
        if len(parts) == 1 or self._workers == 1:
            for part in parts:
                self._do(job, part)
        else:
            list(self._pool.map(lambda part: self._do(job, part), parts))

    def _do(self, job: Callable[[slice, Workspace], None], part: slice) -> None:
        space = self._spaces.get()
        try:
            with torch.inference_mode(), space.scope():
                job(part, space)
        finally:
            self._spaces.put(space)

    def _part(self, sizes: Int64[np.ndarray, " R"]) -> int:
        """How large a part may be at most."""
        total, largest = int(sizes.sum()), int(sizes.max(initial=0))
        workers = min(self._workers, max(1, total // LEAST))
        most = self._limit - largest
        if most <= 0:
            return self._limit
        return total // (workers * math.ceil(total / (workers * most))) + largest if total else self._limit


def runs(sizes: Int64[np.ndarray, " _"] | Sequence[int], *, limit: int) -> Iterator[slice]:
    """Runs of neighbours whose sizes sum up to at most `limit`, or of one."""
    ends = np.concatenate([[0], np.cumsum(sizes)])
    start = 0
    while start < len(sizes):
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] + limit, side="right")) - 1)
        yield slice(start, stop)
        start = stop
