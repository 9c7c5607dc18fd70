"""Static figures: Vega-Lite specifications drawn to SVG by vl-convert, in worker processes, once per content.

Drawing a figure takes 25-60 ms after 0.6 s for the first in a process, and threads gain nothing (vl-convert holds a
lock), so many figures are drawn in processes of their own: `figure_worker.py`, run as a file and fed line by line.
Python's own pools of processes would import the caller's main program again, which fails where a script has no
`if __name__ == "__main__":`, or copy the locks of its threads. Fewer than four figures are drawn here, since a process
costs more to start than they cost to draw. Workers end with the program that started them, even if it is killed.

Each figure is kept under `cache/figures/`, in a file named by a hash of its specification, of vl-convert's version and
of the way it is written (`tight_svg.WAY`), so a second build draws only what is new and an upgrade draws everything
afresh. A file appears there whole or not at
all, and two builds may share a cache.

The bytes repeat: vl-convert numbers its gradients with a counter that runs through the whole process; here they are
numbered from 0 within each figure. Figures are for print and for readers without scripts; their meaning is in the
page's text and table, so the marks carry no ARIA attributes of their own, and `tight_svg.py` writes the same picture
with a third of the bytes: 12 rows x 8 sentences take about 11 kB.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from sitegen.errors import OutputError
from sitegen.web.publish import figure_worker, tight_svg

FEWEST_FOR_WORKERS = 4
TOGETHER = 512  # specifications of some 20 kB, which are drawn together: bounds memory
KILLED = -9  # the exit code of a process that the system ended, as it does where memory is short

_GRADIENT = re.compile(r"gradient_\d+")


def draw(spec: dict[str, Any]) -> str:
    """The SVG of one specification, drawn here and kept nowhere; OutputError where it cannot be drawn."""
    return _drawn_here(_canonical(spec))


def draw_png(spec: dict[str, Any], *, cache: Path) -> bytes:
    """The PNG of one specification, drawn here and kept in `cache`; OutputError as for `draw_figures`."""
    text = _canonical(spec)
    file = _file(cache, text).with_suffix(".png")
    try:
        if not file.exists():
            _keep(figure_worker.png(text), file)
        return file.read_bytes()
    except ValueError as error:
        raise _undrawable(str(error)) from None
    except OSError as error:
        raise _unkept(cache, error) from error


def draw_figures(
    specs: Iterable[dict[str, Any]],
    *,
    cache: Path,
    workers: int,
    progress: Callable[[int], None] | None = None,
) -> Iterator[bytes]:
    """The SVG of each specification, in the order given.

    Nothing is drawn before the first is asked for. Equal specifications are drawn once. Of very many, TOGETHER are
    in memory. `workers` processes draw, or this one where there are fewer than four of these to draw or `workers` is
    below 2. `progress` is called with 1 after each
    figure. Raises OutputError where a figure cannot be drawn or the cache cannot be written.
    """
    texts = map(_canonical, specs)
    with ExitStack() as stack:
        drawing: _Workers | None = None
        while some := [(_file(cache, text), text) for text in islice(texts, TOGETHER)]:
            missing = {file: text for file, text in some if not file.exists()}
            if drawing is None and len(missing) >= FEWEST_FOR_WORKERS and workers > 1 and sys.executable:
                drawing = stack.enter_context(_Workers(min(workers, len(missing))))
            pending = {file: drawing.submit(text, file) for file, text in missing.items()} if drawing else {}
            for file, text in some:
                yield _kept(file, text, pending.pop(file, None), cache=cache)
                if progress:
                    progress(1)


class _Workers:
    """Processes that draw; each has a thread that waits for it. A context manager that ends them all."""

    def __init__(self, count: int) -> None:
        # -P: the folder of the worker's file is no place to import from
        path = json.dumps(list(map(str, sys.path)))
        command = [sys.executable, "-P", figure_worker.__file__, str(os.getpid()), path]
        self._threads = ThreadPoolExecutor(count)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._idle: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()
        try:
            for _ in range(count):
                self._processes.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
                self._idle.put(self._processes[-1])
        except BaseException:
            self._end(at_once=True)
            raise

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._end(at_once=kind is not None)

    def _end(self, *, at_once: bool) -> None:
        """End all processes; `at_once` where nobody waits for what is being drawn."""
        if at_once:
            for process in self._processes:
                process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.communicate()  # closes its standard input, and waits for its end

    def submit(self, text: str, file: Path) -> Future[None]:
        """Have a specification drawn and kept as `file`."""
        return self._threads.submit(self._draw, text, file)

    def _draw(self, text: str, file: Path) -> None:
        process = self._idle.get()
        try:
            assert process.stdin
            assert process.stdout
            try:
                process.stdin.write(json.dumps(text).encode() + b"\n")
                process.stdin.flush()
                line = process.stdout.readline()
            except BrokenPipeError:
                line = b""
            if not line.endswith(b"\n"):
                raise OutputError(_ended(process.wait()))
        finally:
            self._idle.put(process)
        answer = json.loads(line)
        if "fault" in answer:
            raise _undrawable(answer["fault"])
        _keep(_written(answer["svg"]).encode(), file)


def _ended(code: int) -> str:
    """The message where a worker ended that should have gone on; a negative code is the signal that ended it."""
    remedy = "Build again, or set output.figures = false."
    if code == KILLED:
        return (
            "a process that draws figures was killed, most often for want of memory: each takes about 150 MB. "
            f"Free some memory. {remedy}"
        )
    how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
    return f"a process that draws figures ended {how}; its own message, if any, stands above. {remedy}"


def _kept(file: Path, text: str, drawing: Future[None] | None, *, cache: Path) -> bytes:
    """The picture of one specification out of `file`, as soon as it is there."""
    try:
        if drawing:
            drawing.result()
        elif not file.exists():
            _keep(_drawn_here(text).encode(), file)
        return file.read_bytes()
    except OSError as error:
        raise _unkept(cache, error) from error


def _unkept(cache: Path, error: OSError) -> OutputError:
    return OutputError(f"{cache}: figures cannot be kept there: {error}. Choose another output.cache.")


def _keep(picture: bytes, file: Path) -> None:
    """Write a picture as `file`, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
        try:
            part.write(picture)
            part.close()
            Path(part.name).replace(file)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def _drawn_here(text: str) -> str:
    try:
        return _written(figure_worker.svg(text))
    except ValueError as error:
        raise _undrawable(str(error)) from None


def _undrawable(fault: str) -> OutputError:
    reason = " ".join(fault.split("\n    at ")[0].split())
    return OutputError(f"a figure cannot be drawn: {reason}. Set output.figures = false to do without.")


def _written(svg: str) -> str:
    """The same picture with fewer bytes, its gradients numbered from 0 in the order they appear."""
    names: dict[str, str] = {}
    svg = _GRADIENT.sub(lambda match: names.setdefault(match[0], f"gradient_{len(names)}"), svg)
    return tight_svg.tight(svg)


def _canonical(spec: dict[str, Any]) -> str:
    return json.dumps(spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _file(cache: Path, text: str) -> Path:
    drawn = f"vl-convert {version('vl-convert-python')}, written the way {tight_svg.WAY}"
    key = hashlib.sha256(f"{drawn}\n{text}".encode()).hexdigest()
    return cache / "figures" / key[:2] / f"{key}.svg"
