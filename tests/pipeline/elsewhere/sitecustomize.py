"""What Python imports first where this folder is in PYTHONPATH: another clock, folders listed in another order, and no
sockets.

datetime keeps its clock: its classes cannot be replaced under libraries that are compiled against them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import no_sockets  # noqa: F401

YEARS = 3 * 365 * 24 * 60 * 60.0  # in seconds

_time, _time_ns, _localtime, _gmtime = time.time, time.time_ns, time.localtime, time.gmtime
_listdir, _scandir = os.listdir, os.scandir


class Backwards:
    """What os.scandir returns, its entries from the last name to the first."""

    def __init__(self, path: Any = ".") -> None:
        with _scandir(path) as entries:
            self._rest: Iterator[Any] = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))

    def __enter__(self) -> Backwards:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Backwards:
        return self

    def __next__(self) -> Any:
        return next(self._rest)

    def close(self) -> None:
        self._rest = iter(())


time.time = lambda: _time() + YEARS
time.time_ns = lambda: _time_ns() + int(YEARS) * 10**9
time.localtime = lambda seconds=None: _localtime(time.time() if seconds is None else seconds)
time.gmtime = lambda seconds=None: _gmtime(time.time() if seconds is None else seconds)
os.listdir = lambda path=".": sorted(_listdir(path), reverse=True)
os.scandir = Backwards
