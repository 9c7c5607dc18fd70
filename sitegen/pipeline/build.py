"""The order of the stages: records -> scores -> site. This module is the whole program on one screen.

    score    reads the records, asks each model about those that the store lacks, writes the answers to the store
    render   reads records and store, writes the site; needs no model and loads no torch
    build    both

How one corpus is scored by one model is in score.py, how a site is written in render.py, and where a score stands in
the store in keys.py; checks.py refuses a site.toml that fits neither. Progress goes to a Reporter; nothing is printed
here. The clock, the number of processors and the environment are read in this folder or above, and handed down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sitegen.analysis.store.store import Store
from sitegen.config import Site
from sitegen.corpus.records import Collection, read_records
from sitegen.errors import Stopped
from sitegen.pipeline import checks
from sitegen.pipeline import render as rendering
from sitegen.pipeline.keys import ModelKeys, model_keys
from sitegen.pipeline.live import why_not_live
from sitegen.pipeline.plan import read_plan
from sitegen.pipeline.score import PrecisionTrial, score_model
from sitegen.pipeline.selection import selected
from sitegen.pipeline.trial import read_trial
from sitegen.web.inputs import Reporter, Silent, SiteTotals
from sitegen.web.publish.staging import kept, refuse_foreign
from sitegen.web.text.asked import summary
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import count


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreReport:
    """The outcome of a scoring run.

    collection: the records as read. scored, found: scores computed now, and found in the store; stale: scores in the
    store that the site does not need, pruned: those deleted. alone: texts whose pieces were read alone, shapley: texts
    whose Shapley values were computed, untitled: abstracts whose subsets were read without the title, members: texts
    put to further checkpoints, tried: models whose faithfulness was tried, looked: texts at which a network was
    looked into. precisions: what a reduced precision costs, by model that was scored with one. store: the store's file.
    """

    collection: Collection
    scored: int
    found: int
    stale: int
    pruned: int
    alone: int
    shapley: int
    untitled: int
    members: int
    tried: int
    looked: int
    precisions: tuple[PrecisionTrial, ...]
    store: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderReport:
    """The outcome of a rendering run: the records as read, the site's totals, and its files in `folder`: how many, how
    many bytes, and whether they were `unchanged` since the last run and so left alone. nouns: what the site calls a
    record."""

    collection: Collection
    totals: SiteTotals
    folder: Path
    files: int
    bytes: int
    unchanged: bool
    nouns: Nouns = PAPERS


def build(
    site: Site,
    *,
    reporter: Reporter,
    skip_invalid: bool = False,
    prune: bool = False,
    collection: Collection | None = None,
) -> tuple[ScoreReport, RenderReport]:
    """Score, then render. `collection`: the records, where they were read already or stand in no file."""
    checks.baseline(site)
    checks.appearance(site, reporter)
    refuse_foreign(site.output.folder)  # before an hour of scoring
    try:
        scores = score(site, reporter=reporter, skip_invalid=skip_invalid, prune=prune, collection=collection)
    except Stopped as stopped:
        stopped.output = kept(site.output.folder)
        raise
    return scores, render(site, reporter=reporter, collection=scores.collection)


def score(
    site: Site,
    *,
    reporter: Reporter,
    skip_invalid: bool = False,
    prune: bool = False,
    collection: Collection | None = None,
) -> ScoreReport:
    """Score every record with every model of the site; what the store has is not computed again.

    `prune` deletes the scores of texts, models and settings that the site no longer has. `collection` spares reading
    the records.
    """
    checks.baseline(site)
    collection, models = _asked(site, reporter, collection, skip_invalid=skip_invalid)
    wanted = {key for model in models for key in model.all}
    with Store.open(store_path(site), create=True) as store:
        _forget_volatile(store, models, reporter)
        before = store.keys()
        try:
            computed = [score_model(site, model, store, advance=reporter.advance) for model in models]
        except Stopped as stopped:
            stopped.scores = _scores_kept(store, models)
            raise
        pruned = store.prune(wanted) if prune else 0
        for model in models:
            trial = read_trial(store, model)
            for warning in trial.warnings if trial else ():
                reporter.note(Nouns.of(site).say(warning))
            for line in summary(read_plan(store, model)):
                reporter.note(f"{model.name} {line}")
            if reason := why_not_live(site, model, store):
                reporter.note(f"{model.name} cannot be tried on the site. {reason}")
    return ScoreReport(
        collection=collection,
        scored=sum(model.occlusions for model in computed),
        found=len(before & wanted),
        stale=len(before - wanted) - pruned,
        pruned=pruned,
        alone=sum(model.alone for model in computed),
        shapley=sum(model.shapley for model in computed),
        untitled=sum(model.untitled for model in computed),
        members=sum(model.ensemble for model in computed),
        tried=sum(model.faithfulness for model in computed),
        looked=sum(model.network for model in computed),
        precisions=tuple(model.precision for model in computed if model.precision),
        store=store_path(site),
    )


def render(
    site: Site, *, reporter: Reporter, skip_invalid: bool = False, collection: Collection | None = None
) -> RenderReport:
    """Write the site from the records and their scores. `collection` spares reading the records again."""
    try:
        told = reporter if collection is None else Silent()  # else whoever read the records has told it
        checks.baseline(site)
        checks.appearance(site, told)
        collection, models = _asked(site, told, collection, skip_invalid=skip_invalid)
        with Store.open(store_path(site), create=False) as store:
            rendered = rendering.write(site, collection, models, store=store, reporter=reporter)
    except Stopped as stopped:
        stopped.scores = f"the scores are kept in {store_path(site)}"
        stopped.output = stopped.output or kept(site.output.folder)
        raise
    return RenderReport(
        collection=collection,
        totals=rendered.totals,
        folder=site.output.folder,
        files=rendered.files,
        bytes=rendered.bytes,
        unchanged=rendered.unchanged,
        nouns=Nouns.of(site),
    )


def up_to_date(site: Site, *, reporter: Reporter, skip_invalid: bool = False) -> Collection | None:
    """The records of a site whose folder is what rendering would write there now; None where it is not."""
    collection, models = _asked(site, reporter, None, skip_invalid=skip_invalid)
    with Store.open(store_path(site), create=False) as store:
        return collection if rendering.is_up_to_date(site, collection, models, store=store) else None


def store_path(site: Site) -> Path:
    """Where the site's scores are kept."""
    return site.output.cache / "scores.sqlite"


