"""Ctrl+C and SIGTERM end the program in good order.

Both signals raise Stopped where the program is. On its way up whatever is half-written is removed, and the stages add
what is kept (pipeline/build.py); at the top that is said in one line. A signal that follows at once is the same wish (a
shell and a wrapper may both pass it on) and must not disturb the clearing up; one that follows later ends the program
on the spot.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from sitegen.errors import Stopped

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SECONDS_FOR_CLEARING_UP = 2.0


@contextmanager
def stopping() -> Iterator[None]:
    """Let both signals stop the block with Stopped, even where a library makes another error of it.

    A signal that the program was started to ignore, as `nohup` has it, stays ignored.
    """
    stops: list[tuple[Stopped, float]] = []

    def stop(number: int, _: FrameType | None) -> None:
        now = time.monotonic()
        if not stops:
            stops.append((Stopped(number), now))
            raise stops[0][0]
        if now - stops[0][1] > SECONDS_FOR_CLEARING_UP:
            os._exit(128 + number)

    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number, handler in before.items():
        if handler != signal.SIG_IGN:
            signal.signal(number, stop)
    try:
        yield
    except BaseException:
        if stops:
            raise stops[0][0] from None
        raise
    finally:
        if not stops:
            for number, handler in before.items():
                signal.signal(number, handler)
