"""An arena: one block of memory, from which buffers are cut and to which they go back all at once.

Each chunk of shortened texts needs the same dozen buffers as the one before, some megabytes each, but of other sizes.
A general allocator that is asked for ever new sizes keeps back blocks that it cannot use again, so that memory would
grow with the number of texts. An arena is allocated once, cut anew for each chunk, and freed as a whole:

    block   | gates        | own_h    | c  | free ...           take, take, take
    block   | gates        | own_h    | c  | h     | free ...   take
    block   | free ...                                          the scope ends

On the processor the block is an anonymous memory mapping: it never mixes with other memory, and the system provides
only those of its pages that have been written to.
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
    """A block of `size` numbers, of the dtype and on the device of `like`; for one thread at a time."""

    def __init__(self, like: Tensor, *, size: int = 0) -> None:
        with torch.inference_mode(False):  # so that the block can be written to with inference mode on or off
            if size and like.device.type == "cpu":
                mapping = mmap.mmap(-1, size * like.element_size(), **_PRIVATE)  # it lives as long as the tensor
                self._block = torch.frombuffer(mapping, dtype=like.dtype)
            else:
                self._block = like.new_empty(size)
        self._used = 0

    def take(self, rows: int, columns: int) -> Float[Tensor, "{rows} {columns}"]:
        """A contiguous buffer with arbitrary contents; allocated elsewhere if too little of the block is free."""
        end = self._used + rows * columns
        if end > len(self._block):
            return self._block.new_empty(rows, columns)
        buffer: Tensor = self._block[self._used : end].view(rows, columns)
        self._used = end
        return buffer

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Free, at the end, all buffers taken inside; they must not be used after that."""
        before = self._used
        try:
            yield
        finally:
            self._used = before
