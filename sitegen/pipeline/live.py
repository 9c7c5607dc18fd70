"""The models as they run in a page: in which form, and what their rounded numbers cost.

When a site is scored, `score_live` chooses each model's form (models/live.py) and, where that is not exactly its
numbers, reads the model's texts once more with the numbers of the page: how far are the answers from those that the
site shows? Both are kept as one report. When a site is written, `read_live` makes of it what the page is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from sitegen.analysis.attribution.masking import masked_margins
from sitegen.analysis.attribution.occlusion import probability
from sitegen.analysis.store.store import Store
from sitegen.config import Site
from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import Document
from sitegen.errors import StoreError
from sitegen.models.registry import live_form, live_model
from sitegen.pipeline.batches import Advance, in_batches, segmented, shortest_first
from sitegen.pipeline.keys import ModelKeys, TextKeys
from sitegen.web.inputs import LiveInputs, Rounding

SAME = 1e-6  # points of probability up to which answers are the same
_SEGMENTED = 256  # texts at a time


def score_live(site: Site, keys: ModelKeys, store: Store, advance: Advance) -> bool:
    """Choose the form of a model in a page and try it, unless the store has that; returns whether it was done."""
    if keys.live is None or store.read_report(keys.live) is not None:
        return False
    source, texts = keys.texts.source, keys.texts
    form = live_form(source, limit=round(site.live.megabytes * 1e6), counts=partial(_counts, texts))
    if isinstance(form, str):
        store.write_report(keys.live, {"form": None, "why": form})
        return True
    model = live_model(source, form)
    largest = median = 0.0
    if not (model.exact and model.certain):
        changes = _changes(site, keys, store, model.load(precision=site.occlusion.precision), advance)
        largest, median = float(changes.max()), float(np.median(changes))
    report = {
        "form": dict(form),
        "exact": model.exact and largest < SAME,
        "largest": largest,
        "median": median,
        "records": len(texts.texts),
    }
    store.write_report(keys.live, report)
    return True


def why_not_live(site: Site, keys: ModelKeys, store: Store) -> str:
    """Why a model cannot run in the page that site.toml asks for, in a sentence; "" where it can, or none is wanted."""
    if not site.live.show:
        return ""
    if keys.live is None:
        return keys.texts.manifest.no_live
    return str(_report(store, keys.live).get("why", ""))


def read_live(site: Site, models: Sequence[ModelKeys], store: Store) -> tuple[LiveInputs, ...] | None:
    """What the models are that run in a page; None where there are none. models: all of the site, in its order."""
    able = [
        _read(store, keys.live, keys, number)
        for number, keys in enumerate(models)
        if keys.live is not None and not why_not_live(site, keys, store)
    ]
    return tuple(able) or None


def _read(store: Store, key: str, keys: ModelKeys, number: int) -> LiveInputs:
    report = _report(store, key)
    model = live_model(keys.texts.source, report["form"])
    measured = {name: report[name] for name in ("exact", "largest", "median", "records")}
    rounding = Rounding(**measured, cause=model.cause)
    return LiveInputs(number=number, model=model.script, numbers=model.numbers, rounding=rounding)


def _report(store: Store, key: str) -> Mapping[str, Any]:
    report = store.read_report(key)
    if report is None:
        raise StoreError(f"{store.path}: the model of the page was not tried. Run: sitegen score SITE.TOML")
    return report


def _counts(texts: TextKeys) -> Counter[str]:
    """How often the texts have each word."""
    counts: Counter[str] = Counter()
    keys = sorted(texts.texts)
    for first in range(0, len(keys), _SEGMENTED):
        for document in segmented(texts, keys[first : first + _SEGMENTED]):
            counts.update(document.title.tokens)
            counts.update(document.abstract.tokens)
    return counts


def _changes(site: Site, keys: ModelKeys, store: Store, classifier: Any, advance: Advance) -> Array:
    """How far the page's answer to each text is from the stored one, in points of probability, (N,)."""
    texts, changes = keys.texts.texts, list[float]()

    def compute(documents: Sequence[Document]) -> list[float]:
        return [float(one[0]) for one in masked_margins(documents, classifier, [(None, None)] * len(documents))]

    def keep(batch: Sequence[str], margins: list[float]) -> None:
        stored = [store.read(key, title=texts[key].title, abstract=texts[key].abstract).margin for key in batch]
        changes.extend(100 * np.abs(probability(np.array(margins)) - probability(np.array(stored))))

    report: Callable[[int, int], None] = partial(advance, f"Trying the numbers that a page has of {keys.name}")
    in_batches(shortest_first(texts, texts), keys.texts, compute, keep, size=site.occlusion.batch, advance=report)
    return np.array(changes)
