"""The texts that a model would be asked about, for one that is not here: on a cluster, in another language, for pay.

They are found by asking: the analysis runs as it does in a build, with a classifier that notes what it is asked and
knows nothing. So they are exactly those that a build looks up in the answers. Texts that a title and an abstract have
in common are asked about once a record.
"""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sitegen.analysis.attribution.depth import Depth, reaches
from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import PAIRS, least_exact, shapley
from sitegen.analysis.significance.negative_control import neutral_answers
from sitegen.config import Model, Site
from sitegen.corpus.arrays import Array
from sitegen.corpus.excerpt import Excerpt
from sitegen.corpus.folders import file_written_whole
from sitegen.corpus.records import Record, read_records
from sitegen.corpus.segment import Segmentation, segment
from sitegen.errors import OutputError
from sitegen.models.adapters.scores.kind import NAME
from sitegen.models.adapters.scores.table import name_of
from sitegen.models.protocol import Tokens
from sitegen.models.source import source_of
from sitegen.pipeline.keys import neutral_of
from sitegen.pipeline.scope import read_by

STAND_IN = {"name": "Model", "kind": NAME, "path": "scores.jsonl"}  # where a site.toml names no model yet
NOTHING = "none"  # stands for a field of which no word is left
HEADER = ("record", "kept_title", "kept_abstract", "title", "abstract")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One text: of which record, "" where of none, and what is left of its title and abstract."""

    record: str
    title: Excerpt
    abstract: Excerpt

    @property
    def name(self) -> str:
        """Its name among answers."""
        return name_of(self.title, self.abstract)


def model_of(site: Site) -> Model:
    """The site's model of answers: the one that site.toml names, else STAND_IN's."""
    found = [model for model in site.models if model.kind == NAME]
    return found[0] if found else Model(name=STAND_IN["name"], kind=NAME, path=site.folder / STAND_IN["path"])


class Asking:
    """A Classifier that notes the texts that it is asked about, each once, and answers 0."""

    additive = False

    def __init__(self, segmentation: Segmentation) -> None:
        self.segmentation = segmentation
        self.asked: dict[str, tuple[Excerpt, Excerpt]] = {}

    def known(self, tokens: Tokens) -> Array:
        """All of them."""
        every: Array = np.ones(len(tokens), dtype=bool)
        return every

    def margins(self, titles: Sequence[Tokens], abstracts: Sequence[Tokens]) -> Array:
        """0 for each text."""
        for title, abstract in zip(titles, abstracts, strict=True):
            assert isinstance(title, Excerpt)
            assert isinstance(abstract, Excerpt)
            self.asked.setdefault(name_of(title, abstract), (title, abstract))
        nothing: Array = np.zeros(len(titles))
        return nothing


def questions_about(record: Record, segmentation: Segmentation, *, depth: Depth) -> list[Question]:
    """The texts of one record at a depth, the whole one first."""
    asking, document = Asking(segmentation), segment(record.title, record.abstract, segmentation)
    occlude([document], asking, depth="whole")
    if depth != "whole":
        read_alone([document], asking, depth=depth)
        occlude([document], asking, depth=depth)
    if reaches(depth, "shares"):
        shapley([document], asking, limit=least_exact(PAIRS), pairs=PAIRS)
    return [Question(record=record.id, title=title, abstract=abstract) for title, abstract in asking.asked.values()]


def neutral_questions(sentences: Sequence[str], segmentation: Segmentation) -> list[Question]:
    """The sentences that say nothing of either class, and the empty text."""
    asking = Asking(segmentation)
    neutral_answers(sentences, asking)
    return [Question(record="", title=title, abstract=abstract) for title, abstract in asking.asked.values()]


def questions_of(site: Site, *, depth: Depth, skip_invalid: bool = False) -> Iterator[Question]:
    """All texts of a site at a depth, record by record, each once; of the records that the model of answers reads."""
    model = model_of(site)
    segmentation = source_of(site, model).segmentation
    collection = read_records(site.records, classes=site.classes, skip_invalid=skip_invalid)
    seen = set[str]()
    lists = itertools.chain(
        (questions_about(record, segmentation, depth=depth) for record in read_by(site, model, collection.records)),
        [neutral_questions(neutral_of(site), segmentation) if depth != "whole" else []],
    )
    for found in lists:  # a record's at a time: those of all are far more than the texts
        for question in found:
            if question.name not in seen:
                seen.add(question.name)
                yield question


def write_questions(questions: Iterable[Question], file: Path, *, force: bool) -> int:
    """Write one line a text, a CSV table or, by any other suffix, JSON Lines; returns how many. The file is there when
    it is whole. OutputError where it is there already and is not to be replaced, or cannot be written."""
    if file.exists() and not force:
        raise OutputError(f"{file}: exists already. Choose another file, or pass --force.")
    count = 0
    try:
        with file_written_whole(file) as part, part.open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out, lineterminator="\n") if file.suffix.lower() == ".csv" else None
            if table:
                table.writerow(HEADER)
            for question in questions:
                count += 1
                cells = _cells(question)
                if table:
                    table.writerow([_span_text(cells[name]) if "kept" in name else cells[name] for name in HEADER])
                else:
                    out.write(f"{json.dumps(cells, ensure_ascii=False)}\n")
    except OSError as error:
        raise OutputError(f"{file}: cannot be written ({error.strerror}). Choose another file.") from None
    return count


def _cells(question: Question) -> dict[str, Any]:
    return {
        "record": question.record,
        "kept_title": _kept(question.title),
        "kept_abstract": _kept(question.abstract),
        "title": question.title.text,
        "abstract": question.abstract.text,
    }


def _kept(excerpt: Excerpt) -> list[list[int]] | str:
    """The stretches of the field that are left, in characters; NOTHING where none is."""
    kept, spans = np.asarray(excerpt.kept, dtype=bool), excerpt.field.spans
    if not kept.any():
        return NOTHING
    edges = np.flatnonzero(np.diff(np.concatenate([[False], kept, [False]]).astype(np.int8)))
    return [[int(spans[first, 0]), int(spans[behind - 1, 1])] for first, behind in edges.reshape(-1, 2).tolist()]


def _span_text(spans: list[list[int]] | str) -> str:
    return spans if isinstance(spans, str) else " ".join(f"{start}-{end}" for start, end in spans)
