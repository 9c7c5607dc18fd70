"""The order of the stages, and nothing else: records -> documents -> scores -> site.

    score    reads the records, asks each model about those that the store lacks, writes the answers to the store
    render   reads records and store, writes the site; needs no model and loads no torch
    build    both
    explain  one text, without files

Whoever watches is told through a Reporter; nothing is printed here. What the modules below may not read (the clock,
the number of processors) is read here or above and handed down.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sitegen import __version__
from sitegen.analysis.occlusion import Occlusion, occlude
from sitegen.analysis.store import Store, score_key
from sitegen.config import Site
from sitegen.corpus.records import Collection, Record, read_records, text_hash
from sitegen.corpus.segment import segment
from sitegen.errors import ConfigError, StoreError
from sitegen.models import facts
from sitegen.models.directory import ModelDescription, describe, load
from sitegen.web.links import check_site
from sitegen.web.methods import Fact, ModelFacts, Treatment
from sitegen.web.output import writing
from sitegen.web.prose import markdown
from sitegen.web.render import Renderer
from sitegen.web.site import Material, Reporter, Summary, write_site

SETTINGS: dict[str, str | int | float] = {"baseline": "deleted"}
EXAMPLES = 3  # messages shown on the methods page for each kind of problem
_SHOWN_VERSIONS = ("torch", "numpy", "gensim", "nupunkt", "altair", "vl-convert-python", "itables")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreReport:
    """What a scoring run did: the records it read, and how many scores it computed, found, and deleted."""

    collection: Collection
    scored: int
    found: int
    stale: int
    pruned: int
    store: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderReport:
    """What a rendering run wrote."""

    collection: Collection
    summary: Summary
    folder: Path
    files: int
    bytes: int


def store_path(site: Site) -> Path:
    """Where the site's scores are kept."""
    return site.output.cache / "scores.sqlite"


def score(site: Site, *, reporter: Reporter, skip_invalid: bool = False, prune: bool = False) -> ScoreReport:
    """Score every record with every model of the site; what the store has is not computed again.

    `prune` deletes the scores of texts, models and settings that the site no longer has.
    """
    collection = _collection(site, reporter, skip_invalid=skip_invalid)
    descriptions = _descriptions(site, reporter)
    scored, wanted = 0, set[str]()
    with Store.open(store_path(site), create=True) as store:
        have = store.keys()
        for model, description in zip(site.models, descriptions, strict=True):
            texts = {_key(record, description): (record.title, record.abstract) for record in collection.records}
            wanted |= texts.keys()
            missing = sorted(texts.keys() - have, key=lambda key: (len(texts[key][1]), key))
            stage = f"Scoring with {model.name}"
            classifier = load(model.path) if missing else None
            for start in range(0, len(missing), site.occlusion.batch):
                batch = missing[start : start + site.occlusion.batch]
                documents = [segment(*texts[key], description.segmentation) for key in batch]
                assert classifier is not None
                store.write(zip(batch, occlude(documents, classifier), strict=True))
                reporter.advance(stage, start + len(batch), len(missing))
            scored += len(missing)
            have |= texts.keys()
        stale = len(have - wanted)
        pruned = store.prune(wanted) if prune else 0
    found = len(wanted) - scored
    return ScoreReport(
        collection=collection, scored=scored, found=found, stale=stale - pruned, pruned=pruned, store=store_path(site)
    )


def render(
    site: Site, *, reporter: Reporter, skip_invalid: bool = False, collection: Collection | None = None
) -> RenderReport:
    """Write the site from the records and their scores. `collection` spares reading the records again."""
    collection = collection or _collection(site, reporter, skip_invalid=skip_invalid)
    descriptions = _descriptions(site, reporter)
    records = collection.records
    with Store.open(store_path(site), create=False) as store:
        lacking = sum(_key(record, description) not in store for description in descriptions for record in records)
        if lacking:
            raise StoreError(
                f"{store.path}: {lacking} of {len(records) * len(descriptions)} scores are missing (new or changed "
                f"records, or a changed model). Compute them with: sitegen score {site.file}"
            )

        def occlusions(k: int) -> Mapping[str, Occlusion]:
            record = records[k]
            return {
                model.name: store.read(_key(record, description), title=record.title, abstract=record.abstract)
                for model, description in zip(site.models, descriptions, strict=True)
            }

        material = Material(
            site=site,
            records=records,
            rows=collection.rows,
            treatments=_treatments(collection),
            models=tuple(
                _model_facts(model.name, description, records)
                for model, description in zip(site.models, descriptions, strict=True)
            ),
            versions=_versions(),
            notes=_notes(records, descriptions[0]),
            occlusions=occlusions,
        )
        with writing(site.output.folder, check=check_site) as output:
            summary = write_site(
                output,
                material,
                renderer=Renderer(override=site.folder / "templates"),
                cache=site.output.cache,
                workers=os.cpu_count() or 1,
                reporter=reporter,
            )
    return RenderReport(
        collection=collection,
        summary=summary,
        folder=site.output.folder,
        files=output.files,
        bytes=output.bytes,
    )


