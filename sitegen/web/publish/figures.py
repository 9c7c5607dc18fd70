"""Static figures: Vega-Lite specifications drawn to SVG by vl-convert, in worker processes, once per content.

Drawing a figure takes 25-60 ms after 0.6 s for the first in a process, and threads gain nothing (vl-convert holds a
lock), so many figures are drawn in processes of their own. These are started fresh ("spawn"), never forked: a fork
would copy the locks of whatever threads the program already has. Fewer than four figures are drawn here, since a
process costs more to start than they cost to draw.

What was drawn is kept under `cache/figures/`, each file named by a hash of its specification and of vl-convert's
version, so a second build draws only what is new and an upgrade draws everything afresh. A file appears there whole or
not at all, and two builds may share a cache.

The bytes repeat: vl-convert numbers its gradients with a counter that runs through the whole process; here they are
numbered from 0 within each figure. Figures are for print and for readers without scripts; their meaning is in the
page's text and table, so the marks carry no ARIA attributes of their own (which halves the bytes): 12 rows x 8
sentences take about 33 kB.

Here and in `scripts` is the only place of the package that touches vl_convert.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert

from sitegen.errors import OutputError

FEWEST_FOR_WORKERS = 4

_GRADIENT = re.compile(r"gradient_\d+")


def draw_figures(
    specs: Iterable[dict[str, Any]],
    *,
    cache: Path,
    workers: int,
    progress: Callable[[int], None] | None = None,
) -> Iterator[bytes]:
    """The SVG of each specification, in the order given.

    Nothing is drawn before the first is asked for. Equal specifications are drawn once. `workers` processes draw, or
    this one where there are fewer than four to draw or `workers` is below 2. `progress` is called with 1 after each
    figure. Raises OutputError where a figure cannot be drawn or the cache cannot be written.
    """
    keyed = [(_file(cache, text), text) for text in map(_canonical, specs)]
    missing = {file: text for file, text in keyed if not file.exists()}
    pending: dict[Path, Future[None]] = {}
    with ExitStack() as stack:
        if len(missing) >= FEWEST_FOR_WORKERS and workers > 1:
            context = multiprocessing.get_context("spawn")
            pool = ProcessPoolExecutor(min(workers, len(missing)), mp_context=context)
            stack.callback(pool.shutdown, cancel_futures=True)
            pending = {file: pool.submit(_draw, text, file) for file, text in missing.items()}
        for file, text in keyed:
            yield _drawn(file, text, pending.pop(file, None), cache=cache)
            if progress:
                progress(1)


def _drawn(file: Path, text: str, drawing: Future[None] | None, *, cache: Path) -> bytes:
    try:
        if drawing:
            drawing.result()
        elif not file.exists():
            _draw(text, file)
        return file.read_bytes()
    except BrokenProcessPool as error:
        raise OutputError(
            "a process that draws figures died, most often for want of memory: each takes about 150 MB. "
            "Use fewer workers, or set output.figures = false."
        ) from error
    except OSError as error:
        raise OutputError(f"{cache}: figures cannot be kept there: {error}. Choose another output.cache.") from error


def _draw(text: str, file: Path) -> None:
    """Draw one specification and keep it as `file`, whole or not at all."""
    try:
        # A figure holds all its data; nothing may be loaded from elsewhere.
        svg = vl_convert.vegalite_to_svg(text, allowed_base_urls=[])
    except ValueError as error:
        reason = " ".join(str(error).split("\n    at ")[0].split())
        raise OutputError(f"a figure cannot be drawn: {reason}. Set output.figures = false to do without.") from None
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
        part.write(_renumbered(svg).encode())
    Path(part.name).replace(file)


def _renumbered(svg: str) -> str:
    """The same picture, its gradients numbered from 0 in the order they appear."""
    names: dict[str, str] = {}
    return _GRADIENT.sub(lambda match: names.setdefault(match[0], f"gradient_{len(names)}"), svg)


def _canonical(spec: dict[str, Any]) -> str:
    return json.dumps(spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _file(cache: Path, text: str) -> Path:
    key = hashlib.sha256(f"vl-convert {version('vl-convert-python')}\n{text}".encode()).hexdigest()
    return cache / "figures" / key[:2] / f"{key}.svg"
