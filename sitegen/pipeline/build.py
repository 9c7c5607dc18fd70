"""The order of the stages, and nothing else: records -> documents -> scores -> site.

    score    reads the records, asks each model about those that the store lacks, writes the answers to the store
    render   reads records and store, writes the site; needs no model and loads no torch
    build    both
    explain  one text, without files

A site whose inputs are what they were when it was rendered last, and whose files nobody touched, is not rendered
again. Whoever watches is told through a Reporter; nothing is printed here. What the modules below may not read (the
clock, the number of processors) is read here or above and handed down.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sitegen.analysis.attribution.occlusion import Occlusion, occlude
from sitegen.analysis.store.store import Store
from sitegen.config import Null, Site
from sitegen.corpus.records import Collection, Record, read_records
from sitegen.corpus.segment import segment
from sitegen.errors import ConfigError, StoreError
from sitegen.models.manifest import ModelDescription, describe, load
from sitegen.pipeline import provenance
from sitegen.pipeline import score as scoring
from sitegen.web.build import write_site
from sitegen.web.inputs import RecordExtras, Reporter, SiteInputs, Summary
from sitegen.web.pages.faithfulness.page import Checked
from sitegen.web.pages.prose import read_prose
from sitegen.web.publish.build_cache import BuildCache, digest, folder_parts
from sitegen.web.publish.links import check_site
from sitegen.web.publish.render import Renderer
from sitegen.web.publish.staging import writing

PACKAGE = Path(__file__).resolve().parents[1]
EXAMPLES = 10  # values of a column that a message names


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreReport:
    """What a scoring run did: the records it read; how many scores it computed, found, and deleted; for how many texts
    it found Shapley values, and asked a further checkpoint; of how many models it tried the faithfulness; what a
    reduced precision costs."""

    collection: Collection
    scored: int
    found: int
    stale: int
    pruned: int
    shapley: int
    members: int
    tried: int
    precisions: tuple[scoring.Precision, ...]
    store: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderReport:
    """What a rendering run wrote, or found `unchanged` since the last."""

    collection: Collection
    summary: Summary
    folder: Path
    files: int
    bytes: int
    unchanged: bool


def store_path(site: Site) -> Path:
    """Where the site's scores are kept."""
    return site.output.cache / "scores.sqlite"


def score(site: Site, *, reporter: Reporter, skip_invalid: bool = False, prune: bool = False) -> ScoreReport:
    """Score every record with every model of the site; what the store has is not computed again.

    `prune` deletes the scores of texts, models and settings that the site no longer has.
    """
    collection = _collection(site, reporter, skip_invalid=skip_invalid)
    descriptions = _descriptions(site, reporter)
    scored = shared = asked = tried = 0
    precisions, wanted = [], set[str]()
    with Store.open(store_path(site), create=True) as store:
        before = store.keys()
        for model, description in zip(site.models, descriptions, strict=True):
            texts = scoring.texts_of(site, description, collection.records)
            stages = scoring.Scoring(site, model, description, texts=texts, store=store, advance=reporter.advance)
            if precision := stages.precision():
                precisions.append(precision)
            scored += stages.occlusions()
            shared += stages.shapley()
            asked += stages.members()
            tried += stages.faithfulness()
            wanted |= stages.keys()
        stale = len(before - wanted)
        pruned = store.prune(wanted) if prune else 0
        found = len(before & wanted)
    return ScoreReport(
        collection=collection,
        scored=scored,
        found=found,
        stale=stale - pruned,
        pruned=pruned,
        shapley=shared,
        members=asked,
        tried=tried,
        precisions=tuple(precisions),
        store=store_path(site),
    )


def render(
    site: Site, *, reporter: Reporter, skip_invalid: bool = False, collection: Collection | None = None
) -> RenderReport:
    """Write the site from the records and their scores. `collection` spares reading the records again."""
    read_prose(site.pages)  # a page of the user's that cannot be is refused at once
    collection = collection or _collection(site, reporter, skip_invalid=skip_invalid)
    descriptions = _descriptions(site, reporter)
    target, ledger = site.output.folder, BuildCache(site.output.cache, site.output.folder)
    with Store.open(store_path(site), create=False) as store:
        scores = _Scores(site, collection.records, descriptions, store)
        scores.check()
        inputs = _inputs(site, collection, descriptions, store)
        if facts := ledger.find(inputs):
            summary = Summary(**facts.pop("summary"))
            return RenderReport(collection=collection, folder=target, summary=summary, unchanged=True, **facts)
        parts = [provenance.parts_of(collection.records, description) for description in descriptions]
        site_inputs = SiteInputs(
            site=site,
            records=collection.records,
            rows=collection.rows,
            treatments=provenance.treatments(collection),
            models=tuple(
                provenance.model_facts(model.name, description, its_parts)
                for model, description, its_parts in zip(site.models, descriptions, parts, strict=True)
            ),
            versions=provenance.versions(),
            notes=provenance.notes_on(parts[0], descriptions[0]),
            occlusions=scores.occlusions,
            extras=scores.extras,
            standing=provenance.standing(parts[0], descriptions[0]),
            faithfulness=scores.faithfulness(),
        )
        with writing(target, check=check_site) as output:
            summary = write_site(
                output,
                site_inputs,
                renderer=Renderer(override=site.folder / "templates"),
                cache=site.output.cache,
                workers=os.cpu_count() or 1,
                reporter=reporter,
            )
    facts = {"files": output.files, "bytes": output.bytes}
    ledger.note(inputs, {**facts, "summary": asdict(summary)}, files=output.written)
    return RenderReport(collection=collection, folder=target, summary=summary, unchanged=False, **facts)


