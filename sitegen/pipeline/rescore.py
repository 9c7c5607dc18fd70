"""Compute a sample of a site's or an archive's numbers again, by its own model and texts, and compare.

That the bytes are as they were says nothing of whether the numbers were ever right. Here a few records are read by the
model again: the margin of the whole record, the leave-one-out effect of each sentence (as far as a model was asked, see
analysis/attribution/depth.py), and each share that was computed exactly (one that was sampled has an error of its own).
The sample is spread evenly over the records that a model reads, so that the same number asks about the same ones
everywhere.

Model and texts are those that lie in the archive or the site, or others that are named; either way they must have the
hashes that were recorded. A model that runs code is asked where the user says so on the command line: a site.toml that
came with an archive consents to nothing. Other machines and versions compute the same up to rounding: `TOLERANCES` says
what passes.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.shapley import shapley
from sitegen.config import Classes, Records
from sitegen.corpus.records import read_records
from sitegen.corpus.segment import segment
from sitegen.errors import OutputError
from sitegen.models.registry import describe, load
from sitegen.models.source import Source
from sitegen.pipeline.hashes import TEXTS, text_digest
from sitegen.pipeline.recorded_model import recorded_model
from sitegen.pipeline.verify import SITE, Tree, kind_of, opened
from sitegen.web import routes
from sitegen.web.export.settings import SETTINGS

SAMPLE = 5  # records, where no other number is asked for
TOLERANCES = {"float32": 1e-4, "float64": 1e-4, "bfloat16": 0.1}  # log-odds, by the precision of the model's numbers

Texts = Mapping[str, tuple[str, str]]  # title and abstract by the record's id
Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RescoredRecord:
    """One record by one model: how many numbers were compared, the largest difference in log-odds, and where it is."""

    record: str
    model: str
    numbers: int
    difference: float
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescoring:
    """What came of it. total: how many records there are. tolerance: the largest difference that passes, in log-odds.
    lacking: models whose files are not at hand."""

    records: tuple[RescoredRecord, ...]
    total: int
    tolerance: float
    lacking: tuple[str, ...]

    @property
    def worst(self) -> float:
        """The largest difference, in log-odds."""
        return max(one.difference for one in self.records)

    @property
    def agrees(self) -> bool:
        """Whether all numbers are within the tolerance."""
        return self.worst <= self.tolerance


def rescore(
    path: Path, *, count: int = SAMPLE, model: Path | None = None, records: Sequence[Path] = (), trust: bool = False
) -> Rescoring:
    """Compute `count` records of the site or the archive at `path` again.

    model: a folder with the model; records: the files with the records. trust: whether a model may run code.
    OutputError where what is needed is not at hand, or is not what was recorded.
    """
    with opened(path) as tree:
        top = SITE if kind_of(tree, path) == "archive" else ""
        try:
            told = json.loads(_text(tree, top + routes.data(SETTINGS)))
            settings = told["settings"]
            answers = list(_table(tree, top + routes.data("records.csv")))
            read = {(row["id"], row["model"]) for row in _table(tree, top + routes.data("sentences.csv"))}
        except (ValueError, KeyError) as error:
            raise OutputError(f"{path}: its data cannot be read ({error}), so nothing was computed again.") from None
        samples = {model["name"]: _sample(_read_by(model, answers, read), count) for model in settings["models"]}
        chosen = {row["id"]: row for sample in samples.values() for row in sample}
        sentences: dict[tuple[str, str], list[Row]] = {}
        for row in _table(tree, top + routes.data("sentences.csv")):  # of a few records; those of all are very many
            if row["id"] in chosen:
                sentences.setdefault((row["id"], row["model"]), []).append(row)
        texts = _texts(tree, settings, answers, list(chosen.values()), given=records)
        found: list[RescoredRecord] = []
        lacking: list[str] = []
        for one in told["models"]:
            with recorded_model(tree, told, one, given=model, trust=trust) as source:
                if source is None:
                    lacking.append(one["name"])
                    continue
                sample = samples[one["name"]]
                own = [sentences.get((row["id"], one["name"]), []) for row in sample]
                found += _rescored(source, one["name"], settings["occlusion"], sample, own, texts)
    if not found:
        raise OutputError(f"{path}: its model is not in it. Name the model's folder with --model.")
    tolerance = TOLERANCES[settings["occlusion"]["precision"]]
    return Rescoring(records=tuple(found), total=len(answers), tolerance=tolerance, lacking=tuple(lacking))


def _rescored(
    source: Source,
    name: str,
    occlusion: Mapping[str, Any],
    rows: Sequence[Row],
    sentences: Sequence[list[Row]],
    texts: Texts,
) -> Iterator[RescoredRecord]:
    """What a model says now of records, of which `rows` and `sentences` were published."""
    manifest, baseline = describe(source), BASELINES[occlusion["baseline"]]
    classifier = load(source, precision=occlusion["precision"])
    documents = [segment(*texts[row["id"]], manifest.segmentation) for row in rows]
    occlusions = occlude(documents, classifier, baseline=baseline, depth="without")
    for row, own, document, now in zip(rows, sentences, documents, occlusions, strict=True):
        pairs = [("margin", row.get(f"{name}: margin", ""), now.margin)]
        if len(own) != now.sentences.size:
            pairs.append(("number of sentences", "", math.nan))
        else:
            numbered = list(enumerate(zip(own, now.sentences.tolist(), strict=True), start=1))
            asked = any(one["leave_one_out"] for one in own)  # else the site's author limits what a model is asked
            pairs += [
                (f"without sentence {k}", one["leave_one_out"], value)
                for k, (one, value) in numbered
                if asked and (one["leave_one_out"] or not math.isnan(value))
            ]
            exact = [one for one in own if one.get("share") and _number(one.get("share_error", "")) == 0]
            if own and len(exact) == len(own):
                (shares,) = shapley([document], classifier, baseline=baseline)
                pairs += [
                    (f"share of sentence {k}", one["share"], value)
                    for k, (one, value) in enumerate(zip(own, shares.values.tolist(), strict=True), start=1)
                ]
        worst, place = max((_difference(published, value), place) for place, published, value in pairs)
        yield RescoredRecord(record=row["id"], model=name, numbers=len(pairs), difference=worst, place=place)


def _difference(published: str, computed: float) -> float:
    """How far apart they are; infinity where one is no number."""
    difference = abs(_number(published) - computed)
    return math.inf if math.isnan(difference) else difference


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _read_by(model: Mapping[str, Any], rows: Sequence[Row], read: Container[tuple[str, str]]) -> list[Row]:
    """The rows of the records that a model reads, whose settings are given. read: record and model of each sentence."""
    name = model["name"]
    return [row for row in rows if not model.get("only") or row.get(f"{name}: margin") or (row["id"], name) in read]


def _sample(rows: Sequence[Row], count: int) -> list[Row]:
    """`count` rows, evenly spaced from the first to the last."""
    count = min(count, len(rows))
    return [rows[k * (len(rows) - 1) // max(count - 1, 1)] for k in range(count)]


def _texts(
    tree: Tree, settings: Mapping[str, Any], answers: Iterable[Row], chosen: Sequence[Row], *, given: Sequence[Path]
) -> Texts:
    """The texts of the chosen records: those of the files that are given, else those that the site publishes."""
    published = settings["records"].get("publish", "all") == "all"
    if not given:
        if not published:
            raise OutputError("The texts are not published with this site. Name the file of records with --records.")
        return {row["id"]: (row["title"], row["abstract"]) for row in answers}
    try:
        description = Records(**{**settings["records"], "path": tuple(given)})
    except ValueError as error:
        raise OutputError(f"{SETTINGS}: is of another version of sitegen: {error}.") from None
    collection = read_records(description, classes=Classes(**settings["classes"]), skip_invalid=True)
    shown = ", ".join(map(str, given))
    texts = {record.id: (record.title, record.abstract) for record in collection.records}
    recorded = {row["id"]: text_digest(row["title"], row["abstract"]) for row in answers} if published else {}
    if f"data/{TEXTS}" in tree.names:
        recorded = {row["id"]: row["sha256"] for row in _table(tree, f"data/{TEXTS}")}
    for row in chosen:
        key = row["id"]
        if key not in texts:
            raise OutputError(f'{shown}: has no record "{key}". Name what the site was made of.')
        if key in recorded and text_digest(*texts[key]) != recorded[key]:
            raise OutputError(f'{shown}: the text of record "{key}" has not the hash that was recorded: it is another.')
    return texts


def _table(tree: Tree, name: str) -> Iterator[Row]:
    yield from csv.DictReader(io.StringIO(_text(tree, name), newline=""))


def _text(tree: Tree, name: str) -> str:
    if name not in tree.names:
        raise OutputError(f"{name}: is missing, so nothing can be computed again.")
    with tree.open(name) as stream:
        return stream.read().decode()