def _scores_kept(store: Store, models: Sequence[ModelKeys]) -> str:
    """How many of the scores are kept that the site needs, as a clause, where scoring is stopped."""
    wanted = {key for model in models for key in model.texts.texts}
    present = wanted & store.keys()
    if present == wanted:
        return f"all {count(len(wanted), 'score')} and part of the numbers that go with them are kept in {store.path}"
    return f"{len(present):,} of {count(len(wanted), 'score')} are kept in {store.path}"


def _forget_volatile(store: Store, models: Sequence[ModelKeys], reporter: Reporter) -> None:
    """Delete the scores of models that may have changed without anybody's noticing."""
    for model in models:
        if model.texts.manifest.volatile:
            remedy = "The argument version" if model.texts.source.held else "A version below its [[models]]"
            reporter.note(
                f'Nothing tells whether the model "{model.name}" is what it was, so it is scored anew at each build. '
                f"{remedy}, which you change with the model, keeps its scores."
            )
            store.prune(store.all_keys() - model.all)


def read(site: Site, *, reporter: Reporter, skip_invalid: bool = False) -> Collection:
    """The records of a site, as far as its settings want them."""
    return _asked(site, reporter, None, skip_invalid=skip_invalid)[0]


def tell_of(collection: Collection, site: Site, reporter: Reporter) -> None:
    """Say what was not as it should be in the records."""
    for (kind, action), n in collection.counts().items():
        reporter.note(f"{site.records.files}: {kind}: {n:,} {action}")
    for note in collection.notes:
        reporter.note(f"{site.records.files}: {note}")


def _asked(
    site: Site, reporter: Reporter, collection: Collection | None, *, skip_invalid: bool
) -> tuple[Collection, list[ModelKeys]]:
    """The records that the site is of, and the keys of each of its models. `collection`: the records as read, where
    that is done."""
    if collection is None:
        collection = read_records(site.records, classes=site.classes, skip_invalid=skip_invalid)
        tell_of(collection, site, reporter)
    manifests = checks.manifests(site, reporter)
    collection = selected(site, collection, manifests[0], reporter)
    keys = [
        model_keys(site, model, manifest, collection.records)
        for model, manifest in zip(site.models, manifests, strict=True)
    ]
    return collection, keys
