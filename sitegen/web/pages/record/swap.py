"""The fold on other titles: what the model would say of this title beside another's abstract, and the reverse.

Only an additive model can be told so without being asked (analysis/corpus/swaps.py). All of it is made in the browser,
when a reader asks, from two numbers a record in one file for the whole site: so a page stays as it is when another
record changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sitegen.analysis.corpus.swaps import Swaps
from sitegen.web.layout import Frame
from sitegen.web.pages.record.heatmap import encoded


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapFold:
    """What the script that fills the fold needs to know."""

    number: int  # of the record among the site's, from 0
    threshold: float  # from which probability on the positive class is predicted
    root: str  # the link to the site's own folder


def swap_fold(swaps: Swaps | None, k: int, *, frame: Frame) -> SwapFold | None:
    """The fold of record k; None where nothing can change places."""
    if swaps is None or not frame.nouns.titled or not swaps.possible[k]:
        return None
    return SwapFold(number=k, threshold=frame.site.classes.threshold, root=frame.root)


def swap_values(swaps: Swaps) -> dict[str, Any]:
    """What the script `swaps.js` hands to the browser: 11 bytes a record and field."""
    return {"titles": encoded(swaps.titles), "abstracts": encoded(swaps.abstracts), "bias": swaps.bias}
