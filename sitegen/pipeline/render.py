"""Records and their scores -> the site's folder. Needs no model in memory and loads no torch.

`write` gathers what a site is made of (SiteInputs) and has `web.build` write it. A site whose inputs are what they were
when it was written last, and whose files nobody touched since, is not written again (see web/publish/build_cache.py).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sitegen.analysis.store.store import Store
from sitegen.config import Site
from sitegen.corpus.records import Collection
from sitegen.pipeline import checks, keys, provenance
from sitegen.pipeline.complete import check_complete
from sitegen.pipeline.dates import source_date
from sitegen.pipeline.keys import ModelKeys
from sitegen.pipeline.live import read_live, why_not_live
from sitegen.pipeline.plan import read_plan
from sitegen.pipeline.reach import read_of_abstracts, read_reach, with_notes, with_reach
from sitegen.pipeline.trial import read_trial, with_trial
from sitegen.web.build import write_site
from sitegen.web.inputs import Reporter, SiteInputs, SiteTotals
from sitegen.web.publish.build_cache import BuildCache, digest, folder_parts
from sitegen.web.publish.estimate import limits
from sitegen.web.publish.links import check_site
from sitegen.web.publish.render import Renderer
from sitegen.web.publish.staging import writing
from sitegen.web.text.nouns import Nouns

PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The files of a site: its totals, how many files of how many bytes, and whether they were left as they were."""

    totals: SiteTotals
    files: int
    bytes: int
    unchanged: bool


def write(
    site: Site, collection: Collection, models: Sequence[ModelKeys], *, store: Store, reporter: Reporter
) -> Rendered:
    """Write the site into `site.output.folder`; StoreError where scores are missing, OutputError where it cannot be
    written or does not hold together."""
    check_complete(store, models, site=site)
    renderer = checks.renderer_of(site)
    build_cache = BuildCache(site.output.cache, site.output.folder)
    inputs_digest = _digest(site, collection, models, store=store, renderer=renderer)
    if facts := build_cache.find(inputs_digest):
        for message in facts["limits"]:
            reporter.note(message)
        return Rendered(
            totals=SiteTotals.from_json(facts["totals"]), files=facts["files"], bytes=facts["bytes"], unchanged=True
        )
    with writing(site.output.folder, check=check_site) as output:
        totals = write_site(
            output,
            _inputs(site, collection, models, store),
            renderer=renderer,
            cache=site.output.cache,
            workers=os.cpu_count() or 1,
            reporter=reporter,
        )
    too_big = limits({name: (site.output.folder / name).stat().st_size for name in output.written})
    for message in too_big:
        reporter.note(message)
    facts = {"files": output.files, "bytes": output.bytes, "totals": totals.as_json(), "limits": too_big}
    build_cache.note(inputs_digest, facts, files=output.written)
    return Rendered(totals=totals, files=output.files, bytes=output.bytes, unchanged=False)


def is_up_to_date(site: Site, collection: Collection, models: Sequence[ModelKeys], *, store: Store) -> bool:
    """Whether `write` would leave the site's folder as it is."""
    renderer = checks.renderer_of(site)
    inputs_digest = _digest(site, collection, models, store=store, renderer=renderer)
    return BuildCache(site.output.cache, site.output.folder).find(inputs_digest) is not None


def _inputs(site: Site, collection: Collection, models: Sequence[ModelKeys], store: Store) -> SiteInputs:
    """All that the site is made of; scores are read from the store when a page needs them."""
    records = collection.records
    reaches = [read_reach(store, model) for model in models]
    manifests = [
        with_reach(with_trial(model.texts.manifest, read_trial(store, model)), reach, model.texts.of_record)
        for model, reach in zip(models, reaches, strict=True)
    ]
    parts = [provenance.parts_of(records, manifest) for manifest in manifests]
    return SiteInputs(
        site=site,
        records=records,
        rows=collection.rows,
        treatments=provenance.treatments(collection),
        selection=collection.selection,
        labels=collection.labels,
        models=tuple(
            provenance.model_facts(
                site, number, manifest, parts_of_model, asked=[key is not None for key in model.texts.of_record]
            )
            for number, (manifest, parts_of_model, model) in enumerate(zip(manifests, parts, models, strict=True))
        ),
        versions=provenance.versions(manifests),
        notes=with_notes(
            provenance.notes_on(parts[0], manifests[0], nouns=Nouns.of(site)), reaches[0], models[0].texts.of_record
        ),
        read=read_of_abstracts(reaches[0], models[0].texts.of_record),
        occlusions=lambda k: keys.read_occlusions(store, models, records[k], k),
        alone=lambda k: keys.read_pieces(store, models, k),
        extras=lambda k: keys.read_extras(store, models, k, site=site),
        controls=keys.read_controls(store, models),
        standing={
            model.name: provenance.standing(parts_of_model, manifest)
            for model, parts_of_model, manifest in zip(models, parts, manifests, strict=True)
        },
        faithfulness=keys.read_checked(store, models),
        date=source_date(os.environ),
        plans=tuple(read_plan(store, model) for model in models),
        live=read_live(site, models, store),
        no_live={model.name: reason for model in models if (reason := why_not_live(site, model, store))},
        network=keys.read_network(store, models[0].network, models[0].texts, lower=site.network.lower),
    )


def _digest(
    site: Site, collection: Collection, models: Sequence[ModelKeys], *, store: Store, renderer: Renderer
) -> str:
    """A digest of all that the files of a site depend on, this program's own files among them."""
    parts: list[str | bytes] = [
        site.model_dump_json(),
        str(collection.rows),
        site.records.files,
        repr(collection.selection),
        collection.labels,
        str(source_date(os.environ) if site.url else ""),
        site.logo.read_bytes() if site.logo else "",
    ]
    manifests = [model.texts.manifest for model in models]
    parts += [f"{fact.name} {fact.value}" for fact in provenance.versions(manifests)]
    for manifest in manifests:  # what an object says of itself stands in none of its files
        parts += [manifest.fingerprint, manifest.card, repr(manifest.facts), repr(manifest.notes)]
    parts += [repr(record) for record in collection.records]
    parts += [repr(problem) for problem in collection.problems]
    parts += store.contents()
    parts += [store.digest_of(model.all) for model in models if model.texts.manifest.volatile]
    for folder in (PACKAGE, *renderer.folders, site.pages):
        parts += folder_parts(folder)
    return digest(parts)
