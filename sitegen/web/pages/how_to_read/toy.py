"""The toy paper: a title of five words, four short sentences, one of them off-topic and one decisive; all invented.

Its numbers are those of the model in content/, whatever model a site has: they lie in toy.json, and no model is needed
to write the page. After another training, or for another paper, write the file anew, then read the page and the
difference, since the page tells the paper's story in words (tests/golden/test_toy_paper.py holds both to the model):

    SITEGEN_GOLDEN=write python -m pytest tests/golden/test_toy_paper.py
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from sitegen.analysis.attribution.occlusion import AdditiveGrid, Occlusion
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.config import Classes
from sitegen.corpus.records import Record
from sitegen.corpus.segment import Document, SegmentedText

FILE = files(__package__) / "toy.json"
MODEL = "Example model"  # its name on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyPaper:
    """The toy paper, and all that the demo's model says of it; the model knows each of its words."""

    record: Record
    classes: Classes  # the demo's
    occlusion: Occlusion  # by deletion, the grid in two parts
    alone: ReadAlone
    shapley: Shapley  # exact


@cache
def toy_paper() -> ToyPaper:
    """The toy paper out of its file."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    negative, positive = data["classes"]
    grid, occlusion, alone, shares = (_arrays(data[name]) for name in ("grid", "occlusion", "alone", "shapley"))
    document = Document(
        title=_text(data["title"], data["title_spans"], data["title_sentence"]),
        abstract=_text(data["abstract"], data["abstract_spans"], data["sentences"]),
    )
    return ToyPaper(
        record=Record(
            id="toy",
            title=data["title"],
            abstract=data["abstract"],
            label=None,
            facets={},
            metadata={},
            source=FILE.name,
            line=1,
        ),
        classes=Classes(negative=negative, positive=positive),
        occlusion=Occlusion(
            document=document,
            grid=AdditiveGrid(**grid),
            title_known=np.ones(len(document.title.tokens), dtype=bool),
            abstract_known=np.ones(len(document.abstract.tokens), dtype=bool),
            **occlusion,
        ),
        alone=ReadAlone(**alone),
        shapley=Shapley(method="exact", pairs=0, errors=np.zeros(len(data["sentences"])), **shares),
    )


def _arrays(values: dict[str, Any]) -> dict[str, Any]:
    """The values of one part of the file, lists as arrays."""
    return {name: np.array(value, np.float32) if isinstance(value, list) else value for name, value in values.items()}


def _text(text: str, spans: list[list[int]], sentences: list[list[int]]) -> SegmentedText:
    """A field by the places of its words and its sentences."""
    starts = np.array(spans)[:, 0]
    return SegmentedText(
        text=text,
        tokens=tuple(text[start:end].lower() for start, end in spans),
        spans=np.array(spans),
        sentence_spans=np.array(sentences),
        sentence_ends=np.array([int((starts < end).sum()) for _, end in sentences]),
    )
