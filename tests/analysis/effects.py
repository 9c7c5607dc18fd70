"""All effects of some documents' sentences by a classifier of tests, through the functions that the product uses."""

from __future__ import annotations

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import shapley
from sitegen.analysis.corpus.influence import SentenceEffects


def collected(documents, classifier, *, shares=True) -> SentenceEffects:
    """The effects by all three measures; shares: whether there are any."""
    shared = shapley(documents, classifier) if shares else [None] * len(documents)
    return SentenceEffects.collect(
        zip(occlude(documents, classifier), read_alone(documents, classifier), shared, strict=True)
    )
