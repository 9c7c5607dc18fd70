"""How an answer formed as a record's main text was read under its whole title, in the few numbers that the first page
shows of each record.

The answer is followed from sentence to sentence: with the title alone, where there is one, then after each sentence. A
*step* is the change between two neighbours. A record *changed its mind* where these answers are not all of one class.
The *trace* is the reading curve at POINTS even places, a letter each, so that thousands of curves fit into one page.
"""

from __future__ import annotations

import string
from dataclasses import dataclass

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, class_of, probability

POINTS = 48  # places of a trace
LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
"""The levels of a trace, from 0% to 100%."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one sentence changed as it was read: probabilities of the positive class before and after it."""

    number: int  # of the sentence, from 0
    before: float
    after: float
    crosses: bool  # whether the class changed with it

    @property
    def drama(self) -> float:
        """To order by: steps that cross the threshold, then others, the largest first."""
        return abs(self.after - self.before) + self.crosses


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the answer to one record formed."""

    trace: str  # the curve, POINTS of LETTERS
    changed: bool  # whether the answers from sentence to sentence are of both classes
    step: Step | None  # the one of most drama; None where there is no step

    @property
    def drama(self) -> float:
        """That of its step; 0 without one."""
        return self.step.drama if self.step else 0.0


def reading(occlusion: Occlusion, title: float, *, threshold: float) -> Reading | None:
    """The Reading of one record; None where it is not known how its answer forms. title: the margin of the title alone,
    in log-odds; NaN where it is not known."""
    ends = occlusion.document.abstract.sentence_ends.tolist()
    if not occlusion.drawn or not ends:
        return None
    curve = np.asarray(probability(occlusion.cells[-1]), dtype=np.float64)
    titled = len(occlusion.document.title.tokens) > 0 and not np.isnan(title)
    answers = np.array([*([float(probability(title))] if titled else []), *curve[np.array(ends) - 1]])
    classes, first = class_of(answers, threshold), 0 if titled else 1
    steps = [
        Step(
            number=first + k,
            before=float(answers[k]),
            after=float(answers[k + 1]),
            crosses=bool(classes[k] != classes[k + 1]),
        )
        for k in range(len(answers) - 1)
    ]
    return Reading(
        trace=_trace(curve),
        changed=bool((classes != classes[0]).any()),
        step=max(steps, key=lambda step: step.drama, default=None),
    )


def _trace(curve: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    places = np.rint(np.linspace(0, curve.size - 1, POINTS)).astype(int)
    levels = np.rint(curve[places] * (len(LETTERS) - 1)).astype(int)
    return "".join(LETTERS[level] for level in levels)
