"""A tally of what torch holds and multiplies, operation by operation."""

from __future__ import annotations

from typing import Any

import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class ProductTally(TorchDispatchMode):
    """Counts what the operations inside the `with` block hold and multiply.

    peak: most bytes held at once by tensors made inside; an arena counts as one tensor. products: multiply-adds of the
    products that are written in place, which are those of the time loops.
    """

    def __init__(self) -> None:
        super().__init__()
        self.peak = self.products = 0
        self._live: dict[int, tuple[StorageWeakRef, int]] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if func is torch.ops.aten.mm.out:
            self.products += args[0].shape[0] * args[1].shape[0] * args[1].shape[1]
        made = [self._made(leaf, args) for leaf in tensors(result)]
        if any(made):
            self._live = {key: item for key, item in self._live.items() if not item[0].expired()}
            self.peak = max(self.peak, sum(size for _, size in self._live.values()))
        return result

    def _made(self, result: torch.Tensor, args: Any) -> bool:
        """Whether an operation made the memory of its result. Only then can more be held than before."""
        storage = result.untyped_storage()
        before = self._live.get(storage._cdata)
        if before and not before[0].expired():
            return False
        if any(leaf.untyped_storage()._cdata == storage._cdata for leaf in tensors(args)):
            return False
        self._live[storage._cdata] = (StorageWeakRef(storage), storage.nbytes())
        return True


def tensors(values: Any) -> list[torch.Tensor]:
    return [leaf for leaf in tree_leaves(values) if isinstance(leaf, torch.Tensor)]
