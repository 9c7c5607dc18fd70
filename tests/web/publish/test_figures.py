"""Static figures: the right colours, bytes that repeat, and nothing drawn twice."""

from __future__ import annotations

import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import vl_convert

from sitegen.errors import OutputError
from sitegen.web.charts.heatmap import record_figure_spec
from sitegen.web.publish import figure_worker, figures, tight_svg
from sitegen.web.publish.figures import draw_figures
from tests.web.papers import PALETTE


def spec(rows: int = 2, columns: int = 3, *, seed: int = 0) -> dict:
    grid = np.random.default_rng(seed).random((rows, columns))
    return figure(grid, title=[f"word{row}" for row in range(rows)])


def figure(grid: np.ndarray | list[list[float]], *, title: list[str]) -> dict:
    """A record's static figure with these probabilities, each column a word wide."""
    grid = np.asarray(grid)
    rows, columns = grid.shape
    cells = [
        {"t": t, "t2": t + 1, "x": a, "x2": a + 1, "p": float(grid[t, a])} for t in range(rows) for a in range(columns)
    ]
    number = [
        {"t": one["t"] + 0.5, "x": one["x"] + 0.5, "p": one["p"], "number": f"{100 * one['p']:.0f}"} for one in cells
    ]
    last = [float(p) for p in grid[-1]]
    datasets = {
        "curve": [{"x": a, "x2": a + 1, "p": p, "from": 0.5} for a, p in enumerate(last)],
        "line": [{"x": a, "p": p} for a, p in enumerate([*last, last[-1]])],
        "turns": [{"x": 0, "p": 0.5, "word": ""}],
        "end": [{"x": columns, "p": last[-1], "text": "end"}],
        "levels": [{"p": 0.5, "text": "50%"}],
        "sentences": [
            {
                "x": a,
                "x2": a + 1,
                "middle": a + 0.5,
                "at": a + 0.5,
                "place": str(a + 1),
                "size": p - 0.5,
                "label": f"{p:.2f}",
            }
            for a, p in enumerate(last)
        ],
        "first": [{"x": 0, "text": ""}],
        "cells": cells,
        "numbers": number,
        "ends": [{"x": a} for a in range(1, columns + 1)],
        "last": [{"t": rows - 1, "t2": rows, "middle": rows - 0.5, "x": 0, "x2": columns}],
        "rows": [{"t": t + 0.5, "word": word} for t, word in enumerate(title)],
        "captions": [{"strip": "ruler", "text": "sentence"}],
        "struck": [],
        "source": [{"text": "a source"}],
    }
    scales = {"start": 0, "stop": columns, "rows": rows, "least": -0.5, "most": 0.5}
    return record_figure_spec(
        datasets, scales=scales, classes=("no", "yes"), title="A title", subtitle="said", palette=PALETTE
    )


def draw(specs: list[dict], cache: Path, *, workers: int = 1) -> list[bytes]:
    return list(draw_figures(specs, cache=cache, workers=workers))


def test_the_middle_is_white_and_the_ends_are_the_ramps(tmp_path: Path) -> None:
    (svg,) = draw([figure([[0.0, 0.5, 1.0]], title=["word"])], tmp_path)
    cells = re.findall(r'<path d="M\d+,0h300v16H\d+" fill="(#\w+)"/>', svg.decode())
    assert [re.sub(r"^#(.)(.)(.)$", r"#\1\1\2\2\3\3", cell) for cell in cells] == list(PALETTE.ramp)


def test_numbers_and_words_can_be_read(tmp_path: Path) -> None:
    svg = draw([figure([[0.256, 0.744]], title=["<&>"])], tmp_path)[0].decode()
    shown = {text.strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)}
    assert shown >= {"26", "74", "&lt;&amp;&gt;", "1", "2", "A title", "said", "sentence", "50%", "← curve"}
    assert shown >= {"0% no", "100% yes", "a source"}


def test_an_ordinary_figure_is_small(tmp_path: Path) -> None:
    (svg,) = draw([spec(12, 8)], tmp_path)
    assert len(svg) < 14_000


def test_a_figure_written_another_way_is_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (old,) = draw([spec()], tmp_path)
    monkeypatch.setattr(tight_svg, "WAY", 0)
    monkeypatch.setattr(tight_svg, "tight", lambda svg: svg)
    (new,) = draw([spec()], tmp_path)
    assert new != old


def test_bytes_repeat_whatever_was_drawn_before(tmp_path: Path) -> None:
    first = draw([spec(seed=1)], tmp_path / "one")
    draw([spec(seed=2), spec(seed=3)], tmp_path / "one")  # moves the process's counter of gradients
    assert draw([spec(seed=1)], tmp_path / "two") == first
    assert set(re.findall(rb"gradient_\d+", first[0])) == {b"gradient_0"}


def test_what_is_cached_is_not_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    specs = [spec(seed=1), spec(seed=2), spec(seed=1)]
    first = draw(specs, tmp_path)
    assert [file.suffix for file in tmp_path.rglob("*") if file.is_file()] == [".svg", ".svg"]

    def never(*_: object, **__: object) -> str:
        raise AssertionError("drawn again")

    monkeypatch.setattr(vl_convert, "vegalite_to_svg", never)
    assert draw(specs, tmp_path) == first
    assert first[0] == first[2] != first[1]


