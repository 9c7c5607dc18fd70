"""A process that draws figures: a Vega-Lite specification a line on standard input, its SVG a line on standard output.

It is run as a file, by `figures.py`, and imports nothing of sitegen and nothing of the program that started it: so a
script needs no `if __name__ == "__main__":` around what it does. Lines are JSON. An answer is {"svg": ...}, or
{"fault": ...} with the reason why the figure cannot be drawn.

It ends when its standard input does, and at once when the program that started it is gone, even killed. The end of
standard input alone would not do: a drawing, or the first import, goes on for seconds, and a process that the program
forked may hold the other end of the pipe. Ctrl+C in a terminal reaches both; here it is ignored.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
import time
from typing import BinaryIO

_PR_SET_PDEATHSIG = 1  # of Linux's <sys/prctl.h>
_SECONDS_BETWEEN_LOOKS = 0.1


def svg(spec: str) -> str:
    """The picture of one specification; ValueError where it cannot be drawn, with the reason in its first lines."""
    import vl_convert

    # A figure holds all its data; nothing may be loaded from elsewhere.
    drawn: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return drawn


def png(spec: str) -> bytes:
    """The same as a PNG, a pixel for a pixel of the specification."""
    import vl_convert

    drawn: bytes = vl_convert.vegalite_to_png(spec, scale=1, ppi=72, allowed_base_urls=[])
    return drawn


def answer(requests: BinaryIO, answers: BinaryIO) -> None:
    """Draw what is asked for, line by line, to the end of `requests`."""
    for line in requests:
        try:
            told = {"svg": svg(json.loads(line))}
        except ValueError as error:
            told = {"fault": str(error)}
        answers.write(json.dumps(told).encode() + b"\n")
        answers.flush()


def end_with(parent: int) -> None:
    """End this process as soon as `parent`, the one that started it, is gone.

    Linux does so by itself, even while a library draws and no other thread of Python can run; it goes by the thread
    that started the process. Elsewhere a thread looks whose child this process is. On Windows that is never told anew,
    and the end of standard input has to do.
    """
    if sys.platform == "win32":
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(int(sys.argv[1]))
    sys.path[:] = json.loads(sys.argv[2])  # that of the program that started this one: vl-convert is where it has it
    try:
        answer(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        sys.stderr.close()  # nobody reads any more
        sys.exit(1)
