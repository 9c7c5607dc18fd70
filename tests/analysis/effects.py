"""All effects of some documents' sentences by a classifier of tests, through the functions that the product uses."""

from __future__ import annotations

from collections.abc import Iterable

from sitegen.analysis.attribution.occlusion import Occlusion, occlude
from sitegen.analysis.attribution.read_alone import ReadAlone, read_alone
from sitegen.analysis.attribution.shapley import Shapley, shapley
from sitegen.analysis.corpus.influence import EffectsCollector, SentenceEffects


def collected(documents, classifier, *, shares=True) -> SentenceEffects:
    """The effects by all three measures; shares: whether there are any."""
    shared = shapley(documents, classifier) if shares else [None] * len(documents)
    return effects_of(zip(occlude(documents, classifier), read_alone(documents, classifier), shared, strict=True))


def effects_of(records: Iterable[tuple[Occlusion, ReadAlone, Shapley | None]]) -> SentenceEffects:
    """The effects in records that were asked about, numbered from 0."""
    collector = EffectsCollector()
    for k, answers in enumerate(records):
        collector.add(k, *answers)
    return collector.all()
