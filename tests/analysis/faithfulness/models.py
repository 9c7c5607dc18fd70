"""Models and corpora of which it is known what each sentence does, for the checks with a known answer."""

from __future__ import annotations

import hashlib

import numpy as np

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.faithfulness.composed import Sources, neutral_pieces, sources
from sitegen.analysis.faithfulness.measures import Measured, measured
from tests.classifiers import Bag, document

MANY_NEUTRAL = tuple(f"Neutral{k} sentence." for k in range(60))
NEUTRAL = ("All rights reserved.", "The usual disclaimer applies.", "Further details stand elsewhere.")
POSITIVE = ["Good.", "Good we.", "Simulation.", "A network simulation.", "Good network."]
NEGATIVE = ["Bad.", "An interview.", "Bad interview.", "So bad, bad.", "Bad interview we."]


class Saturating(Bag):
    """What an abstract says goes through a tanh: once a few sentences have spoken for a class, no more count."""

    def parts(self, field, texts):
        sums = super().parts(field, texts)
        return sums if field == "title" else 4 * np.tanh(sums)


class Deaf(Bag):
    """Hears titles alone: no sentence does anything."""

    def parts(self, field, texts):
        return super().parts(field, texts) if field == "title" else np.zeros(len(texts))


class Fickle(Bag):
    """Each word says something, but nothing that its class has to do with; the title decides."""

    def known(self, tokens):
        return np.ones(len(tokens), dtype=bool)

    def parts(self, field, texts):
        if field == "title":
            return 100 * super().parts(field, texts)
        return np.array([sum(map(self.weight, text)) for text in texts], dtype=np.float64)

    @staticmethod
    def weight(token):
        return int.from_bytes(hashlib.sha256(token.encode()).digest()[:4], "big") / 2**31 - 1


def corpus(papers=12, sentences=5, *, titles=False):
    """As many papers of either class, each sentence of which speaks for it; the classes alternate."""
    made = []
    for k in range(papers):
        for title, pool in (("Bad", NEGATIVE), ("Good", POSITIVE)):
            made.append(document(title if titles else "", *[pool[(k + i) % 5] for i in range(sentences)]))
    return made


def noise(papers=60, sentences=5):
    """Titles of either class over abstracts of words that have no class."""
    return [document("Good" if k % 2 else "Bad", *[f"w{k}x{i}." for i in range(sentences)]) for k in range(2 * papers)]


def values(documents, classifier, **options) -> list[Measured]:
    return measured(occlude(documents, classifier), classifier, **options)


def found(documents, classifier, labels=None, threshold=0.5) -> Sources:
    return sources(values(documents, classifier), labels or [None] * len(documents), threshold=threshold)


def neutral(classifier):
    """Few sentences for a model that knows none of their words, many for one to which each says something."""
    return neutral_pieces(MANY_NEUTRAL if isinstance(classifier, Fickle) else NEUTRAL, classifier)