def build(
    site: Site, *, reporter: Reporter, skip_invalid: bool = False, prune: bool = False
) -> tuple[ScoreReport, RenderReport]:
    """Score, then render."""
    scores = score(site, reporter=reporter, skip_invalid=skip_invalid, prune=prune)
    return scores, render(site, reporter=reporter, collection=scores.collection)


def explain(model: Path, *, title: str, abstract: str) -> tuple[ModelDescription, Occlusion]:
    """The occlusion of one text by one model, without files."""
    description = describe(model)
    document = segment(title, abstract, description.segmentation)
    return description, occlude([document], load(model))[0]


def _collection(site: Site, reporter: Reporter, *, skip_invalid: bool) -> Collection:
    collection = read_records(site.records, classes=site.classes, skip_invalid=skip_invalid)
    for (kind, action), n in collection.counts().items():
        reporter.note(f"{site.records.path.name}: {kind}: {n:,} {action}")
    return collection


def _descriptions(site: Site, reporter: Reporter) -> list[ModelDescription]:
    """The site's models; ConfigError where one's classes are the site's, the other way round."""
    descriptions = [describe(model.path) for model in site.models]
    names = tuple(name.casefold() for name in site.classes.names)
    for model, description in zip(site.models, descriptions, strict=True):
        trained = tuple(name.casefold() for name in description.classes)
        if trained == names[::-1]:
            raise ConfigError(
                f'{site.file}: "classes": the model "{model.name}" was trained with "{description.classes[1]}" as the '
                f"positive class. Exchange classes.positive and classes.negative."
            )
        if trained != names:
            reporter.note(
                f'The model "{model.name}" calls its classes "{description.classes[1]}" (positive) and '
                f'"{description.classes[0]}"; the pages call them "{site.classes.positive}" and '
                f'"{site.classes.negative}".'
            )
    return descriptions


def _key(record: Record, description: ModelDescription) -> str:
    return score_key(
        title=record.title, abstract=record.abstract, fingerprint=description.fingerprint, settings=SETTINGS
    )


def _treatments(collection: Collection) -> tuple[Treatment, ...]:
    return tuple(
        Treatment(
            kind=kind,
            action=action,
            count=n,
            examples=tuple(
                f"line {problem.line}: {problem.message}"
                for problem in [p for p in collection.problems if (p.kind, p.action) == (kind, action)][:EXAMPLES]
            ),
        )
        for (kind, action), n in collection.counts().items()
    )


def _parts(description: ModelDescription) -> Callable[[Record], str]:
    """Which part of a model's own data a record was in: train, validation, test, or none."""
    parts = {text: part for part in ("test", "validation", "train") for text in getattr(description.texts, part)}
    return lambda record: parts.get(text_hash(record.title, record.abstract), "")


def _model_facts(name: str, description: ModelDescription, records: Sequence[Record]) -> ModelFacts:
    part_of = _parts(description)
    counts = dict.fromkeys(("train", "validation", "test", ""), 0)
    for record in records:
        counts[part_of(record)] += 1
    told = (
        ("trained on", counts["train"]),
        ("used to decide when to stop", counts["validation"]),
        ("kept back for testing", counts["test"]),
        ("never met before", counts[""]),
    )
    return ModelFacts(
        name=name,
        additive=not description.architecture.joint,
        last_step=description.architecture.readout == "last-step",
        strips_title=description.segmentation.strip_title,
        fingerprint=description.fingerprint,
        facts=tuple(Fact(name=n, value=value, note=note) for n, value, note in facts.facts(description)),
        metrics=tuple(Fact(name=n, value=value, note=note) for n, value, note in facts.metrics(description)),
        card=markdown(description.card, below=4),
        seen=tuple(Fact(name=n, value=f"{count:,}") for n, count in told) if any(description.texts.seen) else (),
    )


def _notes(records: Sequence[Record], description: ModelDescription) -> dict[int, tuple[str, ...]]:
    """What readers should know of a record's reading beside what its page says already, by the record's number."""
    part_of = _parts(description)
    sayings = {
        "train": "The model was trained on this paper: it may know it by heart.",
        "validation": "This paper helped to decide when training should stop.",
    }
    notes: dict[int, tuple[str, ...]] = {}
    for k, record in enumerate(records):
        part = part_of(record)
        said = [sayings[part]] if part in sayings else []
        if description.architecture.readout == "last-step":
            said.append("This model looks at the last word only in one of its two reading directions (see Methods).")
        if said:
            notes[k] = tuple(said)
    return notes


def _versions() -> tuple[Fact, ...]:
    own = Fact(name="sitegen", value=__version__)
    python = Fact(name="Python", value=platform.python_version())
    return (own, python, *(Fact(name=name, value=version(name)) for name in _SHOWN_VERSIONS))