def build(
    site: Site, *, reporter: Reporter, skip_invalid: bool = False, prune: bool = False
) -> tuple[ScoreReport, RenderReport]:
    """Score, then render."""
    read_prose(site.pages)  # as in render: before hours of scoring, not after
    scores = score(site, reporter=reporter, skip_invalid=skip_invalid, prune=prune)
    return scores, render(site, reporter=reporter, collection=scores.collection)


def explain(model: Path, *, title: str, abstract: str) -> tuple[ModelDescription, Occlusion]:
    """The occlusion of one text by one model, without files."""
    description = describe(model)
    document = segment(title, abstract, description.segmentation)
    return description, occlude([document], load(model))[0]


class _Scores:
    """What the store holds of a site's records, by their numbers."""

    def __init__(
        self, site: Site, records: Sequence[Record], descriptions: Sequence[ModelDescription], store: Store
    ) -> None:
        self._site, self._records, self._descriptions, self._store = site, records, descriptions, store
        self._members = [describe(path) for path in site.models[0].ensemble]

    def check(self) -> None:
        """Raise StoreError where scores are missing."""
        have = self._store.keys()
        lacking = sum(
            scoring.key_of(self._site, description, record) not in have
            for description in self._descriptions
            for record in self._records
        )
        if lacking:
            raise StoreError(
                f"{self._store.path}: {lacking} of {len(self._records) * len(self._descriptions)} scores are missing "
                f"(new or changed records, or a changed model or setting). Compute them with: "
                f"sitegen score {self._site.file}"
            )

    def occlusions(self, k: int) -> Mapping[str, Occlusion]:
        """Record k's scores by model name, in the site's order of models."""
        record = self._records[k]
        return {
            model.name: self._store.read(
                scoring.key_of(self._site, description, record),
                title=record.title,
                abstract=record.abstract,
            )
            for model, description in zip(self._site.models, self._descriptions, strict=True)
        }

    def extras(self, k: int) -> RecordExtras:
        """What else is known of the first model's reading of record k."""
        record = self._records[k]
        members = [
            self._store.read_member(scoring.key_of(self._site, description, record)) for description in self._members
        ]
        return RecordExtras(
            shapley=self._store.read_shapley(scoring.key_of(self._site, self._descriptions[0], record)),
            members=tuple(member for member in members if member is not None),
        )

    def faithfulness(self) -> tuple[Checked, ...]:
        """Each model's report, of those that have one."""
        found = []
        for model, description in zip(self._site.models, self._descriptions, strict=True):
            texts = scoring.texts_of(self._site, description, self._records)
            keys = scoring.sample(self._site, description, texts)
            report = scoring.report_of(self._store, scoring.faithfulness_key(self._site, description, texts, keys))
            if report is not None:
                held_out = len(keys) if description.texts.seen else 0
                found.append(Checked(model=model.name, result=report, held_out=held_out))
        return tuple(found)


def _inputs(site: Site, collection: Collection, descriptions: Sequence[ModelDescription], store: Store) -> str:
    """A digest of all that a rendered site depends on: see web/ledger.py."""
    renderer = Renderer(override=site.folder / "templates")
    parts: list[str | bytes] = [site.model_dump_json(), str(collection.rows)]
    parts += [f"{fact.name} {fact.value}" for fact in provenance.versions()]
    parts += [description.fingerprint + description.card for description in descriptions]
    parts += [repr(record) for record in collection.records]
    parts += [repr(problem) for problem in collection.problems]
    parts += store.contents()
    for folder in (PACKAGE, *renderer.folders, site.pages):
        parts += folder_parts(folder)
    return digest(parts)


def _collection(site: Site, reporter: Reporter, *, skip_invalid: bool) -> Collection:
    collection = read_records(site.records, classes=site.classes, skip_invalid=skip_invalid)
    for (kind, action), n in collection.counts().items():
        reporter.note(f"{site.records.path.name}: {kind}: {n:,} {action}")
    if site.significance.null and collection.records:
        _check_null(site, site.significance.null, collection.records)
    return collection


def _check_null(site: Site, null: Null, records: Sequence[Record]) -> None:
    """ConfigError where no record could serve as noise: a misspelt name would leave nothing to compare with."""
    columns = {name: None for record in records for name in (*record.facets, *record.metadata)}
    if null.column not in columns:
        raise ConfigError(
            f'{site.file}: "significance.null.column": {site.records.path.name} has no facet or metadata column '
            f'"{null.column}". Use one of: {", ".join(columns) or "(there is none)"}.'
        )
    found = {record.facets.get(null.column, record.metadata.get(null.column, "")) for record in records}
    if not found & set(null.values):
        some = ", ".join(f'"{value}"' for value in sorted(found)[:EXAMPLES])
        raise ConfigError(
            f'{site.file}: "significance.null.values": no record has one of them in column "{null.column}", '
            f"which holds {some}{', ...' if len(found) > EXAMPLES else ''}. Use values that it holds."
        )


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
