"""The fold on other titles: what the model would say of this title beside another's abstract, and the reverse.

Only an additive model can be told so without being asked (analysis/corpus/swaps.py). The page says in a sentence each
how far the other records' abstracts and titles would take the answer, and which of the two fields decides; the list of
them all is made in the browser, from two numbers a record in one file for the whole site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from sitegen.analysis.attribution.occlusion import class_of, probability
from sitegen.analysis.corpus.swaps import Swaps
from sitegen.web.layout import Frame
from sitegen.web.pages.record.heatmap import encoded
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.numbers import percent, points

ALIKE = 1.5  # a field counts as the one that decides if the other changes the answer so many times less


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapFold:
    """What stands in the fold before a script makes the lists."""

    number: int  # of the record among the site's, from 0
    threshold: float  # from which probability on the positive class is predicted
    root: str  # the link to the site's own folder
    decides: str  # which field matters more to this answer
    abstracts: str  # how far the other abstracts would take it; "" where the record has no title
    titles: str  # how far the other titles would; "" where it has no abstract


def swap_fold(swaps: Swaps | None, k: int, *, frame: Frame) -> SwapFold | None:
    """The fold of record k; None where nothing can change places."""
    if swaps is None or not frame.nouns.titled:
        return None
    threshold, nouns = frame.site.classes.threshold, frame.nouns
    own = swaps.titles[k].astype(np.float64) + swaps.abstracts[k] + swaps.bias
    abstracts, titles = swaps.other_abstracts(k), swaps.other_titles(k)
    if np.isnan(own) or not (abstracts.size and titles.size):
        return None
    return SwapFold(
        number=k,
        threshold=threshold,
        root=frame.root,
        decides=_decides(float(own), abstracts, titles, nouns=nouns),
        abstracts=_told(float(own), abstracts, threshold, "abstract", "this title"),
        titles=_told(float(own), titles, threshold, "title", "this abstract"),
    )


def swap_values(swaps: Swaps) -> dict[str, Any]:
    """What the script `swaps.js` hands to the browser: 11 bytes a record and field."""
    return {"titles": encoded(swaps.titles), "abstracts": encoded(swaps.abstracts), "bias": swaps.bias}


def _told(own: float, margins: Float[np.ndarray, " others"], threshold: float, other: str, kept: str) -> str:
    """How far the answer goes with any of the others, and how many of them turn it over."""
    answers = probability(margins)
    flips = int((class_of(answers, threshold) != class_of(probability(own), threshold)).sum())
    low, high = percent(float(answers.min())), percent(float(answers.max()))
    range_ = f"gives {low}" if low == high else f"gives from {low} to {high}"
    those = f"any of the other {margins.size:,} {other}s" if margins.size > 1 else f"the other {other}"
    turned = "none flips" if not flips else "each flips" if flips == margins.size else f"{_flip(flips)}"
    return f"With {those}, {kept} {range_}; {turned} the answer."


def _flip(flips: int) -> str:
    return f"{flips:,} {'flips' if flips == 1 else 'flip'}"


def _decides(
    own: float, abstracts: Float[np.ndarray, " others"], titles: Float[np.ndarray, " others"], *, nouns: Nouns
) -> str:
    """Which of the fields matters more here, by how far another takes the answer on average."""
    by_abstract, by_title = (
        float(np.abs(probability(margins) - probability(own)).mean()) for margins in (abstracts, titles)
    )
    if max(by_abstract, by_title) < 0.005:
        return f"Neither decides alone: hardly anything changes with another {nouns.one}'s title or abstract."
    more, less, name = (
        (by_abstract, by_title, "abstract") if by_abstract >= by_title else (by_title, by_abstract, "title")
    )
    other = "title" if name == "abstract" else "abstract"
    sizes = f"another {name} changes the answer by {_size(more)} points on average, another {other} by {_size(less)}"
    if more < ALIKE * less:
        return f"Title and abstract matter about alike here: {sizes}."
    return f"The {name} matters more here: {sizes}."


def _size(change: float) -> str:
    return points(change).lstrip("+")
