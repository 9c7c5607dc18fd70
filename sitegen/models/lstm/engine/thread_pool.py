"""Chunks of readings are read side by side, each by one thread in a workspace of its own.

torch would share out every product and every sum of a step among its threads, and each of them would wait for the
slowest some ten times a step. Chunks have nothing to do with each other, nor have the two directions in which whole
texts are read, so here each worker does one of these with products of one thread. torch and the compiled gates let go
of Python's lock while they compute; what is left under it are some twenty microseconds a step. There are as many
workers as torch has threads, and on a GPU, which shares out its work itself, one.

All chunks of a job are made about equally large and their number a multiple of the workers', so that nobody waits long
at the end. Each is as large as its share of the memory allows, within limits: a few megabytes fit into the processor's
cache, and rows in plenty are what products are fast on.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from threading import Barrier, Lock

import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor

from sitegen.models.lstm.engine.arena import Arena

LEAST = 2**20  # bytes that are worth a thread


class ThreadPool:
    """Workers that hold about `budget` bytes together, for tensors like `like`.

    Half of them, `common`, are for what they all read, the other half is shared out among them. They are taken once and
    kept as long as the pool is: to write where nothing was written before costs as much as ten times elsewhere.
    """

    def __init__(self, like: Tensor, *, budget: int) -> None:
        self.workers = torch.get_num_threads() if like.device.type == "cpu" else 1
        self.common = budget // 2
        self._limit = self.common // self.workers
        self._shared = Arena(like, size=self.common // like.element_size())
        self._spaces = SimpleQueue[Arena]()
        for _ in range(self.workers):
            self._spaces.put(Arena(like, size=self._limit // like.element_size()))
        self._taken = Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._process = os.getpid()
        self._made_of = (like.new_empty(0), budget)

    def __reduce__(self) -> tuple[Callable[..., ThreadPool], tuple[Tensor, int]]:
        """A copy has memory and workers of its own."""
        return _pool, self._made_of

    @contextmanager
    def taken(self) -> Iterator[Arena]:
        """The workspace that all read, for one caller at a time."""
        with self._taken, self._shared.scope():
            yield self._shared

    def _threads(self) -> ThreadPoolExecutor:
        """The workers; a process that was forked has none of its parent's."""
        if self._pool is None or self._process != os.getpid():
            pool = ThreadPoolExecutor(self.workers, initializer=_alone)
            everyone, threads = Barrier(self.workers), torch.get_num_threads()
            list(pool.map(lambda _: everyone.wait(), range(self.workers)))
            torch.set_num_threads(threads)  # what a worker set holds for threads that are started later, too
            self._pool, self._process = pool, os.getpid()
        return self._pool

    def work(self, job: Callable[[slice, Arena], None], sizes: Int64[np.ndarray, " R"]) -> None:
        """Do a job in parts: runs of neighbours, each of which needs the bytes in `sizes`."""
        parts = runs(sizes, limit=self._part(sizes))
        self.side_by_side([partial(job, part) for part in parts])

    def side_by_side(self, jobs: Sequence[Callable[[Arena], None]]) -> None:
        """Do some jobs, each with a workspace; whatever happens, none is running any more at the end."""
        if self.workers == 1:
            for job in jobs:
                self._in_space(job)
            return
        futures = [self._threads().submit(self._in_space, job) for job in jobs]
        try:
            for future in futures:
                future.result()
        finally:
            for future in futures:
                future.cancel()
            wait(futures)

    def _in_space(self, job: Callable[[Arena], None]) -> None:
        space = self._spaces.get()
        try:
            with torch.inference_mode(), space.scope():
                job(space)
        finally:
            self._spaces.put(space)

    def _part(self, sizes: Int64[np.ndarray, " R"]) -> int:
        """How large a part may be at most."""
        total, largest = int(sizes.sum()), int(sizes.max(initial=0))
        workers = min(self.workers, max(1, total // LEAST))
        most = self._limit - largest
        if most <= 0:
            return self._limit
        return total // (workers * math.ceil(total / (workers * most))) + largest if total else self._limit


def _alone() -> None:
    """Make this thread compute without others."""
    torch.get_num_threads()  # what a thread finds when it first asks would replace what was set before
    torch.set_num_threads(1)


def _pool(like: Tensor, budget: int) -> ThreadPool:
    return ThreadPool(like, budget=budget)


def runs(sizes: Int64[np.ndarray, " _"] | Sequence[int], *, limit: int) -> Iterator[slice]:
    """Runs of neighbours whose sizes sum up to at most `limit`, or of one."""
    ends = np.concatenate([[0], np.cumsum(sizes)])
    start = 0
    while start < len(sizes):
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] + limit, side="right")) - 1)
        yield slice(start, stop)
        start = stop
