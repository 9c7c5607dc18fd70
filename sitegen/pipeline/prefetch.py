"""Batches through three steps at once: while one is computed, the next is prepared and the one before it kept.

Computing runs in the caller's thread, preparing and keeping in one thread each. Threads are enough: a step that spends
its time in torch, SQLite or a file lets go of Python's lock, so the others run meanwhile. At most four batches are in
memory.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Batch = TypeVar("Batch")
Ready = TypeVar("Ready")
Answer = TypeVar("Answer")


def overlapped(
    batches: Iterable[Batch],
    *,
    prepare: Callable[[Batch], Ready],
    compute: Callable[[Ready], Answer],
    keep: Callable[[Batch, Answer], None],
    advance: Callable[[Batch], None],
) -> None:
    """Prepare, compute and keep every batch, in order.

    `compute` and `advance` are called in the caller's thread; `advance` after a batch was kept. An error in any thread
    ends the run; what was kept stays.
    """
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(1) as writer:
        rest = iter(batches)
        ahead = deque((batch, reader.submit(prepare, batch)) for batch in itertools.islice(rest, 2))
        behind: tuple[Batch, Future[None]] | None = None
        try:
            while ahead:
                batch, ready = ahead.popleft()
                prepared = ready.result()
                ahead.extend((following, reader.submit(prepare, following)) for following in itertools.islice(rest, 1))
                answer = compute(prepared)
                if behind:
                    behind[1].result()
                    advance(behind[0])
                behind = (batch, writer.submit(keep, batch, answer))
            if behind:
                behind[1].result()
                advance(behind[0])
        finally:
            for _, waiting in ahead:
                waiting.cancel()
