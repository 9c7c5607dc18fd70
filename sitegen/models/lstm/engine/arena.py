"""Memory that is used again: one block, from which buffers are cut and to which they go back.

A chunk of readings needs the same dozen buffers as the one before, some megabytes each, and no two chunks need them
equally large. An allocator that is asked for ever other sizes keeps back what it cannot use, so that memory grows
with the number of texts read. A block is taken once, cut anew for each chunk, and given back whole:

    block   | gates        | both     | c  | free ...           take, take, take
    block   | gates        | both     | c  | kept  | free ...   take
    block   | free ...                                          the scope ends

On the processor it is a mapping of its own, which never mixes with other memory, and of which only what was written to
is really there.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from jaxtyping import Float
from torch import Tensor

# A process that is forked gets a copy, not the same memory. Where there are no flags, there is no fork.
_PRIVATE = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}


class Arena:
    """A block of `size` numbers, like `like` in dtype and device; not for several threads at once."""

    def __init__(self, like: Tensor, *, size: int = 0) -> None:
        with torch.inference_mode(False):  # it may be written to in either mode
            if size and like.device.type == "cpu":
                mapping = mmap.mmap(-1, size * like.element_size(), **_PRIVATE)  # it lives as long as the tensor
                self._block = torch.frombuffer(mapping, dtype=like.dtype)
            else:
                self._block = like.new_empty(size)
        self._taken = 0

    def take(self, rows: int, columns: int) -> Float[Tensor, "{rows} {columns}"]:
        """A contiguous buffer, its numbers arbitrary; memory of its own where the block has not enough left."""
        end = self._taken + rows * columns
        if end > len(self._block):
            return self._block.new_empty(rows, columns)
        buffer: Tensor = self._block[self._taken : end].view(rows, columns)
        self._taken = end
        return buffer

    @contextmanager
    def scope(self) -> Iterator[None]:
        """What is taken inside goes back at the end, and must not be used any more."""
        before = self._taken
        try:
            yield
        finally:
            self._taken = before
