"""Small classifiers whose every number can be worked out by hand, and the slow loops the fast paths are held to."""

from __future__ import annotations

import hashlib
import math
import re

import numpy as np

from sitegen.corpus.segment import Document, Segmentation, SegmentedText
from sitegen.models.protocol import MEAN_VECTOR, ZERO_VECTOR

STAND_INS = {"zero": ZERO_VECTOR, "mean": MEAN_VECTOR}
WEIGHTS = {"good": 1.5, "bad": -2.0, "network": 0.75, "simulation": 2.25, "interview": -1.25, "we": 0.125}
MEAN = sum(WEIGHTS.values()) / len(WEIGHTS)
READ = {**WEIGHTS, ZERO_VECTOR: 0.0, MEAN_VECTOR: MEAN}  # what a token adds, stand-ins included


class Bag:
    """Additive: each known word adds its weight; the title counts double."""

    additive = True
    bias = -0.25
    segmentation = Segmentation()
    stand_ins = STAND_INS

    def known(self, tokens):
        return np.array([token in READ for token in tokens], dtype=bool)

    def parts(self, field, texts):
        factor = 2.0 if field == "title" else 1.0
        return np.array([factor * sum(READ.get(token, 0.0) for token in text) for text in texts], dtype=np.float64)

    def prefix_parts(self, field, texts):
        return [self.parts(field, [text[: k + 1] for k in range(max(len(text), 1))]) for text in texts]

    def without_parts(self, field, texts, ranges):
        return [
            self.parts(field, [[*text[:a], *text[b:]] for a, b in spans])
            for text, spans in zip(texts, ranges, strict=True)
        ]

    def kept_parts(self, field, texts, masks):
        return [
            self.parts(field, [[token for token, kept in zip(text, mask, strict=True) if kept] for mask in its])
            for text, its in zip(texts, masks, strict=True)
        ]

    def margins(self, titles, abstracts):
        return self.parts("title", titles) + self.parts("abstract", abstracts) + self.bias


class Joint:
    """Not additive: the fields meet in a product before the margin; the order of words counts, too."""

    additive = False
    segmentation = Segmentation()
    stand_ins = STAND_INS

    def __init__(self):
        self.asked = 0

    def known(self, tokens):
        return np.array([token in READ for token in tokens], dtype=bool)

    def _sum(self, text):
        return sum(READ[token] / (k + 1) for k, token in enumerate(t for t in text if t in READ))

    def margins(self, titles, abstracts):
        self.asked += len(titles)
        sums = [(self._sum(title), self._sum(abstract)) for title, abstract in zip(titles, abstracts, strict=True)]
        return np.array([math.tanh(t + 0.5) * (a - 0.3) + 0.1 * t for t, a in sums], dtype=np.float64)


class Drawn(Joint):
    """Not additive: each pair of texts has a margin of its own, as if drawn by chance, within `spread` either way."""

    def __init__(self, spread=4.0):
        super().__init__()
        self.spread = spread

    def margins(self, titles, abstracts):
        self.asked += len(titles)
        return np.array([_drawn(*pair, spread=self.spread) for pair in zip(titles, abstracts, strict=True)])


class DrawnParts(Bag):
    """Additive: each text of either field has a part of its own, as if drawn by chance, within `spread` either way."""

    def __init__(self, spread=4.0):
        self.spread = spread

    def parts(self, field, texts):
        return np.array([_drawn(text, spread=self.spread, among=field) for text in texts], dtype=np.float64)


def _drawn(*texts, spread, among=""):
    """A number between -spread and spread, always the same for the same known words."""
    read = repr([among, *([token for token in text if token in READ] for text in texts)])
    return spread * (int.from_bytes(hashlib.sha256(read.encode()).digest()[:8], "big") / 2**63 - 1)


def text(sentences: list[str]) -> SegmentedText:
    """Blank-separated words of dot-ended sentences, joined by one blank; offsets by regular expression."""
    whole = " ".join(sentences)
    spans, sentence_spans, ends, at = [], [], [], 0
    for sentence in sentences:
        spans += [(at + m.start(), at + m.end()) for m in re.finditer(r"\w+", sentence)]
        sentence_spans.append((at, at + len(sentence)))
        ends.append(len(spans))
        at += len(sentence) + 1
    return SegmentedText(
        text=whole,
        tokens=tuple(whole[a:b].lower() for a, b in spans),
        spans=spans,
        sentence_spans=sentence_spans,
        sentence_ends=ends,
    )


def document(title: str, *abstract: str) -> Document:
    return Document(title=text([title] if title else []), abstract=text(list(abstract)))
