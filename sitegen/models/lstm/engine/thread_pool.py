"""A pool of threads that evaluate chunks of shortened texts side by side, each with an arena of its own.

Why not leave it to torch? It would divide every product and every sum of a step among its threads, and each of them
would wait for the slowest some ten times a step. Chunks are independent of each other, and so are the two directions
in which whole texts are read. So here each thread does one of these by itself, with torch's own threading off. torch
and the compiled kernels release Python's global lock while they compute; only some twenty microseconds of each step
hold it. There are as many threads as torch has; on a GPU, which divides work itself, there is one.

How large a chunk is. All chunks of a job are about equally large and their number is a multiple of SHARES, so that no
thread waits long at the end. Each is as large as a share of the memory allows, within limits: a few megabytes fit into
the processor's cache, and products are fastest with many rows. How many threads there are has no say in it: which rows
are multiplied together moves the last bits of a result, and results shall not depend on the number of threads. For the
same reason the caller's own products, between the jobs, are made in one thread (`alone`).
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

MIN_CHUNK_BYTES = 2**20  # a chunk smaller than this is not worth a thread
SHARES = 4  # into which work and memory are divided on the processor, by whatever number of threads


class ThreadPool:
    """Threads that hold about `budget` bytes together, for tensors of the dtype and on the device of `like`.

    Half of the bytes are an arena for results that all threads read (`shared_arena`, of `shared_bytes`); the other half
    is divided into `shares`, and each thread has an arena of one share. They are allocated once and kept as long as the
    pool, because the first write to fresh memory costs as much as ten later ones.
    """

    def __init__(self, like: Tensor, *, budget: int) -> None:
        self.threads = torch.get_num_threads() if like.device.type == "cpu" else 1
        self.shares = SHARES if like.device.type == "cpu" else 1
        self.shared_bytes = budget // 2
        self._thread_bytes = self.shared_bytes // self.shares
        self._shared_arena = Arena(like, size=self.shared_bytes // like.element_size())
        self._shared_lock = Lock()
        self._idle_arenas = SimpleQueue[Arena]()
        for _ in range(self.threads):
            self._idle_arenas.put(Arena(like, size=self._thread_bytes // like.element_size()))
        self._executor: ThreadPoolExecutor | None = None
        self._executor_pid = os.getpid()
        self._arguments = (like.new_empty(0), budget)

    def __reduce__(self) -> tuple[Callable[..., ThreadPool], tuple[Tensor, int]]:
        """Copy and pickle as the arguments: a copy has memory and threads of its own."""
        return _make_pool, self._arguments

    @contextmanager
    def shared_arena(self) -> Iterator[Arena]:
        """The arena that all threads read from, for one caller at a time; inside, the caller computes alone."""
        with self._shared_lock, self._shared_arena.scope(), self.alone():
            yield self._shared_arena

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let torch compute in the caller's thread alone, so that results do not depend on the number of threads."""
        before = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(before)

    def run_chunks(self, job: Callable[[slice, Arena], None], sizes: Int64[np.ndarray, " R"]) -> None:
        """Do a job on R items, chunk by chunk; an item needs the bytes in `sizes`, a chunk is a run of neighbours."""
        self.run([partial(job, chunk) for chunk in runs(sizes, limit=self._chunk_limit(sizes))])

    def run(self, jobs: Sequence[Callable[[Arena], None]]) -> None:
        """Do some jobs, each with an arena; when this returns or raises, none of them is still running."""
        if self.threads == 1:
            for job in jobs:
                self._run_in_arena(job)
            return
        executor = self._started_executor()
        futures = [executor.submit(self._run_in_arena, job) for job in jobs]
        try:
            for future in futures:
                future.result()
        finally:
            for future in futures:
                future.cancel()
            wait(futures)

    def _run_in_arena(self, job: Callable[[Arena], None]) -> None:
        arena = self._idle_arenas.get()
        try:
            with torch.inference_mode(), arena.scope():
                job(arena)
        finally:
            self._idle_arenas.put(arena)

    def _started_executor(self) -> ThreadPoolExecutor:
        """The threads, started on first use; anew in a forked process, which inherits none."""
        if self._executor is None or self._executor_pid != os.getpid():
            executor = ThreadPoolExecutor(self.threads, initializer=_turn_off_torch_threading)
            all_started, callers_threads = Barrier(self.threads), torch.get_num_threads()
            list(executor.map(lambda _: all_started.wait(), range(self.threads)))
            torch.set_num_threads(callers_threads)  # the initializer's setting holds for later threads, too: undo it
            self._executor, self._executor_pid = executor, os.getpid()
        return self._executor

    def _chunk_limit(self, sizes: Int64[np.ndarray, " R"]) -> int:
        """How many bytes a chunk may need at most, for chunks that are even and keep all threads busy."""
        total, largest = int(sizes.sum()), int(sizes.max(initial=0))
        shares = min(self.shares, max(1, total // MIN_CHUNK_BYTES))
        room = self._thread_bytes - largest
        if room <= 0:
            return self._thread_bytes
        rounds = math.ceil(total / (shares * room))  # of one chunk a share
        return total // (shares * rounds) + largest if total else self._thread_bytes


def _turn_off_torch_threading() -> None:
    """Make torch compute in the calling thread alone."""
    torch.get_num_threads()  # the first call in a thread sets the number to a default, so it must come before ours
    torch.set_num_threads(1)


def _make_pool(like: Tensor, budget: int) -> ThreadPool:
    return ThreadPool(like, budget=budget)


def runs(sizes: Int64[np.ndarray, " _"] | Sequence[int], *, limit: int) -> Iterator[slice]:
    """Runs of neighbours whose sizes sum up to at most `limit`; a larger one is a run by itself."""
    ends = np.concatenate([[0], np.cumsum(sizes)])
    start = 0
    while start < len(sizes):
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] + limit, side="right")) - 1)
        yield slice(start, stop)
        start = stop
