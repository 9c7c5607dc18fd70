"""The negative controls of one model and corpus, put to the model: which texts are asked about, and their margins.

What the controls are, and why these, is in analysis/significance/negative_control.py. The words that tell the classes
apart come from the labels of all records; the sentences that are stripped of them from labelled records that the model
has not seen, drawn at random where there are many. Records are read from the store one at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from sitegen.analysis.attribution.read_alone import excerpts_alone
from sitegen.analysis.significance.negative_control import (
    STRIPPED,
    ControlAnswers,
    class_words,
    neutral_answers,
    stripped_sentence,
)
from sitegen.analysis.store.store import Store
from sitegen.corpus.excerpt import Excerpt
from sitegen.corpus.records import text_hash
from sitegen.corpus.segment import Document
from sitegen.corpus.texts import is_placeholder
from sitegen.models.protocol import Classifier
from sitegen.pipeline.keys import TextKeys

SEED = 0  # of the sentences that are drawn


def ask_controls(
    keys: TextKeys,
    store: Store,
    classifier: Classifier,
    *,
    neutral: Sequence[str],
    missing: Sequence[str],
    progress: Callable[[float], None],
) -> ControlAnswers:
    """Put the controls to a model. neutral: the neutral sentences; missing: what stands for an abstract that is not
    there; `progress` gets the fraction done, 0 to 1."""
    labelled = sorted(key for key, record in keys.texts.items() if record.label is not None)
    labels = {key: int(keys.texts[key].label or 0) for key in labelled}
    seen = keys.manifest.texts.seen
    margins, lengths, empty = neutral_answers(neutral, classifier)

    def document(key: str) -> Document:
        record = keys.texts[key]
        return store.read(key, title=record.title, abstract=record.abstract).document

    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    sentences: tuple[list[tuple[str, int]], list[tuple[str, int]]] = ([], [])
    for done, key in enumerate(labelled, 1):
        record, one = keys.texts[key], document(key)
        counts[labels[key]].update(one.title.tokens)
        counts[labels[key]].update(one.abstract.tokens)
        if text_hash(record.title, record.abstract) not in seen:
            spans = one.abstract.sentence_spans.tolist()
            sentences[labels[key]].extend(
                (key, k) for k, (a, b) in enumerate(spans) if not is_placeholder(one.abstract.text[a:b], missing)
            )
        progress(0.9 * done / len(labelled))
    words = class_words(counts)
    excerpts, classes = list[Excerpt](), list[int]()
    for y in (0, 1) if seen else ():
        for key, number in sorted(_drawn(sentences[y])):
            excerpt = stripped_sentence(document(key), number, words)
            if classifier.known(list(excerpt)).any():
                excerpts.append(excerpt)
                classes.append(y)
    stripped = excerpts_alone(excerpts, classifier)
    progress(1.0)
    return ControlAnswers(
        empty=empty,
        neutral=tuple(neutral),
        neutral_margins=margins,
        neutral_lengths=np.array(lengths, dtype=np.int32),
        class_words=len(words),
        stripped_margins=stripped,
        stripped_lengths=np.array([len(excerpt) for excerpt in excerpts], dtype=np.int32),
        stripped_classes=np.array(classes, dtype=np.int8),
    )


def _drawn(sentences: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    if len(sentences) <= STRIPPED:
        return list(sentences)
    chosen = np.random.default_rng(SEED).choice(len(sentences), size=STRIPPED, replace=False)
    return [sentences[k] for k in chosen.tolist()]
