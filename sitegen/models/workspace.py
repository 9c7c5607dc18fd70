"""Memory that is used again: one block, from which buffers are cut and to which they go back.

A chunk of readings needs the same dozen buffers as the one before, some megabytes each. Memory of that size is fetched
from the system and given back each time, page by page, each page filled with zeros first; and what an allocator keeps
back for later grows with the variety of sizes that it was asked for. A block that is taken once and cut anew for
each chunk costs neither, and its size is known beforehand.

    block   | gates        | both     | c  | free ...           take, take, take
    block   | gates        | both     | c  | kept  | free ...   take
    block   | free ...                                          the scope ends
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jaxtyping import Float
from torch import Tensor


class Workspace:
    """A block of `size` numbers, like `like` in dtype and device; not for several threads at once."""

    def __init__(self, like: Tensor, *, size: int = 0) -> None:
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
