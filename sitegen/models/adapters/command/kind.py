"""A model that is a program: `command = ["Rscript", "model.R"]`.

It is started once, in the folder of site.toml, and reads JSON Lines on its standard input, in UTF-8, one text a line:

    {"title": "Simulated crowds", "abstract": "We simulate crowds."}

Where site.toml says `join`, a line is {"text": "..."}, title and abstract as one string. For each line it writes one
line on its standard output, and sends it off (flushes it) before it waits for the next: the margin, in log-odds of the
positive class, as a number by itself; or {"margin": 1.5}, or {"probability": 0.82}. What it writes on standard error is
shown where it fails. It ends when its standard input ends.

Nothing but the bytes of the files that its arguments and `files` in site.toml name tells whether it is the same
program; a program by itself may ask a model on the network. So where there is no such file, and site.toml gives no
`version`, it is asked anew at each build, and the build says so.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float64

from sitegen.corpus.arrays import Array
from sitegen.models.adapters.command.program import Program
from sitegen.models.adapters.contract import BOUNDED, given_text, log_odds_of
from sitegen.models.adapters.whole_texts import WholeTexts
from sitegen.models.manifest import Manifest
from sitegen.models.protocol import Classifier, Precision, Text
from sitegen.models.source import Source, SourceKind, manifest_of_source

NAME = "command"
BATCH = 256  # texts after which it is looked whether all is well
_NOT_RANDOMISED = (
    "This model is a program that cannot be asked how it would be with random weights, so there is none to compare "
    "with."
)
_FORMAT = """# What it is

The model is a program, started by `{command}`. It is given each text as a line of JSON, {given}, and answers with a
line that has the margin, or the probability of the positive class.
"""


def describe(source: Source) -> Manifest:
    """The manifest; starts nothing."""
    files = _files(source)
    given = "the title and the abstract" if source.join is None else f"both as one string with {source.join!r} between"
    # an argument that is a file goes by its name: the machine's paths are nobody's business
    shown = [source.name_of(source.folder / one) if source.folder / one in files else one for one in source.command]
    return manifest_of_source(
        source,
        files=files,
        settings={"command": shown},
        volatile=not (files or source.files or source.version),
        size=f"the program {shown[0]}",
        facts=(("Kind", "a program", f"started by {' '.join(shown)}"),),
        format=_FORMAT.format(command=" ".join(shown), given=given),
        not_randomised=_NOT_RANDOMISED,
    )


def load(source: Source, *, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """The classifier; the program is started when it is asked first."""
    return _Asking(Answering(source), source)


def runs(source: Source) -> str:
    """The program."""
    return f"starts the program {' '.join(source.command)} in {source.folder}"


KIND = SourceKind(name=NAME, describe=describe, load=load, runs=runs)


class _Asking(WholeTexts):
    """What the program answers; whether in probabilities is known when it has answered."""

    def __init__(self, model: Answering, source: Source) -> None:
        super().__init__(model, segmentation=source.segmentation, name=source.name)
        self._answering = model

    @property
    def notes(self) -> tuple[str, ...]:
        """For the methods page."""
        return (BOUNDED,) if self._answering.bounded else ()


class Answering:
    """The TextClassifier that asks a program. bounded: whether it has answered with a probability."""

    def __init__(self, source: Source) -> None:
        self._join = source.join
        self._program = Program(source.command, folder=source.folder, timeout=source.timeout)
        self.bounded = False

    def margins(self, texts: Sequence[Text]) -> Float64[np.ndarray, " n"]:
        """The margin of each text, in log-odds; ModelError where the program fails."""
        lines = [self._line(text) for text in texts]
        answers = [self._ask(lines[start : start + BATCH]) for start in range(0, len(lines), BATCH)]
        margins: Array = np.concatenate([np.zeros(0), *answers])
        return margins

    def _line(self, text: Text) -> str:
        given = given_text(text, self._join)
        return json.dumps(given if self._join is None else {"text": given})

    def _ask(self, lines: list[str]) -> Array:
        return np.array(self._program.ask(lines, read=self._read), dtype=np.float64)

    def _read(self, line: str) -> float:
        """The margin that a line says; ValueError where it says none."""
        try:
            told = json.loads(line)
        except ValueError:
            raise ValueError("it is no JSON") from None
        if isinstance(told, dict) and "probability" in told and "margin" not in told:
            self.bounded = True
            chance = np.array([float(told["probability"])])
            return float(log_odds_of(chance, name=self._program.name)[0])
        if isinstance(told, dict) and "margin" not in told:
            raise ValueError('it has neither "margin" nor "probability"')
        margin = float(told["margin"] if isinstance(told, dict) else told)
        if not math.isfinite(margin):
            raise ValueError("is not finite")
        return margin


def _files(source: Source) -> list[Path]:
    """The files that the arguments name. The program itself is one where it lies in the folder of site.toml, and not
    where it is looked for in the system's folders."""
    files = [source.folder / argument for argument in source.command]
    return [
        file
        for number, file in enumerate(files)
        if file.is_file() and (number > 0 or file.resolve().is_relative_to(source.folder.resolve()))
    ]
