"""A process that draws figures: a Vega-Lite specification a line on standard input, its SVG a line on standard output.

It is run as a file, by `figures.py`, and imports nothing of sitegen and nothing of the program that started it: so a
script needs no `if __name__ == "__main__":` around what it does. Lines are JSON. An answer is {"svg": ...}, or
{"fault": ...} with the reason why the figure cannot be drawn.

It ends when its standard input does, which also happens when the program that started it is killed. Ctrl+C in a
terminal reaches both; here it is ignored, and the end of standard input awaited.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import BinaryIO


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


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.path[:] = json.loads(sys.argv[1])  # that of the program that started this one: vl-convert is where it has it
    try:
        answer(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        sys.stderr.close()  # nobody reads any more
        sys.exit(1)
