"""What every subset of an abstract's sentences says without the title.

The exact Shapley values rest on the margins of all subsets under the whole title (shapley.py). Whoever takes out the
title and some sentences together asks for the same subsets without it. An additive model has said all there is to know:
without the title every margin changes by one and the same number. Of any other model each subset is asked for again, as
many texts as the shares took.

Sentences that are not kept are hidden as for the shares, by the baseline. The title is left out, whatever the baseline:
nothing stands in for it, as nothing does where an abstract is read alone (read_alone.py). By deletion, then, the table
begins with the margin of two empty texts and ends with that of the abstract alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float64

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.masking import masked_margins, sentence_masks, subset_masks
from sitegen.analysis.attribution.shapley import EXACT_LIMIT
from sitegen.corpus.segment import NO_TEXT, Document
from sitegen.models.protocol import Classifier


def untitled_subsets(
    documents: Sequence[Document], classifier: Classifier, *, baseline: Baseline = DELETED
) -> list[Float64[np.ndarray, " _"]]:
    """For each document the margins of all subsets of its sentences without the title, (2^S,), in log-odds.

    Bit i of the index says that sentence i is kept, as in Shapley.subsets. Raises ValueError for an abstract of more
    than EXACT_LIMIT sentences, ConfigError for a baseline that the model cannot read.
    """
    counts = [len(document.abstract.sentence_ends) for document in documents]
    if max(counts, default=0) > EXACT_LIMIT:
        raise ValueError(f"{max(counts)} sentences are too many: all subsets are read of at most {EXACT_LIMIT}")
    return masked_margins(
        [replace(document, title=NO_TEXT) for document in documents],
        classifier,
        [(None, sentence_masks(document, subset_masks(n))) for document, n in zip(documents, counts, strict=True)],
        baseline=baseline,
    )
