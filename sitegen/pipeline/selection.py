"""`records.only`: a site of those records alone that its first model has not learned from.

Whether a model has learned from a record is told by the record's text, as everywhere (`Manifest.texts`): ids can be
renumbered, and another file may hold the same papers. A record that neither training nor stopping has seen is held out,
whether it was kept back for testing or never met before.
"""

from __future__ import annotations

from dataclasses import replace

from sitegen.config import Site
from sitegen.corpus.collection import Collection, Selection
from sitegen.errors import ConfigError, RecordError
from sitegen.models.manifest import Manifest
from sitegen.pipeline.checks import shown
from sitegen.pipeline.provenance import parts_of
from sitegen.web.inputs import Reporter
from sitegen.web.text.numbers import count


def selected(site: Site, collection: Collection, manifest: Manifest, reporter: Reporter) -> Collection:
    """The collection as `records.only` limits it; `manifest`: of the site's first model.

    Raises ConfigError where the model does not say what it learned from, RecordError where no record is left.
    """
    if not site.records.only or collection.selection is not None:
        return collection
    name = site.models[0].name
    if not manifest.texts.seen:
        raise ConfigError(
            f'{shown(site)}: "records.only": the model "{name}" does not say which texts it learned from, so nobody '
            f"knows which were held out. Remove records.only, name a file that says it by `seen` below its "
            f"[[models]], or take a model that says it: one of sitegen train, or an object with `seen`."
        )
    parts = parts_of(collection.records, manifest)
    selection = Selection(model=name, read=len(parts), trained=parts.count("train"), stopped=parts.count("validation"))
    told = (
        f'the model "{name}" was trained on {selection.trained:,} of them, and its training was stopped by '
        f"{selection.stopped:,}"
    )
    if selection.left_out == selection.read:
        raise RecordError(
            f'{site.records.files}: records.only = "held-out" leaves none of {count(selection.read, "record")}: '
            f"{told}. Give records that it has not learned from; sitegen train --held-out FILE writes such."
        )
    reporter.note(
        f'{site.records.files}: records.only = "held-out" leaves out {selection.left_out:,} of '
        f"{count(selection.read, 'record')}: {told}."
    )
    kept = [record for record, part in zip(collection.records, parts, strict=True) if part in ("test", "")]
    return replace(collection, records=tuple(kept), selection=selection)
