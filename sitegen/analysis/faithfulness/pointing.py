"""The pointing game: in an abstract mixed from both classes, is the strongest sentence one of the class that is
explained?

What a sentence should weigh nobody knows; where it was taken from, one does. A *hybrid* is an abstract of
PER_CLASS sentences of records of one class and as many of the other, shuffled, under an empty title (a title belongs to
one class and would decide for all sentences). The class predicted for the hybrid, at the site's threshold, is
explained, and it is a hit if the sentence that pushes most toward that class came from a record of that class. Pointing
at random hits as often as there are sentences of the class: one half.

A record's class is its label where it has one, else what the model predicts. Records that the model gets wrong are
no sources: their sentences need not speak for the class they stand under.

A miss is not always the method's. A class may have no sentences of its own: where a text is of one class because
nothing in it speaks for the other, neutral sentences of either class push toward it. Such a class has a low rate
while the other's is high, by Shapley as by leave-one-out; so the rates are given for each class, too.

n hybrids of 2 PER_CLASS = 6 sentences cost 7 n encodings for leave-one-out, 64 n with Shapley.

After Poerner, Schütze and Roth (2018), "Evaluating neural network explanation methods using hybrid documents and
morphosyntactic agreement". Theirs mix sentences of many classes freely; with two, equal numbers fix the chance rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from jaxtyping import Float64

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.leave_one_out import sentence_effects
from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.shapley import shapley as shapley_values
from sitegen.analysis.corpus.calibration import wilson
from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import Document, SegmentedText
from sitegen.models.probabilities import predicted
from sitegen.models.protocol import Classifier

PER_CLASS = 3  # sentences of each class in a hybrid
HYBRIDS = 200
HYBRIDS_PER_CALL = 32  # read together: bounds memory, not results

Sentence = tuple[SegmentedText, int]  # a text and the number of one of its sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """How often a method pointed right: the rate with its 95% Wilson interval."""

    hits: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointing:
    """The pointing game on `hybrids` hybrids.

    chance: the rate of pointing at random. sources: records that sentences could be drawn from, [negative, positive].
    misread: records left out because the model gets them wrong. explained: hybrids by the class predicted, [negative,
    positive]; by_class: how often leave-one-out hit in those, None where there were none. shapley: None where it was
    not played with.
    """

    hybrids: int
    per_class: int
    sources: tuple[int, int]
    misread: int
    explained: tuple[int, int]
    chance: float
    leave_one_out: Hits
    by_class: tuple[Hits | None, Hits | None]
    shapley: Hits | None


def pointing_game(
    occlusions: Sequence[Occlusion],
    classifier: Classifier,
    *,
    labels: Sequence[int | None] | None = None,
    seed: int,
    hybrids: int = HYBRIDS,
    shapley: bool = True,
    threshold: float = 0.5,
    baseline: Baseline = DELETED,
    progress: Callable[[int], None] = lambda _: None,
) -> Pointing | str:
    """Play the game with sentences of `occlusions`; return the result, or a sentence that says why it cannot be played.

    labels: each record's class, 1 positive, 0 negative, None where it has none. threshold: from which probability on a
    text is predicted positive. `progress` gets the number of hybrids finished since its last call.
    """
    if not hybrids:
        return "No hybrid documents were asked for."
    sources, misread = _sources(occlusions, labels or [None] * len(occlusions), threshold=threshold)
    negative, positive = ([(text, k) for text in texts for k in range(len(text.sentence_ends))] for texts in sources)
    if min(len(negative), len(positive)) < PER_CLASS:
        return (
            f"Records that the model gets right have {len(negative)} sentences of the negative class and "
            f"{len(positive)} of the positive; at least {PER_CLASS} of each are needed."
        )
    rng = np.random.default_rng([seed, 2])
    drawn = (_hybrid(negative, positive, rng) for _ in range(hybrids))
    explained, hits = [0, 0], np.zeros((2, 2), dtype=np.int64)  # hits by method (Shapley second), class explained
    while batch := list(islice(drawn, HYBRIDS_PER_CALL)):
        explanations = _explanations(
            [document for document, _ in batch], classifier, shapley=shapley, baseline=baseline
        )
        for (_, classes), (margin, methods) in zip(batch, explanations, strict=True):
            toward = int(predicted(margin, threshold))
            explained[toward] += 1
            for method, effects in enumerate(methods):
                strongest = int(np.argmax(effects if toward else -effects))
                hits[method, toward] += classes[strongest] == toward
        progress(len(batch))
    negatives, positives = (_rate(int(hits[0, c]), n) if n else None for c, n in enumerate(explained))
    return Pointing(
        hybrids=hybrids,
        per_class=PER_CLASS,
        sources=(len(sources[0]), len(sources[1])),
        misread=misread,
        explained=(explained[0], explained[1]),
        chance=0.5,
        leave_one_out=_rate(int(hits[0].sum()), hybrids),
        by_class=(negatives, positives),
        shapley=_rate(int(hits[1].sum()), hybrids) if shapley else None,
    )


def _rate(hits: int, of: int) -> Hits:
    low, high = wilson(hits, of)
    return Hits(hits=hits, rate=hits / of, low=low, high=high)


def _sources(
    occlusions: Sequence[Occlusion], labels: Sequence[int | None], *, threshold: float
) -> tuple[tuple[list[SegmentedText], list[SegmentedText]], int]:
    """The abstracts of the records the model gets right, [negative, positive]; how many records it gets wrong."""
    sources: tuple[list[SegmentedText], list[SegmentedText]] = ([], [])
    misread = 0
    for occlusion, label in zip(occlusions, labels, strict=True):
        answer = int(predicted(occlusion.margin, threshold))
        if label is not None and label != answer:
            misread += 1
        elif occlusion.sentences.size:
            sources[answer].append(occlusion.document.abstract)
    return sources, misread


def _hybrid(
    negative: Sequence[Sentence], positive: Sequence[Sentence], rng: np.random.Generator
) -> tuple[Document, Array]:
    """A document of PER_CLASS different sentences of each class in random order, and the class of each."""
    chosen = [
        (pool[k], label)
        for label, pool in enumerate((negative, positive))
        for k in rng.choice(len(pool), size=PER_CLASS, replace=False)
    ]
    order = rng.permutation(len(chosen))
    sentences = [chosen[k][0] for k in order]
    return Document(title=_joined([]), abstract=_joined(sentences)), np.array([chosen[k][1] for k in order])


def _joined(sentences: Sequence[Sentence]) -> SegmentedText:
    """Sentences of other texts as one text, a blank between them."""
    pieces: list[str] = []
    tokens: list[str] = []
    spans, sentence_spans, ends = [np.zeros((0, 2), dtype=np.int32)], [], []
    at = 0
    for text, number in sentences:
        start, end = text.sentence_spans[number]
        first, last = text.sentence_ranges[number]
        pieces.append(text.text[start:end])
        tokens += text.tokens[first:last]
        spans.append(text.spans[first:last] - start + at)
        sentence_spans.append((at, at + end - start))
        ends.append(len(tokens))
        at += end - start + 1
    return SegmentedText(
        text=" ".join(pieces),
        tokens=tuple(tokens),
        spans=np.concatenate(spans),
        sentence_spans=np.array(sentence_spans, dtype=np.int32).reshape(-1, 2),
        sentence_ends=np.array(ends, dtype=np.int32),
    )


def _explanations(
    documents: Sequence[Document], classifier: Classifier, *, shapley: bool, baseline: Baseline
) -> Iterator[tuple[float, list[Float64[np.ndarray, " n"]]]]:
    """Of each document its margin, and its sentences' leave-one-out effects and, if wanted, Shapley values."""
    n = 2 * PER_CLASS
    if shapley:  # the table of all subsets has the leave-one-outs as well
        every = (1 << n) - 1
        for result in shapley_values(documents, classifier, limit=n, baseline=baseline):
            table = result.subsets.astype(np.float64)
            yield float(table[every]), [table[every] - table[every - (1 << np.arange(n))], result.values]
        return
    for margin, effects in sentence_effects(documents, classifier, baseline=baseline):
        yield margin, [effects]
