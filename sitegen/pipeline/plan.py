"""The plan of each model that is not additive: made once, before a corpus is scored, and kept in the store.

The model's speed is measured on some texts of the corpus, as they are asked about, and the plan made by it
(analysis/attribution/plan.py). The next build asks no less and no more, whatever the clock says then, until the corpus
has grown to twice its words. A depth that site.toml names is taken at its word, and nothing is measured.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from sitegen.analysis.attribution.depth import ALL, DEPTHS, Size
from sitegen.analysis.attribution.masking import masked_margins, sentence_masks, whole_and_without_each
from sitegen.analysis.attribution.plan import COMPLETE, Plan, planned, totals
from sitegen.analysis.store.store import Store
from sitegen.config import Site
from sitegen.corpus.segment import Document, segment
from sitegen.models.protocol import Classifier
from sitegen.pipeline.keys import ModelKeys
from sitegen.pipeline.trial import adds_up

TIMED, SECONDS = 12, 5.0  # papers on which a model's speed is measured, and how long that may take, about
GROWN = 2.0  # times its words, from which on a corpus is planned anew


def read_plan(store: Store, keys: ModelKeys) -> Plan:
    """What was decided of a model; everything where nothing was, or title and abstract add up."""
    stored = store.read_report(keys.plan) if keys.plan and not adds_up(store, keys) else None
    return COMPLETE if stored is None else Plan(**stored)


def make_plan(
    site: Site, keys: ModelKeys, store: Store, classifier: Callable[[], Classifier], advance: Callable[..., None]
) -> Plan:
    """The plan of a model, kept in the store; the one that is there, unless the corpus has outgrown it."""
    if keys.plan is None or adds_up(store, keys):
        return COMPLETE
    if keys.texts.manifest.given:
        return _given(keys, store)
    words, old = _words(keys), read_plan(store, keys)
    if old is not COMPLETE and words < GROWN * max(old.words, 1):
        return old
    sizes = [Size.of(document) for document in _documents(keys, sorted(keys.texts.texts))]
    if site.occlusion.depth != "auto":
        depth = site.occlusion.depth
        plan = Plan(depth=depth, exact=depth == ALL, checks=depth == ALL, texts=totals(sizes), words=words)
    else:
        stage = f"Timing {keys.name}"
        advance(stage, 0, 1)
        speed = _speed(_some(keys), classifier())
        advance(stage, 1, 1)
        plan = planned(sizes, words=words, speed=speed, minutes=site.occlusion.minutes, sample=len(keys.sample))
    store.write_report(keys.plan, plan.as_json())
    return plan


def _given(keys: ModelKeys, store: Store) -> Plan:
    """All that a file of answers has; its shares are looked up as `sitegen questions` asks for them."""
    (depth,) = [one for one in DEPTHS if one == keys.texts.manifest.given] or [ALL]
    plan = Plan(depth=depth, exact=False, checks=False, texts={}, words=0, given=True)
    assert keys.plan is not None
    store.write_report(keys.plan, plan.as_json())
    return plan


def _words(keys: ModelKeys) -> int:
    """About how many words a corpus has."""
    return sum(len(record.title.split()) + len(record.abstract.split()) for record in keys.texts.texts.values())


def _some(keys: ModelKeys) -> list[Document]:
    """Papers of all lengths, those of middling length first."""
    order = sorted(keys.texts.texts, key=lambda key: (len(keys.texts.texts[key].abstract), key))
    some = order[:: max(1, len(order) // TIMED)][:TIMED]
    return list(_documents(keys, sorted(some, key=lambda key: abs(some.index(key) - len(some) // 2))))


def _documents(keys: ModelKeys, chosen: Iterable[str]) -> Iterable[Document]:
    segmentation = keys.texts.manifest.segmentation
    for key in chosen:
        record = keys.texts.texts[key]
        yield segment(record.title, record.abstract, segmentation)


def depth_of(document: Document, classifier: Classifier, *, seconds: float) -> Plan:
    """The plan of one text that may take so many seconds, about, at the speed at which it is read now."""
    if classifier.additive:
        return COMPLETE
    size = Size.of(document)
    speed = _speed([document], classifier)
    return planned([size], words=size.title + size.abstract, speed=speed, minutes=seconds / 60, sample=0)


def _speed(documents: Sequence[Document], classifier: Classifier) -> float:
    """Texts a second: whole, and without each sentence, as most texts are that a model is asked about. Papers are read
    one by one until SECONDS have passed."""

    def read(document: Document) -> int:
        masks = sentence_masks(document, whole_and_without_each(len(document.abstract.sentence_ends)))
        return int(masked_margins([document], classifier, [(None, masks)])[0].size)

    read(documents[0])  # whatever happens once, before the clock
    start, texts, seconds = time.perf_counter(), 0, 0.0
    for document in documents:
        texts += read(document)
        seconds = time.perf_counter() - start
        if seconds > SECONDS:
            break
    return round(texts / max(seconds, 1e-6), 3)
