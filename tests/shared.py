"""Folders that all processes of a test run share: the first that needs one fills it, the others wait for it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def shared_folder(factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], object]) -> Path:
    """A folder that `fill` filled, once for all processes; no test may change it."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = factory.mktemp(name)
        fill(folder)
        return folder
    common = factory.getbasetemp().parent  # each process has a folder of its own in there
    folder, whole = common / name, common / f"{name}.whole"
    with (common / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)  # what another process could not fill
            folder.mkdir()
            fill(folder)
            whole.touch()
    return folder