def test_of_very_many_figures_few_are_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "TOGETHER", 2)
    monkeypatch.setattr(figure_worker, "svg", lambda text: f"<svg>{len(text)}</svg>")
    asked: list[int] = []

    def specs() -> Iterator[dict]:
        for seed in (1, 2, 1, 3, 4):
            asked.append(seed)
            yield spec(seed=seed)

    drawn = draw_figures(specs(), cache=tmp_path, workers=1)
    next(drawn)
    assert asked == [1, 2]
    assert len(list(drawn)) == 4
    assert len(list(tmp_path.rglob("*.svg"))) == 4


def test_nothing_is_left_of_a_figure_that_cannot_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(figure_worker, "svg", lambda text: "<svg></svg>")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="No space left"):
        draw([spec()], tmp_path)
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_no_process_is_left_where_the_next_cannot_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    original = subprocess.Popen

    def start(*given: object, **options: object) -> subprocess.Popen[bytes]:
        if started:
            raise OSError(11, "Resource temporarily unavailable")
        started.append(original([sys.executable, "-c", "input()"], **options))  # type: ignore[call-overload]
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", start)
    with pytest.raises(OSError, match="unavailable"):
        list(draw_figures([spec(seed=seed) for seed in range(4)], cache=tmp_path, workers=2))
    assert started[0].poll() is not None


@pytest.mark.slow
def test_worker_processes_draw_the_same_in_the_same_order(tmp_path: Path) -> None:
    specs = [spec(seed=seed) for seed in (3, 1, 2, 0)]
    done: list[int] = []
    apart = list(draw_figures(specs, cache=tmp_path / "apart", workers=2, progress=done.append))
    assert apart == draw(specs, tmp_path / "here")
    assert done == [1, 1, 1, 1]


def test_a_figure_that_cannot_be_drawn_is_named_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot be drawn: .*TypeError.* output.figures = false"):
        draw([{"mark": "nonsense"}], tmp_path)
    assert not list(tmp_path.rglob("*.svg"))


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "figures").write_text("in the way")
    with pytest.raises(OutputError, match=r"figures cannot be kept there"):
        draw([spec()], tmp_path)


def test_a_figure_that_no_worker_can_draw_is_named_with_its_reason(tmp_path: Path) -> None:
    specs = [spec(seed=seed) for seed in range(3)] + [{"mark": "nonsense"}]
    drawn = draw_figures(specs, cache=tmp_path, workers=2)
    assert len([next(drawn) for _ in range(3)]) == 3
    with pytest.raises(OutputError, match=r"cannot be drawn: .*TypeError.* output.figures = false"):
        next(drawn)


@pytest.mark.parametrize(
    ("ending", "message"),
    [
        ("import os; os.kill(os.getpid(), 9)", r"was killed, most often for want of memory"),
        ("raise SystemExit(3)", r"ended with exit code 3; its own message, if any, stands above"),
    ],
)
def test_a_worker_that_ends_is_told_from_one_that_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, message: str
) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text(ending, encoding="utf-8")
    monkeypatch.setattr(figure_worker, "__file__", str(worker))
    with pytest.raises(OutputError, match=message):
        list(draw_figures([spec(seed=seed) for seed in range(4)], cache=tmp_path, workers=2))


@pytest.mark.slow
def test_a_script_that_draws_needs_no_guard(tmp_path: Path) -> None:
    """No worker runs it again, though it has no `if __name__ == "__main__":`."""
    script = tmp_path / "script.py"
    script.write_text(
        "print('begun', flush=True)\n"
        "from pathlib import Path\n"
        "from sitegen.web.publish.figures import draw_figures\n"
        "x = {'x': {'field': 'k'}}\n"
        "specs = [{'mark': 'bar', 'data': {'values': [{'k': k}]}, 'encoding': x} for k in range(4)]\n"
        "print(len(list(draw_figures(specs, cache=Path('cache'), workers=2))))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "begun\n4\n", "")
    assert len(list((tmp_path / "cache").rglob("*.svg"))) == 4


@pytest.mark.slow
def test_workers_end_with_the_program_that_started_them(tmp_path: Path) -> None:
    """They hold the program's standard error: it is only read to its end once they are gone. A process that the program
    forked holds what they read from, and is still there then."""
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from sitegen.web.publish.figures import draw_figures\n"
        "x = {'x': {'field': 'k'}}\n"
        "specs = [{'mark': 'bar', 'data': {'values': [{'k': k}]}, 'encoding': x} for k in range(200)]\n"
        "drawn = draw_figures(specs, cache=Path(sys.argv[1]), workers=2)\n"
        "print(len(next(drawn)) > 0, flush=True)\n"
        "if os.fork() == 0:\n"
        "    os.closerange(1, 3)\n"
        "    sys.stdin.read()\n"
        "    os._exit(0)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as started:
        assert started.stdin
        assert started.stdout
        assert started.stderr
        assert started.stdout.read() == "True\n"
        assert started.wait() == -9
        ended, _, _ = select.select([started.stderr], [], [], 3)
        started.stdin.close()
        assert ended
        assert started.stderr.read() == ""
