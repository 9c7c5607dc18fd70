"""A program that is kept running and answers line by line.

Three threads serve it: one writes lines to it, so that neither side waits for the other with full pipes; one collects
its answers, so that waiting for them can time out; one keeps the last lines of its standard error, for messages.

A program that ends while it is asked is started again, and the lines that it has not answered are tried once more; one
that ends again, is late, or answers with something else has failed. It runs in a process group of its own: Ctrl+C in a
terminal reaches sitegen alone, which ends the program with all that it has started when it ends itself, in whatever
way; pressed while the program is being started, it is put off until there is something to end. A program that outlives
even that finds its standard input closed.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from sitegen.errors import ModelError

_SHOWN = 20  # last lines of standard error
_PATIENCE = 2.0  # seconds in which a program that closed its output must have ended


class _Running:
    """One process of the program, with its threads."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self.answers: queue.Queue[str | None] = queue.Queue()  # None: there will be no more
        self.errors: deque[str] = deque(maxlen=_SHOWN)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self._thread(self._collect, self.process.stdout)
        self._hearing = self._thread(self._hear, self.process.stderr)

    def send(self, lines: Sequence[str]) -> None:
        """Begin to write lines; returns at once."""
        assert self.process.stdin is not None
        self._thread(self._write, self.process.stdin, "".join(f"{line}\n" for line in lines))

    def heard(self) -> str:
        """The last lines of its standard error, for a message; waits a little for them."""
        self._hearing.join(timeout=0.5)
        said = [line.rstrip() for line in self.errors if line.strip()]
        return (
            "\n".join(["", "It wrote:", *(f"    {line}" for line in said)]) if said else " It wrote nothing about it."
        )

    @staticmethod
    def _thread(work: Callable[..., None], *arguments: object) -> threading.Thread:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        return thread

    @staticmethod
    def _write(stream: Any, text: str) -> None:
        with suppress(OSError, ValueError):  # it has ended, which whoever waits for its answers finds out
            stream.write(text)
            stream.flush()

    def _collect(self, stream: Any) -> None:
        with suppress(OSError, ValueError), stream:
            for line in stream:
                self.answers.put(line)
        self.answers.put(None)

    def _hear(self, stream: Any) -> None:
        with suppress(OSError, ValueError), stream:
            self.errors.extend(stream)


class Program:
    """A program to be asked. name: what messages call it."""

    def __init__(self, command: Sequence[str], *, folder: Path, timeout: float) -> None:
        self.name = " ".join(command)
        self._command, self._folder, self._timeout = tuple(command), folder, timeout
        self._running: _Running | None = None

    def ask(self, lines: Sequence[str], *, read: Callable[[str], float]) -> list[float]:
        """The answer to each line; `read` makes a number of a line. ModelError where the program fails."""
        answers: list[float] = []
        for attempt in (1, 2):
            running = self._started()
            if not running.answers.empty() and running.process.poll() is None:
                raise self._failed(running, "wrote more lines than it was given texts")
            running.send(lines[len(answers) :])
            while len(answers) < len(lines):
                line = self._next(running)
                if line is None:
                    break
                try:
                    answers.append(read(line))
                except (ValueError, TypeError, KeyError) as error:
                    said = (
                        f"answered with {line.strip()!r:.100}, which is no margin ({error}). For each text it must "
                        f'write one line of JSON, {{"margin": 1.5}} or {{"probability": 0.8}}, and nothing else'
                    )
                    raise self._failed(running, said) from None
            if len(answers) == len(lines):
                return answers
            with suppress(subprocess.TimeoutExpired):
                running.process.wait(_PATIENCE)
            if attempt == 2:
                code = running.process.poll()
                ended = "closed its output" if code is None else f"ended with code {code}"
                said = f"{ended} after {len(answers)} of {len(lines)} answers, and again when it was started anew"
                raise self._failed(running, said)
            self.close()
        raise AssertionError

    def close(self) -> None:
        """End the program, if it runs."""
        if self._running is not None:
            _end(self._running.process)
            self._running = None

    def _started(self) -> _Running:
        if self._running is None:
            try:
                with _interrupts_put_off():
                    self._running = _Running(self._command, self._folder)
                    weakref.finalize(self, _end, self._running.process)  # at the latest when the interpreter ends
            except OSError as error:
                raise ModelError(
                    f'{self.name}: cannot be started ({error.strerror}). Install it, or correct "command" below '
                    f"[[models]] in site.toml."
                ) from None
        return self._running

    def _next(self, running: _Running) -> str | None:
        try:
            return running.answers.get(timeout=self._timeout)
        except queue.Empty:
            raise self._failed(
                running,
                f"has not answered for {self._timeout:g} seconds. It must send off each answer by itself (flush its "
                f"output); a slow one needs a larger timeout below its [[models]]. It was ended",
            ) from None

    def _failed(self, running: _Running, said: str) -> ModelError:
        self.close()
        return ModelError(f"{self.name}: {said}.{running.heard()}")


@contextmanager
def _interrupts_put_off() -> Iterator[None]:
    """Ctrl+C in the block takes effect at its end. Other threads than the first are never interrupted."""
    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(usual):
        yield
        return
    interrupts: list[FrameType | None] = []
    signal.signal(signal.SIGINT, lambda _number, frame: interrupts.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
        if interrupts:
            usual(signal.SIGINT, interrupts[0])


def _end(process: subprocess.Popen[str]) -> None:
    """End a program and all that it started."""
    if process.poll() is None:
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()
