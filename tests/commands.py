"""Commands as tests run them: what one left, and that it was refused. The fixture `run` is in conftest.py."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.sites import RECORDS

PLAIN = RECORDS[:2]  # records about which there is nothing to say


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


def process(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command run in a process of its own. variables: more for its environment."""
    command = [sys.executable, "-m", "sitegen", *map(str, arguments)]
    environment = {key: value for key, value in os.environ.items() if key != "FORCE_COLOR"} | variables
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def without_stages(err: str) -> str:
    """What was printed beside the lines that say that a stage begins, how far it is, or how fast a model was."""
    told = r" \.\.\.$|: \d+% after | is asked everything: about "  # and at which speed a model was asked
    return "".join(line for line in err.splitlines(keepends=True) if not re.search(told, line))


def refused(done: Done, *fragments: str) -> None:
    """The command ended with 2 and one message, which has all the fragments."""
    assert done.code == 2, done
    for fragment in fragments:
        assert fragment in done.err
    assert "Traceback" not in done.err
    assert done.err.endswith("\n")
    assert without_stages(done.err).count("\n") == 1, done.err
    assert done.out == ""
