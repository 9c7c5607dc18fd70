"""How answers formed, as the pages of records have it on disk: what the first page's numbers are held to."""

from __future__ import annotations

import base64
import csv
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sitegen.web.text.numbers import percent

DATA = re.compile(r'<script type="application/json" data-part="data">(.*?)</script>', re.DOTALL)
PERCENT = re.compile(r'<b class="verdict-percent" data-part="percent">(.*?)</b>')


@dataclass(frozen=True)
class Answers:
    """One record: the answers with the title alone, where it has one, and after each sentence; the words that are named
    on its curve; its answer as its page prints it."""

    probabilities: list[float]
    titled: bool
    turns: list[str]
    printed: str

    @property
    def steps(self) -> list[tuple[bool, float]]:
        """Each step from sentence to sentence: whether it crosses .5, and its size."""
        pairs = zip(self.probabilities, self.probabilities[1:], strict=False)
        return [((a >= 0.5) != (b >= 0.5), round(abs(b - a), 4)) for a, b in pairs]

    @property
    def changed(self) -> bool:
        """Whether they are of both classes."""
        return len({p >= 0.5 for p in self.probabilities}) == 2

    def after(self, sentence: int) -> str:
        """The answer after that sentence, from 1, as readers see it; after 0: with the title alone."""
        return percent(self.probabilities[sentence if self.titled else sentence - 1])


def answers(folder: Path, name: str) -> Answers:
    """Those of the record whose files have that name."""
    text = (folder / "records" / f"{name}.html").read_text(encoding="utf-8")
    data = json.loads(html.unescape(DATA.search(text)[1]))  # type: ignore[index]
    path, ends, grid = data["path"], data["abstract"]["ends"], data["grid"]
    curve = _floats(grid["title"])[-1] + _floats(grid["abstract"]) + grid["bias"]
    titled = len(data["title"]["spans"]) > 0
    with (folder / "data" / "records.csv").open(encoding="utf-8", newline="") as stream:
        abstract = next(row["abstract"] for row in csv.DictReader(stream) if row["id"] == data["about"]["record"])
    spans = data["abstract"]["spans"]
    margins = [*([path["title"]] if titled else []), *(curve[end - 1] for end in ends)]
    return Answers(
        probabilities=[float(1 / (1 + np.exp(-margin))) for margin in margins] if ends else [],
        titled=titled,
        turns=[abstract[spans[2 * k] : spans[2 * k + 1]] for k in data["turns"]],
        printed=PERCENT.search(text)[1],  # type: ignore[index]
    )


def _floats(text: str) -> np.ndarray[Any, Any]:
    return np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float64)
