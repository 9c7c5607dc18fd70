"""The sentences' leave-one-out effects alone, where nothing else of an Occlusion is wanted.

That is what further checkpoints of an ensemble, models with random weights and hybrid documents need: n + 1 texts a
record of n sentences, instead of a text for every word, prefix and random span.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.masking import masked_margins, sentence_masks, whole_and_without_each
from sitegen.corpus.segment import Document
from sitegen.models.protocol import Classifier

SentenceEffect = tuple[float, Float64[np.ndarray, " S"]]  # the record's margin, its sentences' effects


def sentence_effects(
    documents: Sequence[Document], classifier: Classifier, *, baseline: Baseline = DELETED
) -> list[SentenceEffect]:
    """The margin of every document and the leave-one-out effects (S,) of its sentences, in log-odds.

    An effect is exactly 0 where the model knows no word of the sentence.
    """
    masks = [
        (None, sentence_masks(document, whole_and_without_each(len(document.abstract.sentence_ends))))
        for document in documents
    ]
    margins = masked_margins(documents, classifier, masks, baseline=baseline)
    return [(float(whole), whole - without) for whole, without in ((row[0], row[1:]) for row in margins)]
