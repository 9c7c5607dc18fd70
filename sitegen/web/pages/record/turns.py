"""The words that are named on the reading curve: where the answer turns."""

from __future__ import annotations

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, class_of, probability
from sitegen.analysis.attribution.read_alone import ReadAlone

MOST = 8  # words; a figure leaves out those for which it has no room, the last ones first
CROSSING = 0.02  # of the probability: a smaller step over the threshold is no turn
LARGE = 0.08  # a step as large is named wherever it leads


def turning_words(occlusion: Occlusion, alone: ReadAlone, *, threshold: float) -> list[int]:
    """The abstract's words, from 0, that turn the answer most, the most important first.

    First those at which the class changes, then other large steps of the curve, each by its size. A step is the change
    of probability from the words before under the whole title; before the first word stands the title alone.
    """
    if not occlusion.document.abstract.tokens or not occlusion.by_words:
        return []
    curve = probability(np.concatenate([[alone.title], np.asarray(occlusion.cells[-1], dtype=np.float64)]))
    steps, classes = np.abs(np.diff(curve)), class_of(curve, threshold)
    crossing = (classes[1:] != classes[:-1]) & (steps >= CROSSING)
    order = np.lexsort((-steps, ~crossing))
    turns = [int(k) for k in order if crossing[k] or steps[k] >= LARGE]
    return turns[:MOST]
