"""Whether the store has all that a site is written from; render.py asks before it begins.

Most of what scoring keeps is asked for by its key alone. How much was asked of a model is kept only where its title and
abstract do not add up, which the trial of it knows: without that plan pages could not say what was left out.

What may be lacking without harm is not looked at: the trial of the measures, and shares, which a site may do without.
"""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.analysis.store.store import Store
from sitegen.config import Site
from sitegen.errors import StoreError
from sitegen.pipeline.keys import ModelKeys
from sitegen.pipeline.trial import adds_up


def check_complete(store: Store, models: Sequence[ModelKeys], *, site: Site) -> None:
    """Raise StoreError where the scores of a record are missing, or what goes with them, saying of how many."""
    present = store.keys() & store.with_alone()
    lacking = [key not in present for model in models for key in model.texts.of_record if key is not None]
    if not any(lacking):
        kept = store.keys("reports") | store.keys("inside")
        lacking = [not _reports(store, model) <= kept for model in models]
        lacking += [key not in kept for model in models if model.network for key in model.network.all]
    if any(lacking):
        raise StoreError(
            f"{store.path}: {sum(lacking)} of {len(lacking)} scores are missing (new or changed records, or a changed "
            f"model or setting). Compute them with: sitegen score {site.file}"
        )


def _reports(store: Store, model: ModelKeys) -> set[str]:
    """The keys of the reports on a model that pages need."""
    plan = None if model.plan is None or adds_up(store, model) else model.plan
    return {key for key in (model.controls, model.trial, model.reach, model.live, plan) if key}
